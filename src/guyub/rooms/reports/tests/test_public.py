"""What a stranger may read of a report in each of its states, and what never leaves the house."""

from __future__ import annotations

import gzip
import io
import json
import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from PIL import Image

from guyub.kernel.access.api import GrantInForce, Person
from guyub.kernel.cities import api as cities
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.places.models import Place
from guyub.rooms.reports import actions, merging, reading
from guyub.rooms.reports.models import Report

pytestmark = pytest.mark.django_db

BODY = "Rahasiabadan: air masuk rumah Bu Tatingsih nomor tujuh."
PUBLIC = "Kalimatumum: air masuk ke rumah warga."
LANDMARK = "Patokanrahasia pos ronda"
NAME, EMAIL, PHONE = "Tatingsih Pelapornya", "tatingsih@contoh.example", "081298765432"
LAT, LON = -6.88123, 107.61987
SECRETS = (BODY, "Tatingsih", LANDMARK, EMAIL, PHONE, "6.88123", "107.61987")
PLACE = "32.73.02.1004"
STATES = [str(state) for state in casework.State]


@pytest.fixture(autouse=True)
def in_indonesian():
    """A request leaves its language behind in the thread."""
    with translation.override("id"):
        yield


@pytest.fixture
def client(city):
    return Client(headers={"host": "bandung.localhost"})


def photo():
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    file.seek(0)
    return file


def send(at, **changes):
    """A report with everything in it that must not be seen."""
    values = dict(
        submission=uuid.uuid4(),
        report_class="PENGADUAN",
        category="sampah",
        body=BODY,
        place=PLACE,
        landmark=LANDMARK,
        lat=LAT,
        lon=LON,
        name=NAME,
        email=EMAIL,
        phone=PHONE,
    )
    receipt = actions.submit_report(what=actions.Submission(**{**values, **changes}), at=at)
    report = Report.objects.get(number=receipt.number)
    files.store_photo(photo(), at=at, subject=actions.subject_of(report))
    return report


def officer(case):
    """Somebody who may do everything that the case's office may."""
    office = people.directory().get(case.office_id)
    account = people.add_account(email="petugas@contoh.example", name="Petugas Ujian")
    grants = tuple(
        GrantInForce(role, office.id, office.kind, office.name, "") for role in ("lurah", "inspektur")
    )
    return Person(account, "Petugas Ujian", "", grants)


def bring(report, state, at):
    """Take a report to a state by the actions that officers and reporters have."""
    case = Case.objects.get(number=report.number)
    by, key = officer(case), {"case": case.uuid}
    if state == "RECEIVED":
        return
    pictures = files.Photo.objects.filter(subject=actions.subject_of(report)).values_list("uuid", flat=True)
    actions.verify_report(**key, public_body=PUBLIC, photos=list(pictures), by=by, at=at)
    if state == "IN_PROGRESS":
        actions.answer_report(**key, words="Jawabankantor", by=by, at=at)
    elif state in ("WAITING_REPORTER", "UNANSWERED"):
        actions.ask_reporter(**key, words="Pertanyaanpribadi", by=by, at=at)
    elif state == "SCHEDULED":
        casework.actions.propose_schedule(
            **key, reason="Menunggu APBD", target_month=date(2027, 3, 1), by=by, at=at
        )
    elif state == "MERGED":
        other = send(at)
        actions.verify_report(
            case=Case.objects.get(number=other.number).uuid,
            public_body="Yang tetap.",
            photos=[],
            by=by,
            at=at,
        )
        reason = casework.MergeReason.SAME_THING
        merging.merge_report(report=report, into=other, reason=reason, by=by, at=at)
    elif state == "EXTERNAL":
        body = people.directory().by_key["luar:pln"].id
        casework.referring.prepare_letter(
            **key, body=body, title="Kabel", words="Mohon diperbaiki.", by=by, at=at
        )
        casework.referring.send_letter(**key, number="600/1", dated=at.date(), by=by, at=at)
    elif state == "REJECTED":
        actions.reject_report(**key, reason="ganda", words="Alasanpribadi", by=by, at=at)
    elif state in ("WORK_DONE", "CONFIRMED", "NO_RESPONSE", "APPEAL_REFUSED"):
        finish(case, by, at)
        if state == "CONFIRMED":
            actions.confirm(report=report, at=at)
        elif state == "APPEAL_REFUSED":
            refuse_appeal(report, case, by, at)
        elif state == "NO_RESPONSE":
            casework.actions.expire_due(at=at + timedelta(days=60))
    if state == "UNANSWERED":
        casework.actions.expire_due(at=at + timedelta(days=60))
    report.refresh_from_db()
    assert report.state == state


