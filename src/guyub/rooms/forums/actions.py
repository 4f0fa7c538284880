"""What happens with forums. Each action checks who acts, changes rows and records the fact in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from guyub.events import Event
from guyub.events import forums as events
from guyub.kernel import parties
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.ledger import api as ledger
from guyub.rooms.forums import reference
from guyub.rooms.forums.models import Forum, Member

RESERVED = frozenset({"baru"})


class Refused(ValueError):
    """This cannot be done. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Charter:
    """What the decree and the forum itself say. `term_until` is the first day on which the decree no longer holds."""

    name: str
    purpose: str
    decree_number: str
    decree_on: date
    term_from: date
    secretariat: int
    term_until: date | None = None
    house_rules: str = ""


_FIELDS = ("name", "purpose", "decree_number", "decree_on", "term_from", "term_until", "house_rules")


def _must_run(by: Person) -> int:
    """The account of whoever keeps forums. Raises `NotAllowed`."""
    if not by.can(roles.FORUMS) or by.support is not None:
        raise NotAllowed("This person does not keep forums.")
    return by.acting


def _record(forum: Forum, fact: Event, *, by: Person, at: datetime) -> None:
    office = min(by.offices(roles.FORUMS), default=None)
    ledger.record(fact, subject=forum.subject, at=at, by=by.acting, on_behalf_of=office)


@transaction.atomic
def found_forum(*, kind: str, charter: Charter, by: Person, at: datetime) -> Forum:
    """Enter a forum that a decree has made. Raises `NotAllowed`, `Refused`."""
    account, on = _must_run(by), reference.today(at)
    if kind not in reference.kinds(on=on):
        raise Refused(_("Pilih salah satu dari daftar."), field="kind")
    row = Forum(slug=_free_slug(charter.name), kind=kind, made_at=at, made_by=account)
    _write(row, charter)
    _record(
        row,
        events.ForumFounded(forum=row.pk, kind=kind, rule=reference.version(on=on)),
        by=by,
        at=at,
    )
    return row


def _write(row: Forum, charter: Charter) -> None:
    for name in _FIELDS:
        setattr(row, name, getattr(charter, name))
    row.secretariat_id = charter.secretariat
    row.save()


def _free_slug(name: str) -> str:
    """Its address: the name in plain letters, with a number behind it if another forum has that."""
    base = slugify(name)[:70] or "forum"
    taken = set(Forum.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED
    n, slug = 1, base
    while slug in taken:
        n, slug = n + 1, f"{base}-{n + 1}"
    return slug


def _locked(forum: int) -> Forum:
    row = Forum.objects.select_for_update().get(pk=forum)
    if row.ended_at:
        raise Refused(_("Forum ini sudah berakhir."))
    return row


@transaction.atomic
def change_forum(*, forum: int, charter: Charter, by: Person, at: datetime) -> None:
    """Raises `NotAllowed`, `Refused`."""
    _must_run(by)
    row = _locked(forum)
    _write(row, charter)
    _record(row, events.ForumChanged(forum=row.pk), by=by, at=at)


@transaction.atomic
def end_forum(*, forum: int, reason: str, by: Person, at: datetime) -> None:
    """It meets no more; what it did stays to be read. Raises `NotAllowed`, `Refused`."""
    _must_run(by)
    row = _locked(forum)
    row.ended_at, row.end_reason = at, reason
    row.save(update_fields=["ended_at", "end_reason"])
    _record(row, events.ForumEnded(forum=row.pk), by=by, at=at)


@transaction.atomic
def seat_member(
    *, forum: int, party: str, seat: str, by: Person, at: datetime, representative: str = ""
) -> Member:
    """A partner or an office takes a seat. Raises `NotAllowed`, `Refused`."""
    _must_run(by)
    row = _locked(forum)
    made = Member(
        forum=row,
        partner_id=parties.key_of(party, "partner"),
        office_id=parties.key_of(party, "office"),
        seat=seat,
        representative=representative,
        since=reference.today(at),
    )
    _save(made)
    _record(row, events.MemberSeated(forum=row.pk, member=made.pk, party=party, seat=seat), by=by, at=at)
    return made


def _save(row: Member) -> None:
    """Raises `Refused` where the seat or the member is there already: the database says so."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        if "forums_one_chair" in str(problem):
            raise Refused(
                _("Ketua dan sekretaris masing-masing satu. Ubah dahulu yang lama."), field="seat"
            ) from None
        raise Refused(_("Sudah menjadi anggota forum ini."), field="partner") from None


def _sitting(member: int) -> tuple[Forum, Member]:
    found = Member.objects.filter(pk=member, until__isnull=True).first()
    if found is None:
        raise Refused(_("Keanggotaan ini sudah berakhir."))
    return _locked(found.forum_id), found


@transaction.atomic
def change_member(*, member: int, seat: str, representative: str, by: Person, at: datetime) -> None:
    """Raises `NotAllowed`, `Refused`."""
    _must_run(by)
    forum, row = _sitting(member)
    row.seat, row.representative = seat, representative
    _save(row)
    _record(forum, events.MemberChanged(forum=forum.pk, member=row.pk, seat=seat), by=by, at=at)


@transaction.atomic
def end_member(*, member: int, by: Person, at: datetime) -> None:
    """It leaves its seat, and who stood for it is forgotten. Raises `NotAllowed`, `Refused`."""
    _must_run(by)
    forum, row = _sitting(member)
    row.until, row.representative = reference.today(at), ""
    row.save(update_fields=["until", "representative"])
    _record(forum, events.MemberLeft(forum=forum.pk, member=row.pk), by=by, at=at)
