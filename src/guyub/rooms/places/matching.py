"""Which place a feature of a file means: by its official code, else by its name within its parent. Plain rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from guyub.rooms.places import codes

_CODES = (
    "kode", "code", "kodewilayah", "kodekemendagri", "kodepum", "kdepum", "kdcpum",
    "kodedesa", "kodekel", "kodekelurahan", "kodekeldesa", "kodekec", "kodekecamatan",
)  # fmt: skip
_SETTLEMENTS = ("wadmkd", "kelurahan", "desa", "keldesa", "namakelurahan", "namadesa", "nmdesa")
_DISTRICTS = ("wadmkc", "kecamatan", "namakecamatan", "nmkec")
_NAMES = ("nama", "name", "namobj", "namawilayah")
_WORDS = re.compile(r"^(kelurahan|kel|desa|kecamatan|kec|nagari|gampong|kampung)\b[.\s]*")


@dataclass(frozen=True, slots=True)
class Known:
    """A place as far as matching needs it. `names` are all its names, folded."""

    code: str
    names: frozenset[str]
    parent_names: frozenset[str]
    is_settlement: bool


@dataclass(frozen=True, slots=True)
class Meant:
    """The code that a feature means, or in `problem` why none; `note` is worth telling though it matched."""

    code: str = ""
    problem: str = ""
    note: str = ""


def fold(name: str) -> str:
    """How names are compared: "Kel. Cihaur Geulis" and "CIHAURGEULIS" are one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold().strip()
    bare = re.sub(r"[^a-z0-9]", "", _WORDS.sub("", plain))
    return (bare or re.sub(r"[^a-z0-9]", "", plain))[:80]


class Matcher:
    """Knows the places of one city; `successors` leads an ended code to those that stand today."""

    def __init__(self, known: Iterable[Known], successors: Mapping[str, tuple[str, ...]], city: str) -> None:
        self.known = {one.code: one for one in known}
        self.successors = successors
        self.city = city

    def meant(self, properties: Mapping[str, Any], *, code_property: str = "") -> Meant:
        """The place that a feature's properties name."""
        fields = {_key(name): value for name, value in properties.items()}
        if code_property:
            if _key(code_property) not in fields:
                return Meant(problem=f"it has no property '{code_property}'")
            return self._by_code(fields[_key(code_property)], fields)
        given = [fields[name] for name in _CODES if fields.get(name) not in (None, "")]
        if not given:
            return self._by_name(fields)
        read = [code for code in map(read_code, given) if code]
        return self._by_code(max(read, key=len) if read else given[0], fields)

    def _by_code(self, value: Any, fields: Mapping[str, Any]) -> Meant:
        code = read_code(value)
        if not code:
            return Meant(problem=_why_no_code(value))
        if code in self.known:
            return Meant(code, note=self._name_differs(code, fields))
        new = self.successors.get(code, ())
        if len(new) == 1 and new[0] in self.known:
            return Meant(new[0], note=f"code {code} has ended; it is taken as its successor {new[0]}")
        if new:
            return Meant(problem=f"code {code} was split into {', '.join(new)}; which of them is meant?")
        region = codes.find_region(code)
        if region is None:
            return Meant(problem=f"code {code} is not among the official codes")
        if code == self.city or len(code) <= len(self.city):
            return Meant(problem=f"{region.name} ({code}) is no kecamatan, kelurahan or desa")
        return Meant(problem=f"{region.label} ({code}) does not belong to this city")

    def _name_differs(self, code: str, fields: Mapping[str, Any]) -> str:
        known = self.known[code]
        own = _SETTLEMENTS if known.is_settlement else _DISTRICTS
        name = _first(fields, (*_NAMES, *own))
        if name and fold(name) not in known.names:
            return f"the file calls {code} '{name[:60]}'; if that is a name of it, add it as an alias"
        return ""

    def _by_name(self, fields: Mapping[str, Any]) -> Meant:
        district = _first(fields, _DISTRICTS)
        settlement = _first(fields, _SETTLEMENTS) or (_first(fields, _NAMES) if district else "")
        name = settlement or district or _first(fields, _NAMES)
        if not name:
            return Meant(problem="it has neither a code nor a name")
        found = [one for one in self.known.values() if fold(name) in one.names]
        if settlement:
            found = [one for one in found if one.is_settlement]
            if district:
                found = [one for one in found if fold(district) in one.parent_names]
        elif district:
            found = [one for one in found if not one.is_settlement]
        if len(found) == 1:
            return Meant(found[0].code)
        if found:
            return Meant(
                problem=f"'{name[:60]}' may be {', '.join(one.code for one in found)}; give a code or the kecamatan"
            )
        return Meant(
            problem=f"no place here is called '{name[:60]}'; if it is another name, add it as an alias"
        )


def read_code(value: Any) -> str:
    """A kecamatan's or village's code however it is spelt, dotted; empty if it is none."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e12:
        value = int(value)
    digits = re.sub(r"[\s.\-/]", "", str(value)[:40])
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in (4, 6, 10):
        return ""
    try:
        return codes.dotted(digits)
    except codes.UnknownRegion:
        return ""


def _why_no_code(value: Any) -> str:
    digits = re.sub(r"\D", "", str(value)[:40])
    if len(digits) in (7, 10):
        return f"'{str(value)[:40]}' looks like a code of BPS; codes here are those of Kemendagri"
    return f"'{str(value)[:40]}' is not written like a code"


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", str(name).casefold())


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    return next(
        (fields[n].strip() for n in names if isinstance(fields.get(n), str) and fields[n].strip()), ""
    )
