"""One act on many reports, and taking it back."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from guyub.kernel.ledger.models import Fact
from guyub.rooms.casework import actions, bulk, dispositions, queries
from guyub.rooms.casework.models import Batch, BatchItem, Case, HandOver
from guyub.rooms.casework.rules import State
from guyub.rooms.people import api as people
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db

MANY, DO = "/petugas/sekaligus/", "/petugas/sekaligus/lakukan/"


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
def sent(crew, now):
    return [factories.send(at=now, place=crew.place) for _ in range(3)]


@pytest.fixture
def agency(crew):
    return people.directory().find_key("pu").id


def post(client, url, **values):
    return client.post(url, values, headers=factories.HOST)


def form_of(html: str) -> dict[str, list[str]]:
    """The hidden fields and ticked boxes of the preview."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", html):
        kind, name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("type", "name", "value"))
        if (
            kind
            and name
            and value
            and (kind[1] == "hidden" or "checked" in tag)
            and name[1] != "csrfmiddlewaretoken"
        ):
            found.setdefault(name[1], []).append(value[1])
    return found


def choose(client, verb, reports):
    return post(client, MANY, lakukan=verb, pilih=[report.number for report, _ in reports])


def run(client, verb, reports, **said):
    """Preview, then do; returns the address of the result."""
    form = form_of(choose(client, verb, reports).text)
    answer = post(client, DO, **form, **said)
    assert answer.status_code == 303, answer.text
    return answer["Location"], form


def states(reports) -> list[str]:
    return [Case.objects.get(pk=case.pk).state for _, case in reports]


def offices(reports) -> set[int]:
    return {Case.objects.get(pk=case.pk).office_id for _, case in reports}


def test_the_preview_says_what_will_happen_and_what_cannot_and_does_nothing(sit, crew, sent):
    factories.bring_to(State.FORWARDED, *sent[2], by=crew["lurah"], at=sent[2][1].received_at)
    answer = choose(sit("lurah"), "verifikasi", sent)
    html = answer.text
    assert answer.status_code == 200
    assert "Verifikasi: 2 laporan" in html
    assert sent[0][0].body in html
    assert "Dapat dibatalkan selama 10 menit" in html
    assert sent[2][0].number in html.split("Tidak ikut")[1]
    assert states(sent) == ["RECEIVED", "RECEIVED", "FORWARDED"]
    assert not Batch.objects.exists()


def test_chosen_reports_become_the_ground_of_a_new_need(sit, crew, sent, now):
    """From both lists, without a script; a report from elsewhere or of what may not be public is left out and said."""
    conduct = factories.send(at=now, place=crew.place, about_conduct=True)[0].number
    numbers = [report.number for report, _ in sent]
    lurah = sit("lurah")
    for page in ("/petugas/?tampilan=", "/petugas/semua/"):
        html = lurah.get(page, headers=factories.HOST).text
        assert 'value="kebutuhan"' in html
        assert all(f'name="pilih" value="{number}" form="sekaligus"' in html for number in numbers)
    address = post(lurah, MANY, lakukan="kebutuhan", pilih=[*numbers, conduct])["Location"]
    html = lurah.get(address, headers=factories.HOST).text
    assert re.findall(r'name="laporan" value="([^"]+)"', html) == sorted(numbers)
    assert "1 laporan yang Anda pilih tidak ikut" in html
    assert "Di baliknya: 3 laporan" in html
    assert post(lurah, MANY, lakukan="kebutuhan", semua="1")["Location"] == "/petugas/semua/"
    inspector = sit("inspektorat")
    assert 'value="kebutuhan"' not in inspector.get("/petugas/semua/", headers=factories.HOST).text
    assert post(inspector, MANY, lakukan="kebutuhan", pilih=numbers).status_code == 404


def test_each_is_done_with_a_fact_of_its_own_and_sending_twice_does_nothing_twice(sit, crew, sent):
    lurah = sit("lurah")
    address, form = run(lurah, "verifikasi", sent)
    assert states(sent) == ["FORWARDED"] * 3
    assert Fact.objects.filter(name="casework.case_verified").count() == 3
    before = [Case.objects.get(pk=case.pk).updated_at for _, case in sent]
    assert post(lurah, DO, **form)["Location"] == address
    assert [Case.objects.get(pk=case.pk).updated_at for _, case in sent] == before
    assert Fact.objects.filter(name="casework.case_verified").count() == 3
    html = lurah.get(address, headers=factories.HOST).text
    assert 'Sudah dilakukan <span class="number">3</span>' in html
    assert Report.objects.get(pk=sent[0][0].pk).public_landmark == ""


