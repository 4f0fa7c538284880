"""What a category asks: on the form without a script and with one, kept by versions, public as the question says."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests import factories

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.api import Case
from guyub.rooms.reports import actions, open311, own_data, questions
from guyub.rooms.reports.actions import find_draft
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.models import Answer, Attribute, Draft, Report
from guyub.rooms.reports.questions import CannotDefine, Wanted
from guyub.rooms.reports.tests.sending_tools import BANDUNG, DAGO, JSON, NEW, filled

pytestmark = pytest.mark.django_db
DARK = {"category": "lampu-jalan", "body": "Lampu jalan mati sejak Senin, gelap sekali di tikungan."}
SAID = {"asked_for": "lampu-jalan", "tanya-gejala": "mati", "tanya-nomor_tiang": "K-12 rumah Bu Rekaan"}


@pytest.fixture
def crew(city):
    return factories.add_people()


def send(**changes):
    return Client(headers=BANDUNG).post(NEW, filled(**DARK, **changes))


def test_without_a_script_a_required_question_is_a_second_step(city):
    asked = send()
    assert asked.status_code == 422
    assert "Satu langkah lagi" in asked.text
    assert 'name="asked_for" value="lampu-jalan"' in asked.text
    assert 'name="tanya-gejala"' in asked.text
    left_out = send(**{**SAID, "tanya-gejala": ""})
    assert left_out.status_code == 422
    for wrong in ({"tanya-gejala": "x"}, {"tanya-nomor_tiang": "9" * 500}):
        assert send(**{**SAID, **wrong}).status_code == 422, wrong
    assert not Report.objects.exists()
    assert send(**SAID).status_code == 303
    report = Report.objects.get()
    assert report.has_answers
    assert sorted(Answer.objects.values_list("attribute__code", "value")) == [
        ("gejala", "mati"),
        ("nomor_tiang", "K-12 rumah Bu Rekaan"),
    ]
    assert "K-12" not in report.body


def test_a_phone_without_network_is_never_refused_for_an_answer_and_optional_ones_hold_nobody_up(city):
    told = Client(headers=JSON).post(NEW, filled(**DARK))
    assert (told.status_code, Report.objects.get().has_answers) == (200, False)
    assert Client(headers=BANDUNG).post(NEW, filled()).status_code == 303
    wrong = Client(headers=JSON).post(NEW, filled(**DARK, asked_for="lampu-jalan"))
    assert (wrong.status_code, "tanya-gejala" in wrong.json()["errors"]) == (422, True)


def test_the_script_unfolds_them_and_a_draft_keeps_several(city, now):
    page = Client(headers=BANDUNG).get("/laporan/baru/pertanyaan/", {"kategori": "sampah"})
    assert page.text.count('type="checkbox"') == 4
    assert len(page.content) < 2500
    for code in ("", "jembatan-rusak", "pungutan-liar", "x\x00"):
        assert Client(headers=BANDUNG).get("/laporan/baru/pertanyaan/", {"kategori": code}).status_code == 204
    factories.send(at=now, place=DAGO)  # something near, so that the form waits as a draft
    client = Client(headers=BANDUNG)
    several = {"asked_for": "sampah", "tanya-jenis": ["daun", "bangunan"]}
    near = client.post(NEW, {**filled(), **several})
    if "mirip" in near["Location"]:
        assert find_draft(Draft.objects.get().uuid, at=Draft.objects.get().created_at)["tanya-jenis"] == [
            "daun", "bangunan",
        ]  # fmt: skip
        assert client.get(f"{NEW}?draft={Draft.objects.get().uuid}").text.count("checked") >= 2
        assert client.post(near["Location"]).status_code == 303
    assert sorted(Answer.objects.values_list("value", flat=True)) == ["bangunan", "daun"]


def test_officer_and_reporter_read_all_strangers_only_what_the_question_says(crew, now, client):
    send(**SAID)
    report = Report.objects.get()
    case = Case.objects.get(number=report.number)
    factories.verify(report, case, by=crew["koordinator"], at=now)
    client.force_login(crew.account("koordinator"), backend=factories.BACKEND)
    desk = client.get(f"/petugas/laporan/{report.number}/", headers=BANDUNG).text
    assert "K-12 rumah Bu Rekaan" in desk
    assert "Keadaan lampu" in desk
    client.logout()
    own = client.get(f"/laporan/ikuti/{actions.follow_key(report.uuid)}/", headers=BANDUNG).text
    assert "K-12 rumah Bu Rekaan" in own
    page = client.get(f"/laporan/{report.number}/", headers=BANDUNG).text
    assert "Keadaan lampu" in page
    assert "Bu Rekaan" not in page
    rows = open311.extended_rows(open311.Asked(numbers=(report.number,)), at=now)
    assert [one["code"] for one in rows[0]["attributes"]] == ["gejala"]
    assert "Bu Rekaan" not in json.dumps(rows)
    Attribute.objects.filter(code="gejala").update(is_public=False)
    assert "Keadaan lampu" not in client.get(f"/laporan/{report.number}/", headers=BANDUNG).text
    assert open311.extended_rows(open311.Asked(numbers=(report.number,)), at=now)[0]["attributes"] == []
    # Whoever has their words erased leaves no answers either.
    report.refresh_from_db()
    own_data._erase_words(report, at=now)
    assert not Answer.objects.exists()


WANTED = {
    "name_id": "Warna lampu", "name_en": "Colour of the light", "datatype": "singlevaluelist",
    "choices": "Putih | White\nKuning | Yellow", "is_public": "on",
}  # fmt: skip


def test_a_question_is_changed_by_versions_and_an_answer_keeps_its_own(crew, now, client):
    send(**SAID)
    client.force_login(crew.account("koordinator"), backend=factories.BACKEND)
    path = "/petugas/kategori/lampu-jalan/"
    assert path in client.get("/petugas/kategori/", headers=BANDUNG).text
    assert client.post(path, WANTED, headers=BANDUNG).status_code == 302
    made = Attribute.objects.get(code="warna_lampu")
    assert [one["key"] for one in made.values] == ["putih", "kuning"]
    found = client.get("/open311/v2/services/lampu-jalan.json", headers=BANDUNG).json()
    assert [one["code"] for one in found["attributes"]] == ["gejala", "nomor_tiang", "warna_lampu"]
    old = Attribute.objects.get(code="gejala")
    changed = {"ubah": old.pk, "name_id": "Apa yang terjadi", "name_en": "What happens", "datatype": "singlevaluelist",
               "choices": "Mati | Out\nMeredup | Dim"}  # fmt: skip
    form = client.get(path, {"ubah": old.pk}, headers=BANDUNG).text
    assert "Menyala siang hari | On in daytime" in form
    assert client.post(path, changed, headers=BANDUNG).status_code == 302
    new = Attribute.objects.get(code="gejala", is_active=True)
    assert (new.version, new.position, [one["key"] for one in new.values]) == (
        2,
        old.position,
        ["mati", "meredup"],
    )
    # What was answered keeps the question that it answers.
    assert questions.answers_of(Report.objects.get(), public=False)[0].question == "Keadaan lampu"
    for wrong in (
        {**changed},
        {**WANTED, "choices": "Satu"},
        {**WANTED, "choices": "a\na"},
        {**WANTED, "name_id": ""},
    ):
        assert client.post(path, wrong, headers=BANDUNG).status_code == 422, wrong
    assert client.post(path, {"ubah": new.pk, "hapus": "1"}, headers=BANDUNG).status_code == 302
    assert not Attribute.objects.filter(code="gejala", is_active=True).exists()
    assert Answer.objects.filter(attribute=old).exists()
    again = {**changed, "name_id": "Gejala", "ubah": ""}
    assert client.post(path, again, headers=BANDUNG).status_code == 302
    assert Attribute.objects.filter(code="gejala2").exists()  # a code is never used for something else
    facts = ledger.facts_about(f"reports.category:{old.category_id}")
    assert [fact.payload["edition"] for fact in facts] == [1, 2, 2, 1]
    page = client.get(path, headers=BANDUNG).text
    assert "Versi sebelumnya" in page


def test_who_may_not_and_what_is_asked_of_nobody(crew, now):
    wanted = Wanted(datatype="string", name_id="Siapa", name_en="Who")
    known = categories().by_code
    for slug in ("kasi", "lurah", "admin", "warga", "inspektorat"):
        with pytest.raises(NotAllowed):
            questions.define(category=known["sampah"], wanted=wanted, by=crew[slug], at=now)
    with pytest.raises(CannotDefine):
        questions.define(category=known["pungutan-liar"], wanted=wanted, by=crew["koordinator"], at=now)
    for n in range(20):
        try:
            more = Wanted(datatype="string", name_id=f"Hal {n}", name_en="Thing")
            questions.define(category=known["sampah"], wanted=more, by=crew["koordinator"], at=now)
        except CannotDefine:
            break
    assert (
        Attribute.objects.filter(category=known["sampah"], is_active=True).count() == questions.MOST_QUESTIONS
    )
