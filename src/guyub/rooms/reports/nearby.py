"""Reports that may be about the same thing, so that a neighbour can add a voice instead of a copy.

Strangers are told of two kinds, which are never mixed. What is published is compared in all that everyone may read of
it. Of what is not published only what its outline says is used: category, kelurahan, status; nothing else of it leaves
the database here, so neither words nor distance can leak, and its order is that of its number, whatever was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import h3.api.basic_int as h3
from django.db.models import Exists, FloatField, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.access.api import GrantInForce, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled, CompiledFor
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import State
from guyub.rooms.reports import access, sameness
from guyub.rooms.reports.actions import cell
from guyub.rooms.reports.categories import categories, category_with
from guyub.rooms.reports.models import Category, Report
from guyub.rooms.reports.queries import published
from guyub.rooms.reports.sameness import Likeness, Scale, Stems

Grants = tuple[GrantInForce, ...]
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
    wanted = _where(asked)
    unread = rules.amounts["most_unread"]
    both = _for_strangers(frozenset(wanted), unread).rows(
        **wanted,
        category=found.pk,
        place=place,
        text=text,
        words=_words(found),
        since=rules.since("window", at),
        finished_since=rules.since("closed_window", at),
        unread_since=rules.since("unread_window", at),
        at=at,
    )
    hidden = sorted((_outline(row) for row in both if row[0] == _OUTLINE), key=lambda one: one.number)
    return [*_scored(both, asked, rules), *reversed(hidden)]


def similar_for_desk(*, report: Report, grants: Grants, at: datetime) -> list[Similar]:
    """For an officer: open reports, among those of the cases that they see, which may be the same. One query."""
    rules = _find_rules(at)
    if report.about_conduct or rules is None:
        return []
    category = category_with(report.category_id)
    text = f"{report.body} {report.landmark}"
    asked = Asked(category, report.place.code, text, report.submitted_at, report.lat, report.lon)
    where = _where(asked) or {"category": category.pk, "place": report.place.code}
    alike = _for_officers.rows(
        (grants, frozenset(where)),
        **where,
        besides=report.pk,
        text=text,
        words=_words(category),
        since=rules.since("window", asked.at),
        until=asked.at + _ahead(rules),
    )
    return _scored(alike, asked, rules)


def _seen_by(
    key: tuple[Grants, frozenset[str]],
    *,
    besides: int,
    text: str,
    words: str,
    since: datetime,
    until: datetime,
    **where: Any,
) -> QuerySet[Any, Any]:
    mine = casework.access.visible(Person(grants=key[0])).filter(
        number=OuterRef("number"), is_restricted=False
    )
    rows = Report.objects.filter(about_conduct=False, state__in=BEING_DEALT_WITH)
    rows = _around(rows, **where).filter(Exists(mine), submitted_at__gt=since, submitted_at__lt=until)
    return _columns(rows.exclude(pk=besides), "all_words", "body", text, words)


# By whose grants, and whether a point is known.
_for_officers: CompiledFor[tuple[Grants, frozenset[str]], tuple[Any, ...]] = CompiledFor(_seen_by)


def _ahead(rules: Rules) -> timedelta:
    return timedelta(days=rules.amounts["window"])


# ── What is looked at ──────────────────────────────────────────────────────────────────────────────────────


def _where(asked: Asked) -> dict[str, Any]:
    """Of the category or its group, in the H3 cell of the point and the six around it (some 500 m). Where no point is
    known nothing: then it is the same category in the same kelurahan.
    """
    here = cell(asked.lat, asked.lon)
    if here is None:
        return {}
    group = asked.category.group
    kin = [row.pk for row in categories().offered if row.group == group and not row.is_conduct]
    return {"kin": kin or [asked.category.pk], "cells": list(h3.grid_disk(here, 1))}


def _around(rows: QuerySet[Report], **where: Any) -> QuerySet[Report]:
    if "cells" in where:
        return rows.filter(category__any=where["kin"], h3_9__any=where["cells"])
    return rows.filter(category=where["category"], place__code=where["place"])


@cache
def _for_strangers(known: frozenset[str], unread: int) -> Compiled[tuple[Any, ...]]:
    """What may be alike and the newest outlines, by whether the point is known and how many outlines are told."""

    def build(
        *,
        category: int,
        place: str,
        text: str,
        words: str,
        since: datetime,
        finished_since: datetime,
        unread_since: datetime,
        at: datetime,
        **where: Any,
    ) -> QuerySet[Any, Any]:
        # Open ones of the window, and those that were finished lately: to be told of, not to be joined.
        lately = Q(state__in=LATELY_FINISHED) & (Q(ended_at__isnull=True) | Q(ended_at__gt=finished_since))
        rows = published(access.public()).filter(submitted_at__gt=since, submitted_at__lte=at)
        rows = rows.filter(Q(state__in=BEING_DEALT_WITH) | lately)
        rows = _around(rows, **where or {"category": category, "place": place})
        alike = _columns(rows, "public_words", "public_body", text, words)
        return alike.union(_outlines(category, place, unread_since, unread), all=True)

    return Compiled(build)


_COMPARED, _OUTLINE = 1, 0
_STEMS = "(SELECT array_to_string(tsvector_to_array(reports_lexemes(%s)), ' '))"


def _words(category: Category) -> str:
    return f"{category.name_id} {category.words_id}"


def _columns(rows: QuerySet[Report], words: str, said: str, text: str, common: str) -> QuerySet[Any, Any]:
    """What the comparison needs, with the stems of the row, of what was asked and of the category."""
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
        RawSQL(_STEMS, [text]),  # noqa: S611
        RawSQL(_STEMS, [common]),  # noqa: S611
    )


def _outlines(category: int, place: str, since: datetime, most: int) -> QuerySet[Any, Any]:
    """The newest that no officer has read yet (or that are *rahasia*), by what everyone knows of them."""
    rows = access.public().filter(
        Q(published_at__isnull=True) | Q(is_confidential=True),
        category=category,
        place__code=place,
        state__in=BEING_DEALT_WITH,
        submitted_at__gt=since,
    )
    newest = rows.order_by("-submitted_at", "-pk").values("pk")[:most]
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
            Value("", output_field=TextField()),
            Value("", output_field=TextField()),
        )
    )


# ── How alike, and why ─────────────────────────────────────────────────────────────────────────────────────


def _scored(rows: Iterable[Sequence[Any]], asked: Asked, rules: Rules) -> list[Similar]:
    """The likest, each with its reasons: those are put into words for the few that are told alone."""
    compared = [row for row in rows if row[0] == _COMPARED]
    if not compared:
        return []
    wanted, common = compared[0][11:13]
    stems = Stems(wanted.split(), common=common.split(), common_word=rules.scale.common_word)
    found = [(_likeness(row, asked, stems), row) for row in compared]
    scored = [(likeness.score(rules.scale), likeness, row) for likeness, row in found]
    alike = [one for one in scored if one[0] >= rules.threshold]
    alike.sort(key=lambda one: (-one[0], one[2][1]))
    return [_similar(row, likeness, score, asked) for score, likeness, row in alike[: rules.amounts["most"]]]


def _likeness(row: Sequence[Any], asked: Asked, stems: Stems) -> Likeness:
    _kind, _number, category, _place, _state, sent, lat, lon, _said, _voices, own, *_rest = row
    text, shared = stems.likeness(own or ())
    known = None not in (asked.lat, asked.lon, lat, lon)
    return Likeness(
        metres=sameness.metres_between((asked.lat, asked.lon), (lat, lon)) if known else None,  # type: ignore[arg-type]
        days=(asked.at - sent).total_seconds() / 86_400,
        is_same_category=category == asked.category.pk,
        shared=shared,
        text=text,
    )


def _similar(row: Sequence[Any], likeness: Likeness, score: float, asked: Asked) -> Similar:
    return Similar(
        row[1],
        category_with(row[2]),
        row[3],
        State(row[4]),
        score,
        tuple(reasons(likeness, asked.text)),
        row[8],
        row[9],
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
