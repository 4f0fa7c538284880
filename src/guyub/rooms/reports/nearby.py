"""Reports that may be about the same thing, so that a neighbour can add a voice instead of a copy.

Strangers are told of two kinds, which are never mixed. What is published is compared in all that everyone may read of
it. Of what is not published only what its outline says is used: category, kelurahan, status; nothing else of it leaves
the database here, so neither words nor distance can leak, and its order is that of its number, whatever was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import h3.api.basic_int as h3
from django.db.models import Exists, FloatField, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.api import Case, State
from guyub.rooms.reports import access, sameness
from guyub.rooms.reports.actions import cell
from guyub.rooms.reports.categories import categories, category_with
from guyub.rooms.reports.models import Category, Report
from guyub.rooms.reports.queries import published
from guyub.rooms.reports.sameness import Likeness, Scale

# Not WORK_DONE: whoever reports what an office calls finished tells us something new.
BEING_DEALT_WITH = (
    State.RECEIVED,
    State.FORWARDED,
    State.IN_PROGRESS,
    State.WAITING_REPORTER,
    State.SCHEDULED,
    State.EXTERNAL,
)
LATELY_FINISHED = (State.WORK_DONE, State.CONFIRMED, State.NO_RESPONSE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is about to report, or has reported: as far as it is known."""

    category: Category
    place: str
    text: str
    at: datetime
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    """A report that may be the same. `reasons` are words for people, empty for what is only known in outline."""

    number: str
    category: Category
    place: str
    state: State
    score: float
    reasons: tuple[str, ...] = ()
    words: str = ""
    supporters: int = 0

    @property
    def takes_voices(self) -> bool:
        return self.state in BEING_DEALT_WITH


@dataclass(frozen=True, slots=True)
class Rules:
    """The city's figures on a day."""

    scale: Scale
    amounts: dict[str, int]

    @property
    def threshold(self) -> float:
        return self.amounts["threshold"] / 100

    def since(self, key: str, at: datetime) -> datetime:
        return at - timedelta(days=self.amounts[key])


def rules_on(at: datetime) -> Rules:
    """Raises `rulebook.NoRule` where the rulebook has no such family."""
    found = rulebook.family("duplicates", on=local_date(at, get_city().tz))
    if not found:
        raise rulebook.NoRule("The rulebook lacks duplicates.*")
    amounts = {key: rule.value["amount"] for key, rule in found.items()}
    return Rules(Scale.from_rules(amounts), amounts)


def _find_rules(at: datetime) -> Rules | None:
    """A city that has not taken the rules in yet suggests nothing; sending goes on."""
    try:
        return rules_on(at)
    except rulebook.NoRule:
        return None


def similar_reports(
    *,
    category: str,
    place: str,
    text: str = "",
    lat: float | None = None,
    lon: float | None = None,
    at: datetime,
) -> list[Similar]:
    """For a stranger who writes a report: published ones that are alike, most alike first, then the newest outlines
    of the same category and kelurahan. One query. Reports on conduct are never among them.
    """
    found = categories().by_code.get(category)
    rules = _find_rules(at)
    if found is None or found.is_conduct or rules is None:
        return []
    asked = Asked(found, place, text, at, lat, lon)
    rows = _columns(published(_near(access.public(), asked, rules)), "public_words", "public_body", asked)
    outlines = _outlines(asked, rules)
    both = list(rows.union(outlines, all=True))
    hidden = sorted((_outline(row) for row in both if row[0] == _OUTLINE), key=lambda one: one.number)
    return [*_scored(both, asked, rules), *reversed(hidden)]


def similar_for_desk(*, report: Report, cases: QuerySet[Case], at: datetime) -> list[Similar]:
    """For an officer: open reports, among those of the cases that they see, which may be the same. One query."""
    rules = _find_rules(at)
    if report.about_conduct or rules is None:
        return []
    category = category_with(report.category_id)
    text = f"{report.body} {report.landmark}"
    asked = Asked(category, report.place.code, text, report.submitted_at, report.lat, report.lon)
    mine = cases.filter(number=OuterRef("number"), is_restricted=False)
    open_ones = Report.objects.filter(about_conduct=False, state__in=BEING_DEALT_WITH)
    rows = _around(open_ones, asked, rules).filter(
        Exists(mine),
        submitted_at__gt=rules.since("window", asked.at),
        submitted_at__lt=asked.at + _ahead(rules),
    )
    return _scored(_columns(rows.exclude(pk=report.pk), "all_words", "body", asked), asked, rules)


def _ahead(rules: Rules) -> timedelta:
    return timedelta(days=rules.amounts["window"])


# ── What is looked at ──────────────────────────────────────────────────────────────────────────────────────


def _near(rows: QuerySet[Report], asked: Asked, rules: Rules) -> QuerySet[Report]:
    """Open ones of the window, and those that were finished lately: to be told of, not to be joined."""
    lately = Q(state__in=LATELY_FINISHED) & (
        Q(ended_at__isnull=True) | Q(ended_at__gt=rules.since("closed_window", asked.at))
    )
    recent = rows.filter(submitted_at__gt=rules.since("window", asked.at), submitted_at__lte=asked.at)
    return _around(recent.filter(Q(state__in=BEING_DEALT_WITH) | lately), asked, rules)


