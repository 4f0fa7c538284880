"""Hostile input: an answer below 500 to anything, and never a half-written row."""

from __future__ import annotations

import io
import json
import logging
import uuid
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.urls import Resolver404, get_resolver, resolve
from django.utils.encoding import repercent_broken_unicode
from PIL import Image

from guyub.kernel.access.api import gate_of
from guyub.kernel.cities import api as cities
from guyub.kernel.files import api as files
from guyub.kernel.files.photos import MAX_BYTES
from guyub.rooms.casework.models import Case
from guyub.rooms.reports.models import Draft, Report, Support
from guyub.rooms.reports.web import flood
from tests.architecture.test_house import routes
from tests.factories import picture
from tests.security.conftest import Browser, count_rows
from tests.security.test_routes import TABLE, filled

pytestmark = pytest.mark.django_db

LONG = "A" * 10_000
JUNK = (
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "-1",
    "9" * 30,
    "9" * 5000,
    "NaN",
    "1e309",
    "' OR 1=1 --",
    "%3Cscript%3E",
    "%D9%A3",
    "LAP-2026-999999",
    "LAP-2026-000001%00",
    "..%2F..%2Fetc%2Fpasswd",
    "0b3a1a4e-0000-4000-8000-000000000000",
    "%F0%9F%92%A9",
    "1,2,NaN,inf",
    LONG,
)
LISTS = ("status", "kategori", "wilayah", "waktu", "tampil", "bbox", "sebelum", "sesudah")
PARAMETERS = {
    "laporan/": LISTS,  # the map reads its own by the same code
    "laporan/peta.json": ("bbox",),
    "laporan/baru/": ("draft", "kategori", "tempat"),
    "bukti/": ("sebelum",),
    "masuk/": ("next",),
    "saya/": ("hal",),
    "kebutuhan/": ("tema", "jenis", "wilayah", "selesai", "hal"),
    "tawaran/": ("tema", "hal"),
    "petugas/kebutuhan/baru/": ("laporan", "kantor"),
    "petugas/kebutuhan/laporan/": ("wilayah", "kategori", "hari"),
    "petugas/kebutuhan/<str:number>/ajak/": ("tawaran", "mitra"),
    "petugas/": ("hal", "keadaan", "wilayah"),
    "petugas/semua/": ("hal", "cari"),
    "laporan/ikuti/<str:key>/": ("terkirim", "sesudah"),
    "berkas/<uuid:uuid>.jpg": ("s",),
}
HEADERS = (
    {"accept-language": "xx-!!;q=abc, *;q=9, " + "en," * 500},
    {"accept-language": "\x7f\xff"},
    {"accept": ";;;q=x,/,*"},
    {"accept": "text/html;a*=nothing''x"},
    {"content-type": "text/plain; charset=rot13"},
    {"content-type": "text/plain; charset=utf-7"},
    {"content-type": "multipart/form-data"},
    {"cookie": 'guyub_sesi="abcdefghij\\000klm"'},
    {"cookie": "guyub_sesi=" + "a" * 32 + "; guyub_csrf=\x01; guyub_perangkat=-; guyub_bahasa=../.."},
    {"cookie": "guyub_perangkat=abc-%00; =;;;=; guyub_sesi"},
    {"cookie": 'guyub_perangkat="\\377\\000-\\377"; guyub_sesi=' + LONG},
    {"if-none-match": '"', "if-modified-since": "yesterday", "range": "bytes=-99999999999-"},
    {"hx-request": "true", "hx-current-url": "http://[", "hx-target": "\xff"},
    {"hx-request": "maybe", "hx-boosted": "\x00"},
    {"x-forwarded-for": "' OR 1=1", "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher"},
    {"origin": "null", "referer": "http://[::"},
)
METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW")


