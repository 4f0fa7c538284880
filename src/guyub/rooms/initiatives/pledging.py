"""Promises: made, taken on, refused, put off, withdrawn, thanked for.

Every change goes through `shift`, which changes a promise and its line by the same difference under the lock of the
initiative, so that no two people at once can make a sum say more than there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.initiatives import lines, rules
from guyub.rooms.initiatives.acting import (
    Refused,
    as_organiser,
    deciding_office,
    guard,
    is_head,
    locked,
    manage_address,
    officers_of,
    organisers,
    record,
    tell,
    today_of,
)
from guyub.rooms.initiatives.models import Initiative, Line, Note, Participant, Pledge
from guyub.rooms.initiatives.rules import LIVE, Giver, NoAccept, Part, Pledged, Role, State, Sums
from guyub.rooms.partners import api as partners

MOST = 10**15  # more than any sum of rupiah; a bigint holds thousands of such


def shift(pledge: Pledge, change: Sums) -> None:
    """Change a promise and its line alike, and the promise's state with it. Both rows are locked by the caller."""
    line: Line = pledge.line
    for row in (pledge, line):
        now = row.sums + change
        row.pledged, row.accepted, row.delivered, row.verified = (
            now.pledged,
            now.accepted,
            now.delivered,
            now.verified,
        )
    line.save(update_fields=["pledged", "accepted", "delivered", "verified"])
    pledge.save()


def held(pledge: int, *, states: Iterable[State] = LIVE) -> tuple[Initiative, Pledge]:
    """A promise and its line under the lock of their initiative. Raises `NotAllowed` outside of these states."""
    initiative = Pledge.objects.values_list("line__initiative_id", flat=True).get(pk=pledge)
    row = locked(initiative, states=states)
    found = (
        Pledge.objects.select_for_update(of=("self", "line"), no_key=True)
        .select_related("line")
        .get(pk=pledge)
    )
    return row, found


@transaction.atomic
def pledge(
    *,
    line: int,
    amount: int,
    due_on: date,
    by: Person,
    at: datetime,
    partner: int | None = None,
    words: str = "",
    is_named: bool = False,
    conflict: str = "",
) -> int:
    """Promise something: for a partner, or as a resident for oneself. `conflict` says which permits or tenders of the
    city's the giver waits for; empty for none. Raises `NotAllowed`, `Refused`."""
    account = by.acting
    row = locked(Line.objects.values_list("initiative_id", flat=True).get(pk=line))
    found = Line.objects.select_for_update(no_key=True).get(pk=line)
    _may_pledge(row, found, by, partner, at=at)
    guard(row, words)
    if not 1 <= amount <= MOST:
        raise Refused(_("Tulis jumlah yang dijanjikan."), field="amount")
    if due_on < today_of(at):
        raise Refused(_("Hari penyerahan tidak boleh sudah lewat."), field="due_on")
    made = Pledge(
        line=found,
        partner_id=partner,
        account_id=account,
        is_named=partner is None and is_named,
        promised=amount,
        pledged=0,
        due_on=due_on,
        first_due_on=due_on,
        words=words,
        has_conflict=bool(conflict.strip()),
        conflict_words=conflict.strip(),
        made_at=at,
        changed_at=at,
    )
    shift(made, rules.promise(amount))
    fact = events.PledgeMade(
        initiative=row.pk,
        line=found.pk,
        pledge=made.pk,
        amount=amount,
        due_on=due_on.isoformat(),
        has_conflict=made.has_conflict,
        partner=partner,
    )
    record(fact, initiative=row, by=account, at=at)
    with override("id"):
        if made.has_conflict and row.office_id is None:
            _tell_office(row, made, at=at)
        _tell_organisers(row, f"pledge:{made.pk}", _("Ada janji baru"), found.what, at=at, besides=account)
    return made.pk


def _tell_office(row: Initiative, made: Pledge, *, at: datetime) -> None:
    """Where a partner runs it, the head of the place's office decides on a giver with declared interests."""
    office = deciding_office(row)
    tell(
        officers_of(office, at=at),
        key=f"{row.pk}:conflict:{made.pk}",
        subject=_("Janji dengan izin atau tender berjalan menunggu keputusan"),
        body=f"{row.title}: {made.line.what}",
        link=f"/petugas/prakarsa/janji/{made.uuid}/",
        at=at,
    )


def _may_pledge(row: Initiative, line: Line, by: Person, partner: int | None, *, at: datetime) -> None:
    if partner is not None and not partners.may_act(account=by.acting, partner=partner):
        raise NotAllowed("This person does not act for this partner.")
    giver = giver_of(row, partner)
    is_appeal = line.resource in rules.COLLECTED and lines.may_ask_public(row, at=at)
    if not rules.may_pledge(giver, line.resource, is_appeal=is_appeal):
        raise Refused(
            _("Uang dan barang di sini hanya dijanjikan mitra yang ikut dalam prakarsa ini.")
            if partner is not None
            else _("Warga dapat menjanjikan waktu dan keahlian. Uang dan barang dijanjikan lewat mitra.")
        )


