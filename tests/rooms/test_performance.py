"""Figures in public: worked out on paper, borne out by the list behind each number, not to be improved by tricks."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guyub.kernel.access.api import Person
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, State
from guyub.rooms.people import api as people
from guyub.rooms.performance import queries, rules, shown
from guyub.rooms.performance.models import Duty
from guyub.rooms.performance.queries import CATEGORY, CITY, OFFICE, PLACE
from guyub.rooms.performance.subscribers import refresh
from guyub.rooms.reports import actions, own_data
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture(autouse=True)
def at_noon(monkeypatch, now):
    """Pages ask for the time once, at the edge; here it is Friday 20 November 2026."""

    class Clock:
        @staticmethod
        def now() -> datetime:
            return now

    monkeypatch.setattr("guyub.rooms.performance.web.asked.timezone", Clock)


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 3, 0, tzinfo=UTC)


def few_are_enough(least: int = 5) -> None:
    rulebook.publish(
        key="performance.least_cases",
        value={"amount": least, "unit": "case"},
        effective_from=date(2026, 1, 1),
        legal_basis="Uji",
        confidence="V",
        at=on(1, 1),
    )


class Told:
    """A report whose steps are told by their days."""

    def __init__(self, crew, received: datetime, **changes) -> None:
        self.by: Person = crew["lurah"]
        self.report, self.case = factories.send(at=received, place=crew.place, **changes)

    def verified(self, at: datetime) -> Told:
        actions.verify_report(case=self.case.uuid, public_body="Sampah.", photos=[], by=self.by, at=at)
        return self

    def done(self, at: datetime) -> Told:
        factories.finished(self.case, by=self.by, at=at)
        self.report.refresh_from_db()
        return self

    def confirmed(self, at: datetime) -> Told:
        actions.confirm(report=self.report, at=at)
        return self

    def disputed(self, at: datetime) -> Told:
        actions.dispute(report=self.report, words="Masih ada.", at=at)
        return self

    def asked(self, at: datetime) -> Told:
        actions.ask_reporter(case=self.case.uuid, words="Di mana?", by=self.by, at=at)
        self.report.refresh_from_db()
        return self

    def replied(self, at: datetime) -> Told:
        actions.reply(report=self.report, words="Di gang.", at=at)
        return self


@pytest.fixture
def dozen(crew):
    """Twelve reports of a kelurahan, worked out on paper below, and two that are in no figure."""
    for _ in range(2):  # 1, 2: two working days, confirmed
        Told(crew, on(11, 2)).verified(on(11, 2)).done(on(11, 4)).confirmed(on(11, 5))
    # 3: Tuesday to Friday, three days, confirmed
    Told(crew, on(11, 3)).verified(on(11, 3)).done(on(11, 6)).confirmed(on(11, 9))
    # 4: Monday to Thursday, three days; nobody answered within ten working days
    Told(crew, on(10, 19)).verified(on(10, 19)).done(on(10, 22))
    casework.actions.expire_due(at=on(11, 6))
    # 5: declared done after a day, the reporter has not spoken: still running, nine days
    Told(crew, on(11, 9)).verified(on(11, 9)).done(on(11, 10))
    # 6: declared done after a day and disputed: still running, nine days
    Told(crew, on(11, 9)).verified(on(11, 9)).done(on(11, 10)).disputed(on(11, 11))
    # 7: eight working days, of which four waited for the reporter (4, 5, 6, 9 November): four, confirmed
    seven = Told(crew, on(11, 2)).verified(on(11, 2)).asked(on(11, 3)).replied(on(11, 9))
    seven.done(on(11, 12)).confirmed(on(11, 13))
    # 8: eight working days until today, of which six wait for the reporter: two, running
    Told(crew, on(11, 10)).verified(on(11, 10)).asked(on(11, 12))
    # 9: rejected after a day: watched for one
    nine = Told(crew, on(11, 16))
    actions.reject_report(case=nine.case.uuid, reason="ganda", words="Ganda.", by=nine.by, at=on(11, 17))
    # 10: scheduled, twelve days, running
    ten = Told(crew, on(11, 4)).verified(on(11, 4))
    casework.actions.propose_schedule(
        case=ten.case.uuid,
        reason="Anggaran.",
        target_month=date(2027, 3, 1),
        by=ten.by,
        at=on(11, 6),
    )
    # 11: nobody has read it: one day, running
    Told(crew, on(11, 19))
    # 12: verified and left: twenty-three days, running, late since 9 November
    twelve = Told(crew, on(10, 20)).verified(on(10, 20))
    # In no figure: rahasia, and conduct
    Told(crew, on(11, 2), is_confidential=True).verified(on(11, 2)).done(on(11, 3))
    Told(crew, on(11, 2), about_conduct=True)
    few_are_enough()
    ledger.drain(settled_only=False)
    return crew, twelve


def found(kind: str, code: str, now: datetime, least: int = 5) -> queries.Figures:
    queries._kept.forget()
    scope = queries.scope_of(kind, code)
    period = rules.periods(today=date(2026, 11, 20), windows=(90,))[0]
    return queries.figures(scope=scope, period=period, least=least, at=now)


def office_of(crew) -> str:
    return people.directory().get(crew["lurah"].grants[0].organisation).key


PAPER = {
    "masuk": 12,
    "dikonfirmasi": 4,
    "tanpa-tanggapan": 1,
    "menunggu-konfirmasi": 1,
    "dikerjakan": 4,
    "dijadwalkan": 1,
    "instansi-luar": 0,
    "tidak-dijawab": 0,
    "tidak-diproses": 1,
    "keberatan-ditolak": 0,
    "digabung": 0,
    "dibuka-kembali": 1,
    "dijeda": 2,
    "terbuka": 5,
    "terlambat": 1,
    "jadwal-lewat": 0,
    "luar-lewat": 0,
}


@pytest.mark.parametrize("kind", [CITY, PLACE, OFFICE, CATEGORY])
def test_a_dozen_cases_worked_out_on_paper(dozen, now, kind):
    """Watched: 1* 1* 2 2 2* 3 3 4 9* 9* 12* 23* (* still running or closed undone).

    Day 2: 10 at risk, 2 finished: 0.8. Day 3: 7 at risk, 2: 0.5714. Day 4: 5 at risk, 1: 0.4571. So half within four
    working days, and nine of ten never.
    """
    crew, _ = dozen
    code = {CITY: "", PLACE: crew.place, OFFICE: office_of(crew), CATEGORY: "sampah"}[kind]
    seen = found(kind, code, now)
    assert {key: seen.count(rules.FIGURES[key]) for key in PAPER} == PAPER
    assert [(point.day, point.at_risk) for point in seen.points] == [(2, 10), (3, 7), (4, 5)]
    assert [round(point.left, 4) for point in seen.points] == [0.8, 0.5714, 0.4571]
    assert (seen.half, seen.most) == (4, None)
    assert (seen.confirmed.part, seen.confirmed.whole, seen.confirmed.percent) == (4, 6, 66.7)
    assert (seen.reopened.part, seen.reopened.whole, seen.reopened.percent) == (1, 7, 14.3)
    assert seen.paused_days == 4


def test_what_came_in_is_in_exactly_one_outcome(dozen, now):
    seen = found(CITY, "", now)
    assert sum(seen.count(one) for one in rules.BECAME) == seen.received


def test_too_few_are_counted_and_not_rated(dozen, now):
    seen = found(CITY, "", now, least=13)
    assert seen.received == 12
    assert (seen.half, seen.most, seen.confirmed.percent, seen.reopened.percent) == (None,) * 4
    assert seen.confirmed.part == 4


def test_the_list_behind_each_number_holds_as_many(dozen, now, client):
    """Each number is followed as a reader does: the link on the page, then the count and the rows of its list."""
    crew, _ = dozen
    for kind, code in ((CITY, ""), (PLACE, crew.place), (OFFICE, office_of(crew)), (CATEGORY, "sampah")):
        seen = found(kind, code, now)
        wanted = [*rules.BECAME, rules.RECEIVED, *shown.besides(seen), *shown.now(seen)]
        for figure in wanted:
            listed = queries.reports_behind(figure=figure, scope=seen.scope, period=seen.period, at=now)
            assert listed.total == seen.count(figure), (kind, figure.key)
            assert len(listed.rows) + listed.hidden == listed.total
        path = f"/kinerja/{kind}/{code}/" if kind else "/kinerja/"
        page = unescape(client.get(path, headers=factories.HOST).content.decode())
        for figure in wanted:
            address = f"{path}laporan/?angka={figure.key}"
            assert f'href="{address}"' in page
            answer = client.get(address, headers=factories.HOST)
            assert f">{seen.count(figure)} laporan</h2>" in answer.content.decode()


def test_the_duties_equal_a_recount(dozen, now):
    kept = list(Duty.objects.order_by("case", "office").values())
    ledger.rebuild()
    again = list(Duty.objects.order_by("case", "office").values())
    assert [{**row, "id": 0} for row in kept] == [{**row, "id": 0} for row in again]
    refresh(Case.objects.values_list("subject", flat=True))
    assert Duty.objects.count() == len(kept)


def test_what_is_put_back_is_counted_as_it_stood(dozen, now):
    """The rows follow the case, so taking something back needs no fact that tells what stood before."""
    _, twelve = dozen
    Case.objects.filter(pk=twelve.case.pk).update(state=State.RECEIVED, forwarded_at=None)
    refresh([twelve.case.subject])
    assert Duty.objects.get(case=twelve.case.pk).state == State.RECEIVED


# ── Tricks that must not pay ───────────────────────────────────────────────────────────────────────────────


def test_closing_early_and_being_disputed_improves_nothing(crew, now):
    """Two offices alike; one declares its work done on the first day and is disputed. No figure of it is better."""
    few_are_enough(1)
    for _ in range(3):
        Told(crew, on(11, 2)).verified(on(11, 2)).done(on(11, 6)).confirmed(on(11, 9))
    honest = [Told(crew, on(11, 3)).verified(on(11, 3)) for _ in range(3)]
    ledger.drain(settled_only=False)
    before = found(CITY, "", now, least=1)
    for one in honest:
        one.done(on(11, 3))
    ledger.drain(settled_only=False)
    meanwhile = found(CITY, "", now, least=1)
    assert (meanwhile.half, meanwhile.most, meanwhile.points) == (before.half, before.most, before.points)
    assert (meanwhile.confirmed.percent or 0) < (before.confirmed.percent or 0)
    for one in honest:
        one.disputed(on(11, 4))
    ledger.drain(settled_only=False)
    after = found(CITY, "", now, least=1)
    assert (after.half, after.most, after.points) == (before.half, before.most, before.points)
    assert after.confirmed == before.confirmed
    assert (after.reopened.percent or 0) > (before.reopened.percent or 0)
    for figure in (*rules.BECAME, *rules.NOW):
        assert after.count(figure) == before.count(figure)


def test_handing_over_improves_no_figure_of_the_office_that_does_it(dozen, now):
    crew, twelve = dozen
    key = office_of(crew)
    before = found(OFFICE, key, now)
    agency = next(one for one in people.directory().of_kind(people.OrganisationKind.AGENCY))
    casework.actions.hand_over(
        case=twelve.case.uuid, to_office=agency.id, reason="Bukan kami.", by=twelve.by, at=now
    )
    ledger.drain(settled_only=False)
    after = found(OFFICE, key, now)
    assert (after.groups != before.groups, after.points) == (True, before.points)
    assert (after.half, after.confirmed, after.reopened) == (before.half, before.confirmed, before.reopened)
    for figure in (rules.RECEIVED, *rules.BECAME):
        assert after.count(figure) == before.count(figure)
    late = [rules.FIGURES["terlambat"], rules.LATE_ELSEWHERE]
    assert sum(map(before.count, late)) == sum(map(after.count, late)) == 1
    assert after.count(rules.LATE_ELSEWHERE) == after.count(rules.PASSED_ON) == 1
    taken = found(OFFICE, agency.key, now)
    assert taken.count(rules.RECEIVED) == taken.count(rules.FIGURES["terlambat"]) == 1
    assert found(CITY, "", now).received == before.received


def test_leaving_reports_unread_hides_none_of_them(crew, now):
    Told(crew, on(10, 1))
    ledger.drain(settled_only=False)
    assert found(CITY, "", now).count(rules.FIGURES["terlambat"]) == 1


# ── Privacy ────────────────────────────────────────────────────────────────────────────────────────────────


def test_secret_and_conduct_reports_are_in_no_figure(dozen, now):
    hidden = Report.objects.filter(is_confidential=True) | Report.objects.filter(about_conduct=True)
    assert hidden.count() == 2
    assert not Duty.objects.filter(report__in=hidden.values("pk")).exists()


def test_what_nobody_has_verified_is_counted_and_not_listed(dozen, now, client):
    crew, _ = dozen
    unread = Report.objects.get(published_at=None, state=State.RECEIVED, about_conduct=False)
    for path in ("/kinerja/laporan/", f"/kinerja/kantor/{office_of(crew)}/laporan/"):
        page = client.get(f"{path}?angka=masuk", headers=factories.HOST).content.decode()
        assert ">12 laporan</h2>" in page
        assert "2 di antaranya belum diverifikasi" in page  # the rejected one was not either
        assert unread.number not in page


def test_the_late_list_says_the_reason_and_neither_words_nor_names(dozen, now, client):
    crew, twelve = dozen
    address = "/kinerja/laporan/?angka=terlambat"
    assert "Kantornya belum memberi alasan" in client.get(address, headers=factories.HOST).content.decode()
    casework.escalation.escalate_due(at=now)
    casework.escalation.explain_delay(
        case=twelve.case.uuid,
        code=casework.DelayReason.MATERIAL,
        words="Pak Tono masih cuti.",
        by=twelve.by,
        at=now,
    )
    page = client.get(address, headers=factories.HOST).content.decode()
    assert "Kata kantornya: menunggu bahan atau alat" in page
    assert "Tono" not in page
    assert people.directory().get(crew["lurah"].grants[0].organisation).name in page


# ── Files, trial, addresses ────────────────────────────────────────────────────────────────────────────────


def test_the_files_say_the_same_numbers_as_the_page(dozen, now, client):
    seen = found(CITY, "", now)
    said = json.loads(client.get("/kinerja/angka.json", headers=factories.HOST).content)
    rows = list(
        csv.reader(io.StringIO(client.get("/kinerja/angka.csv", headers=factories.HOST).content.decode()))
    )
    head = [row for row in rows if row[0].startswith("# ")]
    names, *lines = rows[len(head) :]
    from_csv = {row[0]: dict(zip(names, row, strict=True)) for row in lines}
    assert {row[0][2:] for row in head} == set(said) - {"angka", "kurva"}
    for line in said["angka"]:
        value = "" if line["nilai"] is None else str(line["nilai"])
        assert from_csv[line["kunci"]]["nilai"] == value
        assert line["arti"]
    by_key = {line["kunci"]: line["nilai"] for line in said["angka"]}
    assert {key: by_key[key] for key in PAPER} == PAPER
    assert (by_key["separuh"], by_key["sembilan-puluh"]) == (4, None)
    assert (by_key["dikonfirmasi-persen"], by_key["dibuka-kembali-persen"]) == (66.7, 14.3)
    page = client.get("/kinerja/", headers=factories.HOST).content.decode()
    assert "4 hari kerja" in page
    assert "belum dapat dihitung" in page
    assert "66,7%" in page
    assert seen.half == 4


def trial(begins: date, ends: date) -> None:
    rulebook.publish(
        key="performance.trial",
        value={"begins_on": begins.isoformat(), "ends_on": ends.isoformat()},
        effective_from=begins,
        legal_basis="Keputusan uji coba",
        confidence="V",
        at=on(1, 1),
    )


PAGES = ("/kinerja/", "/kinerja/laporan/?angka=masuk", "/kinerja/angka.csv", "/kinerja/angka.json")


@pytest.mark.parametrize("address", PAGES)
def test_during_a_trial_the_figures_stay_with_officers(dozen, now, client, address):
    crew, _ = dozen
    trial(date(2026, 11, 1), date(2027, 1, 10))
    answer = client.get(address, headers=factories.HOST)
    assert "Masih masa uji coba" in answer.content.decode()
    assert "10 Januari 2027" in answer.content.decode()
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    assert "Masih masa uji coba" not in client.get(address, headers=factories.HOST).content.decode()


def test_a_trial_ends_by_itself_after_ninety_days(crew, now, client):
    from guyub.rooms.performance import checks

    trial(date(2026, 8, 1), date(2027, 7, 31))
    assert "Masih masa uji coba" not in client.get("/kinerja/", headers=factories.HOST).content.decode()
    assert checks.trial(at=now).level == "warning"


def test_addresses_that_name_nothing(crew, client):
    for address, status in (
        ("/kinerja/?periode=apa", 400),
        ("/kinerja/laporan/", 400),
        ("/kinerja/laporan/?angka=apa", 400),
        ("/kinerja/laporan/?angka=masuk&hal=0", 400),
        ("/kinerja/laporan/?angka=masuk&hal=²", 400),
        ("/kinerja/wilayah/32.73/", 404),
        ("/kinerja/wilayah/99.99.99/", 404),
        ("/kinerja/kantor/bukan/", 404),
        ("/kinerja/kantor/inspektorat/", 404),
        ("/kinerja/kategori/perilaku/", 404),
        ("/kinerja/apa/saja/", 404),
    ):
        assert client.get(address, headers=factories.HOST).status_code == status, address


@pytest.mark.parametrize("period", ["90-hari", "365-hari", "2026", "2026-t4", "2024-t1"])
def test_every_period_opens(dozen, client, period):
    for language in ("", "/en"):
        answer = client.get(f"{language}/kinerja/?periode={period}", headers=factories.HOST)
        assert answer.status_code == 200


def test_no_page_orders_offices_by_a_figure(dozen, client):
    page = client.get("/kinerja/", headers=factories.HOST).content.decode()
    names = [one.name for one in queries.offices() if one.kind == people.OrganisationKind.WARD]
    assert names == sorted(names)
    assert "urut=" not in page
    assert "tanpa peringkat" in page


@pytest.mark.parametrize(
    ("address", "most"),
    [("/kinerja/", 5), ("/kinerja/wilayah/32.73.02/", 5), ("/kinerja/laporan/?angka=masuk", 6)],
)
def test_a_page_asks_little(dozen, client, address, most):
    client.get(address, headers=factories.HOST)
    queries._kept.forget()
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, headers=factories.HOST).status_code == 200
    assert len(seen) <= most, [one["sql"][:160] for one in seen]


@pytest.mark.parametrize(
    ("address", "kilobytes"),
    [("/kinerja/", 8.5), ("/kinerja/wilayah/32.73.02/", 5.0), ("/kinerja/cara-hitung/", 5.0)],
)
def test_a_page_weighs_little(dozen, client, address, kilobytes):
    answer = client.get(address, headers=factories.HOST)
    assert len(gzip.compress(answer.content)) <= kilobytes * 1024


def test_the_english_page_is_english(dozen, client):
    page = client.get("/en/kinerja/", headers=factories.HOST).content.decode()
    assert "Half finished within" in page
    assert "without ranking" in page
    assert "Separuh" not in page


def test_every_office_on_the_page_has_its_own(crew, client):
    page = client.get("/kinerja/", headers=factories.HOST).content.decode()
    for office in queries.offices():
        assert f'href="{reverse("performance_of", args=["kantor", office.key])}"' in page


# ---- ends that are no finish ---------------------------------------------------------------------------------------


def test_what_is_merged_or_closed_against_the_reporters_word_is_never_finished(crew, now):
    """Both leave the times as if the case had only been watched until then."""
    for state in (State.MERGED, State.APPEAL_REFUSED):
        report, case = factories.send(at=on(11, 2), place=crew.place)
        factories.bring_to(state, report, case, by=crew["lurah"], at=on(11, 4))
        case.refresh_from_db()
        refresh([case.subject])
        row = Duty.objects.get(case=case.pk)
        assert (row.state, row.until_on is not None) == (state.value, True)
        seen = found(CITY, "", now, least=1)
        assert sum(one.count for one in seen.groups if one.state in rules.FINISHED) == 0
        assert sum(seen.count(one) for one in rules.BECAME) == seen.received


def test_a_report_that_its_reporter_hid_leaves_no_row(crew, now):
    report, case = factories.send(at=on(11, 2), place=crew.place)
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=on(11, 4))
    refresh([case.subject])
    assert Duty.objects.filter(report=report.pk).exists()
    own_data.hide(report=report, at=now)
    refresh([case.subject])
    assert not Duty.objects.filter(report=report.pk).exists()