@pytest.fixture
def quiet() -> Iterator[None]:
    """Refusals are what these tests ask for; the log need not tell of each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def addresses(scene, person: str) -> Iterator[tuple[str, str]]:
    """Every route once, with arguments that mean something and on which an empty POST changes nothing: those of
    the desk and of an account to an officer, all others to nobody."""
    done = set()
    for where, path, *_ in TABLE:
        inside = path.startswith(("/petugas", "/saya", "/masuk/kedua", "/masuk/tujuan"))
        if where not in done and where != "keluar/" and inside == (person == "lurah"):
            done.add(where)
            bare = path.partition("?")[0]  # what is asked of it comes with each test
            bare = bare.replace("{published}/dukung", "{rejected}/dukung")
            bare = bare.replace(
                "{flood}/pastikan", "{flood_report}/pastikan"
            )  # a report's number is no group's
            yield where, filled(bare, scene)


def is_route(path: str) -> bool:
    """Whether an address reaches a view, read as the server reads it."""
    try:
        resolve(repercent_broken_unicode(unquote_to_bytes(path)).decode())
    except Resolver404:
        return False
    return True


def refused(answer, what: object) -> None:
    assert answer.status_code < 500, (answer.status_code, str(what)[:300])


@pytest.mark.parametrize("person", ["nobody", "lurah"])
def test_addresses(scene, quiet, person):
    browser, before = scene.browser(person), count_rows()
    for where, view in routes(get_resolver()):
        shapes = ("<str:", "<uuid:", "<int:")
        if not any(shape in where for shape in shapes):
            continue
        unknown = 0
        for junk in JUNK:
            path = where
            while "<" in path:
                start, end = path.index("<"), path.index(">")
                path = path[:start] + junk + path[end + 1 :]
            # What no route takes is one page of the house, whatever it was: two of each route will do.
            reaches = is_route("/" + path)
            unknown += not reaches
            if not reaches and unknown > 2:
                continue
            for method in ("GET", "POST"):
                refused(browser.generic(method, "/" + path), (method, path))
        assert gate_of(view)
    assert count_rows() == before


@pytest.mark.parametrize("person", ["nobody", "lurah"])
def test_queries(scene, quiet, person):
    before, browser = count_rows(), scene.browser(person)
    for where, path in addresses(scene, person):
        for name in PARAMETERS.get(where, ("next",)):
            for junk in JUNK if where in PARAMETERS else ("%00",):
                refused(browser.get(f"{path}?{name}={junk}"), (path, name, junk))
        if where not in PARAMETERS:
            continue
        refused(browser.get(path + "?" + "a=1&" * 500), (path, "many"))
        refused(browser.get(path + "?a=" + "b" * 200_000), (path, "huge"))
    assert count_rows() == before


@pytest.mark.parametrize("person", ["nobody", "lurah"])
def test_headers_and_methods(scene, quiet, person):
    browser, before = scene.browser(person), count_rows()
    for _, path in addresses(scene, person):
        for sent in HEADERS:
            refused(browser.get(path, headers=sent), (path, sent))
        for method in METHODS:
            refused(browser.generic(method, path), (path, method))
    for sent in HEADERS[2:7]:
        refused(browser.post("/laporan/baru/", {}, headers=sent), sent)
    assert count_rows() == before


def multipart(fields: bytes) -> bytes:
    return b"--x\r\n" + fields + b"\r\n--x--\r\n"


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
BODIES = (
    (b"{", "application/json"),
    (json.dumps({"body": "x", "verb": "confirm"}).encode(), "application/json"),
    (b"<a/>", "text/xml"),
    (b"\xff\xfe\x00", FORM),
    (b"body=%00%FF&verb=%00&email=%00@x.test&code=%00&words=%00&stamp=%00&draft=%00&remove=%00", FORM),
    (b"a=1&" * 300, FORM),
    (b"a=" + b"x" * 400_000, FORM),
    (b"a=1", FORM + "; charset=rot13"),
    (b"no boundary", "multipart/form-data"),
    (b"--x\r\nContent-Disp", PARTS),
    (multipart(b'Content-Disposition: form-data; name="body"\r\n\r\n\xff\xfe'), PARTS),
    (
        multipart(b'Content-Disposition: form-data; name="email"\r\n\r\na@b+2AA-.co'),
        PARTS + "; charset=utf-7",
    ),
    (multipart(b'Content-Disposition: form-data; name="verb"\r\n\r\nx'), PARTS + "; charset=idna"),
    (
        multipart(b'Content-Disposition: form-data; name="photos"; filename="../../a\x00.jpg"\r\n\r\nno'),
        PARTS,
    ),
    (
        multipart(b'Content-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name="a"\r\n\r\n!'),
        PARTS,
    ),
    (
        multipart(b'\r\n--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n1\r\n' * 20),
        PARTS,
    ),
)


@pytest.mark.parametrize("person", ["nobody", "lurah"])
def test_bodies(scene, quiet, person):
    browser, before = scene.browser(person), count_rows(besides=("django_session", "reports_draft"))
    for _, path in addresses(scene, person):
        for body, kind in BODIES:
            refused(browser.generic("POST", path, body, content_type=kind), (path, kind, body[:60]))
    assert count_rows(besides=("django_session", "reports_draft")) == before


TEXT = ("\0", "\x1b[2J", "\u202e", "\ud7ff\ufffe", "<script>alert(1)</script>", "a\r\nBcc: x@y.test", LONG)
FIELDS = {
    "submission": (*TEXT, "", "0", "{" + "0" * 32 + "}"),
    "draft": (*TEXT, "0", str(uuid.uuid4())),
    "report_class": (*TEXT, "", "ADUAN"),
    "category": (*TEXT, "", "tidak-ada"),
    "place": (*TEXT, "", "32.73", "99.99.99.9999"),
    "body": (*TEXT, "", " " * 50),
    "landmark": TEXT,
    "rw": (*TEXT, "-1", "9999", "٣"),
    "lat": (*TEXT, "NaN", "inf", "1e999", "-91", "6,9", "٣"),
    "lon": (*TEXT, "NaN", "-inf", "1e999", "181"),
    "name": TEXT,
    "email": (*TEXT, "a@b", "a@b.test\nBcc: c@d.test", "a@" + "b" * 300 + ".test"),
    "phone": (*TEXT, "<b>", "+" * 24),
    "is_anonymous": TEXT,
    "about_conduct": TEXT,
    "remove": TEXT,
}


def test_each_field_of_a_report_is_taken_whole_or_not_at_all(scene, quiet):
    """Whatever one field holds: a report with its case and two facts, or nothing."""
    whole = ("reports_report", "casework_case", "ledger_fact", "reports_draft", "people_contact")
    browser, before = Browser(), count_rows()
    for name, values in FIELDS.items():
        for value in values:
            sent = {
                "submission": str(uuid.uuid4()),
                "report_class": "PENGADUAN",
                "category": "sampah",
                "body": "Sampah menumpuk di tepi jalan sejak tiga hari.",
                "place": "32.73.01.1001" if name != "place" else "",
                "lat": "-6.9" if name == "lon" else "",
                "lon": "107.6" if name == "lat" else "",
                name: value,
            }
            answer = browser.post("/laporan/baru/", sent, headers={"accept": "application/json"})
            refused(answer, (name, value))
            after = count_rows()
            grown = {table: after[table] - before.get(table, 0) for table in after}
            if "number" in (answer.json() if answer.status_code == 200 else {}):
                assert (grown["reports_report"], grown["casework_case"], grown["ledger_fact"]) == (1, 1, 2)
            else:
                assert not any(grown.get(table, 0) for table in whole[:3]), (name, value)
            assert {table for table, n in grown.items() if n} <= {*whole, "reports_numbering"}
            before = after


DESK_FIELDS = {
    "teruskan": ("office", "code", "reason"),
    "jadwalkan": ("month",),
    "putuskan": ("decision",),
    "tolak": ("reason", "words"),
    "selesaikan": ("draft",),
}


def test_each_field_of_the_desk(scene, quiet):
    browser = scene.browser("lurah")
    number = scene.number("published")
    for verb, names in DESK_FIELDS.items():
        for name in names:
            for value in (*TEXT, "-1", "9" * 30):
                sent = {"stamp": scene.case("published").updated_at.isoformat(), name: value}
                refused(browser.post(f"/petugas/laporan/{number}/{verb}/", sent), (verb, name, value))
    for stamp in (*TEXT, "2026-01-01", "9999-99-99T00:00:00Z", "+999999-01-01", "0001-01-01T00:00:00+23:59"):
        sent = {"stamp": stamp, "words": "Petugas akan datang."}
        answer = browser.post(f"/petugas/laporan/{number}/jawab/", sent)
        assert answer.status_code == 409, stamp


HOSTS = {
    "bandung.localhost": 200,
    "bandung.localhost:8000": 200,
    "BANDUNG.LocalHost": 200,
    "bandung.localhost.": 200,
    "bandung.localhost.:80": 200,
    "127.0.0.1": 200,  # an address alone is the default city's, where one is set
    "[::1]": 200,
    "[::1]:8000": 200,
    "nowhere.test": 404,
    "bandung.localhost.evil.example": 404,
    "evil.example:bandung.localhost": 400,
    "bandung.localhost@evil.example": 400,
    "bandung.localhost/evil": 400,
    "bandung.localhost, evil.example": 400,
    "[::1": 400,
    "a b": 400,
    "": 400,
    "\xff": 400,
    "bandung.localhost:8000:9000": 400,
    "." * 300: 404,
}


def test_hosts(scene, quiet):
    for host, status in HOSTS.items():
        answer = Browser(host=host).get("/", headers={"x-forwarded-host": "evil.example"})
        assert answer.status_code == status, host
        assert "evil.example/" not in answer.content.decode(), host


def test_an_address_alone_is_nobody_where_no_city_is_the_default(scene, quiet, settings):
    settings.GUYUB_DEFAULT_CITY = ""
    for host in ("127.0.0.1", "[::1]:8000", "localhost"):
        assert Browser(host=host).get("/").status_code == 404


# The link itself is the authority there: see the note above `follow`.
WITHOUT_TOKEN = {
    "tugas/<str:key>/",
    "banjir/ikuti/<str:key>/",
    "laporan/ikuti/<str:key>/",
    "laporan/ikuti/<str:key>/foto/",
    "laporan/ikuti/<str:key>/foto/<uuid:photo>/",
    "laporan/ikuti/<str:key>/data/",
    "mengikuti/ya/<str:key>/",
    "mengikuti/atur/<str:key>/",
    "mengikuti/berhenti/<str:key>/",
    "percakapan/berhenti/<str:key>/",
    "peringatan/setuju/<str:key>/",
}


BY_PROGRAMS = ("open311/", "kiriman/", "sta/")  # they come with a key, and no cookie counts


def test_a_form_without_its_token_is_refused_with_a_page(scene, quiet):
    before = count_rows()
    for person in ("nobody", "koordinator"):
        browser = scene.browser(person, enforce_csrf_checks=True)
        for where, path, *_ in TABLE:
            answer = browser.post(filled(path, scene), {"verb": "confirm"})
            if where.startswith(BY_PROGRAMS):
                continue
            if where in WITHOUT_TOKEN:
                assert answer.status_code != 403
            else:
                assert answer.status_code == 403, path
                assert "<h1" in answer.content.decode()
    assert count_rows() == before


def test_pressing_twice_and_from_two_browsers_sends_once(scene):
    sent = {
        "submission": str(uuid.uuid4()),
        "report_class": "PENGADUAN",
        "category": "sampah",
        "body": "Sampah menumpuk di tepi jalan sejak tiga hari.",
        "place": "32.73.01.1001",
    }
    answers = [Browser().post("/laporan/baru/", sent) for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}
    assert Report.objects.filter(submission=sent["submission"]).count() == 1


def test_large_and_many_uploads(scene, quiet):
    """Too large, too many, no photo, a bomb: said at the field, and the report waits."""
    big = io.BytesIO(b"\xff\xd8" + b"\0" * MAX_BYTES)
    big.name = "besar.jpg"
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    bomb = io.BytesIO(out.getvalue())
    bomb.name = "bom.png"
    many = [
        picture(f"{n}.jpg", colour)
        for n, colour in enumerate(("red", "blue", "green", "gold", "pink", "teal"))
    ]
    for uploads, refusals in (([big], 1), ([bomb], 1), (many, 1)):
        before, shots = count_rows(), files.Photo.objects.count()
        answer = Browser().post("/laporan/baru/", {"photos": uploads, "body": "x"})
        assert answer.status_code == 422
        assert count_rows()["reports_report"] == before["reports_report"]
        assert files.Photo.objects.count() - shots == len(uploads) - refusals
    refused(Browser().post("/laporan/baru/", {"photos": [picture(f"{n}.jpg") for n in range(20)]}), "20")


def test_a_photo_with_a_broken_exif_is_refused_or_kept_and_never_fails(scene, now):
    """EXIF is bytes of strangers: it is read, turned by, and left out."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "kamera"
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=exif.tobytes())
    raw = out.getvalue()
    start, kept = raw.index(b"Exif") + 6, 0
    for place in range(8, 40):
        for value in (0, 2, 4, 9, 12, 255):
            broken = bytearray(raw)
            broken[start + place] = value
            try:
                files.store_photo(io.BytesIO(bytes(broken)), at=now, subject="uji")
                kept += 1
            except files.NotAPhoto:
                pass
    assert kept


