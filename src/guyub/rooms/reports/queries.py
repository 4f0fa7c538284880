"""Shapes of reports for whoever reads without an account: the list, the map, a place's figures.

What is not published leaves here only as number, category, kelurahan and status; reports on conduct never do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Func, IntegerField, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guyub.kernel.calendar import local_date, start_of_local_day
from guyub.kernel.cities.api import Remembered, get_city
from guyub.kernel.compiled import CompiledFor
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, State
from guyub.rooms.places import api as places
from guyub.rooms.reports.access import public
from guyub.rooms.reports.categories import categories, category_with
from guyub.rooms.reports.models import SUBMITTED, Category, DailyFigures, PlaceFigures
from guyub.rooms.reports.rules import Seen, seen_by_public
from guyub.rooms.reports.search import found_in_public
from guyub.ui.rows import Printed, day_in_words, shortened

PAGE = 25
FIRST_WORDS = 140
RECENT_DAYS = 30
YEAR_DAYS = 365
COUNTED_UP_TO = 10_000
LOOKED_THROUGH = 10_000

OPEN_STATES = (
    State.RECEIVED,
    State.FORWARDED,
    State.IN_PROGRESS,
    State.WAITING_REPORTER,
    State.SCHEDULED,
    State.EXTERNAL,
)
GROUP_ICONS = {
    "jalan": "road",
    "air": "water",
    "kebersihan": "trash",
    "bahaya": "hazard",
    "ketertiban": "users",
    "perhubungan": "road",
    "ruang": "tree",
    "layanan": "building",
    "sosial": "users",
    "umum": "chat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reports a reader asks for. Nothing said means all; `overdue_at` wants what is late then."""

    states: tuple[str, ...] = ()
    overdue_at: datetime | None = None
    category: str = ""
    place: str = ""
    submitted_since: datetime | None = None
    ended_since: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row(Printed):
    """A line of a list, ready to print. An outline has no words, day, supporters or photo."""

    number: str
    title: str
    where: str
    status: str
    tone: str
    icon: str
    is_outline: bool
    words: str = ""
    day: str = ""
    supporters: int = 0
    thumb: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first; `newer` and `older` are the numbers to go on from, empty at the ends."""

    rows: list[Row]
    newer: str
    older: str


class UnknownNumber(LookupError):
    """No public report has this number."""


_NEWEST_FIRST = ("-submitted_at", "-pk")
_COLUMNS = (
    "pk",
    "number",
    "category_id",
    "place__code",
    "state",
    "public_body",
    "published_at",
    "is_confidential",
    "submitted_at",
    "supporters",
)


def name_of(*, name_id: str, name_en: str) -> str:
    """A city's own word in the language of the page; Indonesian where that language has none."""
    return name_en if get_language() == "en" and name_en else name_id


def category_name(category: Category) -> str:
    return name_of(name_id=category.name_id, name_en=category.name_en)


def days_before(at: datetime, days: int) -> datetime:
    """Where a window of so many days begins: with a day of the city. Were it to move by the second, the moment at
    which an unverified report leaves a list or a count would tell when it was sent.
    """
    tz = get_city().tz
    return start_of_local_day(local_date(at, tz) - timedelta(days=days), tz)


def in_words(day: date) -> str:
    """`20 November 2026`."""
    return day_in_words(day)


def where(code: str) -> str:
    """`Kelurahan Dago, Kecamatan Coblong`."""
    try:
        row = places.gazetteer().get(code)
    except places.UnknownPlace:
        return code
    return f"{row.label}, Kecamatan {row.district}" if row.district else row.label


