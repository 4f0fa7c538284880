"""Keeping what was learnt of decided cases. The library that learns is loaded here alone, by the command."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from guyub.events import reports as events
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.places import api as places
from guyub.rooms.reports import suggesting
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.guessing import said
from guyub.rooms.reports.models import CategoryModel, Report
from guyub.rooms.reports.recategorising import newest_corrections

KEPT_MODELS = 3


class TooFew(ValueError):
    """There is not enough to learn from; the message is for operators."""


@dataclass(frozen=True, slots=True)
class Trained:
    """`model` is None after a trial. Figures are those of `learning.Figures`, by name."""

    model: int | None
    cases: int
    counts: Counter[str]
    figures: dict[str, Any]
    bytes: int


def train(*, at: datetime, dry_run: bool = False) -> Trained:
    """Learn from the decided cases up to a moment. Raises TooFew."""
    from guyub.rooms.reports import learning

    rules = suggesting.rules_on(at)
    if not rules:
        raise TooFew("The rulebook lacks category_guess.*; run `guyub city seed`.")
    examples = [
        learning.Example(body, categories().by_id[category].code, sayer)
        for body, category, sayer in _decided(at, rules["history"])
    ]
    counts = Counter(example.code for example in examples)
    if len(examples) < rules["least_cases"] or len(counts) < 2:
        raise TooFew(
            f"{len(examples)} decided cases in {len(counts)} categories; {rules['least_cases']} in at least two "
            "are needed. Until then the categories' own words suggest."
        )
    dictionary = [
        learning.Example(phrase, code)
        for code, phrases in suggesting.called(categories().offered).items()
        for phrase in phrases
    ]
    model, figures = learning.train(
        examples, dictionary, people=rules["least_people"], most=rules["features"], never=_names(dictionary)
    )
    packed = model.pack()
    kept = None if dry_run else _keep(packed, figures=asdict(figures), cases=len(examples), at=at)
    return Trained(kept, len(examples), counts, asdict(figures), len(packed))


def _decided(at: datetime, days: int) -> list[tuple[str, int, str]]:
    """(words, category, who) of reports that an office verified and nobody called wrongly categorised, oldest first.

    What was corrected is learnt as it was corrected. What is about conduct or secret is not learnt from: few may read it.
    """
    wrong = casework.queries.subjects_handed_over(casework.HandOverReason.WRONG_CATEGORY)
    corrected = newest_corrections()
    rows = (
        Report.objects.filter(
            published_at__isnull=False,
            about_conduct=False,
            is_confidential=False,
            submitted_at__gte=at - timedelta(days=days),
            submitted_at__lt=at,
        )
        .order_by("submitted_at", "id")
        .values_list("id", "body", "category_id", "account_id", "contact_id")
    )
    return [
        (body, category, f"account:{account}" if account else f"contact:{contact}" if contact else "")
        for id, body, category, account, contact in rows
        if not _is_wrong(wrong.get(f"reports.report:{id}"), corrected.get(id))
    ]


def _is_wrong(handed_over: datetime | None, corrected: datetime | None) -> bool:
    """An office called the category wrong, and nobody has corrected it since."""
    return handed_over is not None and (corrected is None or corrected < handed_over)


def _names(dictionary: list[Any]) -> frozenset[str]:
    """Names of places are where, not what; those that categories are called by ("pasar") stay."""
    here = {word for row in places.gazetteer().rows for word, _ in said(row.name)}
    return frozenset(here - {word for example in dictionary for word, _ in said(example.text)})


@transaction.atomic
def _keep(packed: bytes, *, figures: dict[str, Any], cases: int, at: datetime) -> int:
    digest = suggesting.digest_of(packed)
    row = CategoryModel.objects.create(
        packed=packed,
        digest=digest,
        signed=suggesting.sign(digest),
        cases=cases,
        figures=figures,
        trained_at=at,
    )
    old = list(CategoryModel.objects.order_by("-id").values_list("id", flat=True)[KEPT_MODELS:])
    CategoryModel.objects.filter(pk__in=old).delete()
    fact = events.CategoryModelTrained(
        model=row.pk,
        digest=digest,
        cases=cases,
        held_out=figures["cases"],
        first=round(figures["first"] * 1000),
        among_three=round(figures["among_three"] * 1000),
    )
    ledger.record(fact, subject=f"reports.category_model:{row.pk}", at=at, place=get_city().code)
    suggesting.forget()
    return row.pk
