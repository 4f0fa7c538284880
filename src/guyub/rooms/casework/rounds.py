"""*Putaran hari ini*: what an office has to do in the field today, with where it lies."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guyub.kernel.access import roles
from guyub.kernel.access.api import Person
from guyub.rooms.casework import kinds
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import WORKABLE, Mode

MOST = 30


@dataclass(frozen=True, slots=True)
class Stop:
    """A case to go to; `point` is (lat, lon), or None where only the place is known."""

    case: Case
    point: tuple[float, float] | None


def stops(person: Person, *, most: int = MOST) -> list[Stop]:
    """The open work of the offices for which this person completes cases, the most urgent first. Two queries.

    What is about conduct is not done in the field; a desa's request only once it was accepted.
    """
    rows = Case.objects.filter(
        Q(mode=Mode.ORDER) | Q(accepted_at__isnull=False),
        office__in=person.offices(roles.COMPLETE),
        is_open=True,
        is_restricted=False,
        state__in=WORKABLE,
    )
    found = list(rows.order_by("due_at", "pk")[:most])
    points = kinds.points([case.subject for case in found])
    return [Stop(case, points.get(case.subject)) for case in found]
