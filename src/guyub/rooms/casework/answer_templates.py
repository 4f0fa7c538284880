"""Prepared answers: who keeps them, which serve a case, and what their fields say there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.compiled import Compiled
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.kinds import category_name
from guyub.rooms.casework.models import AnswerTemplate, Case
from guyub.rooms.casework.phrases import fill, unfilled, unknown_fields
from guyub.rooms.casework.rules import Verb
from guyub.rooms.casework.wording import DueTeller
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed

VERBS = (Verb.ANSWER, Verb.ASK, Verb.SCHEDULE, Verb.COMPLETE, Verb.REJECT)
MOST_A_KEEPER = 60


class UnknownFields(ValueError):
    """The words hold fields that nobody can fill: `fields` as they are written."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class TitleTaken(ValueError):
    """The office has a template of this title for this act."""


class TooMany(ValueError):
    """The office keeps as many templates as anybody can choose from."""


@dataclass(frozen=True, slots=True)
class Prepared(Printed):
    """A template with the fields of one case filled, as far as they are known."""

    id: str
    title: str
    text: str


def keepers(person: Person) -> list[int | None]:
    """For whom this person may keep templates: the whole city (None) for a coordinator, their own offices."""
    own: list[int | None] = sorted(person.offices(roles.ANSWER))  # type: ignore[assignment]
    return [None, *own] if person.can(roles.COORDINATE) else own


def visible(person: Person) -> QuerySet[AnswerTemplate]:
    """The templates that this person may use: the city's and those of their offices."""
    return _offered_to(sorted(person.offices(roles.VIEW)))


def _offered_to(offices: list[int]) -> QuerySet[AnswerTemplate]:
    rows = AnswerTemplate.objects.filter(Q(office__isnull=True) | Q(office__any=offices), is_active=True)
    return rows.order_by("office", "verb", "title")


_prepared: Compiled[AnswerTemplate] = Compiled(
    lambda offices, verbs: _offered_to(offices).filter(verb__any=verbs)
)


def editable(person: Person, template: int) -> AnswerTemplate:
    """One that this person may change. Raises NotAllowed."""
    row = visible(person).filter(pk=template).first()
    if row is None or row.office_id not in keepers(person):
        raise NotAllowed("This person keeps no such template.")
    return row


@transaction.atomic
def save(
    *,
    by: Person,
    office: int | None,
    verb: Verb,
    title: str,
    body: str,
    at: datetime,
    template: int | None = None,
) -> AnswerTemplate:
    """Keep a new template or change one. Raises NotAllowed, UnknownFields, TitleTaken, TooMany."""
    if office not in keepers(by) or verb not in VERBS:
        raise NotAllowed("This person keeps no templates there.")
    wrong = unknown_fields(body)
    if wrong:
        raise UnknownFields([f"{{{name}}}" for name in wrong])
    row = editable(by, template) if template else AnswerTemplate()
    others = AnswerTemplate.objects.filter(office=office, is_active=True).exclude(pk=row.pk)
    if others.filter(verb=verb, title=title).exists():
        raise TitleTaken(title)
    if not template and others.count() >= MOST_A_KEEPER:
        raise TooMany
    row.office_id, row.verb, row.title, row.body = office, verb, title, body
    return _kept(row, by=by, at=at)


@transaction.atomic
def remove(*, template: int, by: Person, at: datetime) -> None:
    """Offer a template no longer. Raises NotAllowed."""
    row = editable(by, template)
    row.is_active = False
    _kept(row, by=by, at=at)


def _kept(row: AnswerTemplate, *, by: Person, at: datetime) -> AnswerTemplate:
    row.changed_by, row.changed_at = by.acting, at
    row.save()
    fact = events.AnswerTemplateChanged(
        template=row.pk, office=row.office_id, verb=row.verb, is_active=row.is_active
    )
    subject = f"casework.template:{row.pk}"
    ledger.record(fact, subject=subject, at=at, by=by.account, on_behalf_of=row.office_id)
    return row


def prepared_for(
    *, case: Case, person: Person, verbs: Iterable[Verb], at: datetime
) -> dict[Verb, list[Prepared]]:
    """What is prepared for a case, by act: the case's office's own first, then the city's. Two queries."""
    wanted = [verb for verb in verbs if verb in VERBS]
    if not wanted:
        return {}
    offices = person.offices(roles.VIEW)
    rows = [
        row
        for row in _prepared.rows(offices=sorted(offices), verbs=[verb.value for verb in wanted])
        if row.office_id is None or row.office_id == case.office_id or case.office_id not in offices
    ]
    values = values_of(case, at=at) if rows else {}
    found: dict[Verb, list[Prepared]] = {}
    for row in sorted(rows, key=lambda one: (one.office_id is None, one.title)):
        found.setdefault(Verb(row.verb), []).append(Prepared(str(row.pk), row.title, fill(row.body, values)))
    return found


def values_of(case: Case, *, at: datetime) -> dict[str, str]:
    """What the fields say for a case; empty where it is not known."""
    place = places.gazetteer().by_code.get(case.place_code)
    office = people.directory().by_id.get(case.office_id)
    return {
        "nomor": case.number,
        "kelurahan": place.label if place else "",
        "kategori": category_name(case.kind, case.category),
        "tenggat": DueTeller(at).day(case.resolve_due_at),
        "kantor": office.name if office else "",
    }


def still_to_fill(text: str) -> list[str]:
    """The fields that keep words from being sent."""
    return unfilled(text)
