"""Which incidents a person may open. Views load through here; strangers are told that nothing is there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from guyub.kernel.access.api import Person, roles
from guyub.rooms.incidents import queries
from guyub.rooms.incidents.acting import runs
from guyub.rooms.incidents.models import Incident, Task
from guyub.rooms.incidents.tasking import may_end


def visible(person: Person) -> QuerySet[Incident]:
    """The incidents that a person runs: those whose places all lie in theirs."""
    held = person.places(roles.INCIDENTS)
    rows = Incident.objects.all()
    if not held:
        return rows.none()
    if "" in held:
        return rows
    mine = [row.pk for row in rows.only("places") if runs(person, row.places)]
    return rows.filter(Q(pk__in=mine))


def desk_incident(person: Person, number: str) -> Incident:
    """An incident in whatever state, for who runs incidents in its places. Raises Http404."""
    row = queries.find(number)
    if row is None or not runs(person, row.places):
        raise Http404
    return row


def public_incident(number: str) -> Incident:
    """An incident that the city shows to everyone. Raises Http404."""
    row = queries.find(number)
    if row is None or not row.is_public:
        raise Http404
    return row


def public_incidents() -> QuerySet[Incident]:
    return Incident.objects.filter(is_public=True).order_by("-opened_at", "-pk")


def task(person: Person, uuid: UUID) -> Task:
    """A task, for who runs its incident and for those whose it is. Raises Http404."""
    row = Task.objects.select_related("incident").filter(uuid=uuid).first()
    if row is None or not may_end(person, row):
        raise Http404
    return row


def count_undecided(person: Person) -> int:
    """How many proposals wait for this person. One query where there can be any."""
    if not person.can(roles.INCIDENTS):
        return 0
    return sum(runs(person, one.places) for one in queries.undecided())
