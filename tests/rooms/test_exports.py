"""Lists taken away as files: the same sight, a record of it, little memory, the right city."""

from __future__ import annotations

import csv
import gc
import io
import json

import pytest
from django.core.cache import cache
from django.db import connection

from guyub.kernel.cities import current
from guyub.kernel.ledger.models import Fact
from guyub.kernel.streaming import csv_parts, harmless, in_this_city
from guyub.rooms.casework import exports
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import State
from guyub.rooms.reports import exports as public_exports
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db

DESK, PUBLIC = "/petugas/semua/unduh", "/laporan/unduh"
MANY = 20_000


@pytest.fixture
def crew(city):
    cache.clear()
    return factories.add_people()


@pytest.fixture
def take(client, crew):
    """`take("lurah", address)` downloads a file whole."""

    def parts(slug: str | None, address: str):
        client.logout()
        if slug:
            client.force_login(crew.account(slug), backend=factories.BACKEND)
        answer = client.get(address, headers=factories.HOST)
        assert answer.status_code == 200
        return answer.streaming_content

    def whole(slug: str | None, address: str) -> str:
        return b"".join(parts(slug, address)).decode()

    whole.parts = parts
    return whole


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_an_officer_takes_away_what_they_may_see_and_no_more(take, crew, now):
    mine, _ = factories.send(at=now, place=crew.place)
    other, _ = factories.send(at=now, place="32.73.01.1001")
    conduct, _ = factories.send(at=now, place=crew.place, about_conduct=True)
    found = {slug: {row["nomor"] for row in rows(take(slug, DESK + ".csv"))} for slug in ("lurah", "sekda")}
    assert found == {"lurah": {mine.number}, "sekda": {mine.number, other.number}}
    assert conduct.number in take("inspektorat", DESK + ".csv")


def test_filters_narrow_the_file_and_the_ledger_keeps_them(take, crew, now):
    report, case = factories.send(at=now, place=crew.place)
    factories.send(at=now, place=crew.place)
    Case.objects.filter(pk=case.pk).update(is_hazard=True)
    address = f"{DESK}.csv?bahaya=1&wilayah={crew.place}&keadaan=RECEIVED&cari={report.number}"
    assert [row["nomor"] for row in rows(take("lurah", address))] == [report.number]
    fact = Fact.objects.get(name="casework.cases_exported")
    said = {"form": "csv", "filter": f"RECEIVED+{crew.place}+bahaya+nomor", "rows": 1}
    assert (fact.actor, fact.payload) == (crew["lurah"].account, said)


def test_no_word_of_a_reporter_leaves_with_the_cases(take, crew, now):
    factories.send(at=now, place=crew.place, landmark="rumah Pak Anu", body="Rahasia sekali.", name="Anu")
    for form in (".csv", ".geojson"):
        text = take("lurah", DESK + form)
        assert "Anu" not in text
        assert "Rahasia" not in text


def test_the_columns_are_explained_and_excel_gets_its_mark(take, client, crew, now):
    factories.send(at=now, place=crew.place)
    text = take("lurah", DESK + ".csv?excel=1")
    assert text.startswith("\ufeffnomor,")
    assert not take("lurah", DESK + ".csv").startswith("\ufeff")
    page = client.get(DESK + "/?bahaya=1", headers=factories.HOST).text
    for name in exports.COLUMNS:
        assert f"<code>{name}</code>" in page
    assert 'href="/petugas/semua/unduh.csv?bahaya=1&amp;excel=1"' in page
    page = client.get(PUBLIC + "/", headers=factories.HOST).text
    for name in public_exports.COLUMNS:
        assert f"<code>{name}</code>" in page


def test_points_are_geojson(take, crew, now):
    report, case = factories.send(at=now, place=crew.place, lat=-6.9, lon=107.6)
    factories.send(at=now, place=crew.place)
    found = json.loads(take("lurah", DESK + ".geojson"))["features"]
    assert found[0]["geometry"] == {"type": "Point", "coordinates": [107.6, -6.9]}
    assert found[0]["properties"]["nomor"] == report.number
    assert found[1]["geometry"] is None
    assert json.loads(take(None, PUBLIC + ".geojson"))["features"][0]["geometry"] is None
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    shown = json.loads(take(None, PUBLIC + ".geojson"))["features"]
    assert [one["geometry"] is None for one in shown] == [False, True]


