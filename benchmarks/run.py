"""`make bench`: what a request costs in a city of 200,000 reports, beside the least it could cost, in one run.

CPU is the measure: the application's own (this process) plus PostgreSQL's (the backend's, read from /proc), per
request, medians of several rounds that are interleaved, because these machines are shared. `bare` is Django's handler
with nothing in it plus the page's main query alone. Nothing here can fail; query counts and page sizes are tests.

    make bench                 200,000 reports (some minutes to fill)
    make bench SIZE=5000       a quick look
    make bench SIZE=1000000    does it still hold?
    make bench ARGS=--keep     fill once, measure the same city again next time (`--keep` kept below var/)
    make bench ARGS=--years=5  the same reports once more for each year before: 1,000,000 to read, in a few minutes
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "src")]

ROUNDS = 7
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Measure:
    """A request or a piece of one: `aim` in ms, `bare` the query that it cannot do without."""

    name: str
    call: Callable[[], int]
    aim: float | None = None
    bare: Callable[[], int] | None = None
    times: int = 20
    app: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0


def main() -> None:
    options = argparse.ArgumentParser(description="Measure what requests cost.")
    options.add_argument(
        "--size", type=int, default=int(os.environ.get("SIZE", "200000")), help="reports in the city"
    )
    options.add_argument("--keep", action="store_true", help="keep the filled city for the next run")
    options.add_argument("--years", type=int, default=1, help="how many years of reports residents can read")
    options.add_argument("--only", default="", help="only the measures whose name has this in it")
    chosen = options.parse_args()
    from tests.processes import CHECKOUT, installation

    with contextlib.ExitStack() as stack:
        name = f"bench-{chosen.size}" if chosen.keep else ""
        folder = CHECKOUT / "var" / name if name else Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = stack.enter_context(installation(folder, reports=chosen.size, keep=name))
        os.environ.update(made.env)
        import django

        django.setup()
        from guyub.kernel.cities import api as cities

        print(f"\n{chosen.size:,} reports: {fill()}.")
        with cities.inside(cities.get_city_by_slug("bandung")):
            if chosen.years > 1:
                print(f"{lengthen(chosen.years):,} reports to read, of {chosen.years} years; cases of one.")
            wanted = measures()
            report(measure(wanted[:1] + [one for one in wanted[1:] if chosen.only in one.name]))
            if chosen.only:
                return
            form_weight(Path(made.env["GUYUB_STATIC"]))
            memory(made)


def fill() -> str:
    """The rest of the cities' year, its facts counted, the tables in order; returns how long it took in words."""
    from guyub.demo.filling import fill_rest
    from guyub.kernel.cities import api as cities
    from guyub.kernel.ledger import api as ledger

    began = time.monotonic()
    fill_rest()
    filled = time.monotonic()
    facts = sum(ledger.drain() for _ in cities.each_city())
    drained = time.monotonic()
    with cities.inside(cities.get_city_by_slug("bandung")):
        prepare_statistics()
    ended = time.monotonic()
    return (
        f"filled in {filled - began:.0f} s, {facts:,} facts counted in {drained - filled:.0f} s, "
        f"vacuumed in {ended - drained:.0f} s"
    )


def lengthen(years: int) -> int:
    """Put the year's reports into earlier years as well, as rows alone: what is read and looked through grows, at the
    same spots and with the same words. Cases, facts and figures stay those of one year. Returns how many there are.
    """
    from django.db import connection

    changed = {
        "uuid": "gen_random_uuid()",
        "submission": "gen_random_uuid()",
        "number": "'LAP-' || (substr(number, 5, 4)::int - 10 * k) || substr(number, 9)",
    } | {
        name: f"{name} - k * interval '364 days'"
        for name in ("submitted_at", "published_at", "ended_at", "changed_at")
    }
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = 'reports_report' AND is_generated = 'NEVER' AND column_name <> 'id'"
        )
        names = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM reports_report WHERE number LIKE 'LAP-201%%'")
        if not cursor.fetchone()[0]:
            cursor.execute(
                f"INSERT INTO reports_report ({', '.join(names)}) "
                f"SELECT {', '.join(changed.get(name, name) for name in names)} "
                "FROM reports_report, generate_series(1, %s) AS k ORDER BY k DESC, submitted_at",
                [years - 1],
            )
        prepare_statistics()
        cursor.execute("SELECT count(*) FROM reports_report")
        return cursor.fetchone()[0]


