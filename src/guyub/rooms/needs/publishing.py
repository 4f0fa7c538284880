"""A need is written, read, published, taken up, and ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from guyub.events import needs as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.needs import reference
from guyub.rooms.needs.acting import (
    Refused,
    acts_for_partner,
    as_overseer,
    as_owner,
    keep_words,
    locked,
    office_for,
    overseers_of,
    reaches,
    record,
    tell,
    tell_one,
)
from guyub.rooms.needs.grouping import within_reach
from guyub.rooms.needs.models import Ask, Ground, Line, Need
from guyub.rooms.needs.rules import Answer, Move, State, Withdrawal, after, is_read_first, unit_for
from guyub.rooms.partners import api as partners


@dataclass(frozen=True, slots=True)
class LineSaid:
    """One line as somebody wrote it: an amount of a resource, what for, until when."""

    resource: str
    purpose: str
    amount: int = 1
    unit: str = ""
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says of a need."""

    title: str
    why: str
    place: str
    theme: str
    lines: tuple[LineSaid, ...]
    until_on: date | None = None


@transaction.atomic
def draft(
    *,
    wish: Wish,
    by: Person,
    at: datetime,
    office: int | None = None,
    partner: int | None = None,
    cases: Iterable[str] = (),
) -> Need:
    """Write down a need of an office or of a partner, with the numbers of cases behind it.

    Raises `NotAllowed`, `Refused`.
    """
    _may_write(by, place=wish.place, office=office, partner=partner)
    if partner is not None:
        _hold_back(partner, at=at)
    row = Need(
        office_id=office,
        partner_id=partner,
        created_by_id=by.acting,
        created_at=at,
        year=reference.today(at).year,
    )
    _write(row, wish, at=at)
    tied = _tie(row, cases, by=by, at=at)
    fact = events.NeedDrafted(need=row.pk, office=office, partner=partner, cases=tied)
    record(fact, need=row, by=by.acting, at=at, office=office)
    return row


def _may_write(by: Person, *, place: str, office: int | None, partner: int | None) -> None:
    if (office is None) == (partner is None):
        raise NotAllowed("A need is an office's or a partner's.")
    if office is not None and not reaches(by, place, office=office):
        raise NotAllowed("This person does not collaborate for this office in this place.")
    if partner is not None and not acts_for_partner(by, partner):
        raise NotAllowed("This person does not act for this partner.")


def _hold_back(partner: int, *, at: datetime) -> None:
    # The partner's row is held, so that two forms sent at once do not both count as the last that is allowed.
    partners.Partner.objects.select_for_update().get(pk=partner)
    most = reference.amount("open_at_most", at=at)
    if Need.objects.filter(partner_id=partner, ended_at__isnull=True).count() >= most:
        raise Refused(
            ngettext(
                "Mitra ini sudah punya %(n)d kebutuhan yang belum selesai. Selesaikan atau tarik dahulu salah satunya.",
                "Mitra ini sudah punya %(n)d kebutuhan yang belum selesai. Selesaikan atau tarik dahulu salah satunya.",
                most,
            )
            % {"n": most}
        )


def _write(row: Need, wish: Wish, *, at: datetime) -> None:
    if not wish.lines:
        raise Refused(_("Tulis sedikitnya satu hal yang dibutuhkan."))
    most = reference.amount("lines_at_most", at=at)
    if len(wish.lines) > most:
        raise Refused(_("Paling banyak %(n)d hal dalam satu kebutuhan.") % {"n": most})
    row.title, row.why, row.theme, row.place_code = wish.title, wish.why, wish.theme, wish.place
    row.until_on, row.changed_at = _last_day(wish.until_on, at=at), at
    row.save()
    for position, said in enumerate(wish.lines, 1):
        values = {
            "resource": said.resource,
            "purpose": said.purpose,
            "amount": said.amount,
            "unit": unit_for(said.resource, said.unit),
            "until_on": said.until_on,
        }
        # A line keeps its row when it is changed: who was asked about it still finds it.
        Line.objects.update_or_create(need=row, position=position, defaults=values)
    Line.objects.filter(need=row, position__gt=len(wish.lines)).delete()


def _last_day(said: date | None, *, at: datetime) -> date:
    """The day until which a need stands: as said, within what the rulebook allows."""
    if said is None:
        return reference.day_after("lasts", at=at)
    if said < reference.today(at):
        raise Refused(_("Tanggal ini sudah lewat."), field="until_on")
    last = reference.day_after("lasts_at_most", at=at)
    if said > last:
        raise Refused(
            _("Paling lambat %(day)s. Bila masih dibutuhkan, masa berlakunya dapat diperpanjang nanti.")
            % {"day": date_format(last, "j F Y")},
            field="until_on",
        )
    return said


