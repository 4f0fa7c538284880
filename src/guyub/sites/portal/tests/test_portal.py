"""The first page, the clocks, the proof: each number can be followed down, each seal computed again."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from guyub.kernel.cities import api as cities
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger import sealing
from guyub.kernel.ledger.recording import facts_about
from guyub.kernel.ledger.sealing import leaf
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.api import Case
from guyub.rooms.reports import api as reports

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def client(city):
    return Client(headers={"host": "bandung.localhost"})


@pytest.fixture
def today(monkeypatch, now) -> datetime:
    """Pages ask the web's clock; here it stands still on the tests' Friday."""
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


def send(at, **changes):
    values = dict(
        submission=uuid.uuid4(),
        report_class="PENGADUAN",
        category="sampah",
        body="Sampah menumpuk di depan gang.",
        place="32.73.02.1004",
    )
    return reports.submit_report(what=reports.Submission(**{**values, **changes}), at=at).number


def seal_anew(monkeypatch, at):
    """A seal over what this test wrote, which has not settled: its transaction is open until the end."""

    def all_after(last):
        start = (last.to_era, str(last.to_txid), last.to_id) if last else (-1, "0", 0)
        where = "WHERE (era, txid, id) > (%s, %s::text::xid8, %s) ORDER BY era, ledger_fact.txid, id"
        return sealing.select_facts(where, list(start))

    monkeypatch.setattr(sealing, "_facts_after", all_after)
    return ledger.seal(at=at)


def test_each_number_of_the_first_page_leads_to_as_many_reports(client, today):
    recent = [send(today - timedelta(days=n)) for n in range(3)]
    send(today - timedelta(days=45))
    send(today, about_conduct=True)
    late = Case.objects.filter(number=recent[0])
    Case.objects.exclude(pk__in=late).update(due_at=today + timedelta(days=5))
    late.update(due_at=today - timedelta(hours=1))
    page = client.get("/").content.decode()
    facts = re.findall(r'stat-value">([\d.]+\+?)</p>\s*<p class="stat-label"><a href="([^"]+)"', page)
    assert [value for value, _ in facts] == [
        "3",
        "0",
        "1",
        "0",
        "0",
        "0",
    ]  # the last three are of working together
    for value, address in facts[:3]:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(re.findall("row-title", listed)) == int(value), address


def test_the_first_page_says_what_to_do_where_and_whom_to_call(client):
    page = client.get("/").content.decode()
    for words in ('href="/laporan/baru/"', 'href="tel:112"', 'href="/wilayah/32.73.02/"', "Begini jalannya"):
        assert words in page
    assert page.count("tel:112") == 1
    english = client.get("/en/").content.decode()
    assert 'href="/en/laporan/baru/"' in english
    assert "How it works" in english


def test_a_city_words_its_own_first_page(client):
    profile = cities.find_by_host("bandung.localhost").profile
    assert "Ada yang perlu dibenahi di sekitar Anda?" in client.get("/").content.decode()
    profile.update(tagline_id="Wilayah lebih tahu", tagline_en="The area knows")
    try:
        assert "Wilayah lebih tahu" in client.get("/").content.decode()
        assert "The area knows" in client.get("/en/").content.decode()
    finally:
        profile.clear()


def test_the_clocks_come_from_the_rulebook_with_their_basis(client, city, now):
    page = client.get("/tentang/").content.decode()
    assert "3 hari kerja" in page
    assert "PermenPANRB 62/2018" in page
    rulebook.publish(
        key="complaint_clocks.verify",
        value={"amount": 2, "unit": "working_day"},
        effective_from=(timezone.now() - timedelta(days=2)).date(),
        legal_basis="Perwal ujian 1/2026",
        confidence="V",
        at=now,
    )
    page = client.get("/tentang/").content.decode()
    assert "2 hari kerja" in page
    assert "Perwal ujian 1/2026" in page


def test_outsiders_compute_a_seal_again_by_the_recipe_on_the_page(client, now, monkeypatch):
    for n in range(5):
        send(now + timedelta(minutes=n))
    first = seal_anew(monkeypatch, now)
    send(now)
    second = seal_anew(monkeypatch, now)
    page = client.get("/bukti/").content.decode()
    assert first.root in page
    assert second.hash in page
    recipe = re.search(r"<code>(import hashlib.*?)</code>", page, re.S)[1].replace("&gt;", ">")
    for one in (first, second):
        answer = client.get(f"/bukti/{one.number}.json")
        assert "immutable" in answer["Cache-Control"]
        seal = json.loads(answer.content)
        assert seal["previous"] == (first.hash if one is second else "0" * 64)
        assert run(recipe, seal) == "OK"
        seal["leaves"][0] = hashlib.sha256(b"another").hexdigest()
        with pytest.raises(AssertionError):
            run(recipe, seal)
    assert ledger.verify().broken is None


def run(recipe: str, seal: dict) -> str:
    """The page's own program, fed with a seal instead of a file."""
    said: list[str] = []
    program = recipe.replace("json.load(open(sys.argv[1]))", "given")
    exec(program, {"given": seal, "print": said.append, "hashlib": hashlib})
    return said[0]