def _around(rows: QuerySet[Report], asked: Asked, rules: Rules) -> QuerySet[Report]:
    """Of the category or its group, in the H3 cell of the point and the six around it (some 500 m); where no point
    is known, of the same category in the same kelurahan.
    """
    here = cell(asked.lat, asked.lon)
    if here is None:
        return rows.filter(category=asked.category.pk, place__code=asked.place)
    kin = [row.pk for row in categories().offered if row.group == asked.category.group and not row.is_conduct]
    return rows.filter(category__in=kin or [asked.category.pk], h3_9__in=list(h3.grid_disk(here, 1)))


_COMPARED, _OUTLINE = 1, 0


def _columns(rows: QuerySet[Report], words: str, said: str, asked: Asked) -> QuerySet[Any, Any]:
    """What the comparison needs, with the stems of the row, of what was asked and of the category."""
    category = f"{asked.category.name_id} {asked.category.words_id}"
    return rows.order_by().values_list(
        Value(_COMPARED),
        "number",
        "category_id",
        "place__code",
        "state",
        "submitted_at",
        "lat",
        "lon",
        said,
        "supporters",
        RawSQL(f"tsvector_to_array({words})", []),  # noqa: S611
        RawSQL("(SELECT tsvector_to_array(reports_lexemes(%s)))", [asked.text]),
        RawSQL("(SELECT tsvector_to_array(reports_lexemes(%s)))", [category]),
    )


def _outlines(asked: Asked, rules: Rules) -> QuerySet[Any, Any]:
    """The newest that no officer has read yet (or that are *rahasia*), by what everyone knows of them."""
    rows = access.public().filter(
        Q(published_at__isnull=True) | Q(is_confidential=True),
        category=asked.category.pk,
        place__code=asked.place,
        state__in=BEING_DEALT_WITH,
        submitted_at__gt=rules.since("unread_window", asked.at),
    )
    newest = rows.order_by("-submitted_at", "-pk").values("pk")[: rules.amounts["most_unread"]]
    nothing = RawSQL("NULL::text[]", [])
    return (
        Report.objects.filter(pk__in=newest)
        .order_by()
        .values_list(
            Value(_OUTLINE),
            "number",
            "category_id",
            "place__code",
            "state",
            RawSQL("NULL::timestamptz", []),
            Value(None, output_field=FloatField()),
            Value(None, output_field=FloatField()),
            Value("", output_field=TextField()),
            Value(0),
            nothing,
            nothing,
            nothing,
        )
    )


# ── How alike, and why ─────────────────────────────────────────────────────────────────────────────────────


def _scored(rows: Iterable[Sequence[Any]], asked: Asked, rules: Rules) -> list[Similar]:
    found = [_similar(row, asked, rules.scale) for row in rows if row[0] == _COMPARED]
    alike = [one for one in found if one.score >= rules.threshold]
    return sorted(alike, key=lambda one: (-one.score, one.number))[: rules.amounts["most"]]


def _similar(row: Sequence[Any], asked: Asked, scale: Scale) -> Similar:
    _kind, number, category, place, state, sent, lat, lon, said, supporters, own, wanted, common = row
    text, shared = sameness.text_likeness(
        wanted or (), own or (), common=common or (), common_word=scale.common_word
    )
    known = None not in (asked.lat, asked.lon, lat, lon)
    likeness = Likeness(
        metres=sameness.metres_between((asked.lat, asked.lon), (lat, lon)) if known else None,  # type: ignore[arg-type]
        days=(asked.at - sent).total_seconds() / 86_400,
        is_same_category=category == asked.category.pk,
        shared=shared,
        text=text,
    )
    return Similar(
        number,
        category_with(category),
        place,
        State(state),
        likeness.score(scale),
        tuple(reasons(likeness, asked.text)),
        said,
        supporters,
    )


def _outline(row: Sequence[Any]) -> Similar:
    return Similar(row[1], category_with(row[2]), row[3], State(row[4]), 0.0)


MOST_WORDS = 4


def reasons(likeness: Likeness, text: str) -> list[str]:
    """Why, in words: '80 m dari sini', '2 hari lalu', 'kata sama: lubang, jalan'."""
    found = []
    if likeness.metres is not None:
        metres = max(10, round(likeness.metres, -1))
        found.append(_("%(n)d m dari sini") % {"n": metres})
    days = round(abs(likeness.days))
    if days == 0:
        found.append(_("hari yang sama"))
    elif likeness.days > 0:
        found.append(ngettext("%(n)d hari lebih awal", "%(n)d hari lebih awal", days) % {"n": days})
    else:
        found.append(ngettext("%(n)d hari sesudahnya", "%(n)d hari sesudahnya", days) % {"n": days})
    written = sameness.as_written(likeness.shared, text)[:MOST_WORDS]
    if written:
        found.append(_("kata sama: %(words)s") % {"words": ", ".join(written)})
    return found
