"""Grants as the pages show them: in plain words, with who, where, by which decree and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guyub.events.people import AccountClosed, GrantEnded, SecondFactorReset
from guyub.kernel.access.api import ROLES, Person, role_title, roles
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.granting import may_end
from guyub.rooms.people.models import Account, AccountNote, Grant, SupportAccess, SupportPage
from guyub.rooms.people.queries import in_force
from guyub.rooms.people.rules import Kind, Told
from guyub.rooms.people.wording import KIND_LABELS
from guyub.rooms.places import api as places


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One grant, ready to print. `tone` and `state` say whether it holds today."""

    id: int
    account: int
    holder: str
    title: str
    kind: str
    is_lent: bool
    office: str
    office_id: int
    place: str
    may: list[str]
    basis: str
    period: str
    acting_for: str
    reason: str
    end_reason: str
    state: str
    tone: str
    can_end: bool


def lines(rows: Iterable[Grant], *, by: Person, on: date) -> list[GrantLine]:
    """Grants in words, as seen by a person on a day. One query beside that of the rows."""
    found = list(rows)
    holding = set(
        Grant.objects.in_force(on).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True)
    )
    return [_line(row, by=by, on=on, holds=row.pk in holding) for row in found]


def _line(row: Grant, *, by: Person, on: date, holds: bool) -> GrantLine:
    state, tone = _state(row, on=on, holds=holds)
    ahead = not holds and row.ended_at is None and row.since > on
    return GrantLine(
        id=row.pk,
        account=row.account_id,
        holder=row.account.name or row.account.email,
        title=role_title(row.role, row.kind),
        kind=str(KIND_LABELS[Kind(row.kind)]),
        is_lent=row.kind != Kind.DEFINITIVE,
        office=row.organisation.name,
        office_id=row.organisation_id,
        place=_place(row),
        may=roles.in_words(in_force(row).powers),
        basis=_basis(row),
        period=_period(row),
        acting_for=(row.source.account.name or row.source.account.email) if row.source else "",
        reason=row.reason,
        end_reason=row.end_reason,
        state=state,
        tone=tone,
        can_end=(holds or ahead) and may_end(by, row),
    )


def _place(row: Grant) -> str:
    known = places.gazetteer().by_code.get(row.place_code)
    return known.label if known else _("seluruh daerah")


def _basis(row: Grant) -> str:
    day = _(", tanggal %(day)s") % {"day": date_format(row.basis_on, "j F Y")} if row.basis_on else ""
    about = _(" tentang %(about)s") % {"about": row.basis_about} if row.basis_about else ""
    return f"{row.legal_basis}{day}{about}"


def _period(row: Grant) -> str:
    said = {"since": date_format(row.since, "j M Y")}
    if row.until is None:
        return _("sejak %(since)s, sampai diakhiri") % said
    said["last"] = date_format(row.until - timedelta(days=1), "j M Y")
    return _("%(since)s sampai %(last)s") % said


def _state(row: Grant, *, on: date, holds: bool) -> tuple[str, str]:
    if holds:
        return _("Berlaku"), "confirmed"
    if row.ended_at is not None or row.told == Told.ENDED:
        return _("Berakhir"), "rejected"
    if row.since > on:
        return _("Belum mulai"), "waiting"
    return _("Berakhir"), "rejected"


_WITH = ("organisation", "account", "source__account")


def own_grants(person: Person, *, on: date) -> list[GrantLine]:
    """What a person holds today and what is to begin."""
    rows = Grant.objects.filter(account_id=person.acting, ended_at__isnull=True)
    rows = rows.filter(Q(pk__in=Grant.objects.in_force(on).values("pk")) | Q(since__gt=on))
    return lines(rows.select_related(*_WITH).order_by("since", "pk"), by=person, on=on)


def given_by_me(person: Person, *, on: date) -> list[GrantLine]:
    """What a head delegated, the newest first, ended ones too."""
    rows = Grant.objects.filter(source__account_id=person.acting).select_related(*_WITH)
    return lines(rows.order_by("-since", "-pk")[:50], by=person, on=on)


def of_my_offices(person: Person, *, on: date) -> list[GrantLine]:
    """Who holds what today in the offices where this person works."""
    offices = {grant.organisation for grant in person.grants if grant.powers}
    rows = Grant.objects.in_force(on).filter(organisation__in=offices).exclude(account_id=person.acting)
    return lines(rows.select_related(*_WITH).order_by("organisation__name", "role"), by=person, on=on)


PAGE = 50


