"""Shapes of cases for pages and for the rooms above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from guyub.kernel.access.api import ROLES, Person
from guyub.rooms.casework import routing
from guyub.rooms.casework.access import inbox, visible
from guyub.rooms.casework.kinds import holding
from guyub.rooms.casework.models import Case, Evidence, HandOver, Schedule
from guyub.rooms.people import api as people


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """A proposal to put work off, or the decision on one."""

    id: int
    office: int
    reason: str
    target_month: date
    decision: str
    proposed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What an office showed of its finished work; its photos lie under `casework.evidence:<id>`."""

    id: int
    words: str
    at: datetime
    case: int


@dataclass(frozen=True, slots=True)
class Disposition:
    """A hand-over with its reason, for officers."""

    id: int
    from_office: int
    to_office: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of an inbox, ready to print."""

    uuid: UUID
    kind: str
    number: str
    label: str
    state: str
    place_code: str
    office: int
    classification: str
    mode: str
    is_hazard: bool
    accepted_at: datetime | None
    received_at: datetime
    due_at: datetime | None
    due_is_provisional: bool
    updated_at: datetime


_ROW = (
    "uuid",
    "kind",
    "number",
    "label",
    "state",
    "place_code",
    "office_id",
    "classification",
    "mode",
    "is_hazard",
    "accepted_at",
    "received_at",
    "due_at",
    "due_is_provisional",
    "updated_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a list is narrowed to; the default is everything.

    `overdue_at` keeps what was due before that moment.
    """

    state: str = ""
    place: str = ""
    hazard: bool = False
    overdue_at: datetime | None = None
    numbers: tuple[str, ...] | None = None
    words: str = ""

    def applied(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        if self.numbers is not None:
            rows = rows.filter(number__in=self.numbers)
        if self.words:
            rows = rows.filter(holding(self.words))
        if self.state:
            rows = rows.filter(state=self.state)
        if self.place:
            rows = rows.filter(Q(place_code=self.place) | Q(place_code__startswith=self.place + "."))
        if self.hazard:
            rows = rows.filter(is_hazard=True)
        if self.overdue_at is not None:
            rows = rows.filter(is_open=True, due_at__lt=self.overdue_at)
        return rows


EVERYTHING = Narrowed()


def inbox_rows(
    *, person: Person, narrowed: Narrowed = EVERYTHING, after: int = 0, limit: int = 50
) -> list[InboxRow]:
    """A person's inbox: what is due soonest first, so what is overdue comes first of all; one query.

    What waits on others (the reporter's answer or confirmation) has no deadline and comes last.
    """
    rows = narrowed.applied(inbox(person)).order_by("due_at", "id")
    return [InboxRow(*row) for row in rows.values_list(*_ROW)[after : after + limit]]


def all_rows(
    *, person: Person, narrowed: Narrowed = EVERYTHING, after: int = 0, limit: int = 50
) -> list[InboxRow]:
    """All cases that a person may see, ended ones too, the newest change first; one query."""
    rows = narrowed.applied(visible(person)).order_by("-updated_at", "-id")
    return [InboxRow(*row) for row in rows.values_list(*_ROW)[after : after + limit]]


def next_in_inbox(*, person: Person, besides: str) -> InboxRow | None:
    """What to do next: the first of the inbox on which this person's office must act, another subject's.

    One query.
    """
    rows = inbox(person).filter(due_at__isnull=False).exclude(subject=besides).order_by("due_at", "id")
    return next((InboxRow(*row) for row in rows.values_list(*_ROW)[:1]), None)


@dataclass(frozen=True, slots=True)
class Desk:
    """At which desk a person sits, for the head of the page."""

    offices: str
    roles: str


def desk_of(person: Person) -> Desk:
    """A person's offices and roles in words, without a query."""
    working = [grant for grant in person.grants if grant.powers]
    return Desk(
        offices=", ".join(dict.fromkeys(grant.organisation_name for grant in working)),
        roles=", ".join(dict.fromkeys(str(ROLES[grant.role].label) for grant in working)),
    )


@dataclass(frozen=True, slots=True)
class InboxCounts:
    overdue: int
    hazards: int
    open: int
    by_state: dict[str, int]


def inbox_counts(*, person: Person, at: datetime) -> InboxCounts:
    """The numbers above an inbox. One query."""
    rows = (
        inbox(person)
        .values("state")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=Q(due_at__lt=at)),
            danger=Count("id", filter=Q(is_hazard=True)),
        )
    )
    found = list(rows)
    return InboxCounts(
        overdue=sum(r["late"] for r in found),
        hazards=sum(r["danger"] for r in found),
        open=sum(r["n"] for r in found),
        by_state={r["state"]: r["n"] for r in found},
    )


def cases_of(*, subject: str) -> list[Case]:
    """A subject's cases in the order in which they were opened."""
    return list(Case.objects.filter(subject=subject).order_by("pk"))


def schedules_of(*, cases: Iterable[int]) -> list[SchedulePlan]:
    rows = Schedule.objects.filter(case__in=list(cases)).order_by("pk")
    columns = ("pk", "office_id", "reason", "target_month", "decision", "proposed_at", "decided_at")
    return [SchedulePlan(*row) for row in rows.values_list(*columns)]


def proofs_of(*, cases: Iterable[int]) -> list[Proof]:
    rows = Evidence.objects.filter(case__in=list(cases)).order_by("pk")
    return [Proof(*row) for row in rows.values_list("pk", "words", "at", "case_id")]


def proofs_by_id(ids: Iterable[int]) -> dict[int, Proof]:
    """Proofs by their ids, oldest first. One query, or none for no id."""
    wanted = list(ids)
    rows = Evidence.objects.filter(pk__in=wanted).order_by("pk")
    return {row[0]: Proof(*row) for row in rows.values_list("pk", "words", "at", "case_id")} if wanted else {}


def dispositions_of(*, cases: Iterable[int]) -> list[Disposition]:
    rows = HandOver.objects.filter(case__in=list(cases)).order_by("pk")
    return [
        Disposition(*row) for row in rows.values_list("pk", "from_office_id", "to_office_id", "reason", "at")
    ]


@dataclass(frozen=True, slots=True)
class Targets:
    """Offices that can take a case: of its own place, agencies, and who coordinates."""

    near: list[people.Office]
    agencies: list[people.Office]
    coordination: list[people.Office]


def hand_over_targets(case: Case) -> Targets:
    """The offices that can take a case; the one that has it is left out."""
    offices = people.directory()
    kinds = people.OrganisationKind
    near = [offices.of_settlement(case.place_code), offices.of_district(case.place_code)]
    coordination = [*offices.of_kind(kinds.COORDINATOR), *offices.of_kind(kinds.COMMAND_CENTRE)]
    return Targets(
        near=[office for office in near if office is not None and office.id != case.office_id],
        agencies=[office for office in offices.of_kind(kinds.AGENCY) if office.id != case.office_id],
        coordination=[office for office in coordination if office.id != case.office_id],
    )


def returns_to(case: Case) -> people.Office:
    """Where a desa gives a request back: its kecamatan, or the coordinator where there is no such office."""
    return people.directory().of_district(case.place_code) or routing.coordinator()
