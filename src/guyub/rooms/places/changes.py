"""Codes that end and begin, and other names: lists from a decree, taken in whole or refused row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from guyub.events.places import AliasAdded, PlaceSucceeded
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.places import codes
from guyub.rooms.places.matching import fold, read_code
from guyub.rooms.places.models import Alias, Kind, Place, Succession
from guyub.rooms.places.queries import Gazetteer, forget, read

KINDS = {
    codes.KECAMATAN: Kind.DISTRICT,
    codes.KELURAHAN: Kind.WARD,
    codes.DESA: Kind.VILLAGE,
    codes.DESA_ADAT: Kind.VILLAGE,
}


class WrongRows(ValueError):
    """Nothing was changed; `problems` says what is wrong, each with its row counted from 1."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"row {row}: {words}" for row, words in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a decree: where `old_code` stood, `new_code` stands from `on`. `new_name` if it is new."""

    old_code: str
    new_code: str
    new_name: str
    on: date
    legal_basis: str


def add_aliases(*, rows: Iterable[Mapping[str, str]], at: datetime) -> int:
    """Other names of places, from rows with `code` and `name`; returns how many were new. Raises `WrongRows`."""
    with transaction.atomic():
        known = {place.code: place for place in Place.objects.all()}
        problems, added = [], 0
        for number, row in enumerate(rows, start=1):
            code, name = read_code(row.get("code")), " ".join(str(row.get("name") or "").split())
            if code not in known:
                problems.append((number, f"there is no place with the code '{row.get('code')}' here"))
            elif not 2 <= len(name) <= 80 or not fold(name):
                problems.append((number, "the name must have 2 to 80 characters"))
            else:
                added += _add_alias(known[code], name, at)
        if problems:
            raise WrongRows(problems)
    forget()
    return added


def _add_alias(place: Place, name: str, at: datetime) -> bool:
    row, new = Alias.objects.get_or_create(place=place, folded=fold(name), defaults={"name": name})
    if new:
        ledger.record(AliasAdded(alias=row.pk), subject=f"places.place:{place.code}", at=at, place=place.code)
    return new


def succeed(*, rows: Iterable[Mapping[str, str]], at: datetime) -> list[Change]:
    """Splits and mergers of codes: rows with `old_code`, `new_code`, `new_name`, `on` and `basis`.

    An old code that is not among its own successors ends on that day; a new one begins. Returns what was new.
    Raises `WrongRows`.
    """
    with transaction.atomic():
        known = read(on=at.date())
        read_rows = [_read(number, row, known) for number, row in enumerate(rows, start=1)]
        problems = [(n, one) for n, one in enumerate(read_rows, start=1) if isinstance(one, str)]
        changes = [one for one in read_rows if isinstance(one, Change)]
        if not problems:
            problems = _contradictions(changes, known)
        if problems:
            raise WrongRows(problems)
        done = [
            change
            for change in sorted(changes, key=lambda c: (len(c.new_code), c.new_code))
            if _do(change, at)
        ]
        _end(changes)
    forget()
    return done


def _read(number: int, row: Mapping[str, str], known: Gazetteer) -> Change | str:
    """A row as a change, or what is wrong with it."""
    old, new = read_code(row.get("old_code")), read_code(row.get("new_code"))
    city = get_city().code
    if not old.startswith(f"{city}.") or not new.startswith(f"{city}."):
        return f"both codes must be of kecamatan, kelurahan or desa of {city}"
    if len(old) != len(new):
        return f"{old} and {new} are not of one level"
    try:
        on = date.fromisoformat(str(row.get("on") or "").strip())
    except ValueError:
        return "the day must be written like 2027-01-31"
    basis = " ".join(str(row.get("basis") or "").split())
    if not 5 <= len(basis) <= 200:
        return "the legal basis is missing (at most 200 characters)"
    name = " ".join(str(row.get("new_name") or "").split())[:80]
    region = codes.find_region(new)
    if new not in known.by_code and not name and region is None:
        return f"{new} is new here and has no name"
    return Change(old, new, name or (region.name if region else known.by_code[new].name), on, basis)


def _contradictions(changes: list[Change], known: Gazetteer) -> list[tuple[int, str]]:
    """What each row alone does not show."""
    found = []
    begun = {change.new_code for change in changes} | set(known.by_code)
    days: dict[str, date] = {}
    ends = {c.old_code for c in changes} - {c.new_code for c in changes if c.new_code == c.old_code}
    for number, change in enumerate(changes, start=1):
        row = known.by_code.get(change.new_code)
        if days.setdefault(change.old_code, change.on) != change.on:
            found.append((number, f"{change.old_code} ends on another day in an earlier row"))
        elif change.new_code in ends:
            found.append((number, f"{change.new_code} ends by another row of this list"))
        elif (
            row is not None
            and not row.stands
            and change.new_code not in known.followed_by.get(change.old_code, ())
        ):
            found.append((number, f"{change.new_code} stands no more"))
        elif len(change.new_code) == 13 and codes.parent_of(change.new_code) not in begun:
            found.append((number, f"its kecamatan {codes.parent_of(change.new_code)} is not known"))
    return found


def _do(change: Change, at: datetime) -> bool:
    """Let the new code begin, if it is not there, and remember whom it follows."""
    parent = Place.objects.filter(code=codes.parent_of(change.new_code)).first()
    Place.objects.get_or_create(
        code=change.new_code,
        defaults={
            "name": change.new_name,
            "kind": KINDS[codes.kind_of(change.new_code)],
            "parent": parent,
            "valid_from": change.on,
        },
    )
    row, new = Succession.objects.get_or_create(
        old_code=change.old_code,
        new_code=change.new_code,
        defaults={"effective_on": change.on, "legal_basis": change.legal_basis},
    )
    if new:
        fact = PlaceSucceeded(
            succession=row.pk,
            old_code=change.old_code,
            new_code=change.new_code,
            effective_on=change.on.isoformat(),
        )
        ledger.record(fact, subject=f"places.place:{change.old_code}", at=at, place=change.new_code)
    return new


def _end(changes: list[Change]) -> None:
    staying = {change.old_code for change in changes if change.old_code == change.new_code}
    for change in changes:
        if change.old_code not in staying:
            Place.objects.filter(code=change.old_code, valid_until=None).update(valid_until=change.on)