def chosen(wanted: Wanted) -> QuerySet:
    """The reports that a reader asks for, of those that strangers know to exist."""
    rows = public()
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.overdue_at:
        rows = rows.filter(number__in=late_cases(wanted.overdue_at).values("number"))
    if wanted.category:
        rows = rows.filter(category__in=[row.pk for row in meant_by(wanted.category)])
    if wanted.place:
        rows = rows.filter(place__in=_ids_within(wanted.place))
    if wanted.submitted_since:
        rows = rows.filter(submitted_at__gte=wanted.submitted_since)
    if wanted.ended_since:
        rows = rows.filter(ended_at__gte=wanted.ended_since)
    if wanted.words:
        rows = found_in_public(rows, wanted.words)
    return rows


def late_cases(at: datetime) -> QuerySet[Case]:
    """Cases of public reports whose office has let a deadline pass."""
    return Case.objects.filter(kind="report", is_open=True, is_restricted=False, due_at__lt=at)


def _ids_within(code: str) -> list[int]:
    places.gazetteer().get(code)
    return [row.id for row in places.gazetteer().counted_in(code)]


def published(rows: QuerySet) -> QuerySet:
    """Those whose words everyone may read: the rule `Seen.ALL`, said to the database."""
    return rows.filter(published_at__isnull=False, is_confidential=False, about_conduct=False)


def page_of_reports(*, wanted: Wanted, before: str = "", after: str = "", size: int = PAGE) -> Page:
    """A page of reports, newest first: those before (older than) or after a number. Raises `UnknownNumber`.

    It goes on from a number because a time in an address would tell when an unverified report was sent.
    """
    key, is_after = before or after, bool(after and not before)
    if key:
        rows = chosen(wanted).filter(_beside(key, LessThan if before else GreaterThan))
        order = ("submitted_at", "pk") if is_after else _NEWEST_FIRST
        found = list(rows.order_by(*order).values_list(*_COLUMNS)[: size + 1])
    else:
        found = _newest(wanted, size + 1)
    more, found = len(found) > size, found[:size]
    if is_after:
        found.reverse()
        newer, older = more, bool(found)
    else:
        newer, older = bool(key and found), more
    printed = _rows(found)
    return Page(
        rows=printed,
        newer=printed[0].number if newer else "",
        older=printed[-1].number if older else "",
    )


def _newest(wanted: Wanted, most: int) -> list:
    """The newest of what is asked for.

    Where words are looked for, first among the newest reports of all. PostgreSQL knows which reports have the words
    and not how old they are: of thousands it would read each. Words so common fill a page from the newest reports
    alone, and what is rarer is read in no time.
    """
    if wanted == Wanted():
        return _newest_of_all.rows(most)
    rows = chosen(wanted).order_by(*_NEWEST_FIRST).values_list(*_COLUMNS)
    since = _since_of_newest() if wanted.words else None
    if since:
        found = list(rows.filter(submitted_at__gte=since)[:most])
        if len(found) == most:
            return found
    return list(rows[:most])


_newest_of_all: CompiledFor[int, tuple] = CompiledFor(
    lambda most: public().order_by(*_NEWEST_FIRST).values_list(*_COLUMNS)[:most]
)
_since_of_newest: Remembered[datetime | None] = Remembered(
    lambda: (
        public()
        .order_by(*_NEWEST_FIRST)
        .values_list("submitted_at", flat=True)[LOOKED_THROUGH : LOOKED_THROUGH + 1]
        .first()
    ),
    seconds=300,
)


def _beside(number: str, side: type[LessThan] | type[GreaterThan]) -> LessThan | GreaterThan:
    """A comparison of whole rows, which PostgreSQL answers from the index of the newest."""
    key = public().filter(number=number).values_list("submitted_at", "pk").first()
    if key is None:
        raise UnknownNumber(number)
    kind = IntegerField()  # never read: the comparison is the database's
    return side(
        Func(F("submitted_at"), F("pk"), function="ROW", output_field=kind),
        Func(Value(key[0]), Value(key[1]), function="ROW", output_field=kind),
    )


