"""A partner begins, changes what it says of itself, rests and ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from guyub.events import partners as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.cities.api import fingerprint
from guyub.rooms.partners import membership, reference
from guyub.rooms.partners.acting import (
    Refused,
    acts_for,
    as_city,
    keep_words,
    locked,
    office_of,
    record,
    tell,
)
from guyub.rooms.partners.models import Examination, Member, Partner
from guyub.rooms.partners.rules import (
    FOUNDED_BY_RESIDENTS,
    OPEN_REVIEWS,
    OPEN_STANDINGS,
    Kind,
    LegalForm,
    Origin,
    Review,
    Role,
    Standing,
    Status,
    folded,
    name_key,
    slug_of,
)

RESERVED = frozenset({"daftar", "jejaring", "saya", "undangan"})


@dataclass(frozen=True, slots=True)
class Profile:
    """What a partner says of itself."""

    name: str
    kind: str = Kind.COMMUNITY
    short_name: str = ""
    description: str = ""
    routine: str = ""
    founded_year: int | None = None
    active_members: int | None = None
    website: str = ""
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    legal_form: str = LegalForm.NONE
    legal_number: str = ""
    legal_until: date | None = None
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    contact_is_public: bool = False


_PLAIN = (
    "short_name",
    "description",
    "routine",
    "founded_year",
    "active_members",
    "website",
    "legal_form",
    "legal_number",
    "legal_until",
    "contact_name",
    "contact_email",
    "contact_phone",
    "contact_is_public",
)


def profile_of(row: Partner) -> Profile:
    """What a partner says of itself now."""
    said = {name: getattr(row, name) for name in _PLAIN}
    return Profile(row.name, kind=row.kind, themes=tuple(row.themes), places=tuple(row.places), **said)


def marks_of(*, email: str, phone: str) -> list[str]:
    """Fingerprints of a contact: the same address or number in another spelling has the same."""
    digits = re.sub(r"^(62|0)", "", re.sub(r"\D", "", phone))
    said = [
        f"mail:{email.strip().lower()}" if email.strip() else "",
        f"tel:{digits}" if len(digits) > 6 else "",
    ]
    return [fingerprint("partner-contact", one) for one in said if one]


def _write(row: Partner, said: Profile, *, at: datetime) -> None:
    for name in _PLAIN:
        setattr(row, name, getattr(said, name))
    row.name, row.kind = said.name, said.kind
    row.themes, row.places = list(dict.fromkeys(said.themes)), list(dict.fromkeys(said.places))
    # Folding may lengthen a text: one sign can stand for several letters.
    row.name_key = name_key(said.name)[:160]
    row.search_words = folded(f"{said.name} {said.short_name}")[:240]
    row.contact_marks = marks_of(email=said.contact_email, phone=said.contact_phone)
    row.changed_at = at


@transaction.atomic
def found(*, profile: Profile, by: Person, at: datetime) -> Partner:
    """A resident founds a partner and answers for it. Raises `Refused`, `NotAllowed`."""
    if profile.kind not in FOUNDED_BY_RESIDENTS:
        raise NotAllowed("Agencies and bodies of a kelurahan are entered by the city.")
    account = by.acting
    # The account's row is held, so that two forms sent at once do not both count as the last that is allowed.
    get_user_model().objects.select_for_update().get(pk=account)
    most = reference.amount("founded_at_most", at=at)
    if Partner.objects.filter(founded_by_id=account, ended_at__isnull=True).count() >= most:
        raise Refused(
            ngettext(
                "Satu akun dapat mendaftarkan paling banyak %(n)d mitra. Hubungi pengelola kemitraan bila perlu lebih.",
                "Satu akun dapat mendaftarkan paling banyak %(n)d mitra. Hubungi pengelola kemitraan bila perlu lebih.",
                most,
            )
            % {"n": most}
        )
    row = make(profile, origin=Origin.RESIDENT, by=account, founder=account, at=at)
    Member.objects.create(
        partner=row,
        account_id=account,
        role=Role.LEAD,
        state=Standing.ACTIVE,
        asked_at=at,
        decided_at=at,
        decided_by_id=account,
    )
    return row


@transaction.atomic
def register(
    *, profile: Profile, by: Person, at: datetime, office: int | None = None, origin: Origin = Origin.CITY
) -> Partner:
    """The city enters a partner, without people yet. Raises `NotAllowed`."""
    officer = as_city(by)
    return make(profile, origin=origin, by=officer, office=office, on_behalf=office_of(by), at=at)


def make(
    profile: Profile,
    *,
    origin: Origin,
    by: int | None,
    at: datetime,
    founder: int | None = None,
    office: int | None = None,
    on_behalf: int | None = None,
) -> Partner:
    """The row and its fact, inside the caller's transaction."""
    row = Partner(origin=origin, founded_by_id=founder, office_id=office, created_at=at)
    _write(row, profile, at=at)
    base = slug_of(profile.short_name or profile.name, ())
    # One name at a time: whoever takes an address holds the others back until it is written.
    hold_addresses()
    taken = Partner.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    row.slug = slug_of(base, RESERVED | set(taken))
    row.save(force_insert=True)
    record(
        events.PartnerFounded(partner=row.pk, kind=row.kind, origin=origin),
        partner=row,
        by=by,
        at=at,
        office=on_behalf,
    )
    return row


