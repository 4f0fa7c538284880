"""What was known at a past hour, for officers: from the facts until then and the values that had arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.kernel.wall import Asked, Audience
from guyub.rooms.command.rules import Look
from guyub.rooms.command.web import parts
from guyub.rooms.command.web.wall import frame
from guyub.rooms.incidents import api as incidents
from guyub.ui.rows import Printed

MINUTE = timedelta(minutes=1)
ROWS = 3
WRITTEN = "%Y-%m-%dT%H:%M"
STEPS = (
    (gettext_lazy("Mundur satu jam"), -60 * MINUTE),
    (gettext_lazy("Mundur 10 menit"), -10 * MINUTE),
    (gettext_lazy("Maju 10 menit"), 10 * MINUTE),
    (gettext_lazy("Maju satu jam"), 60 * MINUTE),
)


@dataclass(frozen=True, slots=True)
class Way(Printed):
    """A link to another moment; without an address it leads out of what is kept."""

    words: str
    address: str
    note: str = ""


@gate.officer(roles.WATCH)
@require_safe
def replay(request: HttpRequest) -> HttpResponse:
    """The wall as it stood; an hour or ten minutes back and forth, and to where an incident began, by links."""
    now = timezone.now()
    at = _moment(request.GET.get("saat", ""), now)
    found = parts.past_page(Asked(Audience.OFFICERS, at, rows=ROWS))
    steps = [Way(str(words), _address(at + span, now)) for words, span in STEPS]
    page = {
        **frame(Audience.OFFICERS, Look.DAY, at=at),
        **found,
        "night": "",
        "address": reverse("wall_replay"),
        "stream": "",
        "past": {
            "saat": _written(at),
            "least": _written(_earliest(now)),
            "most": _written(now),
            "back": steps[:2],
            "forth": steps[2:],
            "beginnings": _beginnings(now),
        },
    }
    return render(request, "command/wall.html", page)


def _beginnings(now: datetime) -> list[Way]:
    """Where the incidents of late began: the first whole minute at which each was known."""
    tz = get_city().tz
    days = rulebook.rule("command.replay_incidents", on=local_date(now, tz)).value["amount"]
    since = max(now - timedelta(days=days), _earliest(now))
    found = []
    for one in incidents.beginnings(since=since, until=now):
        drill = "LATIHAN · " if one.is_exercise else ""
        note = f"{one.number} · {localtime(one.at, tz):%d-%m %H.%M}"
        found.append(Way(f"{drill}{one.title}", _address(one.at + MINUTE, now), note))
    return found


def _moment(said: str, now: datetime) -> datetime:
    """The hour that is asked for, in the city's zone; the last full one if none is. Raises `BadRequest`."""
    tz = get_city().tz
    if not said:
        return localtime(now, tz).replace(minute=0, second=0, microsecond=0)
    try:
        found = parse_datetime(said)
    except ValueError:
        found = None
    if found is None:
        raise BadRequest("That is no moment.")
    try:
        at = found if found.tzinfo else found.replace(tzinfo=tz)
        return min(max(at.astimezone(tz), _earliest(now)), localtime(now, tz))
    except OverflowError:
        raise BadRequest("That is no moment.") from None


def _earliest(now: datetime) -> datetime:
    tz = get_city().tz
    days = rulebook.rule("command.replay_days", on=local_date(now, tz)).value["amount"]
    return localtime(now - timedelta(days=days), tz).replace(minute=0, second=0, microsecond=0)


def _written(at: datetime) -> str:
    return localtime(at, get_city().tz).strftime(WRITTEN)


def _address(at: datetime, now: datetime) -> str:
    """Where a moment is shown; empty for one that is not kept, or not yet."""
    if not _earliest(now) <= at <= now:
        return ""
    return f"{reverse('wall_replay')}?saat={_written(at)}"
