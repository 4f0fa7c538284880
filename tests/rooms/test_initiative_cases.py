"""Cases answered by an initiative: scheduled for it, completed with its proof, or back at their desks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import State
from guyub.rooms.casework.models import Case, Schedule
from guyub.rooms.initiatives import drafting, joining, subscribers, working
from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.models import Initiative, JoinedCase
from guyub.rooms.initiatives.rules import Joined
from guyub.rooms.needs import api as needs
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db


class Scene:
    def __init__(self, now) -> None:
        self.now, self.crew = now, factories.add_people()
        self.lurah, self.kasi = self.crew["lurah"], self.crew["kasi"]
        self.office = self.lurah.grants[0].organisation

    def initiative(self) -> tuple[Initiative, int]:
        plan = drafting.Plan("Jalan Contoh Bebas Genangan", "Uji.", "sungai-air", (self.crew.place,))
        row = drafting.draft(plan=plan, by=self.lurah, at=self.now, office=self.office)
        task = working.set_task(
            initiative=row.pk,
            title="Saluran dikeruk",
            due_on=self.now.date() + timedelta(days=40),
            by=self.lurah,
            at=self.now,
        )
        drafting.open_up(initiative=row.pk, by=self.lurah, at=self.now)
        drafting.start(initiative=row.pk, by=self.lurah, at=self.now)
        return row, task

    def case(self, state: State = State.FORWARDED, n: int = 0) -> tuple[Report, Case]:
        made = factories.send(at=self.now - timedelta(hours=n + 1), place=self.crew.place)
        factories.bring_to(state, *made, by=self.lurah, at=self.now)
        return made

    def verified(self, task: int) -> None:
        working.prove(
            task=task, words="Saluran sudah dikeruk.", photos=[factories.picture()], by=self.kasi, at=self.now
        )
        working.verify_task(task=task, by=self.lurah, at=self.now)

    def heard(self, case: Case) -> None:
        """What jobs would do about a case's facts, again and again."""
        for fact in ledger.facts_about(case.subject) * 2:
            if fact.name == "casework.schedule_decided":
                subscribers.schedule_declined(fact)
            elif fact.name == "casework.work_completed":
                subscribers.let_go(fact)


@pytest.fixture
def scene(city, now) -> Scene:
    return Scene(now)


def test_cases_wait_for_a_task_and_are_completed_with_its_proof(scene, client):
    row, task = scene.initiative()
    made = [scene.case(n=n) for n in range(3)]
    numbers = [case.number for _report, case in made]
    received = scene.case(State.RECEIVED, n=9)[1]
    outcomes = joining.join_many(
        task=task, numbers=[*numbers, received.number, "LAP-2026-999999"], by=scene.lurah, at=scene.now
    )
    assert [bool(one.why_not) for one in outcomes] == [False, False, False, True, True]
    again = joining.join_many(task=task, numbers=numbers, by=scene.lurah, at=scene.now)
    assert all(one.why_not for one in again)
    assert set(Case.objects.filter(number__in=numbers).values_list("state", flat=True)) == {State.SCHEDULED}
    page = client.get(f"/laporan/{numbers[0]}/", headers=factories.HOST).content.decode()
    assert f'href="/prakarsa/{row.slug}/"' in page
    scene.verified(task)
    ledger.drain(settled_only=False)
    assert joining.complete_cases(task=task, at=scene.now) == 3
    assert joining.complete_cases(task=task, at=scene.now) == 0
    assert set(Case.objects.filter(number__in=numbers).values_list("state", flat=True)) == {State.WORK_DONE}
    ledger.drain(settled_only=False)
    for report, case in made:
        proof = casework.queries.proofs_of(cases=[case.pk])[-1]
        photo = Photo.objects.get(subject=f"casework.evidence:{proof.id}")
        assert photo.is_public
        assert photo.copy_of is not None
        report.refresh_from_db()
        actions.confirm(report=report, at=scene.now)
    # The same photo answers for all of them and is not taken for one that was used before.
    checked = casework.queries.proofs_of(cases=[made[-1][1].pk])[-1]
    casework.proving.check(checked.id, at=scene.now)
    found = casework.queries.proofs_of(cases=[made[-1][1].pk])[-1].findings
    assert "SEEN_BEFORE" not in {one.code for one in found}
    assert not any(one.code.startswith("SEEN_") and one.other_subject for one in found)
    shown = client.get(f"/prakarsa/{row.slug}/", headers=factories.HOST).content.decode()
    assert all(f'href="/laporan/{number}/"' in shown for number in numbers)


