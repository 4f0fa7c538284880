"""People × states × verbs: what each role may do, said once in a table and held against the actions."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from guyub.kernel.access.api import NOBODY, NotAllowed
from guyub.rooms.casework import access, actions, dispositions, escalation, queries, referring, splitting
from guyub.rooms.casework.models import Case, Letter, Schedule
from guyub.rooms.casework.rules import ENDED, Classification, DelayReason, Mode, NotPossible, State, Verb
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.people.models import Organisation
from guyub.rooms.reports import actions as reports
from guyub.rooms.reports import merging
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db

# What the office that has the case may do in each state; its head decides on schedules besides.
OFFICE = {
    State.RECEIVED: "gabung verifikasi teruskan tanya tolak catat naikkan",
    State.FORWARDED: "gabung himpun jawab selesaikan teruskan bagi surat kirim-surat tanya jadwalkan tolak catat naikkan",
    State.IN_PROGRESS: "gabung himpun jawab selesaikan teruskan bagi surat kirim-surat tanya jadwalkan tolak catat naikkan",
    State.WAITING_REPORTER: "gabung himpun catat",
    State.SCHEDULED: "gabung himpun jawab selesaikan teruskan bagi surat kirim-surat catat naikkan",
    State.EXTERNAL: "himpun jawab selesaikan balasan tarik catat",
    State.WORK_DONE: "catat",
    State.MERGED: "pisahkan catat",
    State.APPEAL_REFUSED: "catat",
    State.CONFIRMED: "catat",
    State.NO_RESPONSE: "catat",
    State.UNANSWERED: "catat",
    State.REJECTED: "catat",
}
HAS_NOT_ENDED = frozenset(State) - ENDED
# Who does not have the case keeps these of the office's verbs; None is no such page.
OTHERS = {
    "camat": "teruskan bagi catat",
    "koordinator": "verifikasi jawab teruskan bagi surat kirim-surat balasan tarik tanya jadwalkan tolak catat"
    " gabung himpun pisahkan",
    "sekda": "catat",
    "tapem": None,
    "penghubung": None,
    "kepala-dinas": None,
    "inspektorat": None,
    "pusdalops": None,
    "kalaksa": None,
    "admin": None,
    "dukungan": None,
    "ketua-rt": None,
    "kepala-daerah": None,
    "dewan": None,
    "kemitraan": None,
    "warga": None,
}


def expected(slug: str, state: State) -> set[Verb] | None:
    own = {Verb(word) for word in OFFICE[state].split()}
    if slug == "kasi":
        return own
    if slug == "lurah":
        head = {Verb.DISPOSE} if state in HAS_NOT_ENDED else set()
        return own | head | ({Verb.DECIDE} if Verb.SCHEDULE in own else set())
    said = OTHERS[slug]
    return None if said is None else own & {Verb(word) for word in said.split()}


@pytest.fixture
def crew(city):
    return factories.add_people()


def case_in(state: State, crew, now, **changes) -> Case:
    report, case = factories.send(at=now, place=crew.place, **changes)
    return factories.bring_to(state, report, case, by=crew["lurah"], at=now)


def seen_by(person, case: Case) -> set[Verb] | None:
    if not access.visible(person).filter(pk=case.pk).exists():
        return None
    return set(access.offered(person, case))


@pytest.mark.parametrize("state", State)
def test_each_role_in_each_state(crew, now, state):
    case = case_in(state, crew, now)
    found = {slug: seen_by(person, case) for slug, person in crew.items()}
    assert found == {slug: expected(slug, state) for slug in crew}


def deeds(case: Case, person, now, others):
    """Every action, tried by a person; the proposal that a decision needs is there, and two other reports."""
    to = routing_target(case)
    words = {"words": factories.WORDS, "by": person, "at": now}
    return {
        Verb.VERIFY: lambda: reports.verify_report(
            case=case.uuid, public_body="x", photos=[], by=person, at=now
        ),
        Verb.ANSWER: lambda: reports.answer_report(case=case.uuid, **words),
        Verb.COMPLETE: lambda: factories.finished(case, by=person, at=now),
        Verb.HAND_OVER: lambda: actions.hand_over(
            case=case.uuid, to_office=to, reason="Wewenang dinas.", by=person, at=now
        ),
        Verb.DISPOSE: lambda: dispositions.dispose_case(
            case=case.uuid,
            officer=queries.staff_of(case.office_id, at=now)[0][0],
            instruction="Tolong segera.",
            by=person,
            at=now,
        ),
        Verb.SPLIT: lambda: splitting.split_case(
            case=case.uuid, to_office=to, instruction="Bersihkan salurannya.", by=person, at=now
        ),
        Verb.LETTER: lambda: factories.letter_for(case, by=person, at=now),
        Verb.SEND_OUT: lambda: referring.send_letter(
            case=case.uuid, number="600/12", dated=now.date(), by=person, at=now
        ),
        Verb.BODY_REPLY: lambda: referring.body_replied(
            case=case.uuid, dated=now.date(), words="Kami tangani.", by=person, at=now
        ),
        Verb.TAKE_BACK: lambda: referring.take_back(case=case.uuid, by=person, at=now),
        Verb.ESCALATE: lambda: escalation.escalate(
            case=case.uuid, reason="Perlu alat berat.", by=person, at=now
        ),
        Verb.EXPLAIN_DELAY: lambda: escalation.explain_delay(
            case=case.uuid, code=DelayReason.STAFF, words="Petugas cuti.", by=person, at=now
        ),
        Verb.ASK: lambda: reports.ask_reporter(case=case.uuid, **words),
        Verb.SCHEDULE: lambda: actions.propose_schedule(
            case=case.uuid, reason="Menunggu anggaran.", target_month=date(2027, 5, 1), by=person, at=now
        ),
        Verb.DECIDE: lambda: actions.decide_schedule(case=case.uuid, approve=True, by=person, at=now),
        Verb.MERGE: lambda: factories.merge(report_of(case), report_of(others[0]), by=person, at=now),
        Verb.GATHER: lambda: factories.merge(report_of(others[1]), report_of(case), by=person, at=now),
        Verb.UNMERGE: lambda: merging.separate_report(report=report_of(case), by=person, at=now),
        Verb.REJECT: lambda: reports.reject_report(case=case.uuid, reason="ganda", **words),
        Verb.NOTE: lambda: reports.note_inside(case=case.uuid, **words),
    }


def report_of(case: Case) -> Report:
    return Report.objects.get(number=case.number)


def two_others(crew, now) -> list[Case]:
    """Of the same office: one verified, one fresh."""
    return [case_in(state, crew, now) for state in (State.FORWARDED, State.RECEIVED)]


def routing_target(case: Case) -> int:
    return queries.hand_over_targets(case).agencies[0].id


class Undo(Exception):
    pass


def goes(deed) -> bool:
    """Whether an action is accepted; its effects are taken back."""
    try:
        with transaction.atomic():
            deed()
            raise Undo
    except Undo:
        return True
    except (NotAllowed, NotPossible, merging.CannotMerge):
        return False


@pytest.mark.parametrize("state", State)
def test_what_is_offered_is_exactly_what_the_actions_accept(crew, now, state):
    case = case_in(state, crew, now)
    Schedule.objects.create(
        case=case,
        office_id=case.office_id,
        reason="Menunggu anggaran.",
        target_month=date(2027, 4, 1),
        proposed_by=crew["kasi"].account,
        proposed_at=now,
    )
    Letter.objects.create(
        case=case,
        office_id=case.office_id,
        body=Organisation.objects.get(key="luar:pln"),
        title="Kabel",
        words="Mohon diperbaiki.",
        prepared_by=crew["kasi"].account,
        prepared_at=now,
    )
    others = two_others(crew, now)
    for slug, person in crew.items():
        accepted = {verb for verb, deed in deeds(case, person, now, others).items() if goes(deed)}
        assert accepted == (seen_by(person, case) or set()), slug


@pytest.mark.parametrize("state", [State.RECEIVED, State.FORWARDED])
def test_the_operator_sees_and_hands_over_danger_everywhere(crew, now, state):
    case = case_in(state, crew, now)
    Case.objects.filter(pk=case.pk).update(is_hazard=True)
    case.refresh_from_db()
    split = {Verb.SPLIT} if state is State.FORWARDED else set()
    assert seen_by(crew["pusdalops"], case) == {Verb.HAND_OVER, Verb.NOTE} | split
    assert access.inbox(crew["pusdalops"]).filter(pk=case.pk).exists()


def test_who_handed_a_case_over_still_sees_it_but_acts_no_more(crew, now):
    case = case_in(State.FORWARDED, crew, now)
    agency = crew["penghubung"].grants[0].organisation
    actions.hand_over(case=case.uuid, to_office=agency, reason="Jalan kota.", by=crew["lurah"], at=now)
    case.refresh_from_db()
    assert seen_by(crew["lurah"], case) == set()
    assert seen_by(crew["penghubung"], case) == expected("kasi", State.FORWARDED)
    head = expected("lurah", State.FORWARDED) - {Verb.REJECT, Verb.COMPLETE, Verb.MERGE, Verb.GATHER}
    assert seen_by(crew["kepala-dinas"], case) == head


@pytest.mark.parametrize(
    "state", [s for s in State if s not in (State.EXTERNAL, State.MERGED, State.APPEAL_REFUSED)]
)
def test_conduct_is_seen_by_the_inspektorat_alone(crew, now, state):
    """Not by the office that it is about, nor by whoever sees everything else."""
    report, case = factories.send(at=now, place=crew.place, about_conduct=True)
    case = factories.bring_to(state, report, case, by=crew["inspektorat"], at=now)
    assert case.classification == Classification.OVERSIGHT
    others = two_others(crew, now)
    for slug, person in crew.items():
        if slug != "inspektorat":
            assert seen_by(person, case) is None, slug
            assert not any(goes(deed) for deed in deeds(case, person, now, others).values()), slug
    mine = seen_by(crew["inspektorat"], case)
    assert Verb.NOTE in mine
    assert Verb.HAND_OVER not in mine


@pytest.mark.parametrize("accepted", [False, True])
def test_a_desa_accepts_or_gives_back_before_anything_else(crew, now, accepted):
    """Authority ends at the village's own government: nobody works on a request that it has not taken on."""
    Organisation.objects.filter(pk=crew["lurah"].grants[0].organisation).update(kind=OrganisationKind.VILLAGE)
    people.forget()
    _, case = factories.send(at=now, place=crew.place)
    assert case.mode == Mode.REQUEST
    if accepted:
        case = actions.accept_request(case=case.uuid, by=crew["lurah"], at=now)
        wanted = {
            Verb.VERIFY,
            Verb.RETURN,
            Verb.DISPOSE,
            Verb.ASK,
            Verb.ESCALATE,
            Verb.MERGE,
            Verb.REJECT,
            Verb.NOTE,
        }
    else:
        wanted = {Verb.ACCEPT, Verb.RETURN, Verb.NOTE}
    assert seen_by(crew["lurah"], case) == wanted
    assert Verb.ACCEPT not in seen_by(crew["koordinator"], case)
    assert seen_by(crew["camat"], case) == {Verb.HAND_OVER, Verb.NOTE}
    actions.return_request(case=case.uuid, reason="Bukan jalan desa.", by=crew["lurah"], at=now)
    case.refresh_from_db()
    assert (case.office.kind, case.mode) == (OrganisationKind.DISTRICT, Mode.ORDER)