def hold_addresses() -> None:
    """From now until the transaction ends nobody else enters a partner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':partners.slug'))")


@transaction.atomic
def change_profile(*, partner: int, profile: Profile, by: Person, at: datetime) -> None:
    """Its own people, or the city, change what it says of itself. The kind stays. Raises `NotAllowed`."""
    row = locked(partner)
    account, office = by.acting, None
    if not _is_own(by, partner):
        account, office = as_city(by), office_of(by)
    if profile.kind != row.kind:
        raise NotAllowed("A partner's kind is the city's to change, by a new entry.")
    if profile == profile_of(row):
        return
    _write(row, profile, at=at)
    row.save()
    record(events.ProfileChanged(partner=row.pk), partner=row, by=account, at=at, office=office)


def _is_own(by: Person, partner: int) -> bool:
    try:
        acts_for(by, partner)
    except NotAllowed:
        return False
    return True


@transaction.atomic
def suspend(*, partner: int, words: str, by: Person, at: datetime) -> None:
    """The city takes a partner out of sight for a while, and says why."""
    officer, row = as_city(by, about=partner), locked(partner)
    row.status = Status.SUSPENDED
    row.save(update_fields=["status"])
    note = keep_words(row, "suspended", words, by=officer, at=at)
    record(
        events.PartnerSuspended(partner=row.pk, note=note),
        partner=row,
        by=officer,
        at=at,
        office=office_of(by),
    )
    with override("id"):
        tell(
            row, f"suspended:{note}", _("%(name)s dinonaktifkan sementara") % {"name": row.name}, words, at=at
        )


@transaction.atomic
def resume(*, partner: int, words: str, by: Person, at: datetime) -> None:
    officer, row = as_city(by, about=partner), locked(partner, status=(Status.SUSPENDED,))
    row.status = Status.ACTIVE
    row.save(update_fields=["status"])
    note = keep_words(row, "resumed", words, by=officer, at=at)
    record(
        events.PartnerResumed(partner=row.pk, note=note), partner=row, by=officer, at=at, office=office_of(by)
    )
    with override("id"):
        tell(row, f"resumed:{note}", _("%(name)s aktif kembali") % {"name": row.name}, words, at=at)


@transaction.atomic
def close(*, partner: int, words: str, by: Person, at: datetime) -> None:
    """The end: by who answers for it, or by the city. What it did stays; its people are let go."""
    row = locked(partner, status=(Status.ACTIVE, Status.SUSPENDED))
    leads = Member.objects.filter(
        partner=row, account_id=by.acting, state=Standing.ACTIVE, role=Role.LEAD
    ).exists()
    officer = by.acting if leads else as_city(by, about=partner)
    note = keep_words(row, "closed", words, by=officer, at=at)
    # Told before they are let go, because afterwards nobody acts for it.
    with override("id"):
        tell(row, f"closed:{note}", _("%(name)s ditutup") % {"name": row.name}, words, at=at, besides=officer)
    row.status, row.ended_at = Status.CLOSED, at
    row.save(update_fields=["status", "ended_at"])
    let_go(row, cause="partner-closed", by=officer, at=at)
    record(
        events.PartnerClosed(partner=row.pk, note=note, by_city=not leads),
        partner=row,
        by=officer,
        at=at,
        office=None if leads else office_of(by),
    )


def let_go(row: Partner, *, cause: str, by: int | None, at: datetime) -> None:
    """End the open ties of people to a partner, what waits for a decision, and invitations."""
    waiting = [one.value for one in OPEN_STANDINGS]
    for member in Member.objects.filter(partner=row, state__in=waiting):
        member.state, member.ended_at = Standing.ENDED, at
        member.save(update_fields=["state", "ended_at"])
        record(
            events.MembershipEnded(partner=row.pk, member=member.pk, cause=cause), partner=row, by=by, at=at
        )
    membership.end_invitations(row, by=by, at=at)
    reviews = [one.value for one in OPEN_REVIEWS]
    Examination.objects.filter(partner=row, state__in=reviews).update(state=Review.WITHDRAWN, decided_at=at)
