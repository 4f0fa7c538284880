"""What every action on a need or an offer shares: the lock, the words beside a fact, and who may."""

from __future__ import annotations

from datetime import datetime

from guyub.events import Event
from guyub.kernel.access.api import ROLES, NotAllowed, Person, roles
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.needs.models import Need, Note, Offer
from guyub.rooms.needs.reference import today
from guyub.rooms.needs.rules import Move, moves_from
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def reaches(person: Person, place: str, *, office: int | None = None) -> bool:
    """Whether a person collaborates for an office (any of theirs, if none is named) in a place."""
    return any(
        roles.COLLABORATE in grant.powers
        and place.startswith(grant.place)
        and (office is None or grant.organisation == office)
        for grant in person.grants
    )


def owns(person: Person, need: Need) -> bool:
    """Whether a person acts for whoever published a need; a merged partner's people are those of what it became."""
    if person.account is None:
        return False
    if need.office_id is not None:
        return reaches(person, need.place_code, office=need.office_id)
    return acts_for_partner(person, need.partner_id)


def acts_for_partner(person: Person, partner: int | None) -> bool:
    if person.account is None or partner is None:
        return False
    return partners.may_act(account=person.account, partner=partners.get(id=partner).pk)


def oversees(person: Person, need: Need) -> bool:
    """Whether a person reads a partner's need for the city: an office of the place, or who looks after partners.

    Nobody decides on what they belong to.
    """
    if need.partner_id is None or person.account is None or acts_for_partner(person, need.partner_id):
        return False
    return person.can(roles.PARTNERS) or reaches(person, need.place_code)


def office_for(person: Person, need: Need) -> int | None:
    """The office in whose name an officer acts on a need; None for a partner's own people."""
    if need.office_id is not None:
        return need.office_id
    if acts_for_partner(person, need.partner_id):
        return None
    near = [g for g in person.grants if roles.COLLABORATE in g.powers and need.place_code.startswith(g.place)]
    held = {grant.organisation for grant in near} or person.offices(roles.PARTNERS)
    return min(held, default=None)


def locked(need: int, move: Move) -> Need:
    """The need's row, held until the transaction ends. Raises `NotAllowed` where the move is not possible."""
    row = Need.objects.select_for_update(of=("self",)).get(pk=need)
    if move not in moves_from(row.state):
        raise NotAllowed("This need is not in a state for that.")
    return row


def as_owner(by: Person, row: Need) -> int:
    if not owns(by, row):
        raise NotAllowed("This person does not act for who published this need.")
    return by.acting


def as_overseer(by: Person, row: Need) -> int:
    if not oversees(by, row):
        raise NotAllowed("This person does not read needs of this place for the city.")
    return by.acting


def record(event: Event, *, need: Need, by: int | None, at: datetime, office: int | None = None) -> int:
    return ledger.record(
        event, subject=need.subject, at=at, by=by, on_behalf_of=office, place=need.place_code
    )


def record_offer(
    event: Event, *, offer: Offer, by: int | None, at: datetime, office: int | None = None
) -> int:
    """Record what happened to an offer. Its place is told where it has one and not many."""
    place = offer.places[0] if len(offer.places) == 1 else ""
    return ledger.record(event, subject=offer.subject, at=at, by=by, on_behalf_of=office, place=place)


def keep_words(
    kind: str,
    words: str,
    *,
    by: int | None,
    at: datetime,
    need: Need | None = None,
    offer: Offer | None = None,
) -> int:
    return Note.objects.create(need=need, offer=offer, kind=kind, words=words, by_id=by, at=at).pk


def owners_of(need: Need) -> list[int]:
    """The accounts to be told of what concerns a need: who wrote it for an office, or those who act for the partner."""
    if need.partner_id is not None:
        return partners.representatives(partner=partners.get(id=need.partner_id).pk)
    return [need.created_by_id] if need.created_by_id is not None else []


def tell(need: Need, key: str, subject: str, body: str, *, at: datetime, besides: int | None = None) -> None:
    """Write to everyone behind a need, once each, but not to who did it."""
    link = f"/petugas/kebutuhan/{need.number}/" if need.office_id else f"/kebutuhan/{need.number}/kelola/"
    for account in owners_of(need):
        if account != besides:
            tell_one(account, f"need:{need.pk}:{key}", subject, body, link=link, at=at)


def tell_one(account: int, key: str, subject: str, body: str, *, link: str, at: datetime) -> None:
    notices.notify(
        key=f"{key}:{account}", recipient=f"account:{account}", subject=subject, body=body, link=link, at=at
    )


def overseers_of(need: Need, *, at: datetime) -> list[int]:
    """Who is told that a partner's need waits: its kelurahan, else its kecamatan, else who looks after partners."""
    offices = people.directory()
    for office in (offices.of_settlement(need.place_code), offices.of_district(need.place_code)):
        if office and (found := _holding(roles.COLLABORATE, office.id, at=at)):
            return found
    return _holding(roles.PARTNERS, None, at=at)


def _holding(power: str, office: int | None, *, at: datetime) -> list[int]:
    holders = frozenset(role.code for role in ROLES.values() if power in role.powers)
    return people.accounts_with(roles=holders, organisation=office, on=today(at))
