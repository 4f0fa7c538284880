"""What storing and reading values costs, beside the least that PostgreSQL itself takes for it, in one run.

    python benchmarks/sensing.py                    1,000,000 rows to read (a minute or two)
    python benchmarks/sensing.py --rows 20000000    does it still hold? (some minutes to fill)

`ingest` is measured beside a bare `INSERT … unnest … ON CONFLICT DO NOTHING` of the same rows and a binary COPY of
them, into the same table, by turns: the machine is shared, so ratios are what counts. Each commits, and each is given
what it needs ready made: the statement its arrays, COPY its tuples, `ingest` its rows. The statement and COPY check
nothing, flag nothing, and keep no newest values and no hours.

Single values are sent to web servers in processes of their own by lines that stay open, from requests ready made, each
answered after a commit that waits for the disk; beside them a bare `INSERT … ON CONFLICT` and COMMIT by as many
connections, and the same requests with a header that sends them through Django alone. CPU is that of the web processes
and of all processes of the database for a value.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
STREAMS = 5000
COLUMNS = "datastream_id, phenomenon_time, result_num, foi_id, received_at"
BARE = (
    f"INSERT INTO sensing_observation ({COLUMNS}) SELECT r.*, %s FROM unnest(%s::bigint[], %s::timestamptz[], "
    "%s::float8[], %s::bigint[]) AS r ON CONFLICT (datastream_id, phenomenon_time) DO NOTHING"
)
STAGED = (
    f"INSERT INTO sensing_observation ({COLUMNS}) SELECT {COLUMNS} FROM came "
    "ON CONFLICT (datastream_id, phenomenon_time) DO NOTHING"
)
COPY = f"COPY sensing_observation ({COLUMNS}) FROM STDIN (FORMAT BINARY)"


def main() -> None:
    options = argparse.ArgumentParser(description="Measure what values cost.")
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument(
        "--only-single", action="store_true", help="single values over HTTP, and nothing else"
    )
    chosen = options.parse_args()
    from guyub.launch import postgres

    with postgres.throwaway(durable=True) as server:
        urls = {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url}
        os.environ.update(urls, DJANGO_SETTINGS_MODULE="guyub.settings.test")
        city = _city()
        from guyub.kernel.cities import api as cities

        with cities.inside(city):
            streams = _streams()
            if not chosen.only_single:
                storing(streams, chosen.rounds)
            alone(streams, _key(), chosen.rounds, urls, server._hold.cluster.pid())
            if chosen.only_single:
                return
            fill(streams, chosen.rows)
            reading(streams)


def _city() -> Any:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    for alias, url in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        import dj_database_url

        given = dj_database_url.parse(os.environ[url])
        connections[alias].settings_dict.update({key: given[key] for key in ("NAME", "USER", "HOST", "PORT")})
        connections.settings[alias].update({key: given[key] for key in ("NAME", "USER", "HOST", "PORT")})
    assert settings.configured
    from guyub.founding import add_city
    from guyub.kernel.cities import api as cities

    cities.migrate_all()
    return add_city(code="33.75", slug="pekalongan", hosts=["pekalongan.test"], at=NOW)


def _streams() -> list[int]:
    from guyub.rooms.sensing.models import Datastream
    from guyub.rooms.sensing.tests.factories import a_datastream

    first = a_datastream(kind="sea_level", at=(-6.86, 109.69))
    from guyub.rooms.sensing.features import default_features

    default_features({first.pk})
    first.refresh_from_db()
    made = []
    for n in range(STREAMS - 1):
        row = Datastream.objects.get(pk=first.pk) if not made else made[0]
        values = {
            f.attname: getattr(row, f.attname) for f in Datastream._meta.concrete_fields if f.attname != "id"
        }
        made.append(Datastream(**{**values, "name": f"Deret {n}"}))
    return [first.pk, *(row.pk for row in Datastream.objects.bulk_create(made))]


def _key() -> str:
    """A program's key; all datastreams are its office's, and public."""
    from guyub.kernel.rulebook.models import Rule
    from guyub.rooms.people.clients import add_client
    from guyub.rooms.people.models import Organisation
    from guyub.rooms.sensing.models import Datastream

    office = Organisation.objects.exclude(key="").first()
    assert office is not None
    Datastream.objects.update(owner=office, is_public=True)
    rule = Rule.objects.get(key="sensing_api.sending")  # what comes is counted, and never too much
    Rule.objects.filter(pk=rule.pk).update(value={**rule.value, "client": 10**9})
    return add_client(name="Tolok ukur", office=office.key, by=None, at=NOW)[1]


class Times:
    """Batches of values that no batch before had: of one datastream, or of as many as it has rows."""

    def __init__(self, streams: list[int], feature: int) -> None:
        self.streams, self.feature = streams, feature
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def batch(self, size: int, *, spread: bool) -> list[tuple[int, datetime, float, int]]:
        if spread:
            self.at += timedelta(seconds=1)
            n = len(self.streams)
            return [
                (self.streams[i % n], self.at + timedelta(microseconds=i // n), i % 500 / 100, self.feature)
                for i in range(size)
            ]
        start = self.at = self.at + timedelta(seconds=1)
        return [
            (self.streams[0], start + timedelta(minutes=10 * i, microseconds=1), i % 500 / 100, self.feature)
            for i in range(size)
        ]


def storing(streams: list[int], rounds: int) -> None:
    from django.db import connection, transaction

    from guyub.rooms.sensing.ingesting import ingest
    from guyub.rooms.sensing.models import FeatureOfInterest
    from guyub.rooms.sensing.partitions import Months
    from guyub.rooms.sensing.rules import Row

    times = Times(streams, FeatureOfInterest.objects.get().pk)
    months = Months(at=NOW)
    for month in range(1, 5):
        months.takes(datetime(2026, month, 1, tzinfo=UTC))

    def bare(rows: list[Any]) -> Callable[[], None]:
        arrays = [list(column) for column in zip(*rows, strict=True)]

        def run() -> None:
            with transaction.atomic():
                connection.follow_city()
                connection.connection.execute(BARE, [NOW, *arrays])

        return run

    def copied(rows: list[Any]) -> Callable[[], None]:
        def run() -> None:
            with transaction.atomic():
                connection.follow_city()
                with connection.connection.cursor().copy(COPY) as copy:
                    copy.set_types(["int8", "timestamptz", "float8", "int8", "timestamptz"])
                    for row in rows:
                        copy.write_row((*row, NOW))

        return run

    def staged(rows: list[Any]) -> Callable[[], None]:
        def run() -> None:
            with transaction.atomic():
                connection.follow_city()
                connection.connection.execute(
                    "CREATE TEMP TABLE IF NOT EXISTS came (datastream_id int8, phenomenon_time timestamptz, result_num float8, foi_id int8, received_at timestamptz)"
                )
                connection.connection.execute("TRUNCATE came")
                with connection.connection.cursor().copy(COPY.replace("sensing_observation", "came")) as copy:
                    copy.set_types(["int8", "timestamptz", "float8", "int8", "timestamptz"])
                    for row in rows:
                        copy.write_row((*row, NOW))
                connection.connection.execute(STAGED)

        return run

    def ours(rows: list[Any]) -> Callable[[], None]:
        given = [Row(stream, at, value) for stream, at, value, _ in rows]

        def run() -> None:
            assert ingest(given, at=NOW)[0].state == "stored"

        return run

    print(f"{'stored':44}{'rows/s':>12}{'of the bare':>13}")
    for words, size, spread in (
        ("dataArray of one datastream", 1000, False),
        ("dataArray of one datastream", 10_000, False),
        ("one value of each datastream", 500, True),
        ("one value of each datastream", 5000, True),
    ):
        ways = {
            "INSERT … unnest … ON CONFLICT": bare,
            "COPY to a temporary table, then ON CONFLICT": staged,
            "binary COPY": copied,
            "ingest": ours,
        }
        found: dict[str, list[float]] = {name: [] for name in ways}
        for n in range(rounds + 2):
            for name, make in ways.items():
                run = make(times.batch(size, spread=spread))
                began = time.perf_counter()
                run()
                if n > 1:
                    found[name].append(size / (time.perf_counter() - began))
        base = statistics.median(found["INSERT … unnest … ON CONFLICT"])
        print(f"{words}, {size:,} rows")
        for name, each in found.items():
            print(f"  {name:42}{statistics.median(each):12,.0f}{statistics.median(each) / base:13.0%}")


BARE_ONE = (
    f"INSERT INTO sensing_observation ({COLUMNS}) VALUES (%s, %s, 1.5, %s, now()) "
    "ON CONFLICT (datastream_id, phenomenon_time) DO NOTHING"
)
DEVICES = 50


def alone(streams: list[int], key: str, rounds: int, urls: dict[str, str], first: int) -> None:
    """Single values: a bare statement, and requests to web servers as `guyub serve` runs them, by turns."""
    import psycopg
    from benchmarks.sta import cpu
    from django.db import connection

    from guyub.rooms.sensing.models import FeatureOfInterest

    feature, clock = FeatureOfInterest.objects.get().pk, itertools.count()
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        path = cursor.fetchone()[0].replace(" ", "")

    def moment() -> datetime:
        return datetime(2026, 5, 1, tzinfo=UTC) + timedelta(milliseconds=next(clock))

    def bare(ready: list[tuple[int, datetime]]) -> None:
        with psycopg.connect(urls["DATABASE_URL"], autocommit=True, options=f"-c search_path={path}") as own:
            for stream, at in ready:
                own.execute(BARE_ONE, [stream, at, feature], prepare=True)

    def inserted(side_by_side: int, n: int) -> None:
        ready = [(streams[k % DEVICES], moment()) for k in range(n)]
        with ThreadPoolExecutor(side_by_side) as threads:
            list(threads.map(bare, [ready[k::side_by_side] for k in range(side_by_side)]))

    def posted(ports: list[int], more: str, side_by_side: int, n: int) -> float:
        ready = [_request(streams[k % DEVICES], moment(), key, more) for k in range(n)]
        began = time.perf_counter()
        _send_all(ports, side_by_side, ready)
        return time.perf_counter() - began

    with _web(urls) as one, _web(urls) as other:
        webs, pids = [one[0], other[0]], [one[1], other[1]]
        for port in webs:  # a program is remembered by what it sent, and the first value makes its hour
            posted([port], "", 1, 2 * DEVICES)
        careful = "Prefer: whatever\r\n"  # not the usual request: Django answers
        ways: dict[str, Callable[[], Any]] = {}
        for n in (1, 8, 64):
            if n < 64:
                ways[f"bare INSERT and COMMIT, {n} at once"] = lambda n=n: inserted(n, 250 * n)
            ways[f"POST, {n} at once"] = lambda n=n: posted(
                webs[:1], "", n, 400 + 150 * n if n < 64 else 6000
            )
            ways[f"POST by Django alone, {n} at once"] = lambda n=n: posted(
                webs[:1], careful, n, 300 + 50 * n if n < 64 else 2000
            )
        ways["POST to two web processes, 64 at once"] = lambda: posted(webs, "", 64, 6000)
        found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
        with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as asking:

            def count() -> int:
                return asking.execute(
                    f"SELECT count(*) FROM {path.split(',')[0]}.sensing_observation"
                ).fetchone()[0]  # type: ignore[index]

            for _ in range(rounds):
                for name, way in ways.items():
                    before, web, database = count(), sum(map(cpu, pids)), _database_cpu(first)
                    began = time.perf_counter()
                    seconds = way() or time.perf_counter() - began
                    web, database = sum(map(cpu, pids)) - web, _database_cpu(first) - database
                    n = count() - before
                    found[name].append((n / seconds, 1e6 * web / n, 1e6 * database / n))
    print(f"{'single values, each committed':44}{'a second':>12}{'web µs':>10}{'db µs':>10}")
    for name, each in found.items():
        rate, web, database = (statistics.median(column) for column in zip(*each, strict=True))
        print(f"  {name:42}{rate:12,.0f}{web:10,.0f}{database:10,.0f}")


@contextmanager
def _web(urls: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A web server of its own process: its port and id."""
    from tests.processes import free_port

    port = free_port()
    env = os.environ | urls | {"PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(
        [sys.executable, "-m", "guyub", "serve", "--port", str(port)], env=env, cwd=ROOT
    )
    try:
        deadline = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < deadline, "no web server"
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _request(stream: int, at: datetime, key: str, more: str) -> bytes:
    body = b'{"phenomenonTime": "%s", "result": 1.5}' % at.isoformat().encode()
    head = (
        f"POST /sta/v1.1/Datastreams({stream})/Observations HTTP/1.1\r\nHost: pekalongan.test\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n{more}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _send_all(ports: list[int], side_by_side: int, ready: list[bytes]) -> None:
    """So many devices at once, each on a line of its own, which sends when it was answered."""
    left, lines = iter(ready), selectors.DefaultSelector()
    for n in range(side_by_side):
        line = socket.create_connection(("127.0.0.1", ports[n % len(ports)]))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines.register(line, selectors.EVENT_READ)
        line.sendall(next(left))
    while lines.get_map():
        for one, _ in lines.select():
            line = one.fileobj
            told = line.recv(65536)  # type: ignore[union-attr]
            assert told.startswith(b"HTTP/1.1 201"), told
            length = int(re.search(rb"content-length: (\d+)", told)[1])  # type: ignore[index]
            while len(told) < told.index(b"\r\n\r\n") + 4 + length:
                told += line.recv(65536)  # type: ignore[union-attr]
            request = next(left, None)
            if request is None:
                lines.unregister(line)
                line.close()  # type: ignore[union-attr]
            else:
                line.sendall(request)  # type: ignore[union-attr]


def _database_cpu(first: int) -> float:
    """Seconds of a server's first process and all of its others, also of those that have ended."""
    found = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(entry.name) == first:
                    found += sum(map(int, fields[11:15]))
                elif int(fields[1]) == first:
                    found += sum(map(int, fields[11:13]))
    return found / os.sysconf("SC_CLK_TCK")


def fill(streams: list[int], rows: int) -> None:
    """More rows by COPY, in the order of time, over at most five months."""
    from django.db import connection

    began, at = time.perf_counter(), datetime(2026, 6, 1, tzinfo=UTC)
    every = min(timedelta(days=150) / max(rows / len(streams), 1), timedelta(minutes=10))
    from guyub.rooms.sensing.models import FeatureOfInterest
    from guyub.rooms.sensing.partitions import Months

    feature, months = FeatureOfInterest.objects.get().pk, Months(at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    for month in range(6, 13):
        months.takes(datetime(2026, month, 1, tzinfo=UTC))
    for first in range(0, rows, 500_000):
        with connection.connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.set_types(["int8", "timestamptz", "float8", "int8", "timestamptz"])
            for n in range(first, min(first + 500_000, rows)):
                step, stream = divmod(n, len(streams))
                moment = at + every * step + timedelta(microseconds=7)
                copy.write_row((streams[stream], moment, n % 500 / 100, feature, NOW))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM sensing_observation")
        print(f"\n{cursor.fetchone()[0]:,} rows to read, filled in {time.perf_counter() - began:.0f} s")


def reading(streams: list[int]) -> None:
    from benchmarks.sta import ask, cpu
    from django.db import connection

    from guyub.rooms.sensing.queries import hourly, latest, series

    def asked(target: str) -> int:
        status, told = ask("GET", target, host="pekalongan.test")
        assert status == 200, told
        return told.count(b'"phenomenonTime":')

    asked("Observations?$top=1")  # a request ends a connection that has been open for long, as filling takes
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    start = datetime(2026, 6, 1, tzinfo=UTC)
    wanted = {
        "the 100 newest, as JSON": lambda: asked("Observations?$top=100"),
        "the 100 newest of a datastream, as JSON": lambda: asked(
            f"Datastreams({streams[7]})/Observations?$top=100"
        ),
        "latest value of 5,000 datastreams": lambda: len(latest(streams)),
        "the same, as JSON": lambda: asked("Datastreams/latest"),
        "series of two days": lambda: len(series(streams[7], start=start, until=start + timedelta(days=2))),
        "hours of a year": lambda: len(hourly(streams[0], start=start - timedelta(days=365), until=start)),
    }
    print(f"\n{'read':44}{'rows':>8}{'ms':>8}{'app ms':>8}{'db ms':>8}")
    for words, ask_once in wanted.items():
        rows = ask_once()
        each, cost, times = [], cpu(backend), 40
        used = time.thread_time()
        for _ in range(times):
            began = time.perf_counter()
            ask_once()
            each.append(1000 * (time.perf_counter() - began))
        app = 1000 * (time.thread_time() - used) / times
        database = 1000 * (cpu(backend) - cost) / times
        print(f"{words:44}{rows:8,}{statistics.median(each):8.2f}{app:8.2f}{database:8.2f}")


if __name__ == "__main__":
    main()