def of_city(
    person: Person, *, on: date, search: str, office: int | None, ended: bool, after: int
) -> list[GrantLine]:
    """All grants of the city by office, one more than a page; those in force, or those that have ended."""
    held = Grant.objects.in_force(on).values("pk")
    rows = (
        Grant.objects.exclude(Q(pk__in=held) | Q(since__gt=on, ended_at__isnull=True))
        if ended
        else (Grant.objects.filter(Q(pk__in=held) | Q(since__gt=on, ended_at__isnull=True)))
    )
    if search:
        rows = rows.filter(
            Q(account__name__icontains=search)
            | Q(account__email__icontains=search)
            | Q(organisation__name__icontains=search)
        )
    if office is not None:
        rows = rows.filter(organisation_id=office)
    rows = rows.select_related(*_WITH).order_by("organisation__name", "role", "-since", "pk")
    return lines(rows[after : after + PAGE + 1], by=person, on=on)


def of_account(account: int, *, by: Person, on: date) -> list[GrantLine]:
    rows = Grant.objects.filter(account_id=account).select_related(*_WITH).order_by("-since", "-pk")
    return lines(rows, by=by, on=on)


def find_account(account: int) -> Account | None:
    """An account that holds or held authority; who else has one is no business of whoever gives authority."""
    held = Grant.objects.filter(account=OuterRef("pk"))
    return Account.objects.filter(Exists(held), pk=account).first()


def officers_to_choose(person: Person, *, on: date) -> list[tuple[int, str]]:
    """Officers of the offices that this person heads, for a delegation."""
    offices = own_headships(person, on=on).values_list("organisation_id", flat=True)
    rows = Grant.objects.in_force(on).filter(organisation__in=list(offices), kind=Kind.DEFINITIVE)
    rows = rows.filter(account__is_active=True).exclude(account_id=person.acting).select_related("account")
    return [
        (row.account_id, f"{row.account.name or row.account.email} ({ROLES[row.role].label})")
        for row in rows.order_by("account__name", "pk")
        if ROLES[row.role].powers
    ]


def own_headships(person: Person, *, on: date) -> QuerySet[Grant]:
    """The grants by which a person heads offices themselves; an acting head's is not theirs to hand on."""
    heads = [role.code for role in ROLES.values() if role.is_head]
    return (
        Grant.objects.in_force(on)
        .filter(account_id=person.acting, kind=Kind.DEFINITIVE, role__in=heads)
        .select_related("organisation")
        .order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One opening of support access."""

    id: int
    name: str
    reason: str
    opened_by: str
    opened_at: datetime
    until_at: datetime
    ended_at: datetime | None
    is_open: bool
    pages: int


def support_people(*, on: date) -> list[tuple[int, str]]:
    rows = (
        Grant.objects.in_force(on).filter(role="dukungan", account__is_active=True).select_related("account")
    )
    return [(row.account_id, row.account.name or row.account.email) for row in rows.order_by("pk")]


def support_accesses(*, at: datetime) -> list[AccessLine]:
    """The newest openings first, with how many pages were asked for."""
    rows = SupportAccess.objects.select_related("account", "opened_by").order_by("-opened_at")[:50]
    asked = SupportPage.objects.values_list("access").annotate(n=Count("pk"))
    counts = dict(asked.filter(access__in=[row.pk for row in rows]))
    return [
        AccessLine(
            id=row.pk,
            name=row.account.name or row.account.email,
            reason=row.reason,
            opened_by=(row.opened_by.name or row.opened_by.email) if row.opened_by else "–",
            opened_at=row.opened_at,
            until_at=row.until_at,
            ended_at=row.ended_at,
            is_open=row.ended_at is None and row.until_at > at,
            pages=counts.get(row.pk, 0),
        )
        for row in rows
    ]


def support_pages(access: int) -> list[SupportPage]:
    return list(SupportPage.objects.filter(access_id=access).order_by("-at", "-pk")[:500])


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of an account's history, with the words that an admin wrote."""

    at: datetime
    text: str
    tone: str
    by: str
    words: str


def story_of(account: int) -> list[Happening]:
    """What the ledger holds of an account, the newest first."""
    facts = ledger.facts_about(f"people.account:{account}")
    actors = {fact.actor for fact in facts if fact.actor}
    names = {row.pk: row.name or row.email for row in Account.objects.filter(pk__in=actors)}
    notes = {(note.at, note.kind): note.reason for note in AccountNote.objects.filter(account_id=account)}
    grants = {row.pk: row for row in Grant.objects.filter(account_id=account)}
    found = []
    for fact in reversed(facts):
        sentence = ledger.tell(fact)
        if sentence is None:
            continue
        words = notes.get((fact.occurred_at, _NOTE_OF.get(fact.name, "")), "")
        row = grants.get(fact.payload.get("grant", 0))
        if row is not None:
            words = row.end_reason if fact.name == GrantEnded.name else row.reason
        by = names.get(fact.actor, "") if fact.actor else ""
        found.append(Happening(sentence.at, sentence.text, sentence.tone, by, words))
    return found


_NOTE_OF = {AccountClosed.name: "closed", SecondFactorReset.name: "factor-reset"}
