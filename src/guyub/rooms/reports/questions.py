"""What a category asks: one definition for the residents' form, the counter and Open311, changed by versions.

A question that was asked is never rewritten: it ends, and another version begins, so that an answer keeps the question
that it answers (docs/decisions/0034). Chosen answers may be public, as the question says; written ones never are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.cities.api import Remembered, get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.reports import open311
from guyub.rooms.reports.models import Answer, Attribute, Category, Report
from guyub.rooms.reports.queries import name_of

LISTS = open311.LISTS
MOST_QUESTIONS, MOST_CHOICES = 12, 30


class CannotDefine(ValueError):
    """The question cannot be asked so; the message is for officers."""


def _read() -> dict[int, list[Attribute]]:
    found: dict[int, list[Attribute]] = {}
    for row in Attribute.objects.filter(is_active=True).order_by("position"):
        found.setdefault(row.category_id, []).append(row)
    return found


_asked = Remembered(_read, seconds=60)


def asked_for(category: Category | None) -> list[Attribute]:
    """What is asked for a category today. No query but once a minute. Nothing is asked about conduct."""
    return [] if category is None or category.is_conduct else _asked().get(category.pk, [])


# ── Answers ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and what was answered, in the language of the page."""

    question: str
    answer: str


def answers_of(report: Report, *, public: bool) -> list[Answered]:
    """What a report answers. No query for a report that answers nothing. Strangers read what was chosen of lists
    whose question says that it is public, and only of the category that the report is about."""
    if not report.has_answers:
        return []
    rows = (
        Answer.objects.filter(report=report).select_related("attribute").order_by("attribute__position", "pk")
    )
    if public:
        rows = rows.filter(
            attribute__is_public=True, attribute__datatype__in=LISTS, attribute__category=report.category_id
        )
    found: dict[Attribute, list[str]] = {}
    for row in rows:
        found.setdefault(row.attribute, []).append(_in_words(row.attribute, row.value))
    return [
        Answered(name_of(name_id=one.name_id, name_en=one.name_en), ", ".join(values))
        for one, values in found.items()
    ]


def _in_words(attribute: Attribute, value: str) -> str:
    names = {one["key"]: name_of(name_id=one["name_id"], name_en=one["name_en"]) for one in attribute.values}
    return names.get(value, value)


# ── Defining ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A question as somebody wants it asked. `choices` are pairs of words, Indonesian and English."""

    datatype: str
    name_id: str
    name_en: str
    hint_id: str = ""
    hint_en: str = ""
    is_required: bool = False
    is_public: bool = False
    choices: tuple[tuple[str, str], ...] = ()


def may_define(person: Person) -> bool:
    """Whoever drafts which office does what also says what it needs to know."""
    return person.can(roles.ROUTE_EDIT)


@transaction.atomic
def define(
    *, category: Category, wanted: Wanted, by: Person, at: datetime, instead_of: int | None = None
) -> Attribute:
    """Ask a question from now on, in place of an earlier version if there is one. Raises NotAllowed, CannotDefine."""
    before = _to_change(category, instead_of, by)
    made = Attribute(
        category=category,
        code=before.code if before else _new_code(category, wanted.name_id),
        position=before.position if before else _next_position(category),
        version=before.version + 1 if before else 1,
        datatype=Attribute.Datatype(wanted.datatype),
        is_required=wanted.is_required,
        is_public=wanted.is_public and wanted.datatype in LISTS,
        name_id=wanted.name_id,
        name_en=wanted.name_en,
        hint_id=wanted.hint_id,
        hint_en=wanted.hint_en,
        values=_values(wanted, before),
        made_at=at,
        made_by=by.acting,
    )
    if before and _says(before) == _says(made):
        return before
    if before:
        _end(before, at)
    made.save()
    _record(made, by=by, at=at)
    return made


@transaction.atomic
def retire(*, category: Category, attribute: int, by: Person, at: datetime) -> None:
    """Ask it no more; what was answered stays. Raises NotAllowed, CannotDefine."""
    before = _to_change(category, attribute, by)
    assert before is not None
    _end(before, at)
    _record(before, by=by, at=at)


def _to_change(category: Category, attribute: int | None, by: Person) -> Attribute | None:
    if not may_define(by):
        raise NotAllowed("This person does not say what categories ask.")
    rows = list(Attribute.objects.select_for_update().filter(category=category, is_active=True))
    if category.is_conduct:
        raise CannotDefine(_("Laporan tentang perilaku petugas tidak ditanyai apa pun."))
    if attribute is None and len(rows) >= MOST_QUESTIONS:
        raise CannotDefine(_("Paling banyak %(n)d pertanyaan.") % {"n": MOST_QUESTIONS})
    found = next((row for row in rows if row.pk == attribute), None)
    if attribute is not None and found is None:
        raise CannotDefine(_("Pertanyaan ini sudah diubah orang lain. Periksa dahulu."))
    return found


def _says(row: Attribute) -> tuple[object, ...]:
    names = ("datatype", "is_required", "is_public", "name_id", "name_en", "hint_id", "hint_en", "values")
    return tuple(getattr(row, name) for name in names)


def _end(row: Attribute, at: datetime) -> None:
    row.is_active, row.ended_at = False, at
    row.save(update_fields=["is_active", "ended_at"])


def _record(row: Attribute, *, by: Person, at: datetime) -> None:
    fact = events.QuestionDefined(
        attribute=row.pk,
        category=row.category.code,
        code=row.code,
        edition=row.version,
        is_over=not row.is_active,
    )
    subject = f"reports.category:{row.category_id}"
    ledger.record(fact, subject=subject, at=at, by=by.account, place=get_city().code)
    _asked.forget()
    open311.services.forget()


def _values(wanted: Wanted, before: Attribute | None) -> list[dict[str, str]]:
    """The choices of a list; one that is called as before keeps its key, so that answers stay comparable."""
    if wanted.datatype not in LISTS:
        return []
    if not 2 <= len(wanted.choices) <= MOST_CHOICES:
        raise CannotDefine(_("Tulis 2 sampai %(n)d pilihan.") % {"n": MOST_CHOICES})
    names = [name_id for name_id, _name_en in wanted.choices]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise CannotDefine(_("Pilihan “%(name)s” tertulis dua kali.") % {"name": twice})
    kept = {one["name_id"]: one["key"] for one in (before.values if before else [])}
    taken, found = set(kept.values()), []
    for name_id, name_en in wanted.choices:
        key = kept.get(name_id) or _free(_slug(name_id, "-"), taken)
        taken.add(key)
        found.append({"key": key, "name_id": name_id, "name_en": name_en})
    return found


def _new_code(category: Category, name: str) -> str:
    taken = set(Attribute.objects.filter(category=category).values_list("code", flat=True))
    return _free(_slug(name, "_"), taken)


def _next_position(category: Category) -> int:
    last = Attribute.objects.filter(category=category).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _slug(text: str, between: str) -> str:
    return re.sub(r"[^a-z0-9]+", between, text.casefold()).strip(between)[:32] or "isi"


def _free(wanted: str, taken: Iterable[str]) -> str:
    names, n, name = set(taken), 2, wanted
    while name in names:
        name, n = f"{wanted}{n}", n + 1
    return name
