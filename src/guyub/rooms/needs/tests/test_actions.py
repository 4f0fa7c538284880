"""Who may do what in which state, what time does, and what two at once cannot do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.notices.models import Notice
from guyub.rooms.needs import access, asking, offering, publishing, suggesting
from guyub.rooms.needs.acting import Refused
from guyub.rooms.needs.models import Ask, Need, Offer
from guyub.rooms.needs.offering import Gift
from guyub.rooms.needs.publishing import LineSaid
from guyub.rooms.needs.rules import ENDED, Move, Standing, State, Withdrawal, moves_from
from guyub.rooms.needs.tests.conftest import PLACE
from guyub.rooms.needs.web.managing import ACTS, acts_now
from guyub.rooms.partners import sockets

pytestmark = pytest.mark.django_db

GIFT = Gift("HOURS", "Relawan akhir pekan", 60, "jam", "MONTH", ("bencana",), (PLACE,))
# What each kind of person is offered, by state; whoever is not named is offered nothing.
OWNER = {
    State.DRAFT: {"terbitkan", "tarik"},
    State.PROPOSED: {"tarik"},
    State.PUBLISHED: {"perpanjang", "terpenuhi", "tarik"},
    State.TAKEN_UP: {"perpanjang", "terpenuhi", "cari-lagi", "tarik"},
}
CITY = {
    State.PROPOSED: {"terima", "kembalikan", "turunkan"},
    State.PUBLISHED: {"turunkan"},
    State.TAKEN_UP: {"turunkan"},
}


def everyone(scene, partner):
    """A lurah of the place, one of another, the camat, who looks after partners, the board, a stranger."""
    return {
        "lurah": scene.officer(),
        "far": scene.officer("lain", place=scene.neighbour()),
        "camat": scene.officer("camat", role="camat", place="32.73.02"),
        "kemitraan": scene.officer("kemitraan", role="kemitraan"),
        "board": scene.person("ani"),
        "stranger": scene.person("budi"),
    }


def test_everybody_is_offered_what_is_theirs_in_every_state(scene):
    partner = scene.partner("Relawan Contoh", "ani")
    who = everyone(scene, partner)
    of_office, of_partner = scene.need(), scene.partners_need(partner, "ani")
    for state in State:
        for row, owners, overseers in (
            (of_office, {"lurah"}, set()),
            (of_partner, {"board"}, {"lurah", "camat", "kemitraan"}),
        ):
            row.state = state
            for name, person in who.items():
                wanted = set(OWNER.get(state, ()) if name in owners else ())
                wanted |= set(CITY.get(state, ()) if name in overseers else ())
                assert {code for code, _act in acts_now(person, row)} == wanted, (state, name, row)
    for code, act in ACTS.items():
        assert all(act.move in moves_from(state) for state in act.states), code


def test_the_actions_themselves_refuse_whoever_is_offered_nothing(scene):
    partner = scene.partner("Relawan Contoh", "ani")
    row = scene.partners_need(partner, "ani")
    for name in ("lurah", "far", "stranger"):
        person = everyone(scene, partner)[name]
        for act in (
            lambda by: publishing.met(need=row.pk, by=by, at=scene.now),
            lambda by: publishing.change(need=row.pk, wish=scene.wish(), by=by, at=scene.now),
            lambda by: publishing.withdraw(
                need=row.pk, reason=Withdrawal.MISTAKE, words="", by=by, at=scene.now
            ),
            lambda by: asking.ask(need=row.pk, partner=partner.pk, by=by, at=scene.now),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    with pytest.raises(NotAllowed):  # one's own is never unfit, and an office's has no overseer
        publishing.withdraw(
            need=row.pk, reason=Withdrawal.UNFIT, words="x", by=scene.person("ani"), at=scene.now
        )
    with pytest.raises(NotAllowed):
        publishing.draft(
            wish=scene.wish(place="32.73"), by=scene.officer(), office=scene.office(), at=scene.now
        )
    publishing.met(need=row.pk, by=scene.person("ani"), at=scene.now)
    for move in Move:
        assert move not in moves_from(Need.objects.get(pk=row.pk).state)


def test_what_nobody_prolongs_ends_by_itself_and_is_said_before(scene):
    row = scene.need()
    days = (row.until_on - scene.now.date()).days
    asked = asking.ask(
        need=row.pk, partner=scene.partner("Relawan Contoh", "ani").pk, by=scene.officer(), at=scene.now
    )
    near, after = scene.now + timedelta(days=days - 3), scene.now + timedelta(days=days + 1)
    assert publishing.expire_due(at=near) == 0
    assert [publishing.remind_due(at=near) for _ in range(2)] == [1, 0]
    assert publishing.expire_due(at=after) == 1
    assert publishing.expire_due(at=after) == 0
    row.refresh_from_db()
    assert row.state == State.EXPIRED
    assert Ask.objects.get(pk=asked.pk).answer == "LAPSED"
    with pytest.raises(NotAllowed):
        asking.answer(ask=asked.pk, yes=True, by=scene.person("ani"), at=after)
    told = Notice.objects.filter(key__startswith=f"need:{row.pk}:").values_list("key", flat=True)
    assert len(told) == 2


def test_an_offer_that_nobody_renews_is_no_longer_shown_or_suggested(scene):
    partner, row = scene.partner("Relawan Contoh", "ani"), scene.need()
    offer = offering.offer(gift=GIFT, partner=partner.pk, by=scene.person("ani"), at=scene.now)
    assert [one.match.offer for one in suggesting.offers_for(row, at=scene.now)] == [offer.pk]
    over = scene.now + timedelta(days=(offer.valid_until - scene.now.date()).days + 1)
    assert [offering.remind_due(at=over - timedelta(days=5)) for _ in range(2)] == [1, 0]
    assert offering.expire_due(at=over) == 1
    assert suggesting.offers_for(row, at=over) == []
    offering.renew(offer=offer.pk, by=scene.person("ani"), at=over)
    assert [one.match.offer for one in suggesting.offers_for(row, at=over)] == [offer.pk]
    offering.pause(offer=offer.pk, by=scene.person("ani"), at=over)
    assert suggesting.offers_for(row, at=over) == []
    with pytest.raises(NotAllowed):
        offering.resume(offer=offer.pk, by=scene.person("budi"), at=over)


def test_a_closed_partner_looks_for_nothing_and_offers_nothing(scene):
    partner = scene.partner("Relawan Contoh", "ani")
    row = scene.partners_need(partner, "ani")
    offering.offer(gift=GIFT, partner=partner.pk, by=scene.person("ani"), at=scene.now)
    for _ in range(2):  # a consumer may come again
        publishing.close_of_partner(partner=partner.pk, at=scene.now)
        offering.end_of_partner(partner=partner.pk, at=scene.now)
    row.refresh_from_db()
    assert (row.state, Offer.objects.get().state) == (State.WITHDRAWN, Standing.ENDED)


def test_nobody_is_asked_twice_or_soon_after_a_no(scene):
    partner, row, by = scene.partner("Relawan Contoh", "ani"), scene.need(), scene.officer()
    first = asking.ask(need=row.pk, partner=partner.pk, by=by, at=scene.now)
    with pytest.raises(Refused):
        asking.ask(need=row.pk, partner=partner.pk, by=by, at=scene.now)
    asking.answer(ask=first.pk, yes=False, by=scene.person("ani"), at=scene.now)
    with pytest.raises(Refused):
        asking.ask(need=row.pk, partner=partner.pk, by=by, at=scene.now + timedelta(days=5))
    later = scene.now + timedelta(days=31)
    assert asking.ask(need=row.pk, partner=partner.pk, by=by, at=later).pk != first.pk
    with pytest.raises(NotAllowed):  # the unverified are not called
        asking.ask(need=row.pk, partner=scene.partner("Baru", "budi", verified=False).pk, by=by, at=scene.now)


def test_the_record_of_deeds_speaks_and_no_more_is_promised_than_there_is(scene, monkeypatch):
    partner, slow, row = (
        scene.partner("Tepat Contoh", "ani"),
        scene.partner("Lambat Contoh", "budi"),
        scene.need(),
    )
    for one, name in ((slow, "budi"), (partner, "ani")):
        offering.offer(gift=GIFT, partner=one.pk, by=scene.person(name), at=scene.now)
    day = scene.now.date()
    deeds = {
        partner.pk: [sockets.Delivered(day, "Menanam pohon", in_time=True)],
        slow.pk: [
            sockets.Delivered(day, "Mengirim karung", in_time=False),
            sockets.Delivered(day - timedelta(days=3000), "Dahulu sekali", in_time=True),
        ],
    }
    monkeypatch.setattr(sockets, "_records", [lambda ids: {pk: deeds[pk] for pk in ids if pk in deeds}])
    found = suggesting.offers_for(row, at=scene.now)
    assert [one.offer.partner for one in found] == [partner.pk, slow.pk]
    assert [one.match.points for one in found] == [12, 10]  # 3 + 4 + 2 + verified 1, and +2 against +1 -1
    assert [(one.offer.on_time, one.offer.late) for one in found] == [(1, 0), (0, 1)]
    asked = asking.ask(need=row.pk, offer=found[0].match.offer, by=scene.officer(), at=scene.now)
    other = scene.need(title="Kebutuhan lain di sini")
    second = asking.ask(need=other.pk, offer=found[0].match.offer, by=scene.officer(), at=scene.now)
    asking.answer(ask=asked.pk, yes=True, amount=50, by=scene.person("ani"), at=scene.now)
    with pytest.raises(Refused):
        asking.answer(ask=second.pk, yes=True, amount=11, by=scene.person("ani"), at=scene.now)
    asking.answer(ask=second.pk, yes=True, amount=10, by=scene.person("ani"), at=scene.now)
    assert all(one.offer.partner != partner.pk for one in suggesting.offers_for(row, at=scene.now))
    later = scene.now + timedelta(days=31)  # next month there is as much again
    assert {one.left for one in suggesting.offers_for(row, at=later)} == {60}


def test_limits_are_the_rulebooks(scene):
    partner, ani = scene.partner("Relawan Contoh", "ani"), scene.person("ani")
    for n in range(5):
        offering.offer(gift=replace(GIFT, what=f"Tenaga {n}"), by=scene.person("budi"), at=scene.now)
    with pytest.raises(Refused):
        offering.offer(gift=GIFT, by=scene.person("budi"), at=scene.now)
    with pytest.raises(Refused):
        offering.offer(gift=replace(GIFT, resource="MONEY", unit=""), by=ani, at=scene.now)
    lines = tuple(LineSaid("HOURS", f"Hal {n}", 1) for n in range(13))
    with pytest.raises(Refused):
        scene.need(lines=lines)
    with pytest.raises(Refused):
        scene.need(until_on=scene.now.date() - timedelta(days=1))
    with pytest.raises(Refused):
        scene.need(until_on=scene.now.date() + timedelta(days=400))
    for _ in range(20):
        publishing.draft(wish=scene.wish(), by=ani, partner=partner.pk, at=scene.now)
    with pytest.raises(Refused):
        publishing.draft(wish=scene.wish(), by=ani, partner=partner.pk, at=scene.now)
    assert access.own_partners_needs(ani).exclude(state__in=ENDED).count() == 20


def test_suggestions_cost_the_same_for_one_as_for_many(scene, django_assert_num_queries):
    partner, row = scene.partner("Relawan Contoh", "ani"), scene.need()
    offering.offer(gift=GIFT, partner=partner.pk, by=scene.person("ani"), at=scene.now)
    # Three are what other rooms say of what partners brought.
    suggesting.offers_for(row, at=scene.now)  # what a process remembers is read once
    with django_assert_num_queries(6):
        suggesting.offers_for(row, at=scene.now)
    rows = [Offer.objects.get()]
    more = [
        Offer(
            **{
                field.attname: getattr(rows[0], field.attname)
                for field in Offer._meta.fields
                if field.name not in ("id", "uuid")
            }
        )
        for _ in range(300)
    ]
    Offer.objects.bulk_create(more)
    with django_assert_num_queries(6):
        assert len(suggesting.offers_for(row, at=scene.now)) == suggesting.SHOWN
    some = list(Offer.objects.all()[:50])
    with django_assert_num_queries(7):
        assert suggesting.needs_for(some, at=scene.now)
