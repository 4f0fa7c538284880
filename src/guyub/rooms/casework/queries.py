"""Shapes of cases for pages and for the rooms above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from guyub.kernel.access import roles
from guyub.kernel.access.api import ROLES, GrantInForce, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled, CompiledFor
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import deadlines, routing, rules
from guyub.rooms.casework.access import inbox, visible
from guyub.rooms.casework.kinds import holding
from guyub.rooms.casework.models import (
    Assignment,
    Case,
    Evidence,
    EvidenceFinding,
    ExternalBody,
    HandOver,
    Letter,
    Schedule,
    Split,
    StandingDisposition,
)
from guyub.rooms.casework.proof_wording import Found
from guyub.rooms.casework.rules import HandOverReason, State
from guyub.rooms.people import api as people


@dataclass(frozen=True, slots=True)
class SchedulePlan:
    """A proposal to put work off, or the decision on one."""

    id: int
    office: int
    reason: str
    target_month: date
    decision: str
    proposed_at: datetime
    decided_at: datetime | None
    public_reason: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What an office showed of its finished work; its photos lie under `casework.evidence:<id>`."""

    id: int
    words: str
    at: datetime
    case: int
    public_words: str
    source: str
    taken_at: datetime | None
    taken_lat: float | None
    taken_accuracy: float | None
    flagged: bool | None
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Disposition:
    """A hand-over with its reason, for officers."""

    id: int
    from_office: int
    to_office: int
    code: str
    reason: str
    wanted: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of an inbox, ready to print."""

    uuid: UUID
    kind: str
    number: str
    label: str
    state: str
    place_code: str
    office: int
    classification: str
    mode: str
    is_hazard: bool
    accepted_at: datetime | None
    received_at: datetime
    due_at: datetime | None
    due_is_provisional: bool
    updated_at: datetime
    escalated_to: int | None
    part: int


_ROW = (
    "uuid",
    "kind",
    "number",
    "label",
    "state",
    "place_code",
    "office_id",
    "classification",
    "mode",
    "is_hazard",
    "accepted_at",
    "received_at",
    "due_at",
    "due_is_provisional",
    "updated_at",
    "escalated_to_id",
    "part",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a list is narrowed to; the default is everything.

    `overdue_at` keeps what was due before that moment.
    """

    state: str = ""
    place: str = ""
    hazard: bool = False
    overdue_at: datetime | None = None
    assignee: int | None = None
    numbers: tuple[str, ...] | None = None
    words: str = ""

    def applied(self, rows: QuerySet[Case]) -> QuerySet[Case]:
        if self.numbers is not None:
            rows = rows.filter(number__in=self.numbers)
        if self.words:
            rows = rows.filter(holding(self.words))
        if self.state:
            rows = rows.filter(state=self.state)
        if self.place:
            rows = rows.filter(Q(place_code=self.place) | Q(place_code__startswith=self.place + "."))
        if self.assignee is not None:
            rows = rows.filter(assignee=self.assignee)
        if self.hazard:
            rows = rows.filter(is_hazard=True)
        if self.overdue_at is not None:
            rows = rows.filter(is_open=True, due_at__lt=self.overdue_at)
        return rows


EVERYTHING = Narrowed()
Grants = tuple[GrantInForce, ...]  # all that decides which cases somebody sees

_first_of_inbox: CompiledFor[tuple[Grants, int], tuple[Any, ...]] = CompiledFor(
    lambda seen: inbox(Person(grants=seen[0])).order_by("due_at", "id").values_list(*_ROW)[: seen[1]]
)
_first_of_all: CompiledFor[tuple[Grants, int], tuple[Any, ...]] = CompiledFor(
    lambda seen: visible(Person(grants=seen[0])).order_by("-updated_at", "-id").values_list(*_ROW)[: seen[1]]
)