def test_a_dispute_keeps_photos_only_while_an_office_waits_for_it(scene, quiet, monkeypatch):
    monkeypatch.setattr("guyub.kernel.limits.web.limit_of", lambda what, at: flood.Limit(600, 30, 5, 5))
    browser = Browser()
    for _ in range(2):
        answer = browser.post(
            f"/laporan/ikuti/{scene.key('fresh')}/",
            {"verb": "dispute", "photos": picture(), "words": "Belum."},
        )
        assert answer.status_code == 409
    assert (Draft.objects.count(), files.Photo.objects.filter(draft__isnull=False).count()) == (0, 0)
    for _ in range(4):
        answer = browser.post(f"/laporan/ikuti/{scene.key('done')}/", {"verb": "?"})
    assert answer.status_code == 429
    assert answer["Retry-After"]


def test_a_flood_of_one_address_leaves_other_addresses_alone(scene, quiet, monkeypatch):
    monkeypatch.setattr("guyub.kernel.limits.web.limit_of", lambda what, at: flood.Limit(600, 30, 20, 1000))
    path = f"/laporan/{scene.number('rejected')}/dukung/"
    flooding = Browser(REMOTE_ADDR="198.51.100.7")
    for _ in range(21):
        flooding.cookies.clear()  # a device that forgets its cookie does not escape
        last = flooding.post(path).status_code
    assert last == 429
    assert Browser(REMOTE_ADDR="198.51.100.8").post(path).status_code == 302
    assert Browser(REMOTE_ADDR="198.51.100.7").get("/").status_code == 200
    # A forged forwarding header moves nobody to another address.
    assert (
        Browser(REMOTE_ADDR="198.51.100.7").post(path, headers={"x-forwarded-for": "9.9.9.9"}).status_code
        == 429
    )