def giver_of(row: Initiative, partner: int | None) -> Giver:
    if partner is None:
        return Giver.RESIDENT
    named = Participant.objects.filter(initiative=row, partner_id=partner, state=Part.ACCEPTED).exists()
    return Giver.NAMED if named else Giver.PARTNER


@transaction.atomic
def accept(*, pledge: int, by: Person, at: datetime, reason: str = "") -> None:
    """The organiser takes a promise on; where permits or tenders were declared only a head does, with a reason.

    Raises `NotAllowed`, `Refused`.
    """
    row, found = held(pledge)
    account = as_organiser(by, row) if not found.has_conflict else _as_decider(by, row)
    if found.state != Pledged.PROMISED:
        raise NotAllowed("This promise was decided on.")
    why_not = rules.why_not_accept(
        has_conflict=found.has_conflict, is_head=may_decide_conflict(by, row), reason=reason
    )
    if why_not is NoAccept.NOT_A_HEAD:
        raise Refused(
            _(
                "Pemberi menyatakan punya izin atau tender yang berjalan: hanya kepala kantor yang dapat menerima."
            )
        )
    if why_not is NoAccept.NO_REASON:
        raise Refused(_("Tulis alasan menerima janji ini."), field="reason")
    if found.line.accepted + found.pledged > found.line.amount:
        left = found.line.amount - found.line.accepted
        raise Refused(
            _("Lebih dari yang dibutuhkan: tinggal %(n)d. Ubah dahulu jumlah kebutuhannya.") % {"n": left}
        )
    found.state, found.accepted_by_id, found.accepted_at, found.changed_at = Pledged.ACCEPTED, account, at, at
    shift(found, rules.accept(found.sums))
    note = keep_words(found, "accepted", reason, by=account, at=at) if reason.strip() else None
    fact = events.PledgeAccepted(initiative=row.pk, pledge=found.pk, amount=found.pledged, note=note)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    _take_part(row, found, by=account, at=at)
    with override("id"):
        tell_giver(
            row,
            found,
            "accepted",
            _("Janji Anda diterima"),
            _("Terima kasih. Catat penyerahannya begitu selesai."),
            at=at,
        )


def _as_decider(by: Person, row: Initiative) -> int:
    """Whoever may decide on a promise with declared interests: the organiser, or the head of the place's office."""
    return by.acting if may_decide_conflict(by, row) else as_organiser(by, row)


def may_decide_conflict(by: Person, row: Initiative) -> bool:
    """Whether a person decides where permits or tenders were declared."""
    return is_head(by, deciding_office(row))


def _take_part(row: Initiative, found: Pledge, *, by: int, at: datetime) -> None:
    """A partner whose promise is taken on takes part."""
    if found.partner_id is None:
        return
    part, is_new = Participant.objects.get_or_create(
        initiative=row,
        partner_id=found.partner_id,
        defaults={
            "role": Role.SUPPORTER,
            "state": Part.ACCEPTED,
            "invited_by_id": by,
            "invited_at": at,
            "answered_by_id": found.account_id,
            "answered_at": at,
        },
    )
    if not is_new and part.state != Part.ACCEPTED:
        part.state, part.answered_by_id, part.answered_at = Part.ACCEPTED, found.account_id, at
        part.save(update_fields=["state", "answered_by", "answered_at"])


@transaction.atomic
def refuse(*, pledge: int, words: str, by: Person, at: datetime) -> None:
    """The organiser does not take a promise on, and says why."""
    row, found = held(pledge)
    account = as_organiser(by, row)
    if found.state != Pledged.PROMISED:
        raise NotAllowed("This promise was decided on.")
    said = _words(words)
    amount = _release(found, Pledged.REFUSED, at=at)
    note = keep_words(found, "refused", said, by=account, at=at)
    fact = events.PledgeRefused(initiative=row.pk, pledge=found.pk, amount=amount, note=note)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    with override("id"):
        tell_giver(row, found, "refused", _("Janji Anda belum dapat diterima"), said, at=at)


@transaction.atomic
def withdraw(*, pledge: int, words: str, by: Person, at: datetime) -> None:
    """The giver cannot give (the rest), and says why; what was brought stays. Raises `NotAllowed`, `Refused`."""
    row, found = held(pledge)
    account = as_giver(by, found)
    if found.state not in (Pledged.PROMISED, Pledged.ACCEPTED):
        raise NotAllowed("Nothing is left to withdraw.")
    said = _words(words)
    amount = _release(found, Pledged.WITHDRAWN, at=at)
    note = keep_words(found, "withdrawn", said, by=account, at=at)
    fact = events.PledgeWithdrawn(initiative=row.pk, pledge=found.pk, amount=amount, note=note)
    record(fact, initiative=row, by=account, at=at)
    with override("id"):
        _tell_organisers(row, f"withdrawn:{note}", _("Janji ditarik"), said, at=at, besides=account)


def release_for_stop(found: Pledge, *, at: datetime) -> int:
    """The initiative does not go on: nothing more is expected. Returns what was released; the caller records it."""
    return _release(found, Pledged.WITHDRAWN, at=at)


