"""The reporter's last word: their own link, which they can change; and what others say of a completion."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from guyub.kernel.access.api import NOBODY
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.mailing import absolute
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import actions as cases
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import State
from guyub.rooms.places import api as places
from guyub.rooms.reports import actions, witnesses
from guyub.rooms.reports.models import Report, Witness
from guyub.rooms.reports.subscribers import tell_reporter
from tests import factories

pytestmark = pytest.mark.django_db


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


def browser(staff=None, slug: str = "") -> Client:
    made = Client(headers=factories.HOST)
    if slug:
        made.force_login(staff.account(slug), backend=factories.BACKEND)
    return made


def link(report: Report) -> str:
    return f"/laporan/ikuti/{actions.follow_key(report.uuid, report.link_issue)}/"


# ---- the link ----------------------------------------------------------------------------------------------------


def test_the_holder_changes_the_link_and_the_old_one_opens_nothing(done):
    report, _case = done
    old, asked = link(report), str(uuid.uuid4())
    answer = browser().post(old, {"verb": "relink", "kiriman": asked})
    assert answer.status_code == 303
    new = answer["Location"].partition("?")[0]
    assert new != old
    assert browser().get(new).status_code == 200
    assert browser().get(old).status_code == 404
    for verb in ({"verb": "confirm"}, {"verb": "dispute", "words": "Belum."}):
        assert browser().post(old, verb).status_code == 404
    assert browser().post(old, {"verb": "relink", "kiriman": str(uuid.uuid4())}).status_code == 404
    assert browser().post(f"{old}foto/", {"uuid": asked}).status_code == 404
    report.refresh_from_db()
    assert link(report) == new


def test_asked_twice_it_is_changed_once(done):
    """The answer was lost, or the button pressed twice: the same page comes to the same new link."""
    report, _case = done
    old, asked = link(report), str(uuid.uuid4())
    answers = [browser().post(old, {"verb": "relink", "kiriman": asked}) for _ in range(3)]
    assert {(one.status_code, one["Location"]) for one in answers} == {(303, answers[0]["Location"])}
    told = [fact.name for fact in ledger.facts_about(actions.subject_of(report))]
    assert told.count("reports.link_changed") == 1


def test_a_link_two_changes_old_is_dead_whatever_it_asks(done, at):
    report, _case = done
    old, first = link(report), uuid.uuid4()
    for request in (first, uuid.uuid4()):
        actions.change_link(report=report, request=request, at=at)
    assert browser().post(old, {"verb": "relink", "kiriman": str(first)}).status_code == 404


def test_the_issue_cannot_be_written_by_hand(done):
    report, _case = done
    key = actions.follow_key(report.uuid)
    head, _, proof = key.partition("-")
    for forged in (f"{head}0001-{proof}", f"{head}0000-{proof}", f"{head}1-{proof}"):
        assert browser().get(f"/laporan/ikuti/{forged}/").status_code == 404


def test_a_notice_after_the_change_carries_the_new_link(done, at):
    report, case = done
    actions.change_link(report=report, request=uuid.uuid4(), at=at)
    report.refresh_from_db()
    fact = next(f for f in ledger.facts_about(case.subject) if f.name == "casework.work_completed")
    tell_reporter(fact)
    notice = Notice.objects.get(key=f"reporter:{fact.id}")
    assert link(report) in absolute(notice.link)


def test_a_page_without_its_number_changes_nothing(done):
    report, _case = done
    assert browser().post(link(report), {"verb": "relink"}).status_code == 422
    assert browser().get(link(report)).status_code == 200


# ---- others ------------------------------------------------------------------------------------------------------


def say(client: Client, report: Report, word: str = "selesai", *, looked: bool = True):
    """The demo's reports do not say their RT, so its head says that they looked; it helps nobody else."""
    sent = {"kata": word} | ({"melihat": "ya"} if looked else {})
    return client.post(f"/laporan/{report.number}/saksi/", sent)


def counts(report: Report) -> tuple[int, int]:
    report.refresh_from_db()
    return report.said_fixed, report.said_same


def supported(staff, at) -> tuple[Report, Client]:
    report, case = factories.send(at=at - timedelta(days=2), place=staff.place)
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=staff["lurah"], at=at)
    neighbour = browser()
    neighbour.post(f"/laporan/{report.number}/dukung/")
    factories.finished(case, by=staff["lurah"], at=at + timedelta(minutes=1))
    return report, neighbour


def test_who_has_it_too_is_counted_once_and_decides_nothing(staff, at):
    report, neighbour = supported(staff, at)
    for word in ("sama", "sama", "selesai"):
        assert say(neighbour, report, word).status_code == 302
    assert counts(report) == (0, 1)
    assert report.state == State.WORK_DONE
    page = browser().get(f"/laporan/{report.number}/").content.decode()
    assert "0 menyatakan selesai, 1 masih sama." in page
    assert "1 masih sama" in browser().get(link(report)).content.decode()


def test_a_stranger_is_not_counted_nor_who_came_after_the_work(done):
    report, _case = done
    late = browser()
    late.post(f"/laporan/{report.number}/dukung/")
    for client in (browser(), late):
        say(client, report)
    assert counts(report) == (0, 0)
    assert not Witness.objects.exists()


@pytest.mark.parametrize("slug", factories.SLUGS)
def test_of_those_with_a_role_only_the_ketua_rt_of_the_place_is_a_witness(done, staff, slug):
    report, _case = done
    say(browser(staff, slug), report)
    assert counts(report) == ((1, 0) if slug == "ketua-rt" else (0, 0))


