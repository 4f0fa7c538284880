"""SP4N-LAPOR! on the desk: items enter once, run from their own date, and their answers are carried back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests import factories

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.models import Fact
from guyub.rooms.casework.api import Case, State, Verb
from guyub.rooms.reports import actions, lapor
from guyub.rooms.reports.models import Columns, Draft, Origin, Report

pytestmark = pytest.mark.django_db
HOST = factories.HOST


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def desk(client, crew):
    """The coordinator's browser."""
    client.force_login(crew.account("koordinator"), backend=factories.BACKEND)
    return client


def wanted(crew, at, **changes):
    values = {
        "external_id": "9876543",
        "body": "Sampah menumpuk di depan gang sejak tiga hari.",
        "report_class": "PENGADUAN",
        "category": "sampah",
        "place": crew.place,
        "received_at": at,
    }
    return lapor.Wanted(**{**values, **changes})


def entered(crew, at, *, now=None, **changes):
    found = lapor.enter_item(item=wanted(crew, at, **changes), by=crew["koordinator"], at=now or at)
    report = Report.objects.get(number=found.number)
    return report, Case.objects.get(number=found.number)


def react(case, consumer="reports.answer_for_lapor"):
    names = [kind.name for kind in lapor.ANSWERS]
    ids = Fact.objects.filter(subject=case.subject, name__in=names).values_list("pk", flat=True)
    ledger.react(consumer, sorted(ids))


# ── entering ──────────────────────────────────────────────────────────────────────────────────────────────


def test_an_item_enters_once_and_its_clocks_run_from_lapors_date(crew, now):
    sent = now - timedelta(days=9)
    report, case = entered(crew, sent, now=now)
    assert report.submitted_at == case.received_at == sent
    assert case.verify_due_at < now  # three working days after Wednesday the eleventh are over
    assert case.label.startswith("LAPOR! · ")
    assert (report.contact_id, report.account_id) == (None, None)
    again = lapor.enter_item(
        item=wanted(crew, sent, body="Lain sekali isinya."), by=crew["koordinator"], at=now
    )
    assert again == lapor.Entered(report.number, is_new=False)
    assert Report.objects.count() == Origin.objects.count() == 1
    facts = [fact.name for fact in ledger.facts_about(case.subject)]
    assert facts.count("reports.lapor_item_entered") == 1


def test_its_number_gives_nobody_the_reporters_link(crew, now, client):
    """The id by which a sender may send again follows from the number under a secret key, and never from it alone."""
    import uuid

    report, _ = entered(crew, now)
    guesses = {
        uuid.uuid5(space, "9876543") for space in (uuid.NAMESPACE_URL, uuid.NAMESPACE_OID, uuid.NAMESPACE_DNS)
    }
    assert report.submission not in guesses
    assert "9876543" not in report.submission.hex


def test_only_the_coordinator_enters_and_only_near_days(crew, now):
    with pytest.raises(NotAllowed):
        lapor.enter_item(item=wanted(crew, now), by=crew["lurah"], at=now)
    for wrong in (now + timedelta(hours=1), now - timedelta(days=400)):
        with pytest.raises(lapor.WrongDate):
            lapor.enter_item(item=wanted(crew, wrong), by=crew["koordinator"], at=now)
    assert Report.objects.count() == 0


def test_paste_look_and_enter(desk, crew):
    day = timezone.localtime().strftime("%d/%m/%Y")
    text = f"Tracking ID: 555111\nJudul: Tumpukan sampah\nTanggal: {day} 00:01\nLokasi: Kel. Dago\nNama: Bu Rekaan\nBau sekali di gang."
    page = desk.post("/petugas/lapor/", {"teks": text}, headers=HOST).text
    for word in (
        "555111",
        "Tumpukan sampah",
        "Bau sekali di gang.",
        'value="32.73.02.1004" selected',
        'value="sampah" selected',
    ):
        assert word in page, word
    assert "Bu Rekaan" not in page
    assert Report.objects.count() == 0
    sent = {
        "external_id": "555111",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT00:01"),
        "report_class": "PENGADUAN",
        "category": "sampah",
        "body": "Tumpukan sampah\n\nBau sekali di gang.",
        "place": "32.73.02.1004",
    }
    for _ in range(2):
        assert desk.post("/petugas/lapor/simpan/", sent, headers=HOST).status_code == 302
    number = Report.objects.get().number
    page = desk.get("/petugas/lapor/", headers=HOST).text
    assert number in page
    assert "tidak digandakan" in page
    assert number in desk.post("/petugas/lapor/", {"teks": text}, headers=HOST).text
    case_page = desk.get(f"/petugas/laporan/{number}/", headers=HOST).text
    assert "LAPOR! 555111" in case_page
    assert "LAPOR! ·" in desk.get("/petugas/semua/", headers=HOST).text


