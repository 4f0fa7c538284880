"""A category corrected by an officer: nothing is decided in silence, nobody is lost, and it can be taken back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests import factories

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import State
from guyub.rooms.people import api as people
from guyub.rooms.reports import open311, recategorising, training
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.models import Correction, Report

pytestmark = pytest.mark.django_db
WHY = "Yang difoto bukan sampah, melainkan saluran yang mampet."


@pytest.fixture
def crew(city):
    return factories.add_people()


def correct(case, crew, now, category="saluran-tersumbat", by="kasi", seen="sampah", words=WHY):
    return recategorising.correct_category(
        case=case.uuid, seen=seen, category=category, words=words, by=crew[by], at=now
    )


def served(report, now):
    asked = open311.Asked(numbers=(report.number,))
    return json.loads(open311.requests_json(asked, at=now))[0]


def test_case_clocks_programs_and_training_follow_and_it_can_be_taken_back(crew, now):
    report, case = factories.send(at=now, place=crew.place, email="rekaan@contoh.test")
    factories.verify(report, case, by=crew["lurah"], at=now)
    case.refresh_from_db()
    before = (case.verify_due_at, case.respond_due_at, case.resolve_due_at, case.office_id, case.state)
    later = now + timedelta(days=2)
    found = correct(case, crew, later)
    case.refresh_from_db()
    report.refresh_from_db()
    assert (case.category, report.category.code, report.changed_at) == (
        "saluran-tersumbat",
        "saluran-tersumbat",
        later,
    )
    assert case.label.startswith(report.category.name_id)
    # Nothing but what it is about has changed: the office is only suggested, the clocks run from receipt.
    assert before == (
        case.verify_due_at, case.respond_due_at, case.resolve_due_at, case.office_id, case.state,
    )  # fmt: skip
    wanted = casework.routing.route(
        kind="report", category="saluran-tersumbat", classification=casework.Classification(case.classification),
        place=case.place_code, on=later.date(),
    )  # fmt: skip
    assert found.office == (None if wanted.id == case.office_id else wanted)
    assert served(report, later)["service_code"] == "saluran-tersumbat"
    assert training._decided(later + timedelta(days=1), 1095)[0][1] == report.category_id
    fact = ledger.facts_about(subject_of(report))[-1]
    assert fact.name == "reports.category_corrected"
    assert WHY not in str(fact.payload)
    with pytest.raises(recategorising.CannotCorrect):  # seen under a category that it has no longer
        correct(case, crew, later, category="banjir")
    correct(case, crew, later, category="sampah", seen="saluran-tersumbat")
    assert Report.objects.get().category.code == "sampah"
    assert Correction.objects.count() == 2


def test_what_an_office_called_wrong_is_learnt_from_only_once_it_is_corrected(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    factories.verify(report, case, by=crew["lurah"], at=now)

    def pass_on(at):
        case.refresh_from_db()
        agency = crew["penghubung"].grants[0].organisation
        to, by = (agency, "lurah") if case.office_id != agency else (case_office, "penghubung")
        casework.actions.hand_over(
            case=case.uuid, to_office=to, reason="Ini bukan sampah sama sekali.", by=crew[by], at=at,
            code=casework.HandOverReason.WRONG_CATEGORY,
        )  # fmt: skip

    case_office, soon = case.office_id, now + timedelta(days=1)
    pass_on(now)
    assert training._decided(soon, 1095) == []
    correct(case, crew, now + timedelta(hours=1), by="koordinator")
    assert len(training._decided(soon, 1095)) == 1
    pass_on(now + timedelta(hours=2))
    assert training._decided(soon, 1095) == []


def test_the_page_states_the_deadline_and_suggests_the_hand_over(client, crew, now):
    report, case = factories.send(at=now, place=crew.place, name="Bu Rekaan", email="rekaan@contoh.test")
    factories.verify(report, case, by=crew["lurah"], at=now)
    client.force_login(crew.account("kasi"), backend=factories.BACKEND)
    path = f"/petugas/laporan/{report.number}/kategori/"
    assert path in client.get(f"/petugas/laporan/{report.number}/", headers=factories.HOST).text
    assert client.get(path, headers=factories.HOST).status_code == 200
    for wrong in (
        {},
        {"category": "x"},
        {"category": "sampah"},
        {"category": "pungutan-liar"},
        {"words": "pendek"},
    ):
        said = {"seen": "sampah", "category": "jalan-berlubang", "words": WHY, **wrong}
        if not wrong:
            said["seen"] = "banjir"
        assert client.post(path, said, headers=factories.HOST).status_code == 422, wrong
    agency = crew["penghubung"].grants[0].organisation
    with_agency = next(
        row.code
        for row in recategorising.choices_for(report)
        if casework.routing.route(
            kind="report", category=row.code, classification=casework.Classification(case.classification),
            place=case.place_code, on=now.date(),
        ).id == agency
    )  # fmt: skip
    answer = client.post(
        path, {"seen": "sampah", "category": with_agency, "words": WHY}, headers=factories.HOST
    )
    assert answer.status_code == 303
    page = client.get(answer["Location"], headers=factories.HOST).text
    assert "Tenggat penyelesaian, dihitung sejak diterima" in page
    assert f"ini urusan {people.directory().get(agency).name}" in page
    assert f'<option value="{agency}" selected' in page
    case.refresh_from_db()
    assert case.office_id != agency
    client.logout()
    public = client.get(f"/laporan/{report.number}/", headers=factories.HOST).text
    assert "Kategori dibetulkan dari" in public
    assert WHY in public


def test_danger_found_late_is_told_at_once_and_the_reporter_hears(crew, now):
    report, case = factories.send(at=now, place=crew.place, email="rekaan@contoh.test")
    hazard = next(row for row in recategorising.choices_for(report) if row.is_hazard)
    correct(case, crew, now, category=hazard.code)
    fact = ledger.facts_about(subject_of(report))[-1]
    for consumer in ("reports.alert_corrected_hazard", "reports.tell_reporter"):
        ledger.react(consumer, [fact.id])
    case.refresh_from_db()
    assert case.is_hazard
    assert case.due_at < case.verify_due_at
    keys = sorted(Notice.objects.values_list("key", flat=True))
    assert any(key.startswith("hazard:") for key in keys)
    assert any(key.startswith("reporter:") for key in keys)


def test_who_may_not_and_what_may_not(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    for slug in ("penghubung", "sekda", "tapem", "warga", "camat"):
        with pytest.raises(NotAllowed):
            correct(case, crew, now, by=slug)
    with pytest.raises(recategorising.CannotCorrect):
        correct(case, crew, now, category="pungutan-liar")
    secret, conduct = factories.send(at=now, place=crew.place, about_conduct=True)
    assert not recategorising.may_correct(crew["inspektorat"], secret, conduct)
    done = factories.bring_to(State.REJECTED, report, case, by=crew["lurah"], at=now)
    with pytest.raises(NotAllowed):
        correct(done, crew, now)
