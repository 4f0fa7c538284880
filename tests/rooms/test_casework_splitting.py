"""One report, several offices: each part has its own clock, answers and evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import access, actions, queries, splitting
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import Mode, State, Verb
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.people.models import Organisation
from guyub.rooms.reports import actions as reports
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = "Perbaiki saluran di bawah jalan."


@pytest.fixture
def crew(city):
    with override("id"):
        yield factories.add_people()


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def shared(crew, at) -> tuple[Report, Case, Case]:
    """A report of the kelurahan that the agency shares."""
    report, first = factories.send(at=at - timedelta(days=1), place=crew.place)
    factories.bring_to(State.IN_PROGRESS, report, first, by=crew["lurah"], at=at)
    second = split(first, crew, at)
    report.refresh_from_db()
    first.refresh_from_db()
    return report, first, second


def agency(crew) -> int:
    return crew["penghubung"].grants[0].organisation


def split(case: Case, crew, at, *, by: str = "lurah", to: int | None = None) -> Case:
    return splitting.split_case(
        case=case.uuid, to_office=to or agency(crew), instruction=WORDS, by=crew[by], at=at
    )


def test_each_part_has_its_own_office_state_and_clock(shared, crew, at):
    report, first, second = shared
    assert (first.part, second.part) == (1, 2)
    assert (second.state, second.office_id, second.received_at) == (State.FORWARDED, agency(crew), at)
    assert first.state == State.IN_PROGRESS
    assert second.respond_due_at > at
    assert report.state == State.FORWARDED  # as far as the part that lags most
    told = ledger.tell(ledger.facts_about(first.subject)[-2])
    assert told.public
    assert "ikut menangani bagiannya" in told.text
    assert queries.instruction_of(second) == WORDS


def test_the_report_is_finished_when_all_parts_are(shared, crew, at):
    report, first, second = shared
    factories.finished(first, by=crew["lurah"], at=at)
    report.refresh_from_db()
    assert report.state == State.FORWARDED
    reports.confirm(report=report, at=at, part=1)
    reports.answer_report(case=second.uuid, words=factories.WORDS, by=crew["penghubung"], at=at)
    factories.finished(second, by=crew["penghubung"], at=at)
    report.refresh_from_db()
    assert report.state == State.WORK_DONE
    reports.confirm(report=report, at=at)
    report.refresh_from_db()
    assert report.state == State.CONFIRMED


def test_all_finished_parts_are_confirmed_at_once_or_one_is_disputed(shared, crew, at):
    report, first, second = shared
    for case, slug in ((first, "lurah"), (second, "penghubung")):
        factories.finished(case, by=crew[slug], at=at)
    reports.dispute(report=report, words="Saluran masih mampet.", at=at, part=2)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.WORK_DONE, State.IN_PROGRESS)
    factories.finished(second, by=crew["penghubung"], at=at)
    reports.confirm(report=report, at=at)
    assert set(Case.objects.filter(subject=first.subject).values_list("state", flat=True)) == {"CONFIRMED"}


def test_not_twice_to_one_office_nor_beyond_the_limit(shared, crew, at):
    _, first, second = shared
    with pytest.raises(splitting.CannotSplit):
        split(first, crew, at)
    with pytest.raises(actions.CannotHandOver):
        actions.hand_over(case=first.uuid, to_office=agency(crew), reason="Juga.", by=crew["lurah"], at=at)
    others = [one.id for one in queries.hand_over_targets(first).agencies if one.id != agency(crew)]
    rule = rulebook.rule("case_authority.parts_limit", on=at.date()).value["amount"]
    for n in range(rule - 2):
        split(first, crew, at, to=others[n])
    with pytest.raises(splitting.CannotSplit):
        split(first, crew, at, to=others[rule])
    assert Case.objects.filter(subject=second.subject).count() == rule


def test_not_before_it_is_verified_nor_what_is_restricted(crew, at):
    _, fresh = factories.send(at=at, place=crew.place)
    report, conduct = factories.send(at=at, place=crew.place, about_conduct=True)
    factories.bring_to(State.FORWARDED, report, conduct, by=crew["inspektorat"], at=at)
    for case, slug in ((fresh, "lurah"), (conduct, "inspektorat")):
        with pytest.raises(NotAllowed):
            split(case, crew, at, by=slug)
        assert Verb.SPLIT not in access.offered(crew[slug], case)


def test_a_desa_gets_its_part_as_a_request(crew, at):
    Organisation.objects.filter(pk=crew["lurah"].grants[0].organisation).update(kind=OrganisationKind.VILLAGE)
    people.forget()
    report, case = factories.send(at=at, place=crew.place, category="jalan-berlubang")
    factories.bring_to(State.FORWARDED, report, case, by=crew["koordinator"], at=at)
    made = split(case, crew, at, by="penghubung", to=crew["lurah"].grants[0].organisation)
    assert (made.mode, made.accepted_at) == (Mode.REQUEST, None)


def ask(client, crew, slug, url, data=None):
    client.force_login(crew.account(slug), backend=factories.BACKEND)
    if data is None:
        return client.get(url, headers=factories.HOST)
    return client.post(url, data, headers=factories.HOST)


def test_the_desk_opens_the_part_of_ones_own_office(client, shared, crew):
    report, first, second = shared
    url = f"/petugas/laporan/{report.number}/"
    theirs = ask(client, crew, "penghubung", url).text
    assert WORDS in theirs
    assert "Dibagi ke beberapa kantor" in theirs
    assert "?kasus=2" in theirs
    mine = ask(client, crew, "lurah", url).text
    assert WORDS not in mine
    assert WORDS in ask(client, crew, "koordinator", f"{url}?kasus=2").text
    assert ask(client, crew, "penghubung", f"{url}?kasus=1").status_code == 404
    assert ask(client, crew, "koordinator", f"{url}?kasus=9").status_code == 404
    assert f"{url}?kasus=2" in ask(client, crew, "penghubung", "/petugas/").text
    said = {"stamp": second.updated_at.isoformat(), "words": factories.WORDS}
    sent = ask(client, crew, "penghubung", f"{url}jawab/?kasus=2", said)
    assert (sent.status_code, sent["Location"]) == (303, f"{url}?kasus=2")
    second.refresh_from_db()
    assert (second.state, first.state) == (State.IN_PROGRESS, State.IN_PROGRESS)


def test_a_second_click_makes_no_second_part(client, crew, at):
    report, case = factories.send(at=at, place=crew.place)
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=at)
    url = f"/petugas/laporan/{report.number}/bagi/"
    said = {"stamp": case.updated_at.isoformat(), "office": agency(crew), "instruction": WORDS}
    assert ask(client, crew, "lurah", url, said).status_code == 303
    assert ask(client, crew, "lurah", url, said).status_code == 409
    assert Case.objects.filter(subject=case.subject).count() == 2


def test_the_reporter_confirms_each_part_or_all(client, shared, crew, at):
    report, first, second = shared
    for case, slug in ((first, "lurah"), (second, "penghubung")):
        factories.finished(case, by=crew[slug], at=at)
    url = f"/laporan/ikuti/{reports.follow_key(report.uuid)}/"
    html = client.get(url, headers=factories.HOST).text
    assert html.count("Ya, sudah selesai") == 2
    assert "Semua bagian sudah selesai" in html
    assert html.count('id="dispute-words') == 2
    sent = client.post(url, {"verb": "confirm", "bagian": "2"}, headers=factories.HOST)
    assert sent.status_code == 303
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.WORK_DONE, State.CONFIRMED)
    html = client.get(f"{url}?sesudah=confirm", headers=factories.HOST).text
    assert "Bagian itu selesai karena Anda yang menyatakannya; bagian lain masih berjalan." in html
    own = people.directory().get(second.office_id).name
    assert f"<dt>Bagian kantor lain</dt><dd>{own}: Selesai, dikonfirmasi</dd>" in html
    client.post(url, {"verb": "confirm"}, headers=factories.HOST)
    html = client.get(f"{url}?sesudah=confirm", headers=factories.HOST).text
    assert "Laporan ini selesai karena Anda yang menyatakannya." in html
    first.refresh_from_db()
    assert first.state == State.CONFIRMED
    assert client.post(url, {"verb": "confirm", "bagian": "2"}, headers=factories.HOST).status_code == 409
    public = client.get(f"/laporan/{report.number}/", headers=factories.HOST).text
    for case in (first, second):
        assert people.directory().get(case.office_id).name in public