@pytest.mark.parametrize(
    "change",
    [
        {"external_id": "1 2"},
        {"external_id": "\0\0\0"},
        {"received_at": "2031-01-01T00:00"},
        {"received_at": "0001-01-01T00:00"},
        {"received_at": "x"},
        {"body": "\0"},
        {"body": "x" * 8001},
        {"place": "99.99"},
        {"category": "tidak-ada"},
        {"report_class": "LAIN"},
    ],
)
def test_bad_input_comes_back_and_enters_nothing(desk, change):
    sent = {
        "external_id": "555111",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT00:01"),
        "report_class": "PENGADUAN",
        "category": "sampah",
        "body": "Tumpukan sampah di gang.",
        "place": "32.73.02.1004",
    }
    answer = desk.post("/petugas/lapor/simpan/", {**sent, **change}, headers=HOST)
    assert answer.status_code == 422
    assert Report.objects.count() == 0


@pytest.mark.parametrize("text", ["", "   ", "x" * 40_001])
def test_nothing_or_too_much_is_said_in_words(desk, text):
    assert desk.post("/petugas/lapor/", {"teks": text}, headers=HOST).status_code == 422


# ── a file ────────────────────────────────────────────────────────────────────────────────────────────────


def upload(desk, text, name="lapor.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return desk.post("/petugas/lapor/berkas/", {"berkas": SimpleUploadedFile(name, data)}, headers=HOST)


def a_file(*rows):
    out = io.StringIO()
    csv.writer(out).writerows([("Tracking ID", "Perkara", "Tanggal", "Lokasi", "Nama Pelapor"), *rows])
    return out.getvalue()


def test_a_file_is_looked_through_mapped_and_entered_once(desk, crew):
    day = (timezone.localtime() - timedelta(days=1)).strftime("%d-%m-%Y")
    text = a_file(
        ("1001", "Sampah menumpuk di gang", day, "Kel. Dago", "Bu Rekaan"),
        ("1002", "Lampu jalan mati semua", day, "Kelurahan Dago", "Pak Rekaan"),
        ("1002", "Lampu jalan mati semua", day, "Kelurahan Dago", "Pak Rekaan"),
        ("1003", "Ada yang aneh di sini", "besok", "entah", ""),
        ("", "Tanpa nomor, hanya isi", day, "Kel. Dago", ""),
    )
    page = upload(desk, text)
    path = page["Location"]
    assert Report.objects.count() == 0
    assert "0 baris siap masuk" in desk.get(path, headers=HOST).text  # "Perkara" means nothing by itself
    mapping = {"kolom-id": "0", "kolom-body": "1", "kolom-date": "2", "kolom-place": "3"}
    shown = desk.post(path, {**mapping, "verb": "periksa"}, headers=HOST).text
    assert "2 baris siap masuk, 3 perlu diperbaiki" in shown
    assert "Nomor ini sudah ada di baris 3" in shown
    assert "Rekaan" not in shown
    assert Report.objects.count() == 0
    for _ in range(2):
        assert desk.post(path, {**mapping, "verb": "masukkan"}, headers=HOST)["Location"] == path
    assert set(Origin.objects.values_list("external_id", flat=True)) == {"1001", "1002"}
    again = upload(desk, text)["Location"]
    assert "0 baris siap masuk, 3 perlu diperbaiki, 3 sudah ada" in desk.get(again, headers=HOST).text
    assert Columns.objects.count() == 1


def test_a_file_belongs_to_who_brought_it_and_goes_when_it_is_done(desk, crew, client):
    day = (timezone.localtime() - timedelta(days=1)).strftime("%d-%m-%Y")
    text = a_file(("1001", "Sampah menumpuk di gang", day, "Kel. Dago", "")).replace("Perkara", "Isi")
    path = upload(desk, text)["Location"]
    Draft.objects.create(
        values='{"evidence_for": "x"}',
        created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    for draft in Draft.objects.exclude(uuid=path.split("/")[-2]):
        assert desk.get(f"/petugas/lapor/berkas/{draft.uuid}/", headers=HOST).status_code == 404
    mapping = {"kolom-id": "0", "kolom-body": "1", "kolom-date": "2", "kolom-place": "3"}
    assert desk.post(path, {**mapping, "verb": "masukkan"}, headers=HOST)["Location"] == "/petugas/lapor/"
    assert desk.get(path, headers=HOST).status_code == 404
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0\0",
        b"PK\x03\x04" + b"\0" * 50,
        b"\xff\xfe\x00",
        b"id,isi\n" + b"1,x\n" * 500,
        b'id,isi\n1,"' + b"x" * 200_000,
        b"x" * (2 * 1024 * 1024 + 1),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(desk, data):
    answer = upload(desk, data)
    assert answer.status_code == 422
    assert "notice-danger" in answer.text


@pytest.mark.parametrize("value", ["-1", "999", "٣", "x", "1e9", "9" * 50])
def test_a_column_that_is_not_there_is_none(desk, value):
    path = upload(desk, a_file(("1001", "Sampah menumpuk", "20/11/2026", "Kel. Dago", "")))["Location"]
    assert desk.post(path, {"kolom-id": value, "verb": "masukkan"}, headers=HOST).status_code in (200, 302)
    assert Report.objects.count() == 0


# ── answers on their way back ─────────────────────────────────────────────────────────────────────────────


def test_an_answer_waits_until_it_is_copied_and_a_new_one_waits_again(desk, crew):
    now = timezone.now()
    report, case = entered(crew, now - timedelta(hours=1), now=now)
    factories.bring_to(State.IN_PROGRESS, report, case, by=crew["lurah"], at=now)
    actions.note_inside(case=case.uuid, words="Hanya untuk kantor.", by=crew["lurah"], at=now)
    react(case)
    react(case)
    listed = desk.get("/petugas/lapor/belum-disalin/", headers=HOST).text
    assert report.number in listed
    assert '<span class="count">1</span>' in listed
    page = desk.get(f"/petugas/laporan/{report.number}/", headers=HOST).text
    assert factories.WORDS in page
    answer = lapor.answer_of(report, lapor.find_origin(report))
    assert factories.WORDS in answer.text
    assert "Hanya untuk kantor" not in answer.text
    assert "9876543" in answer.text
    assert "Sedang ditangani" in answer.text
    assert (
        desk.post(
            f"/petugas/lapor/{report.number}/disalin/", {"sampai": answer.through}, headers=HOST
        ).status_code
        == 302
    )
    assert report.number not in desk.get("/petugas/lapor/belum-disalin/", headers=HOST).text
    assert "Koordinator Contoh" in desk.get(f"/petugas/laporan/{report.number}/", headers=HOST).text
    actions.answer_report(case=case.uuid, words="Sudah dijadwalkan besok.", by=crew["lurah"], at=now)
    react(case)
    assert lapor.not_copied(crew["koordinator"]).count() == 1
    desk.post(f"/petugas/lapor/{report.number}/disalin/", {"sampai": answer.through}, headers=HOST)
    assert (
        lapor.not_copied(crew["koordinator"]).count() == 1
    )  # an older page says nothing of the newer answer


def test_what_was_copied_before_the_pump_came_does_not_wait(crew, now):
    report, case = entered(crew, now)
    factories.bring_to(State.IN_PROGRESS, report, case, by=crew["lurah"], at=now)
    through = lapor.answer_of(report, lapor.find_origin(report)).through
    assert lapor.mark_copied(case=case.uuid, through=through, by=crew["koordinator"], at=now)
    assert not lapor.mark_copied(case=case.uuid, through=through, by=crew["koordinator"], at=now)
    react(case)
    assert lapor.not_copied(crew["koordinator"]).count() == 0
    names = [fact.name for fact in ledger.facts_about(case.subject)]
    assert names.count("reports.lapor_answer_copied") == 1


@pytest.mark.parametrize("through", ["", "0", "999999999", "-1", "x", "9" * 40])
def test_what_is_no_answer_is_not_marked(desk, crew, through):
    report, _case = entered(crew, timezone.now())
    answer = desk.post(f"/petugas/lapor/{report.number}/disalin/", {"sampai": through}, headers=HOST)
    assert answer.status_code == 302
    assert Origin.objects.get().copied_at is None


def test_the_export_holds_no_formula(desk, crew):
    now = timezone.now()
    report, case = entered(crew, now, external_id="987")
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=crew["lurah"], at=now)
    actions.answer_report(case=case.uuid, words="=HYPERLINK(1)", by=crew["lurah"], at=now)
    Origin.objects.update(external_id="-1+1")
    react(case)
    answer = desk.get("/petugas/lapor/belum-disalin.csv", headers=HOST)
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][0] == "'-1+1"
    assert all(cell[:1] not in "=+-@" for cell in rows[1] if cell)


