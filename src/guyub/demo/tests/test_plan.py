import json
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from guyub.demo.plan import CONFIRM, DISPUTE, MOVES, NO_RESPONSE, REPLY_REPORTER, VERIFY, plan
from guyub.kernel.calendar import calendar_from_entries, local_date

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CITIES = ("bandung", "pekalongan", "metro", "tegal")
WIB = ZoneInfo("Asia/Jakarta")
CALENDAR = calendar_from_entries(
    json.loads((files("guyub") / "kernel/rulebook/seeds/holidays.json").read_text(encoding="utf-8"))
)
CATEGORIES = {
    category["code"]: category
    for category in json.loads(
        (files("guyub") / "rooms/reports/data/categories.json").read_text(encoding="utf-8")
    )["categories"]
}
HAZARDS = {code for code, category in CATEGORIES.items() if category["hazard"]}


@pytest.fixture(scope="module")
def year():
    return {slug: list(plan(slug, 7, NOW, 1_500)) for slug in CITIES}


@pytest.fixture(scope="module")
def reports(year):
    return [report for reports in year.values() for report in reports]


def test_the_same_seed_plans_the_same_year():
    assert list(plan("metro", 3, NOW, 200)) == list(plan("metro", 3, NOW, 200))
    assert list(plan("metro", 3, NOW, 200)) != list(plan("metro", 4, NOW, 200))


def test_as_many_as_asked_oldest_first_within_the_year(year):
    for reports in year.values():
        moments = [report.submitted_at for report in reports]
        assert len(moments) == 1_500
        assert moments == sorted(moments)
        assert NOW - timedelta(days=365) <= moments[0] < NOW - timedelta(days=350)
        assert NOW - timedelta(days=15) < moments[-1] < NOW


def test_steps_follow_the_rules_in_time_and_never_come_from_the_future(reports):
    for report in reports:
        moments = [report.submitted_at, *(step.at for step in report.steps)]
        assert moments == sorted(set(moments))
        assert moments[-1] <= NOW
        assert report.state in {"RECEIVED", *MOVES.values()}  # raises where a move is not allowed


def test_every_kind_of_life_occurs(reports):
    assert {report.state for report in reports} == {"RECEIVED", *MOVES.values()}
    assert {step.kind for report in reports for step in report.steps} == {kind for _, kind in MOVES}


def test_offices_work_on_working_days_except_in_danger(reports):
    by_residents = {REPLY_REPORTER, CONFIRM, DISPUTE, NO_RESPONSE}
    for report in reports:
        if report.category in HAZARDS:
            continue
        for step in report.steps:
            if step.kind not in by_residents:
                assert CALENDAR.is_working_day(local_date(step.at, WIB))
                assert 8 <= step.at.astimezone(WIB).hour < 16


def test_danger_is_quick(reports):
    def hours_to_verify(hazard):
        waits = [
            (report.steps[0].at - report.submitted_at).total_seconds() / 3600
            for report in reports
            if report.steps and report.steps[0].kind == VERIFY and (report.category in HAZARDS) == hazard
        ]
        return sorted(waits)[len(waits) // 2]

    assert hours_to_verify(True) < 2 < hours_to_verify(False)


def test_silence_closes_after_the_tenth_working_day(reports):
    closed = [report for report in reports if report.state == "CLOSED_NO_RESPONSE"]
    for report in closed:
        done, silence = report.steps[-2:]
        last_day = CALENDAR.add_working_days(local_date(done.at, WIB), 10)
        assert local_date(silence.at, WIB) == last_day + timedelta(days=1)


def test_residents_speak_before_the_window_closes(reports):
    for report in reports:
        for before, step in zip(report.steps, report.steps[1:], strict=False):
            if step.kind in {REPLY_REPORTER, CONFIRM, DISPUTE}:
                assert (
                    CALENDAR.working_days_between(local_date(before.at, WIB), local_date(step.at, WIB)) <= 10
                )


def test_reports_lie_near_their_village_and_in_their_city(year):
    rows = (files("guyub") / "rooms/places/data/centroids.csv").read_text(encoding="utf-8").splitlines()[1:]
    centre = {code: (float(lat), float(lon)) for code, *_, lat, lon in (row.split(",") for row in rows)}
    code = {"bandung": "32.73.", "pekalongan": "33.75.", "metro": "18.72.", "tegal": "33.28."}
    for slug, reports in year.items():
        for report in reports:
            assert report.place_code.startswith(code[slug])
            lat, lon = centre[report.place_code]
            metres = math.hypot(report.lat - lat, (report.lon - lon) * math.cos(math.radians(lat))) * 111_320
            assert metres < 601


def test_the_sea_reaches_only_the_north_of_pekalongan(year):
    where = {
        slug: {r.place_code[:8] for r in reports if r.category == "rob"} for slug, reports in year.items()
    }
    assert where["pekalongan"] == {"33.75.01", "33.75.02", "33.75.03"}
    assert not (where["bandung"] | where["metro"] | where["tegal"])


def test_floods_come_with_the_rain(reports):
    months = Counter(
        report.submitted_at.astimezone(WIB).month for report in reports if report.category == "banjir"
    )
    assert sum(months[month] for month in (11, 12, 1, 2, 3)) > 3 * sum(
        months[month] for month in (5, 6, 7, 8, 9)
    )


def test_offices_differ_in_pace(year):
    waits = {}
    for report in year["bandung"]:
        if len(report.steps) > 1 and report.category not in HAZARDS and report.steps[1].kind == "answer":
            office = CATEGORIES[report.category]["agency"]
            waits.setdefault(office, []).append((report.steps[1].at - report.steps[0].at).total_seconds())
    medians = [sorted(times)[len(times) // 2] for times in waits.values() if len(times) > 20]
    assert max(medians) > 2 * min(medians)


def test_conduct_is_examined_as_the_law_says(reports):
    for report in reports:
        for step in report.steps:
            if step.kind == VERIFY and report.conduct:
                assert step.data["law_class"] == "PENGADUAN_BERKADAR_PENGAWASAN"
    assert any(report.conduct for report in reports)
    assert {report.report_class for report in reports} == {"PENGADUAN", "ASPIRASI", "PERMINTAAN_INFORMASI"}


def test_most_people_are_named_and_most_words_are_their_own(reports):
    assert 0.05 < sum(report.anonymous for report in reports) / len(reports) < 0.3
    assert 0 < sum(report.confidential for report in reports) / len(reports) < 0.1
    assert len({report.text for report in reports}) > 0.98 * len(reports)


def test_step_data_is_plain(reports):
    for report in reports[:300]:
        for step in report.steps:
            assert json.loads(json.dumps(step.data)) == step.data
