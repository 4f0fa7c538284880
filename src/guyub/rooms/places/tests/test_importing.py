"""Taking in a file: all or nothing, by versions, with everything that was done to it told."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import shapely
from django.db import connection

from guyub.kernel.ledger import api as ledger
from guyub.rooms.places import api as places
from guyub.rooms.places.importing import CannotImport
from guyub.rooms.places.models import Boundary, BoundaryImport
from guyub.rooms.places.tests.boundaries import cells, collection, feature, real, square

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)


def take(data, at, **changes):
    words = {"source": "Peta uji", "licence": "CC0", "valid_from": DAY, **changes}
    return places.import_boundaries(data=data, at=at, **words)


def standing() -> dict[str, Boundary]:
    return {b.place.code: b for b in Boundary.objects.filter(valid_until=None).select_related("place")}


@pytest.mark.parametrize(("slug", "settlements", "districts"), [("bandung", 151, 30), ("pekalongan", 27, 4)])
def test_real_boundaries_are_taken_in_whole(request, now, slug, settlements, districts):
    from guyub.kernel.cities import api as cities

    with cities.inside(request.getfixturevalue(slug)):
        outcome = take(real(f"{slug}_kelurahan.geojson"), now)
        assert len(outcome.matched) == settlements
        assert len(outcome.changed) == settlements + districts
        assert not outcome.of("unknown") + outcome.of("unusable") + outcome.of("missing")
        assert sum(one.square_metres for one in outcome.of("overlap")) > 10_000
        assert sum(one.square_metres for one in outcome.of("gap filled")) > 10_000
        for is_derived in (False, True):
            rows = Boundary.objects.filter(is_derived=is_derived)
            areas = [shapely.from_wkb(bytes(row.area)) for row in rows]
            assert len(areas) == (districts if is_derived else settlements)
            assert shapely.coverage_is_valid(areas)
        assert all(row.drawing and row.neighbours for row in Boundary.objects.all())


def test_kecamatan_can_come_from_a_file_of_their_own(city, now):
    take(real("bandung_kelurahan.geojson"), now)
    outcome = take(real("bandung_kecamatan.geojson"), now)
    assert len(outcome.changed) == 30
    assert not any(row.is_derived for row in standing().values())
    assert len(standing()) == 181


def test_an_import_is_a_fact_and_keeps_whose_it_is(city, now):
    data = collection(cells())
    outcome = take(data, now, source="Bappeda, peta uji", licence="CC BY 4.0")
    kept = BoundaryImport.objects.get(pk=outcome.boundaries)
    assert (kept.source, kept.licence, kept.valid_from, kept.imported_at) == (
        "Bappeda, peta uji",
        "CC BY 4.0",
        DAY,
        now,
    )
    (fact,) = ledger.facts_about(f"places.boundaries:{kept.pk}")
    assert fact.payload == {
        "boundaries": kept.pk,
        "digest": kept.digest,
        "changed": 181,
        "valid_from": "2026-11-20",
    }
    assert "181" in ledger.tell(fact).text


def test_a_trial_changes_nothing(city, now):
    outcome = take(collection(cells()), now, dry_run=True)
    assert (len(outcome.changed), outcome.boundaries) == (181, None)
    assert not Boundary.objects.exists()
    assert not BoundaryImport.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_fact WHERE name LIKE 'places.%%'")
        assert cursor.fetchone()[0] == 0


def test_the_same_file_again_changes_nothing(city, now):
    data = collection(cells())
    take(data, now)
    again = take(data, now + timedelta(days=1), valid_from=DAY + timedelta(days=1))
    assert (again.changed, again.boundaries) == ([], None)
    assert BoundaryImport.objects.count() == 1


def test_a_later_file_is_a_new_version_and_the_old_one_is_kept(city, now):
    take(collection(cells()), now)
    before = standing()["32.73.02.1004"]
    moved = cells(only="32.73.02.1004")
    ring = shapely.Polygon(moved[0]["geometry"]["coordinates"][0])
    moved[0]["geometry"]["coordinates"] = [list(map(list, ring.buffer(0.002).exterior.coords))]
    later = DAY + timedelta(days=40)
    outcome = take(collection(moved), now, valid_from=later)
    assert "32.73.02.1004" in outcome.changed
    assert len(outcome.changed) < 30
    before.refresh_from_db()
    assert before.valid_until == later
    versions = Boundary.objects.filter(place__code="32.73.02.1004").order_by("valid_from")
    assert [row.valid_from for row in versions] == [DAY, later]
    assert Boundary.objects.in_force(DAY).filter(place__code="32.73.02.1004").get() == before
    areas = [shapely.from_wkb(bytes(b.area)) for b in standing().values() if not b.is_derived]
    assert shapely.coverage_is_valid(areas)  # its neighbours gave way
    assert len(areas) == 151
    with pytest.raises(CannotImport, match="hold since 2026-12-30"):
        take(collection(cells()), now)


def test_what_does_not_belong_here_is_told_and_the_rest_is_taken(city, now):
    features = cells(only="32.73.02")
    features += [
        feature(square(107.9, -6.9), kode="32.04.05.2001"),
        feature(square(107.9, -6.9), nama="Atlantis"),
        feature([], kode="32.73.03.1001"),
        feature(square(107.0, -6.5), kode="32.73.03.1002"),
    ]
    outcome = take(collection(features), now)
    assert [one.row for one in outcome.of("unknown")] == [7, 8]
    assert [one.row for one in outcome.of("unusable")] == [9]
    assert any("km from its known middle" in one.words for one in outcome.of("note"))
    assert len(outcome.of("missing")) == 151 - 7
    assert set(standing()) >= {"32.73.02", "32.73.02.1004", "32.73.03.1002"}
    assert "32.73.03" not in standing()  # not all of its kelurahan have a boundary


def test_a_file_without_any_place_of_this_city_changes_nothing(city, now):
    with pytest.raises(CannotImport, match="No feature of this file is a place of Kota Bandung"):
        take(collection([feature(square(107.9, -6.9), kode="32.04.05.2001")]), now)
    with pytest.raises(CannotImport, match="cut off"):
        take(collection(cells())[:-100], now)
    assert not BoundaryImport.objects.exists()


def test_parts_of_one_place_in_several_features_are_joined(city, now):
    pieces = [feature(square(107.60 + n / 50, -6.88), kode="3273021004") for n in range(2)]
    outcome = take(collection(pieces), now)
    assert "parts of one place" in outcome.of("note")[0].words
    assert json.loads(standing()["32.73.02.1004"].drawing)["type"] == "MultiPolygon"


def test_a_failure_at_the_end_takes_everything_back(city, now, monkeypatch):
    from guyub.rooms.places import importing

    def fail(to_metres):
        raise RuntimeError

    monkeypatch.setattr(importing, "_draw", fail)
    with pytest.raises(RuntimeError):
        take(collection(cells()), now)
    assert not Boundary.objects.exists()
    assert not BoundaryImport.objects.exists()


def test_a_file_that_is_too_large_is_not_read(city, now, monkeypatch):
    from guyub.kernel.rulebook import api as rulebook

    value = {**rulebook.rule("places.boundaries", on=DAY).value, "largest_file_megabytes": 0}
    rulebook.publish(
        key="places.boundaries", value=value, effective_from=DAY, legal_basis="uji", confidence="V", at=now
    )
    with pytest.raises(CannotImport, match="MB"):
        take(collection(cells()), now)
