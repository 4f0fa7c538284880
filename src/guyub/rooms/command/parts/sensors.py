"""Sensors on the wall: what they say now, which are silent, pumps and gates, cameras as links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guyub.events import sensing as events
from guyub.kernel import wall
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import Remembered, get_city
from guyub.kernel.ledger.api import RecordedFact
from guyub.kernel.rulebook import api as rulebook
from guyub.kernel.wall import Asked, Audience, Layer, Line, Mark, Panel
from guyub.rooms.command.parts.said import ago, lasting, number, short_name
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing.api import Datastream, Reading

CAMERA = "camera"
ON_THE_MAP = 200
FRESH_FOR = timedelta(hours=1)  # of a sensor that promises no pace
FAST = timedelta(minutes=2)  # more than that a sensor's clock is not ahead
MISSED = 3  # values in a row, until what it said last is called old

_streams: Remembered[list[Datastream]] = Remembered(lambda: sensing.find_datastreams(), seconds=60)


def _kinds(rule: str, on: date) -> dict[str, dict[str, Any]]:
    """What the city's rulebook shows of sensors, in its order."""
    found = rulebook.family("command", on=on)
    return {kind["code"]: kind for kind in found[rule].value["kinds"]} if rule in found else {}


def _today(at: datetime) -> date:
    return local_date(at, get_city().tz)


def _of(kinds: Mapping[str, Any], asked: Asked) -> list[Datastream]:
    """The datastreams of some kinds, in the order of the kinds; visitors see those that are public."""
    found = [one for one in _streams() if one.kind in kinds and (one.is_public or not asked.for_visitors)]
    order = list(kinds)
    return sorted(found, key=lambda one: (order.index(one.kind), one.name, one.id))


def _word(kind: Mapping[str, Any], key: str = "") -> str:
    language = "en" if get_language() == "en" else "id"
    return str(kind[f"{key}_{language}" if key else language])


# ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────


def past_values(asked: Asked) -> Panel | None:
    found = _of(_kinds("sensor_kinds", _today(asked.at)), asked)
    read = sensing.latest_then([one.id for one in found], at=asked.at)
    return _panel(found, read, frozenset(sensing.silent_then(at=asked.at)), asked)


@wall.panel("sensor", title=gettext_lazy("Sensor"), order=40, past=past_values)
def values(asked: Asked) -> Panel | None:
    """What the sensors say, those that are silent first. Three queries at most."""
    found = _of(_kinds("sensor_kinds", _today(asked.at)), asked)
    if not found:
        return None
    return _panel(found, sensing.latest(one.id for one in found), frozenset(sensing.silent()), asked)


def _panel(
    found: list[Datastream], read: Mapping[int, Reading], silent: frozenset[int], asked: Asked
) -> Panel | None:
    if not found:
        return None
    rows = sorted(_by_turns(found), key=lambda one: one.id not in silent)
    lines = tuple(_line(one, read.get(one.id), one.id in silent, asked) for one in rows[: asked.rows])
    return Panel(lines, more=len(rows) - len(lines))


def _by_turns(found: list[Datastream]) -> list[Datastream]:
    """One of each kind, then the second of each: a short list still shows every kind."""
    seen: Counter[str] = Counter()
    turns = []
    for one in found:
        turns.append((seen[one.kind], one))
        seen[one.kind] += 1
    return [one for _turn, one in sorted(turns, key=lambda row: row[0])]


def _line(one: Datastream, reading: Reading | None, is_silent: bool, asked: Asked) -> Line:
    said, tone = "", "done"
    if reading is None:
        said, tone = _("belum ada nilai"), "waiting"
    elif is_silent:
        since = localtime(reading.time, get_city().tz)
        said, tone = _("diam sejak %(time)s") % {"time": f"{since:%d-%m %H.%M}"}, "overdue"
    elif reading.time - asked.at > FAST:
        ahead = lasting(reading.time - asked.at)
        said, tone = _("jam alat ini %(span)s terlalu maju") % {"span": ahead}, "waiting"
    elif not reading.is_good:
        said, tone = _("nilainya diragukan"), "waiting"
    elif _is_old(one, reading, asked.at):
        tone = "waiting"
    age = ago(reading.time, at=asked.at) if reading and not is_silent else ""
    note = (_simulated(one), said or age, short_name(one.place) if one.place else "")
    return Line(
        text=one.name,
        note=" · ".join(filter(None, note)),
        value=_value(one, reading) if reading and not is_silent else "–",
        tone=tone,
    )


def _is_old(one: Datastream, reading: Reading, at: datetime) -> bool:
    pace = timedelta(seconds=one.cadence) * MISSED if one.cadence else FRESH_FOR
    return at - reading.time > pace


def _value(one: Datastream, reading: Reading) -> str:
    if reading.value is None:
        return str(reading.result)[:20]
    shown = number(reading.value, 0 if abs(reading.value) >= 100 else 2 if abs(reading.value) < 10 else 1)
    return f"{shown} {one.unit}".strip()


def _simulated(one: Datastream) -> str:
    return _("simulasi") if one.is_simulated else ""


# ── Pumps, gates and lamps ─────────────────────────────────────────────────────────────────────────────────


ON, OFF, BROKEN = frozenset({"ON", "OPEN"}), frozenset({"OFF", "CLOSED"}), frozenset({"FAULT"})
ORDER = {"overdue": 0, "waiting": 1}  # what somebody should look at stands first


