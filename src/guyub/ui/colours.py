"""The two colours of a city, made readable whatever the city chose. Plain Python."""

import re
from collections.abc import Mapping

DEFAULT = {"kota-1": "#0b5755", "kota-2": "#e3a43b"}
PAPER, WHITE, INK = "#f3ebdc", "#ffffff", "#1d2725"  # the darkest ground the first colour is written on
ENOUGH = 4.5  # WCAG 2.2, 1.4.3


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` as WCAG 2.2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _towards(colour: str, goal: str, step: float) -> str:
    pairs = zip(_channels(colour), _channels(goal), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * step):02x}" for a, b in pairs)


def _valid(colour: object, fallback: str) -> str:
    return (
        colour.lower() if isinstance(colour, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else fallback
    )


def readable(chosen: Mapping[str, object]) -> dict[str, str]:
    """Return the sheet's three values for a city's `kota-1` and `kota-2` (`#rrggbb`).

    The first carries links and buttons, so it is darkened until it can be read on paper; the second lies
    under dark words only, so it is lightened. Anything that is not a colour gives the default.
    """
    first = _valid(chosen.get("kota-1"), DEFAULT["kota-1"])
    second = _valid(chosen.get("kota-2"), DEFAULT["kota-2"])
    while contrast(first, PAPER) < ENOUGH:
        first = _towards(first, "#000000", 0.06)
    while contrast(second, INK) < ENOUGH:
        second = _towards(second, WHITE, 0.06)
    return {"kota-1": first, "kota-2": second, "kota-ink": WHITE}


def sheet(chosen: Mapping[str, object]) -> str:
    """The city's style sheet."""
    return ":root{" + "".join(f"--{name}:{value};" for name, value in readable(chosen).items()) + "}\n"