def prepare_statistics() -> None:
    from django.db import connection, connections

    from guyub.kernel.cities import api as cities
    from guyub.kernel.cities import current

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    with current.only_schema(cities.get_city().schema), connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


class Visitor:
    """Calls Django's own WSGI handler, without a network between."""

    def __init__(self, account: str = "") -> None:
        from guyub.sites.wsgi import django_application

        self.handler = django_application
        self.cookie = ""
        if account:
            self.sign_in(account)

    def sign_in(self, email: str) -> None:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from guyub.rooms.people.models import Account

        user = Account.objects.get(email=email)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session.save()
        self.cookie = f"guyub_sesi={session.session_key}"

    def ask(self, path: str, body: bytes = b"", **more: str) -> tuple[str, bytes]:
        path, _, query = path.partition("?")
        status: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "bandung.localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "bandung.localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_COOKIE": self.cookie,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            **more,
        }
        answer = self.handler(environ, lambda code, headers, exc=None: status.append(code))
        content = b"".join(answer)
        answer.close()
        return status[0], content

    def get(self, path: str) -> Callable[[], int]:
        def call() -> int:
            status, content = self.ask(path)
            assert status.startswith("200"), (path, status)
            return len(content)

        return call


def bare(sql: str, *params: object) -> Callable[[], int]:
    """The page's main query alone, on the same connection."""
    from django.db import connection

    def call() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return len(cursor.fetchall())

    return call


LIST = (
    "SELECT r.number, r.public_body, r.state, r.submitted_at FROM reports_report r "
    "WHERE NOT about_conduct ORDER BY submitted_at DESC, id DESC LIMIT 26"
)
FOUND = (
    "SELECT r.number, r.public_body, r.state, r.submitted_at FROM reports_report r "
    "WHERE public_words @@ %s::tsquery ORDER BY submitted_at DESC, id DESC LIMIT 26"
)
REQUESTS = (
    "SELECT json_agg(r)::text FROM (SELECT number, public_body, state, submitted_at, changed_at, lat, lon "
    "FROM reports_report WHERE NOT about_conduct ORDER BY submitted_at DESC, id DESC LIMIT %s) AS r"
)
OPEN311 = "/open311/v2/requests"
INBOX = "SELECT * FROM casework_case WHERE office_id = %s AND is_open ORDER BY due_at, id LIMIT 51"
RECENT = "SELECT * FROM casework_case WHERE NOT is_restricted ORDER BY updated_at DESC, id DESC LIMIT 51"
FACTS = "SELECT * FROM ledger_fact WHERE subject = %s ORDER BY id"
CELLS = "SELECT lat, lon, open FROM reports_mapcell WHERE resolution = 7"
POINTS = (
    "SELECT json_agg(r)::text FROM (SELECT number, lat, lon, state FROM reports_report "
    "ORDER BY id DESC LIMIT 300) AS r"
)
BOX = "/laporan/peta.json?bbox=107.595,-6.925,107.622,-6.898"