def _release(found: Pledge, state: Pledged, *, at: datetime) -> int:
    change = rules.release(found.sums)
    rest = found.sums + change
    found.state = rules.state_of(rest) if rest.pledged else state
    found.ended_at = at if found.state in rules.BROKEN else None
    found.changed_at = at
    shift(found, change)
    return -change.pledged


@transaction.atomic
def put_off(*, pledge: int, due_on: date, words: str, by: Person, at: datetime) -> None:
    """The giver is late, or will be: a new day, and why. Raises `NotAllowed`, `Refused`."""
    row, found = held(pledge)
    account = as_giver(by, found)
    if found.state not in (Pledged.PROMISED, Pledged.ACCEPTED):
        raise NotAllowed("Nothing is left to bring.")
    if due_on < today_of(at):
        raise Refused(_("Hari penyerahan tidak boleh sudah lewat."), field="due_on")
    said = _words(words)
    found.due_on, found.changed_at = due_on, at
    found.save(update_fields=["due_on", "changed_at"])
    note = keep_words(found, "late", said, by=account, at=at)
    fact = events.PledgeDelayed(initiative=row.pk, pledge=found.pk, note=note, due_on=due_on.isoformat())
    record(fact, initiative=row, by=account, at=at)
    with override("id"):
        _tell_organisers(row, f"late:{note}", _("Penyerahan diundur"), said, at=at, besides=account)


@transaction.atomic
def thank(*, pledge: int, words: str, by: Person, at: datetime) -> None:
    """All of it was found to be there; also once the initiative is done. Raises `NotAllowed`."""
    row, found = held(pledge, states=(*LIVE, *rules.OVER))
    account = as_organiser(by, row)
    if found.state != Pledged.VERIFIED:
        raise NotAllowed("Thanks are for what was found to be there.")
    found.state, found.ended_at, found.changed_at = Pledged.THANKED, at, at
    found.save(update_fields=["state", "ended_at", "changed_at"])
    note = keep_words(found, "thanked", _words(words), by=account, at=at)
    fact = events.PledgeThanked(initiative=row.pk, pledge=found.pk, note=note)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    with override("id"):
        tell_giver(
            row, found, "thanked", _("Terima kasih dari %(title)s") % {"title": row.title}, words, at=at
        )


def as_giver(by: Person, found: Pledge) -> int:
    """The account that acts for the giver. Raises `NotAllowed`."""
    account = by.acting
    own = (
        found.account_id == account
        if found.partner_id is None
        else partners.may_act(account=account, partner=found.partner_id)
    )
    if not own:
        raise NotAllowed("This person did not promise this.")
    return account


def givers_of(found: Pledge) -> list[int]:
    """The accounts that gave: who promised, and for a partner all who act for it."""
    named = partners.representatives(partner=found.partner_id) if found.partner_id is not None else []
    return sorted({*named, *([found.account_id] if found.account_id else [])})


def belongs_to_giver(account: int, found: Pledge) -> bool:
    """Whether somebody gave this, or is a member of the partner that did."""
    if account in givers_of(found):
        return True
    return any(one.partner.id == found.partner_id for one in partners.of_account(account=account))


def keep_words(found: Pledge, kind: str, words: str, *, by: int | None, at: datetime) -> int:
    return Note.objects.create(pledge=found, kind=kind, words=words, by_id=by, at=at).pk


def _words(words: str) -> str:
    if not words.strip():
        raise Refused(_("Tulis alasannya."), field="words")
    return words.strip()


def tell_giver(row: Initiative, found: Pledge, what: str, subject: str, body: str, *, at: datetime) -> None:
    key = f"{row.pk}:{what}:{found.pk}:{at.timestamp():.0f}"
    tell(
        givers_of(found),
        key=key,
        subject=subject,
        body=f"{row.title}: {found.line.what}\n\n{body}",
        link="/prakarsa/saya/",
        at=at,
    )


def _tell_organisers(
    row: Initiative, key: str, subject: str, body: str, *, at: datetime, besides: int
) -> None:
    said = f"{row.title}: {body}"
    told = organisers(row, at=at)
    tell(
        told,
        key=f"{row.pk}:{key}",
        subject=subject,
        body=said,
        link=manage_address(row),
        at=at,
        besides=besides,
    )


def remind_late(*, at: datetime, limit: int = 200) -> int:
    """Givers whose day has passed are asked once for that day: bring it, name another day, or withdraw."""
    rows = Pledge.objects.filter(
        state=Pledged.ACCEPTED, due_on__lt=today_of(at), line__initiative__state__in=LIVE
    )
    chosen = list(rows.select_related("line__initiative").order_by("due_on", "pk")[:limit])
    for found in chosen:
        row = found.line.initiative
        with override("id"), transaction.atomic():
            tell(
                givers_of(found),
                key=f"{row.pk}:overdue:{found.pk}:{found.due_on}",
                subject=_("Janji Anda melewati harinya"),
                body=_(
                    "%(title)s: %(what)s. Catat penyerahannya, sebutkan hari baru, atau tarik dengan alasan."
                )
                % {"title": row.title, "what": found.line.what},
                link="/prakarsa/saya/",
                at=at,
            )
    return len(chosen)
