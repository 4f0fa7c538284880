"""Plug reports into the sockets below them."""

from django.urls import reverse

from guyub.kernel.notices.api import provide_addresses
from guyub.rooms.casework.api import CaseKind, register_kind
from guyub.rooms.reports import (  # noqa: F401
    category_table,
    checks,
    first_day,
    following,
    keeping,
    mail_in,
    map,
    redacting,
    search,
    subscribers,
    tasks,
    witnesses,
    wording,
)
from guyub.rooms.reports.actions import follow_case_change
from guyub.rooms.reports.queries import label_said, routed_categories
from guyub.rooms.reports.told import map_json, office_words, points

register_kind(
    "report",
    CaseKind(
        on_change=follow_case_change,
        desk_url=lambda number: reverse("desk_report", args=[number]),
        prefix="LAP",
        categories=routed_categories,
        numbers_with=search.numbers_with,
        office_words=office_words,
        public_form=redacting.public_form,
        points=points,
        confirmed_by=witnesses.confirmed_by,
        map_json=map_json,
        label_said=label_said,
        bulk_url=lambda: reverse("desk_bulk"),
    ),
)
provide_addresses(following.find_address, kinds=("follower",))
provide_addresses(mail_in.find_address, kinds=("draft",))