def inbox_rows(
    *, person: Person, narrowed: Narrowed = EVERYTHING, after: int = 0, limit: int = 50
) -> list[InboxRow]:
    """A person's inbox: what is due soonest first, so what is overdue comes first of all; one query.

    What waits on others (the reporter's answer or confirmation) has no deadline and comes last.
    """
    if narrowed == EVERYTHING and not after:
        return [InboxRow(*row) for row in _first_of_inbox.rows((person.grants, limit))]
    rows = narrowed.applied(inbox(person)).order_by("due_at", "id")
    return [InboxRow(*row) for row in rows.values_list(*_ROW)[after : after + limit]]


def all_rows(
    *, person: Person, narrowed: Narrowed = EVERYTHING, after: int = 0, limit: int = 50
) -> list[InboxRow]:
    """All cases that a person may see, ended ones too, the newest change first; one query."""
    if narrowed == EVERYTHING and not after:
        return [InboxRow(*row) for row in _first_of_all.rows((person.grants, limit))]
    rows = narrowed.applied(visible(person)).order_by("-updated_at", "-id")
    return [InboxRow(*row) for row in rows.values_list(*_ROW)[after : after + limit]]


def next_in_inbox(*, person: Person, besides: str) -> InboxRow | None:
    """What to do next: the first of the inbox on which this person's office must act, another subject's.

    One query.
    """
    return next((InboxRow(*row) for row in _next_in_inbox.rows(person.grants, besides=besides)), None)


_next_in_inbox: CompiledFor[Grants, tuple[Any, ...]] = CompiledFor(
    lambda grants, besides: (
        inbox(Person(grants=grants))
        .filter(due_at__isnull=False)
        .exclude(subject=besides)
        .order_by("due_at", "id")
        .values_list(*_ROW)[:1]
    )
)


@dataclass(frozen=True, slots=True)
class Desk:
    """At which desk a person sits, for the head of the page."""

    offices: str
    roles: str


def desk_of(person: Person) -> Desk:
    """A person's offices and roles in words, without a query."""
    working = [grant for grant in person.grants if grant.powers]
    return Desk(
        offices=", ".join(dict.fromkeys(grant.organisation_name for grant in working)),
        roles=", ".join(dict.fromkeys(grant.title for grant in working)),
    )


@dataclass(frozen=True, slots=True)
class InboxCounts:
    overdue: int
    hazards: int
    open: int
    by_state: dict[str, int]


def inbox_counts(*, person: Person, at: datetime) -> InboxCounts:
    """The numbers above an inbox. One query."""
    found = _inbox_counts.rows(person.grants, at=at)
    return InboxCounts(
        overdue=sum(late for _state, _n, late, _danger in found),
        hazards=sum(danger for _state, _n, _late, danger in found),
        open=sum(n for _state, n, _late, _danger in found),
        by_state={state: n for state, n, _late, _danger in found},
    )


_inbox_counts: CompiledFor[Grants, tuple[str, int, int, int]] = CompiledFor(
    lambda grants, at: (
        inbox(Person(grants=grants))
        .values("state")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=Q(due_at__lt=at)),
            danger=Count("id", filter=Q(is_hazard=True)),
        )
        .values_list("state", "n", "late", "danger")
    )
)


_cases_of: Compiled[Case] = Compiled(lambda subject: Case.objects.filter(subject=subject).order_by("part"))


def cases_of(*, subject: str) -> list[Case]:
    """A subject's cases in the order in which they were opened."""
    return _cases_of.rows(subject=subject)


def subjects_handed_over(code: HandOverReason) -> dict[str, datetime]:
    """The subjects of cases that some office handed on for a reason, and when last. One query."""
    rows = HandOver.objects.filter(code=code).order_by("at")
    return dict(rows.values_list("case__subject", "at"))


def schedules_of(*, cases: Iterable[int]) -> list[SchedulePlan]:
    return [SchedulePlan(*row) for row in _schedules_of.rows(cases=list(cases))]


_PLAN = (
    "pk",
    "office_id",
    "reason",
    "target_month",
    "decision",
    "proposed_at",
    "decided_at",
    "public_reason",
    "because",
)
_schedules_of: Compiled[tuple[Any, ...]] = Compiled(
    lambda cases: Schedule.objects.filter(case__any=cases).order_by("pk").values_list(*_PLAN)
)


