"""The map: points near by, counts from afar, and nothing that a stranger may not know."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from guyub.kernel.access.api import Person
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.api import ENDED, Case, State
from guyub.rooms.reports import actions, own_data
from guyub.rooms.reports.map import BY_POINT, SHOWN_STATES, Box, map_json
from guyub.rooms.reports.models import MapCell, Report
from guyub.rooms.reports.queries import Wanted
from guyub.rooms.reports.tests.test_public import LAT, LON, bring, send

pytestmark = pytest.mark.django_db
NEAR = Box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.02)
CITY = Box(107.0, -7.5, 108.0, -6.5)


@pytest.fixture(autouse=True)
def in_indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def client(city):
    return Client(headers={"host": "bandung.localhost"})


def shown(box: Box | None = None, **more) -> dict:
    """The map as it is once the pump has run."""
    ledger.drain(settled_only=False)
    return json.loads(map_json(**{"wanted": Wanted(), "address": "/laporan/", "box": box, **more}))


def six(now) -> list[Report]:
    """Published reports, newest first, each some 100 m further north."""
    made = [send(now - timedelta(minutes=n), lat=LAT + n / 1000) for n in range(6)]
    for report in made:
        bring(report, "FORWARDED", now)
    return made


def test_near_by_the_newest_are_points_and_the_rest_are_counted(city, now):
    made = six(now)
    found = shown(NEAR, limit=4)
    assert [pin["n"] for pin in found["reports"]] == [report.number for report in made[:4]]
    assert [pin["lat"] for pin in found["reports"]] == [round(LAT + n / 1000, 5) for n in range(4)]
    assert sum(cell["n"] for cell in found["cells"]) == 2
    pin = found["reports"][0]
    assert (pin["t"], pin["s"], pin["w"]) == ("Sampah menumpuk", "progress", "Diteruskan ke kantor")
    assert pin["u"] == f"/laporan/{pin['n']}/"


def test_from_afar_many_are_counts_and_few_are_points(city, now):
    six(now)
    assert shown(CITY, limit=5)["reports"] == []
    assert sum(cell["n"] for cell in shown(CITY, limit=5)["cells"]) == 6
    assert shown(CITY, limit=5) == shown(limit=5)
    few = shown(CITY)
    assert (len(few["reports"]), few["cells"]) == (6, [])


def test_a_box_shows_only_what_lies_in_it(city, now):
    six(now)
    inside = shown(Box(LON - 0.01, LAT - 0.0001, LON + 0.01, LAT + 0.0015))
    assert (len(inside["reports"]), inside["cells"]) == (2, [])
    assert shown(Box(100, 0, 101, 1)) == {"reports": [], "cells": []}


def test_what_is_narrowed_down_is_asked_of_the_reports_themselves(city, now):
    six(now)
    bring(send(now, category="kebisingan"), "IN_PROGRESS", now)
    found = shown(NEAR, wanted=Wanted(category="kebisingan"))
    assert [pin["t"] for pin in found["reports"]] == ["Suara bising"] or len(found["reports"]) == 1
    rest = shown(NEAR, wanted=Wanted(category="sampah"), limit=4)
    assert (len(rest["reports"]), sum(cell["n"] for cell in rest["cells"])) == (4, 2)


def test_what_can_find_nothing_is_an_empty_map(client, now):
    six(now)
    for query in ("cari=yang", "cari=dan+di", "kategori=tidak-ada", "cari=%00"):
        answer = client.get(f"/laporan/peta.json?{query}")
        assert (answer.status_code, answer.json()["reports"]) == (200, []) or query == "cari=%00", query


def test_the_map_speaks_english_and_leaves_out_what_is_finished(client, now):
    bring(send(now), "FORWARDED", now)
    bring(send(now), "CONFIRMED", now)
    ledger.drain(settled_only=False)
    found = json.loads(client.get("/en/laporan/peta.json").content)
    assert [(pin["w"], pin["u"][:12]) for pin in found["reports"]] == [
        ("Passed on to an office", "/en/laporan/")
    ]


def in_reports() -> dict[int, int]:
    """The counts as the reports themselves give them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reports_cell_8(h3_9), count(*) FROM reports_report WHERE published_at IS NOT NULL "
            "AND NOT is_confidential AND NOT about_conduct AND h3_9 IS NOT NULL AND state = ANY(%s) GROUP BY 1",
            [list(SHOWN_STATES)],
        )
        return dict(cursor.fetchall())


