"""What the SensorThings API costs, beside what lies below it: `ingest`, and the bare statement into the same table.

    python benchmarks/sta.py                     300,000 values of 5,000 datastreams (a minute)
    python benchmarks/sta.py --rows 20000000     does it still hold?

Requests go through the whole application (its WSGI handler, all middleware) in this process, which the database shares
with it on the same machine. Rounds are interleaved and medians are told, because these machines are shared; CPU is this
process's own, and the backend's where it is read from /proc.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "src")]

HOST = "bandung.localhost"
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
TICK = os.sysconf("SC_CLK_TCK")
ROUNDS = 3


def main() -> None:
    options = argparse.ArgumentParser(description="Measure what SensorThings costs.")
    options.add_argument("--rows", type=int, default=300_000)
    options.add_argument("--datastreams", type=int, default=5_000)
    options.add_argument("--only-reading", action="store_true")
    options.add_argument("--profile", default="", help="of one address, or of POST, instead of all measures")
    options.add_argument("--singles", type=int, default=1_500, help="single values a round")
    chosen = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "guyub.settings.test"
    import dj_database_url
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from guyub.founding import add_city
    from guyub.kernel.cities import api as cities
    from guyub.launch import postgres

    settings.ALLOWED_HOSTS = ["*"]
    with postgres.throwaway() as server:
        for alias, url in (("default", server.app_url), ("owner", server.owner_url)):
            given = dj_database_url.parse(url)
            for found in (connections[alias].settings_dict, connections.settings[alias]):
                found.update({key: given[key] for key in ("NAME", "USER", "HOST", "PORT")})
        cities.migrate_all()
        city = add_city(code="32.73", slug="bandung", hosts=[HOST], at=NOW)
        try:
            with cities.inside(city):
                key, streams = fill(chosen.rows, chosen.datastreams)
            with cities.inside(city):
                profile(chosen.profile, key, streams) if chosen.profile else run(key, streams, chosen)
        finally:
            connections.close_all()


def fill(rows: int, n: int) -> tuple[str, list[int]]:
    """An office's program, `n` public datastreams, and values spread over them, straight into the tables."""
    from django.db import connection

    from guyub.rooms.people.clients import add_client
    from guyub.rooms.people.models import Organisation
    from guyub.rooms.sensing.api import Row, ingest
    from guyub.rooms.sensing.models import Datastream, Location, ObservedProperty, Sensor, Thing
    from guyub.rooms.sensing.placing import place_thing

    office = Organisation.objects.exclude(key="").first()
    _, key = add_client(name="Tolok ukur", office=office.key, by=None, at=NOW)
    owner = {"owner": office, "description": "uji"}
    thing = Thing.objects.create(name="Alat", **owner)
    point = {"type": "Point", "coordinates": [107.6, -6.9]}
    place_thing(thing, [Location.objects.create(name="Tempat", location=point, **owner)], at=NOW)
    sensor = Sensor.objects.create(name="Sensor", encoding_type="text/plain", metadata="uji", **owner)
    observed = ObservedProperty.objects.create(name="Hujan", definition="urn:hujan", code="rain", **owner)
    made = Datastream.objects.bulk_create(
        Datastream(
            name=f"Deret {k}", thing=thing, sensor=sensor, observed_property=observed, observation_type="urn:m",
            unit_of_measurement={"name": "m", "symbol": "m", "definition": "m"}, is_public=True, **owner,
        )
        for k in range(n)
    )  # fmt: skip
    ids = [row.pk for row in made]
    began = time.monotonic()
    each = max(1, rows // n)
    block = max(1, 50_000 // each)
    for at in range(0, n, block):
        ingest(
            (
                Row(key, FIRST + timedelta(minutes=10 * k), float(k % 97))
                for key in ids[at : at + block]
                for k in range(each)
            ),
            at=NOW,
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sensing_observation")
        print(f"{cursor.fetchone()[0]:,} values of {n:,} datastreams, in {time.monotonic() - began:.0f} s.")
    return key, ids


# ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────


def ask(method: str, target: str, key: str = "", body: bytes = b"", host: str = HOST) -> tuple[int, bytes]:
    from guyub.sites.wsgi import django_application

    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": f"/sta/v1.1/{path}", "QUERY_STRING": query, "SERVER_NAME": host,
        "SERVER_PORT": "80", "HTTP_HOST": host, "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json", "REMOTE_ADDR": "127.0.0.1", "SCRIPT_NAME": "",
    }  # fmt: skip
    if key:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    told: list[str] = []
    answer = django_application(environ, lambda status, headers, problem=None: told.append(status))
    found = b"".join(answer)
    answer.close()  # type: ignore[attr-defined]
    return int(told[0][:3]), found


def run(key: str, streams: list[int], chosen: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    print(f"\n{'sending':44} median of {ROUNDS}")
    clock = Clock()
    sendings: dict[str, Callable[[], float]] = {
        "single POST, 1 thread (/s)": lambda: singles(key, streams, chosen.singles, 1, clock),
        "single POST, 4 threads (/s)": lambda: singles(key, streams, chosen.singles, 4, clock),
    }
    for size in (1_000, 10_000):
        sendings[f"dataArray {size:,} through the handler (obs/s)"] = lambda n=size: arrays(
            key, streams, n, clock
        )
        sendings[f"ingest {size:,} (obs/s)"] = lambda n=size: direct(streams, n, clock)
        sendings[f"bare INSERT unnest ON CONFLICT {size:,} (obs/s)"] = lambda n=size: bare(streams, n, clock)
    rates: dict[str, list[float]] = {name: [] for name in sendings}
    for _round in range(0 if chosen.only_reading else ROUNDS):
        for name, call in sendings.items():
            rates[name].append(call())
    for name, found in rates.items():
        print(f"{name:44} {statistics.median(found or [0]):12,.0f}")

    print(f"\n{'reading':64} wall ms   app ms   db ms")
    one = streams[0]
    newest = "$expand=Observations($top=1;$orderby=phenomenonTime%20desc"
    for name, target in {
        "(the way in alone: the root's list)": "",
        "100 newest values": "Observations?$top=100",
        "100 newest values of a datastream": f"Datastreams({one})/Observations?$top=100",
        "100 newest values in an array": "Observations?$top=100&$resultFormat=dataArray",
        "100 values from a time on": f"Datastreams({one})/Observations?$top=100&$filter=phenomenonTime%20ge%202025-01-01T00:00:00Z",
        "100 newest values with datastream and thing": "Observations?$top=100&$expand=Datastream/Thing",
        "count of all values": "Observations?$count=true&$top=1",
        f"latest of {len(streams):,} datastreams": "Datastreams/latest",
        "100 datastreams with their newest": f"Datastreams?{newest};$select=phenomenonTime,result)",
        "5,000 datastreams, name and newest": f"Datastreams?$top=5000&$select=id,name&{newest};$select=phenomenonTime,result)",
        "31 days by hour": f"Datastreams/buckets?datastream={one}&from=2025-01-01T00:00:00Z&until=2025-02-01T00:00:00Z",
    }.items():
        status, body = ask("GET", target)
        assert status == 200, (target, status, body[:300])
        wall, app, database = costs(lambda target=target: ask("GET", target), backend)
        print(f"{name:64} {wall:7.2f}  {app:7.2f}  {database:6.2f}   {len(body):>9,} bytes")
    from guyub.rooms.sensing.api import latest

    def single() -> None:
        body = json.dumps({"phenomenonTime": clock.take(1).isoformat(), "result": 1.5}).encode()
        assert ask("POST", f"Datastreams({one})/Observations", key, body)[0] == 201

    wall, app, database = costs(single, backend, times=300)
    print(f"{'a single value sent':64} {wall:7.2f}  {app:7.2f}  {database:6.2f}")
    wall, app, database = costs(lambda: latest(streams), backend)
    print(f"{'(the door: latest of all datastreams)':64} {wall:7.2f}  {app:7.2f}  {database:6.2f}")


def profile(target: str, key: str, streams: list[int]) -> None:
    import cProfile
    import pstats

    clock = Clock()

    def once() -> None:
        if target == "POST":
            body = json.dumps({"phenomenonTime": clock.take(1).isoformat(), "result": 1.5}).encode()
            ask("POST", f"Datastreams({streams[0]})/Observations", key, body)
        else:
            ask("GET", target)

    for _ in range(20):
        once()
    watched = cProfile.Profile()
    watched.enable()
    for _ in range(200):
        once()
    watched.disable()
    pstats.Stats(watched).sort_stats("tottime").print_stats(35)


def costs(call: Callable[[], Any], backend: int, times: int = 30) -> tuple[float, float, float]:
    for _ in range(3):
        call()
    walls, begun, database = [], time.thread_time(), cpu(backend)
    for _ in range(times):
        at = time.perf_counter()
        call()
        walls.append(time.perf_counter() - at)
    return (
        statistics.median(walls) * 1000,
        (time.thread_time() - begun) / times * 1000,
        (cpu(backend) - database) / times * 1000,
    )


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


# ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────


class Clock:
    """Times that no value has had."""

    def __init__(self) -> None:
        self.n, self.lock = 0, threading.Lock()

    def take(self, n: int) -> datetime:
        with self.lock:
            self.n += n
            return datetime(2025, 6, 1, tzinfo=UTC) + timedelta(milliseconds=self.n - n)


def singles(key: str, streams: list[int], n: int, threads: int, clock: Clock) -> float:
    from django.db import connections

    from guyub.kernel.cities import current

    def work(mine: list[int]) -> None:
        for stream in mine:
            at = clock.take(1).isoformat()
            body = json.dumps({"phenomenonTime": at, "result": 1.5}).encode()
            status, found = ask("POST", f"Datastreams({stream})/Observations", key, body)
            assert status == 201, found

    picked = [streams[k % len(streams)] for k in range(n)]
    begun = time.perf_counter()
    if threads == 1:
        work(picked)
    else:

        def apart(mine: list[int]) -> None:
            work(mine)
            connections.close_all()

        running = [threading.Thread(target=apart, args=(picked[k::threads],)) for k in range(threads)]
        for one in running:
            one.start()
        for one in running:
            one.join()
    found = n / (time.perf_counter() - begun)
    assert current.get_city()
    return found


def arrays(key: str, streams: list[int], n: int, clock: Clock) -> float:
    first = clock.take(n)
    rows = [[(first + timedelta(milliseconds=k)).isoformat(), k % 7 + 0.5] for k in range(n)]
    body = json.dumps([{"Datastream": {"@iot.id": streams[0]}, "components": ["phenomenonTime", "result"], "dataArray": rows}])  # fmt: skip
    begun = time.perf_counter()
    status, found = ask("POST", "CreateObservations", key, body.encode())
    assert status == 201, found[:200]
    return n / (time.perf_counter() - begun)


def direct(streams: list[int], n: int, clock: Clock) -> float:
    from guyub.rooms.sensing.api import Row, ingest

    first = clock.take(n)
    rows = [Row(streams[1], first + timedelta(milliseconds=k), k % 7 + 0.5) for k in range(n)]
    begun = time.perf_counter()
    ingest(rows, at=NOW)
    return n / (time.perf_counter() - begun)


def bare(streams: list[int], n: int, clock: Clock) -> float:
    from django.db import connection

    first = clock.take(n)
    times, results = [first + timedelta(milliseconds=k) for k in range(n)], [k % 7 + 0.5 for k in range(n)]
    sql = (
        "INSERT INTO sensing_observation (datastream_id, phenomenon_time, result_num, foi_id, received_at) "
        "SELECT %s, t, r, 1, now() FROM unnest(%s::timestamptz[], %s::float8[]) AS x (t, r) ON CONFLICT DO NOTHING"
    )
    begun = time.perf_counter()
    with connection.connection.cursor() as cursor:
        cursor.execute(sql, [streams[2], times, results])
    return n / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
