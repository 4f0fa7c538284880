"""Numbers of people in what is written reach no public representation of a report, in no spelling and no byte."""

from __future__ import annotations

import re
import uuid
from datetime import date
from importlib import import_module
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection

from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.models import Evidence, Schedule
from guyub.rooms.conversation.models import Message
from guyub.rooms.reports import actions, lapor, redacting
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.search import found_in_public
from tests.factories import picture, send
from tests.security.conftest import EMAIL, NIK, PHONE, Browser

pytestmark = pytest.mark.django_db
PLATE = "D 1234 ABC"
PLANTED = (
    f"Hubungi {PHONE} atau +62 813 5550 7777, wa 6281355507777. NIK {NIK}, KK 3273021203080001. "
    f"Mobil {PLATE} parkir, surel {EMAIL}, rekening BCA 1234567890."
)
# Compared with everything but letters and digits taken out, so that no other spelling slips through.
SECRETS = ("81355507777", NIK, "3273021203080001", "D1234ABC", "suhartiwkrahasiatest", "1234567890")


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def assert_clean(text: str, where: str) -> None:
    for secret in SECRETS:
        assert bare(secret) not in bare(text), (secret, where)


@pytest.fixture
def planted(scene, now):
    """A report whose reporter and office have written numbers wherever the public reads words."""
    lurah = scene.people["lurah"]
    report, case = send(
        at=now, place=scene.people.place, body=f"Sampah menumpuk. {PLANTED}", landmark=f"telp {PHONE}, {PLATE}",
        lat=-6.88, lon=107.61,
    )  # fmt: skip
    photo = files.store_photo(picture(), at=now, subject=actions.subject_of(report))
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[photo.uuid], by=lurah, at=now)
    actions.answer_report(case=case.uuid, words=f"Kami datang. {PLANTED}", by=lurah, at=now)
    casework.actions.propose_schedule(
        case=case.uuid, reason=f"Menunggu truk. {PLANTED}", target_month=date(2027, 3, 1), by=lurah, at=now
    )
    other, second = send(
        at=now, place=scene.people.place, body=f"Sampah lagi. {PLANTED}", lat=-6.88, lon=107.61
    )
    actions.verify_report(case=second.uuid, public_body=other.body, photos=[], by=lurah, at=now)
    draft = uuid.uuid4()
    files.store_photo(picture(), at=now, draft=draft)
    actions.complete_report(case=second.uuid, words=f"Diangkut. {PLANTED}", photos=draft, by=lurah, at=now)
    ledger.drain(settled_only=False)
    return report, other, photo


def test_no_public_representation_holds_a_planted_number(scene, planted):
    report, other, photo = planted
    place = scene.people.place
    addresses = ["/", "/laporan/", "/laporan/?cari=sampah", "/laporan/peta.json", "/laporan/?tampil=peta"]
    addresses += ["/laporan/unduh.csv", "/laporan/unduh.geojson", f"/wilayah/{place}/", "/bukti/"]
    addresses += [f"/wilayah/{place}/atom", f"/wilayah/{place}/sampah/atom", f"/berkas/{photo.uuid}.jpg"]
    for row in (report, other):
        addresses += [
            f"/laporan/{row.number}/",
            f"/laporan/{row.number}/atom",
            f"/mengikuti/?laporan={row.number}",
        ]
    seen = ""
    for address in addresses:
        for prefix in ("", "/en") if not address.startswith("/berkas") else ("",):
            answer = Browser().get(prefix + address)
            assert answer.status_code == 200, address
            content = answer.whole if answer.streaming else answer.content
            text = content.decode("latin-1" if address.startswith("/berkas") else "utf-8")
            assert_clean(text + str(dict(answer.headers)), prefix + address)
            seen += text
    assert "nomor telepon disamarkan" in seen
    for words in ("Kami datang", "Menunggu truk", "Diangkut"):
        assert words in seen


def test_search_finds_none_of_them_and_not_the_words_in_their_place(scene, planted):
    for asked in (
        PHONE,
        "081355507777",
        "6281355507777",
        NIK,
        PLATE,
        EMAIL,
        "1234567890",
        "disamarkan",
        "telepon",
    ):
        assert list(found_in_public(Report.objects.all(), asked)) == [], asked
        page = Browser().get(f"/laporan/?cari={quote(asked)}").content.decode()
        assert planted[0].number not in page


