"""A reporter's own data: seen, corrected, taken away, hidden and erased by its owner and by nobody else."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from guyub.kernel import retention
from guyub.kernel.checks.api import Level, run_checks
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.casework.api import State
from guyub.rooms.casework.models import Case
from guyub.rooms.needs import offering
from guyub.rooms.partners import api as partners
from guyub.rooms.people.models import Account, Contact
from guyub.rooms.reports import actions, own_data, subscribers
from guyub.rooms.reports.models import DataRequest, MapCell, Report
from tests import factories

pytestmark = pytest.mark.django_db
GIFT = offering.Gift(
    resource="HOURS",
    what="Mengajar membaca sore hari",
    amount=4,
    unit="jam",
    every="ONCE",
    places=("32.73.02.1004",),
)
PROFILE = partners.Profile(
    name="Komunitas Baca Uji", themes=("sampah",), places=("32.73.02.1004",), contact_email="x@y.test"
)
WHO = {"name": "Suharti Wijayakusuma", "email": "suharti@rahasia.test", "phone": "0813-5550-7777"}


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def sent(crew, now):
    return factories.send(at=now, place=crew.place, lat=-6.88, lon=107.61, **WHO)


def link(report: Report, tail: str = "data/") -> str:
    return f"/laporan/ikuti/{actions.follow_key(report.uuid)}/{tail}"


def post(report: Report, verb: str, **said):
    client = Client(headers=factories.HOST)
    values = {f"{verb}-{name}": value for name, value in said.items()}
    return client.post(link(report), {"verb": verb, **values})


def names(report: Report) -> list[str]:
    return [fact.name for fact in ledger.facts_about(actions.subject_of(report))]


def everything_kept() -> str:
    """All rows of the city as text, with what is encrypted left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [get_city().schema])
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} AS t")
            found.append(cursor.fetchone()[0])
    return "\n".join(found)


def test_words_are_changed_until_verified_and_added_to_afterwards(crew, sent, now):
    report, case = sent
    assert (
        post(report, "perbaiki", body="Sampah di gang sebelah sejak Senin.", landmark="pos").status_code
        == 303
    )
    report.refresh_from_db()
    assert (report.body, report.landmark) == ("Sampah di gang sebelah sejak Senin.", "pos")
    assert "pos" in Case.objects.get(pk=case.pk).label
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    answer = post(report, "perbaiki", body="Sesuatu yang lain sama sekali.", landmark="")
    assert answer.status_code == 409
    assert "Sesuatu yang lain sama sekali." in answer.text  # what was typed is not lost
    assert "Tambahkan keterangan sebagai gantinya." in answer.text
    assert "Tulis sedikitnya 10 huruf." in post(report, "perbaiki", body="x", landmark="").text
    report.refresh_from_db()
    assert report.body == "Sampah di gang sebelah sejak Senin."
    assert post(report, "tambah", words="Sekarang sudah sampai jalan.").status_code == 303
    desk = Client(headers=factories.HOST)
    desk.force_login(crew.account("lurah"), backend=factories.BACKEND)
    assert "Sekarang sudah sampai jalan." in desk.get(f"/petugas/laporan/{report.number}/").content.decode()
    public = Client(headers=factories.HOST).get(f"/laporan/{report.number}/").content.decode()
    assert "sampai jalan" not in public
    assert "menambah keterangan" not in public


def test_contact_is_corrected(sent):
    report, _ = sent
    assert post(report, "kontak", name="Suharti W.", email="baru@rahasia.test", phone="").status_code == 303
    assert Contact.objects.get(pk=report.contact_id).email == "baru@rahasia.test"
    assert post(report, "kontak", name="", email="bukan-surel", phone="x").status_code == 422


def test_a_copy_holds_everything_and_who_looked_by_office_and_day_alone(crew, sent, now):
    report, case = sent
    files.store_photo(factories.picture(), at=now, subject=actions.subject_of(report))
    factories.bring_to(State.IN_PROGRESS, report, case, by=crew["lurah"], at=now)
    actions.view_identity(case=case.uuid, by=crew["koordinator"], at=now)
    answer = Client(headers=factories.HOST).get(link(report, "data.zip"))
    assert answer["Cache-Control"] == "private, no-store"
    made = zipfile.ZipFile(io.BytesIO(answer.content))
    data = json.loads(made.read("data.json"))["laporan"][0]
    page = made.read("data.html").decode()
    assert data["kontak"] == {"nama": WHO["name"], "surel": WHO["email"], "telepon": WHO["phone"]}
    assert data["isi"] == report.body
    assert data["isi"] in page
    assert factories.WORDS in page
    assert [name for name in made.namelist() if name.endswith(".jpg")] == data["foto"] != []
    (look,) = data["identitas_dilihat"]
    assert look["kantor"].startswith("Dinas Komunikasi")
    assert crew["koordinator"].name not in page + json.dumps(data)
    assert names(report)[-1] == "reports.data_given"


