"""The pages of places: every number leads to its list, every old code to what followed it, few queries, few bytes."""

from __future__ import annotations

import gzip
import json
import re
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from shapely import Point, Polygon

from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.places.tests.boundaries import cells, collection, real
from guyub.rooms.reports import api as reports
from guyub.rooms.reports.subscribers import count_by_place

pytestmark = pytest.mark.django_db

PLACE, DISTRICT, NEW = "32.73.02.1004", "32.73.02", "32.73.02.1009"
COUNTED = ("reports.report_submitted", "reports.report_state_changed")


@pytest.fixture(autouse=True)
def in_indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def client(city, monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)
    return Client(headers={"host": "bandung.localhost"})


def send(at, **changes) -> str:
    values = dict(
        submission=uuid.uuid4(),
        report_class="PENGADUAN",
        category="sampah",
        body="Sampah menumpuk di depan gang.",
        place=PLACE,
    )
    return reports.submit_report(what=reports.Submission(**{**values, **changes}), at=at).number


def project() -> None:
    """What the worker's pump does: count what this test has recorded."""
    from guyub.kernel.ledger.recording import select_facts

    count_by_place(select_facts("WHERE name = ANY(%s) ORDER BY id", [list(COUNTED)]))


def take(data: bytes, at: datetime) -> None:
    places.import_boundaries(
        data=data, source="Peta uji", licence="CC0", valid_from=date(2026, 11, 20), at=at
    )


def page_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(client, address: str) -> set[str]:
    page = page_of(client, address.replace("&amp;", "&"))
    return set(re.findall(r'row-title"><a href="[^"]*/laporan/(LAP-[\d-]+)/', page))


def numbers_on(page: str) -> dict[str, int]:
    """Each number of the page by the address that it leads to."""
    tiles = re.findall(r'stat-value">([\d.]+)</p>\s*<p class="stat-label"><a href="([^"]+)"', page)
    rows = re.findall(r'<dt><a href="([^"]+)">[^<]*</a></dt><dd class="number">([\d.]+)<', page)
    return {where: int(count) for count, where in tiles} | {where: int(count) for where, count in rows}


def test_every_number_of_a_place_leads_to_the_reports_it_counts(client, now):
    for days in (0, 1, 40, 90, 200, 400):
        send(now - timedelta(days=days))
    send(now, category="jalan-berlubang", place="32.73.02.1001")
    send(now, about_conduct=True)
    send(now - timedelta(days=90), place="32.73.01.1001")
    project()
    for code, open_now, year in ((PLACE, 6, 5), (DISTRICT, 7, 6)):
        found = numbers_on(page_of(client, f"/wilayah/{code}/"))
        assert found[f"/laporan/?status=terbuka&amp;wilayah={code}"] == open_now
        assert found[f"/laporan/?status=lewat-tenggat&amp;wilayah={code}"] == 4
        assert found[f"/laporan/?wilayah={code}&amp;waktu=masuk-365"] == year
        assert len(found) >= 6
        for address, count in found.items():
            assert len(listed(client, address)) == count, address


def test_a_place_tells_where_it_is_whom_to_ask_and_what_is_next_to_it(client, now):
    page = page_of(client, f"/wilayah/{PLACE}/")
    assert "<h1>Kelurahan Dago</h1>" in page
    assert '<a href="/wilayah/">Wilayah</a>' in page
    assert '<a href="/wilayah/32.73.02/">Kecamatan Coblong</a>' in page
    assert "Kantor di wilayah ini" in page
    assert f'href="/laporan/baru/?tempat={PLACE}"' in page
    assert "Wilayah sekitar" in page  # approximate areas do not say what borders on what
    assert "Batas perkiraan" in page
    above = page_of(client, f"/wilayah/{DISTRICT}/")
    assert f'href="/wilayah/{PLACE}/">Dago</a>' in above
    assert (
        'href="/wilayah/32.73.01/">Sukasari</a>' in above or 'href="/wilayah/32.73.08/">Cidadap</a>' in above
    )
    assert client.get("/wilayah/32.73/").status_code == 302
    assert client.get("/wilayah/99.99/").status_code == 404
    assert client.get("/wilayah/99.99%00/").status_code == 404


def test_the_form_opens_with_the_place_chosen(client):
    form = page_of(client, f"/laporan/baru/?tempat={PLACE}")
    assert re.search(rf'<option value="{re.escape(PLACE)}"[^>]* selected', form)
    assert " selected>Dago" not in page_of(client, "/laporan/baru/?tempat=99.99")


