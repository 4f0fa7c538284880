"""Two reports about one thing: nobody is lost, nothing secret shows, and taking it back is exact."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guyub.events import casework as casework_events
from guyub.events import reports as events
from guyub.kernel.access.api import NOBODY, NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import MergeReason, NotPossible, State
from guyub.rooms.casework.models import Case
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.reports import actions, following, merging, subscribers
from guyub.rooms.reports.merged import find_into, find_public_into, merged_into
from guyub.rooms.reports.models import DailyFigures, Merge, PlaceFigures, Report
from guyub.rooms.reports.reading import read
from guyub.rooms.reports.timeline import Reader, timeline
from tests import factories

pytestmark = pytest.mark.django_db

CAN_BE_MERGED = [
    State.RECEIVED,
    State.FORWARDED,
    State.IN_PROGRESS,
    State.WAITING_REPORTER,
    State.SCHEDULED,
]


@pytest.fixture
def crew(city):
    return factories.add_people()


class Pair:
    """A verified report A and a report B of the same office."""

    def __init__(self, crew, now, state=State.FORWARDED, **changes):
        self.crew, self.now, self.lurah = crew, now, crew["lurah"]
        self.a, case = factories.send(at=now - timedelta(days=2), place=crew.place, email="a@contoh.example")
        factories.bring_to(State.FORWARDED, self.a, case, by=self.lurah, at=now - timedelta(days=1))
        self.b, case = factories.send(
            at=now - timedelta(days=1), place=crew.place, **{"email": "b@contoh.example", **changes}
        )
        factories.bring_to(state, self.b, case, by=self.lurah, at=now)

    def merge(self, *, by=None, at=None, reverse=False):
        pair = (self.a, self.b) if reverse else (self.b, self.a)
        done = factories.merge(*pair, by=by or self.lurah, at=at or self.now)
        return self.fresh() or done

    def part(self, *, by=None, at=None):
        merging.separate_report(report=self.b, by=by or self.lurah, at=at or self.now)
        self.fresh()

    def fresh(self):
        self.a, self.b = (Report.objects.select_related("place").get(pk=one.pk) for one in (self.a, self.b))

    def case(self, report):
        return Case.objects.get(number=report.number, part=1)


@pytest.fixture
def pair(crew, now):
    return Pair(crew, now)


# ── Merging ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", CAN_BE_MERGED)
def test_the_merged_report_ends_and_does_not_count_as_fixed(crew, now, state):
    pair = Pair(crew, now, state)
    pair.merge()
    case = pair.case(pair.b)
    assert (pair.b.state, case.state, case.is_open) == (State.MERGED, State.MERGED, False)
    assert pair.b.ended_at == now
    assert (case.due_at, case.reporter_due_at, case.escalate_at, case.paused_at) == (None,) * 4
    ledger.drain(settled_only=False)
    figures = dict(PlaceFigures.objects.filter(place_code=crew.place).values_list("state", "count"))
    assert (figures["MERGED"], figures["FORWARDED"]) == (1, 1)
    days = dict(DailyFigures.objects.filter(place_code="").values_list("state", "count"))
    assert days["MERGED"] == 1
    assert "CONFIRMED" not in days


@pytest.mark.parametrize(
    "state", [State.EXTERNAL, State.WORK_DONE, State.CONFIRMED, State.REJECTED, State.NO_RESPONSE]
)
def test_what_is_outside_shown_or_over_is_not_merged(crew, now, state):
    pair = Pair(crew, now, state)
    with pytest.raises(NotPossible):
        pair.merge()


def test_only_into_what_everyone_may_read_and_somebody_works_on(crew, now):
    pair = Pair(crew, now, State.RECEIVED)
    secret = Pair(crew, now, is_confidential=True)
    for into, report in ((pair.b, pair.a), (secret.b, pair.a), (pair.b, pair.b)):
        with pytest.raises(merging.CannotMerge):
            factories.merge(report, into, by=crew["lurah"], at=now)
    factories.finished(pair.case(pair.a), by=crew["lurah"], at=now)
    with pytest.raises(merging.CannotMerge, match="tidak lagi ditangani"):
        pair.merge()


def test_conduct_is_merged_with_nothing(crew, now):
    conduct, case = factories.send(at=now, place=crew.place, about_conduct=True)
    pair = Pair(crew, now)
    factories.bring_to(State.FORWARDED, conduct, case, by=crew["inspektorat"], at=now)
    for by in (crew["lurah"], crew["inspektorat"], crew["koordinator"]):
        for report, into in ((conduct, pair.a), (pair.a, conduct)):
            with pytest.raises(NotAllowed):
                factories.merge(report, into, by=by, at=now)


def test_what_came_from_lapor_is_answered_there(crew, now):
    from guyub.rooms.reports.models import Origin

    pair = Pair(crew, now)
    Origin.objects.create(
        report=pair.b,
        channel="LAPOR",
        external_id="99",
        entered_by=crew["koordinator"].account,
        entered_at=now,
    )
    with pytest.raises(merging.CannotMerge, match="SP4N"):
        pair.merge()


def test_authority_over_both_is_needed(crew, now):
    """The lurah has the one; the other lies with an agency. The coordinator may, and nobody else."""
    pair = Pair(crew, now)
    casework.actions.hand_over(
        case=pair.case(pair.a).uuid,
        to_office=crew["penghubung"].grants[0].organisation,
        reason="Wewenang dinas.",
        by=crew["lurah"],
        at=now,
    )
    for slug in factories.SLUGS:
        if slug != "koordinator":
            with pytest.raises(NotAllowed):
                pair.merge(by=crew[slug])
    with pytest.raises(NotAllowed):
        pair.merge(by=NOBODY)
    pair.merge(by=crew["koordinator"])
    assert pair.b.state == State.MERGED


# ── Nobody is lost ─────────────────────────────────────────────────────────────────────────────────────────


TELLING = (
    (subscribers.tell_reporter, (casework_events.CaseAnswered, casework_events.CaseRejected)),
    (subscribers.tell_of_merge, (events.ReportMerged,)),
    (
        subscribers.tell_merged_reporters,
        (casework_events.CaseAnswered, casework_events.CaseRejected, events.ReportMerged),
    ),
    (subscribers.tell_followers, (casework_events.CaseAnswered, events.ReportMerged)),
)


def tell(*reports: Report) -> None:
    """What the worker would do with the facts so far."""
    for report in reports:
        for fact in ledger.facts_about(actions.subject_of(report)):
            for teller, kinds in TELLING:
                if fact.name in {kind.name for kind in kinds}:
                    teller(fact)


def told_to(address: str) -> list[str]:
    """The subjects of what a reporter or follower was sent."""
    return [n.subject for n in Notice.objects.order_by("pk") if n.recipient == address]


def test_its_reporter_is_told_and_hears_all_of_the_other(pair):
    pair.merge()
    actions.answer_report(case=pair.case(pair.a).uuid, words=factories.WORDS, by=pair.lurah, at=pair.now)
    tell(pair.a, pair.b)
    mine = told_to(f"contact:{pair.b.contact_id}")
    assert f"Laporan Anda {pair.b.number} digabung dengan {pair.a.number}" in mine
    assert f"Laporan Anda {pair.b.number} digabung dengan {pair.a.number}: kantor menjawab" in mine
    links = Notice.objects.filter(key__startswith="merged:").values_list("link", flat=True)
    assert all(pair.b.uuid.hex in link and pair.a.uuid.hex not in link for link in links)
    assert not any(pair.b.number in subject for subject in told_to(f"contact:{pair.a.contact_id}"))


def test_who_sent_it_twice_is_told_once(crew, now):
    pair = Pair(crew, now, email="a@contoh.example")
    pair.merge()
    actions.answer_report(case=pair.case(pair.a).uuid, words=factories.WORDS, by=pair.lurah, at=now)
    tell(pair.a)
    assert not Notice.objects.filter(key__startswith="merged:").exists()


def follower(report, address, now):
    following.ask_to_follow(
        thing=following.Thing(report=report.pk), email=address, frequency="NOW", language="id", at=now
    )
    row = following.Follow.objects.latest("pk")
    return following.confirm(follow=row.uuid, at=now)


def test_followers_move_along_each_once(pair):
    both, only_b = (follower(pair.b, f"{n}@contoh.example", pair.now) for n in ("satu", "dua"))
    following.follow(follower=both, thing=following.Thing(report=pair.a.pk), at=pair.now)
    pair.merge()
    found = list(following.followers_of(pair.a, with_place=False))
    assert sorted(one.pk for one in found) == sorted([both.pk, only_b.pk])
    pair.part()
    assert [one.pk for one in following.followers_of(pair.a, with_place=False)] == [both.pk]


def test_voices_are_counted_once_and_given_back(pair):
    for report, who in ((pair.a, "device:x"), (pair.b, "device:x"), (pair.b, "device:y")):
        actions.support(report=report, supporter=who, at=pair.now)
    pair.merge()
    assert pair.a.supporters == 3  # x, y and the other's reporter
    actions.support(report=pair.a, supporter="device:y", at=pair.now)  # said it there before
    actions.support(report=pair.a, supporter="device:z", at=pair.now)
    pair.fresh()
    assert pair.a.supporters == 4
    pair.part()
    assert (pair.a.supporters, pair.b.supporters) == (3, 2)  # x, z and y, who said it of both


# ── Nothing secret shows ───────────────────────────────────────────────────────────────────────────────────


def test_a_secret_report_leaves_no_trace_where_strangers_look(crew, now):
    pair = Pair(crew, now, is_confidential=True)
    actions.support(report=pair.b, supporter="device:x", at=now)
    stranger = follower(pair.b, "orang@contoh.example", now)
    before = read(pair.a, at=now)
    pair.merge()
    assert read(pair.a, at=now) == before
    assert find_public_into(pair.b) is None
    outline = read(pair.b, at=now)
    assert pair.a.number not in f"{outline}"
    assert stranger not in list(following.followers_of(pair.a, with_place=False))
    client = Client(headers=factories.HOST)
    assert pair.a.number not in client.get(f"/laporan/{pair.b.number}/").text
    assert pair.b.number not in client.get(f"/laporan/{pair.a.number}/").text
    assert pair.b.number not in client.get(f"/laporan/{pair.a.number}/atom").text
    tell(pair.a, pair.b)
    assert told_to(following.recipient_of(stranger))
    assert not any(pair.a.number in one for one in told_to(following.recipient_of(stranger)))
    assert any(pair.a.number in one for one in told_to(f"contact:{pair.b.contact_id}"))


def test_an_anonymous_reporter_stays_so(crew, now):
    account = Account.objects.get(email=f"warga@{factories.DOMAIN}")
    pair = Pair(crew, now, by=crew["warga"], is_anonymous=True)
    pair.merge()
    for report in (pair.a, pair.b):
        assert not any(fact.actor == account.pk for fact in ledger.facts_about(actions.subject_of(report)))
        said = f"{timeline(report=report, reader=Reader.OFFICER)}"
        assert account.name not in said
    assert not casework.access.may_see_identity(crew["lurah"], pair.case(pair.b), is_anonymous=True)


def test_the_public_page_says_where_to_go_on(pair):
    pair.merge()
    client = Client(headers=factories.HOST)
    page = client.get(f"/laporan/{pair.b.number}/").text
    assert f'href="/laporan/{pair.a.number}/"' in page
    assert "Digabung dengan laporan lain" in page
    assert "/dukung/" not in page
    assert pair.b.number in client.get("/laporan/?status=digabung").text


def test_the_public_page_says_for_what_it_stands_until_they_are_parted(pair, crew, now):
    unread, _case = factories.send(at=now, place=crew.place)
    pair.merge()
    factories.merge(unread, pair.a, by=pair.lurah, at=now)
    client = Client(headers=factories.HOST)
    page = client.get(f"/laporan/{pair.a.number}/").text
    assert "Mewakili juga laporan tentang hal yang sama:" in page
    assert f'href="/laporan/{pair.b.number}/">{pair.b.number}</a>' in page
    assert unread.number not in page  # nobody has verified it
    pair.part()
    assert pair.b.number not in client.get(f"/laporan/{pair.a.number}/").text


def test_parted_by_the_coordinator_it_goes_back_to_its_own_office(pair, crew):
    pair.merge()
    pair.part(by=crew["koordinator"])
    own = people.directory().get(pair.case(pair.b).office_id).name
    page = Client(headers=factories.HOST).get(f"/laporan/{pair.b.number}/").text
    assert f"Penggabungan dibatalkan; kembali ke {own}" in page


# ── Chains ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chain_leads_to_its_end_and_never_in_a_circle(crew, now):
    pair = Pair(crew, now)
    third, case = factories.send(at=now, place=crew.place, email="c@contoh.example")
    factories.bring_to(State.FORWARDED, third, case, by=crew["lurah"], at=now)
    factories.merge(third, pair.b, by=crew["lurah"], at=now)
    pair.merge()
    third.refresh_from_db()
    assert find_into(third).pk == find_into(pair.b).pk == pair.a.pk
    assert {one.pk for one in merged_into(pair.a)} == {pair.b.pk, third.pk}
    assert pair.a.supporters == 2
    for into in (pair.b, third):
        with pytest.raises(merging.CannotMerge, match="sudah digabung"):
            factories.merge(pair.a, into, by=crew["lurah"], at=now)
    merging.separate_report(report=third, by=crew["lurah"], at=now)
    pair.fresh()
    assert (pair.a.supporters, pair.b.supporters) == (1, 0)
    assert [one.pk for one in merged_into(pair.a)] == [pair.b.pk]


def test_when_the_other_is_rejected_its_reporter_hears_and_can_part(pair):
    pair.merge()
    actions.reject_report(
        case=pair.case(pair.a).uuid, reason="tidak-jelas", words=factories.WORDS, by=pair.lurah, at=pair.now
    )
    tell(pair.a)
    assert any("tidak dapat diproses" in one for one in told_to(f"contact:{pair.b.contact_id}"))
    merging.say_different(report=pair.b, words="Ini di gang lain.", at=pair.now)
    pair.fresh()
    assert pair.b.state == State.FORWARDED


def test_parts_of_several_offices_are_merged_and_parted_together(crew, now):
    pair = Pair(crew, now)
    casework.splitting.split_case(
        case=pair.case(pair.b).uuid,
        to_office=crew["penghubung"].grants[0].organisation,
        instruction="Bersihkan salurannya.",
        by=crew["lurah"],
        at=now,
    )
    with pytest.raises(NotAllowed):
        pair.merge()  # the other part is not the lurah's
    pair.merge(by=crew["koordinator"])
    assert set(Case.objects.filter(number=pair.b.number).values_list("state", flat=True)) == {"MERGED"}
    pair.part(by=crew["koordinator"])
    assert set(Case.objects.filter(number=pair.b.number).values_list("state", flat=True)) == {"FORWARDED"}


# ── Taking it back ─────────────────────────────────────────────────────────────────────────────────────────


def everything(pair):
    """All that is kept of both reports and their cases, but when they were last touched."""
    cases = Case.objects.filter(number__in=[pair.a.number, pair.b.number]).order_by("pk").values()
    reports = Report.objects.filter(pk__in=[pair.a.pk, pair.b.pk]).order_by("pk").values()
    return [{**row, "updated_at": None} for row in cases], [{**row, "changed_at": None} for row in reports]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.sampled_from(CAN_BE_MERGED),
    days=st.integers(0, 60),
    secret=st.booleans(),
    rounds=st.integers(1, 2),
    who=st.sampled_from(["lurah", "koordinator", "pelapor"]),
    late=st.booleans(),
)
def test_merging_and_parting_is_as_if_nothing_had_been(crew, now, state, days, secret, rounds, who, late):
    """Whatever the state, however long after, by whomever: only a question asked gets its whole time anew."""
    pair = Pair(crew, now, state, is_confidential=secret)
    if late:
        Case.objects.filter(number=pair.b.number).update(
            escalate_at=now, escalated_at=now, escalated_rung="KECAMATAN"
        )
    before = everything(pair)
    for _ in range(rounds):
        pair.merge()
        later = now + timedelta(days=days)
        casework.actions.expire_due(at=later + timedelta(days=90))
        if who == "pelapor":
            merging.say_different(report=pair.b, words="Bukan yang itu.", at=later)
        else:
            pair.part(by=crew[who], at=later)
    after = everything(pair)
    if state is State.WAITING_REPORTER:
        asked = [row.pop("reporter_due_at") for row in (before[0][1], after[0][1])]
        assert asked[1] >= asked[0]
        assert days or asked[1] == asked[0]  # a weekend adds nothing
    assert after == before
    assert Merge.objects.filter(report=pair.b, undone_at=None).count() == 0


def test_parting_is_a_new_fact_and_nothing_is_erased(pair):
    pair.merge()
    pair.part()
    names = [fact.name for fact in ledger.facts_about(actions.subject_of(pair.b))]
    for name in ("case_merged", "case_unmerged"):
        assert f"casework.{name}" in names
    for name in ("report_merged", "report_separated"):
        assert f"reports.{name}" in names
    assert Merge.objects.filter(report=pair.b).count() == 1
    with pytest.raises(NotPossible):
        pair.part()


def test_who_may_not_verify_may_not_part(pair):
    pair.merge()
    for slug in factories.SLUGS:
        if slug not in ("lurah", "kasi", "koordinator"):
            with pytest.raises(NotAllowed):
                pair.part(by=pair.crew[slug])


# ── The pages ──────────────────────────────────────────────────────────────────────────────────────────────


def desk(crew, slug="lurah"):
    client = Client(headers=factories.HOST)
    client.force_login(crew.account(slug), backend=factories.BACKEND)
    return client


def act(client, pair, report, verb, **said):
    case = pair.case(report)
    return client.post(
        f"/petugas/laporan/{report.number}/{verb}/", {"stamp": case.updated_at.isoformat(), **said}
    )


def test_an_officer_merges_what_the_page_suggests_and_parts_it_again(pair):
    client = desk(pair.crew)
    page = client.get(f"/petugas/laporan/{pair.b.number}/").text
    assert "Mungkin sama" in page
    assert "kata sama" in page
    done = act(client, pair, pair.b, "gabung", alike=pair.a.number, reason="hal-yang-sama")
    assert done.status_code == 303
    pair.fresh()
    assert pair.b.state == State.MERGED
    page = client.get(f"/petugas/laporan/{pair.b.number}/").text
    assert f"Digabung dengan {pair.a.number}" in page
    assert pair.b.number in client.get(f"/petugas/laporan/{pair.a.number}/").text
    assert act(client, pair, pair.b, "pisahkan").status_code == 303
    pair.fresh()
    assert pair.b.state == State.FORWARDED


def test_many_are_gathered_and_each_is_told_for_itself(pair):
    more = [factories.send(at=pair.now, place=pair.crew.place)[0] for _ in range(2)]
    client = desk(pair.crew)
    done = act(
        client,
        pair,
        pair.a,
        "himpun",
        numbers=[pair.b.number, *(one.number for one in more)],
        reason=MergeReason.SENT_TWICE.value,
    )
    assert done.status_code == 303, done.text
    assert Report.objects.filter(state=State.MERGED).count() == 3
    assert Merge.objects.filter(into=pair.a).count() == 3


def test_what_cannot_be_merged_says_why_and_keeps_the_form(pair):
    client = desk(pair.crew)
    for number, words in (
        ("LAP-2026-999999", "tidak ada, atau bukan wewenang"),
        ("ABC", "tulis nomornya lengkap"),
        (pair.b.number, "laporan itu sendiri"),
    ):
        answer = act(client, pair, pair.b, "gabung", alike="", other=number, reason="hal-yang-sama")
        assert answer.status_code == 422
        assert words in answer.text


def test_a_desk_that_may_not_merge_is_suggested_nothing(pair):
    for slug in ("camat", "sekda"):
        assert "Mungkin sama" not in desk(pair.crew, slug).get(f"/petugas/laporan/{pair.b.number}/").text


def test_the_reporter_says_that_it_is_another_matter(pair):
    pair.merge()
    client, path = Client(headers=factories.HOST), f"/laporan/ikuti/{actions.follow_key(pair.b.uuid)}/"
    page = client.get(path).text
    assert pair.a.number in page
    assert "Ini bukan hal yang sama" in page
    assert client.post(path, {"verb": "different", "words": " "}).status_code == 422
    assert client.post(path, {"verb": "different", "words": "Ini di RW 05."}).status_code == 303
    pair.fresh()
    assert pair.b.state == State.FORWARDED
    assert "Ini di RW 05." in desk(pair.crew).get(f"/petugas/laporan/{pair.b.number}/").text
    assert "Ini di RW 05." not in client.get(f"/laporan/{pair.b.number}/").text
    assert client.post(path, {"verb": "different", "words": "Sekali lagi."}).status_code == 409
