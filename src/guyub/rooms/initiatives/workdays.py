"""The work days of initiatives as a calendar that programs follow (RFC 5545): meetings, first and last day, tasks due.

Tasks carry no names. What was dropped stays in it as cancelled, so that calendars take it out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel.cities.api import absolute, get_city
from guyub.rooms.initiatives import queries
from guyub.rooms.initiatives.models import Initiative, Task
from guyub.rooms.initiatives.rules import State
from guyub.rooms.initiatives.rules import Task as Stage
from guyub.rooms.meetings import api as meetings

MOST = 200


def of_place(code: str) -> list[Initiative]:
    """The initiatives of a place that are not long over, the newest first. Raises `places.UnknownPlace`."""
    rows, codes = queries.public(), queries.codes_of(code)
    if codes is not None:
        rows = rows.filter(places__overlap=codes)
    return list(rows.order_by("-opened_at", "-pk")[:MOST])


def calendar(rows: Iterable[Initiative], *, name: str, at: datetime) -> bytes:
    """With their meetings; a fixed number of queries, however many initiatives there are."""
    # It brings its own copy of the zones, which a process that shows pages does not need.
    from icalendar import Calendar

    chosen = {row.pk: row for row in rows}
    made: Any = Calendar.from_ical(
        meetings.calendar(subjects=[row.subject for row in chosen.values()], name=name)
    )
    for row in chosen.values():
        for when, on, words in _ends(row):
            is_off = row.state == State.STOPPED
            made.add_component(_event(f"{row.uuid}-{when}", on, f"{row.title}: {words}", row, is_off, at))
    tasks = Task.objects.filter(initiative__in=list(chosen), due_on__isnull=False).order_by("due_on", "pk")
    for task in tasks[: MOST * 10]:
        row = chosen[task.initiative_id]
        assert task.due_on is not None
        is_off = task.state == Stage.DROPPED or row.state == State.STOPPED
        made.add_component(_event(str(task.uuid), task.due_on, f"{row.title}: {task.title}", row, is_off, at))
    return bytes(made.to_ical())


def _ends(row: Initiative) -> list[tuple[str, date, str]]:
    found = [("mulai", row.starts_on, _("hari pertama")), ("akhir", row.ends_on, _("hari terakhir"))]
    return [(when, on, words) for when, on, words in found if on is not None]


def _event(uid: str, on: date, words: str, row: Initiative, is_off: bool, at: datetime) -> Any:
    from icalendar import Event

    made = Event()
    made.add("uid", f"{uid}@{get_city().slug}")
    made.add("dtstamp", at)
    made.add("sequence", int(row.changed_at.timestamp()) // 60)
    made.add("dtstart", on)
    made.add("dtend", on + timedelta(days=1))
    made.add("summary", words)
    made.add("status", "CANCELLED" if is_off else "CONFIRMED")
    made.add("url", absolute(reverse("initiative_page", args=[row.slug])))
    return made
