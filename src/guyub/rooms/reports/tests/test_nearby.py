"""Which reports are shown to somebody who is about to send another one, and what of them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from guyub.rooms.reports import actions
from guyub.rooms.reports.api import Submission
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.nearby import rules_on, similar_reports

pytestmark = pytest.mark.django_db

HERE = {"lat": -6.8845, "lon": 107.6130}
DAGO, LEBAK_GEDE = "32.73.02.1004", "32.73.02.1003"
SAID = "Sampah menumpuk di depan gang sejak tiga hari."


def send(now, *, published=True, **changes):
    values = dict(
        submission=uuid.uuid4(),
        report_class="PENGADUAN",
        category="sampah",
        body=SAID,
        place=DAGO,
    )
    receipt = actions.submit_report(what=Submission(**{**values, **changes}), at=now)
    report = Report.objects.get(number=receipt.number)
    if published:
        report.state, report.public_body, report.published_at = "FORWARDED", report.body, now
        report.save()
    return report


def similar(now, **changes):
    asked = {"category": "sampah", "place": DAGO, "text": SAID, "at": now, **changes}
    return similar_reports(**asked)


def numbers(now, **changes):
    return [one.number for one in similar(now, **changes)]


def test_the_same_kind_close_by_is_found_with_its_reasons(city, now):
    near = send(now - timedelta(days=2), lat=HERE["lat"] + 0.0007, lon=HERE["lon"])
    (found,) = similar(now, text="Tolong, sampah di depan gang menumpuk", **HERE)
    assert found.number == near.number
    assert found.takes_voices
    assert found.reasons == ("80 m dari sini", "2 hari lebih awal", "kata sama: gang, sampah, menumpuk")


def test_what_is_two_kilometres_away_is_another_matter(city, now):
    send(now, lat=HERE["lat"] + 0.018, lon=HERE["lon"])
    assert numbers(now, **HERE) == []


def test_another_kind_at_the_same_spot_is_another_matter(city, now):
    send(now, category="lampu-jalan", body="Lampu jalan padam.", **HERE)
    assert numbers(now, **HERE) == []


def test_a_kin_category_is_found_when_the_words_agree(city, now):
    send(now, category="angkut-sampah", **HERE)
    assert len(numbers(now, **HERE)) == 1
    assert numbers(now, text="Ada yang membakar di kebun kosong", **HERE) == []


def test_without_a_point_the_kelurahan_decides(city, now):
    here = send(now)
    send(now, place=LEBAK_GEDE)
    assert numbers(now) == [here.number]


def test_the_same_place_with_other_words_comes_after(city, now):
    other = send(now, body="Bau dari kandang ayam tetangga.", **HERE)
    same = send(now - timedelta(days=3), **HERE)
    assert numbers(now, **HERE)[:2] == [same.number, other.number][: len(numbers(now, **HERE))]


def test_reports_on_conduct_are_never_shown(city, now):
    send(now, published=False, about_conduct=True, **HERE)
    assert numbers(now, **HERE) == []


def test_what_is_older_than_the_window_is_not_shown(city, now):
    send(now - timedelta(days=rules_on(now).amounts["window"] + 1), **HERE)
    assert numbers(now, **HERE) == []


@pytest.mark.parametrize(
    ("state", "ended_days_ago", "shown", "takes_voices"),
    [
        ("IN_PROGRESS", None, True, True),
        ("SCHEDULED", None, True, True),
        ("WORK_DONE", None, True, False),
        ("CONFIRMED", 3, True, False),
        ("CONFIRMED", 20, False, False),
        ("REJECTED", 3, False, False),
        ("MERGED", 3, False, False),
    ],
)
def test_what_was_finished_lately_is_shown_and_takes_no_voices(
    city, now, state, ended_days_ago, shown, takes_voices
):
    report = send(now - timedelta(days=25), **HERE)
    ended = None if ended_days_ago is None else now - timedelta(days=ended_days_ago)
    Report.objects.filter(pk=report.pk).update(state=state, ended_at=ended)
    found = similar(now, **HERE)
    assert bool(found) is shown
    assert [one.takes_voices for one in found] == [takes_voices] * len(found)


def test_not_too_many_in_one_query(city, now, django_assert_num_queries):
    for n in range(7):
        send(now - timedelta(hours=n), **HERE)
    for _ in range(4):
        send(now, published=False, **HERE)
    rules, _warm = rules_on(now).amounts, similar(now, **HERE)
    with django_assert_num_queries(1):
        found = similar(now, **HERE)
    assert [one.score > 0 for one in found] == [True] * rules["most"] + [False] * rules["most_unread"]


# ── What a stranger must not learn ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hidden", ["unread", "secret"])
def test_of_what_is_hidden_only_the_outline_is_shown_whatever_is_asked(city, now, hidden):
    """Its words, its point, its hour and its order must not depend on what the stranger types or where they stand."""
    made = [
        send(
            now - timedelta(hours=5), published=hidden == "secret", is_confidential=hidden == "secret", **HERE
        ),
        send(
            now - timedelta(hours=4),
            published=hidden == "secret",
            is_confidential=hidden == "secret",
            body="Lain sekali: kandang ayam.",
            lat=-6.95,
            lon=107.70,
        ),
    ]
    expected = [made[1].number, made[0].number]  # newest number first
    for asked in (
        {},
        HERE,
        {"lat": -6.95, "lon": 107.70},
        {"text": "kandang ayam"},
        {"text": SAID, **HERE},
    ):
        found = similar(now, **asked)
        assert [one.number for one in found] == expected, asked
        assert {(one.words, one.reasons, one.supporters, one.score) for one in found} == {("", (), 0, 0.0)}


def test_nothing_hidden_leaves_the_database(city, now, django_assert_num_queries):
    """The statement itself asks for no word, point or moment of what is hidden."""
    send(now, published=False, body="Rahasia di jalan mawar.", landmark="rumah nomor 7", **HERE)
    similar(now, **HERE)  # what a process remembers of the city is read once
    with django_assert_num_queries(1) as seen:
        similar(now, **HERE)
    outline = seen[0]["sql"].split("UNION ALL")[1]
    chosen = outline.split(" FROM ")[0]
    assert not any(
        column in chosen for column in ("body", "words", '"lat"', '"lon"', "submitted_at", "landmark")
    )


def test_words_that_an_officer_took_out_find_nothing(city, now):
    report = send(now, body="Pak Budi rumah biru membuang sampah di sini.", **HERE)
    Report.objects.filter(pk=report.pk).update(public_body="Ada yang membuang limbah.")
    said = [reason for one in similar(now, text="Budi rumah biru", **HERE) for reason in one.reasons]
    assert not any("udi" in reason or "biru" in reason for reason in said)
