"""Clocks by worked examples: working days of 2026, pauses with a reason, a year without a decree, danger."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest

from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import actions, deadlines, transitions
from guyub.rooms.casework.rules import Classification, State
from guyub.rooms.casework.wording import DueTeller
from guyub.rooms.reports import actions as reports
from tests import factories

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 13, 3, tzinfo=UTC)  # Friday 13 March 2026, 10.00 in Bandung: Idulfitri follows
NOVEMBER = datetime(2026, 11, 20, 3, tzinfo=UTC)
DECEMBER = datetime(2027, 12, 28, 3, tzinfo=UTC)  # the decree for 2028 is not published


def day(city, moment: datetime | None) -> str:
    assert moment is not None
    local = moment.astimezone(city.tz)
    assert f"{local:%H:%M:%S}" == "23:59:59"
    return f"{local:%d %b}"


def sent_and_verified(at: datetime, **changes):
    crew = factories.add_people(on=at.date())
    report, case = factories.send(at=at, place=crew.place, **changes)
    case = factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=at)
    return crew, report, case


@pytest.mark.parametrize(
    ("at", "verify", "respond", "resolve"),
    [(MARCH, "25 Mar", "27 Mar", "10 Apr"), (NOVEMBER, "25 Nov", "27 Nov", "10 Dec")],
)
def test_the_worked_examples_of_a_complaint(city, at, verify, respond, resolve):
    _, _, case = sent_and_verified(at)
    found = [day(city, moment) for moment in (case.verify_due_at, case.respond_due_at, case.resolve_due_at)]
    assert found == [verify, respond, resolve]
    assert not case.due_is_provisional


def test_a_report_on_conduct_has_sixty_working_days(city):
    _, case = factories.send(at=MARCH, about_conduct=True)
    assert day(city, case.resolve_due_at) == "24 Jun"


def test_a_request_for_information_has_five(city):
    _, case = factories.send(at=NOVEMBER, report_class="PERMINTAAN_INFORMASI")
    assert day(city, case.resolve_due_at) == "27 Nov"


def test_a_city_sets_its_own_time_for_aspirations(city):
    """The law gives no number, so the city publishes one; cases keep the version they were opened with."""
    _, before = factories.send(at=NOVEMBER, report_class="ASPIRASI")
    version = rulebook.publish(
        key="complaint_clocks.resolve.ASPIRASI",
        value={"amount": 20, "unit": "working_day"},
        effective_from=date(2026, 11, 20),
        legal_basis="Perwal percontohan",
        confidence="V",
        at=NOVEMBER,
    )
    _, after = factories.send(at=NOVEMBER, report_class="ASPIRASI")
    assert day(city, before.resolve_due_at) == "10 Dec"
    assert day(city, after.resolve_due_at) == "18 Dec"
    assert version in after.terms["versions"]
    assert version not in before.terms["versions"]


def test_a_question_stops_the_clocks_and_the_answer_moves_them(city):
    crew, report, case = sent_and_verified(NOVEMBER)
    reports.ask_reporter(case=case.uuid, words="Di mana tepatnya?", by=crew["lurah"], at=NOVEMBER)
    case.refresh_from_db()
    assert case.paused_at == NOVEMBER
    assert case.pause_reason == transitions.WAITING_FOR_REPORTER
    assert case.due_at is None
    assert day(city, case.reporter_due_at) == "04 Dec"
    reports.reply(report=report, words="Di depan pos ronda.", at=NOVEMBER + timedelta(days=5))
    case.refresh_from_db()
    assert (case.paused_at, case.pause_reason, case.reporter_due_at) == (None, "", None)
    assert case.paused_days == 3  # Monday to Wednesday
    assert [day(city, m) for m in (case.respond_due_at, case.resolve_due_at)] == ["02 Dec", "15 Dec"]
    assert case.due_at == case.respond_due_at


def test_a_late_question_does_not_make_an_office_punctual(city):
    crew, report, case = sent_and_verified(NOVEMBER)
    late = NOVEMBER + timedelta(days=11)
    reports.ask_reporter(case=case.uuid, words="Di mana tepatnya?", by=crew["lurah"], at=late)
    reports.reply(report=report, words="Di depan pos ronda.", at=late + timedelta(days=2))
    case.refresh_from_db()
    assert day(city, case.respond_due_at) == "27 Nov"


def test_a_hand_over_gives_time_to_answer_but_none_to_resolve(city):
    crew, _, case = sent_and_verified(NOVEMBER)
    agency = crew["penghubung"].grants[0].organisation
    actions.hand_over(
        case=case.uuid,
        to_office=agency,
        reason="Jalan kota.",
        by=crew["lurah"],
        at=NOVEMBER + timedelta(days=4),
    )
    case.refresh_from_db()
    assert day(city, case.respond_due_at) == "01 Dec"
    assert day(city, case.resolve_due_at) == "10 Dec"


def test_december_runs_into_a_year_without_a_decree_and_becomes_firm_with_it(city):
    """The report is taken in with an estimate; once the holidays are published the deadline is certain."""
    _, case = factories.send(at=DECEMBER)
    estimated = case.resolve_due_at
    assert case.due_is_provisional
    assert DueTeller(DECEMBER).due(estimated, provisional=True).words.endswith("(perkiraan)")
    assert actions.recompute_provisional(at=DECEMBER) == 0
    rulebook.publish(
        key="holidays.2028",
        value=[
            {"date": "2028-01-03", "name": "Tahun Baru 2028 Masehi", "kind": "libur_nasional"},
            {"date": "2028-01-05", "name": "Isra Mikraj Nabi Muhammad saw.", "kind": "libur_nasional"},
        ],
        effective_from=date(2027, 12, 29),
        legal_basis="SKB percontohan",
        confidence="V",
        at=DECEMBER,
    )
    assert actions.recompute_provisional(at=DECEMBER) == 1
    case.refresh_from_db()
    assert not case.due_is_provisional
    assert day(city, estimated) == "17 Jan"
    assert day(city, case.resolve_due_at) == "19 Jan"
    assert actions.recompute_provisional(at=DECEMBER) == 0


def test_danger_does_not_wait_for_working_days(city):
    saturday = datetime(2026, 11, 21, 3, tzinfo=UTC)
    _, case = factories.send(at=saturday, category="kabel-listrik")
    assert case.is_hazard
    assert case.due_at == saturday + timedelta(hours=2)
    late = DueTeller(saturday + timedelta(hours=5)).due(case.due_at)
    assert (late.words, late.tone) == ("terlambat 3 jam", "late")


def test_no_answer_in_ten_working_days_ends_the_case(city):
    crew, _, case = sent_and_verified(NOVEMBER)
    factories.finished(case, by=crew["lurah"], at=NOVEMBER)
    case.refresh_from_db()
    assert day(city, case.reporter_due_at) == "04 Dec"
    assert actions.expire_due(at=case.reporter_due_at) == 0
    assert actions.expire_due(at=case.reporter_due_at + timedelta(seconds=1)) == 1
    case.refresh_from_db()
    assert (case.state, case.is_open) == (State.NO_RESPONSE, False)


def test_every_class_has_its_clock_in_the_packaged_rules():
    raw = resources.files("guyub.kernel.rulebook") / "seeds" / "complaint_clocks.json"
    keys = {entry["key"] for entry in json.loads(raw.read_text("utf-8"))}
    assert {f"resolve.{kind}" for kind in Classification} <= keys


def test_a_missing_clock_is_named(city, monkeypatch):
    monkeypatch.setattr(deadlines.rulebook, "family", lambda prefix, on: {})
    with pytest.raises(rulebook.NoRule, match="verify, respond"):
        deadlines.terms_on(at=NOVEMBER, classification=Classification.COMPLAINT)


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        ("2026-11-17", "terlambat 3 hari kerja", "late"),
        ("2026-11-19", "terlambat 1 hari kerja", "late"),
        ("2026-11-20", "hari ini", "soon"),
        ("2026-11-21", "besok", "soon"),
        ("2026-11-23", "1 hari kerja lagi", "soon"),
        ("2026-11-26", "4 hari kerja lagi", ""),
    ],
)
def test_deadlines_in_words(city, due, words, tone):
    moment = datetime.fromisoformat(due + "T23:59:59").replace(tzinfo=city.tz)
    said = DueTeller(NOVEMBER).due(moment)
    assert (said.words, said.tone) == (words, tone)