def proofs_of(*, cases: Iterable[int]) -> list[Proof]:
    return list(_proofs(Evidence.objects.filter(case__in=list(cases))))


def proofs_by_id(ids: Iterable[int]) -> dict[int, Proof]:
    """Proofs by their ids, oldest first. One query, or none for no id."""
    wanted = list(ids)
    return {row.id: row for row in _proofs(Evidence.objects.filter(pk__in=wanted))} if wanted else {}


def _proofs(rows: QuerySet[Evidence]) -> Iterator[Proof]:
    """Proofs with their findings, which the database puts together: one query."""
    found = EvidenceFinding.objects.filter(evidence=OuterRef("pk")).order_by("pk")
    kept = ArraySubquery(found.values(json=JSONObject(**{key: key for key in _FINDING})))
    how = ("source", "taken_at", "taken_lat", "taken_accuracy")
    columns = ("pk", "words", "at", "case_id", "public_words", *how, "flagged", "kept")
    for row in rows.annotate(kept=kept).order_by("pk").values_list(*columns):
        *said, findings = row
        yield Proof(*said, tuple(Found(**one) for one in findings))  # type: ignore[call-arg]


_FINDING = ("code", "level", "values", "photo", "other_subject")


def dispositions_of(*, cases: Iterable[int]) -> list[Disposition]:
    rows = HandOver.objects.filter(case__in=list(cases)).order_by("pk")
    return [
        Disposition(h.pk, h.from_office_id, h.to_office_id, h.code, h.reason, h.wanted_office, h.at)
        for h in rows
    ]


def staff_of(office: int, *, at: datetime) -> list[tuple[int, str]]:
    """Accounts and names of who works on an office's cases today, by name."""
    today = local_date(at, get_city().tz)
    working = holders(roles.VERIFY) | holders(roles.ANSWER)
    found = people.names_of(people.accounts_with(roles=working, organisation=office, on=today))
    return sorted(found.items(), key=lambda row: row[1])


_standing: Compiled[StandingDisposition] = Compiled(
    lambda office, category, today: StandingDisposition.objects.filter(
        Q(category=category) | Q(category="*"), office_id=office, ended_at=None, until__gt=today
    )
)


