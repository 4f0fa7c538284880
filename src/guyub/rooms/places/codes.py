"""The official codes of Indonesian regions (Permendagri 58/2021), read; plain rules, no database.

A code is `PP`, `PP.KK`, `PP.KK.CC` or `PP.KK.CC.DDDD`: province, regency or city, kecamatan, village. Names
repeat (there are 98 Sidomulyo), so everything is keyed by the code. Names come from the `lokal` package,
which is loaded when the first name is asked for (3 MB), and takes a quarter of a second for the first village. BPS has other codes.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

PROVINSI, KABUPATEN, KOTA, KECAMATAN = "PROVINSI", "KABUPATEN", "KOTA", "KECAMATAN"
KELURAHAN, DESA, DESA_ADAT = "KELURAHAN", "DESA", "DESA_ADAT"

CODE = re.compile(r"[1-9][0-9](\.(?!00|70)[0-9]{2}(\.(?!00)[0-9]{2}(\.[123][0-9]{3})?)?)?")
FIRST_KOTA = 71  # 01-69 are kabupaten, 71-99 kota; 70 is not given out
VILLAGE_KINDS = {"1": KELURAHAN, "2": DESA, "3": DESA_ADAT}


class UnknownRegion(LookupError):
    """No region has this code, or it is not written like one."""


@dataclass(frozen=True)
class Region:
    """`name` is the official one; a kabupaten or kota carries that word in it. `parent` is a code or None."""

    code: str
    name: str
    kind: str
    parent: str | None

    @property
    def label(self) -> str:
        """The name with what it is: "Kelurahan Dago", "Nagari Singkarak", "Kota Bandung"."""
        if self.kind in (KABUPATEN, KOTA):
            return self.name
        return f"{label_of_kind(self.code)} {self.name}"


def is_code(text: str) -> bool:
    """Whether `text` is written like a code; such a region need not exist."""
    return CODE.fullmatch(text) is not None


def dotted(text: str) -> str:
    """A code as it is kept: "3273021004" becomes "32.73.02.1004". Raises `UnknownRegion`."""
    text = text.strip()
    if text.isdecimal():
        text = ".".join(part for part in (text[:2], text[2:4], text[4:6], text[6:]) if part)
    if not is_code(text):
        raise UnknownRegion(text)
    return text


def kind_of(code: str) -> str:
    """What the code itself says the region is. Raises `UnknownRegion` for what is no code."""
    if not is_code(code):
        raise UnknownRegion(code)
    parts = code.split(".")
    if len(parts) == 2:
        return KOTA if int(parts[1]) >= FIRST_KOTA else KABUPATEN
    if len(parts) == 4:
        return VILLAGE_KINDS[parts[3][0]]
    return PROVINSI if len(parts) == 1 else KECAMATAN


def parent_of(code: str) -> str | None:
    return code.rpartition(".")[0] or None


def find_region(code: str) -> Region | None:
    from lokal import wilayah

    name = wilayah.wilayah_name(code) if is_code(code) else None
    return None if name is None else Region(code, name, kind_of(code), parent_of(code))


def region(code: str) -> Region:
    """The region of a dotted code. Raises `UnknownRegion`."""
    found = find_region(code)
    if found is None:
        raise UnknownRegion(code)
    return found


def children(code: str | None = None) -> tuple[Region, ...]:
    """The regions directly below, by code; the provinces for None. Raises `UnknownRegion`."""
    if code is not None:
        region(code)
    from lokal import wilayah

    below = (Region(w.code, w.name, kind_of(w.code), parent_of(w.code)) for w in wilayah.list_wilayah(code))
    return tuple(sorted(below, key=lambda child: child.code))


@cache
def regency_codes() -> tuple[str, ...]:
    """The codes of all kabupaten and kota."""
    return tuple(regency.code for province in children() for regency in children(province.code))


def label_of_kind(code: str) -> str:
    """What people there call such a region: a desa is a nagari in West Sumatra."""
    labels, kind, prefix = _kind_labels(), kind_of(code), code
    while prefix:
        if label := labels.get(f"{prefix}:{kind}"):
            return label
        prefix = parent_of(prefix) or ""
    return labels[f":{kind}"]


def time_zone(code: str) -> ZoneInfo:
    """The time zone of the region's province (Keppres 41/1987). Raises `UnknownRegion`."""
    return _zone(code)[1]


def time_zone_label(code: str) -> str:
    """WIB, WITA or WIT."""
    return _zone(code)[0]


def _zone(code: str) -> tuple[str, ZoneInfo]:
    found = _zones().get(code[:2]) if is_code(code) else None
    if found is None:
        raise UnknownRegion(code)
    return found


@cache
def _zones() -> Mapping[str, tuple[str, ZoneInfo]]:
    return {
        province: (entry["key"], ZoneInfo(entry["value"]["zone"]))
        for entry in _entries("time_zones.json")
        for province in entry["value"]["provinces"]
    }


@cache
def _kind_labels() -> Mapping[str, str]:
    return {entry["key"]: entry["value"] for entry in _entries("kind_labels.json")}


def _entries(name: str) -> list[dict[str, Any]]:
    entries = json.loads((files("guyub.rooms.places") / "data" / name).read_text(encoding="utf-8"))
    return [entry for entry in entries if entry["effective_until"] is None]