def test_rw_and_rt_are_told_without_anybody_s_name(client):
    ward = people.directory().of_settlement(PLACE).id
    for kind, unit in (("RW", "003"), ("RT", "001/003"), ("RT", "002/003"), ("RT", "004/007")):
        people.add_organisation(
            key=f"{kind}:{unit}",
            kind=kind,
            name=f"{kind} {unit} Bu Tatingsih",
            short_name=unit,
            place=PLACE,
            parent=ward,
            unit=unit,
        )
    page = page_of(client, f"/wilayah/{PLACE}/")
    assert "1 RW dan 3 RT tercatat." in page
    assert "<dt>RW 003</dt><dd>RT 001, 002</dd>" in page
    assert "<dt>RW 007</dt><dd>RT 004</dd>" in page
    assert "Tatingsih" not in page
    above = page_of(client, f"/wilayah/{DISTRICT}/")
    assert "1 RW dan 3 RT tercatat." in above
    assert "RW 003" not in above


def test_the_list_can_be_searched_and_counts_what_is_open(client, now):
    send(now)
    project()
    page = page_of(client, "/wilayah/")
    assert re.search(rf'href="/wilayah/{PLACE}/">Dago</a> 1<', page)
    assert re.search(r'href="/wilayah/32.73.02/">Kecamatan Coblong</a> <span class="count">1<', page)
    names = re.findall(r'class="card-title"><a href="[^"]+">Kecamatan ([^<]+)<', page)
    assert names == sorted(names)
    assert len(names) == 30  # by name: no league table
    found = page_of(client, "/wilayah/?cari=batununggal")
    assert "2 wilayah cocok" in found
    assert "Kecamatan Bandung Kidul" in found
    assert "Antapani" not in found
    nothing = page_of(client, "/wilayah/?cari=%3Cscript%3Eatlantis")
    assert "0 wilayah cocok" in nothing
    assert "<script>atlantis" not in nothing
    assert client.get("/wilayah/?cari=" + "x" * 5000).status_code == 200


def test_old_codes_lead_on_and_their_reports_count_for_what_followed_alone(client, now):
    number = send(now, place="32.73.02.1001")
    project()
    row = {"old_code": "32.73.02.1001", "new_code": NEW, "new_name": "Cipaganti Baru", "on": "2026-11-19"}
    places.succeed(rows=[{**row, "basis": "Perda 1/2026"}], at=now)
    old = page_of(client, "/wilayah/32.73.02.1001/")
    assert "tidak berdiri lagi" in old
    assert f'<a href="/wilayah/{NEW}/">Cipaganti Baru</a>' in old
    assert "tempat=32.73.02.1001" not in old
    assert numbers_on(page_of(client, f"/wilayah/{NEW}/"))[
        f"/laporan/?status=terbuka&amp;wilayah={NEW}"
    ] == len(listed(client, f"/laporan/?wilayah={NEW}"))
    assert listed(client, f"/laporan/?wilayah={NEW}") == {number}
    assert re.search(rf'href="/wilayah/{NEW}/">Cipaganti Baru</a> 1<', page_of(client, "/wilayah/"))
    assert "kini Cipaganti Baru" in page_of(client, "/wilayah/?cari=cipaganti")


def test_codes_from_before_this_installation_lead_on_too(client, now):
    rows = [
        {"old_code": "32.73.02.1091", "new_code": PLACE, "on": "2001-01-01", "basis": "Perda 1/2001"},
        {"old_code": "32.73.02.1092", "new_code": PLACE, "on": "2001-01-01", "basis": "Perda 1/2001"},
        {
            "old_code": "32.73.02.1092",
            "new_code": "32.73.02.1003",
            "on": "2001-01-01",
            "basis": "Perda 1/2001",
        },
    ]
    places.succeed(rows=rows, at=now)
    assert client.get("/wilayah/32.73.02.1091/")["Location"] == f"/wilayah/{PLACE}/"
    answer = client.get("/wilayah/32.73.02.1092/", follow=True)
    assert "2 wilayah cocok" in answer.content.decode()