def standing_for(case: Case, *, at: datetime) -> StandingDisposition | None:
    """What the head of the case's office has said beforehand: the category's own before '*'.

    It ends with its day, and by itself when the officer works there no more.
    """
    today = local_date(at, get_city().tz)
    rows = _standing.rows(office=case.office_id, category=case.category, today=today)
    found = max(rows, key=lambda row: (row.category != "*", row.pk), default=None)
    return found if found and found.officer in dict(staff_of(case.office_id, at=at)) else None


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who of the office has a case, and what the head said."""

    officer: str
    instruction: str
    nota: str
    at: datetime


def assigned(case: Case) -> Assigned | None:
    """The disposisi inside the office that holds now."""
    if case.assignee is None:
        return None
    rows = Assignment.objects.filter(case=case, officer=case.assignee)  # a later one may be taken back
    row = rows.select_related("standing").order_by("-pk").first()
    if row is None:
        return None
    name = people.names_of([row.officer]).get(row.officer, "")
    return Assigned(name, row.instruction, row.standing.nota if row.standing else "", row.at)


def coordinator_decides(case: Case, person: Person, *, at: datetime) -> bool:
    """Whether this person's hand-over of the case would go to the coordinator, whatever they choose.

    Who sees every case chooses for good, and so does who is on duty for danger: that does not wait.
    """
    chooses = person.can(roles.VIEW_ALL) or (case.is_hazard and person.can(roles.VIEW_HAZARDS))
    limit = rulebook.rule("case_authority.hand_over_limit", on=local_date(at, get_city().tz))
    return rules.coordinator_decides(
        hand_overs=case.hand_overs, limit=limit.value["amount"], chooser_coordinates=chooses
    )


@dataclass(frozen=True, slots=True)
class Targets:
    """Offices that can take a case: of its own place, agencies, and who coordinates."""

    near: list[people.Office]
    agencies: list[people.Office]
    coordination: list[people.Office]


def hand_over_targets(case: Case) -> Targets:
    """The offices that can take a case; the one that has it is left out."""
    offices = people.directory()
    kinds = people.OrganisationKind
    near = [offices.of_settlement(case.place_code), offices.of_district(case.place_code)]
    coordination = [*offices.of_kind(kinds.COORDINATOR), *offices.of_kind(kinds.COMMAND_CENTRE)]
    return Targets(
        near=[office for office in near if office is not None and office.id != case.office_id],
        agencies=[office for office in offices.of_kind(kinds.AGENCY) if office.id != case.office_id],
        coordination=[office for office in coordination if office.id != case.office_id],
    )


def split_targets(case: Case, siblings: Iterable[Case]) -> list[people.Office]:
    """The offices that can get a part: those that can take the case and have no open part yet."""
    taken = {one.office_id for one in siblings if one.is_open}
    targets = hand_over_targets(case)
    found = [*targets.near, *targets.agencies, *targets.coordination]
    return [office for office in found if office.id not in taken]


def parts_limit(*, at: datetime) -> int:
    """How many offices may share one report."""
    rule = rulebook.rule("case_authority.parts_limit", on=local_date(at, get_city().tz))
    return int(rule.value["amount"])


def instruction_of(case: Case) -> str:
    """What an office that got a part is to do."""
    return Split.objects.filter(made=case).values_list("instruction", flat=True).first() or ""


def letter_prepared(case: Case) -> Letter | None:
    """The letter that waits for its number."""
    return Letter.objects.filter(case=case, sent_at=None).select_related("body").first()


def letter_sent(case: Case) -> Letter | None:
    """The letter that was sent last."""
    rows = Letter.objects.filter(case=case, sent_at__isnull=False).select_related("body")
    return rows.order_by("-sent_at").first()


def letter_now(case: Case) -> Letter | None:
    """The letter that waits for its number, else the one that was sent last. One query."""
    return next(iter(_letter_now.rows(case=case.pk)), None)


_letter_now: Compiled[Letter] = Compiled(
    lambda case: (
        Letter.objects.filter(case=case)
        .select_related("body")
        .order_by(F("sent_at").desc(nulls_first=True))[:1]
    )
)


def reply_subject(letter: Letter) -> str:
    """Under what name the photos of a body's reply lie. They are never public."""
    return f"casework.letter:{letter.pk}"


def letter_of(letter: int) -> Letter | None:
    return Letter.objects.filter(pk=letter).first()


def letter_due(case: Case, letter: Letter, *, at: datetime) -> datetime:
    """Until when a reply is asked for: as the case's clock says, or would say if the letter went out now."""
    if letter.sent_at and case.state == State.EXTERNAL and case.due_at:
        return case.due_at
    return deadlines.body_deadline(letter.body.key, at=letter.sent_at or at)


def letters_out(*, before: date) -> list[Letter]:
    """The newest letter of each case that lies outside since before a day, the oldest first."""
    rows = Letter.objects.filter(
        case__state=State.EXTERNAL, sent_at__isnull=False, dated__lt=before
    ).select_related("case", "body")
    newest = {row.case_id: row for row in rows.order_by("sent_at")}
    return sorted(newest.values(), key=lambda row: (row.sent_at, row.pk))


def bodies() -> list[tuple[people.Office, ExternalBody | None]]:
    """The bodies outside the city, with what is known of them."""
    known = {row.office_id: row for row in ExternalBody.objects.all()}
    found = people.directory().of_kind(people.OrganisationKind.EXTERNAL)
    return [(office, known.get(office.id)) for office in found]


def holders(power: str) -> frozenset[str]:
    """The roles that hold a power."""
    return frozenset(role.code for role in ROLES.values() if power in role.powers)


def returns_to(case: Case) -> people.Office:
    """Where a desa gives a request back: its kecamatan, or the coordinator where there is no such office."""
    return people.directory().of_district(case.place_code) or routing.coordinator()