def test_the_ketua_rt_of_elsewhere_is_no_witness(staff, at):
    place = next(row.code for row in places.gazetteer().settlements if row.code != staff.place)
    report, case = factories.send(at=at, place=place)
    Case.objects.filter(pk=case.pk).update(office=staff["lurah"].grants[0].organisation)
    case.refresh_from_db()
    factories.bring_to(State.WORK_DONE, report, case, by=staff["lurah"], at=at)
    say(browser(staff, "ketua-rt"), report)
    assert counts(report) == (0, 0)


@pytest.mark.parametrize(
    ("rw", "rt", "looked", "counted", "told"),
    [
        ("003", "002", False, 1, "Ketua RT setempat memeriksa"),
        ("3", "2", False, 1, "Ketua RT setempat memeriksa"),
        ("003", "001", True, 0, ""),
        ("001", "", True, 0, ""),
        ("003", "", False, 0, ""),
        ("003", "", True, 1, "Ketua RT di kelurahan ini melihat"),
        ("", "002", False, 0, ""),
        ("", "", False, 0, ""),
    ],
)
def test_the_head_of_an_rt_speaks_for_it_and_elsewhere_only_if_nothing_says_that_it_is_another(
    done, staff, rw, rt, looked, counted, told
):
    report, _case = done
    Report.objects.filter(pk=report.pk).update(rw=rw, rt=rt)
    client = browser(staff, "ketua-rt")
    assert "sudah melihat ke tempatnya" in client.get(f"/laporan/{report.number}/").content.decode()
    say(client, report, looked=looked)
    assert counts(report) == (counted, 0)
    page = browser().get(f"/laporan/{report.number}/").content.decode()
    assert told in page
    assert "sudah melihat ke tempatnya" not in page


def test_the_head_of_a_whole_rw_speaks_for_all_of_it():
    assert witnesses.is_theirs("003", rw="003", rt="") is witnesses.Head.OWN
    assert witnesses.is_theirs("003", rw="003", rt="001") is witnesses.Head.OWN
    assert witnesses.is_theirs("003", rw="", rt="001") is witnesses.Head.PERHAPS
    assert witnesses.is_theirs("003", rw="004", rt="001") is witnesses.Head.NONE


def test_the_reporter_is_no_witness_of_their_own(staff, at):
    report, case = factories.send(at=at, place=staff.place, by=staff["ketua-rt"])
    factories.bring_to(State.WORK_DONE, report, case, by=staff["lurah"], at=at)
    say(browser(staff, "ketua-rt"), report)
    assert counts(report) == (0, 0)


def test_the_ketua_rts_word_is_told_apart_from_the_reporters(done, staff, at):
    report, case = done
    say(browser(staff, "ketua-rt"), report)
    page = browser().get(f"/laporan/{report.number}/").content.decode()
    assert "Ketua RT di kelurahan ini melihat ke tempatnya: sudah selesai" in page
    assert report.state == State.WORK_DONE
    cases.expire_due(at=at + timedelta(days=40))
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
    page = browser().get(f"/laporan/{report.number}/").content.decode()
    assert "Pelapor tidak menanggapi; Ketua RT setempat yang mengonfirmasi" in page
    assert "Pelapor mengonfirmasi" not in page


@pytest.mark.parametrize("voice", ["nobody", "ketua_rt_same", "neighbour_same"])
def test_silence_stays_silence_unless_the_ketua_rt_alone_confirms(staff, at, voice):
    report, neighbour = supported(staff, at)
    if voice == "ketua_rt_same":
        say(browser(staff, "ketua-rt"), report, "sama")
    if voice == "neighbour_same":
        say(browser(staff, "ketua-rt"), report)
        say(neighbour, report, "sama")
    cases.expire_due(at=at + timedelta(days=40))
    assert Case.objects.get(number=report.number).state == State.NO_RESPONSE


def test_another_completion_is_asked_about_anew(staff, at):
    report, neighbour = supported(staff, at)
    say(neighbour, report, "sama")
    assert counts(report) == (0, 1)
    actions.dispute(report=report, words="Belum.", at=at + timedelta(minutes=2))
    say(neighbour, report, "sama")  # nothing is declared done now
    factories.finished(
        Case.objects.get(number=report.number), by=staff["lurah"], at=at + timedelta(minutes=3)
    )
    assert counts(report) == (0, 0)
    say(neighbour, report)
    assert counts(report) == (1, 0)
    assert Witness.objects.count() == 2


def test_what_is_not_public_has_no_witnesses(staff, at):
    for secret in ({"is_confidential": True}, {"about_conduct": True}):
        report, case = factories.send(at=at, place=staff.place, **secret)
        who = "inspektorat" if "about_conduct" in secret else "lurah"
        factories.bring_to(State.WORK_DONE, report, case, by=staff[who], at=at)
        assert say(browser(staff, "ketua-rt"), report).status_code == 404


def test_a_voice_for_nothing_is_told_so(done, at):
    report, _case = done
    assert say(browser(), report, "mungkin").status_code == 302
    actions.confirm(report=report, at=at)
    assert say(browser(), report).status_code == 302
    with pytest.raises(witnesses.NothingToWitness):
        witnesses.witness(report=report, person=NOBODY, voice="x", is_fixed=True, at=at)