def _tie(row: Need, numbers: Iterable[str], *, by: Person, at: datetime) -> int:
    """Put the cases of these numbers behind a need; how many are new. Only of the person's places, and no conduct."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        return 0
    most = reference.amount("cases_at_most", at=at)
    if len(wanted) > most:
        raise Refused(_("Paling banyak %(n)d laporan di balik satu kebutuhan.") % {"n": most}, field="cases")
    found = within_reach(by).filter(number__in=wanted)
    cases = dict(found.values_list("number", "pk"))
    lost = [number for number in wanted if number not in cases]
    if lost:
        raise Refused(
            _("Laporan ini tidak ditemukan di wilayah Anda: %(numbers)s.") % {"numbers": ", ".join(lost[:5])},
            field="cases",
        )
    before = Ground.objects.filter(need=row).count()
    Ground.objects.bulk_create([Ground(need=row, case_id=pk) for pk in cases.values()], ignore_conflicts=True)
    return Ground.objects.filter(need=row).count() - before


@transaction.atomic
def change(*, need: int, wish: Wish, by: Person, at: datetime) -> State:
    """Whoever stands behind a need writes it anew. What an office must read first is then read again.

    Raises `NotAllowed`, `Refused`.
    """
    row = locked(need, Move.CHANGE)
    account = as_owner(by, row)
    _may_write(by, place=wish.place, office=row.office_id, partner=row.partner_id and _now(row.partner_id))
    _write(row, wish, at=at)
    record(events.NeedChanged(need=row.pk), need=row, by=account, at=at, office=row.office_id)
    if row.state == State.PUBLISHED and _waits(row, at=at):
        _propose(row, by=account, at=at)
    return State(row.state)


def _now(partner: int) -> int:
    return partners.get(id=partner).pk


@transaction.atomic
def tie_cases(*, need: int, cases: Iterable[str], by: Person, at: datetime) -> int:
    """Put more cases behind a need; how many are new. Raises `NotAllowed`, `Refused`."""
    row = locked(need, Move.CHANGE)
    account = as_owner(by, row)
    added = _tie(row, cases, by=by, at=at)
    if added:
        record(events.CasesTied(need=row.pk, cases=added), need=row, by=account, at=at, office=row.office_id)
    return added


def _waits(row: Need, *, at: datetime) -> bool:
    """Whether an office of the place reads this need before everyone does."""
    if row.partner_id is None:
        return False
    known = partners.get(id=row.partner_id).counts_as_verified
    return is_read_first(reference.read_first(at=at), is_verified=known)


@transaction.atomic
def publish(*, need: int, by: Person, at: datetime) -> State:
    """Whoever wrote a need lets everyone read it, or hands it to the office of its place where that reads it first.

    Returns the state that it is in then. Raises `NotAllowed`, `Refused`.
    """
    row = locked(need, Move.PUBLISH)
    account = as_owner(by, row)
    if row.state != State.DRAFT:
        raise NotAllowed("What waits for an office is published by the office.")
    if _waits(row, at=at):
        return _propose(row, by=account, at=at)
    return _publish(row, by=account, at=at, office=row.office_id)


def _propose(row: Need, *, by: int, at: datetime) -> State:
    row.state = after(Move.PROPOSE, row.state)
    row.look_due_on, row.changed_at = reference.look_due(at=at), at
    row.save(update_fields=["state", "look_due_on", "changed_at"])
    fact = events.NeedProposed(need=row.pk, due_on=row.look_due_on.isoformat())
    told = record(fact, need=row, by=by, at=at)
    with override("id"):
        for account in overseers_of(row, at=at):
            tell_one(
                account,
                f"need:{row.pk}:proposed:{told}",
                _("Kebutuhan mitra menunggu dibaca: %(title)s") % {"title": row.title},
                _("Mohon dibaca paling lambat %(day)s.") % {"day": date_format(row.look_due_on, "j F Y")},
                link=f"/petugas/kebutuhan/{row.number}/",
                at=at,
            )
    return State.PROPOSED


def _publish(row: Need, *, by: int, at: datetime, office: int | None) -> State:
    if row.until_on is None or row.until_on < reference.today(at):
        raise Refused(_("Masa berlakunya sudah lewat. Ubah tanggalnya dahulu."))
    row.state = after(Move.PUBLISH, row.state)
    row.published_at, row.look_due_on, row.changed_at = row.published_at or at, None, at
    row.save(update_fields=["state", "published_at", "look_due_on", "changed_at"])
    fact = events.NeedPublished(need=row.pk, theme=row.theme, until_on=row.until_on.isoformat())
    record(fact, need=row, by=by, at=at, office=office)
    return State.PUBLISHED


@transaction.atomic
def accept(*, need: int, by: Person, at: datetime) -> None:
    """An office of the place read a partner's need and lets everyone read it. Raises `NotAllowed`, `Refused`."""
    row = locked(need, Move.RETURN)
    officer = as_overseer(by, row)
    _publish(row, by=officer, at=at, office=office_for(by, row))
    with override("id"):
        tell(row, "accepted", _("Kebutuhan Anda sudah terbit"), row.title, at=at)


