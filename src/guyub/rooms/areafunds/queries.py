"""Shapes of area funds for pages, files and the place's own page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from guyub.kernel.files import api as files
from guyub.kernel.files.api import Picture
from guyub.rooms.areafunds import reference, rules
from guyub.rooms.areafunds.models import Activity, Book, Ceiling, Repeat, Step
from guyub.rooms.areafunds.rules import Scheme, State
from guyub.rooms.areafunds.wording import STATES
from guyub.rooms.places import api as places
from guyub.ui.figures import rupiah
from guyub.ui.rows import Printed, day_in_words


@dataclass(frozen=True, slots=True)
class Sums(Printed):
    """Ceiling, plan and spending of something, in words and as a bar."""

    ceiling: int = 0
    planned: int = 0
    spent: int = 0

    @property
    def left(self) -> int:
        return self.ceiling - self.spent

    @property
    def free(self) -> int:
        """What may still be planned."""
        return self.ceiling - self.planned

    @property
    def percent(self) -> int:
        return rules.percent_of(self.spent, self.ceiling)

    @property
    def said(self) -> dict[str, str]:
        return {
            "ceiling": rupiah(self.ceiling),
            "planned": rupiah(self.planned),
            "spent": rupiah(self.spent),
            "left": rupiah(self.left),
            "free": rupiah(self.free),
        }

    def plus(self, other: Sums) -> Sums:
        return Sums(self.ceiling + other.ceiling, self.planned + other.planned, self.spent + other.spent)


@dataclass(frozen=True, slots=True)
class ActivityRow(Printed):
    uuid: UUID
    name: str
    state: str
    tone: str
    amount: str
    spent: str
    volume: str
    days: str
    thumb: str = ""


@dataclass(slots=True)
class BodyRow:
    """A body with its ceiling and what it plans and does."""

    id: int
    label: str
    sums: Sums
    basis: str
    activities: list[ActivityRow] = field(default_factory=list)


@dataclass(slots=True)
class SchemePart:
    """A scheme in a place in a year."""

    code: str
    label: str
    book: int
    is_closed: bool
    sums: Sums
    bodies: list[BodyRow]


def of_place(code: str, *, year: int) -> Sums | None:
    """What a place has in a year over all schemes, for the place's own page; None where nothing is known. One query.

    Of a kecamatan the sums of its kelurahan and desa.
    """
    rows = Ceiling.objects.filter(book__year=year)
    rows = rows.filter(book__place=code) | rows.filter(book__place__startswith=f"{code}.")
    return _summed(rows.aggregate(Sum("amount"), Sum("planned"), Sum("spent")))


def _summed(found: Mapping[str, Any]) -> Sums | None:
    if found["amount__sum"] is None:
        return None
    return Sums(*(int(found[f"{name}__sum"] or 0) for name in ("amount", "planned", "spent")))


def years_of(code: str = "") -> list[int]:
    """The years with a ceiling, newest first."""
    rows = Book.objects.filter(place__startswith=code) if code else Book.objects.all()
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


def sums_by_place(codes: Iterable[str], *, year: int) -> dict[str, Sums]:
    """What each of some places has in a year. One query."""
    rows = Ceiling.objects.filter(book__year=year, book__place__in=list(codes)).values("book__place")
    rows = rows.annotate(Sum("amount"), Sum("planned"), Sum("spent")).order_by()
    return {row["book__place"]: found for row in rows if (found := _summed(row))}


def label_of(scheme: Scheme | None, ceiling: Ceiling) -> str:
    body = scheme.body(ceiling.body) if scheme else None
    return f"{body.label if body else ceiling.body} {ceiling.unit}".strip()


def parts(code: str, *, year: int) -> list[SchemePart]:
    """The schemes of a place in a year with bodies and activities. Three queries."""
    known = reference.schemes_of(year)
    ceilings = list(
        Ceiling.objects.filter(book__place=code, book__year=year)
        .select_related("book")
        .order_by("book_id", "pk")
    )
    rows: dict[int, list[ActivityRow]] = {}
    for one in _activities(ceilings):
        rows.setdefault(one[0], []).append(one[1])
    found: dict[int, SchemePart] = {}
    for ceiling in sorted(ceilings, key=lambda one: _order(known.get(one.book.scheme), one)):
        book = ceiling.book
        scheme = known.get(book.scheme)
        label = scheme.label if scheme else book.scheme
        part = found.setdefault(
            book.pk, SchemePart(book.scheme, label, book.pk, book.closed_at is not None, Sums(), [])
        )
        sums = Sums(ceiling.amount, ceiling.planned, ceiling.spent)
        part.sums = part.sums.plus(sums)
        part.bodies.append(
            BodyRow(ceiling.pk, label_of(scheme, ceiling), sums, ceiling.basis, rows.get(ceiling.pk, []))
        )
    order = list(known)
    return sorted(found.values(), key=lambda part: order.index(part.code) if part.code in order else 99)


def _order(scheme: Scheme | None, row: Ceiling) -> tuple[int, str]:
    codes = [body.code for body in scheme.bodies] if scheme else []
    return (codes.index(row.body) if row.body in codes else 99, row.unit)


def _activities(ceilings: list[Ceiling]) -> list[tuple[int, ActivityRow]]:
    rows = list(Activity.objects.filter(ceiling__in=ceilings).order_by("begins_on", "pk"))
    newest = dict(
        Step.objects.filter(activity__in=rows, withdrawn_at__isnull=True)
        .values_list("activity")
        .annotate(newest=Max("pk"))
        .order_by()
    )
    thumbs = files.first_thumbs([f"areafunds.step:{key}" for key in newest.values()]) if newest else {}
    return [
        (row.ceiling_id, activity_row(row, thumbs.get(f"areafunds.step:{newest.get(row.pk)}", "")))
        for row in rows
    ]


def activity_row(row: Activity, thumb: str = "") -> ActivityRow:
    state, tone = STATES[State(row.state)]
    days = f"{day_in_words(row.begins_on, 'j M')} – {day_in_words(row.ends_on, 'j M Y')}"
    volume = f"{row.volume.normalize():f} {row.unit_word}".replace(".", ",")
    return ActivityRow(
        row.uuid, row.name, str(state), tone, rupiah(row.amount), rupiah(row.spent), volume, days, thumb
    )


@dataclass(frozen=True, slots=True)
class StepRow(Printed):
    """A step as it is shown. Receipts, flags and what was taken back only to who oversees the fund."""

    uuid: UUID
    percent: int
    amount: str
    on: str
    words: str
    receipt: str
    photos: list[Picture]
    receipts: list[Picture]
    repeats: list[str]
    withdrawn: str


def steps_of(row: Activity, *, oversees: bool) -> list[StepRow]:
    """The steps of an activity in order. Three queries for who oversees it, else two."""
    found = Step.objects.filter(activity=row).order_by("percent", "pk")
    if not oversees:
        found = found.filter(withdrawn_at__isnull=True)
    steps = list(found)
    subjects = [one.photos for one in steps] + ([one.receipts for one in steps] if oversees else [])
    seen = files.pictures_of(subjects, may_see=oversees)
    again: dict[int, list[str]] = {}
    if oversees:
        for key, alike in Repeat.objects.filter(step__in=steps).values_list("step", "alike"):
            said = _("Foto ini %(alike)d persen sama dengan foto yang pernah dikirim. Periksa bersama.")
            again.setdefault(key, []).append(said % {"alike": alike})
    return [
        StepRow(
            one.uuid,
            one.percent,
            rupiah(one.amount),
            day_in_words(one.on),
            one.words,
            one.receipt if oversees else "",
            seen.get(one.photos, []),
            seen.get(one.receipts, []),
            again.get(one.pk, []),
            one.withdrawn_why,
        )
        for one in steps
    ]


COLUMNS = (
    "kode_wilayah",
    "wilayah",
    "tahun",
    "dana",
    "lembaga",
    "unit",
    "pagu",
    "direncanakan",
    "terpakai",
    "kegiatan",
    "status",
    "volume",
    "satuan",
    "anggaran_kegiatan",
    "terpakai_kegiatan",
    "mulai",
    "selesai",
)


def open_rows(*, code: str = "", year: int | None = None) -> Iterator[tuple[str | int | None, ...]]:
    """Every ceiling with each of its activities, as columns of open data; a ceiling without one is a row too."""
    ceilings = Ceiling.objects.select_related("book").order_by("book__place", "book__year", "pk")
    if year is not None:
        ceilings = ceilings.filter(book__year=year)
    if code:
        ceilings = ceilings.filter(book__place=code) | ceilings.filter(book__place__startswith=f"{code}.")
    known = places.gazetteer().by_code
    for ceiling, doing in _with_activities(ceilings):
        book = ceiling.book
        place = known[book.place].label if book.place in known else ""
        head = (book.place, place, book.year, book.scheme, ceiling.body, ceiling.unit)
        sums = (ceiling.amount, ceiling.planned, ceiling.spent)
        yield from ((*head, *sums, *_columns_of(one)) for one in doing or (None,))


def _with_activities(ceilings: Iterable[Ceiling]) -> Iterator[tuple[Ceiling, list[Activity]]]:
    rows = list(ceilings)
    doing: dict[int, list[Activity]] = {}
    for one in Activity.objects.filter(ceiling__in=rows).order_by("pk"):
        doing.setdefault(one.ceiling_id, []).append(one)
    for row in rows:
        yield row, doing.get(row.pk, [])


def _columns_of(one: Activity | None) -> tuple[str | int | None, ...]:
    if one is None:
        return ("", "", None, "", None, None, None, None)
    days = (one.begins_on.isoformat(), one.ends_on.isoformat())
    return (one.name, one.state, f"{one.volume.normalize():f}", one.unit_word, one.amount, one.spent, *days)


def current_year(years: list[int], asked: str, today: date) -> int:
    """The year that a page shows: the one asked for, else this year, else the newest there is."""
    if asked.isascii() and asked.isdigit() and int(asked[:6]) in years:
        return int(asked[:6])
    return today.year if today.year in years or not years else years[0]
