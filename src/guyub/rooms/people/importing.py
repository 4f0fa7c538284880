"""Applying a filled table: all rows or none, by the very actions that the pages use.

A dry run does everything and takes it back. So what it promises is what happens, rule for rule.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guyub.events.people import TableImported
from guyub.kernel.access.api import ROLES
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.actions import add_account, add_organisation
from guyub.rooms.people.granting import Basis, GrantRefused, give_grant, place_of
from guyub.rooms.people.models import Account, Grant, Organisation, OrganisationKind
from guyub.rooms.people.queries import forget
from guyub.rooms.people.rules import Kind
from guyub.rooms.people.tables import MAX_CELL, TABLES, Filled, Row, Table, parsed_date, read

MOST_PROBLEMS = 200


class RowRefused(ValueError):
    """A row cannot be taken over; `column` is the name of the column that is wrong."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where: the line of the file and the heading of the column."""

    line: int
    column: str
    words: str


@dataclass(slots=True)
class Outcome:
    """What a table does, or would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    news: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _TakenBack(Exception):
    """Ends a dry run, and a run with problems: nothing of it stays."""


def import_file(content: bytes, *, table: str, by: int | None, at: datetime, apply: bool) -> Outcome:
    """Read and take over a file, as the command line does. Raises `CannotRead`."""
    chosen = TABLES[table]
    return run(read(content, table=chosen), table=chosen, by=by, at=at, apply=apply)


def run(rows: Iterable[Row], *, table: Table, by: int | None, at: datetime, apply: bool) -> Outcome:
    """Take over the rows, or see what would happen. With a single problem nothing is taken over."""
    found = Outcome()
    try:
        with transaction.atomic():
            _each(list(rows), found, table=table, by=by, at=at)
            if found.problems or not apply:
                raise _TakenBack
            if found.added or found.changed:
                fact = TableImported(table=table.code, added=found.added, changed=found.changed)
                ledger.record(fact, subject=f"people.table:{table.code}", at=at, by=by)
    except _TakenBack:
        pass
    finally:
        forget()
        _TAKERS[table.code].forget()
    return found


def _each(rows: list[Row], found: Outcome, *, table: Table, by: int | None, at: datetime) -> None:
    names = Names()
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        names.made_by_row.clear()
        try:
            _check_cells(row, table)
            _check_once(row, table, seen)
            with transaction.atomic():
                news, is_new = _TAKERS[table.code].take(row, names, by, at)
        except RowRefused as refused:
            names.take_back()
            found.problems.append(Problem(row.line, table.heading(refused.column), str(refused)))
        except GrantRefused as refused:
            names.take_back()
            column = _COLUMN_OF.get(refused.field, refused.field)
            found.problems.append(Problem(row.line, table.heading(column), str(refused)))
        else:
            found.added += bool(news and is_new)
            found.changed += bool(news and not is_new)
            found.unchanged += not news
            if news:
                found.news.append((row.line, news))
        if len(found.problems) >= MOST_PROBLEMS:
            return


# A grant's fields, as the tables name them.
_COLUMN_OF = {"account": "email", "until": "last", "organisation": "office"}


def _check_cells(row: Row, table: Table) -> None:
    if row.formulas:
        raise RowRefused(row.formulas[0], _("Sel ini berisi rumus. Tulis nilainya saja."))
    for column in table.columns:
        if column.required and not row.values[column.name]:
            raise RowRefused(column.name, _("Belum diisi."))
        if len(row.values[column.name]) > MAX_CELL:
            raise RowRefused(column.name, _("Terlalu panjang."))


def _check_once(row: Row, table: Table, seen: dict[tuple[str, ...], int]) -> None:
    """The same thing twice in one file is a mistake that somebody should look at."""
    identity = _TAKERS[table.code].identity
    key = tuple(row.values[name].lower() for name in identity)
    if key in seen:
        raise RowRefused(identity[0], _("Sama dengan baris %(line)d.") % {"line": seen[key]})
    seen[key] = row.line


class Names:
    """The offices by every name that a table may use, and what is nearest to a name that is none."""

    def __init__(self) -> None:
        self.names_of_accounts: dict[str, str] = {}
        self.made_by_row: list[str] = []
        self.newest_grant = Grant.objects.aggregate(newest=Max("pk"))["newest"] or 0
        self.offices: dict[str, list[Organisation]] = {}
        self.by_key: dict[str, Organisation] = {}
        for office in Organisation.objects.filter(is_active=True).select_related("parent").order_by("pk"):
            self.add(office)

    def add(self, office: Organisation) -> None:
        self.by_key[office.key] = office
        for name in {office.key.lower(), office.name.lower(), office.short_name.lower()}:
            rows = [one for one in self.offices.get(name, []) if one.pk != office.pk]
            self.offices[name] = [*rows, office]
        if office.kind in (OrganisationKind.WARD, OrganisationKind.VILLAGE):
            for bare in (office.place_code, re.sub(r"^\w+ ", "", office.name.lower())):
                if office not in self.offices.setdefault(bare, []):
                    self.offices[bare].append(office)

    def take_back(self) -> None:
        """What a refused row made is gone again."""
        for key in self.made_by_row:
            self.by_key.pop(key, None)
        self.made_by_row.clear()

    def find(self, text: str, column: str, kinds: Iterable[str] = ()) -> Organisation:
        """The office of a name. Raises `RowRefused` with what is nearest."""
        wanted = set(kinds)
        known = {
            name: [one for one in rows if not wanted or one.kind in wanted]
            for name, rows in self.offices.items()
        }
        rows = known.get(text.lower(), [])
        if len(rows) == 1:
            return rows[0]
        if rows:
            said = ", ".join(f"{one.name} ({one.key})" for one in rows[:4])
            raise RowRefused(column, _("Ada beberapa: %(names)s. Tulis kodenya.") % {"names": said})
        near = difflib.get_close_matches(
            text.lower(), [name for name in known if known[name]], n=1, cutoff=0.6
        )
        if near:
            best = known[near[0]][0].name
            raise RowRefused(column, _("Tidak dikenal. Mungkin maksudnya %(name)s?") % {"name": best})
        raise RowRefused(column, _("Kantor ini tidak ada di daftar."))


def _take_office(row: Row, names: Names, by: int | None, at: datetime) -> tuple[str, bool]:
    said = row.values
    key = said["key"].lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9:._-]{0,59}", key):
        raise RowRefused("key", _("Kode memakai huruf kecil, angka, dan tanda hubung."))
    kind = _kind(said["kind"])
    if len(said["name"]) > 160 or len(said["short_name"]) > 60:
        raise RowRefused("name", _("Terlalu panjang."))
    parent = names.find(said["parent"], "parent") if said["parent"] else None
    there = names.by_key.get(key)
    if there is None:
        if kind not in (OrganisationKind.AGENCY, OrganisationKind.COMMAND_CENTRE):
            raise RowRefused(
                "kind", _("Kantor jenis ini dibuat dari daftar wilayah; di sini hanya perangkat daerah.")
            )
        pk = add_organisation(
            key=key,
            kind=kind,
            name=said["name"],
            short_name=said["short_name"],
            place=get_city().code,
            parent=parent.pk if parent else None,
        )
        made = Organisation.objects.select_related("parent").get(pk=pk)
        _found_at(made, said)
        made.save()
        names.add(made)
        return _("Kantor baru: %(name)s") % {"name": said["name"]}, True
    return _changed_office(there, said, kind, parent), False


def _changed_office(there: Organisation, said: dict[str, str], kind: str, parent: Organisation | None) -> str:
    if kind != there.kind:
        raise RowRefused("kind", _("Jenis kantor yang sudah ada tidak dapat diubah."))
    if parent is not None and (parent.pk == there.pk or there.pk in _chain(parent)):
        raise RowRefused("parent", _("Kantor tidak dapat menjadi induknya sendiri."))
    before = _values(there)
    there.name, there.short_name = said["name"], said["short_name"]
    there.parent = parent or there.parent
    _found_at(there, said)
    after = _values(there)
    if after == before:
        return ""
    there.save()
    if after[:3] == before[:3]:
        return _("Alamat, telepon, atau jam buka diubah: %(name)s") % {"name": there.name}
    return _("Nama atau induk diubah: %(name)s") % {"name": there.name}


_FOUND_AT = ("address", "phone", "hours")


def _values(office: Organisation) -> tuple[object, ...]:
    where = (getattr(office, name) for name in _FOUND_AT)
    return office.name, office.short_name, office.parent_id, *where


def _found_at(office: Organisation, said: dict[str, str]) -> None:
    """Where it is and when it is open; an empty cell leaves what is there."""
    for name in _FOUND_AT:
        if len(said[name]) > (getattr(Organisation._meta.get_field(name), "max_length", 0) or 0):
            raise RowRefused(name, _("Terlalu panjang."))
        if said[name]:
            setattr(office, name, said[name])


def _present_offices(at: datetime) -> Filled:
    """The offices as they stand; RT, RW and bodies outside the city are kept elsewhere."""
    elsewhere = (OrganisationKind.RT, OrganisationKind.RW, OrganisationKind.EXTERNAL)
    rows = Organisation.objects.filter(is_active=True).exclude(kind__in=elsewhere).select_related("parent")
    return [
        {
            **{name: getattr(row, name) for name in ("key", "name", "short_name", *_FOUND_AT)},
            "kind": OrganisationKind(row.kind).label,
            "parent": row.parent.key if row.parent else "",
        }
        for row in rows.order_by("kind", "name")
    ]


def _chain(office: Organisation) -> list[int]:
    found: list[int] = []
    row: Organisation | None = office
    while row is not None and row.pk not in found:
        found.append(row.pk)
        row = row.parent
    return found


def _kind(text: str) -> str:
    for value, label in OrganisationKind.choices:
        if text.lower() in (value.lower(), label.lower()):
            return value
    known = ", ".join(label for _value, label in OrganisationKind.choices)
    raise RowRefused("kind", _("Jenis tidak dikenal. Pilih: %(names)s.") % {"names": known})


def _take_officer(row: Row, names: Names, by: int | None, at: datetime) -> tuple[str, bool]:
    said = row.values
    email = _email(said["email"])
    role = _role(said["role"])
    office = names.find(said["office"], "office")
    _one_name(names, email, said["name"])
    new = not Account.objects.filter(email=email).exists()
    account = add_account(email=email, name=said["name"][:120])
    told = _give(row, names, account=account, role=role, office=office, by=by, at=at)
    if not told:
        return "", False
    return f"{said['name']}: {ROLES[role].label}, {office.name}" + (_(" (akun baru)") if new else ""), True


def _one_name(names: Names, email: str, name: str) -> None:
    """One address is one person: two names for it in one file, or another than the account's, is a mistake."""
    known = names.names_of_accounts.get(email)
    if known is None:
        known = Account.objects.filter(email=email).values_list("name", flat=True).first() or name
        names.names_of_accounts[email] = known
    if known.lower() != name.lower():
        raise RowRefused("email", _("Surel ini sudah dipakai orang lain: %(name)s.") % {"name": known})