def test_an_order_cannot_be_given_back(crew, now):
    case = case_in(State.RECEIVED, crew, now)
    with pytest.raises(actions.CannotHandOver):
        actions.return_request(case=case.uuid, reason="Tidak mau.", by=crew["lurah"], at=now)


def test_nothing_is_decided_without_a_proposal(crew, now):
    case = case_in(State.FORWARDED, crew, now)
    with pytest.raises(actions.NothingToDecide):
        actions.decide_schedule(case=case.uuid, approve=True, by=crew["lurah"], at=now)


def test_two_clicks_have_one_effect(crew, now):
    case = case_in(State.RECEIVED, crew, now)
    seen = case.updated_at
    with transaction.atomic():
        actions.expect_unchanged(case=case.uuid, seen=seen)
        reports.verify_report(
            case=case.uuid, public_body="x", photos=[], by=crew["kasi"], at=now.replace(hour=4)
        )
    with pytest.raises(actions.CaseChanged), transaction.atomic():
        actions.expect_unchanged(case=case.uuid, seen=seen)


IDENTITY = {
    "lurah": (True, False),
    "kasi": (True, False),
    "camat": (False, False),
    "koordinator": (True, True),
    "sekda": (False, False),
    "tapem": (False, False),
    "penghubung": (False, False),
    "kepala-dinas": (False, False),
    "inspektorat": (False, False),
    "pusdalops": (False, False),
    "ketua-rt": (False, False),
    "warga": (False, False),
}


@pytest.mark.parametrize("slug", IDENTITY)
def test_who_may_ask_who_the_reporter_is(crew, now, slug):
    case = case_in(State.FORWARDED, crew, now)
    found = tuple(access.may_see_identity(crew[slug], case, is_anonymous=hidden) for hidden in (False, True))
    assert found == IDENTITY[slug]


def test_an_anonymous_report_on_conduct_has_no_face_for_anybody(crew, now):
    _, case = factories.send(at=now, place=crew.place, about_conduct=True, is_anonymous=True)
    assert not any(access.may_see_identity(person, case, is_anonymous=True) for person in crew.values())
    assert access.may_see_identity(crew["inspektorat"], case, is_anonymous=False)


def test_somebody_without_an_account_sees_nothing(crew, now):
    case_in(State.RECEIVED, crew, now)
    assert not access.visible(NOBODY).exists()
    assert not access.inbox(NOBODY).exists()