@transaction.atomic
def give_to_writer(*, need: int, words: str, by: Person, at: datetime) -> None:
    """An office of the place gives a partner's need back, with what should be changed. Raises `NotAllowed`."""
    row = locked(need, Move.RETURN)
    officer = as_overseer(by, row)
    row.state = after(Move.RETURN, row.state)
    row.look_due_on, row.changed_at = None, at
    row.save(update_fields=["state", "look_due_on", "changed_at"])
    note = keep_words("returned", words, by=officer, at=at, need=row)
    fact = events.NeedReturned(need=row.pk, note=note)
    told = record(fact, need=row, by=officer, at=at, office=office_for(by, row))
    with override("id"):
        tell(row, f"returned:{told}", _("Kebutuhan Anda dikembalikan untuk diubah"), words, at=at)


@transaction.atomic
def prolong(*, need: int, until_on: date, by: Person, at: datetime) -> None:
    """Whoever stands behind a need says that it is still needed. Raises `NotAllowed`, `Refused`."""
    row = locked(need, Move.PROLONG)
    account = as_owner(by, row)
    row.until_on, row.reminded_on, row.changed_at = _last_day(until_on, at=at), None, at
    row.save(update_fields=["until_on", "reminded_on", "changed_at"])
    fact = events.NeedProlonged(need=row.pk, until_on=row.until_on.isoformat())
    record(fact, need=row, by=account, at=at, office=row.office_id)


@transaction.atomic
def took_up(*, need: int, subject: str, by: int, at: datetime, address: str = "") -> None:
    """An initiative works on a need from now on; `address` is its page. The caller checked that `by` may.

    Whoever stands behind the need is told. Raises `NotAllowed` if it is not looked for any more.
    """
    row = locked(need, Move.TAKE_UP)
    row.state = after(Move.TAKE_UP, row.state)
    row.taken_by, row.taken_address, row.changed_at = subject, address, at
    row.save(update_fields=["state", "taken_by", "taken_address", "changed_at"])
    told = record(events.NeedTakenUp(need=row.pk, taken_by=subject), need=row, by=by, at=at)
    with override("id"):
        words = _("Kebutuhan ini dikerjakan lewat sebuah prakarsa.")
        tell(
            row,
            f"taken:{told}",
            _("Kebutuhan Anda ditangkap: %(title)s") % {"title": row.title},
            words,
            at=at,
            besides=by,
        )


@transaction.atomic
def gave_back(*, need: int, subject: str, words: str, by: int | None, at: datetime) -> None:
    """What took a need up does so no more; it is looked for again. The caller checked that `by` may.

    Raises `NotAllowed` for a need that this subject had not taken up.
    """
    row = locked(need, Move.GIVE_BACK)
    if row.taken_by != subject:
        raise NotAllowed("Something else took this need up.")
    _release(row, words, by=by, at=at)
    with override("id"):
        tell(
            row,
            f"given-back:{row.changed_at:%s}",
            _("Kebutuhan Anda dicari lagi: %(title)s") % {"title": row.title},
            words,
            at=at,
            besides=by,
        )


@transaction.atomic
def reopen(*, need: int, words: str, by: Person, at: datetime) -> None:
    """Whoever stands behind a need looks for it again, because what took it up does not carry it. Raises `NotAllowed`."""
    row = locked(need, Move.GIVE_BACK)
    _release(row, words, by=as_owner(by, row), at=at)


def _release(row: Need, words: str, *, by: int | None, at: datetime) -> None:
    before = row.taken_by
    row.state = after(Move.GIVE_BACK, row.state)
    row.taken_by, row.taken_address, row.changed_at = "", "", at
    row.until_on = max(row.until_on or reference.today(at), reference.day_after("remind_before", at=at))
    row.save(update_fields=["state", "taken_by", "taken_address", "until_on", "changed_at"])
    note = keep_words("given_back", words, by=by, at=at, need=row)
    record(events.NeedGivenBack(need=row.pk, taken_by=before, note=note), need=row, by=by, at=at)


@transaction.atomic
def met(*, need: int, by: Person, at: datetime, words: str = "") -> None:
    """Whoever stands behind a need says that it is there. Raises `NotAllowed`."""
    row = locked(need, Move.MEET)
    _met(row, words, by=as_owner(by, row), at=at)