def newest_published(*, limit: int, place: str = "") -> list[Row]:
    """The newest reports that an officer has verified."""
    if not place:
        return _rows(_newest_published.rows(limit))
    rows = published(chosen(Wanted(place=place)))
    return _rows(rows.order_by(*_NEWEST_FIRST).values_list(*_COLUMNS)[:limit])


_newest_published: CompiledFor[int, tuple] = CompiledFor(
    lambda limit: published(public()).order_by(*_NEWEST_FIRST).values_list(*_COLUMNS)[:limit]
)


def rows_of(reports: Iterable[int]) -> dict[int, Row]:
    """Reports by their ids as strangers read them. Two queries."""
    found = list(public().filter(pk__in=list(reports)).values_list(*_COLUMNS))
    return {values[0]: row for values, row in zip(found, _rows(found), strict=True)}


def shown_of(reports: Iterable[int]) -> dict[int, bool]:
    """Which reports may be counted in public, by id, and whether everyone may read them by now. One query.

    What is *rahasia* or about conduct is left out.
    """
    rows = public().filter(pk__in=list(reports), is_confidential=False)
    return {pk: published is not None for pk, published in rows.values_list("pk", "published_at")}


def _rows(found: Iterable[tuple]) -> list[Row]:
    found = list(found)
    thumbs = _thumbs([values[0] for values in found if _is_published(values)])
    return [_row(values, thumbs) for values in found]


def _is_published(values: tuple) -> bool:
    seen = seen_by_public(is_published=values[6] is not None, is_confidential=values[7], about_conduct=False)
    return seen is Seen.ALL


def _row(values: tuple, thumbs: Mapping[int, str]) -> Row:
    pk, number, category_id, place, state, body, _published, _hidden, at, supporters = values
    category = category_with(category_id)
    title, icon = category_name(category), GROUP_ICONS.get(category.group, "chat")
    status, tone = str(casework.wording.STATE_LABELS[state]), casework.wording.STATE_TONES[state]
    if not _is_published(values):
        return Row(number, title, where(place), status, tone, icon, is_outline=True)
    return Row(
        number,
        title,
        where(place),
        status,
        tone,
        icon,
        is_outline=False,
        words=shortened(body, FIRST_WORDS),
        day=in_words(local_date(at, get_city().tz)),
        supporters=supporters,
        thumb=thumbs.get(pk, ""),
    )


def _thumbs(reports: list[int]) -> dict[int, str]:
    """The address of each report's first public photo. One query."""
    if not reports:
        return {}
    subjects = {f"reports.report:{pk}": pk for pk in reports}
    return {subjects[subject]: thumb for subject, thumb in files.first_thumbs(subjects).items()}


# ── Figures ────────────────────────────────────────────────────────────────────────────────────────────────


def figures(*, place: str = "") -> dict[str, dict[str, int]]:
    """Reports by place code and state, from the projection. One query.

    What was reported under a code that another alone has followed counts for that one.
    """
    rows, known = PlaceFigures.objects.filter(count__gt=0), places.gazetteer()
    if place:
        rows = rows.filter(place_code__in=[row.code for row in known.counted_in(place)])
    found: dict[str, dict[str, int]] = {}
    for code, state, count in rows.values_list("place_code", "state", "count"):
        new = known.successors(code)
        states = found.setdefault(new[0] if len(new) == 1 else code, {})
        states[state] = states.get(state, 0) + count
    return found


