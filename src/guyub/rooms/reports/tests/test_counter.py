"""An officer writes down what a resident says: the resident's report, with the officer on record as who entered it."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import factories

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.api import Case
from guyub.rooms.people.models import Contact
from guyub.rooms.reports import doors, lapor, own_data
from guyub.rooms.reports.actions import follow_key, subject_of
from guyub.rooms.reports.api import Submission
from guyub.rooms.reports.models import Draft, Origin, Report
from guyub.rooms.reports.tests.sending_tools import filled, photo

pytestmark = pytest.mark.django_db
HOST = factories.HOST
COUNTER = "/petugas/loket/"


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def desk(client, crew):
    client.force_login(crew.account("kasi"), backend=factories.BACKEND)
    return client


def said(crew, **changes):
    return {**filled(place=crew.place), "channel": "TELEPON", **changes}


def enter(desk, crew, **changes):
    return desk.post(COUNTER, said(crew, **changes), headers=HOST)


def wanted(crew, **changes):
    values = {
        "submission": uuid.uuid4(),
        "report_class": "PENGADUAN",
        "category": "sampah",
        "body": "Sampah menumpuk di depan gang.",
        "place": crew.place,
    }
    return Submission(**{**values, **changes})


def test_the_officer_is_on_record_as_who_entered_it_and_not_as_the_reporter(desk, crew):
    assert enter(desk, crew).status_code == 303
    report = Report.objects.get()
    assert (report.account_id, report.contact_id, report.is_anonymous) == (None, None, False)
    origin = Origin.objects.get()
    assert (origin.channel, origin.entered_by) == ("TELEPON", crew["kasi"].account)
    facts = {fact.name: fact for fact in ledger.facts_about(subject_of(report))}
    assert facts["reports.report_submitted"].actor is None
    entered = facts["reports.report_entered"]
    assert (entered.actor, entered.payload["channel"]) == (crew["kasi"].account, "TELEPON")
    assert Case.objects.get().label.startswith("Telepon · ")


def test_the_receipt_gives_number_link_and_code_and_is_then_forgotten(desk, crew, client):
    answer = enter(desk, crew, phone="0812-0000-1111", name="Bu Rekaan", has_consent="on")
    report = Report.objects.get()
    page = desk.get(answer["Location"], headers=HOST)
    key, code = follow_key(report.uuid), doors.spoken_code(report.uuid)
    for word in (
        report.number,
        key,
        f"{code[:4]}-{code[4:]}",
        "<svg viewBox",
        "https://wa.me/6281200001111?",
    ):
        assert word in page.text
    assert key not in answer["Location"]
    assert page["Referrer-Policy"] == "same-origin"
    done = desk.post(answer["Location"], headers=HOST)
    assert done["Location"].endswith("/petugas/loket/?lewat=TELEPON")
    assert desk.get(answer["Location"], headers=HOST).status_code == 404
    assert not Draft.objects.exists()


def test_nobody_elses_receipt_opens(desk, crew, client):
    place = enter(desk, crew, phone="0812-0000-1111", has_consent="on")["Location"]
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    assert client.get(place, headers=HOST).status_code == 404
    # Its random id, should it stand in some log, opens nothing on the residents' form either.
    client.logout()
    draft = place.rstrip("/").rpartition("/")[2]
    key = follow_key(Report.objects.get().uuid)
    for address in (f"/laporan/baru/?draft={draft}", f"/laporan/baru/mirip/{draft}/"):
        page = client.get(address, headers=HOST).text
        assert "0812" not in page
        assert key not in page


def test_a_receipt_waits_encrypted(desk, crew):
    enter(desk, crew, phone="0812-0000-1111", has_consent="on")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT values FROM reports_draft")
        raw = bytes(cursor.fetchone()[0])
    assert b"0812" not in raw
    assert follow_key(Report.objects.get().uuid).encode() not in raw


def test_a_contact_needs_consent_and_nothing_is_lost_without(desk, crew, now):
    answer = enter(desk, crew, name="Bu Rekaan")
    assert answer.status_code == 422
    assert "Tanyakan dahulu" in answer.text
    assert "Bu Rekaan" in answer.text
    with pytest.raises(doors.NoConsent):
        doors.enter_for(
            what=wanted(crew, phone="0812"), channel="LOKET", has_consent=False, by=crew["kasi"], at=now
        )
    assert not Report.objects.exists()
    assert not Contact.objects.exists()


def test_only_who_reads_new_reports_enters_them(crew, now):
    for slug in ("warga", "ketua-rt", "sekda", "tapem", "admin"):
        with pytest.raises(NotAllowed):
            doors.enter_for(what=wanted(crew), channel="LOKET", has_consent=False, by=crew[slug], at=now)
    with pytest.raises(ValueError):
        doors.enter_for(what=wanted(crew), channel="LAPOR", has_consent=False, by=crew["kasi"], at=now)
    assert not Report.objects.exists()


def test_sent_twice_it_is_entered_once(desk, crew):
    form = said(crew)
    first, second = (desk.post(COUNTER, form, headers=HOST) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert Report.objects.count() == Origin.objects.count() == 1
    again = desk.post(COUNTER, {**form, "body": "Hal lain sama sekali, di jalan sebelah."}, headers=HOST)
    assert again.status_code == 422
    assert form["submission"] not in again.text


def test_what_is_near_is_shown_before_it_is_entered(desk, crew, now):
    enter(desk, crew)
    answer = enter(desk, crew)
    assert answer.status_code == 422
    assert Report.objects.get().number in answer.text
    assert 'name="looked" value="1"' in answer.text
    assert Report.objects.count() == 1
    assert enter(desk, crew, looked="1").status_code == 303
    part = desk.post(f"{COUNTER}dekat/", said(crew), headers=HOST)
    assert part.status_code == 200
    assert "bacakan nomornya" in part.text
    assert desk.post(f"{COUNTER}dekat/", said(crew, category="x"), headers=HOST).status_code == 204


def test_a_point_is_taken_as_people_paste_it(desk, crew):
    from guyub.rooms.places import api as places

    lat, lon, _row = next(one for one in places.gazetteer().points if one[2].code == crew.place)
    assert enter(desk, crew, point=f"{lat:.5f}, {lon:.5f}", place="").status_code == 303
    report = Report.objects.get()
    assert (round(report.lat, 4), round(report.lon, 4)) == (round(lat, 4), round(lon, 4))
    for wrong in ("di sana", "91.0, 200.0", "0.0,0.0", "-6.9"):
        assert enter(desk, crew, point=wrong, looked="1").status_code == 422


def test_number_and_code_open_the_reporters_page_together_only(desk, crew, now, client):
    enter(desk, crew)
    report, other = Report.objects.get(), factories.send(at=now)[0]
    code = doors.spoken_code(report.uuid)
    heard = f" {code[:4].lower()} {code[4:].lower()}"
    answer = client.post("/laporan/kode/", {"number": report.number.lower(), "code": heard}, headers=HOST)
    assert answer.status_code == 303
    assert answer["Location"].endswith(f"/laporan/ikuti/{follow_key(report.uuid)}/")
    # What was sent by the form has its link and no second, shorter key.
    for number, tried in (
        (report.number, "AAAAAAAA"),
        (report.number, ""),
        (other.number, doors.spoken_code(other.uuid)),
        ("LAP-2026-999999", code),
        ("LAP-2026-999999", doors.spoken_code(uuid.UUID(int=0))),
        ("\0", "\U0001f600"),
    ):
        answer = client.post("/laporan/kode/", {"number": number, "code": tried}, headers=HOST)
        assert answer.status_code == 422, (number, tried)
    words = {
        re.sub(
            r'value="[^"]*"',
            "",
            client.post("/laporan/kode/", {"number": n, "code": "B" * 8}, headers=HOST).text,
        )
        for n in (report.number, "LAP-2026-999999")
    }
    assert len(words) == 1  # whether there is such a report is not told


def test_codes_are_not_for_guessing(desk, crew, client):
    found = [
        client.post(
            "/laporan/kode/", {"number": "LAP-2026-000001", "code": "A" * 8}, headers=HOST
        ).status_code
        for _ in range(62)
    ]
    assert found[0] == 422
    assert found[-1] == 429


def test_it_is_no_item_of_lapor(desk, crew):
    enter(desk, crew)
    report = Report.objects.get()
    assert lapor.find_origin(report) is None
    assert lapor.external_id_of(report) == ""
    assert own_data.may_correct(report)
    assert "LAPOR!" not in desk.get(f"/petugas/laporan/{report.number}/", headers=HOST).text.split("<main")[1]


def test_the_case_says_how_it_came_and_the_public_page_does_not(desk, crew, now, client):
    enter(desk, crew, name="Bu Rekaan", has_consent="on", category="sampah")
    report, case = Report.objects.get(), Case.objects.get()
    page = desk.get(f"/petugas/laporan/{report.number}/", headers=HOST).text
    assert "Dicatat petugas dari ucapan warga lewat Telepon; warga setuju kontaknya disimpan" in page
    assert "Bu Rekaan" not in page
    factories.verify(report, case, by=crew["lurah"], at=now)
    client.logout()
    assert "Dicatat petugas" not in client.get(f"/laporan/{report.number}/", headers=HOST).text


def test_what_nobody_types_is_refused_politely(desk, crew):
    for name in said(crew):
        for value in ("", "x", "\0", "9" * 5000, "\u202e", "'; DROP"):
            answer = enter(desk, crew, **{name: value})
            assert answer.status_code in (303, 422), (name, value)


def test_photos_come_along_and_no_error_costs_them(desk, crew, client):
    pictures = [photo("satu.jpg", "teal"), photo("dua.jpg", "navy")]
    again = enter(desk, crew, body="", photos=pictures)
    assert again.status_code == 422
    draft = re.search(r'name="draft" value="([0-9a-f-]{36})"', again.text)[1]
    kept = re.findall(r'name="remove" value="([0-9a-f-]{36})"', again.text)
    assert len(kept) == 2
    # Another officer cannot send (or take out) what lies in this draft.
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    assert enter(client, crew, draft=draft, remove=kept).status_code == 303
    assert not Photo.objects.filter(subject=subject_of(Report.objects.get())).exists()
    desk.force_login(crew.account("kasi"), backend=factories.BACKEND)
    false = SimpleUploadedFile("palsu.jpg", b"no photo", "image/jpeg")
    wrong = enter(desk, crew, draft=draft, remove=kept[:1], photos=[false], looked="1")
    assert wrong.status_code == 422
    assert "palsu.jpg" in wrong.text
    assert enter(desk, crew, draft=draft, looked="1").status_code == 303
    report = Report.objects.order_by("-pk").first()
    assert [one.is_public for one in Photo.objects.filter(subject=subject_of(report))] == [False]
    assert not Draft.objects.filter(uuid=draft).exists()