def _give(
    row: Row, names: Names, *, account: int, role: str, office: Organisation, by: int | None, at: datetime
) -> bool:
    """Give a definitive role; whether it is new."""
    said = row.values
    since = _day(said, "since")
    if since is None:
        raise RowRefused("since", _("Belum diisi."))
    last = _day(said, "last")
    grant = give_grant(
        account=account,
        role=role,
        organisation=office.pk,
        place=place_of(office),
        legal_basis=Basis(
            number=said["basis"][:160], on=_day(said, "basis_on"), about=said["basis_about"][:200]
        ),
        since=since,
        until=last + timedelta(days=1) if last else None,
        kind=Kind.DEFINITIVE,
        by=by,
        at=at,
    )
    if grant <= names.newest_grant:
        return False
    names.newest_grant = grant
    return True


def _day(said: dict[str, str], column: str) -> date | None:
    if not said[column]:
        return None
    day = parsed_date(said[column])
    if day is None:
        raise RowRefused(column, _("Tanggal tidak terbaca. Tulis seperti 2026-01-31 atau 31/01/2026."))
    return day


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise RowRefused("email", _("Alamat surel tidak benar.")) from None
    return text.lower()


def _role(text: str) -> str:
    plain = text.lower()
    names = {role.code: role.code for role in ROLES.values()}
    names |= {str(role.label).lower(): role.code for role in ROLES.values()}
    if plain in names:
        return names[plain]
    near = difflib.get_close_matches(plain, list(names), n=1, cutoff=0.6)
    if near:
        best = ROLES[names[near[0]]].label
        raise RowRefused("role", _("Tidak dikenal. Mungkin maksudnya %(name)s?") % {"name": best})
    known = ", ".join(ROLES)
    raise RowRefused("role", _("Peran tidak dikenal. Pilih: %(names)s.") % {"names": known})


