"""The figures of a place, an office or a category, and the reports behind each number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, IntegerField, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import Remembered, get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import survival
from guyub.rooms.people import api as people
from guyub.rooms.performance import rules
from guyub.rooms.performance.models import Duty
from guyub.rooms.performance.rules import Figure, Group, Period, Share
from guyub.rooms.places import api as places
from guyub.rooms.reports import api as reports

PAGE = 25
MOST_KEPT = 40
HALF, MOST = 0.5, 0.9
CITY, PLACE, OFFICE, CATEGORY = "", "wilayah", "kantor", "kategori"
# Whose figures everyone may read: those who act on what residents report. Conduct is the Inspektorat's alone.
OFFICES = (
    people.OrganisationKind.AGENCY,
    people.OrganisationKind.DISTRICT,
    people.OrganisationKind.WARD,
    people.OrganisationKind.VILLAGE,
    people.OrganisationKind.COORDINATOR,
    people.OrganisationKind.COMMAND_CENTRE,
)


class UnknownScope(LookupError):
    """There are no figures of such a place, office or category."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures are about. An office is named by its key, a place and a category by their codes."""

    kind: str
    code: str
    name: str
    office: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rulebook says of figures, with the rows it said it in."""

    least: int
    windows: tuple[int, ...]
    trial: dict[str, str] | None
    versions: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that a page says of a scope and a period.

    `groups` are its duties without their days, `now` those that run today, `done` how many were finished in so many
    days and in which way, `longest` the days of whatever was watched longest.
    """

    scope: Scope
    period: Period
    at: datetime
    least: int
    groups: tuple[Group, ...]
    now: tuple[Group, ...]
    points: tuple[survival.Point, ...]
    done: dict[tuple[int, str], int]
    longest: int

    def count(self, figure: Figure) -> int:
        return rules.count(figure, self.now if figure.now else self.groups)

    @property
    def received(self) -> int:
        return self.count(rules.RECEIVED)

    @property
    def is_few(self) -> bool:
        return self.received < self.least

    @property
    def confirmed(self) -> Share:
        """Of what is declared done now, what the reporter confirmed."""
        done = sum(group.count for group in self.groups if group.state in rules.DECLARED_DONE)
        return rules.share(self.count(rules.BECAME[0]), done, least=self.least)

    @property
    def reopened(self) -> Share:
        """Of what was ever declared done, what the reporter said was not."""
        done = rules.declared_done(self.groups)
        return rules.share(self.count(rules.REOPENED), done, least=self.least)

    @property
    def paused_days(self) -> int:
        return sum(group.paused_days for group in self.groups)

    @property
    def half(self) -> int | None:
        return None if self.is_few else survival.day_by_which(self.points, HALF)

    @property
    def most(self) -> int | None:
        return None if self.is_few else survival.day_by_which(self.points, MOST)


def rules_on(day: date) -> Rules:
    """The rules of figures in force on a day, with the holidays that working days are counted by. Two queries."""
    found, holidays = rulebook.family("performance", on=day), rulebook.family("holidays", on=day)
    versions = [(f"performance.{name}", rule.version) for name, rule in found.items()]
    versions += [(f"holidays.{year}", rule.version) for year, rule in holidays.items()]
    return Rules(
        least=found["least_cases"].value["amount"],
        windows=tuple(found["windows"].value["days"]),
        trial=found["trial"].value if "trial" in found else None,
        versions=tuple(sorted(versions)),
    )


def scope_of(kind: str, code: str) -> Scope:
    """What an address names. Raises `UnknownScope`."""
    if kind == PLACE:
        place = places.gazetteer().by_code.get(code)
        if place and place.parent_code:
            return Scope(kind, code, place.label)
    elif kind == OFFICE:
        office = people.directory().find_key(code)
        if office and office.kind in OFFICES:
            return Scope(kind, code, office.name, office.id)
    elif kind == CATEGORY:
        name = reports.find_category(code)
        if name:
            return Scope(kind, code, name)
    elif kind == CITY:
        return Scope(kind, "", get_city().name)
    raise UnknownScope(f"{kind}/{code}")