def finish(case, by, at):
    draft = uuid.uuid4()
    files.store_photo(photo(), at=at, draft=draft)
    actions.complete_report(case=case.uuid, words="Buktikantor", photos=draft, by=by, at=at)


def refuse_appeal(report, case, by, at):
    """Declared done twice, appealed against, and judged by the head of the office above."""
    actions.dispute(report=report, words="Belumpribadi", at=at)
    finish(case, by, at)
    actions.appeal(report=report, words="Keberatanpribadi", at=at)
    asked = casework.appeals.find(case)
    grant = GrantInForce("camat", asked.to_office_id, asked.to_office.kind, asked.to_office.name, "")
    judge = Person(by.account, "Hakim Ujian", "", (grant,))
    actions.judge_appeal(appeal=asked, decision="REFUSED", words="Alasankantor", by=judge, at=at)


def everything(client, number):
    """All that a stranger can fetch about a report, in both languages."""
    paths = ["/laporan/", "/laporan/peta.json", f"/wilayah/{PLACE}/", "/wilayah/32.73.02/", "/", "/wilayah/"]
    paths += [f"/laporan/{number}/", "/laporan/?tampil=peta"]
    return "\n".join(client.get(p + path).content.decode() for p in ("", "/en") for path in paths)


# ── What is seen ───────────────────────────────────────────────────────────────────────────────────────────


def test_before_verification_only_number_category_place_and_status_are_public(client, now):
    report = send(now)
    page = client.get(f"/laporan/{report.number}/").content.decode()
    for words in (
        report.number,
        "Sampah menumpuk",
        "Kelurahan Dago, Kecamatan Coblong",
        "Menunggu verifikasi",
    ):
        assert words in page
    seen = everything(client, report.number)
    for secret in (*SECRETS, "/berkas/", "20 November 2026", "10.00"):
        assert secret not in seen, secret
    assert json.loads(client.get("/laporan/peta.json").content) == {"reports": [], "cells": []}


@pytest.mark.parametrize("state", STATES[1:])
def test_once_published_the_public_words_are_read_and_the_reporter_stays_unnamed(client, now, state):
    report = send(now)
    bring(report, state, now + timedelta(hours=1))
    page = client.get(f"/laporan/{report.number}/").content.decode()
    assert PUBLIC in page
    assert LANDMARK in page
    assert "/berkas/" in page
    assert str(casework.wording.STATE_LABELS[state]) in page
    seen = everything(client, report.number)
    for secret in (
        BODY,
        "Tatingsih",
        EMAIL,
        PHONE,
        "Pertanyaanpribadi",
        "Alasanpribadi",
        "Petugas Ujian",
        "?s=",
    ):
        assert secret not in seen, secret


@pytest.mark.parametrize("state", STATES)
def test_what_is_confidential_stays_an_outline_in_every_state(client, now, state):
    report = send(now, is_confidential=True)
    bring(report, state, now + timedelta(hours=1))
    seen = everything(client, report.number)
    when = (
        () if state == "MERGED" else ("20 November 2026",)
    )  # the day of the report that stands for it is public
    for secret in (*SECRETS, PUBLIC, "/berkas/", "Jawabankantor", "Buktikantor", *when):
        assert secret not in seen, secret
    assert report.number in seen
    page = client.get(f"/laporan/{report.number}/").content.decode()
    told = "Isi laporan ini dirahasiakan." in page
    assert told is (state not in ("RECEIVED", "WAITING_REPORTER", "REJECTED", "UNANSWERED", "MERGED"))


@pytest.mark.parametrize("state", [s for s in STATES if s != "APPEAL_REFUSED"])
def test_reports_on_conduct_exist_for_nobody(client, now, state):
    report = send(now, about_conduct=True)
    if state in ("EXTERNAL", "MERGED"):
        state = "FORWARDED"  # it never leaves the Inspektorat by a letter, nor goes into another report
    bring(report, state, now + timedelta(hours=1))
    assert client.get(f"/laporan/{report.number}/").status_code == 404
    assert client.get(f"/laporan/?sebelum={report.number}").status_code == 400
    seen = everything(client, "LAP-2026-999999")
    for secret in (*SECRETS, report.number, PUBLIC, "/berkas/"):
        assert secret not in seen, secret


