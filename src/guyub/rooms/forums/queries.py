"""Forums as their pages and other rooms need them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse

from guyub.kernel import parties
from guyub.rooms.forums import rules
from guyub.rooms.forums.models import SEATS, Forum, Member
from guyub.rooms.forums.rules import Balance, Seat
from guyub.rooms.partners import api as partners
from guyub.ui.rows import Printed

_ORDER = {seat.value: position for position, seat in enumerate(Seat)}


@dataclass(frozen=True, slots=True)
class ForumCard(Printed):
    """A forum in a list."""

    id: int
    slug: str
    name: str
    kind: str
    subject: str
    address: str
    members: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Sitting(Printed):
    """A member as everyone sees it: the organisation, its seat, and which of the four actors it is."""

    id: int
    party: str
    name: str
    address: str
    seat: str
    seat_label: str
    actor: str


def forums() -> list[ForumCard]:
    """All forums, those that still meet first. One query."""
    rows = Forum.objects.annotate(n=Count("members", filter=Q(members__until__isnull=True)))
    return [
        ForumCard(
            row.pk,
            row.slug,
            row.name,
            row.kind,
            row.subject,
            reverse("forum", args=[row.slug]),
            row.n,
            row.ended_at is not None,
        )
        for row in rows.order_by("ended_at", "name")
    ]


def members_of(forum: Forum) -> list[Sitting]:
    """Who sits in a forum now, chair first, then by name. One query, and one for the partners among them."""
    rows = list(Member.objects.filter(forum=forum, until__isnull=True))
    known = parties.cards(row.party for row in rows)
    labels = dict(SEATS)
    found = []
    for row in rows:
        card = parties.card_of(known, row.party)
        actor = partners.four_actor(partners.Actor(card.actor)) if card.actor else ""
        found.append(
            Sitting(row.pk, row.party, card.name, card.address, row.seat, str(labels[row.seat]), str(actor))
        )
    return sorted(found, key=lambda one: (_ORDER[one.seat], one.name.lower()))


def balance_of(members: list[Sitting]) -> Balance:
    return rules.balance(one.actor for one in members)


def forums_of(*, partner: int) -> list[ForumCard]:
    """The forums in which a partner sits now."""
    ids = set(Member.objects.filter(partner_id=partner, until__isnull=True).values_list("forum", flat=True))
    return [card for card in forums() if card.id in ids]
