"""What rooms above find behind the door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guyub.kernel.ledger import api as ledger
from guyub.rooms.partners import api as partners
from guyub.rooms.partners import sockets
from guyub.rooms.partners.tests.conftest import PLACE
from guyub.rooms.places import api as places

pytestmark = pytest.mark.django_db


def test_a_founder_answers_for_what_was_founded(scene):
    row = scene.partner("Komunitas Sungai Contoh", "ani")
    ani, budi = scene.person("ani"), scene.person("budi")
    (membership,) = partners.of_account(account=ani.acting)
    assert membership.role == partners.Role.LEAD
    assert membership.partner == partners.by_ids(ids=[row.pk])[row.pk] == partners.card_of(row)
    assert membership.partner.address == "/mitra/komunitas-sungai-contoh/"
    assert partners.representatives(partner=row.pk) == [ani.acting]
    assert partners.may_act(account=ani.acting, partner=row.pk)
    assert not partners.may_act(account=budi.acting, partner=row.pk)
    assert partners.get(id=row.pk) == partners.find(slug=row.slug) == row
    assert [fact.name for fact in ledger.facts_about(row.subject)] == ["partners.partner_founded"]


def test_a_place_finds_who_works_in_it_above_it_and_below_it(scene, city):
    district = places.gazetteer().get(PLACE).parent_code
    other = next(row.code for row in places.gazetteer().settlements if row.parent_code != district)
    here = scene.partner("Di kelurahan", "ani", verified=True)
    wide = scene.partner("Di kecamatan", "budi", verified=True, places=(district,), themes=("umkm",))
    whole = scene.partner("Di kota", "cici", verified=True, places=(city.code,))
    scene.partner("Di tempat lain", "dedi", verified=True, places=(other,))
    fresh = scene.partner("Baru", "eka")

    def found(**asked):
        return {card.id for card in partners.active_in(**asked)}

    assert found(place=PLACE) == {here.pk, wide.pk, whole.pk}
    assert found(place=district, theme="sampah") == {here.pk, whole.pk}
    assert found(place=PLACE, verified=False) == {here.pk, wide.pk, whole.pk, fresh.pk}
    assert len(found(place=city.code)) == 4


def test_rooms_above_fill_the_sockets(scene, monkeypatch):
    monkeypatch.setattr(sockets, "_records", [])
    monkeypatch.setattr(sockets, "_ties", [])
    first = scene.partner("Satu", "ani", verified=True)
    second = scene.partner("Dua", "budi", verified=True)
    day = scene.now.date()
    line = partners.Delivered(on=day, words="Menanam 40 pohon", address="/prakarsa/taman/")
    partners.register_record(lambda ids: {pk: [line] for pk in ids if pk == first.pk})
    tie = partners.Tie(first=first.pk, second=second.pk, what="Taman Contoh", on=day - timedelta(days=3))
    partners.register_ties(lambda since, partner: [tie])
    assert sockets.record_of(first.pk) == [line]
    assert sockets.ties_since(day) == sockets.ties_since(day, partner=second.pk) == [tie]
    assert sockets.ties_since(day, partner=first.pk + second.pk) == []


def test_the_themes_are_the_rulebooks(scene):
    assert [theme.code for theme in partners.themes()][:2] == ["ruang-publik", "sungai-air"]


def test_every_model_of_actors_is_a_folding_of_one():
    kinds = {kind: partners.actor_of(kind) for kind in partners.Kind}
    assert kinds[partners.Kind.PKK] == partners.Actor.CIVIL_SOCIETY
    assert {partners.four_actor(actor) for actor in partners.Actor} == {
        partners.Actor.GOV_POLITICAL,
        partners.Actor.GOV_BUREAUCRACY,
        partners.Actor.CIVIL_SOCIETY,
        partners.Actor.BUSINESS,
    }
    assert len({partners.helix(actor) for actor in partners.Actor}) == 5