def measures() -> list[Measure]:
    from guyub.rooms.casework.api import Case
    from guyub.rooms.reports.models import Report

    anyone, officer = Visitor(), Visitor("koordinator@demo.guyub.example")
    agency = Visitor("penghubung@demo.guyub.example")
    published = Report.objects.filter(published_at__isnull=False, about_conduct=False, is_confidential=False)
    number = published.order_by("-submitted_at").values_list("number", flat=True)[0]
    facts = bare(FACTS, Case.objects.filter(number=number).get().subject)
    page = f"/laporan/{number}/"
    return [
        Measure("bare handler (/healthz)", anyone.get("/healthz"), times=200),
        Measure("map, box of 3 km", anyone.get(BOX), 5, bare(POINTS)),
        Measure("map, whole city", anyone.get("/laporan/peta.json"), 5, bare(CELLS)),
        Measure("public list", anyone.get("/laporan/"), 8, bare(LIST)),
        Measure("search, one word", anyone.get("/laporan/?cari=jalan"), 8, bare(FOUND, "'jalan'")),
        Measure(
            "search, two words", anyone.get("/laporan/?cari=lampu+padam"), 8, bare(FOUND, "'lampu' & 'padam'")
        ),
        Measure("search, rare word", anyone.get("/laporan/?cari=rumput"), 8, bare(FOUND, "'rumput'")),
        Measure("Open311, 100 as JSON", anyone.get(f"{OPEN311}.json?page_size=100"), 2, bare(REQUESTS, 100)),
        Measure("Open311, 1,000 as JSON", anyone.get(f"{OPEN311}.json"), 10, bare(REQUESTS, 1000), times=5),
        Measure("Open311, 100 as XML", anyone.get(f"{OPEN311}.xml?page_size=100"), 6, bare(REQUESTS, 100)),
        Measure("Open311, 1,000 as XML", anyone.get(f"{OPEN311}.xml"), 30, bare(REQUESTS, 1000), times=5),
        Measure("report page", anyone.get(page), 8, facts),
        Measure("home page", anyone.get("/"), 8, bare(LIST)),
        Measure("report form", anyone.get("/laporan/baru/"), 8),
        Measure("figures, city (kept)", anyone.get("/kinerja/"), 8),
        Measure("figures, city, a year (counted)", figures("", "", "365-hari"), None, times=5),
        Measure("figures, city, 90 days (counted)", figures("", "", "90-hari"), None, times=5),
        Measure("figures, kecamatan (counted)", figures("wilayah", "32.73.02", "365-hari"), 8),
        Measure("figures, agency (counted)", figures("kantor", _agency_key(), "365-hari"), 8),
        Measure("figures, category (counted)", figures("kategori", "sampah", "365-hari"), 8),
        Measure("reports behind a figure", anyone.get("/kinerja/laporan/?angka=dikonfirmasi"), 8),
        Measure("inbox (agency)", agency.get("/petugas/"), 8, bare(INBOX, _agency_office())),
        Measure("inbox (coordinator)", officer.get("/petugas/"), 8, bare(INBOX, _agency_office())),
        Measure("all cases (coordinator)", officer.get("/petugas/semua/"), 8, bare(RECENT)),
        Measure("officers' search", officer.get("/petugas/semua/?cari=lampu+padam"), None, bare(RECENT)),
        Measure("case page on the desk", officer.get(f"/petugas{page}"), 8, facts),
        Measure("submit without photo", submit(anyone), 4, bare_insert()),
        Measure(
            "submit with photo, 300 KB", submit(Visitor(), photo=a_photo()), None, bare_insert(), times=3
        ),
        Measure("nearby-duplicate check", nearby_check(), 1, bare_near(), times=50),
    ]


def figures(kind: str, code: str, period: str) -> Callable[[], int]:
    """The figures themselves, counted anew each time; a page keeps them for a minute."""
    from django.utils import timezone

    from guyub.rooms.performance import queries, rules

    at = timezone.now()
    offered = rules.periods(today=timezone.localdate(), windows=(90, 365))
    chosen = next(one for one in offered if one.key == period)
    scope = queries.scope_of(kind, code)

    def count() -> int:
        queries._kept.forget()
        return len(queries.figures(scope=scope, period=chosen, least=20, at=at).groups)

    return count


def _agency_key() -> str:
    from guyub.rooms.people import api as people

    return people.directory().get(_agency_office()).key


