"""What every action on a warning shares: the lock, the words beside a fact, who may, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile

from guyub.events import Event
from guyub.kernel.access.api import ROLES, NotAllowed, Person, roles
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.warnings.models import Chain, Message, Note
from guyub.rooms.warnings.reference import today
from guyub.rooms.warnings.rules import Move, moves_from


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def locked(message: int, move: Move) -> Message:
    """The message with its warning's row held until the transaction ends: two people act one after the other.

    Raises `NotAllowed` where the move is not possible (any more).
    """
    chain = Message.objects.values_list("chain_id", flat=True).get(pk=message)
    held = Chain.objects.select_for_update().get(pk=chain)
    row = Message.objects.get(pk=message)
    row.chain = held
    if move not in moves_from(row.state):
        raise NotAllowed(f"{move} is not possible in state {row.state}.")
    return row


def reaches(person: Person, areas: Iterable[str], power: str) -> bool:
    """Whether a person holds a power over all of these places."""
    held = person.places(power)
    return bool(held) and all(any(code.startswith(place) for place in held) for code in areas)


def must(person: Person, power: str, areas: Iterable[str]) -> int:
    """The account of who acts. Raises `NotAllowed`."""
    if not reaches(person, areas, power):
        raise NotAllowed("This person has no authority over warnings of this area.")
    return person.acting


def place_of(areas: Iterable[str]) -> str:
    """The smallest place that holds all of them."""
    parts = zip(*(code.split(".") for code in areas), strict=False)
    shared = ".".join(column[0] for column in takewhile(lambda one: len(set(one)) == 1, parts))
    return shared if shared in places.gazetteer().by_code else get_city().code


def record(event: Event, *, message: Message, by: int | None, at: datetime) -> int:
    return ledger.record(event, subject=message.chain.subject, at=at, by=by, place=place_of(message.areas))


def keep_words(message: Message, kind: str, words: str, *, by: int | None, at: datetime) -> int:
    return Note.objects.create(message=message, kind=kind, words=words.strip(), by=by, at=at).pk


def holders(power: str, *, at: datetime) -> list[int]:
    """The accounts that hold a power on the city's day."""
    held = frozenset(role.code for role in ROLES.values() if power in role.powers)
    return people.accounts_with(roles=held, organisation=None, on=today(at))


def tell(
    accounts: Iterable[int],
    key: str,
    subject: str,
    body: str,
    *,
    link: str,
    at: datetime,
    besides: int | None = None,
) -> None:
    """Write to each account once, at once, but not to who did it."""
    for account in accounts:
        if account != besides:
            notices.notify(
                key=f"{key}:{account}",
                recipient=f"account:{account}",
                subject=subject,
                body=body,
                link=link,
                at=at,
            )


def desk_link(message: Message) -> str:
    return f"/petugas/peringatan/{message.chain.number}/"


__all__ = [
    "Refused",
    "desk_link",
    "holders",
    "keep_words",
    "locked",
    "must",
    "place_of",
    "reaches",
    "record",
    "roles",
    "tell",
]
