"""Shapes of cases for pages and for the rooms above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from guyub.kernel.access.api import Person
from guyub.rooms.casework.access import inbox
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
    is_accepted: bool
    received_at: datetime
    due_at: datetime | None
    due_is_provisional: bool


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
)


def inbox_rows(
    *, person: Person, state: str = "", place: str = "", after: int = 0, limit: int = 50
) -> list[InboxRow]:
    """A person's inbox: what is due soonest first, so what is overdue comes first of all; one query."""
    rows = inbox(person)
    if state:
        rows = rows.filter(state=state)
    if place:
        rows = rows.filter(place_code__startswith=place)
    found = rows.order_by("due_at", "id").values_list(*_ROW)[after : after + limit]
    return [
        InboxRow(
            *r[:10], is_accepted=r[10] is not None, received_at=r[11], due_at=r[12], due_is_provisional=r[13]
        )
        for r in found
    ]


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
    return [
        SchedulePlan(s.pk, s.office_id, s.reason, s.target_month, s.decision, s.proposed_at, s.decided_at)
        for s in rows
    ]


def proofs_of(*, cases: Iterable[int]) -> list[Proof]:
    return [Proof(e.pk, e.words, e.at) for e in Evidence.objects.filter(case__in=list(cases)).order_by("pk")]


def dispositions_of(*, cases: Iterable[int]) -> list[Disposition]:
    rows = HandOver.objects.filter(case__in=list(cases)).order_by("pk")
    return [Disposition(h.pk, h.from_office_id, h.to_office_id, h.reason, h.at) for h in rows]


def hand_over_targets(case: Case) -> list[int]:
    """The offices that can take a case, nearest first: its kelurahan and kecamatan, then agencies and the coordinator."""
    offices = people.directory()
    near = [offices.of_settlement(case.place_code), offices.of_district(case.place_code)]
    kinds = people.OrganisationKind
    others = [
        o for kind in (kinds.AGENCY, kinds.COMMAND_CENTRE, kinds.COORDINATOR) for o in offices.of_kind(kind)
    ]
    chosen = [o.id for o in [*near, *others] if o is not None and o.id != case.office_id]
    return list(dict.fromkeys(chosen))