def test_the_approximate_base_map_is_made_once_and_kept_a_day(client):
    answer = client.get("/wilayah/batas.json")
    shapes = {f["properties"]["code"]: f for f in json.loads(answer.content)["features"]}
    assert len(shapes) == 151
    for lat, lon, row in places.gazetteer().points:
        ring = shapes[row.code]["geometry"]["coordinates"][0]
        assert all(round(x, 5) == x and round(y, 5) == y for x, y in ring)
        assert Polygon(ring).buffer(2e-5).contains(Point(lon, lat)), row.name
    assert "max-age=86400" in answer["Cache-Control"]
    again = client.get("/wilayah/batas.json", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/wilayah/batas.json?wilayah=99").status_code == 400


@pytest.mark.parametrize("name", ["bandung_kelurahan.geojson", ""])
def test_imported_lines_are_drawn_small_and_named_by_their_source(client, now, name):
    before = client.get("/wilayah/batas.json")["ETag"]
    take(real(name) if name else collection(cells()), now)
    answer = client.get("/wilayah/batas.json")
    assert answer["ETag"] != before
    assert len(json.loads(answer.content)["features"]) == 151
    assert len(gzip.compress(answer.content)) < 20_000
    near = client.get(f"/wilayah/batas.json?wilayah={DISTRICT}")
    shapes = {f["properties"]["code"]: f["properties"] for f in json.loads(near.content)["features"]}
    assert [code for code, said in shapes.items() if said.get("here")] == [DISTRICT]
    assert PLACE in shapes
    assert {code for code in shapes if len(code) == 8} > {DISTRICT}
    assert len(gzip.compress(near.content)) < 5_000
    for address in (f"/wilayah/{PLACE}/", "/laporan/?tampil=peta"):
        page = page_of(client, address)
        assert "Sumber garis batas: Peta uji (CC0)." in page
        assert "perkiraan" not in page
    assert "Berbatasan dengan" in page_of(client, f"/wilayah/{PLACE}/")


def test_thirty_kecamatan_weigh_well_under_25_kilobytes(client, now):
    take(real("bandung_kecamatan.geojson"), now)
    answer = client.get("/wilayah/batas.json")
    assert len(json.loads(answer.content)["features"]) == 30
    assert len(gzip.compress(answer.content)) < 12_000


def test_a_point_is_answered_with_its_place_and_is_in_no_address(client, now):
    take(collection(cells()), now)
    row = places.gazetteer().get(PLACE)
    inside = client.post("/wilayah/di/", {"lat": row.lat, "lon": row.lon})
    assert inside.json() == {"code": PLACE, "outside": False}
    assert "no-store" in inside["Cache-Control"]
    assert client.post("/wilayah/di/", {"lat": -6.2, "lon": 106.8}).json() == {"code": "", "outside": True}
    for wrong in ({}, {"lat": "x", "lon": "1"}, {"lat": "nan", "lon": "1"}, {"lat": "91", "lon": "1"}):
        assert client.post("/wilayah/di/", wrong).status_code == 400
    assert client.get("/wilayah/di/").status_code == 405
    assert 'data-place-at="/wilayah/di/"' in page_of(client, "/laporan/baru/")


def test_the_form_takes_the_place_from_the_point_and_refuses_what_is_outside(client, now):
    take(collection(cells()), now)
    row = places.gazetteer().get("32.73.01.1003")
    said = {
        "submission": uuid.uuid4(),
        "category": "sampah",
        "report_class": "PENGADUAN",
        "body": "Sampah menumpuk.",
    }
    sent = client.post("/laporan/baru/", {**said, "lat": row.lat, "lon": row.lon})
    assert sent.status_code in (302, 303)
    refused = client.post("/laporan/baru/", {**said, "submission": uuid.uuid4(), "lat": -6.75, "lon": 107.6})
    assert refused.status_code == 422
    assert "Titik ini di luar daerah ini" in refused.content.decode()


@pytest.mark.parametrize(
    ("path", "queries_at_most", "gzipped_at_most"),
    [
        ("/wilayah/", 2, 6_000),
        ("/wilayah/?cari=dago", 2, 4_000),
        (f"/wilayah/{DISTRICT}/", 7, 6_000),
        (f"/wilayah/{PLACE}/", 7, 6_000),
        ("/wilayah/batas.json", 1, 20_000),
        (f"/wilayah/batas.json?wilayah={DISTRICT}", 1, 5_000),
    ],
)
@pytest.mark.parametrize("with_lines", [False, True])
def test_pages_of_places_ask_little_and_weigh_little(
    client, now, with_lines, path, queries_at_most, gzipped_at_most
):
    if with_lines:
        take(collection(cells()), now)
    for n in range(12):
        send(now - timedelta(days=n), category=("sampah", "jalan-berlubang", "lampu-jalan")[n % 3])
    project()
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    assert len(asked) <= queries_at_most, [q["sql"][:90] for q in asked]
    assert len(gzip.compress(answer.content)) <= gzipped_at_most


def test_in_english_too(client, now):
    page = page_of(client, f"/en/wilayah/{PLACE}/")
    assert "Places nearby" in page
    assert "Received in the last 365 days" in page
    assert "/en/wilayah/32.73.02/" in page
