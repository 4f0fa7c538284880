"""Plug reports into the sockets below them."""

from django.urls import reverse

from guyub.rooms.casework.api import CaseKind, register_kind
from guyub.rooms.reports import map, search, subscribers, tasks, wording  # noqa: F401
from guyub.rooms.reports.actions import follow_case_change

register_kind(
    "report",
    CaseKind(
        on_change=follow_case_change,
        desk_url=lambda number: reverse("desk_report", args=[number]),
        prefix="LAP",
        numbers_with=search.numbers_with,
    ),
)
