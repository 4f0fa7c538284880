"""Shapes of agreements for pages, for a partner's record and for the network of partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.kernel.ledger import api as ledger
from guyub.rooms.agreements import reference, rules, standing
from guyub.rooms.agreements.access import agreed
from guyub.rooms.agreements.models import Cooperation, Document, Duty, Evaluation, Party
from guyub.rooms.agreements.rules import Result, State, Why
from guyub.rooms.agreements.wording import CHECKS, ENDINGS, RESULTS, STAGES, STATES
from guyub.rooms.partners import api as partners
from guyub.rooms.partners.api import Delivered, Tie
from guyub.ui.rows import Printed, day_in_words

PAGE = 50


@dataclass(frozen=True, slots=True)
class SideRow(Printed):
    id: int
    name: str
    address: str
    number: str
    post: str


@dataclass(frozen=True, slots=True)
class DutyRow(Printed):
    id: int
    what: str
    owner: str
    due: str
    done: str
    words: str
    tone: str
    state: str


@dataclass(frozen=True, slots=True)
class DocumentRow(Printed):
    """A document as lists and pages show it; `soon` says that it runs out."""

    uuid: UUID
    kind: str
    title: str
    state: str
    tone: str
    signed: str
    until: str
    soon: str
    ending: str
    sides: list[SideRow]
    duties: list[DutyRow]
    scope: list[str]


@dataclass(frozen=True, slots=True)
class CooperationRow(Printed):
    uuid: UUID
    slug: str
    title: str
    type: str
    stage: str
    documents: list[DocumentRow]
    with_whom: str


def rows_of(
    found: Iterable[Cooperation], documents: Iterable[Document], *, today: date
) -> list[CooperationRow]:
    """Cooperations with some of their documents. Three queries for all."""
    shown: dict[int, list[DocumentRow]] = {}
    for key, row in document_rows(documents, today=today):
        shown.setdefault(key, []).append(row)
    known = reference.types(on=today)
    return [
        CooperationRow(
            one.uuid,
            one.slug,
            one.title,
            known[one.kind].label if one.kind in known else one.kind,
            str(STAGES[one.stage][0]),
            shown.get(one.pk, []),
            _with_whom(shown.get(one.pk, [])),
        )
        for one in found
    ]


def _with_whom(rows: list[DocumentRow]) -> str:
    return ", ".join(dict.fromkeys(side.name for row in rows for side in row.sides))


def document_rows(found: Iterable[Document], *, today: date) -> list[tuple[int, DocumentRow]]:
    """Documents by their cooperation, each with its sides and duties. Three queries."""
    documents = list(found)
    sides: dict[int, list[SideRow]] = {}
    parties = list(Party.objects.filter(document__in=documents).order_by("document", "position"))
    cards = partners.by_ids(ids=[one.partner_id for one in parties if one.partner_id])
    for one in parties:
        card = cards.get(one.partner_id or 0)
        row = SideRow(one.pk, one.name, card.address if card else "", one.number, one.post)
        sides.setdefault(one.document_id, []).append(row)
    names = {one.pk: one.name for one in parties}
    duties: dict[int, list[DutyRow]] = {}
    for duty in Duty.objects.filter(document__in=documents).order_by("due_on", "pk"):
        duties.setdefault(duty.document_id, []).append(_duty(duty, names[duty.party_id], today))
    kinds = reference.kinds(on=today)
    first = reference.amount("remind_first", on=today)
    return [
        (one.cooperation_id, _row(one, kinds[one.kind].label, sides, duties, today, first))
        for one in documents
    ]


def _row(
    one: Document,
    kind: str,
    sides: Mapping[int, list[SideRow]],
    duties: Mapping[int, list[DutyRow]],
    today: date,
    first: int,
) -> DocumentRow:
    label, tone = STATES[State(one.state)]
    state, soon = str(label), ""
    if one.state == State.SIGNED and one.ends_on and one.kind != "SURAT_PENAWARAN":
        if one.ends_on < today:
            state, tone, soon = _("Masa berlakunya habis"), "overdue", day_in_words(one.ends_on)
        elif today >= rules.months_after(one.ends_on, -first):
            soon = day_in_words(one.ends_on)
    return DocumentRow(
        one.uuid,
        kind,
        one.title,
        state,
        tone,
        day_in_words(one.signed_on) if one.signed_on else "",
        day_in_words(one.ends_on) if one.ends_on else "",
        soon,
        str(ENDINGS[Why(one.ended_why)]) if one.ended_why else "",
        sides.get(one.pk, []),
        duties.get(one.pk, []),
        list(one.scope),
    )


def _duty(duty: Duty, owner: str, today: date) -> DutyRow:
    if duty.done_on:
        state, tone = _("dipenuhi %(day)s") % {"day": day_in_words(duty.done_on)}, "done"
    elif duty.due_on < today:
        state, tone = _("lewat tenggat"), "overdue"
    else:
        state, tone = _("belum jatuh tempo"), "waiting"
    done = day_in_words(duty.done_on) if duty.done_on else ""
    return DutyRow(duty.pk, duty.what, owner, day_in_words(duty.due_on), done, duty.words, tone, state)


def public_list(*, number: int, today: date) -> tuple[list[CooperationRow], bool]:
    """What the city agreed with others, the newest first."""
    found = Cooperation.objects.filter(pk__in=agreed().values("cooperation")).order_by("-pk")
    rows = list(found[(number - 1) * PAGE : number * PAGE + 1])
    documents = agreed().filter(cooperation__in=rows[:PAGE]).order_by("signed_on", "pk")
    return rows_of(rows[:PAGE], documents, today=today), len(rows) > PAGE


def public_page(row: Cooperation, *, today: date) -> CooperationRow:
    documents = agreed().filter(cooperation=row).order_by("signed_on", "pk")
    return rows_of([row], documents, today=today)[0]


def desk_list(*, number: int, today: date) -> tuple[list[CooperationRow], bool]:
    rows = list(Cooperation.objects.order_by("-pk")[(number - 1) * PAGE : number * PAGE + 1])
    documents = Document.objects.filter(cooperation__in=rows[:PAGE]).order_by("pk")
    return rows_of(rows[:PAGE], documents, today=today), len(rows) > PAGE


def running_out(*, today: date) -> list[DocumentRow]:
    """Documents in force that end soon or ended and were not ended, the nearest first."""
    first = reference.amount("remind_first", on=today)
    rows = Document.objects.filter(state=State.SIGNED, ends_on__lte=rules.months_after(today, first))
    rows = rows.exclude(kind="SURAT_PENAWARAN").order_by("ends_on")[:PAGE]
    return [row for _key, row in document_rows(rows, today=today)]


@dataclass(frozen=True, slots=True)
class StageRow(Printed):
    label: str
    state: str


def stages(row: Cooperation) -> list[StageRow]:
    """The stages of its type with how far it came, for the steps at the head of its page."""
    known = standing.stages_of(row)
    now = known.index(row.stage)
    return [
        StageRow(str(STAGES[code][0]), "done" if n < now else "current" if n == now else "next")
        for n, code in enumerate(known)
    ]


@dataclass(frozen=True, slots=True)
class FindingRow(Printed):
    words: str
    blocks: bool
    basis: str
    is_sure: bool


def findings(row: Document, *, today: date) -> list[FindingRow]:
    """What stands against signing a draft, each with its legal basis and whether that was confirmed."""
    found = [(check, reference.basis_of(check, on=today)) for check in standing.findings(row, on=today)]
    return [
        FindingRow(str(CHECKS[check]), basis.blocks, basis.legal_basis, basis.is_sure)
        for check, basis in found
    ]


@dataclass(frozen=True, slots=True)
class EvaluationRow(Printed):
    on: str
    result: str
    words: str


def evaluations(row: Document) -> list[EvaluationRow]:
    found = Evaluation.objects.filter(document=row).order_by("-on", "-pk")
    return [EvaluationRow(day_in_words(one.on), str(RESULTS[Result(one.result)]), one.words) for one in found]


def evaluation_due(row: Document, *, today: date) -> date | None:
    """Since when the yearly evaluation of a document in force is due; None while it is not."""
    if row.state != State.SIGNED or row.starts_on is None or row.kind == "SURAT_PENAWARAN":
        return None
    last = Evaluation.objects.filter(document=row).order_by("-on").values_list("on", flat=True).first()
    due = rules.evaluation_due(
        starts_on=row.starts_on, last_on=last, every=reference.amount("evaluate_every", on=today)
    )
    return due if due <= today else None


@dataclass(frozen=True, slots=True)
class Entry(Printed):
    title: str
    tone: str
    when: str
    datetime: str


def entries(row: Cooperation, *, public: bool) -> list[Entry]:
    """What happened, the newest first. One query."""
    told = [ledger.tell(fact) for fact in reversed(ledger.facts_about(row.subject)[-60:])]
    return [_entry(said.at, said.text, said.tone) for said in told if said and (said.public or not public)]


def _entry(at: datetime, text: str, tone: str) -> Entry:
    when = date_format(localtime(at, get_city().tz), "j F Y")
    return Entry(text, tone, when, at.isoformat())


def record_of(ids: Iterable[int]) -> dict[int, list[Delivered]]:
    """What partners delivered under documents that everyone may know of, newest first. One query."""
    found: dict[int, list[Delivered]] = {}
    for partner, on, what, slug in _done_by.rows(partners=list(ids)):
        line = Delivered(on=on, words=what, address=reverse("agreement_page", args=[slug]))
        found.setdefault(partner, []).append(line)
    return found


_done_by: Compiled[Any] = Compiled(
    lambda partners: (
        Duty.objects.filter(party__partner__any=partners, done_on__isnull=False, document__in=agreed())
        .order_by("-done_on")
        .values_list("party__partner", "done_on", "what", "document__cooperation__slug")
    )
)


def ties_since(day: date, partner: int | None = None) -> list[Tie]:
    """Partners that are sides of one document signed since a day, or one of them and who signed with it. One query."""
    documents = agreed().filter(signed_on__gte=day)
    if partner is not None:
        documents = documents.filter(pk__in=Party.objects.filter(partner=partner).values("document"))
    rows = Party.objects.filter(partner__isnull=False, document__in=documents).order_by(
        "document", "position"
    )
    together: dict[tuple[str, str, date], list[int]] = {}
    columns = (
        "document__cooperation__title",
        "document__cooperation__slug",
        "document__signed_on",
        "partner",
    )
    for title, slug, on, partner in rows.values_list(*columns):
        together.setdefault((title, slug, on), []).append(partner)
    return [
        Tie(first=a, second=b, what=title, on=on, address=reverse("agreement_page", args=[slug]))
        for (title, slug, on), found in together.items()
        for a, b in combinations(found, 2)
    ]
