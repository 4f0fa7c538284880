"""The categories as a spreadsheet: what stands there today, mended and sent back.

A code that is there stays: reports and the decision table name it. What is not written stays as it is, and a category
that is no longer used is switched off, so that old reports keep it.
"""

from __future__ import annotations

import difflib
import re
from datetime import date, datetime
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import api as casework
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Column, Names, Row, RowRefused, Table, Taker
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.models import Category, Report
from guyub.rooms.reports.seeds import BASIS, OVERSIGHT_AGENCY

T = TypeVar("T")
KINDS = {"biasa": (False, False), "bahaya": (True, False), "perilaku": (False, True)}
LEVELS = {"kelurahan": "KELURAHAN", "kecamatan": "KECAMATAN", "perangkat daerah": "AGENCY"}
YES, NO = "ya", "tidak"
TABLE = Table(
    "kategori",
    gettext_lazy("Kategori laporan"),
    gettext_lazy(
        "Mengubah nama, petunjuk, kata pencarian, dan kantor tiap kategori, atau menambah kategori. Kode yang "
        "sudah ada tidak berubah; kategori yang tidak ditulis tetap seperti adanya."
    ),
    500,
    (
        Column("code", "Kode", True, "jalan-gang"),
        Column("group", "Kelompok", True, "Jalan dan jembatan"),
        Column("name_id", "Nama", True, "Jalan gang rusak"),
        Column("name_en", "Nama Inggris", True, "Broken alley"),
        Column("hint_id", "Petunjuk", False, "Sebutkan nama gang dan patokannya."),
        Column("hint_en", "Petunjuk Inggris", False, "Name the alley and a landmark."),
        Column("words_id", "Kata pencarian", False, "gang; lorong"),
        Column("words_en", "Kata pencarian Inggris", False, "alley; lane"),
        Column("kind", "Golongan", True, "biasa"),
        Column("level", "Tingkat", True, "kelurahan"),
        Column("agency", "Perangkat daerah", True, "pu"),
        Column("external", "Instansi luar", False, "jalan-provinsi"),
        Column("active", "Dipakai", True, YES),
    ),
)
_TEXTS = ("name_id", "name_en", "hint_id", "hint_en", "words_id", "words_en")


def present(at: datetime) -> list[dict[str, str]]:
    """The categories as they stand, conduct among them. Two queries."""
    routes = casework.reach.first_routes(on=local_date(at, get_city().tz))
    return [_written(row, routes.get(row.code)) for row in Category.objects.order_by("position", "id")]


def _written(row: Category, route: casework.reach.Row | None) -> dict[str, str]:
    return {
        **{name: getattr(row, name) for name in _TEXTS},
        "code": row.code,
        "group": row.group_id,
        "kind": _name(KINDS, (row.is_hazard, row.is_conduct)),
        "level": _name(LEVELS, route.level) if route else "",
        "agency": (route.agency or route.backing) if route else "",
        "external": "; ".join(row.external),
        "active": YES if row.is_active else NO,
    }


def _name(names: dict[str, T], value: T) -> str:
    return next((name for name, one in names.items() if one == value), "")


def choices() -> dict[str, list[str]]:
    """What may be written where."""
    offices = casework.table.named_offices()
    return {
        "Kelompok": list(dict.fromkeys(row.group_id for row in categories().rows)),
        "Golongan": list(KINDS),
        "Tingkat": list(LEVELS),
        "Kode kantor": [office.key for office in offices],
        "Kantor": [office.name for office in offices],
        "Instansi luar": [office.key.removeprefix("luar:") for office in offices_outside()],
        "Dipakai": [YES, NO],
    }


def offices_outside() -> list[people.Office]:
    return people.directory().of_kind(people.OrganisationKind.EXTERNAL)


def take(row: Row, names: Names, by: int | None, at: datetime) -> tuple[str, bool]:
    """Take over one row: what is new, and whether a category was added."""
    said, on = row.values, local_date(at, get_city().tz)
    code = said["code"].lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", code):
        raise RowRefused("code", _("Kode memakai huruf kecil, angka, dan tanda hubung."))
    there = Category.objects.select_for_update().filter(code=code).first()
    category = there or Category(code=code, position=_next_position())
    before = _values(category) if there else None
    _fill(category, said)
    is_routed = _send(category, said, names, on=on)
    if before == _values(category):
        return (_("Kantor diubah: %(name)s") % {"name": category.name_id} if is_routed else ""), False
    category.save()
    words = _("Kategori diubah: %(name)s") if there else _("Kategori baru: %(name)s")
    return words % {"name": category.name_id}, there is None