@transaction.atomic
def met_through(*, need: int, subject: str, by: int, at: datetime) -> None:
    """What took a need up has done it. The caller checked that `by` may. Raises `NotAllowed` for another's need."""
    row = locked(need, Move.MEET)
    if row.state != State.TAKEN_UP or row.taken_by != subject:
        raise NotAllowed("Something else took this need up.")
    _met(row, "", by=by, at=at)
    with override("id"):
        tell(row, "met", _("Kebutuhan Anda terpenuhi"), row.title, at=at, besides=by)


def _met(row: Need, words: str, *, by: int, at: datetime) -> None:
    _end(row, Move.MEET, at=at)
    note = keep_words("met", words, by=by, at=at, need=row) if words else None
    fact = events.NeedMet(need=row.pk, taken_by=row.taken_by, note=note)
    record(fact, need=row, by=by, at=at, office=row.office_id)


@transaction.atomic
def withdraw(*, need: int, reason: Withdrawal, words: str, by: Person, at: datetime) -> None:
    """Whoever stands behind a need takes it back; or an office of the place finds a partner's unfit, which hides it.

    Raises `NotAllowed`.
    """
    row = locked(need, Move.WITHDRAW)
    unfit = reason == Withdrawal.UNFIT
    account = as_overseer(by, row) if unfit else as_owner(by, row)
    row.is_hidden = unfit
    _end(row, Move.WITHDRAW, at=at)
    note = keep_words("withdrawn", words, by=account, at=at, need=row) if words else None
    fact = events.NeedWithdrawn(need=row.pk, reason=reason, note=note)
    record(fact, need=row, by=account, at=at, office=office_for(by, row))
    if unfit:
        with override("id"):
            tell(row, "unfit", _("Kebutuhan Anda diturunkan"), words, at=at)


def _end(row: Need, move: Move, *, at: datetime) -> None:
    """The need is over, and so is what was asked because of it."""
    row.state, row.ended_at, row.changed_at = after(move, row.state), at, at
    row.look_due_on = None
    row.save(update_fields=["state", "ended_at", "changed_at", "look_due_on", "is_hidden"])
    Ask.objects.filter(need=row, answer=Answer.OPEN).update(answer=Answer.LAPSED, answered_at=at)


def close(*, need: int, by: Person, at: datetime, words: str = "", reason: Withdrawal | None = None) -> None:
    """End a need: met, or withdrawn for a reason. Raises `NotAllowed`."""
    if reason is None:
        met(need=need, by=by, at=at, words=words)
    else:
        withdraw(need=need, reason=reason, words=words, by=by, at=at)


@transaction.atomic
def close_of_partner(*, partner: int, at: datetime) -> None:
    """A partner is no more: what it still looked for is withdrawn."""
    rows = Need.objects.select_for_update(of=("self",)).filter(partner_id=partner, ended_at__isnull=True)
    for row in rows.order_by("pk"):
        _end(row, Move.WITHDRAW, at=at)
        record(
            events.NeedWithdrawn(need=row.pk, reason="PARTNER_CLOSED", note=None), need=row, by=None, at=at
        )


@transaction.atomic
def expire_due(*, at: datetime, most: int = 50) -> int:
    """End the needs whose last day passed by the city's calendar; how many."""
    day = reference.today(at)
    rows = Need.objects.select_for_update(skip_locked=True, of=("self",))
    due = list(rows.filter(state=State.PUBLISHED, until_on__lt=day).order_by("until_on", "pk")[:most])
    for row in due:
        _end(row, Move.EXPIRE, at=at)
        record(events.NeedExpired(need=row.pk), need=row, by=None, at=at)
        with override("id"):
            words = _(
                "Masa berlakunya lewat dan belum ada yang menangkapnya. Bila masih perlu, buat yang baru."
            )
            tell(row, "expired", _("Kebutuhan Anda berakhir: %(title)s") % {"title": row.title}, words, at=at)
    return len(due)


@transaction.atomic
def remind_due(*, at: datetime, most: int = 50) -> int:
    """Tell those behind a need, once, that its last day comes; how many needs."""
    day, last = reference.today(at), reference.day_after("remind_before", at=at)
    rows = Need.objects.select_for_update(skip_locked=True, of=("self",))
    due = rows.filter(state=State.PUBLISHED, until_on__range=(day, last), reminded_on__isnull=True)
    found = list(due.order_by("until_on", "pk")[:most])
    for row in found:
        row.reminded_on = day
        row.save(update_fields=["reminded_on"])
        with override("id"):
            subject = _("Kebutuhan Anda segera berakhir: %(title)s") % {"title": row.title}
            words = _("Berlaku sampai %(day)s. Perpanjang bila masih perlu, atau tutup bila sudah terpenuhi.")
            tell(
                row,
                f"ends:{row.until_on}",
                subject,
                words % {"day": date_format(row.until_on or day, "j F Y")},
                at=at,
            )
    return len(found)
