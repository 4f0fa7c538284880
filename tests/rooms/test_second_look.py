"""A second person looks at what was drawn or flagged: a draw that anyone can repeat, and nobody judges their own work."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given as try_with
from hypothesis import strategies as st

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import actions, drawing, second_look
from guyub.rooms.casework.models import Case, Draw, Evidence, SecondLook
from guyub.rooms.casework.rules import State
from guyub.rooms.casework.subscribers import tell_of_look
from guyub.rooms.reports import actions as reports
from guyub.rooms.reports import looks
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = "Foto menunjukkan tempat yang sama dan bersih."


@pytest.fixture
def staff(city):
    with override("id"):
        yield factories.add_people()


@pytest.fixture
def at():
    return timezone.now()


def done(staff, at, *, by: str = "kasi", **changes) -> Case:
    report, case = factories.send(at=at - timedelta(days=1), place=staff.place, **changes)
    reports.verify_report(case=case.uuid, public_body=report.body, photos=[], by=staff["lurah"], at=at)
    factories.finished(case, by=staff[by], at=at)
    case.refresh_from_db()
    return case


def everything(at, percent: int = 100) -> None:
    for key in ("general", "hazard"):
        rulebook.publish(
            key=f"second_look.percent.{key}",
            value={"amount": percent, "unit": "percent"},
            effective_from=at.date() - timedelta(days=2),
            legal_basis="Perwal percontohan",
            confidence="V",
            at=at,
        )


def seal(monkeypatch, at) -> ledger.Verdict:
    """Seal what this very transaction recorded, which a real seal would wait for."""
    from guyub.kernel.ledger import sealing

    monkeypatch.setattr(
        sealing,
        "_facts_after",
        lambda last: sealing.select_facts(
            "WHERE id > %s ORDER BY era, ledger_fact.txid, id", [last.to_id if last else 0]
        ),
    )
    return ledger.seal(at=at)


@pytest.fixture
def drawn(staff, at, monkeypatch):
    everything(at)
    case = done(staff, at)
    assert seal(monkeypatch, at)
    assert second_look.draw_due(at=at) == 1
    return case, SecondLook.objects.get()


def give(look, by, at, verdict="FITS"):
    row = SecondLook.objects.select_related("case").get(pk=look.pk)
    return looks.give(look=row, verdict=verdict, words=WORDS, by=by, at=at)


# ---- the draw ----------------------------------------------------------------------------------------------------


def test_the_draw_is_what_the_public_page_says(drawn):
    case, look = drawn
    row = Draw.objects.get()
    assert [entry[0] for entry in row.entries] == [case.number]
    number, part, evidence, percent, digits, was_drawn = row.entries[0]
    text = f"{row.seal_hash}:{number}:{part}:{evidence}"
    assert digits == hashlib.sha256(text.encode()).hexdigest()[:16]
    assert was_drawn == (int(digits, 16) * 100 < percent * 2**64)
    browser = Client(headers=factories.HOST)
    told = browser.get(f"/bukti/undian/{row.seal}.json").json()
    assert told["seal_hash"] == ledger.find_seal(row.seal).hash
    assert told["completions"][0]["evidence"] == look.evidence_id
    assert "Menghitung undian sendiri" in browser.get("/bukti/undian/").content.decode()
    assert browser.get("/bukti/undian/999.json").status_code == 404


def test_drawing_again_changes_nothing(drawn, at):
    case, _look = drawn
    assert second_look.draw_due(at=at) == 0
    told = [fact.name for fact in ledger.facts_about(case.subject)]
    assert told.count("casework.second_look_asked") == 1


def test_nobody_knows_before_the_seal(staff, at):
    everything(at)
    done(staff, at)
    assert second_look.draw_due(at=at) == 0
    assert not SecondLook.objects.exists()


def test_with_no_rate_nothing_is_drawn_but_all_is_listed(staff, at, monkeypatch):
    everything(at, 0)
    case = done(staff, at)
    seal(monkeypatch, at)
    second_look.draw_due(at=at)
    assert [(entry[0], entry[5]) for entry in Draw.objects.get().entries] == [(case.number, False)]
    assert not SecondLook.objects.exists()


def test_what_the_reporter_confirmed_or_is_about_conduct_is_not_looked_at(staff, at, monkeypatch):
    everything(at)
    case = done(staff, at)
    reports.confirm(report=Report.objects.get(number=case.number), at=at)
    report, conduct = factories.send(at=at, place=staff.place, about_conduct=True)
    factories.bring_to(State.WORK_DONE, report, conduct, by=staff["inspektorat"], at=at)
    seal(monkeypatch, at)
    second_look.draw_due(at=at)
    assert [entry[0] for entry in Draw.objects.get().entries] == [case.number]
    assert not SecondLook.objects.exists()


@try_with(st.integers(min_value=0, max_value=2**64 - 1), st.integers(min_value=0, max_value=100))
def test_a_higher_rate_never_draws_less(number, percent):
    digits = f"{number:016x}"
    assert drawing.is_drawn(digits, percent=100)
    assert not drawing.is_drawn(digits, percent=0)
    if drawing.is_drawn(digits, percent=percent):
        assert drawing.is_drawn(digits, percent=min(percent + 1, 100))


def test_the_rate_is_about_what_it_says():
    hits = sum(
        drawing.is_drawn(
            drawing.digits(seal_hash="ab" * 32, number=f"LAP-2026-{n:06d}", part=1, evidence=n), percent=5
        )
        for n in range(20_000)
    )
    assert 850 < hits < 1150


def test_a_category_has_its_own_rate():
    rates = {"general": 5, "hazard": 20, "category.jalan": 1}
    assert drawing.percent_of(rates, category="jalan", is_hazard=True) == 1
    assert drawing.percent_of(rates, category="pohon", is_hazard=True) == 20
    assert drawing.percent_of(rates, category="sampah", is_hazard=False) == 5
    assert drawing.percent_of({}, category="sampah", is_hazard=True) == 0


# ---- flags -------------------------------------------------------------------------------------------------------


def test_a_flag_asks_a_person_and_decides_nothing(staff, at):
    case = done(staff, at)
    proof = Evidence.objects.get(case=case)
    assert not second_look.consider(evidence=proof.pk, at=at)
    Evidence.objects.filter(pk=proof.pk).update(flagged=True)
    assert second_look.consider(evidence=proof.pk, at=at)
    assert not second_look.consider(evidence=proof.pk, at=at)
    case.refresh_from_db()
    assert case.state == State.WORK_DONE
    assert SecondLook.objects.get().is_flagged


# ---- who ---------------------------------------------------------------------------------------------------------

MAY = {"lurah", "camat", "koordinator", "sekda"}


@pytest.mark.parametrize("slug", factories.SLUGS)
def test_only_the_office_or_one_above_and_never_who_did_it(drawn, staff, slug, at):
    _case, look = drawn
    may = slug in MAY  # kasi recorded the work
    assert second_look.waiting(staff[slug]).filter(pk=look.pk).exists() == may
    if not may:
        with pytest.raises(NotAllowed):
            give(look, staff[slug], at)
        assert SecondLook.objects.get().verdict == ""


@pytest.mark.parametrize("slug", factories.SLUGS)
def test_the_pages_are_for_the_same_people(drawn, staff, slug):
    _case, look = drawn
    browser = Client(headers=factories.HOST)
    browser.force_login(staff.account(slug), backend=factories.BACKEND)
    assert browser.get(f"/petugas/tinjauan/{look.pk}/").status_code == (200 if slug in MAY else 404)
    answer = browser.post(f"/petugas/tinjauan/{look.pk}/", {"verdict": "FITS", "words": WORDS})
    assert answer.status_code == (303 if slug in MAY else 404)
    assert browser.get(f"/petugas/tinjauan/{2**70}/").status_code == 404


def test_who_recorded_it_does_not_look_at_it(staff, at, monkeypatch):
    everything(at)
    case = done(staff, at, by="lurah")
    seal(monkeypatch, at)
    second_look.draw_due(at=at)
    assert not second_look.waiting(staff["lurah"]).exists()
    assert second_look.waiting(staff["kasi"]).filter(case=case).exists()


def test_who_accepted_a_crews_proof_or_sent_it_does_not_look_at_it(staff, at, monkeypatch):
    from tests.rooms.test_crew_links import address, browser, make, sent_form

    everything(at)
    report, case = factories.send(at=at - timedelta(days=1), place=staff.place)
    factories.bring_to(State.IN_PROGRESS, report, case, by=staff["lurah"], at=at)
    browser().post(address(make(case, staff["kasi"], at)), sent_form())
    from guyub.rooms.casework.models import CrewProof
    from guyub.rooms.reports import errands

    errands.accept_proof(
        proof=CrewProof.objects.get().uuid, words="Sudah diangkut.", by=staff["lurah"], at=at
    )
    seal(monkeypatch, at)
    second_look.draw_due(at=at)
    assert SecondLook.objects.exists()
    assert not second_look.waiting(staff["lurah"]).exists()
    assert not second_look.waiting(staff["kasi"]).exists()
    assert second_look.waiting(staff["camat"]).exists()


def test_who_may_is_told_once(drawn, staff):
    case, _look = drawn
    fact = next(f for f in ledger.facts_about(case.subject) if f.name == "casework.second_look_asked")
    tell_of_look(fact)
    tell_of_look(fact)
    told = list(Notice.objects.filter(key__startswith="second_look:").values_list("recipient", flat=True))
    assert told.count(f"account:{staff['lurah'].account}") == 1
    assert f"account:{staff['kasi'].account}" not in told  # who did the work
    assert len(told) == len(set(told))


# ---- the verdict -------------------------------------------------------------------------------------------------


def test_what_fits_changes_no_state(drawn, staff, at):
    case, look = drawn
    give(look, staff["lurah"], at)
    case.refresh_from_db()
    assert case.state == State.WORK_DONE
    page = Client(headers=factories.HOST).get(f"/laporan/{case.number}/").content.decode()
    assert "meninjau bukti: sesuai" in page
    assert WORDS in page
    with pytest.raises(second_look.NothingToLookAt):
        give(look, staff["camat"], at)


def test_what_does_not_fit_is_worked_on_again_by_the_clock_that_ran(drawn, staff, at):
    case, look = drawn
    before = case.resolve_due_at
    give(look, staff["camat"], at, "FITS_NOT")
    case.refresh_from_db()
    assert (case.state, case.due_at, case.reopened) == (State.IN_PROGRESS, before, 1)
    assert case.completed_at is None
    assert case.reporter_due_at is None
    assert Report.objects.get(number=case.number).state == State.IN_PROGRESS
    page = Client(headers=factories.HOST).get(f"/laporan/{case.number}/").content.decode()
    assert "tidak sesuai; dikerjakan lagi" in page


def test_what_ended_for_want_of_an_answer_opens_again(drawn, staff, at):
    case, look = drawn
    actions.expire_due(at=at + timedelta(days=40))
    give(look, staff["lurah"], at + timedelta(days=41), "FITS_NOT")
    case.refresh_from_db()
    assert (case.state, case.is_open, case.ended_at) == (State.IN_PROGRESS, True, None)


def test_the_reporters_word_is_the_last(drawn, staff, at):
    case, look = drawn
    reports.confirm(report=Report.objects.get(number=case.number), at=at)
    with pytest.raises(second_look.NothingToLookAt):
        give(look, staff["lurah"], at, "FITS_NOT")
    assert not second_look.waiting(staff["lurah"]).exists()


def test_a_newer_proof_makes_the_look_at_the_old_one_needless(drawn, staff, at):
    case, look = drawn
    reports.dispute(report=Report.objects.get(number=case.number), words="Belum.", at=at)
    factories.finished(case, by=staff["kasi"], at=at)
    assert not second_look.waiting(staff["lurah"]).filter(pk=look.pk).exists()
