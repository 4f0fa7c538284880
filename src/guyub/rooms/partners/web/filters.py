"""What a reader asks of the list or of the network, read from the address and written back into addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from guyub.rooms.partners.listing import BODIES, Wanted, kind_choices
from guyub.rooms.partners.reference import theme_labels, themes
from guyub.rooms.partners.rules import Kind
from guyub.rooms.partners.wording import KINDS
from guyub.rooms.places import api as places
from guyub.ui.rows import options

LONGEST = 80
LAST_PAGE = 500
_NAMES = ("cari", "jenis", "tema", "wilayah", "terverifikasi")


@dataclass(frozen=True, slots=True)
class Filters:
    """The choices in an address, each empty or known to be good; what is none is left out."""

    cari: str = ""
    jenis: str = ""
    tema: str = ""
    wilayah: str = ""
    terverifikasi: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        said = {name: query.get(name, "") for name in _NAMES}
        words = " ".join("".join(sign for sign in said["cari"] if sign.isprintable()).split())
        place = places.gazetteer().by_code.get(said["wilayah"])
        return cls(
            cari=words[:LONGEST],
            jenis=said["jenis"] if said["jenis"] in {BODIES, *(kind.value for kind in Kind)} else "",
            tema=said["tema"] if said["tema"] in theme_labels() else "",
            wilayah=place.code if place and place.parent_code else "",
            terverifikasi="1" if said["terverifikasi"] == "1" else "",
        )

    def wanted(self) -> Wanted:
        return Wanted(self.cari, self.jenis, self.tema, self.wilayah, bool(self.terverifikasi))

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
            f"“{self.cari}”" if self.cari else "",
            dict(kind_choices())[self.jenis] if self.jenis else "",
            theme_labels().get(self.tema, ""),
            place.label if place else "",
        ]
        return [words for words in said if words]

    def besides_words(self) -> list[tuple[str, str]]:
        return [(name, getattr(self, name)) for name in _NAMES if name != "cari" and getattr(self, name)]

    def fields(self) -> dict[str, Any]:
        """The choices of the form, ready to print."""
        return {
            "kinds": options((code, label, code == self.jenis) for code, label in kind_choices()),
            "themes": options((one.code, one.label, one.code == self.tema) for one in themes()),
            "places": place_options(self.wilayah),
        }


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
    return (
        min(int(text), LAST_PAGE)
        if text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text)
        else 1
    )


def kind_label(kind: str) -> str:
    return str(KINDS[Kind(kind)])
