"""Codes end and others follow; names are known by others: taken in whole, or refused row by row."""

from __future__ import annotations

from datetime import date

import pytest

from guyub.kernel.ledger import api as ledger
from guyub.rooms.places import api as places
from guyub.rooms.places.api import How
from guyub.rooms.places.changes import WrongRows
from guyub.rooms.places.models import Alias, Boundary, Place, Succession
from guyub.rooms.places.tests.boundaries import cells, collection, feature

pytestmark = pytest.mark.django_db

OLD, ONE, TWO = "32.73.01.1001", "32.73.01.1005", "32.73.01.1006"
BASIS = "Perda Kota Bandung 1/2026"


@pytest.fixture(autouse=True)
def on_that_day(monkeypatch, now):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: now)


def row(old, new, name="", on="2026-11-01", basis=BASIS):
    return {"old_code": old, "new_code": new, "new_name": name, "on": on, "basis": basis}


def split(at):
    return places.succeed(rows=[row(OLD, ONE, "Sukarasa Kulon"), row(OLD, TWO, "Sukarasa Wetan")], at=at)


def test_a_split_ends_one_code_and_begins_two(city, now):
    done = split(now)
    known = places.gazetteer()
    assert [change.new_code for change in done] == [ONE, TWO]
    assert known.successors(OLD) == (ONE, TWO)
    assert not known.get(OLD).stands
    assert OLD not in {r.code for r in known.settlements}
    assert known.get(ONE).label == "Kelurahan Sukarasa Kulon"
    assert known.get(ONE).district == "Sukasari"
    assert Place.objects.get(code=OLD).valid_until == date(2026, 11, 1)
    assert [f.payload["new_code"] for f in ledger.facts_about(f"places.place:{OLD}")] == [ONE, TWO]
    assert split(now) == []  # again changes nothing


def test_a_merger_counts_what_came_before_and_a_split_does_not(city, now):
    places.succeed(rows=[row("32.73.02.1001", "32.73.02.1002"), row("3273021003", "3273021002")], at=now)
    split(now)
    known = places.gazetteer()
    assert {r.code for r in known.counted_in("32.73.02.1002")} == {f"32.73.02.100{n}" for n in (1, 2, 3)}
    assert {r.code for r in known.counted_in(ONE)} == {ONE}
    assert OLD in {r.code for r in known.counted_in("32.73.01")}


def test_a_code_may_go_on_beside_what_was_cut_from_it(city, now):
    places.succeed(rows=[row(OLD, OLD), row(OLD, ONE, "Sukarasa Baru")], at=now)
    known = places.gazetteer()
    assert known.get(OLD).stands
    assert known.successors(OLD) == ()
    assert {r.code for r in known.counted_in(OLD)} == {OLD}


def test_codes_older_than_this_installation_lead_through_several_steps(city, now):
    old = [row("32.73.01.1091", "32.73.01.1090", "Lama"), row("32.73.01.1090", OLD, on="2026-11-02")]
    places.succeed(rows=old[1:], at=now)
    with pytest.raises(WrongRows):
        places.succeed(rows=old, at=now)
    Succession.objects.create(
        old_code="32.73.01.1091", new_code="32.73.01.1090", effective_on=date(2001, 1, 1), legal_basis=BASIS
    )
    places.forget()
    assert places.gazetteer().successors("32.73.01.1091") == (OLD,)
    assert places.gazetteer().successors("32.73.01.9999") == ()


