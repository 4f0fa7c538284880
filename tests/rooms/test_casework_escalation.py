"""A late case rises: kelurahan, kecamatan, agency, Sekda; each step once, and the duty stays where it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import access, actions, escalation
from guyub.rooms.casework.models import Case, Escalation
from guyub.rooms.casework.rules import DelayReason, Mode, Rung, State, Verb, ladder
from guyub.rooms.casework.subscribers import tell_of_escalation
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.people.models import Organisation
from guyub.rooms.reports import actions as reports
from tests import factories

pytestmark = pytest.mark.django_db

LATER = timedelta(days=60)


@pytest.fixture
def crew(city):
    with override("id"):
        yield factories.add_people()


def sweep(at) -> None:
    while escalation.escalate_due(at=at):
        pass


def risen(case: Case) -> list[str]:
    case.refresh_from_db()
    return list(Escalation.objects.filter(case=case).order_by("pk").values_list("rung", flat=True))


def test_it_rises_rung_by_rung_as_the_rulebook_says(crew, now):
    _, case = factories.send(at=now, place=crew.place)
    tz = factories.casework.queries.get_city().tz
    days = []
    for _ in range(4):
        case.refresh_from_db()
        if case.escalate_at is None:
            break
        days.append(f"{case.escalate_at.astimezone(tz):%d %b}")
        assert escalation.escalate_due(at=case.escalate_at - timedelta(seconds=1)) == 0
        assert escalation.escalate_due(at=case.escalate_at) == 1
    # due Wednesday 25 November; one, three and five working days after
    assert days == ["26 Nov", "30 Nov", "02 Dec"]
    assert risen(case) == ["KECAMATAN", "DINAS", "SEKDA"]
    assert case.escalated_to.kind == OrganisationKind.SECRETARIAT
    assert case.office.kind == OrganisationKind.WARD
    keys = [e.to_office.key for e in Escalation.objects.filter(case=case).select_related("to_office")]
    assert keys[1] == "lh"


def test_a_sweep_that_comes_late_or_twice_does_each_step_once(crew, now):
    _, case = factories.send(at=now, place=crew.place)
    sweep(now + LATER)
    sweep(now + LATER)
    assert risen(case) == ["KECAMATAN", "DINAS", "SEKDA"]
    assert case.escalate_at is None
    names = [fact.name for fact in ledger.facts_about(case.subject)]
    assert names.count("casework.case_escalated") == 3


def test_danger_rises_by_the_hour(crew, now):
    _, case = factories.send(at=now, place=crew.place, category="kabel-listrik")
    assert case.escalate_at == case.due_at + timedelta(hours=4)  # from an agency only the Sekda is above


def test_acting_in_time_keeps_it_down_and_a_new_deadline_begins_anew(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    sweep(case.escalate_at)
    assert risen(case) == ["KECAMATAN"]
    late = case.escalated_at
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=late)
    assert (case.escalated_to_id, case.escalated_rung) == (None, "")
    assert case.escalate_at > case.due_at > late
    reports.ask_reporter(case=case.uuid, words="Di mana?", by=crew["lurah"], at=late)
    case.refresh_from_db()
    assert case.escalate_at is None


def test_an_answer_that_changes_no_deadline_leaves_it_risen(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    factories.bring_to(State.IN_PROGRESS, report, case, by=crew["lurah"], at=now)
    sweep(case.escalate_at)
    reports.answer_report(case=case.uuid, words=factories.WORDS, by=crew["lurah"], at=now + LATER)
    case.refresh_from_db()
    assert case.escalated_rung == "KECAMATAN"


def test_steps_before_the_case_was_moved_are_nobodys_news(crew, now):
    """So a history that is brought in, or a case handed over when it was late long ago, sets off no storm."""
    _, case = factories.send(at=now, place=crew.place)
    case.refresh_from_db()
    factories.casework.ladder.begin(case, since=now + LATER)
    assert case.escalate_at is None


def test_the_heads_are_told_once_see_it_and_may_take_it_over(crew, now):
    _, case = factories.send(at=now, place=crew.place)
    assert not access.visible(crew["kepala-dinas"]).filter(pk=case.pk).exists()
    Case.objects.filter(pk=case.pk).update(
        escalated_rung="DINAS", escalated_to=crew["kepala-dinas"].grants[0].organisation, escalated_at=now
    )
    case.refresh_from_db()
    assert access.inbox(crew["kepala-dinas"]).filter(pk=case.pk).exists()
    assert not access.inbox(crew["penghubung"]).filter(pk=case.pk).exists()
    assert set(access.offered(crew["kepala-dinas"], case)) == {Verb.HAND_OVER, Verb.NOTE}
    actions.hand_over(
        case=case.uuid,
        to_office=crew["kepala-dinas"].grants[0].organisation,
        reason="Kami ambil alih.",
        by=crew["kepala-dinas"],
        at=now,
    )
    case.refresh_from_db()
    assert case.office_id == crew["kepala-dinas"].grants[0].organisation
    assert case.escalated_to_id is None


def test_notices_go_to_the_heads_of_the_office(crew, now):
    _, case = factories.send(at=now, place=crew.place)
    sweep(case.escalate_at)
    fact = ledger.facts_about(case.subject)[-1]
    tell_of_escalation(fact)
    tell_of_escalation(fact)
    told = Notice.objects.filter(key__startswith="escalated:").values_list("recipient", flat=True)
    assert list(told) == [f"account:{crew['camat'].account}"]
    assert ledger.tell(fact).public


def test_of_a_desas_request_only_the_kecamatan_is_told(crew, now):
    Organisation.objects.filter(pk=crew["lurah"].grants[0].organisation).update(kind=OrganisationKind.VILLAGE)
    people.forget()
    _, case = factories.send(at=now, place=crew.place)
    sweep(now + LATER)
    assert risen(case) == ["KECAMATAN"]


def test_conduct_never_rises(crew, now):
    _, case = factories.send(at=now, place=crew.place, about_conduct=True)
    assert case.escalate_at is None
    with pytest.raises(NotAllowed):
        escalation.escalate(case=case.uuid, reason="x", by=crew["inspektorat"], at=now)


def test_the_office_may_ask_the_next_rung_itself(crew, now):
    _, case = factories.send(at=now, place=crew.place)
    escalation.escalate(case=case.uuid, reason="Perlu alat berat.", by=crew["kasi"], at=now)
    case.refresh_from_db()
    assert (case.escalated_rung, case.office_id) == ("KECAMATAN", crew["lurah"].grants[0].organisation)
    assert Escalation.objects.get(case=case).reason == "Perlu alat berat."
    for slug in ("camat", "koordinator", "penghubung"):
        with pytest.raises(NotAllowed):
            escalation.escalate(case=case.uuid, reason="x", by=crew[slug], at=now)


def test_the_late_office_explains_once_for_each_time_it_rose(crew, now):
    _, case = factories.send(at=now, place=crew.place)
    said = {"case": case.uuid, "code": DelayReason.WEATHER, "words": "Hujan seminggu.", "by": crew["kasi"]}
    with pytest.raises(NotAllowed):
        escalation.explain_delay(**said, at=now)
    sweep(case.escalate_at)
    at = case.escalate_at + timedelta(hours=1)
    escalation.explain_delay(**said, at=at)
    told = ledger.tell(ledger.facts_about(case.subject)[-1])
    assert told.text.endswith("menjelaskan keterlambatan: cuaca")
    with pytest.raises(NotAllowed):
        escalation.explain_delay(**said, at=at)


@given(st.sampled_from(["WARD", "DISTRICT", "AGENCY", "COORDINATOR"]), st.sampled_from(Mode))
def test_the_ladder_only_goes_up(kind, mode):
    rungs = ladder(kind, mode=mode)
    assert list(rungs) == sorted(rungs, key=list(Rung).index)
    assert (mode != Mode.REQUEST) or rungs == (Rung.DISTRICT,)


def test_the_page_offers_and_explains(client, crew, now):
    from django.utils import timezone

    _, case = factories.send(at=timezone.now() - LATER, place=crew.place)
    sweep(timezone.now())
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    url = f"/petugas/laporan/{case.number}/"
    assert "Dinaikkan" in client.get(url, headers=factories.HOST).text
    case.refresh_from_db()
    said = {"stamp": case.updated_at.isoformat(), "code": "cuaca", "words": "Hujan seminggu penuh."}
    assert client.post(f"{url}keterlambatan/", said, headers=factories.HOST).status_code == 303
    client.force_login(crew.account("sekda"), backend=factories.BACKEND)
    assert "Dinaikkan" in client.get("/petugas/", headers=factories.HOST).text