def test_what_changed_meanwhile_is_left_and_said(sit, crew, sent):
    lurah = sit("lurah")
    form = form_of(choose(lurah, "verifikasi", sent).text)
    factories.bring_to(State.REJECTED, *sent[0], by=crew["lurah"], at=timezone.now())
    Case.objects.filter(pk=sent[1][1].pk).update(updated_at=timezone.now())
    address = post(lurah, DO, **form)["Location"]
    assert states(sent) == ["REJECTED", "RECEIVED", "FORWARDED"]
    assert "keadaannya berubah sejak Anda melihatnya" in lurah.get(address, headers=factories.HOST).text


def test_a_half_failure_goes_on_where_it_stopped(sit, crew, sent, monkeypatch):
    lurah = sit("lurah")
    form = form_of(choose(lurah, "verifikasi", sent).text)
    real, calls = bulk.do_one, []

    def dies_at_the_second(**more):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(**more)

    monkeypatch.setattr(bulk, "do_one", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        post(lurah, DO, **form)
    monkeypatch.setattr(bulk, "do_one", real)
    post(lurah, DO, **form)
    assert states(sent) == ["FORWARDED"] * 3
    assert Fact.objects.filter(name="casework.case_verified").count() == 3


def test_verification_is_taken_back_and_what_it_showed_is_hidden_again(sit, crew, sent):
    lurah = sit("lurah")
    before = {case.pk: Case.objects.filter(pk=case.pk).values().get() for _, case in sent}
    address, _ = run(lurah, "verifikasi", sent)
    assert post(lurah, address).status_code == 303
    for _, case in sent:
        now = Case.objects.filter(pk=case.pk).values().get()
        assert {k: v for k, v in now.items() if k != "updated_at"} == {
            k: v for k, v in before[case.pk].items() if k != "updated_at"
        }
    assert not Report.objects.exclude(published_at=None).exists()
    assert set(Report.objects.values_list("state", flat=True)) == {"RECEIVED"}
    assert Fact.objects.filter(name="casework.act_undone").count() == 3
    assert Fact.objects.filter(name="reports.report_withdrawn").count() == 3
    assert Fact.objects.filter(name="casework.case_verified").count() == 3  # what happened stays told
    post(lurah, address)
    assert Fact.objects.filter(name="casework.act_undone").count() == 3
    assert "kembali seperti semula" in lurah.get(address, headers=factories.HOST).text


def test_a_hand_over_comes_back_except_where_somebody_has_acted(sit, crew, sent, agency):
    lurah = sit("lurah")
    own = offices(sent)
    address, _ = run(
        lurah, "teruskan", sent, office=agency, code="bukan-wewenang", reason="Bukan wewenang kelurahan."
    )
    assert offices(sent) == {agency}
    acted = Case.objects.get(pk=sent[0][1].pk)
    factories.bring_to(State.FORWARDED, sent[0][0], acted, by=crew["penghubung"], at=timezone.now())
    post(lurah, address)
    assert offices(sent[:1]) == {agency}
    assert offices(sent[1:]) == own
    assert Case.objects.get(pk=sent[1][1].pk).hand_overs == 0
    html = lurah.get(address, headers=factories.HOST).text
    assert "sudah ada tindakan lain sesudahnya" in html


def test_it_is_too_late_after_some_minutes(sit, crew, sent):
    lurah = sit("lurah")
    address, _ = run(lurah, "verifikasi", sent)
    Batch.objects.update(started_at=timezone.now() - timedelta(minutes=11))
    assert "Batalkan semuanya?" not in lurah.get(address, headers=factories.HOST).text
    post(lurah, address)
    assert states(sent) == ["FORWARDED"] * 3


def test_a_question_cannot_be_taken_back_and_that_is_said_before(sit, crew, sent):
    lurah = sit("lurah")
    assert "Tidak dapat dibatalkan" in choose(lurah, "tanya", sent).text
    address, _ = run(lurah, "tanya", sent, words="Di sebelah mana tepatnya?")
    assert states(sent) == ["WAITING_REPORTER"] * 3
    post(lurah, address)
    assert states(sent) == ["WAITING_REPORTER"] * 3


def test_an_error_in_the_form_keeps_what_was_typed_and_chosen(sit, crew, sent):
    lurah = sit("lurah")
    form = form_of(choose(lurah, "teruskan", sent).text)
    answer = post(lurah, DO, **form, office="", code="", reason="Bukan wewenang kelurahan.")
    assert answer.status_code == 422
    assert "Bukan wewenang kelurahan." in answer.text
    assert form_of(answer.text)["kiriman"] == form["kiriman"]


def test_nobody_acts_on_what_is_not_theirs(sit, crew, sent, agency, now):
    conduct, _ = factories.send(at=now, place=crew.place, about_conduct=True)
    html = choose(sit("penghubung"), "verifikasi", [*sent, (conduct, None)]).text
    assert "Tidak satu pun dapat dilakukan" in html
    assert sent[0][0].body not in html
    assert "Tidak ada di antara yang boleh Anda lihat" in html
    sekda = sit("sekda")
    stamps = {f"saat-{r.number}": c.updated_at.isoformat() for r, c in sent}
    numbers = [report.number for report, _ in sent]
    post(sekda, DO, lakukan="verifikasi", kiriman=str(uuid.uuid4()), pilih=numbers, **stamps)
    assert states(sent) == ["RECEIVED"] * 3
    assert set(BatchItem.objects.values_list("outcome", flat=True)) == {"REFUSED"}


def test_a_batch_is_seen_and_taken_back_by_its_maker_alone(sit, crew, sent):
    address, form = run(sit("lurah"), "verifikasi", sent)
    kasi = sit("kasi")
    assert kasi.get(address, headers=factories.HOST).status_code == 404
    assert post(kasi, address).status_code == 404
    assert post(kasi, DO, **form).status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"lakukan": "hapus"},
        {"lakukan": "verifikasi", "pilih": "LAP-2026-000001", "kiriman": "x"},
        {"lakukan": "tolak", "pilih": "LAP-2026-000001"},
    ],
)
def test_what_no_form_of_ours_sends_is_no_page(sit, crew, values):
    assert post(sit("lurah"), DO, **values).status_code == 404