# ── the reporter, who is elsewhere ────────────────────────────────────────────────────────────────────────


def test_the_reporter_cannot_be_asked_through_us(desk, crew):
    report, case = entered(crew, timezone.now())
    page = desk.get(f"/petugas/laporan/{report.number}/", headers=HOST).text
    assert 'id="tanyakan"' not in page
    assert f'id="{Verb.ASK}"' not in page
    case.refresh_from_db()
    sent = {"stamp": case.updated_at.isoformat(), "words": "Di mana tepatnya?"}
    assert desk.post(f"/petugas/laporan/{report.number}/{Verb.ASK}/", sent, headers=HOST).status_code == 404


@pytest.mark.parametrize(
    ("said", "words", "state"),
    [
        ("confirm", "", State.CONFIRMED),
        ("confirm", "Terima kasih", State.CONFIRMED),
        ("dispute", "Masih gelap", State.IN_PROGRESS),
    ],
)
def test_the_coordinator_records_what_the_reporter_said_there(desk, crew, said, words, state):
    now = timezone.now()
    report, case = entered(crew, now - timedelta(hours=1), now=now)
    factories.bring_to(State.WORK_DONE, report, case, by=crew["lurah"], at=now)
    assert case.reporter_due_at > now
    path = f"/petugas/lapor/{report.number}/tanggapan/"
    assert "Catat tanggapan" in desk.get(f"/petugas/laporan/{report.number}/", headers=HOST).text
    assert desk.post(path, {"tanggapan": "dispute", "kata": " "}, headers=HOST).status_code == 302
    assert desk.post(path, {"tanggapan": said, "kata": words}, headers=HOST).status_code == 302
    case.refresh_from_db()
    assert case.state == state
    page = desk.get(f"/petugas/laporan/{report.number}/", headers=HOST).text
    assert "dicatat koordinator" in page
    assert words in page
    again = desk.post(path, {"tanggapan": said, "kata": words or "x"}, headers=HOST)
    assert again.status_code == 404  # it is not theirs to say twice


