"""What the past of cases tells the rooms above: the offices that gave them away, and what a late office said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F

from guyub.rooms.casework.models import DelayNote, HandOver


def given_away(cases: Iterable[int]) -> dict[int, set[int]]:
    """By case, the offices that chose to hand it over; a change of places is nobody's choice. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = HandOver.objects.filter(case__in=list(cases), by__isnull=False)
    for case, office in rows.values_list("case_id", "from_office_id"):
        found[case].add(office)
    return found


def delay_reasons(cases: Iterable[int]) -> dict[int, str]:
    """By case, the code of what the office that has it said last of why it is late. One query.

    The words beside the code were written for officers and stay with them.
    """
    rows = DelayNote.objects.filter(case__in=list(cases), office=F("case__office")).order_by("at", "pk")
    return dict(rows.values_list("case_id", "code"))
