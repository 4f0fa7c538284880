"""*Tautan tugas*: what a crew without accounts reads and sends, what the office makes of it, and who may not."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.cities import api as cities
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import crew as links
from guyub.rooms.casework.models import Case, CrewLink, CrewProof, Evidence
from guyub.rooms.casework.rules import NotPossible, State
from guyub.rooms.people import api as people
from guyub.rooms.reports import actions as reports
from guyub.rooms.reports import errands
from tests import factories

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Suharti Wijayakusuma", "suharti.wk@rahasia.test", "0813-5550-7777"
TOLD = "Angkut sampah di mulut gang, bawa gerobak."


@pytest.fixture
def staff(city):
    with override("id"):
        yield factories.add_people()


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def given(staff, at):
    """A report that is being worked on, with a crew sent to it."""
    report, case = factories.send(
        at=at - timedelta(days=1), place=staff.place, name=NAME, email=EMAIL, phone=PHONE, lat=-6.9, lon=107.6
    )
    files.store_photo(factories.picture(), at=at, subject=reports.subject_of(report))
    factories.bring_to(State.IN_PROGRESS, report, case, by=staff["lurah"], at=at)
    return report, case, make(case, staff["kasi"], at)


def make(case, by, at):
    return links.make_link(case=case.uuid, crew="Regu PHL Utara", instruction=TOLD, by=by, at=at)


def address(link) -> str:
    return f"/tugas/{links.key_of(link.uuid)}/"


def sent_form(**changes):
    return {
        "kiriman": str(uuid.uuid4()),
        "words": "Sampah sudah diangkut semua.",
        "camera": factories.picture(),
        **changes,
    }


def browser() -> Client:
    return Client(headers=factories.HOST)


def test_a_crew_reads_its_errand_and_nothing_of_the_reporter(given):
    report, case, link = given
    answer = browser().get(address(link))
    page = answer.content.decode()
    assert answer.status_code == 200
    for wanted in (TOLD, case.number, "depan gang", "-6.90000,107.60000"):
        assert wanted in page
    for secret in (NAME, "Suharti", EMAIL, PHONE, "0813", str(report.uuid), report.uuid.hex, "/ikuti/"):
        assert secret not in page
    assert "/berkas/" not in page  # the reporter's photo was not published
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]


def test_what_is_not_public_is_not_told_to_a_crew_either(staff, at):
    secret, words = {"is_confidential": True}, "Bau limbah dari bengkel tetangga saya."
    report, case = factories.send(at=at, place=staff.place, body=words, lat=-6.9, lon=107.6, **secret)
    factories.bring_to(State.FORWARDED, report, case, by=staff["lurah"], at=at)
    page = browser().get(address(make(case, staff["lurah"], at))).content.decode()
    assert TOLD in page
    for hidden in ("limbah", "depan gang", "107.6"):
        assert hidden not in page


def test_a_proof_is_a_completion_only_once_the_office_accepts_it(given, staff, at):
    _report, case, link = given
    answer = browser().post(address(link), sent_form())
    assert answer.status_code == 303
    case.refresh_from_db()
    proof = CrewProof.objects.get()
    assert case.state == State.IN_PROGRESS
    assert not Evidence.objects.filter(case=case).exists()
    assert "Diperiksa kantor" in browser().get(address(link)).content.decode()
    errands.accept_proof(proof=proof.uuid, words="Sampah sudah kami angkut.", by=staff["lurah"], at=at)
    case.refresh_from_db()
    proof.refresh_from_db()
    assert (case.state, proof.outcome) == (State.WORK_DONE, "ACCEPTED")
    assert len(files.pictures(subject=f"casework.evidence:{proof.evidence_id}", may_see=False)) == 1
    assert browser().get(address(link)).status_code == 410


def test_the_office_sends_back_with_a_reason_that_the_crew_reads(given, staff, at):
    _report, case, link = given
    browser().post(address(link), sent_form())
    proof = CrewProof.objects.get()
    links.send_back(proof=proof.uuid, reason="Sisi kiri gang belum diangkut.", by=staff["lurah"], at=at)
    assert "Sisi kiri gang belum diangkut." in browser().get(address(link)).content.decode()
    with pytest.raises(links.NothingWaits):
        links.accept_proof(proof=proof.uuid, words="Sudah kami angkut.", by=staff["lurah"], at=at)
    assert browser().post(address(link), sent_form()).status_code == 303
    assert links.waiting(case).count() == 1


def test_sent_twice_it_is_taken_once(given):
    _report, case, link = given
    form, same = sent_form(), {"camera": factories.picture()}
    first = browser().post(address(link), form)
    again = browser().post(address(link), {**form, **same})
    assert (first.status_code, again.status_code) == (303, 303)
    assert CrewProof.objects.count() == 1
    told = [fact.name for fact in ledger.facts_about(case.subject)]
    assert told.count("casework.crew_proof_sent") == 1


def test_sent_again_after_it_was_accepted_it_is_still_received(given, staff, at):
    """The phone lost the answer: the link is over by then, but the proof is here."""
    _report, _case, link = given
    form = sent_form()
    browser().post(address(link), form)
    errands.accept_proof(
        proof=CrewProof.objects.get().uuid, words="Sudah diangkut.", by=staff["lurah"], at=at
    )
    answer = browser().post(
        address(link), {**form, "camera": factories.picture()}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200
    assert "received" in answer.json()
    over = browser().get(address(link))
    assert over.status_code == 410
    assert "Bukti Anda sudah diterima kantor" in over.text
    assert "Tidak ada lagi yang perlu dikirim" in over.text


def test_another_links_proof_cannot_be_aimed_at(given, staff, at):
    _report, _case, link = given
    form = sent_form()
    browser().post(address(link), form)
    other, case = factories.send(at=at, place=staff.place)
    factories.bring_to(State.FORWARDED, other, case, by=staff["lurah"], at=at)
    second = make(case, staff["lurah"], at)
    browser().post(address(second), {**form, "camera": factories.picture(colour="red")})
    assert list(CrewProof.objects.order_by("pk").values_list("link_id", flat=True)) == [link.pk, second.pk]


def test_time_and_place_come_from_the_camera_and_only_when_they_are_said(given, at):
    _report, _case, link = given
    moment = at.isoformat()
    point = {"taken_at": moment, "taken_lat": "-6.9", "taken_lon": "107.6", "taken_accuracy": "12"}
    browser().post(address(link), sent_form(**point))
    browser().post(address(link), sent_form())
    gallery = sent_form(**point, photos=factories.picture(colour="red"))
    del gallery["camera"]
    browser().post(address(link), gallery)
    found = list(CrewProof.objects.order_by("pk").values_list("source", "taken_lat", "taken_accuracy"))
    assert found == [("CAMERA", -6.9, 12.0), ("UNKNOWN", None, None), ("GALLERY", None, None)]


def test_more_than_the_office_can_look_at_is_not_taken(given):
    _report, _case, link = given
    answers = [browser().post(address(link), sent_form()).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 422]


def test_an_error_keeps_what_was_sent(given):
    _report, _case, link = given
    answer = browser().post(address(link), sent_form(words="x"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "/berkas/" in page  # the photo is kept
    draft = page.split('name="draft" value="')[1].split('"')[0]
    source = page.split('name="source" value="')[1].split('"')[0]
    done = browser().post(
        address(link),
        {"kiriman": str(uuid.uuid4()), "words": "Sudah bersih.", "draft": draft, "source": source},
    )
    assert done.status_code == 303
    assert browser().post(address(link), {"words": "tanpa foto"}).status_code == 422


def test_bad_input_is_never_a_failure(given):
    _report, _case, link = given
    for odd in (
        {"kiriman": "x"},
        {"taken_lat": "nan", "taken_lon": "inf", "taken_at": "besok"},
        {"taken_at": "9999-99-99T00:00:00Z", "draft": "'; drop"},
        {"source": "SATELLITE"},
    ):
        assert browser().post(address(link), sent_form(**odd)).status_code in (303, 422), odd


# ---- the link ----------------------------------------------------------------------------------------------------


def test_a_link_ends_by_its_day_by_hand_and_with_the_work(given, staff, at):
    _report, case, link = given
    CrewLink.objects.filter(pk=link.pk).update(expires_at=at - timedelta(minutes=1))
    over = browser().get(address(link))
    assert over.status_code == 410
    assert "Tautan ini berlaku sampai" in over.text
    assert browser().post(address(link), sent_form()).status_code == 410
    asked = browser().post(address(link), sent_form(), headers={"Accept": "application/json"})
    assert "Tautan ini berlaku sampai" in asked.json()["errors"]["__all__"][0]
    second = make(case, staff["lurah"], at)
    links.revoke_link(link=second.uuid, by=staff["kasi"], at=at)
    links.revoke_link(link=second.uuid, by=staff["kasi"], at=at)
    over = browser().get(address(second))
    assert over.status_code == 410
    assert "Kantor mencabut tautan ini." in over.text
    third = make(case, staff["lurah"], at)
    factories.finished(case, by=staff["lurah"], at=at)
    over = browser().get(address(third))
    assert over.status_code == 410
    assert case.number not in over.content.decode()
    assert "tidak menunggu regu lagi" in over.text
    assert CrewProof.objects.count() == 0
    told = [fact.name for fact in ledger.facts_about(case.subject)]
    assert told.count("casework.crew_link_revoked") == 1


def test_a_case_that_went_to_another_office_is_this_crews_no_more(given, staff, at):
    _report, case, link = given
    from guyub.rooms.casework import actions

    actions.hand_over(
        case=case.uuid,
        to_office=staff["penghubung"].grants[0].organisation,
        reason="Kewenangan dinas.",
        by=staff["lurah"],
        at=at,
    )
    assert browser().get(address(link)).status_code == 410


def test_a_forged_key_is_no_page(given):
    _report, _case, link = given
    key = links.key_of(link.uuid)
    follow = f"{link.uuid.hex}-{cities.signature('follow', link.uuid.hex)}"
    for forged in (
        key[:-1] + ("A" if key[-1] != "A" else "B"),
        f"{link.uuid.hex}-",
        follow,
        "x",
        f"{uuid.uuid4().hex}-{'A' * 22}",
    ):
        answer = browser().get(f"/tugas/{forged}/")
        assert answer.status_code == 404, forged
        assert "Tautan tugas ini tidak dikenali" in answer.text
        assert browser().post(f"/tugas/{forged}/", sent_form()).status_code == 404


def test_another_citys_link_is_no_page_here(given, pekalongan):
    _report, _case, link = given
    with cities.inside(pekalongan):
        elsewhere = links.key_of(link.uuid)
    assert browser().get(f"/tugas/{elsewhere}/").status_code == 404
    assert Client(headers={"host": "pekalongan.localhost"}).get(address(link)).status_code == 404


def test_the_ledger_keeps_no_word_of_the_crew(given):
    _report, case, link = given
    browser().post(address(link), sent_form())
    kept = str([fact.payload for fact in ledger.facts_about(case.subject)])
    assert "Regu" not in kept
    assert "gerobak" not in kept


# ---- people × states ---------------------------------------------------------------------------------------------

GIVERS = {"lurah", "kasi"}
GIVEN_IN = {State.FORWARDED, State.IN_PROGRESS, State.SCHEDULED, State.EXTERNAL}


@pytest.mark.parametrize("state", list(State))
def test_only_who_may_complete_a_case_sends_a_crew_while_there_is_work(staff, at, state):
    report, case = factories.send(at=at - timedelta(days=1), place=staff.place)
    case = factories.bring_to(state, report, case, by=staff["lurah"], at=at)
    for slug, person in staff.items():
        allowed = slug in GIVERS and state in GIVEN_IN
        assert links.may_give(person, case) == allowed, slug
        if not allowed:
            with pytest.raises(NotAllowed):
                make(case, person, at)


def test_what_is_about_conduct_goes_to_no_crew(staff, at):
    report, case = factories.send(at=at, place=staff.place, about_conduct=True)
    factories.bring_to(State.FORWARDED, report, case, by=staff["inspektorat"], at=at)
    case.refresh_from_db()
    assert not any(links.may_give(person, case) for person in staff.values())
    for slug in staff:
        desk = browser()
        desk.force_login(staff.account(slug), backend=factories.BACKEND)
        assert desk.get(f"/petugas/laporan/{case.number}/regu/").status_code == 404


@pytest.mark.parametrize("slug", factories.SLUGS)
def test_the_page_of_links_is_for_who_may_complete(given, staff, slug):
    _report, case, _link = given
    desk = browser()
    desk.force_login(staff.account(slug), backend=factories.BACKEND)
    page = f"/petugas/laporan/{case.number}/regu/"
    assert desk.get(page).status_code == (200 if slug in GIVERS else 404)
    answer = desk.post(page, {"lakukan": "buat", "crew": "Regu lain", "instruction": TOLD})
    assert answer.status_code == (303 if slug in GIVERS else 404)


def test_an_officer_makes_ends_and_decides_on_the_page(given, staff):
    _report, case, link = given
    desk = browser()
    desk.force_login(staff.account("lurah"), backend=factories.BACKEND)
    page = f"/petugas/laporan/{case.number}/regu/"
    shown = desk.get(page).content.decode()
    assert links.key_of(link.uuid) in shown
    assert "wa.me" in shown
    browser().post(address(link), sent_form())
    proof = CrewProof.objects.get()
    assert "1 bukti regu menunggu" in desk.get(f"/petugas/laporan/{case.number}/").content.decode()
    short = desk.post(page, {"lakukan": "kembalikan", "id": str(proof.uuid), "words": "x"})
    assert short.status_code == 422
    own = desk.post(page, {"lakukan": "kembalikan", "id": str(proof.uuid), "words": proof.words})
    assert own.status_code == 422
    assert "Ini kata regu sendiri. Tulis apa yang harus diulang." in own.text
    done = desk.post(page, {"lakukan": "terima", "id": str(proof.uuid), "words": "Sampah sudah diangkut."})
    assert done.status_code == 303
    late = desk.post(page, {"lakukan": "kembalikan", "id": str(proof.uuid), "words": "Belum bersih benar."})
    assert late.status_code == 303
    assert Case.objects.get(pk=case.pk).state == State.WORK_DONE
    for odd in ({"lakukan": "terima", "id": "x"}, {"lakukan": "cabut", "id": str(uuid.uuid4())}, {}):
        assert desk.post(page, odd).status_code == 404


def test_a_case_that_is_done_already_takes_no_proof_more(given, staff, at):
    _report, case, link = given
    browser().post(address(link), sent_form())
    factories.finished(case, by=staff["lurah"], at=at)
    with pytest.raises(NotPossible):
        links.accept_proof(
            proof=CrewProof.objects.get().uuid, words="Sudah bersih.", by=staff["lurah"], at=at
        )
    assert Evidence.objects.filter(case=case).count() == 1


def test_a_city_may_let_a_crews_proof_complete_at_once(given, at):
    _report, case, link = given
    rulebook.publish(
        key="crew.completes_at_once",
        value={"amount": 1, "unit": "flag"},
        effective_from=at.date() - timedelta(days=1),
        legal_basis="Perwal percontohan",
        confidence="V",
        at=at,
    )
    assert browser().post(address(link), sent_form()).status_code == 303
    assert Case.objects.get(pk=case.pk).state == State.WORK_DONE
    proof = Evidence.objects.get(case=case)
    assert proof.by == link.made_by
    assert people.names_of([proof.by])
