"""Bukan wewenang: why an office gives a case away, and what happens when nobody wants it."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import actions, queries, routing
from guyub.rooms.casework.api import HandOverReason, State, wording
from guyub.rooms.casework.models import Case, HandOver
from guyub.rooms.casework.rules import coordinator_decides
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(city):
    with override("id"):
        yield factories.add_people()


@pytest.fixture
def case(crew, now) -> Case:
    report, made = factories.send(at=now, place=crew.place)
    return factories.bring_to(State.FORWARDED, report, made, by=crew["lurah"], at=now)


def give(case: Case, to: int, by, now, code=HandOverReason.NOT_OURS) -> Case:
    return actions.hand_over(
        case=case.uuid, to_office=to, code=code, reason="Bukan urusan kami.", by=by, at=now
    )


def round_and_round(case: Case, crew, now, times: int) -> Case:
    """The lurah's office and the agency push the case to and fro, each in the role of who has it."""
    mine, theirs = crew["lurah"].grants[0].organisation, crew["penghubung"].grants[0].organisation
    for n in range(times):
        by, to = (crew["lurah"], theirs) if n % 2 == 0 else (crew["penghubung"], mine)
        case = give(case, to, by, now)
    return case


def test_the_reason_is_kept_and_told(case, crew, now):
    agency = crew["penghubung"].grants[0].organisation
    give(case, agency, crew["lurah"], now, HandOverReason.WRONG_CATEGORY)
    (kept,) = queries.dispositions_of(cases=[case.pk])
    assert (kept.code, kept.reason, kept.wanted) == ("salah-kategori", "Bukan urusan kami.", None)
    told = [ledger.tell(fact) for fact in ledger.facts_about(case.subject)]
    assert told[-1].text.endswith(": kategorinya keliru")
    assert "Bukan urusan" not in told[-1].text


def test_the_third_hand_over_goes_to_the_coordinator_whatever_was_chosen(case, crew, now):
    case = round_and_round(case, crew, now, 2)
    assert case.office_id == crew["lurah"].grants[0].organisation
    wanted = crew["penghubung"].grants[0].organisation
    case = give(case, wanted, crew["lurah"], now)
    assert case.office_id == routing.coordinator().id
    last = HandOver.objects.filter(case=case).latest("pk")
    assert (last.to_office_id, last.wanted_office) == (routing.coordinator().id, wanted)
    told = ledger.tell(ledger.facts_about(case.subject)[-1])
    assert told.public
    assert "yang menentukan" in told.text


def test_what_the_coordinator_chooses_stands(case, crew, now):
    case = round_and_round(case, crew, now, 2)
    agency = crew["penghubung"].grants[0].organisation
    case = give(case, agency, crew["lurah"], now)
    case = give(case, agency, crew["koordinator"], now)
    assert case.office_id == agency
    other = queries.hand_over_targets(case).agencies[0].id
    case = give(case, other, crew["penghubung"], now)
    assert case.office_id == routing.coordinator().id


def test_the_limit_is_the_rulebooks(case, crew, now):
    rulebook.publish(
        key="case_authority.hand_over_limit",
        value={"amount": 1, "unit": "hand_over"},
        effective_from=now.date(),
        legal_basis="Perwal percontohan",
        confidence="V",
        at=now,
    )
    case = give(case, crew["penghubung"].grants[0].organisation, crew["lurah"], now)
    assert case.office_id == routing.coordinator().id


def test_danger_does_not_wait_for_the_coordinator(case, crew, now):
    case = round_and_round(case, crew, now, 2)
    Case.objects.filter(pk=case.pk).update(is_hazard=True)
    agency = crew["penghubung"].grants[0].organisation
    assert give(case, agency, crew["pusdalops"], now).office_id == agency


@given(st.integers(0, 20), st.integers(1, 10), st.booleans())
def test_the_rule(done, limit, coordinates):
    found = coordinator_decides(hand_overs=done, limit=limit, chooser_coordinates=coordinates)
    assert found == (not coordinates and done >= limit - 1)
    if found:
        assert coordinator_decides(hand_overs=done + 1, limit=limit, chooser_coordinates=coordinates)


def post(client, crew, slug, case, **data):
    client.force_login(crew.account(slug), backend=factories.BACKEND)
    case.refresh_from_db()
    sent = {"stamp": case.updated_at.isoformat(), "code": "bukan-wewenang", "reason": "Bukan urusan kami."}
    url = f"/petugas/laporan/{case.number}/teruskan/"
    return client.post(url, {**sent, **data}, headers=factories.HOST)


def test_an_office_that_had_it_before_is_warned_about(client, case, crew, now):
    case = give(case, crew["penghubung"].grants[0].organisation, crew["lurah"], now)
    back = crew["lurah"].grants[0].organisation
    warned = post(client, crew, "penghubung", case, office=back)
    assert warned.status_code == 422
    assert "pernah menangani dan meneruskannya" in warned.text
    assert "Bukan urusan kami." in warned.text
    assert post(client, crew, "penghubung", case, office=back, again="on").status_code == 303
    case.refresh_from_db()
    assert case.office_id == back


def test_a_reason_must_be_chosen(client, case, crew):
    agency = crew["penghubung"].grants[0].organisation
    assert post(client, crew, "lurah", case, office=agency, code="").status_code == 422
    assert post(client, crew, "lurah", case, office=agency, code="asal").status_code == 422


def test_the_page_says_beforehand_that_the_coordinator_will_decide(client, case, crew, now):
    case = round_and_round(case, crew, now, 2)
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    html = client.get(f"/petugas/laporan/{case.number}/", headers=factories.HOST).text
    assert "Serahkan ke koordinator" in html
    client.force_login(crew.account("koordinator"), backend=factories.BACKEND)
    assert (
        "Serahkan ke koordinator"
        not in client.get(f"/petugas/laporan/{case.number}/", headers=factories.HOST).text
    )


def test_every_reason_has_words():
    assert set(wording.HAND_OVER_REASONS) == set(HandOverReason)
