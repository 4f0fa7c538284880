"""Sensors in words: a value with its unit, how old it is, how much of a day was good, a week as a curve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.cities.api import get_city
from guyub.rooms.places import api as places
from guyub.rooms.sensing.listing import Health, Value
from guyub.rooms.sensing.queries import HourRow
from guyub.rooms.sensing.wording import flags_in_words
from guyub.ui import charts
from guyub.ui.figures import percent
from guyub.ui.rows import Printed


@dataclass(frozen=True, slots=True)
class HealthRow(Printed):
    name: str
    address: str
    kind: str
    place: str
    value: str
    age: str
    when: str
    good: str
    tone: str
    state: str
    simulated: bool


def health_row(row: Health, kinds: dict[str, str], *, at: datetime, address: str) -> HealthRow:
    tone, state = _state(row, at)
    return HealthRow(
        name=row.name,
        address=reverse(address, args=[row.id]),
        kind=kinds.get(row.kind, row.kind),
        place=place_name(row.place),
        value=value_in_words(row.number, row.text, row.unit) if row.time else "",
        age=age_in_words(row.time, at) if row.time else "",
        when=moment(row.time) if row.time else "",
        good=share(row.good, row.total),
        tone=tone,
        state=state,
        simulated=row.is_simulated,
    )


def _state(row: Health, at: datetime) -> tuple[str, str]:
    if row.silent_since is not None:
        return "overdue", _("Diam %(age)s") % {"age": age_in_words(row.silent_since, at, ago=False)}
    if row.time is None:
        return "waiting", _("Belum pernah mengirim")
    if row.quality is not None and row.quality >= 3:
        return "rejected", _("Nilai terakhir meragukan")
    return "done", _("Mengirim")


def value_in_words(number: float | None, text: str | None, unit: str) -> str:
    if number is None:
        return said_state(text or "")
    places_after = 0 if float(number).is_integer() else 2
    if unit == "%":
        return percent(number, places_after)
    return f"{number_format(round(number, places_after), places_after)} {unit}".strip()


def said_state(text: str) -> str:
    """The words that pumps, gates and lamps send, in the reader's language; every other word as it came."""
    known = {
        "ON": _("Menyala"),
        "OFF": _("Mati"),
        "OPEN": _("Terbuka"),
        "CLOSED": _("Tertutup"),
        "FAULT": _("Rusak"),
    }
    return known.get(text.upper(), text)


def age_in_words(since: datetime, at: datetime, *, ago: bool = True) -> str:
    minutes = max(int((at - since) / timedelta(minutes=1)), 0)
    if ago and not minutes:
        return _("baru saja")
    if minutes < 60:
        said = ngettext("%(n)d menit", "%(n)d menit", minutes) % {"n": minutes}
    elif minutes < 48 * 60:
        said = ngettext("%(n)d jam", "%(n)d jam", minutes // 60) % {"n": minutes // 60}
    else:
        said = ngettext("%(n)d hari", "%(n)d hari", minutes // 1440) % {"n": minutes // 1440}
    return _("%(age)s lalu") % {"age": said} if ago else said


def share(good: int, count: int) -> str:
    return percent(100 * good / count) if count else "–"


def moment(at: datetime) -> str:
    return date_format(localtime(at, get_city().tz), "j M Y, H.i")


def place_name(code: str) -> str:
    row = places.gazetteer().by_code.get(code)
    return row.label if row else ""


@dataclass(frozen=True, slots=True)
class ValueRow(Printed):
    when: str
    value: str
    flags: str
    tone: str
    address: str


_TONES = {1: "done", 3: "waiting", 4: "rejected"}


def value_row(row: Value, unit: str, *, address: str = "") -> ValueRow:
    said = flags_in_words(row.flags) or _("Baik")
    return ValueRow(
        moment(row.time), value_in_words(row.number, row.text, unit), said, _TONES[row.quality], address
    )


def week(hours: list[HourRow], *, until: datetime, days: int) -> charts.Curve:
    """The hourly means of some days, with a label every other day."""
    tz = get_city().tz
    start = until - timedelta(days=days)
    length = until - start
    first = (start.astimezone(tz) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    marks = [
        ((day - start) / length, date_format(day, "j M"))
        for day in (first + timedelta(days=n) for n in range(0, days, 2))
        if day < until
    ]
    middle = timedelta(minutes=30)
    points = [((one.hour + middle - start) / length, one.mean) for one in hours]
    return charts.trace(points, marks=marks, apart=timedelta(hours=2, minutes=30) / length)


@dataclass(frozen=True, slots=True)
class DayRow(Printed):
    day: str
    low: str
    mean: str
    high: str
    count: int


def days_of(hours: list[HourRow], unit: str) -> list[DayRow]:
    """The same by days of the city, newest first."""
    found: dict[str, list[HourRow]] = {}
    for one in hours:
        found.setdefault(date_format(localtime(one.hour, get_city().tz), "j F Y"), []).append(one)
    rows = []
    for day, each in reversed(found.items()):
        count = sum(one.count for one in each)
        mean = sum(one.mean * one.count for one in each) / count
        low, high = min(one.low for one in each), max(one.high for one in each)
        said = [value_in_words(value, None, unit) for value in (low, mean, high)]
        rows.append(DayRow(day, said[0], said[1], said[2], count))
    return rows