def _agency_office() -> int:
    from guyub.rooms.people import api as people

    found = people.directory().find_key("pu")
    assert found
    return found.id


def a_photo() -> bytes:
    """A JPEG of a phone's making after the form has shrunk it: 1,600 × 1,200, some 300 KB of grain and edges."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(3)
    coarse = Image.fromarray(rng.integers(40, 215, (75, 100, 3), dtype=np.uint8)).resize((1600, 1200))
    grain = np.asarray(coarse, dtype=np.int16) + rng.integers(-9, 10, (1200, 1600, 1))
    out = io.BytesIO()
    Image.fromarray(grain.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=72)
    return out.getvalue()


def submit(visitor: Visitor, photo: bytes = b"") -> Callable[[], int]:
    """The form's own POST, as a phone with JavaScript sends it; with a photo as one without sends it."""
    import re

    from django.middleware.csrf import _get_new_csrf_string, _mask_cipher_secret

    from guyub.rooms.places import api as places

    secret = _get_new_csrf_string()
    visitor.cookie = f"guyub_csrf={secret}"
    place = places.gazetteer().settlements[3]

    def call() -> int:
        fields = {
            "csrfmiddlewaretoken": _mask_cipher_secret(secret),
            "submission": str(uuid.uuid4()),
            "report_class": "PENGADUAN",
            "category": "kebisingan",
            "body": "Suara pengeras dari acara semalam terdengar sampai lewat tengah malam, mohon ditegur.",
            "place": place.code,
            "is_anonymous": "on",
            "about_conduct": "on",
        }
        body, kind = _as_form(fields, photo)
        status, content = visitor.ask(
            "/laporan/baru/", body, HTTP_ACCEPT="application/json", CONTENT_TYPE=kind
        )
        assert status[:1] == "2", (status, content[:600])
        assert b"LAP-" in content, content[:600]
        return len(re.sub(rb"\s+", b" ", content))

    return call


def _as_form(fields: dict[str, str], photo: bytes) -> tuple[bytes, str]:
    from urllib.parse import urlencode

    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    if not photo:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    file = io.BytesIO(photo)
    file.name = "foto.jpg"
    return encode_multipart(BOUNDARY, {**fields, "photos": file}), MULTIPART_CONTENT


NEAR = (
    "SELECT number, lat, lon, submitted_at, state, public_body, tsvector_to_array(public_words) FROM reports_report "
    "WHERE category_id = ANY(%s) AND h3_9 = ANY(%s) AND submitted_at > %s AND published_at IS NOT NULL"
)


def _busy_spot() -> Any:
    """A published report with a point in the kelurahan that reports most: where the check has most to compare."""
    from guyub.rooms.reports.models import Report

    rows = Report.objects.filter(h3_9__isnull=False, published_at__isnull=False, is_confidential=False)
    return rows.select_related("category", "place").order_by("-submitted_at")[10]


def nearby_check() -> Callable[[], int]:
    """What the form asks before it sends, without the page around it: the query, the scores, the reasons."""
    from guyub.rooms.reports.nearby import similar_reports

    one = _busy_spot()

    def call() -> int:
        return len(
            similar_reports(
                category=one.category.code,
                place=one.place.code,
                text=one.public_body,
                lat=one.lat,
                lon=one.lon,
                at=one.submitted_at,
            )
        )

    return call


def bare_near() -> Callable[[], int]:
    from datetime import timedelta

    import h3.api.basic_int as h3

    from guyub.rooms.reports.categories import categories

    one = _busy_spot()
    kin = [row.pk for row in categories().offered if row.group == one.category.group]
    return bare(NEAR, kin, list(h3.grid_disk(one.h3_9, 1)), one.submitted_at - timedelta(days=30))


def bare_insert() -> Callable[[], int]:
    """One durable row of the ledger's size: what the commit itself costs."""
    from django.db import connection

    def call() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO notices_notice "
                "(uuid, key, recipient, subject, body, link, leave, language, created_at, attempts, problem) "
                "VALUES (gen_random_uuid(), gen_random_uuid()::text, '', '', repeat('x', 400), '', '', 'id', now(), 0, '')"
            )
        return 0

    return call


