"""Which needs, offers and questions a person may open. Views load through here, and strangers are told nothing is there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from guyub.kernel.access.api import Person, roles
from guyub.kernel.compiled import Compiled
from guyub.rooms.needs import queries
from guyub.rooms.needs.acting import oversees, owns
from guyub.rooms.needs.asking import is_asked
from guyub.rooms.needs.models import Ask, Need, NeedQuerySet, Offer
from guyub.rooms.needs.offering import owns_offer
from guyub.rooms.needs.rules import ENDED, Standing, State
from guyub.rooms.partners import api as partners

Cards = list[partners.PartnerCard] | None
"""The partners for which a person acts, where the caller has asked for them already."""


def public_need(number: str) -> Need:
    """A need that everyone may read."""
    row = queries.find(number=number)
    if row is None or not Need.objects.shown().filter(pk=row.pk).exists():
        raise Http404
    return row


def partners_need(person: Person, number: str) -> Need:
    """A need of a partner that this person acts for, in whatever state."""
    row = queries.find(number=number)
    if row is None or row.partner_id is None or not owns(person, row):
        raise Http404
    return row


def desk_need(person: Person, number: str) -> Need:
    """A need of an own office; or a partner's that was handed in, for an office of its place."""
    row = queries.find(number=number)
    if row is None:
        raise Http404
    if row.office_id is not None and owns(person, row):
        return row
    if row.state == State.DRAFT or not oversees(person, row):
        raise Http404
    return row


def to_read(person: Person) -> NeedQuerySet:
    """Partners' needs that wait for this person, by their clock."""
    rows = Need.objects.filter(state=State.PROPOSED).exclude(partner_id__in=_own_partners(person))
    return rows if person.can(roles.PARTNERS) else rows.filter(_within(person))


def own_offices(person: Person) -> NeedQuerySet:
    """The needs of the offices that this person collaborates for, those that are not over first."""
    return Need.objects.filter(_within(person), office_id__in=person.offices(roles.COLLABORATE))


def _within(person: Person) -> Q:
    inside = Q(pk__in=[])
    for place in person.places(roles.COLLABORATE):
        inside |= Q(place_code__startswith=place)
    return inside


def own_partners_needs(person: Person, cards: Cards = None) -> QuerySet[Need]:
    """The needs of partners that this person acts for, that are not over or ended last."""
    return Need.objects.filter(partner_id__in=_own_partners(person, cards)).order_by(
        "ended_at", "-changed_at"
    )


def _own_partners(person: Person, cards: Cards = None) -> list[int]:
    return [card.id for card in (acting_partners(person) if cards is None else cards)]


def acting_partners(person: Person) -> list[partners.PartnerCard]:
    """The partners in whose name this person writes. One query."""
    if person.account is None:
        return []
    may = (partners.Role.LEAD, partners.Role.BOARD)
    return [one.partner for one in partners.of_account(account=person.account) if one.role in may]


MOST = 60


def own_offers(person: Person, cards: Cards = None) -> list[Offer]:
    """What this person offers, and what their partners offer, that is not over; the newest."""
    return _own_offers.rows(account=person.acting, partners=_own_partners(person, cards))


_own_offers: Compiled[Offer] = Compiled(
    lambda account, partners: (
        Offer.objects.filter(Q(account_id=account) | Q(partner__any=partners))
        .exclude(state=Standing.ENDED)
        .order_by("-changed_at", "-pk")[:MOST]
    )
)


def own_offer(person: Person, uuid: UUID) -> Offer:
    row = Offer.objects.filter(uuid=uuid).exclude(state=Standing.ENDED).first()
    if row is None or not owns_offer(person, row):
        raise Http404
    return row


def city_offer(person: Person, uuid: UUID) -> Offer:
    """Any offer that stands, for who looks after partners; not one's own."""
    row = Offer.objects.filter(uuid=uuid).exclude(state=Standing.ENDED).first()
    if row is None or not person.can(roles.PARTNERS) or owns_offer(person, row):
        raise Http404
    return row


def own_question(person: Person, uuid: UUID) -> Ask:
    """A question that was put to this person or to a partner that they act for."""
    found = Ask.objects.select_related("need", "offer", "line").filter(uuid=uuid).first()
    if found is None or not is_asked(person, found):
        raise Http404
    return found


def own_questions(person: Person, cards: Cards = None) -> list[Ask]:
    """What waits for this person's answer, the oldest first."""
    return _own_questions.rows(account=person.acting, partners=_own_partners(person, cards))


_own_questions: Compiled[Ask] = Compiled(
    lambda account, partners: (
        Ask.objects.filter(Q(account_id=account) | Q(partner__any=partners), answer="")
        .exclude(need__state__in=ENDED)
        .select_related("need")
        .order_by("asked_at", "pk")[:MOST]
    )
)