def _values(category: Category) -> tuple[object, ...]:
    kept = (*_TEXTS, "group", "is_hazard", "is_conduct", "is_active", "external")
    return tuple(getattr(category, name) for name in kept)


def _next_position() -> int:
    last = Category.objects.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _fill(category: Category, said: dict[str, str]) -> None:
    for name in _TEXTS:
        if len(said[name]) > getattr(Category._meta.get_field(name), "max_length", 0):
            raise RowRefused(name, _("Terlalu panjang."))
        setattr(category, name, said[name])
    group = _group(said["group"])
    category.group, category.group_id, category.group_en = group.group, group.group_id, group.group_en
    is_hazard, is_conduct = _one_of(KINDS, said["kind"], "kind")
    if (
        category.pk
        and is_conduct != category.is_conduct
        and Report.objects.filter(category=category).exists()
    ):
        words = _(
            "Sudah ada laporannya: golongan perilaku tidak dapat ditambah atau dilepas. Buat kategori baru."
        )
        raise RowRefused("kind", words)
    category.is_hazard, category.is_conduct = is_hazard, is_conduct
    category.external = _bodies(said["external"])
    category.is_active = _one_of({YES: True, NO: False}, said["active"], "active")


def _group(text: str) -> Category:
    """Any category of a group. A group is made with the city's pages, not by a slip of the pen."""
    rows = categories().rows
    names = {name.lower(): row for row in reversed(rows) for name in (row.group, row.group_id, row.group_en)}
    if text.lower() not in names:
        near = difflib.get_close_matches(text.lower(), list(names), n=1, cutoff=0.6)
        if near:
            best = names[near[0]].group_id
            raise RowRefused("group", _("Tidak dikenal. Mungkin maksudnya %(name)s?") % {"name": best})
        known = ", ".join(dict.fromkeys(row.group_id for row in rows))
        raise RowRefused("group", _("Kelompok tidak dikenal. Pilih: %(names)s.") % {"names": known})
    return names[text.lower()]


def _bodies(text: str) -> list[str]:
    """Bodies outside the city by the codes that follow `luar:` in their keys."""
    codes = [part.strip().lower() for part in text.split(";") if part.strip()]
    for code in codes:
        if people.directory().find_key(f"luar:{code}") is None:
            raise RowRefused("external", _("Instansi luar “%(name)s” tidak dikenal.") % {"name": code})
    return codes


def _one_of(names: dict[str, T], text: str, column: str) -> T:
    if text.lower() not in names:
        raise RowRefused(column, _("Pilih salah satu: %(names)s.") % {"names": ", ".join(names)})
    return names[text.lower()]


def _send(category: Category, said: dict[str, str], names: Names, *, on: date) -> bool:
    """Let the decision table say what the row says, if it may still be put down here; whether that was new."""
    level, key = _one_of(LEVELS, said["level"], "level"), names.find(said["agency"], "agency").key
    if category.is_conduct:
        level, key = "AGENCY", OVERSIGHT_AGENCY  # whatever is written: the law says so
    elif key not in {office.key for office in casework.table.named_offices()}:
        raise RowRefused("agency", _("Kantor ini tidak dapat disebut tabel kewenangan."))
    route = casework.reach.first_routes(on=on, category=category.code).get(category.code)
    if route and (route.level, route.agency or route.backing) == (level, key):
        return False
    try:
        casework.reach.put_first_route(category=category.code, level=level, agency=key, on=on, basis=BASIS)
    except casework.reach.AlreadyUsed:
        words = _(
            "Tabel kewenangan sudah dipakai untuk kategori ini. Ubah kantornya lewat usul perubahan kewenangan."
        )
        raise RowRefused("agency", words) from None
    return True


people.register_table(
    TABLE, Taker(take, ("code",), present=present, choices=choices, forget=categories.forget)
)
