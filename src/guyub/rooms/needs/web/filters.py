"""What a reader asks of a list, read from the address and written back into addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from guyub.rooms.needs.listing import Wanted, theme_labels
from guyub.rooms.needs.rules import Resource
from guyub.rooms.needs.wording import RESOURCES
from guyub.rooms.places import api as places
from guyub.ui.rows import options

LAST_PAGE = 50  # as far as is counted; whoever looks further narrows the list
_NAMES = ("tema", "jenis", "wilayah", "selesai")


@dataclass(frozen=True, slots=True)
class Filters:
    """The choices in an address, each empty or known to be good; what is none is left out."""

    tema: str = ""
    jenis: str = ""
    wilayah: str = ""
    selesai: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        said = {name: query.get(name, "") for name in _NAMES}
        place = places.gazetteer().by_code.get(said["wilayah"])
        return cls(
            tema=said["tema"] if said["tema"] in theme_labels() else "",
            jenis=said["jenis"] if said["jenis"] in set(Resource) else "",
            wilayah=place.code if place and place.parent_code else "",
            selesai="1" if said["selesai"] == "1" else "",
        )

    def wanted(self) -> Wanted:
        return Wanted(self.tema, self.wilayah, self.jenis, bool(self.selesai))

    def query(self, **changes: str) -> str:
        """The address's part after the page, `?` included; empty if nothing is chosen."""
        own = {name: value for name, value in changes.items() if name in _NAMES}
        changed = replace(self, **own)
        pairs = {name: getattr(changed, name) for name in _NAMES} | {
            name: value for name, value in changes.items() if name not in _NAMES
        }
        chosen = urlencode({name: value for name, value in pairs.items() if value})
        return f"?{chosen}" if chosen else ""

    def said(self) -> list[str]:
        """What is chosen, in words."""
        place = places.gazetteer().by_code.get(self.wilayah)
        said = [
            theme_labels().get(self.tema, ""),
            str(RESOURCES[Resource(self.jenis)]) if self.jenis else "",
            place.label if place else "",
        ]
        return [words for words in said if words]

    def fields(self) -> dict[str, Any]:
        """The choices of the form, ready to print."""
        return {
            "themes": options((code, label, code == self.tema) for code, label in theme_labels().items()),
            "resources": options(
                (one.value, str(label), one == self.jenis) for one, label in RESOURCES.items()
            ),
            "places": place_options(self.wilayah),
        }


def place_options(chosen: str) -> SafeString:
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
    good = text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text) > 0
    return min(int(text), LAST_PAGE) if good else 1
