"""QR codes as one SVG path: printed sheets lead back to the page that they came from."""

from __future__ import annotations

from dataclasses import dataclass

QUIET = 4  # the empty modules around a code that readers need


@dataclass(frozen=True, slots=True)
class Code:
    """`path` draws the dark modules in a square of `size` units."""

    size: int
    path: str
    address: str


def code_of(address: str) -> Code:
    """The code of an address, with enough spare for a crumpled sheet."""
    import segno  # few pages print a code

    rows = list(segno.make(address, error="m", micro=False).matrix)
    path = [
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    ]
    return Code(len(rows) + 2 * QUIET, "".join(path), address.split("//", 1)[-1])
