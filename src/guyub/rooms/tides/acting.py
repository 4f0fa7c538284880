"""What every action on the sea shares: who may, and why something was refused."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from guyub.events import Event
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.ledger import api as ledger
from guyub.rooms.tides.ladder import Level
from guyub.rooms.tides.rules import No
from guyub.rooms.tides.wording import REFUSALS


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, why: No | str, *, field: str = "") -> None:
        super().__init__(str(REFUSALS[why]) if isinstance(why, No) else why)
        self.why, self.field = why, field


FIELDS = {
    No.NO_DATUM: "datum",
    No.METRES: "metres",
    No.ORDER: "metres",
    No.SURVEY_LATER: "surveyed_on",
    No.VALID_TOO_SHORT: "valid_until",
    No.VALID_TOO_LONG: "valid_until",
    No.IN_THE_PAST: "effective_from",
    No.THERE: "effective_from",
    No.PLACE: "place",
}


def refuse(why: No, level: Level | None = None) -> NoReturn:
    """Raise `Refused`; of a height at the field of its level."""
    field = FIELDS.get(why, "")
    raise Refused(why, field=level.name.lower() if field == "metres" and level else field)


def as_keeper(by: Person) -> int:
    """The account of who keeps stations and thresholds. Raises `NotAllowed` for everybody else."""
    if not by.can(roles.SEA):
        raise NotAllowed("This person does not keep the city's thresholds.")
    return by.acting


def record(event: Event, *, subject: str, place: str = "", by: Person | None, at: datetime) -> int:
    office = min(by.offices(roles.SEA), default=None) if by else None
    return ledger.record(
        event, subject=subject, at=at, by=by.acting if by else None, on_behalf_of=office, place=place
    )