def in_projection() -> dict[int, int]:
    rows = MapCell.objects.filter(resolution=BY_POINT).exclude(open=0)
    return dict(rows.values_list("cell", "open"))


def test_the_counts_are_those_of_the_reports_in_every_state_and_after_a_rebuild(city, now):
    for n, state in enumerate(sorted(State, key=lambda one: one not in ENDED)):  # time ends what waits
        bring(send(now, lat=LAT + n / 200), state, now)
        bring(send(now, lat=LAT + n / 200, is_confidential=True), state, now)
    bring(send(now, about_conduct=True), "FORWARDED", now)
    bring(send(now, lat=None, lon=None), "FORWARDED", now)
    ledger.drain(settled_only=False)
    assert in_projection() == in_reports()
    # forwarded, in work, asked, scheduled, outside, work done, and the two that others were merged into
    assert sum(in_projection().values()) == 8
    MapCell.objects.update(open=99)
    ledger.rebuild()
    assert in_projection() == in_reports()


def test_a_second_publication_is_not_counted(city, now):
    report = send(now)
    bring(report, "NO_RESPONSE", now)
    assert shown(NEAR) == {"reports": [], "cells": []}
    ledger.record(
        _published_again(report), subject=f"reports.report:{report.pk}", at=now, place="32.73.02.1004"
    )
    ledger.drain(settled_only=False)
    assert sum(in_projection().values()) == 0


def _published_again(report):
    from guyub.events.reports import ReportPublished

    return ReportPublished(report=report.pk, is_redacted=False)


def test_what_was_published_and_taken_back_is_counted_no_more_until_it_is_published_again(city, now):
    """In one batch, fact by fact, and rebuilt; hidden by its reporter afterwards it is not taken away twice."""
    for drained in (True, False):
        report = send(now)
        bring(report, "FORWARDED", now)
        (case,) = Case.objects.filter(subject=f"reports.report:{report.pk}")
        for act in (take_back, publish, take_back, hide, publish):
            act(report, case, now)
            if drained:
                ledger.drain(settled_only=False)
                assert in_projection() == in_reports(), act
    ledger.drain(settled_only=False)
    assert in_projection() == in_reports() == {}
    ledger.rebuild()
    assert in_projection() == {}


def take_back(report, case, now) -> None:
    actions.hide_again(case, since=now, by=Person(account=None), at=now)


def publish(report, case, now) -> None:
    Report.objects.filter(pk=report.pk, is_confidential=False).update(published_at=now)
    ledger.record(
        _published_again(report), subject=f"reports.report:{report.pk}", at=now, place=case.place_code
    )


def hide(report, case, now) -> None:
    own_data.hide(report=Report.objects.get(pk=report.pk), at=now)
    assert Report.objects.get(pk=report.pk).changed_at == now


def test_the_newest_of_a_cell_come_from_the_index(city, now):
    """A condition that differs from the index's would read every report of the city."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM reports_report WHERE published_at IS NOT NULL AND NOT is_confidential "
            "AND NOT about_conduct AND h3_9 IS NOT NULL AND state IN ('RECEIVED', 'FORWARDED', 'IN_PROGRESS', "
            "'WAITING_REPORTER', 'SCHEDULED', 'EXTERNAL', 'WORK_DONE') AND reports_cell_8(h3_9) = 1 "
            "ORDER BY submitted_at DESC, id DESC LIMIT 300"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Only Scan using reports_shown" in plan
    assert "Sort" not in plan
    assert {str(state) for state in SHOWN_STATES} == {
        "RECEIVED", "FORWARDED", "IN_PROGRESS", "WAITING_REPORTER", "SCHEDULED", "EXTERNAL", "WORK_DONE"
    }  # fmt: skip
