"""Ways besides mail and devices by which a room's people hear, such as a messenger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carried:
    """A notice as it goes out: `link` is whole and signed, and so a secret of its recipient."""

    subject: str
    body: str
    link: str


Carry = Callable[[str, Carried], str]
_carriers: dict[str, Carry] = {}


def provide_carrier(carry: Carry, *, kinds: Iterable[str]) -> None:
    """A room carries notices to its own kinds of recipients; what it returns kept one from being sent for good.

    It raises `CouldNotSend` for what may be tried again.
    """
    _carriers.update(dict.fromkeys(kinds, carry))


def find_carrier(recipient: str) -> Carry | None:
    return _carriers.get(recipient.partition(":")[0])