def offices() -> list[people.Office]:
    """The offices that have figures, by kind and name."""
    rows = [office for kind in OFFICES for office in people.directory().of_kind(kind)]
    return sorted(rows, key=lambda office: (OFFICES.index(people.OrganisationKind(office.kind)), office.name))


def figures(*, scope: Scope, period: Period, least: int, at: datetime) -> Figures:
    """The figures as they stand, at most a minute old. Two queries."""
    kept, key = _kept(), (scope.kind, scope.code, period.key)
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = _figures(scope, period, least, at)
    return kept[key]


_kept: Remembered[dict[tuple[str, str, str], Figures]] = Remembered(dict, seconds=60)


def _figures(scope: Scope, period: Period, least: int, at: datetime) -> Figures:
    timed = _groups(scope, period, at)
    return Figures(
        scope,
        period,
        at,
        least,
        groups=tuple(rules.without_days(timed)),
        now=tuple(_running(scope, at)),
        points=tuple(survival.curve(rules.times(timed))),
        done=rules.done(timed),
        longest=max((group.days or 0 for group in timed), default=0),
    )


def _groups(scope: Scope, period: Period, at: datetime) -> list[Group]:
    """Counted from the index alone: nothing is named that the index does not carry, the id neither."""
    rows = (
        _received(scope, period)
        .annotate(paused=Q(paused_days__gt=0) | Q(paused_on__isnull=False), days=_days(period.since, at))
        .order_by()
        .values_list("state", "was_reopened", "paused", "is_held", "days")
        .annotate(n=Count("*"), stood=Sum("paused_days"))
    )
    return [
        Group(state, reopened, paused, held, late=False, days=days, count=n, paused_days=stood)
        for state, reopened, paused, held, days, n, stood in rows
    ]


def _running(scope: Scope, at: datetime) -> list[Group]:
    rows = (
        _of(scope)
        .filter(state__in=rules.OPEN, until_on=None)
        .order_by()
        .values_list("state", "is_held")
        .annotate(n=Count("*"), late=Count("state", filter=Q(late_from__lt=at)))
    )
    found = []
    for state, held, n, late in rows:
        found.append(Group(state, False, False, held, late=True, days=None, count=late))
        found.append(Group(state, False, False, held, late=False, days=None, count=n - late))
    return found


def _of(scope: Scope) -> QuerySet[Duty]:
    """An office answers for all it ever had; elsewhere each case is counted once, where it is."""
    if scope.kind == OFFICE:
        return Duty.objects.filter(office=scope.office)
    rows = Duty.objects.filter(is_held=True)
    if scope.kind == PLACE:
        return rows.filter(place_code__in=[row.code for row in places.gazetteer().counted_in(scope.code)])
    return rows.filter(category=scope.code) if scope.kind == CATEGORY else rows


def _received(scope: Scope, period: Period) -> QuerySet[Duty]:
    return _of(scope).filter(received_on__gte=period.since, received_on__lt=period.until)


def city_lately(*, at: datetime) -> tuple[Figures, Figures, bool]:
    """The city's figures of the last days and of as many before, and whether a trial keeps them inside. Four
    queries once a minute."""
    today = local_date(at, get_city().tz)
    said, city = rules_on(today), scope_of(CITY, "")
    last = rules.periods(today=today, windows=said.windows)[0]
    first = last.since - timedelta(days=last.number)
    before = Period(f"sebelum-{last.key}", last.kind, last.number, first, last.since)
    now, then = (figures(scope=city, period=period, least=said.least, at=at) for period in (last, before))
    return now, then, rules.internal_until(said.trial, today=today) is not None