def test_words_taken_back_after_publication_are_gone_everywhere(client, now):
    report = send(now)
    bring(report, "WORK_DONE", now + timedelta(hours=1))
    Report.objects.filter(pk=report.pk).update(is_confidential=True)
    seen = everything(client, report.number)
    for secret in (*SECRETS, PUBLIC, "/berkas/", "Buktikantor"):
        assert secret not in seen, secret


def test_the_three_ways_of_being_finished_and_the_schedule_are_told_apart(client, now):
    pages = {}
    for state in ("WORK_DONE", "CONFIRMED", "NO_RESPONSE", "SCHEDULED"):
        report = send(now)
        bring(report, state, now + timedelta(hours=1))
        pages[state] = client.get(f"/laporan/{report.number}/").content.decode()
    assert "Pelapor belum menyatakan apakah benar begitu" in pages["WORK_DONE"]
    assert "menyatakan masalahnya selesai" in pages["CONFIRMED"]
    assert "tidak dipastikan siapa pun" in pages["NO_RESPONSE"]
    for words in ("Menunggu APBD", "Maret 2027", "Kepala Kelurahan Dago, 20 November 2026"):
        assert words in pages["SCHEDULED"]


def test_a_question_never_answered_is_not_called_work(client, now):
    report = send(now)
    bring(report, "WAITING_REPORTER", now + timedelta(hours=1))
    casework.actions.expire_due(at=now + timedelta(days=60))
    page = client.get(f"/laporan/{report.number}/").content.decode()
    assert "Tidak ada pekerjaan yang dinyatakan selesai" in page


def test_the_clock_says_target_estimate_pause_and_lateness(city, now):
    report = send(now)
    bring(report, "IN_PROGRESS", now)
    case = Case.objects.filter(number=report.number)

    def clock(at=now):
        return reading.read(Report.objects.get(pk=report.pk), at=at).duties[0]

    assert clock().clock == "ditargetkan selesai 10 Desember 2026"
    late = clock(now + timedelta(days=60))
    assert (late.clock, late.tone) == ("lewat tenggat penyelesaian: seharusnya 10 Desember 2026", "overdue")
    case.update(due_is_provisional=True)
    assert "perkiraan" in clock().clock
    bring_back = officer(case.get())
    actions.ask_reporter(case=case.get().uuid, words="Di mana?", by=bring_back, at=now)
    assert clock().clock == "jam berhenti sejak 20 November 2026: menunggu jawaban pelapor"


def test_an_earlier_deadline_that_passed_is_called_by_its_name(city, now):
    unread, unanswered = send(now), send(now)
    bring(unanswered, "FORWARDED", now)

    def clock(report):
        read = reading.read(Report.objects.get(pk=report.pk), at=now + timedelta(days=12))
        return read.duties[0].clock

    Report.objects.filter(pk=unread.pk).update(published_at=now)  # an outline says no clock
    assert clock(unread) == "lewat tenggat verifikasi: seharusnya 25 November 2026"
    assert clock(unanswered) == "lewat tenggat jawaban: seharusnya 27 November 2026"


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("/laporan/?status=lewat-tenggat", True),
        ("/laporan/?status=terbuka", False),
        ("/wilayah/32.73.02/", True),
        ("/kinerja/", True),
    ],
)
def test_the_two_deadlines_are_explained_where_either_is_counted(city, client, address, is_told):
    page = client.get(address).content.decode()
    assert page.count("“Lewat tenggat penyelesaian” hanya yang seharusnya sudah selesai") == is_told


def test_anonymous_is_said_and_nothing_else(client, now):
    one, other = send(now, is_anonymous=True), send(now)
    for report, words in ((one, "anonim"), (other, "warga")):
        bring(report, "FORWARDED", now)
        page = client.get(f"/laporan/{report.number}/").content.decode()
        assert re.search(rf"Pelapor: {words}<", page)