def test_hidden_is_hidden_everywhere_and_the_map_counts_it_no_more(crew, sent, now):
    report, case = sent
    photo = files.store_photo(factories.picture(), at=now, subject=actions.subject_of(report))
    actions.verify_report(
        case=case.uuid, public_body=report.body, photos=[photo.uuid], by=crew["lurah"], at=now
    )
    factories.finished(Case.objects.get(pk=case.pk), by=crew["lurah"], at=now)
    ledger.drain(settled_only=False)
    assert set(MapCell.objects.values_list("open", flat=True)) == {1}
    assert post(report, "sembunyi").status_code == 422  # without the tick nothing happens
    assert post(report, "sembunyi", sure="on").status_code == 303
    ledger.drain(settled_only=False)
    assert set(MapCell.objects.values_list("open", flat=True)) == {0}
    reader = Client(headers=factories.HOST)
    for address in (
        f"/laporan/{report.number}/",
        f"/laporan/{report.number}/atom",
        "/laporan/?cari=sampah",
        "/",
    ):
        assert "baunya" not in reader.get(address).content.decode(), address
    assert reader.get(f"/berkas/{photo.uuid}.jpg").status_code == 404
    actions.confirm(report=Report.objects.get(pk=report.pk), at=now)
    ledger.drain(settled_only=False)
    assert set(MapCell.objects.values_list("open", flat=True)) == {0}
    ledger.rebuild()
    assert set(MapCell.objects.values_list("open", flat=True)) <= {0}


def test_an_erased_person_is_in_no_row_and_the_ledger_still_holds(crew, sent, now):
    report, case = sent
    factories.bring_to(State.IN_PROGRESS, report, case, by=crew["lurah"], at=now)
    contact = report.contact_id
    ledger.drain(settled_only=False)
    while ledger.seal(at=now):
        pass
    assert post(report, "hapus-diri", sure="on").status_code == 303
    report.refresh_from_db()
    assert (report.contact_id, report.account_id) == (None, None)
    assert not Contact.objects.filter(pk=contact).exists()
    assert not notices.Notice.objects.filter(recipient=f"contact:{contact}").exists()
    assert all(value not in everything_kept() for value in WHO.values())
    assert ledger.verify().broken is None
    public = Client(headers=factories.HOST).get(f"/laporan/{report.number}/").content.decode()
    assert "baunya" in public
    assert factories.WORDS in public
    found = actions.view_identity(case=case.uuid, by=crew["lurah"], at=now)
    assert (found.name, found.email, found.phone) == ("", "", "")


def test_words_are_erased_at_once_where_nobody_works_and_else_asked_for(crew, sent, now):
    report, case = sent
    photo = files.store_photo(factories.picture(), at=now, subject=actions.subject_of(report))
    factories.bring_to(State.IN_PROGRESS, report, case, by=crew["lurah"], at=now)
    assert post(report, "hapus-isi", sure="on").status_code == 409
    assert post(report, "minta", kind="ERASE", words="Ada nama anak saya.").status_code == 303
    assert post(report, "minta", kind="ERASE", words="Lagi.").status_code == 303
    (asked,) = DataRequest.objects.filter(report=report)
    assert asked.due_at - asked.asked_at == timedelta(hours=72)
    decided = own_data.decide(request=asked.pk, grant=True, reason="Dihapus.", by=crew["koordinator"], at=now)
    assert decided.decision == "GRANTED"
    report.refresh_from_db()
    assert report.body == report.public_body == own_data.ERASED
    assert not files.Photo.objects.filter(pk=photo.pk).exists()
    assert not files.path_of(photo.uuid).exists()
    assert "baunya" not in everything_kept()


def test_the_reporter_is_told_of_a_decision(crew, sent, now):
    report, _ = sent
    asked = own_data.ask(report=report, kind="OTHER", words="", at=now)
    own_data.decide(request=asked.pk, grant=False, reason="Wajib disimpan.", by=crew["koordinator"], at=now)
    (fact,) = [
        f for f in ledger.facts_about(actions.subject_of(report)) if f.name.endswith("request_decided")
    ]
    subscribers.tell_reporter(fact)
    (told,) = notices.Notice.objects.filter(recipient=f"contact:{report.contact_id}")
    assert "diputuskan" in told.subject
    assert "Wajib disimpan." in Client(headers=factories.HOST).get(link(report)).content.decode()