def behind(*, figure: Figure, scope: Scope, period: Period, at: datetime) -> QuerySet[Duty]:
    """The duties that a number counts: the same words as in `rules`, said to the database."""
    rows = _of(scope) if figure.now else _received(scope, period)
    rows = rows.filter(state__in=figure.states)
    if figure.now:
        rows = rows.filter(until_on=None)
    if figure.reopened is not None:
        rows = rows.filter(was_reopened=figure.reopened)
    if figure.paused is not None:
        paused = Q(paused_days__gt=0) | Q(paused_on__isnull=False)
        rows = rows.filter(paused if figure.paused else ~paused)
    if figure.held is not None:
        rows = rows.filter(is_held=figure.held)
    return rows.filter(late_from__lt=at) if figure.late else rows


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of the reports behind a number. `hidden` are counted and not listed: nobody has verified them yet."""

    total: int
    hidden: int
    rows: list[tuple[reports.Row, str, str]]
    has_more: bool


def reports_behind(*, figure: Figure, scope: Scope, period: Period, at: datetime, page: int = 1) -> Behind:
    """Each report with the office that has it and, if that one is late, its coded reason. Six queries at most; how
    many there are is counted once a minute."""
    rows = behind(figure=figure, scope=scope, period=period, at=at)
    total, hidden = _counts(rows, (figure.key, scope.kind, scope.code, period.key))
    first = (page - 1) * PAGE
    found = list(
        rows.filter(is_shown=True)
        .order_by("-report", "-case")
        .values_list("case", "report")[first : first + PAGE + 1]
    )
    chosen = found[:PAGE]
    return Behind(total, hidden, _listed(chosen), len(found) > PAGE)


def _counts(rows: QuerySet[Duty], key: tuple[str, str, str, str]) -> tuple[int, int]:
    """How many a number counts, and how many of them are not shown: at most a minute old, as the number itself."""
    kept = _kept_counts()
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = rows.aggregate(total=Count("*"), hidden=Count("case", filter=Q(is_shown=False)))
        kept[key] = found["total"], found["hidden"]
    return kept[key]


_kept_counts: Remembered[dict[tuple[str, str, str, str], tuple[int, int]]] = Remembered(dict, seconds=60)


def _listed(chosen: list[tuple[int, int]]) -> list[tuple[reports.Row, str, str]]:
    printed = reports.rows_of(report for _, report in chosen)
    held = dict(
        Duty.objects.filter(case__in=[case for case, _ in chosen], is_held=True).values_list("case", "office")
    )
    reasons = casework.past.delay_reasons(case for case, _ in chosen)
    return [
        (printed[report], _name(held.get(case, 0)), reasons.get(case, ""))
        for case, report in chosen
        if report in printed
    ]


def _name(office: int) -> str:
    found = people.directory().by_id.get(office)
    return found.name if found else ""


# ── Working days ───────────────────────────────────────────────────────────────────────────────────────────


def _days(since: date, at: datetime) -> RawSQL:
    """Working days that a duty took, or has run until today, without the days of its pauses."""
    today = local_date(at, get_city().tz)
    upto = working_days(min(since, today), today)
    numbers = ",".join(map(str, upto))

    def at_day(day: str) -> str:
        return f"('{{{numbers}}}'::int[])[least({day}, date '{today}') - date '{min(since, today)}' + 1]"

    # `least` takes today for what is empty: what still runs is watched until today, and no pause takes nothing.
    paused = f"({upto[-1]} - {at_day('paused_on')})"
    sql = f"greatest(0, {at_day('until_on')} - {at_day('received_on')} - paused_days - {paused})"
    return RawSQL(sql, (), output_field=IntegerField())  # noqa: S611


def working_days(first: date, last: date) -> list[int]:
    """For each day from the first, how many working days there were by then."""
    known: dict[date, int] = _counted()
    if first not in known or last not in known:
        known.clear()
        known.update(_count(date(min(first.year, last.year - 2), 1, 1), last))
    return [known[first + timedelta(days=n)] for n in range((last - first).days + 1)]


_counted: Remembered[dict[date, int]] = Remembered(dict, seconds=60)


def _count(first: date, last: date) -> Iterable[tuple[date, int]]:
    counter = survival.DayCounter(first, last, rulebook.calendar())
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        yield day, counter.between(first, day)
