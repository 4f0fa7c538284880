"""What rooms above find behind the door."""

from __future__ import annotations

import pytest

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.rooms.needs import api as needs
from guyub.rooms.needs.tests.conftest import PLACE

pytestmark = pytest.mark.django_db


def test_an_initiative_takes_a_need_up_gives_it_back_and_meets_it(scene):
    row = scene.need()
    maker = scene.person("maker")
    assert needs.get(id=row.pk) == needs.find(number=row.number) == row
    card = needs.by_ids(ids=[row.pk])[row.pk]
    assert card == needs.card_of(row)
    assert (card.state, card.office, card.address) == (
        "PUBLISHED",
        scene.office(),
        f"/kebutuhan/{row.number}/",
    )
    assert [(line.resource, line.amount, line.unit) for line in needs.lines(need=row.pk)] == [
        ("GOODS", 200, "karung"),
        ("HOURS", 40, "jam"),
    ]
    assert [one.id for one in needs.of_place(PLACE)] == [row.pk]

    taker = "initiatives.initiative:1"
    needs.took_up(need=row.pk, subject=taker, by=maker.acting, at=scene.now, address="/prakarsa/tanggul/")
    with pytest.raises(NotAllowed):  # one thing at a time works on it
        needs.took_up(need=row.pk, subject="initiatives.initiative:2", by=maker.acting, at=scene.now)
    with pytest.raises(NotAllowed):
        needs.gave_back(
            need=row.pk, subject="initiatives.initiative:2", words="Bukan", by=maker.acting, at=scene.now
        )
    needs.gave_back(need=row.pk, subject=taker, words="Tidak sanggup.", by=maker.acting, at=scene.now)
    assert needs.get(id=row.pk).state == needs.State.PUBLISHED
    needs.took_up(need=row.pk, subject=taker, by=maker.acting, at=scene.now)
    needs.met_through(need=row.pk, subject=taker, by=maker.acting, at=scene.now)
    assert needs.get(id=row.pk).state == needs.State.MET
    assert needs.of_place(PLACE) == []
    assert [fact.name.removeprefix("needs.need_") for fact in ledger.facts_about(row.subject)] == [
        "drafted",
        "published",
        "taken_up",
        "given_back",
        "taken_up",
        "met",
    ]


def test_numbers_that_are_none_find_nothing(scene):
    row = scene.need()
    for text in ("", "KBT-2026-1", "KBT-2026-999999999999", row.number.replace("2026", "2025"), "' OR 1=1"):
        assert needs.find(number=text) is None
