"""Which category a text seems to mean: by what the city's offices decided, else by what categories are called.

A suggestion decides nothing. Below the rulebook's thresholds there is none; without the rules there is none either.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import Remembered, get_city, signature, signature_fits
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.guessing import BadModel, Guess, Keywords, Model
from guyub.rooms.reports.models import Category, CategoryModel

FAMILY = "category_guess"
_PURPOSE = "category-model"
_log = logging.getLogger(__name__)
_unpacked: dict[str, tuple[int, Model | None]] = {}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category, how surely (0 to 1), by which words, and whether it was learnt or comes from keywords."""

    category: Category
    sure: float
    words: tuple[str, ...]
    is_learnt: bool


def rules_on(at: datetime) -> dict[str, int]:
    """The city's figures on a day; empty where the rulebook has none."""
    found = rulebook.family(FAMILY, on=local_date(at, get_city().tz))
    return {key: rule.value["amount"] for key, rule in found.items()}


def suggest(text: str, *, at: datetime) -> Suggestion | None:
    """The one category that is sure enough. No query while the process remembers the city's model."""
    rules = rules_on(at)
    if not rules or len(text.strip()) < rules["shortest"]:
        return None
    model = find_model()
    ranked = model.rank(text, most=1) if model else keywords().rank(text, most=2)
    least = rules["threshold" if model else "keyword_threshold"] / 100
    if not ranked or ranked[0].sure < least or _is_tie(ranked):
        return None
    return _offered(ranked[0], is_learnt=model is not None)


def disagrees(text: str, *, chosen: Category, at: datetime) -> Suggestion | None:
    """What a text speaks of so strongly that whoever chose something else may be asked once. Learnt only: keywords
    are too often said in passing."""
    found = suggest(text, at=at)
    if found is None or not found.is_learnt or found.category == chosen or chosen.is_conduct:
        return None
    return found if found.sure >= rules_on(at)["disagree"] / 100 else None


def _is_tie(ranked: list[Guess]) -> bool:
    return len(ranked) > 1 and ranked[0].sure == ranked[1].sure


def _offered(guess: Guess, *, is_learnt: bool) -> Suggestion | None:
    """A model may still name a category that the city has closed since."""
    found = categories().by_code.get(guess.code)
    if found is None or not found.is_active:
        return None
    return Suggestion(found, guess.sure, guess.words, is_learnt)


def called(rows: Iterable[Category]) -> dict[str, list[str]]:
    """What each category is called, by its code."""
    return {row.code: [row.name_id, *filter(None, row.words_id.split("; "))] for row in rows}


keywords = Remembered(lambda: Keywords.of(called(categories().offered)), seconds=60)
hazard_keywords = Remembered(
    lambda: Keywords.of(called(row for row in categories().offered if row.is_hazard and row.emergency)),
    seconds=60,
)
_newest = Remembered(
    lambda: CategoryModel.objects.order_by("-id").values_list("id", flat=True).first(), seconds=60
)


def find_model() -> Model | None:
    """The city's newest model; read once a minute whether there is a newer one, unpacked when there is."""
    id, schema = _newest(), get_city().schema
    if id is None:
        return None
    if _unpacked.get(schema, (0, None))[0] != id:
        _unpacked[schema] = (id, _read(id))
    return _unpacked[schema][1]


def _read(id: int) -> Model | None:
    """A model that was changed, or made elsewhere, is as good as none: keywords go on."""
    row = CategoryModel.objects.filter(pk=id).first()
    if row is None:
        return None
    packed = bytes(row.packed)
    if digest_of(packed) != row.digest or not signature_fits(_PURPOSE, row.digest, row.signed):
        _log.warning("category model %s does not bear this city's signature; it is not used", id)
        return None
    try:
        return Model.unpack(packed)
    except BadModel as problem:
        _log.warning("category model %s cannot be read: %s", id, problem)
        return None


def digest_of(packed: bytes) -> str:
    return hashlib.sha256(packed).hexdigest()


def sign(digest: str) -> str:
    return signature(_PURPOSE, digest)


def forget() -> None:
    """Use another model at once in this process; the others see it within a minute."""
    _newest.forget()
