"""What every action on area funds shares: who may, the lock, and why something was refused."""

from __future__ import annotations

from datetime import datetime

from guyub.events import Event
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.ledger import api as ledger
from guyub.rooms.areafunds import reference
from guyub.rooms.areafunds.models import Book
from guyub.rooms.areafunds.rules import No, SetBy
from guyub.rooms.areafunds.wording import REFUSALS
from guyub.rooms.places import api as places


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, why: No | str, *, field: str = "") -> None:
        super().__init__(str(REFUSALS[why]) if isinstance(why, No) else why)
        self.why, self.field = why, field


def refuse(why: No | None, *, field: str = "") -> None:
    """Raise `Refused` if a rule said no."""
    if why is not None:
        raise Refused(why, field=field)


def manages(by: Person, place: str) -> bool:
    """Whether somebody holds the fund of this very place: nobody's authority reaches to a neighbour or below."""
    return place in by.places(roles.FUNDS)


def sets_ceilings(by: Person, place: str, set_by: str) -> bool:
    """The city sets ceilings; of a scheme that is the place's own budget, the place."""
    return manages(by, place) if set_by == SetBy.PLACE else by.can(roles.CEILINGS)


def as_manager(by: Person, place: str) -> int:
    """The account of who manages a place's fund. Raises `NotAllowed` for everybody else."""
    if not manages(by, place):
        raise NotAllowed("This person does not manage the fund of this place.")
    return by.acting


def as_setter(by: Person, *, place: str, scheme: str, year: int) -> int:
    """The account of who sets a place's ceilings in a scheme. Raises `NotAllowed` for everybody else."""
    row = places.gazetteer().by_code.get(place)
    known = reference.schemes_in(row, year).get(scheme) if row else None
    if known is None or not sets_ceilings(by, place, known.set_by):
        raise NotAllowed("This person does not set ceilings here.")
    return by.acting


def office_of(by: Person, power: str) -> int | None:
    return min(by.offices(power), default=None)


def open_book(book: int) -> Book:
    """A book, locked until the transaction ends. Raises `Refused` for one that is closed."""
    row = Book.objects.select_for_update().get(pk=book)
    if row.closed_at is not None:
        raise Refused(No.CLOSED)
    return row


def record(
    event: Event, *, subject: str, place: str, by: Person | None, at: datetime, power: str = roles.FUNDS
) -> int:
    return ledger.record(
        event,
        subject=subject,
        at=at,
        by=by.acting if by else None,
        on_behalf_of=office_of(by, power) if by else None,
        place=place,
    )