def measure(chosen: list[Measure]) -> list[Measure]:
    """Interleaved rounds, so that whatever else runs on the machine touches all alike."""
    for one in chosen:
        one.call()
        one.size = one.call()
        one.queries = count_queries(one.call)
    for _ in range(ROUNDS):
        for one in chosen:
            app, database = cpu_of(one.call, one.times)
            one.app.append(app)
            one.database.append(database)
            if one.bare:
                one.least.append(sum(cpu_of(one.bare, one.times)))
    return chosen


def cpu_of(call: Callable[[], int], times: int) -> tuple[float, float]:
    """Milliseconds of CPU a call: the application's and the database's."""
    pid = backend_pid()
    app, database = time.process_time(), backend_cpu(pid)
    for _ in range(times):
        call()
    app, database = time.process_time() - app, backend_cpu(pid) - database
    return app / times * 1000, database / times * 1000


def count_queries(call: Callable[[], int]) -> int:
    from django.db import connection

    seen: list[str] = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        call()
    return len(seen)


def backend_pid() -> int:
    from django.db import connection

    from guyub.kernel.cities import api as cities

    cities.enter(cities.get_city_by_slug("bandung"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def backend_cpu(pid: int) -> float:
    """Seconds of CPU that a PostgreSQL backend has used; /proc counts in ticks of 10 ms, rounds even it out."""
    try:
        with open(f"/proc/{pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK


def report(done: list[Measure]) -> None:
    handler = statistics.median(done[0].app)
    print(
        f"\n{'':26} {'bytes':>8} {'queries':>8} {'app ms':>7} {'db ms':>7} {'sum':>7} {'aim':>5} {'bare':>6} {'ratio':>6}"
    )
    for one in done:
        app, database = statistics.median(one.app), statistics.median(one.database)
        least = handler + (statistics.median(one.least) if one.least else 0)
        print(
            f"{one.name:26} {one.size:8,} {one.queries:8} {app:7.2f} {database:7.2f} {app + database:7.2f} "
            f"{'' if one.aim is None else format(one.aim, 'g'):>5} {least:6.2f} {(app + database) / least:6.1f}"
        )


def form_weight(static: Path) -> None:
    """The report form's first visit: the page and what its head names, compressed."""
    import gzip
    import re

    _, page = Visitor().ask("/laporan/baru/")
    names = set(re.findall(rb'(?:href|src)="(/static/[^"#]+)', page))
    parts = {"page": page} | {
        n.decode(): (static / n.decode().removeprefix("/static/")).read_bytes() for n in names
    }
    print("\nThe report form's first visit, compressed (aim 60 KB):")
    total = 0
    for name, content in parts.items():
        size = len(gzip.compress(content))
        total += size
        print(f"  {size / 1024:6.1f} KB  {name}")
    print(f"  {total / 1024:6.1f} KB  together")


def memory(made: Any) -> None:
    """What a real web worker holds after it has shown every kind of page in both languages."""
    made.start("web")
    paths = ["/", "/laporan/", "/laporan/?cari=jalan", "/laporan/baru/", "/laporan/peta.json", "/wilayah/"]
    paths += ["/wilayah/batas.json", "/tentang/", "/bukti/", "/masuk/"]
    for path in [prefix + path for prefix in ("", "/en") for path in paths] * 20:
        request = urllib.request.Request(made.url(path, "127.0.0.1"), headers={"Host": "bandung.localhost"})
        urllib.request.urlopen(request, timeout=30).read()
    status = Path(f"/proc/{made.processes['web'].pid}/status").read_text()
    resident = int(status.split("VmRSS:")[1].split()[0]) / 1024
    print(f"\nA web worker after {len(paths) * 40} pages: {resident:.0f} MB resident (aim 130).")


if __name__ == "__main__":
    main()
