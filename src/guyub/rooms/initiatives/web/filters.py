"""What a reader asks of the list, read from the address and written back into addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guyub.rooms.initiatives.listing import LIVE, Wanted
from guyub.rooms.initiatives.rules import PUBLIC
from guyub.rooms.initiatives.wording import STATES
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places
from guyub.ui.rows import options

LAST_PAGE = 500
_NAMES = ("keadaan", "tema", "wilayah")


@dataclass(frozen=True, slots=True)
class Filters:
    """The choices in an address, each empty or known to be good; what is none is left out."""

    keadaan: str = ""
    tema: str = ""
    wilayah: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        said = {name: query.get(name, "") for name in _NAMES}
        place = places.gazetteer().by_code.get(said["wilayah"])
        return cls(
            keadaan=said["keadaan"] if said["keadaan"] in {LIVE, *(one.value for one in PUBLIC)} else "",
            tema=said["tema"] if said["tema"] in {one.code for one in partners.themes()} else "",
            wilayah=place.code if place and place.parent_code else "",
        )

    def wanted(self) -> Wanted:
        return Wanted(self.wilayah, self.tema, self.keadaan)

    def query(self, **changes: str) -> str:
        """The address's part after the page, `?` included; empty if nothing is chosen."""
        changed = replace(self, **{name: value for name, value in changes.items() if name in _NAMES})
        pairs = {name: getattr(changed, name) for name in _NAMES} | changes
        chosen = urlencode({name: value for name, value in pairs.items() if value})
        return f"?{chosen}" if chosen else ""

    def said(self) -> list[str]:
        """What is chosen, in words."""
        place = places.gazetteer().by_code.get(self.wilayah)
        themes = {one.code: one.label for one in partners.themes()}
        states = dict(state_choices())
        said = [states.get(self.keadaan, ""), themes.get(self.tema, ""), place.label if place else ""]
        return [words for words in said if words]

    def fields(self) -> dict[str, Any]:
        """The choices of the form, ready to print."""
        return {
            "states": options((code, label, code == self.keadaan) for code, label in state_choices()),
            "themes": options((one.code, one.label, one.code == self.tema) for one in partners.themes()),
            "places": place_options(self.wilayah),
        }


def state_choices() -> list[tuple[str, str]]:
    return [(LIVE, _("Dibuka atau berjalan")), *((one.value, str(STATES[one])) for one in PUBLIC)]


def place_options(chosen: str) -> Any:
    """The kecamatan, and inside a chosen one its kelurahan: a second step, so that the form stays light."""
    gazetteer = places.gazetteer()
    place = gazetteer.by_code.get(chosen)
    district = place.parent_code if place and place.is_settlement else chosen
    rows = []
    for row in gazetteer.districts:
        rows.append((row.code, row.label, row.code == chosen))
        if row.code == district:
            rows += [(one.code, f"– {one.label}", one.code == chosen) for one in gazetteer.within(row.code)]
    return options(rows)


def page_number(text: str) -> int:
    """A page's number by its address; whatever is none is the first."""
    is_number = text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text)
    return min(int(text), LAST_PAGE) if is_number else 1
