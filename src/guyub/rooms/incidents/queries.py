"""Incidents as pages and other rooms need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as Number
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from guyub.rooms.incidents import models
from guyub.rooms.incidents.models import Assessment, Count, Decree, Proposal, Shelter, Task
from guyub.rooms.incidents.reference import today
from guyub.rooms.incidents.rules import VULNERABLE, TaskState, read_number


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as others see it. `sources` name what it rests on; `address` is the desk's page, `public_address`
    that of everyone where the city made one. `status` is that of the law by decree, '' where none holds.

    `displaced` counts who is in shelters by the newest counts; None where nobody was counted.
    """

    id: int
    number: str
    kind: str
    title: str
    places: tuple[str, ...]
    level: str
    mode: str
    state: str
    opened_at: datetime
    contained_at: datetime | None
    sources: tuple[str, ...]
    open_tasks: int
    late_tasks: int
    shelters: int
    displaced: int | None
    status: str
    address: str
    public_address: str

    @property
    def subject(self) -> str:
        return f"incidents.incident:{self.id}"


def open_incidents(*, at: datetime) -> list[Incident]:
    """Those that go on, exercises too (`mode` says which), the newest first. A fixed number of queries."""
    return shaped(models.Incident.objects.filter(closed_at__isnull=True, opened_at__lte=at), at=at)


def shaped(rows: QuerySet[models.Incident], *, at: datetime) -> list[Incident]:
    """Tasks, shelters, counts and the status of the law as they stood at a moment; of the incident itself what its
    row says today. Five queries."""
    open_ = Q(tasks__set_at__lte=at) & (Q(tasks__ended_at=None) | Q(tasks__ended_at__gt=at))
    found = list(
        rows.order_by("-opened_at", "-pk")
        .annotate(
            undone=Number("tasks", filter=open_, distinct=True),
            late=Number("tasks", filter=open_ & Q(tasks__due_at__lt=at), distinct=True),
        )
        .prefetch_related("sources")
    )
    ids = [row.pk for row in found]
    counts = counts_of(ids, at=at)
    shelters = dict(shelters_of(ids, at=at).order_by().values_list("incident").annotate(n=Number("pk")))
    statuses = _statuses(ids, at)
    return [
        _shape(row, shelters.get(row.pk, 0), counts.get(row.pk), statuses.get(row.pk, "")) for row in found
    ]


def shelters_of(ids: Iterable[int], *, at: datetime) -> QuerySet[Shelter]:
    """The shelters of incidents that were open at a moment, in the order in which they were opened."""
    rows = Shelter.objects.filter(Q(closed_at=None) | Q(closed_at__gt=at), opened_at__lte=at)
    return rows.filter(incident__in=list(ids)).order_by("pk")


def counts_of(ids: Iterable[int], *, at: datetime) -> dict[int, list[Count]]:
    """What was put down last by a moment of each shelter that was open then, by incident. One query."""
    rows = Count.objects.filter(shelter__in=shelters_of(ids, at=at), at__lte=at)
    newest = rows.order_by("shelter", "-counted_at", "-pk").distinct("shelter").select_related("shelter")
    found: dict[int, list[Count]] = {}
    for one in newest:
        found.setdefault(one.shelter.incident_id, []).append(one)
    return found


def _statuses(ids: list[int], at: datetime) -> dict[int, str]:
    day = today(at)
    newest = (
        Decree.objects.filter(incident__in=ids, first__lte=day, at__lte=at)
        .order_by("incident", "-first", "-pk")
        .distinct("incident")
    )
    return {one.incident_id: one.status for one in newest if one.last >= day}


def _shape(row: models.Incident, shelters: int, counts: list[Count] | None, status: str) -> Incident:
    return Incident(
        id=row.pk,
        number=row.number,
        kind=row.kind,
        title=row.title,
        places=tuple(row.places),
        level=row.level,
        mode=row.mode,
        state=row.state,
        opened_at=row.opened_at,
        contained_at=row.contained_at,
        sources=tuple(one.subject for one in row.sources.all()),
        open_tasks=row.undone,  # type: ignore[attr-defined]
        late_tasks=row.late,  # type: ignore[attr-defined]
        shelters=shelters,
        displaced=sum(one.people for one in counts) if counts else None,
        status=status,
        address=reverse("desk_incident", args=[row.number]),
        public_address=reverse("incident_page", args=[row.number]) if row.is_public else "",
    )


def find(number: str) -> models.Incident | None:
    """The incident of a number; None for what is no number of ours."""
    known = read_number(number)
    return models.Incident.objects.filter(year=known[0], pk=known[1]).first() if known else None


def undecided() -> list[Proposal]:
    return list(Proposal.objects.filter(decided_at__isnull=True).order_by("-made_at", "-pk"))


def newest_assessment(row: models.Incident) -> Assessment | None:
    return row.assessments.order_by("-version").first()


def newest_counts(row: models.Incident) -> dict[int, Count]:
    """The newest count of each shelter. One query."""
    found = (
        Count.objects.filter(shelter__incident=row)
        .order_by("shelter", "-counted_at", "-pk")
        .distinct("shelter")
    )
    return {one.shelter_id: one for one in found}


def totals(counts: Iterable[Count]) -> dict[str, int]:
    """The sums over the newest counts of all shelters."""
    names = ("families", "people", *VULNERABLE)
    found = list(counts)
    return {name: sum(getattr(one, name) for one in found) for name in names}


def over_time(row: models.Incident) -> list[Count]:
    """Every count of an incident's shelters, the newest first."""
    rows = Count.objects.filter(shelter__incident=row).select_related("shelter")
    return list(rows.order_by("-counted_at", "-pk"))


def open_tasks_of(parties: Iterable[str]) -> list[Task]:
    """What offices and partners must do in incidents that go on, the most urgent first."""
    rows = Task.objects.filter(
        party__in=list(parties), state=TaskState.OPEN, incident__closed_at__isnull=True
    )
    return list(rows.select_related("incident").order_by("due_at", "pk"))


def ended_tasks_of(parties: Iterable[str], *, limit: int = 20) -> list[Task]:
    rows = Task.objects.filter(party__in=list(parties), state=TaskState.DONE)
    return list(rows.select_related("incident").order_by(F("ended_at").desc(), "-pk")[:limit])