def test_what_begins_later_is_not_there_yet(city, now):
    places.succeed(rows=[row(OLD, ONE, "Sukarasa Kulon", on="2027-01-01")], at=now)
    known = places.gazetteer()
    assert known.get(OLD).stands
    assert not known.get(ONE).stands
    assert known.successors(OLD) == ()


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([row("x", ONE)], {1: "both codes"}),
        ([row("32.04.05.2001", ONE, "Baru")], {1: "both codes"}),
        ([row("32.73.01", ONE, "Baru")], {1: "not of one level"}),
        ([row(OLD, ONE, "Baru", on="1/1/2027")], {1: "2027-01-31"}),
        ([row(OLD, ONE, "Baru", basis="")], {1: "legal basis"}),
        ([row(OLD, ONE)], {1: "has no name"}),
        ([row(OLD, "32.73.99.1001", "Baru")], {1: "kecamatan 32.73.99"}),
        ([row(OLD, ONE, "Baru"), row(OLD, TWO, "Lain", on="2026-12-01")], {2: "another day"}),
        ([row(OLD, ONE, "Baru"), row("32.73.01.1002", OLD)], {2: "ends by another row"}),
        ([row(OLD, ONE, "Baru"), row("", ""), {}], {2: "both codes", 3: "both codes"}),
    ],
)
def test_each_wrong_row_is_named_and_nothing_is_done(city, now, rows, wrong):
    with pytest.raises(WrongRows) as refused:
        places.succeed(rows=rows, at=now)
    found = dict(refused.value.problems)
    assert set(found) == set(wrong)
    assert all(words in found[number] for number, words in wrong.items())
    assert not Succession.objects.exists()
    assert not Place.objects.filter(code=ONE).exists()


def test_other_names_find_a_place(city, now):
    rows = [{"code": OLD, "name": "Soekarasa"}, {"code": "3273011001", "name": " SUKA  RASA Lama"}]
    assert places.add_aliases(rows=rows, at=now) == 2
    assert places.add_aliases(rows=rows, at=now) == 0
    assert [r.code for r in places.gazetteer().search("soekarasa")] == [OLD]
    wrong = [{"code": "99", "name": "x"}, {"code": OLD, "name": ""}, {}]
    with pytest.raises(WrongRows) as refused:
        places.add_aliases(rows=[*rows, {"code": OLD, "name": "Lain"}, *wrong], at=now)
    assert [number for number, _ in refused.value.problems] == [4, 5, 6]
    assert Alias.objects.count() == 2
    named = [{**cells(only=OLD)[0], "properties": {"kelurahan": "soekarasa", "kecamatan": "Sukasari"}}]
    outcome = places.import_boundaries(
        data=collection(named), source="uji", licence="CC0", valid_from=date(2026, 11, 20), at=now
    )
    assert [one.code for one in outcome.matched] == [OLD]


def test_search_knows_names_codes_and_what_has_ended(city, now):
    split(now)
    known = places.gazetteer()
    assert [r.code for r in known.search("batu nunggal")] == ["32.73.12", "32.73.21.1001"]
    assert [r.code for r in known.search("32.73.02")] == ["32.73.02"]
    assert [r.code for r in known.search("sukarasa")] == [ONE, TWO, OLD]
    assert known.search("  ") == known.search("§") == []


def test_after_a_split_the_old_area_stands_until_its_parts_have_theirs(city, now):
    day = date(2026, 11, 20)
    words = {"source": "uji", "licence": "CC0", "valid_from": day, "at": now}
    places.import_boundaries(data=collection(cells()), **words)
    row_ = places.gazetteer().get(OLD)
    split(now)
    assert places.locate(lat=row_.lat, lon=row_.lon) == places.Located(None, How.UNSURE)
    ring = cells()[0]["geometry"]["coordinates"][0]
    xs = [x for x, _ in ring]
    middle = (min(xs) + max(xs)) / 2
    import shapely

    whole = shapely.Polygon(ring)
    west = whole.intersection(shapely.box(0, -20, middle, 20))
    east = whole.intersection(shapely.box(middle, -20, 200, 20))
    halves = [
        feature([list(map(list, half.exterior.coords))], kode=code)
        for half, code in ((west, ONE), (east, TWO))
    ]
    places.import_boundaries(data=collection(halves[:1]), **words)
    assert Boundary.objects.filter(place__code=OLD, valid_until=None).exists()
    places.import_boundaries(data=collection(halves), **words)
    assert not Boundary.objects.filter(place__code=OLD, valid_until=None).exists()
    for half, code in ((west, ONE), (east, TWO)):
        point = half.representative_point()
        assert places.locate(lat=point.y, lon=point.x).place.code == code
