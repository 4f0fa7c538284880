"""Plug reports into the sockets below them."""

from django.urls import reverse

from guyub.kernel.notices.api import provide_addresses, provide_carrier
from guyub.rooms.casework.api import CaseKind, provide_work, register_kind
from guyub.rooms.reports import (  # noqa: F401
    category_table,
    chat_inbox,
    checks,
    erased_again,
    first_day,
    following,
    keeping,
    mail_in,
    map,
    redacting,
    search,
    subscribers,
    tasks,
    warned,
    witnesses,
    wording,
    work_asked,
)
from guyub.rooms.reports.actions import follow_case_change, show_proof
from guyub.rooms.reports.queries import label_said, routed_categories, routed_category_name
from guyub.rooms.reports.told import map_json, office_words, points, published

register_kind(
    "report",
    CaseKind(
        on_change=follow_case_change,
        desk_url=lambda number: reverse("desk_report", args=[number]),
        prefix="LAP",
        categories=routed_categories,
        category_name=routed_category_name,
        numbers_with=search.numbers_with,
        office_words=office_words,
        public_form=redacting.public_form,
        points=points,
        published=published,
        public_url=lambda number: reverse("report_page", args=[number]),
        confirmed_by=witnesses.confirmed_by,
        show_proof=show_proof,
        map_json=map_json,
        label_said=label_said,
        bulk_url=lambda: reverse("desk_bulk"),
    ),
)
provide_work(work_asked.take)
provide_addresses(following.find_address, kinds=("follower",))
provide_addresses(mail_in.find_address, kinds=("draft",))
provide_carrier(chat_inbox.carry, kinds=("chat",))
