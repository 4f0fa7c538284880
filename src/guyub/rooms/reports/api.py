"""The door to reports."""

from __future__ import annotations

from guyub.rooms.reports.actions import Receipt, Submission, submit_report
from guyub.rooms.reports.arrivals import Arrivals, arrivals, kept_back, moved
from guyub.rooms.reports.door_settings import BadSettings
from guyub.rooms.reports.imap_in import MailboxUnavailable
from guyub.rooms.reports.imap_in import fetch as fetch_mail
from guyub.rooms.reports.lapor import count_not_copied
from guyub.rooms.reports.mail_in import MOST_BYTES as MOST_MAIL_BYTES
from guyub.rooms.reports.mail_in import Outcome as MailOutcome
from guyub.rooms.reports.mail_in import receive as receive_mail
from guyub.rooms.reports.of_places import Counted, PlaceFigures, open_by_place, place_figures
from guyub.rooms.reports.own_data import count_waiting as count_data_requests
from guyub.rooms.reports.queries import (
    COUNTED_UP_TO,
    Recent,
    Row,
    Week,
    category_choices,
    find_category,
    newest_published,
    recent_figures,
    rows_of,
    shown_of,
    weeks,
    where,
)
from guyub.rooms.reports.seeds import seed_categories
from guyub.rooms.reports.training import TooFew, train

__all__ = [
    "COUNTED_UP_TO",
    "MOST_MAIL_BYTES",
    "Arrivals",
    "BadSettings",
    "Counted",
    "MailOutcome",
    "MailboxUnavailable",
    "PlaceFigures",
    "Receipt",
    "Recent",
    "Row",
    "Submission",
    "TooFew",
    "Week",
    "arrivals",
    "category_choices",
    "count_data_requests",
    "count_not_copied",
    "fetch_mail",
    "find_category",
    "kept_back",
    "moved",
    "newest_published",
    "open_by_place",
    "place_figures",
    "receive_mail",
    "recent_figures",
    "rows_of",
    "seed_categories",
    "shown_of",
    "submit_report",
    "train",
    "weeks",
    "where",
]