def test_a_published_leaf_is_the_hash_of_a_fact_and_carries_none_of_it(client, now, monkeypatch):
    number = send(now)
    one = seal_anew(monkeypatch, now)
    answer = client.get(f"/bukti/{one.number}.json").content.decode()
    case = Case.objects.get(number=number)
    assert {leaf(fact) for fact in facts_about(case.subject)} <= set(json.loads(answer)["leaves"])
    for word in (case.subject, number, "report", "32.73.02"):
        assert word not in answer


def test_seals_unknown_or_odd(client):
    for path in ("/bukti/0.json", "/bukti/999.json", f"/bukti/{'9' * 30}.json", "/bukti/x.json"):
        assert client.get(path).status_code == 404, path
    for odd in ("x", "-1", "%00", "9" * 40, "%D9%A1"):
        assert client.get(f"/bukti/?sebelum={odd}").status_code == 400, odd
    assert client.get("/bukti/?sebelum=5").status_code == 200
    assert "Belum ada segel" in client.get("/bukti/").content.decode()


def test_every_residents_page_ends_with_privacy_and_proof(client):
    for path in ("/", "/laporan/", "/wilayah/", "/tentang/", "/masuk/"):
        page = client.get(path).content.decode()
        assert 'href="/tentang/"' in page, path
        assert 'href="/bukti/"' in page, path
    english = client.get("/en/tentang/").content.decode()
    assert 'href="/en/bukti/"' in english


def test_the_menu_marks_the_first_page_only_there(client):
    marked = re.compile(r'href="/" aria-current="page"')
    assert marked.search(client.get("/").content.decode())
    assert not marked.search(client.get("/tentang/").content.decode())


def test_what_browsers_and_robots_ask_for(client):
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /laporan/ikuti/" in robots
    icon = client.get("/favicon.ico")
    assert icon.status_code == 302
    assert icon["Location"].endswith("mark.svg")


@pytest.mark.parametrize(
    ("path", "queries_at_most", "gzipped_at_most"),
    [("/", 8, 6_000), ("/tentang/", 3, 6_000), ("/bukti/", 3, 5_000), ("/en/", 8, 6_000)],
)
def test_pages_ask_little_and_weigh_little(client, now, path, queries_at_most, gzipped_at_most):
    send(now)
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert len(asked) <= queries_at_most, [q["sql"][:90] for q in asked]
    assert len(gzip.compress(answer.content)) <= gzipped_at_most
    assert b"undefined" not in answer.content


def test_no_page_carries_a_script_or_style_of_its_own(client):
    for path in ("/", "/laporan/", "/laporan/?tampil=peta", "/wilayah/32.73.02/", "/tentang/", "/bukti/"):
        page = client.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), path


def test_pages_and_data_leave_compressed_and_the_same(client, now):
    send(now)
    for path in ("/", "/laporan/", "/wilayah/batas.json", "/laporan/peta.json?x=1", "/wilayah/"):
        plain = client.get(path)
        small = client.get(path, headers={"accept-encoding": "gzip"})
        if len(plain.content) < 200:
            continue
        assert small["Content-Encoding"] == "gzip", path
        assert len(small.content) * 2 < len(plain.content), path
        assert "Accept-Encoding" in small["Vary"]
    again = client.get("/wilayah/batas.json", headers={"accept-encoding": "gzip"})
    unchanged = client.get("/wilayah/batas.json", headers={"if-none-match": again["ETag"]})
    assert unchanged.status_code == 304
