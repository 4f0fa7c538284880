"""A meeting as its pages print it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel import masking
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.meetings import queries
from guyub.rooms.meetings.models import Kind, Meeting, State
from guyub.rooms.meetings.queries import DecisionRow
from guyub.rooms.meetings.subjects import Subject
from guyub.ui.rows import day_in_words


def page(row: Meeting, subject: Subject, person: Person) -> dict[str, Any]:
    """Everything the page of a meeting shows. Minutes that are not approved are for those who run it."""
    at = timezone.now()
    on, readable = local_date(at, get_city().tz), bool(row.approved_at) or subject.can_run
    card, decisions = queries.card_of(row), queries.decisions_of([row])
    return {
        "subject": subject,
        "meeting": card,
        "is_meeting": row.kind == Kind.MEETING,
        "was_cancelled": row.state == State.CANCELLED,
        "cancel_reason": masking.mask(row.cancel_reason),
        "was_held": row.state == State.HELD,
        "approved": _moment(row.approved_at) if row.approved_at else "",
        "readable": readable,
        "agenda": [
            (item, masking.mask(item.body) if readable else "", _corrected(item.version, item.corrected))
            for item in queries.agenda_of(row)
        ],
        "called": queries.called_at(row, on=on) if subject.opens_with_follow_up else [],
        "agreed": queries.agreed_at(row, on=on),
        "decisions": [decision(one) for one in decisions] if readable else [],
        "presence": _presence(row),
        "earlier": _earlier(row) if readable else [],
        "calendar": reverse("meeting_calendar", args=[row.uuid]),
        "manage": reverse("meeting_run", args=[row.uuid]) if subject.can_run else "",
    }


def _presence(row: Meeting) -> dict[str, Any] | None:
    found = queries.presence_of(row)
    if found is None or not found.entitled:
        return None
    return {
        "enough": found.enough,
        "words": _("Hadir %(came)d dari %(entitled)d anggota.")
        % {"came": found.came, "entitled": found.entitled},
        "quorum": _quorum(found),
    }


def _quorum(found: queries.Presence) -> str:
    if found.needed is None:
        return ""
    if found.enough:
        return _("Kuorum tercapai: perlu sedikitnya %(n)d.") % {"n": found.needed}
    return _("Kuorum tidak tercapai: perlu sedikitnya %(n)d. Rapat ini tidak dapat mengambil keputusan.") % {
        "n": found.needed
    }


def decision(row: DecisionRow) -> dict[str, Any]:
    votes = ""
    if row.votes:
        votes = _("%(yes)d setuju, %(no)d tidak setuju, %(none)d abstain") % {
            "yes": row.votes[0],
            "no": row.votes[1],
            "none": row.votes[2],
        }
    return {
        "number": row.number,
        "body": row.body,
        "how": row.how,
        "votes": votes,
        "corrected": _corrected(row.version, row.corrected),
    }


def _corrected(version: int, reason: str) -> str:
    if version < 2:
        return ""
    return _("Diperbaiki (versi %(n)d): %(reason)s") % {"n": version, "reason": masking.mask(reason)}


def _earlier(row: Meeting) -> list[tuple[str, list[tuple[str, str]]]]:
    """Earlier versions of minutes that were put right, with the moment at which each was written."""
    return [
        (title, [(_moment(one.at), masking.mask(one.body)) for one in versions[:-1]])
        for title, versions in queries.versions_of(row)
    ]


def _moment(at: datetime) -> str:
    local = at.astimezone(get_city().tz)
    return f"{day_in_words(local.date())}, {local:%H.%M}"
