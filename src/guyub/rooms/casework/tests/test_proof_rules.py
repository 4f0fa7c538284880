"""What may be said of a proof: clear where it was measured and fits, a flag beyond what a measurement errs by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.casework import proof_rules as rules
from guyub.rooms.casework.proof_rules import Code, Level, Where

LIMITS = rules.Limits(
    radius=150,
    clock_tolerance=15,
    oldest=72,
    same_place=200,
    seen_alike=75,
    seen_perhaps=60,
    view_points=30,
)
REPORT = Where(-6.9, 107.6)
REPORTED = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
SENT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
METRE = 1 / 111_195  # of latitude, in degrees


def north(metres: float, accuracy: float = 5) -> Where:
    return Where(REPORT.lat + metres * METRE, REPORT.lon, accuracy)


@pytest.mark.parametrize(
    ("metres", "accuracy", "code"),
    [
        (12, 5, Code.PLACE_NEAR),
        (149, 20, Code.PLACE_NEAR),
        (165, 5, Code.PLACE_FAR),
        (165, 10, Code.PLACE_UNSURE),  # it may err by twice what the device says
        (400, 200, Code.PLACE_UNSURE),
        (20, 2000, Code.PLACE_UNSURE),  # a cell tower's guess proves nothing, however near
        (3000, 100, Code.PLACE_FAR),
    ],
)
def test_distance_counts_with_what_the_device_may_err(metres, accuracy, code):
    assert rules.place(north(metres, accuracy), REPORT, LIMITS).code is code


def test_without_a_point_no_distance_is_said():
    assert rules.place(None, REPORT, LIMITS).level is Level.UNKNOWN
    assert rules.place(north(1), None, LIMITS) == rules.Finding(
        Code.PLACE_UNKNOWN, Level.UNKNOWN, {"report_has_point": 0}
    )


@given(metres=st.floats(0, 5000), accuracy=st.floats(0, 3000))
def test_no_place_is_clear_beyond_the_radius_and_none_a_flag_within_it(metres, accuracy):
    level = rules.place(north(metres, accuracy), REPORT, LIMITS).level
    assert not (level is Level.CLEAR and metres > LIMITS.radius + 1)
    assert not (level is Level.FLAG and metres <= LIMITS.radius - 1)


@pytest.mark.parametrize(
    ("taken", "code", "minutes"),
    [
        (SENT - timedelta(minutes=10), Code.TIME_AFTER, 2990),
        (REPORTED - timedelta(minutes=14), Code.TIME_AFTER, 0),  # clocks differ
        (REPORTED - timedelta(hours=2), Code.TIME_BEFORE, 120),
        (SENT + timedelta(minutes=10), Code.TIME_AFTER, 3010),
        (SENT + timedelta(days=400), Code.TIME_FUTURE, 576000),
        (None, Code.TIME_UNKNOWN, None),
    ],
)
def test_time_lies_between_the_report_and_the_sending(taken, code, minutes):
    found = rules.time(taken, reported=REPORTED, sent=SENT, limits=LIMITS)
    assert (found.code, found.values.get("minutes")) == (code, minutes)
    assert (found.level is Level.FLAG) == (code in (Code.TIME_BEFORE, Code.TIME_FUTURE))


def test_a_photo_taken_long_before_it_was_sent_is_said_and_not_flagged():
    found = rules.time(
        SENT - timedelta(hours=80), reported=SENT - timedelta(days=9), sent=SENT, limits=LIMITS
    )
    assert (found.code, found.level) == (Code.TIME_OLD, Level.UNKNOWN)


def test_what_comes_from_the_gallery_is_not_proven_and_not_flagged():
    assert rules.source("GALLERY") == rules.Finding(Code.SOURCE_GALLERY, Level.UNKNOWN)
    assert rules.source("UNKNOWN").level is Level.UNKNOWN
    assert rules.source("CAMERA").level is Level.CLEAR


def data(where=None, at=None, *, taken=None, taken_at=None):
    return rules.written(
        rules.Written(7, where, at),
        taken=taken,
        taken_at=taken_at,
        report=REPORT,
        reported=REPORTED,
        limits=LIMITS,
    )


def test_a_files_own_data_are_held_against_what_the_page_said():
    found = data(north(900), SENT - timedelta(days=3), taken=north(10), taken_at=SENT)
    assert [(one.code, one.photo) for one in found] == [(Code.DATA_PLACE, 7), (Code.DATA_TIME, 7)]
    assert found[0].values == {"metres": 890, "to_report": 0}


def test_where_the_page_said_nothing_they_are_held_against_the_report():
    found = data(north(900), REPORTED - timedelta(days=1))
    assert [(one.code, one.values["to_report"]) for one in found] == [
        (Code.DATA_PLACE, 1),
        (Code.DATA_TIME, 1),
    ]


def test_data_that_fit_prove_nothing():
    assert [one.level for one in data(north(10), SENT)] == [Level.UNKNOWN]
    assert data() == []


def seen(alike: int, how: str = "NEAR", **more):
    likest = rules.Resembled(3, how, alike) if alike else None
    values = {"compared": 900, "waiting": 0, "is_plain": False, **more}
    return rules.seen(7, likest, limits=LIMITS, **values)


def test_a_photo_seen_before_is_a_flag_only_where_it_is_plainly_the_same():
    assert (seen(100, "EXACT").code, seen(100, "EXACT").level) == (Code.SEEN_EXACT, Level.FLAG)
    assert (seen(75, "MIRROR").code, seen(75).other) == (Code.SEEN_MIRROR, 3)
    assert (seen(74).code, seen(74).level) == (Code.SEEN_PERHAPS, Level.UNKNOWN)
    assert (seen(59).code, seen(0).level) == (Code.SEEN_NEVER, Level.CLEAR)


def test_nothing_is_clear_that_was_not_compared_with_all():
    assert seen(0, waiting=1).level is Level.UNKNOWN
    assert seen(0, is_plain=True) == rules.Finding(
        Code.SEEN_UNKNOWN, Level.UNKNOWN, {"compared": 900, "waiting": 0}, 7
    )


def test_another_view_is_never_a_flag():
    assert rules.view(None, LIMITS) is None
    assert [rules.view(points, LIMITS).level for points in (0, 29, 30)] == [
        Level.UNKNOWN,
        Level.UNKNOWN,
        Level.CLEAR,
    ]


def test_one_flag_asks_a_person_to_look():
    near = rules.place(north(1), REPORT, LIMITS)
    assert not rules.is_flagged([near, rules.source("GALLERY")])
    assert rules.is_flagged([near, seen(90)])


def test_the_great_circle():
    assert rules.metres(Where(-6.9147, 107.6098), Where(-6.2, 106.8166)) == pytest.approx(118_300, rel=0.01)
    assert rules.metres(REPORT, REPORT) == 0
