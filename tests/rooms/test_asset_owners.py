"""From a file of roads to the office of a report: brought in, asked, kept, shown; and nothing without rules."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guyub.demo.ground import RULE
from guyub.kernel.ledger.api import facts_about
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.models import Case
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.places.models import Asset, AssetImport
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db

LAT, LON = -6.8845, 107.6130
METRE = 1 / 110_574


def road(id, owner, line, **more):
    geometry = more.get("geometry", {"type": "LineString", "coordinates": line})
    return {
        "type": "Feature",
        "properties": {"id": id, "name": f"Jalan {id}", "kelas": owner},
        "geometry": geometry,
    }


def along(metres):
    """A road from west to east, so many metres north of the point."""
    return [[LON - 0.01, LAT + metres * METRE], [LON + 0.01, LAT + metres * METRE]]


def take(now, *features, **more):
    return places.import_assets(
        data=json.dumps({"type": "FeatureCollection", "features": features}).encode(),
        layer="jalan", fields=places.Fields(owner="kelas"), source="Contoh", licence="CC0",
        dated=date(2026, 1, 1), at=now, **more,
    )  # fmt: skip


@pytest.fixture
def rule(city, now):
    rulebook.publish(
        key="asset_owners.jalan", value={**RULE, "owners": {**RULE["owners"], "kota": "lh"}},
        effective_from=date(2026, 1, 1), legal_basis="SK contoh", confidence="C", at=now,
    )  # fmt: skip


def send(now, **more):
    what = {"category": "jalan-berlubang", "place": "32.73.02.1004", "lat": LAT, "lon": LON, **more}
    return factories.send(at=now, **what)


def office(case):
    return people.directory().get(case.office_id).key


def test_without_a_rule_nothing_is_asked_and_the_table_decides(city, now):
    take(now, road("1", "kota", along(5)))
    send(now)
    with CaptureQueriesContext(connection) as seen:
        _, case = send(now)
    assert office(case) == "pu"
    assert case.ground is None
    assert not any("places_asset" in one["sql"] for one in seen)


def test_the_owner_of_the_nearest_road_gets_the_case_and_both_pages_say_why(rule, now):
    take(now, road("1", "kota", along(12)), road("2", "provinsi", along(80)))
    report, case = send(now)
    assert office(case) == "lh"
    assert case.ground["said"] == "decided"
    assert case.ground["near"][0]["metres"] == 12
    names = [fact.name for fact in facts_about(f"reports.report:{report.pk}")]
    assert "casework.case_grounded" in names
    words = "jalan kota Jalan 1, 12 m (sumber: Contoh)"
    follow = Client(headers=factories.HOST).get(f"/laporan/ikuti/{actions.follow_key(report.uuid)}/")
    assert words in follow.content.decode()
    public = Client(headers=factories.HOST).get(f"/laporan/{report.number}/")
    assert "Jalan 1" not in public.content.decode()


def test_a_road_of_the_province_is_a_hint_for_the_tables_office(rule, now):
    take(now, road("1", "provinsi", along(12)))
    _, case = send(now)
    assert office(case) == "pu"
    assert (case.ground["said"], case.ground["key"]) == ("hint", "luar:jalan-provinsi")


def test_where_two_owners_are_about_as_near_the_table_decides(rule, now):
    take(now, road("1", "kota", along(5)), road("2", "provinsi", along(-12)))
    _, case = send(now)
    assert office(case) == "pu"
    assert case.ground["said"] == "unclear"
    assert len(case.ground["near"]) == 2


def test_conduct_other_categories_and_reports_without_a_point_are_not_asked(rule, now):
    take(now, road("1", "kota", along(5)))
    assert send(now, about_conduct=True)[1].ground is None
    assert send(now, category="sampah")[1].ground is None
    assert send(now, lat=None, lon=None)[1].ground is None


def test_a_rule_that_cannot_be_read_holds_no_report_up(city, now):
    rulebook.publish(
        key="asset_owners.jalan", value={"categories": 5}, effective_from=date(2026, 1, 1),
        legal_basis="keliru", confidence="C", at=now,
    )  # fmt: skip
    assert send(now)[1].ground is None
    assert Case.objects.count() == Report.objects.count() == 1


def test_the_same_id_is_replaced_and_rubbish_is_named_by_its_row(city, now):
    bowtie = {"type": "Polygon", "coordinates": [[[LON, LAT], [LON + 0.001, LAT + 0.001],
              [LON + 0.001, LAT], [LON, LAT + 0.001], [LON, LAT]]]}  # fmt: skip
    first = take(
        now, road("1", "kota", along(5)), road("2", "kota", [], geometry=bowtie), road("3", "", along(5)),
        road("4", "kota", [], geometry={"type": "LineString", "coordinates": "x"}), road("5", "kota", [], geometry=None), 7,
        road("6\x00\ud800", "kota", along(9)),
    )  # fmt: skip
    assert (first.new, first.replaced) == (3, 0)
    assert [row for row, _ in first.findings] == [2, 3, 4, 5, 6]
    again = take(now, road("1", "Provinsi", along(50)))
    assert (again.new, again.replaced) == (0, 1)
    assert Asset.objects.get(source_id="1").owner == "provinsi"
    kept = AssetImport.objects.get(pk=Asset.objects.get(source_id="1").taken_from_id)
    assert (kept.source, kept.licence, kept.dated) == ("Contoh", "CC0", date(2026, 1, 1))


def test_a_trial_and_an_unusable_file_change_nothing(city, now):
    take(now, road("1", "kota", along(5)), dry_run=True)
    with pytest.raises(places.CannotRead):
        take(now, road("1", "", along(5)))
    with pytest.raises(places.CannotRead, match="no degrees"):
        take(now, road("1", "kota", [[790000, 9238000], [790100, 9238000]]))
    assert not Asset.objects.exists()


def test_the_index_finds_what_a_look_at_all_of_them_finds(city, now):
    take(now, *(road(str(n), "kota", along(n * 7 - 150)) for n in range(40)))
    near = places.near_assets(layers=["jalan"], lat=LAT, lon=LON, metres=30)
    assert [one.source_id for one in near] == [
        str(n) for n in sorted(range(40), key=lambda n: (abs(n * 7 - 150), n)) if abs(n * 7 - 150) <= 30
    ]