def _take_unit(row: Row, names: Names, by: int | None, at: datetime) -> tuple[str, bool]:
    said = row.values
    ward = names.find(said["ward"], "ward", (OrganisationKind.WARD, OrganisationKind.VILLAGE))
    rw = _number(said, "rw")
    rt = _number(said, "rt") if said["rt"] else ""
    unit = _unit(ward, rw, "", names)
    news, is_new = unit
    if rt:
        news, is_new = _unit(ward, rw, rt, names)
    key = _unit_key(ward, rw, rt)
    if not said["name"] and not said["email"]:
        return news, is_new
    if not (said["name"] and said["email"]):
        raise RowRefused("email" if said["name"] else "name", _("Nama dan surel ketua ditulis bersama."))
    email = _email(said["email"])
    _one_name(names, email, said["name"])
    account = add_account(email=email, name=said["name"][:120])
    if _give(row, names, account=account, role="ketua_rt", office=names.by_key[key], by=by, at=at):
        news = news or _("Ketua: %(name)s") % {"name": said["name"]}
    return news, is_new


def _unit_key(ward: Organisation, rw: str, rt: str) -> str:
    return f"rt:{ward.place_code}:{rw}:{rt}" if rt else f"rw:{ward.place_code}:{rw}"


def _unit(ward: Organisation, rw: str, rt: str, names: Names) -> tuple[str, bool]:
    """The RW or RT, made if it is not there; with what is new about it."""
    key = _unit_key(ward, rw, rt)
    if key in names.by_key:
        return "", False
    short = f"RT {rt}/{rw}" if rt else f"RW {rw}"
    name = f"RT {rt} RW {rw} {ward.name}" if rt else f"RW {rw} {ward.name}"
    parent = names.by_key.get(_unit_key(ward, rw, "")) if rt else ward
    made = Organisation.objects.create(
        key=key,
        kind=OrganisationKind.RT if rt else OrganisationKind.RW,
        name=name[:160],
        short_name=short,
        parent=parent or ward,
        place_code=ward.place_code,
        unit=f"{rt}/{rw}" if rt else rw,
    )
    names.by_key[key] = made
    names.made_by_row.append(key)
    return name, True