def test_one_device_counts_once_and_a_forged_device_is_a_new_one(scene):
    browser, path = Browser(), f"/laporan/{scene.number('published')}/dukung/"
    for _ in range(3):
        browser.post(path)
    assert Support.objects.count() == 1
    browser.cookies["guyub_perangkat"] = "0" * 32 + "-" + "A" * 22
    browser.post(path)
    assert Support.objects.count() == 2
    assert Report.objects.get(number=scene.number("published")).supporters == 2


def test_probes_answer_whoever_carries_a_session(scene):
    browser = scene.browser("lurah")
    assert browser.get("/healthz").status_code == browser.get("/readyz").status_code == 200


def test_the_server_answers_a_content_type_that_cannot_be_read(monkeypatch):
    """Django reads it before any middleware and outside its error pages."""
    from guyub.sites import wsgi

    seen = []
    monkeypatch.setattr(wsgi, "_handler", lambda environ, start: seen.append(WSGIRequest(environ)) or [])
    unreadable = ("text/plain; charset*=nothing''x", "text/plain; charset=rot13")
    for kind in (*unreadable, "text/html; charset=utf-8"):
        made = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": io.BytesIO(), "CONTENT_TYPE": kind}
        made["QUERY_STRING"] = "laporan=1"
        wsgi.django_application(made, lambda *_: None)
    octets = "application/octet-stream"
    assert [one.content_type for one in seen] == [octets, octets, "text/html"]


def test_nothing_of_this_left_the_city(scene):
    assert cities.get_city().slug == "bandung"
    assert Case.objects.count() == len(scene.reports)
