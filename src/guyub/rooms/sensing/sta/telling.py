"""New values for those who follow them by MQTT, as the standard shows an Observation, each after its commit.

`ingest` keeps what it stored in `sensing_untold`, in the same transaction; here it is read and, once the broker has
acknowledged all of it, removed. So nothing hangs on the order in which transactions commit: what is there and can be
seen has not been told, whichever id it bears. Of one datastream the order is that of the commits, since `ingest` holds
its lock. Whoever is killed in between tells the same once more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import orjson
from django.db import connection, transaction

from guyub.kernel.cities.api import absolute
from guyub.rooms.sensing import reference
from guyub.rooms.sensing.messages import VERSION
from guyub.rooms.sensing.models import Outlet, Untold
from guyub.rooms.sensing.sta import tables
from guyub.rooms.sensing.sta.asking import Asked
from guyub.rooms.sensing.sta.entities import ENTITIES
from guyub.rooms.sensing.sta.phrasing import Viewer
from guyub.rooms.sensing.sta.plans import Plan
from guyub.rooms.sensing.sta.reading import Limits, Reader

MQTT = "mqtt"
_AT_ONCE = 5  # of at most a thousand values each
_NO_LIMITS = Limits(page=0, page_most=0, skip_most=0, count_most=0, rows_most=0, seconds=0)


class News(NamedTuple):
    """What to publish, as (topic below the city's, payload), and the keys to say `told` with afterwards."""

    keys: list[int]
    messages: list[tuple[str, bytes]]


def open_outlet(*, at: datetime) -> None:
    """From now on new values are kept for whoever calls this, until it has not come for days."""
    Outlet.objects.update_or_create(
        name=MQTT, defaults={"seen_at": at}, create_defaults={"since": at, "seen_at": at}
    )


def news(*, hidden: bool) -> News:
    """The oldest values that are not told yet; `hidden` ones of datastreams that are not public only if asked for."""
    rows = list(Untold.objects.order_by("pk")[:_AT_ONCE])
    streams = [key for row in rows for key in row.datastreams]
    times = [time for row in rows for time in row.times]
    return News([row.pk for row in rows], _messages(streams, times, hidden=hidden) if rows else [])


def _messages(streams: list[int], times: list[datetime], *, hidden: bool) -> list[tuple[str, bytes]]:
    """Each value twice: below its datastream, and among all. One that was removed meanwhile is left out."""
    reader = Reader(absolute(f"/sta/{VERSION}"), Viewer(), _NO_LIMITS)
    stated = Asked(expand={"Datastream": Asked(select=("id",))})
    plan = Plan(reader, ENTITIES["Observations"], stated, "t")
    put = plan.values.put
    table = (
        f"unnest({put(streams, 'bigint[]')}, {put(times, 'timestamptz[]')}) WITH ORDINALITY AS r (stream, time, n) "
        "JOIN sensing_observation t ON t.datastream_id = r.stream AND t.phenomenon_time = r.time"
    )
    wheres = [] if hidden else [reader.viewer.sees(plan.entity, "t", plan.values)]
    rows = tables.ask(plan.sql(wheres, [("r.n", "bigint", False)], table=table), plan.values.kept)
    at, made = plan.places["datastream_id"], []
    for row, tree in zip(rows, plan.make(rows), strict=True):
        tree["Datastream"] = {"@iot.id": row[at]}
        said = orjson.dumps(tree, option=orjson.OPT_UTC_Z)
        made += [
            (f"{VERSION}/Datastreams({row[at]})/Observations", said),
            (f"{VERSION}/Observations", said),
        ]
    return made


def told(keys: list[int]) -> None:
    """The broker has them."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sensing_untold WHERE id = ANY(%s)", [keys])


def count_untold() -> tuple[int, datetime | None]:
    """How many packets of values wait, and since when the first of them."""
    first = Untold.objects.order_by("pk").first()
    return (Untold.objects.count(), first.at) if first else (0, None)


@transaction.atomic
def close_forsaken(*, at: datetime) -> bool:
    """Nothing is kept any more for whom nobody runs; what was kept goes too, for it can be asked for over HTTP."""
    days = reference.amount("untold_kept", at=at)
    gone, _ = Outlet.objects.filter(seen_at__lt=at - timedelta(days=days)).delete()
    if gone:
        Untold.objects.all().delete()
    return bool(gone)
