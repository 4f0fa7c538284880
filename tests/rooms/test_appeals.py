"""*Keberatan*: declared done twice and still not done; the office above judges, once and for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import actions as cases
from guyub.rooms.casework import appeals
from guyub.rooms.casework.models import Appeal, Case
from guyub.rooms.casework.rules import NotPossible, State
from guyub.rooms.casework.subscribers import tell_of_appeal
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.subscribers import tell_reporter
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = "Kami sudah ke tempatnya: sampah sudah tidak ada."


@pytest.fixture
def staff(city):
    with override("id"):
        yield factories.add_people()


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def done(staff, at):
    report, case = factories.send(at=at - timedelta(days=2), place=staff.place, email="pelapor@contoh.test")
    case = factories.bring_to(State.WORK_DONE, report, case, by=staff["lurah"], at=at)
    report.refresh_from_db()
    return report, case


@pytest.fixture
def appealed(done, staff, at):
    report, case = done
    return report, case, factories.appealed(report, case, by=staff["lurah"], at=at)


def browser(staff=None, slug: str = "") -> Client:
    made = Client(headers=factories.HOST)
    if slug:
        made.force_login(staff.account(slug), backend=factories.BACKEND)
    return made


def link(report: Report) -> str:
    return f"/laporan/ikuti/{actions.follow_key(report.uuid, report.link_issue)}/"


def judge(asked, by, at, decision="REFUSED"):
    row = Appeal.objects.select_related("case").get(pk=asked.pk)
    return actions.judge_appeal(appeal=row, decision=decision, words=WORDS, by=by, at=at)


def test_the_first_completion_is_disputed_and_not_appealed(done, at):
    report, case = done
    assert appeals.can_appeal(case) is None
    assert "Ajukan keberatan" not in browser().get(link(report)).content.decode()
    with pytest.raises(NotPossible):
        actions.appeal(report=report, words="Belum.", at=at)
    assert not Appeal.objects.exists()


def test_the_second_is_appealed_by_the_link_once(done, staff, at):
    report, case = done
    actions.dispute(report=report, words="Belum.", at=at)
    factories.finished(case, by=staff["lurah"], at=at)
    page = browser().get(link(report)).content.decode()
    assert "Ajukan keberatan" in page
    assert "Kecamatan" in page
    assert browser().post(link(report), {"verb": "appeal", "words": ""}).status_code == 422
    sent = {"verb": "appeal", "words": "Masih menumpuk.", "photos": factories.picture()}
    assert browser().post(link(report), sent).status_code == 303
    again = {"verb": "appeal", "words": "Masih menumpuk.", "photos": factories.picture()}
    assert browser().post(link(report), again).status_code == 409
    assert browser().post(link(report), {"verb": "dispute", "words": "Belum."}).status_code == 409
    assert Appeal.objects.get().to_office_id == staff["camat"].grants[0].organisation
    told = [fact.name for fact in ledger.facts_about(case.subject)]
    assert (told.count("casework.appeal_made"), told.count("casework.fix_disputed")) == (1, 1)


def test_while_it_is_judged_silence_ends_nothing_but_the_reporter_may_give_in(appealed, at):
    report, case, _asked = appealed
    cases.expire_due(at=at + timedelta(days=90))
    case.refresh_from_db()
    assert case.state == State.WORK_DONE
    assert "sedang diputuskan" in browser().get(link(report)).content.decode()
    assert browser().get(f"/laporan/{report.number}/").status_code == 200
    assert browser().post(link(report), {"verb": "confirm"}).status_code == 303
    case.refresh_from_db()
    assert case.state == State.CONFIRMED


def test_redo_opens_the_case_by_the_clock_that_ran(appealed, staff, at):
    report, case, asked = appealed
    judge(asked, staff["camat"], at, "REDO")
    case.refresh_from_db()
    assert (case.state, case.due_at) == (State.IN_PROGRESS, case.resolve_due_at)
    assert (
        "menerima keberatan; pekerjaan diulang"
        in browser().get(f"/laporan/{report.number}/").content.decode()
    )
    factories.finished(case, by=staff["lurah"], at=at)
    case.refresh_from_db()
    assert appeals.can_appeal(case) is None  # once
    actions.dispute(report=report, words="Masih.", at=at)


def test_refused_it_is_the_end_and_everybody_reads_why(appealed, staff, at):
    report, case, asked = appealed
    judge(asked, staff["camat"], at)
    case.refresh_from_db()
    report.refresh_from_db()
    assert (case.state, case.is_open, report.state) == (State.APPEAL_REFUSED, False, State.APPEAL_REFUSED)
    page = browser().get(f"/laporan/{report.number}/").content.decode()
    assert "Ditutup, keberatan ditolak dengan alasan" in page
    assert WORDS in page
    assert "Selesai, dikonfirmasi" not in page
    for sent in ({"verb": "confirm"}, {"verb": "dispute", "words": "x"}, {"verb": "appeal", "words": "x"}):
        assert browser().post(link(report), sent).status_code == 409
    assert browser().get("/laporan/?status=keberatan-ditolak").status_code == 200
    with pytest.raises(appeals.NothingToJudge):
        judge(asked, staff["camat"], at, "REDO")


def test_both_sides_are_told(appealed, staff, at):
    _report, case, asked = appealed
    judge(asked, staff["camat"], at)
    facts = {fact.name: fact for fact in ledger.facts_about(case.subject)}
    for _ in range(2):
        tell_of_appeal(facts["casework.appeal_made"])
        tell_reporter(facts["casework.appeal_judged"])
    told = list(Notice.objects.filter(key__startswith="appeal:").values_list("recipient", flat=True))
    assert told == [f"account:{staff['camat'].account}"]
    assert Notice.objects.filter(key=f"reporter:{facts['casework.appeal_judged'].id}").count() == 1


def test_what_nobody_judges_rises_once_for_each_time_that_passes_and_stays_at_the_top(appealed, staff, at):
    """The camat may no longer, the Sekda must: on record, told to both sides, with a new deadline."""
    _report, case, asked = appealed
    assert appeals.raise_due(at=asked.due_at + timedelta(minutes=1)) == 0  # late, and given its two days more
    offices = [asked.to_office_id]
    for _ in range(4):
        row = Appeal.objects.get()
        appeals.raise_due(at=row.due_at + timedelta(days=9))
        if Appeal.objects.get().to_office_id != offices[-1]:
            offices.append(Appeal.objects.get().to_office_id)
            assert Appeal.objects.get().due_at > row.due_at
            assert appeals.raise_due(at=row.due_at + timedelta(days=9)) == 0
    assert len(offices) >= 2
    assert offices[-1] == staff["sekda"].grants[0].organisation
    risen = [fact for fact in ledger.facts_about(case.subject) if fact.name == "casework.appeal_risen"]
    assert [fact.payload["to_office"] for fact in risen] == offices[1:]
    for _ in range(2):
        tell_of_appeal(risen[-1])
        tell_reporter(risen[-1])
    assert Notice.objects.filter(key=f"appeal:{risen[-1].id}:{staff['sekda'].account}").count() == 1
    assert Notice.objects.filter(key=f"reporter:{risen[-1].id}").count() == 1
    page = browser().get(f"/laporan/{case.number}/").content.decode()
    assert "kini Sekretariat Daerah yang memutuskan" in page or "Sekretari" in page
    with pytest.raises(NotAllowed):
        judge(asked, staff["camat"], at)
    judge(asked, staff["sekda"], at, "REDO")
    assert appeals.raise_due(at=at + timedelta(days=99)) == 0


@pytest.mark.parametrize("slug", factories.SLUGS)
def test_only_the_head_of_the_office_above_judges(appealed, staff, slug, at):
    _report, _case, asked = appealed
    may = slug == "camat"
    page = f"/petugas/tinjauan/keberatan/{asked.pk}/"
    client = browser(staff, slug)
    assert client.get(page).status_code == (200 if may else 404)
    if not may:
        with pytest.raises(NotAllowed):
            judge(asked, staff[slug], at)
    answer = client.post(page, {"decision": "REFUSED", "words": WORDS})
    assert answer.status_code == (303 if may else 404)
    assert Appeal.objects.get().decision == ("REFUSED" if may else "")


def test_without_a_reason_nothing_is_decided(appealed, staff):
    _report, _case, asked = appealed
    page = f"/petugas/tinjauan/keberatan/{asked.pk}/"
    client = browser(staff, "camat")
    assert "Masih menumpuk seperti semula." in client.get(page).content.decode()
    assert asked.case.number in client.get("/petugas/tinjauan/").content.decode()
    for sent in ({}, {"decision": "REFUSED", "words": "tidak"}, {"words": WORDS}):
        assert client.post(page, sent).status_code == 422
    assert Appeal.objects.get().decision == ""


def test_a_desa_and_conduct_have_nobody_above(staff, at):
    report, case = factories.send(at=at, place=staff.place, about_conduct=True)
    factories.bring_to(State.WORK_DONE, report, case, by=staff["inspektorat"], at=at)
    actions.dispute(report=report, words="Belum.", at=at)
    factories.finished(case, by=staff["inspektorat"], at=at)
    case.refresh_from_db()
    assert appeals.can_appeal(case) is None
    Case.objects.filter(pk=case.pk).update(is_restricted=False, mode="REQUEST")
    case.refresh_from_db()
    assert appeals.can_appeal(case) is None
