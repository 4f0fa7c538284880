"""Which reports are shown to somebody who is about to send another one."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from guyub.rooms.reports import actions
from guyub.rooms.reports.api import Submission
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.nearby import AT_MOST, similar_reports

pytestmark = pytest.mark.django_db

HERE = {"lat": -6.8845, "lon": 107.6130}
DAGO, LEBAK_GEDE = "32.73.02.1004", "32.73.02.1003"


def send(now, **changes):
    values = dict(
        submission=uuid.uuid4(),
        report_class="PENGADUAN",
        category="sampah",
        body="Sampah menumpuk di depan gang sejak tiga hari.",
        place=DAGO,
    )
    receipt = actions.submit_report(what=Submission(**{**values, **changes}), at=now)
    return Report.objects.get(number=receipt.number)


def similar(now, **changes):
    return [r.number for r in similar_reports(**{"category": "sampah", "place": DAGO, "at": now, **changes})]


def test_the_same_kind_some_hundred_metres_away_is_found(city, now):
    near = send(now, lat=HERE["lat"] + 0.002, lon=HERE["lon"])
    assert similar(now, **HERE) == [near.number]


def test_what_is_two_kilometres_away_is_another_matter(city, now):
    send(now, lat=HERE["lat"] + 0.018, lon=HERE["lon"])
    assert similar(now, **HERE) == []


def test_another_kind_at_the_same_spot_is_another_matter(city, now):
    send(now, category="lampu-jalan", **HERE)
    assert similar(now, **HERE) == []


def test_without_a_point_the_kelurahan_decides(city, now):
    here = send(now)
    send(now, place=LEBAK_GEDE)
    assert similar(now) == [here.number]


def test_reports_on_conduct_are_never_shown(city, now):
    send(now, about_conduct=True, **HERE)
    assert similar(now, **HERE) == []


def test_what_is_older_than_thirty_days_is_not_shown(city, now):
    send(now - timedelta(days=31), **HERE)
    assert similar(now, **HERE) == []


@pytest.mark.parametrize(
    ("state", "shown"), [("IN_PROGRESS", True), ("SCHEDULED", True), ("WORK_DONE", False)]
)
def test_only_what_is_being_dealt_with_is_shown(city, now, state, shown):
    report = send(now, **HERE)
    Report.objects.filter(pk=report.pk).update(state=state)
    assert bool(similar(now, **HERE)) is shown


def test_newest_first_and_not_too_many_in_one_query(city, now, django_assert_num_queries):
    sent = [send(now - timedelta(hours=n), **HERE).number for n in range(AT_MOST + 2)]
    with django_assert_num_queries(1):
        assert similar(now, **HERE) == sent[:AT_MOST]