def test_a_lurah_copies_and_records_no_reaction(client, crew):
    now = timezone.now()
    report, case = entered(crew, now - timedelta(hours=1), now=now)
    factories.bring_to(State.WORK_DONE, report, case, by=crew["lurah"], at=now)
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    page = client.get(f"/petugas/laporan/{report.number}/", headers=HOST).text
    assert "Catat tanggapan" not in page
    assert "Sudah disalin" in page
    path = f"/petugas/lapor/{report.number}/tanggapan/"
    assert client.post(path, {"tanggapan": "confirm"}, headers=HOST).status_code == 404
    through = lapor.answer_of(report, lapor.find_origin(report)).through
    client.post(f"/petugas/lapor/{report.number}/disalin/", {"sampai": through}, headers=HOST)
    assert Origin.objects.get().copied_by == crew["lurah"].account


def test_without_a_word_from_lapor_it_ends_as_usual(crew, now):
    report, case = entered(crew, now)
    factories.bring_to(State.NO_RESPONSE, report, case, by=crew["lurah"], at=now)


# ── the public ────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_public_after_verification_with_both_numbers(client, crew, now):
    report, case = entered(crew, now)
    path = f"/laporan/{report.number}/"
    assert report.body not in client.get(path, headers=HOST).text
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    page = client.get(path, headers=HOST).text
    assert report.body in page
    assert "SP4N-LAPOR! nomor 9876543" in page


def test_an_item_on_conduct_is_the_inspektorats_alone(desk, crew):
    now = timezone.now()
    report, case = entered(crew, now, about_conduct=True)
    assert case.is_restricted
    assert report.number not in desk.get("/petugas/lapor/", headers=HOST).text
    factories.bring_to(State.IN_PROGRESS, report, case, by=crew["inspektorat"], at=now)
    react(case)
    assert lapor.count_not_copied(crew["koordinator"]) == 0
    assert lapor.count_not_copied(crew["inspektorat"]) == 1
    assert report.number not in desk.get("/petugas/lapor/belum-disalin/", headers=HOST).text
    assert desk.get(f"/laporan/{report.number}/", headers=HOST).status_code == 404


def test_a_day_without_an_hour_that_is_todays_lies_not_ahead(crew, now):
    from datetime import datetime

    from guyub.rooms.reports.lapor_rules import Item

    early = now.replace(hour=0)  # 07.00 in Bandung, before the hour that stands for a day
    assert lapor.moment_of(Item(when=datetime(2026, 11, 20, 8)), early) == early
    assert lapor.moment_of(Item(when=datetime(2026, 11, 21, 8)), early) > early
    assert lapor.moment_of(Item(when=datetime(1, 1, 1)), early) < lapor.oldest_day(early)
    assert lapor.moment_of(Item(when=datetime(9999, 12, 31, 23)), early) > early
    assert lapor.moment_of(Item(), early) is None
