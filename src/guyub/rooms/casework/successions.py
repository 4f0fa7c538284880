"""When a place ends or is split, what its office had open goes to whom follows it: each as a recorded hand-over.

Where one place follows, its office gets the case; where several do, the report's point says which. What no point
decides, and what has no office yet, goes to the coordinator, whose inbox is the list of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.kernel.calendar import ONE_DAY, local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import dispositions, routing, transitions
from guyub.rooms.casework.acting import overtake_proposal, save
from guyub.rooms.casework.kinds import points
from guyub.rooms.casework.models import Case, HandOver
from guyub.rooms.casework.rules import MOVES, HandOverReason, Move, NotPossible, State
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Office
from guyub.rooms.places import api as places

# A place that goes on after a part of it left is looked at for so long after that day; an ended one always.
_LOOKED_AT = timedelta(days=3)
_MOVABLE = [state for state in State if (state, Move.HAND_OVER) in MOVES]


def follow_places(*, at: datetime) -> int:
    """Hand over what lies with offices of places that others have followed; returns how many cases moved.

    Where a case waits for somebody else (the reporter, a body outside) it moves once it is the office's again.
    Without such places hardly any query: what was split of late is looked up once a day.
    """
    known = places.gazetteer()
    ended = {row.code for row in known.rows if not row.stands and known.successors(row.code)}
    split = _split_lately(at) - ended
    if not ended and not split:
        return 0
    rows = Case.objects.filter(state__in=_MOVABLE, is_restricted=False, place_code__in=ended | split)
    rows = rows.filter(office__in=_offices_of(ended | split)).order_by("pk")
    found = list(rows.values_list("pk", "subject", "place_code"))
    where = points(subject for _pk, subject, _code in found)
    return sum(
        _move(pk, place=_part(code, where.get(subject), known), stays=code in split, at=at)
        for pk, subject, code in found
    )


def _split_lately(at: datetime) -> set[str]:
    """Places that changed within the last days, asked once a day; what was entered later is seen the day after."""
    today = local_date(at, get_city().tz)
    key = f"successions:{today}"
    if cache.get(key) is not None:
        return set()
    cache.set(key, True, ONE_DAY.total_seconds())
    return places.split_since(today - _LOOKED_AT, until=today)


def _offices_of(codes: Iterable[str]) -> set[int]:
    """The offices of the places themselves, and of the kecamatan above them."""
    offices = people.directory()
    found = [one for code in codes for one in (offices.of_settlement(code), offices.of_district(code))]
    return {office.id for office in found if office}


def _part(code: str, point: tuple[float, float] | None, known: places.Gazetteer) -> str:
    """The place that follows for a report: the only one, or the one in which its point lies; '' if it cannot be said."""
    new = {*known.followed_by.get(code, ())} if known.get(code).stands else set(known.successors(code))
    if len(new) == 1:
        return next(iter(new))
    if point is None:
        return ""
    found = places.locate(lat=point[0], lon=point[1])
    return found.place.code if found.place and found.place.code in new else ""


@transaction.atomic
def _move(pk: int, *, place: str, stays: bool, at: datetime) -> bool:
    case = Case.objects.select_for_update().get(pk=pk)
    if not case.is_open or place == case.place_code or (stays and not place):
        return False  # where the old place goes on, what cannot be said stays with it
    to = _office_after(case, place)
    if to is None or to.id == case.office_id:
        return False
    if Case.objects.filter(subject=case.subject, office_id=to.id, is_open=True).exists():
        return False
    old = case.place_code
    given = HandOver(
        case=case, from_office_id=case.office_id, to_office_id=to.id, code=HandOverReason.OTHER, at=at
    )
    with override("id"):
        given.reason = _("Wilayah %(code)s dimekarkan atau digabung.") % {"code": old}
    try:
        with transaction.atomic():
            given.save()
            case.place_code = place or old
            fact = transitions.hand_over(case, to=to, hand_over=given.pk, at=at)
            overtake_proposal(case, by=0, at=at)
            save(case, fact, at=at)
            dispositions.assign_on_arrival(case, at=at)
    except NotPossible:
        return False
    return True


def _office_after(case: Case, place: str) -> Office | None:
    """The office that follows the one that has the case, of its own level; the coordinator where nobody can say."""
    offices = people.directory()
    now = offices.by_id.get(case.office_id)
    if now is None:
        return None
    is_district = now.kind == people.OrganisationKind.DISTRICT
    if is_district and place and offices.of_district(place) == now:
        return None  # the kecamatan is the same
    after = (offices.of_district if is_district else offices.of_settlement)(place) if place else None
    return after or routing.coordinator()
