"""How much gotong royong there is, for the whole city and for each place, read at most once a minute.

Each figure counts exactly what the list behind it shows for that place: what is there, what is below it, and what is
meant for all that it lies in. So what is for the whole city counts in every place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from guyub.kernel.cities.api import Remembered
from guyub.rooms.initiatives import api as initiatives
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places

WHOLE = ""
GOING_ON = ("OPEN", "RUNNING")


@dataclass(slots=True)
class Standing:
    """Needs that are open, initiatives by state, verified partners by the kinds of their list and on what they work."""

    needs: int = 0
    initiatives: Counter[str] = field(default_factory=Counter)
    partners: Counter[str] = field(default_factory=Counter)
    themes: set[str] = field(default_factory=set)

    @property
    def going_on(self) -> int:
        return sum(self.initiatives[state] for state in GOING_ON)

    @property
    def done(self) -> int:
        return self.initiatives["DONE"]

    @property
    def known(self) -> int:
        return self.partners.total()

    @property
    def missing(self) -> list[str]:
        """The themes on which no verified partner works here, in the city's order."""
        return [one.label for one in partners.themes() if one.code not in self.themes]


def _read() -> dict[str, Standing]:
    """Three queries; what touches which place is worked out here, once for all places."""
    found, touched = defaultdict[str, Standing](Standing), _areas()
    for codes, n in needs.open_by_place():
        for area in touched(codes):
            found[area].needs += n
    for state, codes, n in initiatives.by_place():
        for area in touched(codes):
            found[area].initiatives[state] += n
    counted, themes = partners.verified_by_place()
    of_kind: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind, codes, n in counted:  # thousands: each step counts
        here = of_kind[kind]
        for area in touched(codes):
            here[area] += n
    for kind, areas in of_kind.items():
        for area, n in areas.items():
            found[area].partners[kind] = n
    for code, said in themes.items():
        for area in touched((code,)):
            found[area].themes |= said
    return dict(found)


class _areas:
    """Which places' lists something is in, by the codes that it names. The whole city has everything."""

    def __init__(self) -> None:
        known, self.by_code = places.gazetteer(), defaultdict[str, set[str]](set)
        self.known: dict[tuple[str, ...], set[str]] = {}
        for row in (*known.districts, *known.settlements):
            for code in known.around(row.code) or ():
                self.by_code[code].add(row.code)

    def __call__(self, codes: tuple[str, ...]) -> set[str]:
        found = self.known.get(codes)
        if found is None:
            found = self.known[codes] = {WHOLE}.union(*[self.by_code.get(code, ()) for code in codes])
        return found


_everywhere = Remembered(_read, seconds=60)


def standing(place: str = WHOLE) -> Standing:
    return _everywhere().get(place) or Standing()