def test_an_office_that_writes_a_number_is_told_that_it_is_masked(crew, sent, now):
    report, case = sent
    case = factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    desk = Client(headers=factories.HOST)
    desk.force_login(crew.account("lurah"), backend=factories.BACKEND)
    said = {"stamp": case.updated_at.isoformat(), "words": "Hubungi kantor kami, telp 022-4203321."}
    page = desk.post(f"/petugas/laporan/{report.number}/jawab/", said, follow=True).content.decode()
    assert "disamarkan untuk umum" in page
    assert "022-4203321" in page


def test_withdrawing_hides_at_once_and_closes_when_granted(crew, sent, now):
    report, case = sent
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    assert post(report, "minta", kind="WITHDRAW", words="").status_code == 303
    report.refresh_from_db()
    assert report.is_confidential
    asked = DataRequest.objects.get(report=report)
    own_data.decide(request=asked.pk, grant=True, reason="Baik, ditarik.", by=crew["koordinator"], at=now)
    assert Case.objects.get(pk=case.pk).state == State.REJECTED
    page = Client(headers=factories.HOST).get(link(report, "")).text
    assert "Ditarik pelapor" in page
    assert "Laporan ini ditutup karena Anda menariknya." in page
    outline = Client(headers=factories.HOST).get(f"/laporan/{report.number}/").text
    assert (
        "Tidak dapat diproses; alasannya dibaca pelapornya." in outline
    )  # there is no timeline to read it in


def test_late_requests_are_told_to_the_operator(sent):
    report, _ = sent
    own_data.ask(report=report, kind="OTHER", words="", at=timezone.now() - timedelta(hours=73))
    (found,) = run_checks(at=timezone.now(), city=get_city(), only=frozenset({"reports.data_requests"}))
    assert found.result.level == Level.FAULT


def test_requests_are_decided_by_the_coordinator_and_on_conduct_by_the_inspectorate(crew, now):
    plain, _ = factories.send(at=now, place=crew.place)
    conduct, _ = factories.send(at=now, place=crew.place, about_conduct=True)
    first = own_data.ask(report=plain, kind="OTHER", words="", at=now)
    second = own_data.ask(report=conduct, kind="OTHER", words="", at=now)
    seen = {
        who: set(own_data.requests_for(crew[who]).values_list("pk", flat=True))
        for who in ("koordinator", "inspektorat", "lurah", "sekda", "warga", "admin")
    }
    assert seen["koordinator"] == {first.pk}
    assert seen["inspektorat"] == {second.pk}
    assert not any(seen[who] for who in ("lurah", "sekda", "warga", "admin"))


def test_a_strangers_key_opens_nothing_and_one_link_only_its_own_report(sent, crew, now):
    report, _ = sent
    forged = f"/laporan/ikuti/{report.uuid.hex}-{'A' * 22}/"
    client = Client(headers=factories.HOST, raise_request_exception=False)
    for tail in ("data/", "data.zip", f"foto/{uuid.uuid4()}/"):
        assert client.get(forged + tail).status_code == 404
        assert client.post(forged + tail, {"verb": "hapus-diri", "hapus-diri-sure": "on"}).status_code in (
            404,
            405,
        )
    other, _ = factories.send(at=now, place=crew.place)
    photo = files.store_photo(factories.picture(), at=now, subject=actions.subject_of(other))
    assert client.get(link(report, f"foto/{photo.uuid}/")).status_code == 404


