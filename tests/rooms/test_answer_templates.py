"""Prepared answers: kept by offices, seen by those who use them."""

from __future__ import annotations

import re

import pytest

from guyub.kernel.ledger.models import Fact
from guyub.rooms.casework.models import AnswerTemplate, Case
from guyub.rooms.casework.rules import State
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from tests import factories

pytestmark = pytest.mark.django_db

SHELF, NEW = "/petugas/templat/", "/petugas/templat/baru/"


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def sit(client, crew):
    def at(slug: str):
        client.force_login(crew.account(slug), backend=factories.BACKEND)
        return client

    return at


@pytest.fixture
def ward(crew):
    return crew["lurah"].grants[0].organisation


def write(client, url=NEW, **changes):
    values = {"verb": "jawab", "title": "Sudah diangkut", "body": "Sampah di {kelurahan} sudah diangkut."}
    return client.post(url, {**values, **changes}, headers=factories.HOST)


def read(client, url=SHELF):
    return client.get(url, headers=factories.HOST)


def test_a_city_begins_with_a_set_that_everyone_reads_and_the_coordinator_keeps(sit, crew):
    html = read(sit("lurah")).text
    assert html.count("<details") >= 12
    assert "Terima kasih, segera diperiksa" in html
    assert "Hapus templat ini?" not in html
    assert "Hapus templat ini?" in read(sit("koordinator")).text


def test_an_office_keeps_its_own(sit, crew, ward):
    assert write(sit("kasi"), keeper=ward).status_code == 302
    row = AnswerTemplate.objects.get(office=ward)
    assert row.changed_by == crew["kasi"].account
    fact = Fact.objects.get(name="casework.answer_template_changed")
    assert (fact.on_behalf_of, fact.payload["is_active"]) == (ward, True)
    assert "Sudah diangkut" in read(sit("lurah")).text
    assert "Sudah diangkut" not in read(sit("penghubung")).text
    changed = write(sit("lurah"), f"{SHELF}{row.pk}/", keeper=ward, title="Diangkut")
    assert changed.status_code == 302
    assert read(sit("penghubung"), f"{SHELF}{row.pk}/").status_code == 404
    sit("kasi").post(f"{SHELF}{row.pk}/hapus/", headers=factories.HOST)
    assert "Diangkut" not in read(sit("lurah")).text
    assert AnswerTemplate.objects.get(pk=row.pk).title == "Diangkut"


def test_nobody_writes_for_an_office_that_is_not_theirs(sit, crew, ward):
    other = people.directory().find_key("pu").id
    for slug, keeper in (("kasi", other), ("kasi", "kota"), ("penghubung", ward), ("kasi", "x")):
        answer = write(sit(slug), keeper=keeper)
        assert answer.status_code == 422, (slug, keeper)
    assert not AnswerTemplate.objects.filter(title="Sudah diangkut").exists()
    assert read(sit("sekda"), NEW).status_code == 404


@pytest.mark.parametrize("body", ["Kepada {nama_pelapor}.", "Hubungi {telepon} ya.", "Isi {isi:} dahulu."])
def test_a_field_that_nobody_can_fill_is_refused_in_words(sit, crew, ward, body):
    answer = write(sit("kasi"), keeper=ward, body=body)
    assert answer.status_code == 422
    assert "tidak dikenal" in answer.text
    assert "{kelurahan}" in answer.text
    assert body.replace("{", "{") in answer.text


def test_a_title_stands_once_for_an_act(sit, crew, ward):
    write(sit("kasi"), keeper=ward)
    assert "Sudah ada templat dengan judul ini" in write(sit("kasi"), keeper=ward).text
    assert write(sit("kasi"), keeper=ward, verb="tanya").status_code == 302


@pytest.fixture
def sent(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    return report, Case.objects.get(pk=case.pk)


def act(client, case, verb="jawab", **said):
    values = {"stamp": case.updated_at.isoformat(), **said}
    return client.post(f"/petugas/laporan/{case.number}/{verb}/", values, headers=factories.HOST)


def template(title: str) -> int:
    return AnswerTemplate.objects.get(title=title).pk


def test_a_template_is_chosen_without_a_script_and_nothing_typed_is_lost(sit, crew, sent):
    chosen = template("Sudah diperiksa, akan dikerjakan")
    answer = act(sit("lurah"), sent[1], templat=chosen, isi="1", words="Selamat pagi.")
    assert answer.status_code == 200
    words = re.search(
        r'<textarea name="words"[^>]*id="jawab-words"[^>]*>(.*?)</textarea>', answer.text, re.S
    )[1]
    place = places.gazetteer().get(crew.place).label
    assert words.strip().startswith("Selamat pagi.\n\nPetugas kami sudah memeriksa")
    assert place in words
    assert "{kelurahan}" not in words
    assert "perlu diisi" not in answer.text
    assert Case.objects.get(pk=sent[1].pk).updated_at == sent[1].updated_at


@pytest.mark.parametrize("verb", ["jawab", "tanya", "jadwalkan", "tolak", "selesaikan"])
def test_every_act_with_words_takes_a_template(sit, crew, sent, verb):
    html = read(sit("lurah"), f"/petugas/laporan/{sent[0].number}/?langkah={verb}").text
    chosen = re.search(rf'id="templat-{verb}".*?<option value="(\d+)"', html, re.S)[1]
    answer = act(sit("lurah"), sent[1], verb, templat=chosen, isi="1", month="2027-03", reason="ganda")
    assert answer.status_code == 200
    assert ("ganda" in html) or verb != "tolak"
    for wrong in ("x", "999999999999999999999", ""):
        assert act(sit("lurah"), sent[1], verb, templat=wrong, isi="1").status_code == 200


def test_photos_sent_with_the_choice_of_a_template_are_kept(sit, crew, sent):
    chosen = template("Sudah dikerjakan")
    answer = act(
        sit("lurah"), sent[1], "selesaikan", templat=chosen, isi="1", photos=factories.picture(), words=""
    )
    assert answer.status_code == 200
    assert "Foto yang sudah tersimpan" in answer.text


def test_unfilled_fields_keep_an_answer_from_being_sent(sit, crew, sent):
    answer = act(sit("lurah"), sent[1], words="Kami datang {isi: tanggal} ke {nomor}.")
    assert answer.status_code == 422
    assert "Lengkapi dahulu: {isi: tanggal}, {nomor}." in answer.text
    reason = act(sit("lurah"), sent[1], "jadwalkan", month="2027-03", reason="Menunggu {isi: dokumen}.")
    assert "Lengkapi dahulu: {isi: dokumen}." in reason.text
    assert act(sit("lurah"), sent[1], words="Kami datang besok pagi.").status_code == 303


def test_another_offices_templates_are_not_offered(sit, crew, sent, ward):
    write(sit("kasi"), keeper=ward)
    assert "Sudah diangkut" in read(sit("lurah"), f"/petugas/laporan/{sent[0].number}/").text
    assert "Sudah diangkut" not in read(sit("koordinator"), f"/petugas/laporan/{sent[0].number}/").text