def past_switches(asked: Asked) -> Panel | None:
    return _past_states("switch_kinds", asked)


@wall.panel("pompa", title=gettext_lazy("Pompa dan pintu air"), order=50, past=past_switches)
def switches(asked: Asked) -> Panel | None:
    return _states("switch_kinds", asked)


def past_lamps(asked: Asked) -> Panel | None:
    return _past_states("lamp_kinds", asked)


@wall.panel("lampu", title=gettext_lazy("Lampu lalu lintas dan jalan"), order=55, past=past_lamps)
def lamps(asked: Asked) -> Panel | None:
    return _states("lamp_kinds", asked)


def _past_states(rule: str, asked: Asked) -> Panel | None:
    found = _of(_kinds(rule, _today(asked.at)), asked)
    return _switches(rule, found, sensing.latest_then([one.id for one in found], at=asked.at), asked)


def _states(rule: str, asked: Asked) -> Panel | None:
    found = _of(_kinds(rule, _today(asked.at)), asked)
    return _switches(rule, found, sensing.latest(one.id for one in found), asked) if found else None


def _switches(rule: str, found: list[Datastream], read: Mapping[int, Reading], asked: Asked) -> Panel | None:
    if not found:
        return None
    kinds = _kinds(rule, _today(asked.at))
    lines = []
    for one in found:
        reading = read.get(one.id)
        words, tone = _position(reading, kinds[one.kind])
        age = ago(reading.time, at=asked.at) if reading else ""
        if reading and tone != "overdue" and _is_old(one, reading, asked.at):
            tone = "waiting"
        note = (_simulated(one), age, short_name(one.place) if one.place else "")
        lines.append(Line(one.name, " · ".join(filter(None, note)), words, tone))
    lines.sort(key=lambda line: ORDER.get(line.tone, 2))
    return Panel(tuple(lines[: asked.rows]), more=max(0, len(lines) - asked.rows))


def _position(reading: Reading | None, kind: Mapping[str, Any]) -> tuple[str, str]:
    """What a pump, gate or lamp says of itself: a number but 0, or a word that is known; other words stay as they came."""
    if reading is None:
        return "–", "waiting"
    said = str(reading.result).upper() if reading.value is None else "ON" if reading.value else "OFF"
    if said in ON:
        return _word(kind, "on"), "done"
    if said in OFF:
        return _word(kind, "off"), "info"
    if said in BROKEN:
        return _("rusak"), "overdue"
    return str(reading.result)[:20], "info"


# ── Cameras, and all of it on the map ──────────────────────────────────────────────────────────────────────


@wall.panel("kamera", title=gettext_lazy("Kamera"), order=90, audiences=frozenset({Audience.OFFICERS}))
def cameras(asked: Asked) -> Panel | None:
    """Where the city's own cameras are watched. Their pictures are no part of this."""
    found = [one for one in _of({CAMERA: {}}, asked) if _address(one)]
    lines = tuple(
        Line(one.name, short_name(one.place) if one.place else "", url=_address(one))
        for one in found[: asked.rows]
    )
    return Panel(lines, more=len(found) - len(lines)) if found else None


def _address(one: Datastream) -> str:
    """A camera's page, if it is one that a browser opens."""
    url = one.properties.get("url")
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else ""


def past_map(asked: Asked) -> Layer | None:
    shown = _drawn(asked)
    read = sensing.latest_then([one.id for one in shown], at=asked.at)
    return _map(shown, read, frozenset(sensing.silent_then(at=asked.at)))


@wall.layer("sensor", order=30, past=past_map)
def on_the_map(asked: Asked) -> Layer | None:
    shown = _drawn(asked)
    if not shown:
        return None
    return _map(shown, sensing.latest(one.id for one in shown), frozenset(sensing.silent()))


def _drawn(asked: Asked) -> list[Datastream]:
    on = _today(asked.at)
    kinds = {**_kinds("sensor_kinds", on), **_kinds("switch_kinds", on)}
    if asked.audience is Audience.OFFICERS:
        kinds[CAMERA] = {}
    return [one for one in _of(kinds, asked) if one.lat is not None][:ON_THE_MAP]


def _map(shown: list[Datastream], read: Mapping[int, Reading], silent: frozenset[int]) -> Layer | None:
    switches = {"pump_state", "gate_state"}
    marks, key = [], dict[tuple[str, str], str]()
    for one in shown:
        reading = read.get(one.id)
        shape = "eye" if one.kind == CAMERA else "cross" if one.kind in switches else "square"
        tone = "overdue" if one.id in silent else "done"
        said = _value(one, reading) if reading and shape == "square" else ""
        marks.append(Mark(one.lat or 0.0, one.lon or 0.0, f"{one.name} {said}".strip(), tone, shape))
        key[shape, tone] = {
            "eye": _("kamera"),
            "cross": _("pompa diam") if tone == "overdue" else _("pompa, pintu air"),
            "square": _("sensor diam") if tone == "overdue" else _("sensor"),
        }[shape]
    keyed = tuple((shape, tone, words) for (shape, tone), words in sorted(key.items()))
    return Layer(tuple(marks), key=keyed) if marks else None


def _about(fact: RecordedFact) -> str:
    """Which kind of sensor, in the words of the rulebook."""
    kind = _kinds("sensor_kinds", _today(fact.occurred_at)).get(fact.payload["kind"])
    return _word(kind) if kind else ""


wall.tell(events.SensorSilent, events.SensorBack, about=_about)
