"""Prepared answers: kept by offices, seen by those who use them."""

from __future__ import annotations

import pytest

from guyub.kernel.ledger.models import Fact
from guyub.rooms.casework.models import AnswerTemplate
from guyub.rooms.people import api as people
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