def test_what_is_copied_to_lapor_and_what_is_mailed_to_followers_is_clean(scene, now):
    report, lurah = scene.report("lapor"), scene.people["lurah"]
    case = scene.case("lapor")
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=lurah, at=now)
    actions.answer_report(case=case.uuid, words=PLANTED, by=lurah, at=now)
    ledger.drain(settled_only=False)
    assert_clean(lapor.answer_of(report, lapor.find_origin(report)).text, "LAPOR!")


def test_officers_read_it_whole_and_marked(scene, planted):
    page = scene.browser("lurah").get(f"/petugas/laporan/{planted[0].number}/").content.decode()
    assert f'<mark title="nomor telepon">{PHONE}</mark>' in page
    assert NIK in page


def test_a_false_alarm_is_shown_and_words_are_hidden_and_both_are_recorded_without_them(scene, planted):
    report = planted[0]
    before = len(ledger.facts_about(actions.subject_of(report)))
    sent = {"shown": [PLATE], "hidden": "truk\nSampah menumpuk"}
    answer = scene.browser("lurah").post(f"/petugas/laporan/{report.number}/samaran/", sent)
    assert answer.status_code == 302
    page = Browser().get(f"/laporan/{report.number}/").content.decode()
    assert PLATE in page
    assert "Sampah menumpuk." not in page
    assert "Menunggu [disamarkan]." in page
    assert PHONE not in page
    fact = ledger.facts_about(actions.subject_of(report))[before]
    assert (fact.name, fact.payload["shown"], fact.payload["hidden"]) == ("reports.masking_changed", 1, 2)
    assert "Penyamaran diubah" not in page
    for person in ("penghubung", "inspektur", "ketua_rt", "nobody"):
        status = scene.browser(person).post(f"/petugas/laporan/{report.number}/samaran/", sent).status_code
        assert status in (302, 404)
    assert redacting.choices_of(report.pk).hidden == ("truk", "Sampah menumpuk")


def test_the_officers_tick_at_verification_shows_a_pole(scene, now):
    report, case = send(
        at=now, place=scene.people.place, body="Tiang 321654987012 mati, telp 0813-5550-7777."
    )
    browser = scene.browser("lurah")
    page = browser.get(f"/petugas/laporan/{report.number}/").content.decode()
    assert "321654987012 (nomor)" in page
    sent = {"stamp": case.updated_at.isoformat(), "public_body": report.body, "shown": ["321654987012"],
            "public_landmark": ""}  # fmt: skip
    assert browser.post(f"/petugas/laporan/{report.number}/verifikasi/", sent).status_code == 303
    read = Browser().get(f"/laporan/{report.number}/").content.decode()
    assert "Tiang 321654987012 mati, telp [nomor telepon disamarkan]." in read


def test_what_was_published_before_is_masked_by_the_upgrade(planted):
    """As it stood before: public words as they were written, and no public columns beside what offices said."""
    report, other, _ = planted
    Report.objects.filter(pk=report.pk).update(
        public_body=report.body, public_landmark=report.landmark, edited_body=None, edited_landmark=None
    )
    for row in (Message, Evidence, Schedule):
        row.objects.update(
            **{name: "" for name in ("public_body", "public_words", "public_reason") if hasattr(row, name)}
        )
    for name, work in (
        ("reports.migrations.0010_personal_data", "mask_what_is_published"),
        ("conversation.migrations.0002_public_words", "mask_public_words"),
        ("casework.migrations.0015_public_words", "mask_public_words"),
    ):
        module = import_module(f"guyub.rooms.{name}")
        getattr(module, work)(apps, SimpleNamespace(connection=connection))
    for row in (report, other):
        page = Browser().get(f"/laporan/{row.number}/").content.decode()
        assert_clean(page, row.number)
        assert "nomor telepon disamarkan" in page
    assert list(found_in_public(Report.objects.all(), "081355507777")) == []
    assert "Kami datang" in Browser().get(f"/laporan/{report.number}/").content.decode()