def test_strangers_take_away_what_the_list_shows(take, crew, now):
    report, case = factories.send(at=now, place=crew.place, body="Pohon condong.", landmark="dekat pos")
    secret, hidden = factories.send(at=now, place=crew.place, body="Jangan dibaca.", is_confidential=True)
    factories.send(at=now, place=crew.place, about_conduct=True)
    first, second = rows(take(None, PUBLIC + ".csv"))
    assert (first["nomor"], first["isi"], first["patokan"], first["tanggal"]) == (report.number, "", "", "")
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    factories.bring_to(State.FORWARDED, secret, hidden, by=crew["lurah"], at=now)
    first, second = rows(take(None, PUBLIC + ".csv"))
    assert (first["isi"], first["patokan"], first["tanggal"]) == ("Pohon condong.", "dekat pos", "2026-11-20")
    assert (second["nomor"], second["isi"], second["tanggal"]) == (secret.number, "", "")


def test_the_public_file_may_be_kept_for_minutes_and_is_not_given_without_end(client, crew):
    answer = client.get(PUBLIC + ".csv", headers=factories.HOST)
    assert answer["Cache-Control"] == "public, max-age=600"
    codes = [client.get(PUBLIC + ".csv", headers=factories.HOST).status_code for _ in range(25)]
    assert codes[0] == 200
    assert codes[-1] == 429


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1"])
def test_nothing_becomes_a_formula(text):
    assert harmless(text) == "'" + text
    line = b"".join(csv_parts(["x"], [[text]], bom=False)).decode()
    assert next(csv.reader(io.StringIO(line.split("\r\n", 1)[1]))) == ["'" + text]


@pytest.mark.parametrize("value", [-5, 3, None, "Jalan rusak", "a=b", ""])
def test_what_is_harmless_stays(value):
    assert harmless(value) == value


def test_a_reporters_words_are_guarded(take, crew, now):
    report, case = factories.send(at=now, place=crew.place, body='=HYPERLINK("http://x.test","klik")')
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    assert rows(take(None, PUBLIC + ".csv"))[0]["isi"].startswith("'=")


@pytest.mark.parametrize("address", [DESK + ".csv", DESK + ".geojson", PUBLIC + ".csv", PUBLIC + ".geojson"])
def test_a_stream_stays_in_its_city_whatever_the_thread_does_meanwhile(client, crew, bandung, now, address):
    report, _ = factories.send(at=now, place=crew.place)
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    parts = client.get(address, headers=factories.HOST).streaming_content
    current.leave()
    text = b"".join(parts).decode()
    assert current.find_city() is None  # it leaves the thread where it was
    current.enter(bandung)
    assert report.number in text


def test_between_two_parts_no_city_is_lost_or_lent(city, pekalongan):
    seen = []

    def parts():
        for _ in range(3):
            seen.append(current.get_city().slug)
            yield 1

    stream = in_this_city(parts())
    current.enter(pekalongan)
    for _ in stream:
        assert current.get_city().slug == "pekalongan"
    stream = in_this_city(parts())
    next(stream)
    stream.close()
    current.enter(city)
    assert seen == ["bandung"] * 3 + ["pekalongan"]


def test_twenty_thousand_rows_need_little_memory(take, crew, now):
    report, case = factories.send(at=now, place=crew.place, lat=-6.9, lon=107.6)
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    _multiply(Report, report, submission="gen_random_uuid()")
    _multiply(Case, case)
    for slug, address in (("lurah", DESK + ".geojson"), (None, PUBLIC + ".csv")):
        size, peak = _measured(take.parts(slug, address))
        assert size > MANY * 60
        assert peak < MANY / 2, (address, peak)


def _multiply(model, row, **own: str) -> None:
    """Copies of a row, made by PostgreSQL: `own` says in SQL what differs from copy to copy."""
    own = {
        "id": "default",
        "uuid": "gen_random_uuid()",
        "number": "'LAP-2025-' || lpad(n::text, 6, '0')",
        **own,
    }
    names = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    table = model._meta.db_table
    values = ", ".join(own.get(name, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}, "
            "generate_series(1, %s) AS n WHERE id = %s",
            [MANY, row.pk],
        )


def _measured(parts) -> tuple[int, int]:
    """How many bytes came, and by how many objects the process grew at most meanwhile."""
    size, most, before = 0, 0, len(gc.get_objects())
    for n, part in enumerate(parts):
        size += len(part)
        if n % 10 == 0:
            most = max(most, len(gc.get_objects()) - before)
    return size, most