def test_whoever_may_not_answer_a_case_does_not_join_it(scene):
    _row, task = scene.initiative()
    case = scene.case()[1]
    for slug in ("warga", "kemitraan", "koordinator", "inspektorat"):
        with pytest.raises((NotAllowed, Refused)):
            joining.join_case(task=task, case=case.pk, by=scene.crew[slug], at=scene.now)
    joining.join_case(task=task, case=case.pk, by=scene.kasi, at=scene.now)  # proposed: the head decides
    case.refresh_from_db()
    assert case.state == State.FORWARDED
    casework.actions.decide_schedule(case=case.uuid, approve=False, by=scene.lurah, at=scene.now)
    scene.heard(case)
    assert JoinedCase.objects.get(case=case).state == Joined.RETURNED


def test_what_is_stopped_gives_its_cases_back(scene):
    row, task = scene.initiative()
    scheduled, proposed, gone = (scene.case(n=n)[1] for n in range(3))
    joining.join_case(task=task, case=scheduled.pk, by=scene.lurah, at=scene.now)
    joining.join_case(task=task, case=proposed.pk, by=scene.kasi, at=scene.now)
    joining.join_case(task=task, case=gone.pk, by=scene.lurah, at=scene.now)
    before = scheduled.resolve_due_at
    factories.finished(gone, by=scene.lurah, at=scene.now)
    scene.heard(gone)
    assert JoinedCase.objects.get(case=gone).state == Joined.GONE
    with pytest.raises(Refused):
        working.drop_task(task=task, by=scene.lurah, at=scene.now)
    drafting.stop(initiative=row.pk, words="Dana tidak terkumpul.", by=scene.lurah, at=scene.now)
    states = {one.case_id: one.state for one in JoinedCase.objects.all()}
    assert states == {scheduled.pk: Joined.RETURNED, proposed.pk: Joined.RETURNED, gone.pk: Joined.GONE}
    scheduled.refresh_from_db()
    assert (scheduled.state, scheduled.due_at) == (State.IN_PROGRESS, before)
    assert not Schedule.objects.filter(case=proposed).exists()
    told = Notice.objects.filter(
        recipient=f"account:{scene.lurah.acting}", subject__contains=scheduled.number
    )
    assert told.exists()
    _other, task = scene.initiative()
    joining.join_case(task=task, case=scheduled.pk, by=scene.lurah, at=scene.now)  # and may be answered again


def test_a_need_is_taken_up_and_hears_what_became_of_it(scene):
    wish = needs.Wish(
        "Karung pasir",
        "Tanggul bocor.",
        scene.crew.place,
        "bencana",
        (needs.LineSaid("GOODS", "Karung", 200, "karung"),),
    )
    need = needs.draft(wish=wish, by=scene.lurah, at=scene.now, office=scene.office)
    needs.publish(need=need.pk, by=scene.lurah, at=scene.now)
    plan = drafting.Plan("Tanggul Bersama", "Uji.", "bencana", (scene.crew.place,))
    first = drafting.draft(plan=plan, by=scene.lurah, at=scene.now, office=scene.office, need=need.pk)
    second = drafting.draft(plan=plan, by=scene.lurah, at=scene.now, office=scene.office, need=need.pk)
    drafting.open_up(initiative=first.pk, by=scene.lurah, at=scene.now)
    with pytest.raises(Refused):
        drafting.open_up(initiative=second.pk, by=scene.lurah, at=scene.now)
    assert needs.get(id=need.pk).taken_by == first.subject
    drafting.stop(initiative=first.pk, words="Tidak jadi.", by=scene.lurah, at=scene.now)
    assert needs.get(id=need.pk).state == needs.State.PUBLISHED
    drafting.open_up(initiative=second.pk, by=scene.lurah, at=scene.now)
    assert needs.get(id=need.pk).state == needs.State.TAKEN_UP