def test_an_account_takes_all_and_erases_all_but_an_officers_stays(crew, now):
    warga = crew["warga"]
    report, _ = factories.send(at=now, place=crew.place, by=warga, **WHO)
    offering.offer(gift=GIFT, by=warga, at=now)
    partners.found(profile=PROFILE, by=warga, at=now)
    client = Client(headers=factories.HOST)
    client.force_login(crew.account("warga"), backend=factories.BACKEND)
    made = zipfile.ZipFile(io.BytesIO(client.get("/akun/data.zip").content))
    own = json.loads(made.read("data.json"))["akun"]
    assert own["surel"] == warga.email
    assert own["lainnya"]["mitra"][0]["mitra"] == PROFILE.name
    assert own["lainnya"]["tawaran bantuan"][0]["tawaran"] == GIFT.what
    assert all(words in made.read("data.html").decode() for words in (PROFILE.name, GIFT.what))
    assert client.post("/akun/data/").status_code == 422
    assert client.post("/akun/data/", {"sure": "on"}).status_code == 302
    assert not Account.objects.filter(pk=warga.account).exists()
    report.refresh_from_db()
    assert (report.account_id, report.contact_id) == (None, None)
    kept = everything_kept()
    assert all(value not in kept for value in (*WHO.values(), warga.email, GIFT.what))
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    assert client.post("/akun/data/", {"sure": "on"}).status_code == 422
    assert Account.objects.filter(pk=crew["lurah"].account).exists()


def test_what_is_over_its_time_is_erased_and_counted_and_a_look_changes_nothing(crew, sent, now):
    report, case = sent
    photo = files.store_photo(factories.picture(), at=now, subject=actions.subject_of(report))
    factories.bring_to(State.CONFIRMED, report, case, by=crew["lurah"], at=now)
    young = now + timedelta(days=364)
    assert "contacts" not in retention.sweep(at=young)
    old = now + timedelta(days=731)
    assert retention.due(at=old)["contacts"].count() == 1
    assert Contact.objects.exists()
    assert retention.sweep(at=old)["contacts"] == 1
    assert not Contact.objects.exists()
    assert not files.Photo.objects.filter(pk=photo.pk).exists()
    told = {
        fact.payload["kind"]: fact.payload["count"]
        for fact in ledger.facts_about("kernel.retention:contacts")
    }
    assert told == {"contacts": 1}
    assert "contacts" not in retention.sweep(at=old)


def test_every_class_that_is_kept_has_a_rule_and_stands_on_the_page(city):
    rules = retention.rules(at=timezone.now())
    assert {kept.key for kept in retention.classes()} == set(rules)
    page = Client(headers=factories.HOST).get("/data-pribadi/").content.decode()
    assert all(str(kept.title) in page for kept in retention.classes())


def test_a_photo_is_blurred_for_everyone_and_its_original_kept_from_them(crew, sent, now):
    report, case = sent
    photo = files.store_photo(factories.picture(), at=now, subject=actions.subject_of(report))
    actions.verify_report(
        case=case.uuid, public_body=report.body, photos=[photo.uuid], by=crew["lurah"], at=now
    )
    desk = Client(headers=factories.HOST)
    desk.force_login(crew.account("lurah"), backend=factories.BACKEND)
    address = f"/petugas/laporan/{report.number}/foto/{photo.uuid}/"
    assert desk.get(address).content.count(b'type="checkbox"') == 12 * 9
    assert desk.post(address).status_code == 422
    assert desk.post(address, {"cell": ["0", "1", "999999", "x"]}).status_code == 302
    copy = files.Photo.objects.get(blurred_from=photo.uuid)
    assert copy.is_public
    reader = Client(headers=factories.HOST)
    assert reader.get(f"/berkas/{photo.uuid}.jpg").status_code == 404
    page = reader.get(f"/laporan/{report.number}/").content.decode()
    assert str(copy.uuid) in page
    assert str(photo.uuid) not in page


def test_a_reporter_blurs_and_the_original_is_gone(sent, now):
    from PIL import Image

    report, _ = sent
    photo = files.store_photo(_striped(), at=now, subject=actions.subject_of(report))
    said = {"row": 1, "to_row": 9, "column": 1, "to_column": 6}
    answer = Client(headers=factories.HOST).post(link(report, f"foto/{photo.uuid}/"), said)
    assert answer.status_code == 302
    assert not files.path_of(photo.uuid).exists()
    assert not files.Photo.objects.filter(uuid=photo.uuid).exists()
    (left,) = files.Photo.objects.filter(subject=actions.subject_of(report))
    with Image.open(files.path_of(left.uuid)) as image:
        here = {image.getpixel((x, 200))[0] // 40 for x in range(40, 260, 7)}
        there = {image.getpixel((x, 200))[0] // 40 for x in range(360, 600, 7)}
    assert len(here) <= 2 < len(there)


def _striped() -> io.BytesIO:
    from PIL import Image

    image = Image.new("RGB", (640, 480))
    for x in range(640):
        image.paste((x * 7 % 256,) * 3, (x, 0, x + 1, 480))
    out = io.BytesIO()
    image.save(out, "PNG")
    out.seek(0)
    return out