def test_words_of_residents_are_only_words(client, now):
    report = send(now)
    case = Case.objects.get(number=report.number)
    nasty = '<script>alert(1)</script>{{ city }} "><img src=x onerror=y>'
    actions.verify_report(case=case.uuid, public_body=nasty, photos=[], by=officer(case), at=now)
    for path in ("/laporan/", f"/laporan/{report.number}/", "/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


# ── The list ───────────────────────────────────────────────────────────────────────────────────────────────


def numbers_in(page: str) -> list[str]:
    return re.findall(r'row-title"><a href="[^"]*/laporan/(LAP-[\d-]+)/', page)


def test_paging_walks_every_row_once_and_back_again(client, now):
    made = [send(now - timedelta(minutes=n // 3)) for n in range(57)]  # threes share a moment
    expected = [r.number for r in sorted(made, key=lambda r: (r.submitted_at, r.pk), reverse=True)]
    walked, address, pages = [], "/laporan/?status=terbuka", []
    while address:
        page = client.get(address).content.decode()
        pages.append(numbers_in(page))
        walked += pages[-1]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        last, address = page, found and found[1].replace("&amp;", "&")
    assert walked == expected
    assert [len(rows) for rows in pages] == [25, 25, 7]
    back = re.search(r'rel="prev" href="([^"]+)"', last)[1].replace("&amp;", "&")
    page = client.get(back).content.decode()
    assert numbers_in(page) == pages[1]
    back = re.search(r'rel="prev" href="([^"]+)"', page)[1].replace("&amp;", "&")
    page = client.get(back).content.decode()
    assert numbers_in(page) == pages[0]
    assert 'rel="prev"' not in page


def test_the_address_of_a_page_tells_no_time(client, now):
    for n in range(27):
        send(now - timedelta(minutes=n))
    address = re.search(r'rel="next" href="([^"]+)"', client.get("/laporan/").content.decode())[1]
    assert re.fullmatch(r"/laporan/\?sebelum=LAP-2026-\d{6}", address)


def test_filters_find_what_they_say(client, now):
    waiting, done = send(now), send(now, category="jalan-berlubang", place="32.73.01.1001")
    bring(done, "CONFIRMED", now)
    late = send(now)
    bring(late, "IN_PROGRESS", now)
    Case.objects.filter(number=late.number).update(due_at=now - timedelta(days=90))
    hidden = send(now, about_conduct=True)
    Case.objects.filter(number=hidden.number).update(due_at=now - timedelta(days=90))
    for query, expected in {
        "status=menunggu-verifikasi": {waiting.number},
        "status=dikonfirmasi": {done.number},
        "status=ditangani": {late.number},
        "status=lewat-tenggat": {late.number},
        "status=terbuka": {late.number, waiting.number},
        "kategori=jalan-berlubang": {done.number},
        "kategori=tidak-ada": set(),
        "wilayah=32.73.02": {late.number, waiting.number},
        "wilayah=32.73.01.1001": {done.number},
        "wilayah=32.73.02&status=dikonfirmasi": set(),
    }.items():
        assert set(numbers_in(client.get(f"/laporan/?{query}").content.decode())) == expected, query


def test_a_swap_is_the_same_part_as_a_reload(client, now):
    for n in range(30):
        report = send(now - timedelta(minutes=n))
        if n % 2:
            bring(report, "FORWARDED", now)
    for query in (
        "",
        "?status=terbuka",
        "?wilayah=32.73.02",
        "?status=dikonfirmasi",
        "?wilayah=&status=ditangani",
    ):
        part = client.get(f"/laporan/{query}", headers={"HX-Request": "true"})
        whole = client.get(f"/laporan/{query}")
        assert part.content.decode().strip() in whole.content.decode()
        assert part.content.decode().strip().startswith('<section class="section" id="daftar"')
        assert part["Cache-Control"] == "no-store"
        assert "HX-Request" in part["Vary"]
        assert "HX-Request" in whole["Vary"]
    assert part["HX-Push-Url"] == "/laporan/?status=ditangani"


def test_the_map_weighs_nothing_until_it_is_asked_for(client, now):
    page = client.get("/laporan/").content.decode()
    assert "leaflet" not in page
    assert 'href="/laporan/?tampil=peta"' in page
    opened = client.get("/laporan/?tampil=peta&status=terbuka").content.decode()
    assert "leaflet/leaflet.js" in opened
    assert 'data-source="/laporan/peta.json?status=terbuka"' in opened
    assert "Batas perkiraan" in opened
    assert "data-zoom=" not in opened
    near = client.get("/laporan/?tampil=peta&wilayah=32.73.02").content.decode()
    assert re.search(r'data-lat="-6\.8\d{4}" data-lon="107\.6\d{4}" data-zoom="13"', near)


# ── The map ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_city_without_points_offers_no_map(client):
    Place.objects.update(lat=None, lon=None)
    places.forget()
    assert "tampil=peta" not in client.get("/laporan/").content.decode()
    assert "tampil=peta" not in client.get("/wilayah/").content.decode()
    assert client.get("/laporan/?tampil=peta").status_code == 404
    assert client.get("/wilayah/batas.json").status_code == 404


# ── Another city, odd addresses, budgets ───────────────────────────────────────────────────────────────────


def test_another_citys_number_is_unknown_here(client, pekalongan, now):
    bandungs = send(now)
    with cities.inside(pekalongan):
        elsewhere = Client(headers={"host": "pekalongan.localhost"})
        assert elsewhere.get(f"/laporan/{bandungs.number}/").status_code == 404
        assert bandungs.number not in elsewhere.get("/laporan/").content.decode()


LONG = "9" * 5000
ODD = [
    *(
        "/laporan/?" + q
        for q in ("status=x", "wilayah=x", "kategori=%00", "waktu=1", "tampil=1", "status=%00")
    ),
    *(
        "/laporan/?sebelum=" + q
        for q in ("x", "%00", LONG, "LAP-2026-999999", "LAP-2026-%D9%A1%D9%A1%D9%A1%D9%A1")
    ),
    *("/laporan/?sesudah=" + q for q in ("LAP-0000-000000", "-1", "LAP-2026-000001'")),
    *(
        "/laporan/peta.json?bbox=" + q
        for q in ("1,2,3", "a,b,c,d", "nan,0,1,1", "2,0,1,1", "1e9,0,1,1", LONG, "%00,0,0,0")
    ),
    *("/laporan/peta.json?bbox=" + q for q in ("-181,0,1,1", "0,0,inf,1", "%D9%A1,0,2,2", ",,,")),
    f"/laporan/?status={LONG}",
    f"/laporan/?kategori={LONG}",
    "/laporan/?wilayah=32.73",
    "/laporan/?status[]=a&status=terbuka&status=x",
    f"/laporan/?sebelum=LAP-2026-{'1' * 40}",
]


@pytest.mark.parametrize("address", ODD)
def test_an_odd_address_is_answered_clearly(client, address):
    answer = client.get(address)
    assert answer.status_code == 400, answer.status_code
    assert b"Traceback" not in answer.content


@pytest.mark.parametrize(
    "address",
    [
        "/laporan/%00/",
        "/laporan/x/",
        f"/laporan/{LONG}/",
        "/wilayah/%00/",
        f"/wilayah/{LONG}/",
        "/wilayah/x/",
    ],
)
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_only_reading_is_possible(client):
    for path in ("/laporan/", "/laporan/peta.json", "/wilayah/", "/"):
        assert client.post(path).status_code == 405


@pytest.fixture
def full(now, city):
    """A page full of reports of all states."""
    for n in range(28):
        report = send(now - timedelta(minutes=n))
        bring(report, STATES[n % len(STATES)], now)
    return report


@pytest.mark.parametrize(
    ("path", "queries_at_most", "gzipped_at_most"),
    [
        ("/laporan/", 8, 7_000),
        ("/laporan/?wilayah=32.73.02&status=terbuka&kategori=sampah", 8, 7_000),
        ("/laporan/?tampil=peta", 8, 5_000),
        ("/laporan/peta.json", 3, 3_000),
    ],
)
def test_pages_ask_little_and_weigh_little(client, full, path, queries_at_most, gzipped_at_most):
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    assert len(asked) <= queries_at_most, [q["sql"][:90] for q in asked]
    assert len(gzip.compress(answer.content)) <= gzipped_at_most
    assert b"undefined" not in answer.content


@pytest.mark.parametrize("state", STATES)
def test_a_report_asks_little_and_weighs_little(client, now, state):
    report = send(now)
    bring(report, state, now)
    client.get(f"/laporan/{report.number}/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/laporan/{report.number}/")
    assert len(asked) <= 12, [q["sql"][:90] for q in asked]
    assert len(gzip.compress(answer.content)) <= 5_000


def test_both_languages_and_the_shared_link(client, now):
    report = send(now)
    bring(report, "WORK_DONE", now)
    page = client.get(f"/en/laporan/{report.number}/").content.decode()
    for words in ("Work done, waiting for confirmation", "Where it stands", "says the work is done"):
        assert words in page
    indonesian = client.get(f"/laporan/{report.number}/").content.decode()
    address = f"http://bandung.localhost/laporan/{report.number}/"
    assert f'<link rel="canonical" href="{address}">' in indonesian
    assert "https://wa.me/?text=" in indonesian
    title = re.search(r'og:title" content="([^"]+)"', indonesian)[1]
    assert title == "Sampah menumpuk, Kelurahan Dago, Kecamatan Coblong"
    assert 'href="/laporan/baru/"' in client.get("/laporan/?status=dikonfirmasi").content.decode()
    listed = client.get("/en/laporan/?status=terbuka").content.decode()
    assert "Not finished" in listed