def open_in(by_state: Mapping[str, int]) -> int:
    """How many of a place's reports no office has finished yet."""
    return sum(by_state.get(state, 0) for state in OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Recent:
    """What happened in the last days and what is late now, each counted up to `COUNTED_UP_TO` and a bit."""

    submitted: int
    confirmed: int
    overdue: int


def recent_figures(*, at: datetime) -> Recent:
    """The three facts of the first page, counted over the same rows that the list shows. Three queries."""
    since, most = days_before(at, RECENT_DAYS), COUNTED_UP_TO + 1
    return Recent(
        submitted=chosen(Wanted(submitted_since=since))[:most].count(),
        confirmed=chosen(Wanted(states=(State.CONFIRMED,), ended_since=since))[:most].count(),
        overdue=late_cases(at).values("number").distinct()[:most].count(),
    )


@dataclass(frozen=True, slots=True)
class Week:
    """What a week brought; `begins_on` is its Monday."""

    begins_on: date
    received: int
    confirmed: int


def weeks(*, until: date, number: int, place: str = "") -> list[Week]:
    """The last weeks of a place ('' is the whole city), the one with `until` last, from the projection. One query."""
    last = until - timedelta(days=until.weekday())
    first = last - timedelta(weeks=number - 1)
    rows = DailyFigures.objects.filter(
        place_code=place, day__range=(first, until), state__in=[SUBMITTED, State.CONFIRMED]
    ).values_list("day", "state", "count")
    counted: Counter[tuple[int, str]] = Counter()
    for day, state, count in rows:
        counted[(day - first).days // 7, state] += count
    return [
        Week(first + timedelta(weeks=n), counted[n, SUBMITTED], counted[n, State.CONFIRMED])
        for n in range(number)
    ]


def category_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups with codes and names of their categories, for a choice; those on conduct are left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for group, row, name in _public_names():
        found.setdefault(group, []).append((row.code, name))
    return list(found.items())


def _public_names() -> list[tuple[str, Category, str]]:
    """Group, category, name; the language is asked for once."""
    rows = categories().public
    if get_language() == "en":
        return [(row.group_en or row.group_id, row, row.name_en or row.name_id) for row in rows]
    return [(row.group_id, row, row.name_id) for row in rows]


GROUP = "kelompok:"


def meant_by(choice: str) -> list[Category]:
    """The public categories that a choice stands for: one, or with `kelompok:` all of a group; none if unknown."""
    name, is_group = choice.removeprefix(GROUP), choice.startswith(GROUP)
    return [row for row in categories().public if (row.group if is_group else row.code) == name]


def category_filters() -> list[tuple[str, list[tuple[str, str]]]]:
    """As `category_choices`, where a group of several begins with the choice of the whole group."""
    groups = {group: row.group for group, row, _name in _public_names()}
    return [
        (name, [(GROUP + groups[name], _("Semua: %(group)s") % {"group": name}), *pairs])
        if len(pairs) > 1
        else (name, pairs)
        for name, pairs in category_choices()
    ]


def find_choice(choice: str) -> str | None:
    """The name of a category or, with `kelompok:`, of a group, or None if residents have no such choice."""
    if not choice.startswith(GROUP):
        return find_category(choice)
    found = meant_by(choice)
    return name_of(name_id=found[0].group_id, name_en=found[0].group_en) if found else None


def called(code: str) -> str:
    """A category by its code, in the language of the page; the code where it is gone."""
    row = categories().by_code.get(code)
    return category_name(row) if row else code


def label_said(label: str) -> str:
    """A case's label with the category in the language of the page. What the reporter wrote stays as it is."""
    if get_language() != "en":
        return label
    names = {row.name_id: row.name_en for row in categories().rows if row.name_en}
    parts = label.split(" · ", 2)
    return " · ".join(names.get(part, part) if n < 2 else part for n, part in enumerate(parts))


def find_category(code: str) -> str | None:
    """A category's name, or None if residents have no such choice."""
    row = categories().by_code.get(code)
    return None if row is None or row.is_conduct else category_name(row)


def routed_categories() -> list[casework.Category]:
    """Every category that the decision table may speak of, conduct among them."""
    return [
        casework.Category(
            row.code, category_name(row), row.group, name_of(name_id=row.group_id, name_en=row.group_en)
        )
        for row in categories().rows
    ]


def routed_category_name(code: str) -> str:
    """The name of one of them by its code; empty for an unknown one."""
    row = categories().by_code.get(code)
    return category_name(row) if row else ""
