"""A file of SP4N-LAPOR! items: looked through row by row before anything enters."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places import api as places
from guyub.rooms.reports import lapor
from guyub.rooms.reports.lapor_rules import Item, read_fields, row_values
from guyub.rooms.reports.models import Category, Columns, ReportClass
from guyub.rooms.reports.queries import name_of

LEAST_LETTERS, MOST_LETTERS = 10, 8000


@dataclass(slots=True)
class Row:
    """A row as it would enter: `wanted` is None with `errors` in words, or when `number` says that it is here already."""

    line: int
    external_id: str
    title: str
    category: str = ""
    place: str = ""
    number: str = ""
    errors: list[str] = field(default_factory=list)
    wanted: lapor.Wanted | None = None


def rows_at_once(at: datetime) -> int:
    return rulebook.rule("lapor.rows_at_once", on=local_date(at, get_city().tz)).value["amount"]


def heading_mark(heading: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(heading)).encode()).hexdigest()


def remembered(heading: Sequence[str]) -> dict[str, int] | None:
    """How a file with this heading was read before."""
    row = Columns.objects.filter(heading=heading_mark(heading)).first()
    return row.mapping if row else None


def remember(heading: Sequence[str], mapping: Mapping[str, int], *, at: datetime) -> None:
    values = {"mapping": dict(mapping), "used_at": at}
    Columns.objects.update_or_create(heading=heading_mark(heading), defaults=values)


def check_rows(
    *, rows: Sequence[Sequence[str]], mapping: Mapping[str, int], default_category: str, at: datetime
) -> list[Row]:
    """A dry run: what each row would become, and what stands in its way. Four queries, whatever the length."""
    items = [read_fields(row_values(row, mapping)) for row in rows]
    known = lapor.entered_among([item.id for item in items if item.id])
    suggest = lapor.Suggester()
    seen: dict[str, int] = {}
    found = []
    for line, item in enumerate(items, start=2):
        row = _row(line, item, suggest, default_category, at)
        row.number = known.get(item.id, "")
        if item.id and item.id in seen:
            row.errors.append(_("Nomor ini sudah ada di baris %(n)d.") % {"n": seen[item.id]})
        seen.setdefault(item.id, line)
        if row.errors or row.number:
            row.wanted = None
        found.append(row)
    return found


def _row(line: int, item: Item, suggest: lapor.Suggester, default_category: str, at: datetime) -> Row:
    category, place = suggest(item)
    category = category or default_category
    body = lapor.body_of(item)
    when = lapor.moment_of(item, at)
    row = Row(line, item.id, (item.title or body)[:90])
    row.errors = _errors(item.id, body, when, category, place, at)
    row.category, row.place = suggest.names.get(category, ""), _label(place)
    if not row.errors and when:
        row.wanted = lapor.Wanted(
            external_id=item.id,
            body=body,
            report_class=item.report_class or ReportClass.COMPLAINT,
            category=category,
            place=place,
            received_at=when,
            landmark=lapor.landmark_of(item),
            about_conduct=item.is_conduct,
            is_anonymous=item.is_anonymous,
            is_confidential=item.is_confidential,
        )
    return row


def _errors(
    external_id: str, body: str, when: datetime | None, category: str, place: str, at: datetime
) -> list[str]:
    found = [
        (_("Nomor LAPOR! tidak ada atau tidak terbaca."), not external_id),
        (_("Isi laporan terlalu pendek."), len(body) < LEAST_LETTERS),
        (_("Isi laporan lebih dari %(n)d huruf.") % {"n": MOST_LETTERS}, len(body) > MOST_LETTERS),
        (_("Tanggal tidak ada atau tidak terbaca."), when is None),
        (_("Tanggalnya belum tiba atau terlalu lama."), when is not None and not is_near(when, at)),
        (_("Kategori tidak dikenali. Pilih kategori pengganti di atas."), not category),
        (_("Kelurahan atau desa tidak dikenali. Masukkan baris ini satu per satu."), not place),
    ]
    return [words for words, holds in found if holds]


def is_near(when: datetime, at: datetime) -> bool:
    return lapor.oldest_day(at) <= when <= at


def _label(code: str) -> str:
    row = places.gazetteer().by_code.get(code)
    return f"{row.label}, {row.district}" if row else ""


def enter_rows(*, rows: Sequence[Row], by: Person, at: datetime) -> int:
    """Enter every row that can, each in a transaction of its own; returns how many are new. Again is harmless."""
    wanted = [row.wanted for row in rows if row.wanted]
    return sum(lapor.enter_item(item=one, by=by, at=at).is_new for one in wanted)


def category_choices() -> list[Any]:
    """Every category that residents have, those on conduct too, by group."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in Category.objects.filter(is_active=True).order_by("position"):
        group = name_of(name_id=row.group_id, name_en=row.group_en)
        found.setdefault(group, []).append((row.code, name_of(name_id=row.name_id, name_en=row.name_en)))
    return list(found.items())