def test_the_list_has_boxes_and_a_link_that_ticks_them_all(sit, crew, sent):
    lurah = sit("lurah")
    html = lurah.get("/petugas/", headers=factories.HOST).text
    assert html.count('form="sekaligus"') == 3
    assert 'href="/petugas/?pilih=semua"' in html
    assert lurah.get("/petugas/?pilih=semua", headers=factories.HOST).text.count(" checked>") == 3
    assert post(lurah, MANY, lakukan="verifikasi")["Location"] == "/petugas/"


def test_what_cases_were_like_is_not_kept_for_long(sit, crew, sent):
    run(sit("lurah"), "verifikasi", sent)
    assert bulk.forget_before(at=timezone.now()) == 0
    assert bulk.forget_before(at=timezone.now() + timedelta(days=2)) == 3


def assignees(reports) -> list[int | None]:
    return [Case.objects.get(pk=case.pk).assignee for _, case in reports]


def test_a_hand_over_of_many_keeps_its_coded_reason_and_asks_for_one(sit, sent, agency):
    lurah = sit("lurah")
    form = form_of(choose(lurah, "teruskan", sent).text)
    assert post(lurah, DO, **form, office=agency, reason="Bukan wewenang kelurahan.").status_code == 422
    run(lurah, "teruskan", sent, office=agency, code="salah-kategori", reason="Bukan wewenang kelurahan.")
    assert set(HandOver.objects.values_list("code", flat=True)) == {"salah-kategori"}


def test_many_are_given_to_one_officer_and_come_back_to_whom_they_were(sit, crew, sent):
    lurah, kasi = sit("lurah"), crew["kasi"].account
    seklur = crew.account("seklur").pk
    dispositions.dispose_case(
        case=sent[0][1].uuid, officer=seklur, instruction="Tolong dicek.", by=crew["lurah"], at=timezone.now()
    )
    address, _ = run(lurah, "disposisi", sent, officer=kasi, instruction="Kerjakan minggu ini.")
    assert assignees(sent) == [kasi] * 3
    assert Fact.objects.filter(name="casework.case_disposed").count() == 4
    post(lurah, address)
    assert assignees(sent) == [seklur, None, None]
    assert queries.assigned(Case.objects.get(pk=sent[0][1].pk)).instruction == "Tolong dicek."
    public = lurah.get(f"/laporan/{sent[0][0].number}/", headers=factories.HOST).text
    assert "Disposisi" not in public


def test_an_officer_of_another_office_is_no_choice_and_a_case_that_left_is_told(sit, crew, sent, agency):
    lurah, kasi = sit("lurah"), crew["kasi"].account
    form = form_of(choose(lurah, "disposisi", sent).text)
    said = {"instruction": "Kerjakan minggu ini."}
    assert post(lurah, DO, **form, officer=crew["penghubung"].account, **said).status_code == 422
    actions.hand_over(
        case=sent[0][1].uuid, to_office=agency, reason="Bukan wewenang.", by=crew["lurah"], at=timezone.now()
    )
    address = post(lurah, DO, **form, officer=kasi, **said)["Location"]
    assert assignees(sent) == [None, kasi, kasi]
    assert "Sudah dilakukan" in lurah.get(address, headers=factories.HOST).text


def test_who_heads_no_office_is_not_offered_to_give_cases_to_officers(sit, sent):
    assert 'value="disposisi"' in sit("lurah").get("/petugas/", headers=factories.HOST).text
    kasi = sit("kasi")
    assert 'value="disposisi"' not in kasi.get("/petugas/", headers=factories.HOST).text
    assert "Tidak satu pun dapat dilakukan" in choose(kasi, "disposisi", sent).text
