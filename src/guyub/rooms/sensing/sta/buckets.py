"""What the standard lacks and every screen asks: the newest value of each datastream, and figures by hour or day.

Both come from what is kept beside the values, so they cost the same however many values there are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from orjson import Fragment

from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.sensing.sta import grammar, tables
from guyub.rooms.sensing.sta.entities import ENTITIES
from guyub.rooms.sensing.sta.phrasing import Values
from guyub.rooms.sensing.sta.plans import Tree
from guyub.rooms.sensing.sta.reading import Reader
from guyub.rooms.sensing.sta.refusing import NotServed, wrong

Said = dict[str, str]
_DATASTREAMS = ENTITIES["Datastreams"]
# PostgreSQL writes each object: a result is a number, a text or JSON.
_LATEST = """
SELECT string_agg('{"Datastream@iot.id":' || t.id || ',"name":' || to_json(t.name) || ',"kind":' || to_json(p.code)
    || ',"unit":' || coalesce((t.unit_of_measurement -> 'symbol')::text, 'null')
    || ',"phenomenonTime":' || to_json(l.phenomenon_time) || ',"result":' || coalesce(l.result_num::text, to_json(l.result_text)::text, l.result_json::text)
    || ',"isGood":' || (l.quality < 3)::text || ',"simulated":' || t.is_simulated::text || '}', ',' ORDER BY t.id),
    count(*)
FROM (SELECT d.* FROM sensing_datastream d WHERE <where> ORDER BY d.id LIMIT <most>) t
JOIN sensing_latest l ON l.datastream_id = t.id
JOIN sensing_observed_property p ON p.id = t.observed_property_id
"""
_HOURS = """
SELECT h.hour, {n}, {low}, {high}, {total} FROM sensing_hour h
WHERE h.datastream_id = {stream} AND h.hour >= {start} AND h.hour < {until} AND {n} > 0 ORDER BY 1
"""
_DAYS = """
SELECT date_trunc('day', h.hour, {zone}), sum({n})::bigint, min({low}), max({high}), sum({total}) FROM sensing_hour h
WHERE h.datastream_id = {stream} AND h.hour >= {start} AND h.hour < {until} AND {n} > 0 GROUP BY 1 ORDER BY 1
"""


def latest(reader: Reader, said: Said, at: datetime) -> Tree:
    """The newest value of each datastream that the asker sees, by `kind` and `place` if they are said. One query."""
    _known(said, "kind", "place")
    values = Values()
    wheres = [reader.viewer.sees(_DATASTREAMS, "d", values)]
    if kind := said.get("kind"):
        code = values.put(_word(kind), "text")
        wheres.append(
            f"d.observed_property_id IN (SELECT id FROM sensing_observed_property WHERE code = {code})"
        )
    if place := said.get("place"):
        wheres.append(
            f"d.thing_id IN (SELECT id FROM sensing_thing WHERE place = {values.put(_word(place), 'text')})"
        )
    most = values.put(_rule(at)["datastreams_most"], "bigint")
    sql = _LATEST.replace("<where>", " AND ".join(wheres)).replace("<most>", most)
    found, n = tables.ask(sql, values.kept)[0]
    return {"@iot.count": n, "value": Fragment(f"[{found or ''}]")}


def by_time(reader: Reader, said: Said, at: datetime) -> Tree:
    """Count, least, greatest and mean of a datastream by hour (UTC) or by day (the city's): of good values, or of all."""
    _known(said, "datastream", "by", "from", "until", "all")
    by, is_all = said.get("by", "hour"), said.get("all", "false")
    if by not in ("hour", "day") or is_all not in ("true", "false"):
        raise wrong("by: hour or day; all: true or false.")
    start, until = _window(said, by, at)
    values = Values()
    key = said.get("datastream", "")
    if not key.isdecimal() or not key.isascii() or len(key) > 18:
        raise wrong("datastream: its id.")
    stream = values.put(int(key), "bigint")
    visible = reader.viewer.sees(_DATASTREAMS, "t", values)
    if not tables.ask(f"SELECT 1 FROM sensing_datastream t WHERE t.id = {stream} AND {visible}", values.kept):
        raise NotServed(404, "There is no such datastream.")
    of = {"n": "h.count", "low": "h.low", "high": "h.high", "total": "h.total"}
    if is_all == "false":
        of = {"n": "h.good_count", "low": "h.good_low", "high": "h.good_high", "total": "h.good_total"}
    sql = (_HOURS if by == "hour" else _DAYS).format(
        **of, stream=stream, start=values.put(start, "timestamptz"), until=values.put(until, "timestamptz"),
        zone=values.put(str(get_city().tz), "text") if by == "day" else "",
    )  # fmt: skip
    rows = tables.ask(sql, values.kept)
    return {
        "datastream": f"{reader.root}/Datastreams({key})",
        "by": by,
        "of": "all" if is_all == "true" else "good",
        "components": ["from", "count", "min", "max", "avg"],
        "value": [
            [begun, n, low, high, total / n if low is not None else None]
            for begun, n, low, high, total in rows
        ],
    }


def _window(said: Said, by: str, at: datetime) -> tuple[datetime, datetime]:
    longest = _rule(at)[f"{by}s_most"]
    step = timedelta(hours=1) if by == "hour" else timedelta(days=1)
    try:
        until = grammar.moment(said["until"]) if "until" in said else at
        start = (
            grammar.moment(said["from"])
            if "from" in said
            else until - min(longest, 168 if by == "hour" else 31) * step
        )
        too_long = until - start > longest * step
    except (ValueError, OverflowError):
        raise wrong("from, until: times with their zones, such as 2026-11-22T07:00:00+07:00.") from None
    if start > until or too_long:
        raise wrong(f"from must lie before until, at most {longest} of them: {by}.")
    return start, until


def _known(said: Said, *names: str) -> None:
    if lost := [name for name in said if name not in names]:
        raise wrong(f"{lost[0][:40]}: not known here. Known are {', '.join(names)}.")


def _word(text: str) -> str:
    if len(text) > 40 or "\0" in text:
        raise wrong("Too long, or with a NUL in it.")
    return text


def _rule(at: datetime) -> dict[str, Any]:
    return dict(rulebook.rule("sensing_api.buckets", on=timezone.localdate(at)).value)


CALLS: dict[str, Callable[[Reader, Said, datetime], Tree]] = {
    "Datastreams/latest": latest,
    "Datastreams/buckets": by_time,
}
