"""A socket that a room above fills: where somebody begins to work on a need."""

from __future__ import annotations

from collections.abc import Callable

Start = Callable[[str, bool], str]
"""A need's number, and whether it is begun at the officers' desk → the address of the form."""

_starts: list[Start] = []


def register_start(start: Start) -> None:
    """Call it once, in the room's wiring."""
    if start not in _starts:
        _starts.append(start)


def start_address(number: str, *, at_desk: bool) -> str:
    """Empty where no room offers to begin."""
    return _starts[0](number, at_desk) if _starts else ""
