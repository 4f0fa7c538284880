"""Meetings and work days as a calendar that programs follow (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guyub.kernel.cities.api import absolute, get_city
from guyub.rooms.meetings.models import Meeting, State

AT_MOST = 500


def calendar(*, subjects: Iterable[str], name: str) -> bytes:
    """The meetings and work days of some subjects, cancelled ones too, so that calendars take them out again."""
    rows = Meeting.objects.filter(subject__in=list(subjects)).prefetch_related("agenda")
    return as_calendar(rows.order_by("-starts_at")[:AT_MOST], name=name)


def as_calendar(rows: Iterable[Meeting], *, name: str) -> bytes:
    # It brings its own copy of the zones, which a process that shows pages does not need.
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Guyub//Rapat//ID")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for row in rows:
        made.add_component(_event(row))
    made.add_missing_timezones()
    return made.to_ical()


def _event(row: Meeting) -> Any:
    """Its UID and SEQUENCE say which event it is and how new, so a changed meeting replaces the earlier one."""
    from icalendar import Event

    tz = get_city().tz
    made = Event()
    made.add("uid", str(row.uuid))
    made.add("dtstamp", row.changed_at)
    made.add("sequence", row.sequence)
    made.add("summary", row.title)
    made.add("location", row.venue)
    made.add("dtstart", row.starts_at.astimezone(tz))
    made.add("dtend", row.ends_at.astimezone(tz))
    made.add("status", "CANCELLED" if row.state == State.CANCELLED else "CONFIRMED")
    made.add("url", absolute(f"/rapat/{row.uuid}/"))
    items = sorted(row.agenda.all(), key=lambda item: item.position)
    if items:
        made.add("description", "\n".join(f"{item.position}. {item.title}" for item in items))
    return made