def _number(said: dict[str, str], column: str) -> str:
    text = re.sub(r"^(rt|rw)\s*", "", said[column].lower())
    if not re.fullmatch(r"[0-9]{1,3}", text) or not text.strip("0"):
        raise RowRefused(column, _("Tulis angkanya saja, paling banyak tiga angka."))
    return text.zfill(3)


Take = Callable[[Row, Names, int | None, datetime], tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Taker:
    """How a table is taken over: `take` does a row and says what is new, and whether it was added.

    `identity` names the columns that say which thing a row is about; `present` gives what stands there today, to
    be filled in further; `choices` what may be written where; `forget` is called when a run is over.
    """

    take: Take
    identity: tuple[str, ...]
    present: Callable[[datetime], Filled] | None = None
    choices: Callable[[], dict[str, list[str]]] = dict
    forget: Callable[[], None] = lambda: None


_TAKERS: dict[str, Taker] = {
    "kantor": Taker(_take_office, ("key",), present=_present_offices),
    "petugas": Taker(_take_officer, ("email", "role", "office", "since")),
    "rtrw": Taker(_take_unit, ("ward", "rw", "rt")),
}


def register_table(table: Table, taker: Taker) -> None:
    """A room above adds a table of its own; people know how files are read, and not what they say."""
    if table.code in TABLES:
        raise ValueError(f"The table {table.code} is registered already.")
    TABLES[table.code] = table
    _TAKERS[table.code] = taker


def taker_of(table: Table) -> Taker:
    return _TAKERS[table.code]
