"""Meetings and their follow-up as pages and other rooms need them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel import masking, parties
from guyub.kernel.compiled import CompiledFor
from guyub.kernel.parties import Card
from guyub.rooms.meetings import rules
from guyub.rooms.meetings.inviting import when_in_words
from guyub.rooms.meetings.models import (
    AgendaItem,
    Decision,
    FollowUp,
    How,
    Kind,
    Meeting,
    Minutes,
    State,
    Step,
    StepKind,
)
from guyub.ui.rows import Printed, day_in_words

LISTED = 200


@dataclass(frozen=True, slots=True)
class MeetingCard(Printed):
    """A meeting in a list. `tone` and `label` say how far it is."""

    uuid: UUID
    number: int
    title: str
    kind: str
    when: str
    starts_at: datetime
    venue: str
    tone: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class FollowUpRow(Printed):
    """Who must do what until when. `carried`: at how many later meetings it was still undone."""

    uuid: UUID
    subject: str
    what: str
    owner: Card
    due_on: date
    due: str
    is_done: bool
    is_late: bool
    carried: int
    meeting: int | None
    address: str

    @property
    def tone(self) -> str:
        return "confirmed" if self.is_done else "overdue" if self.is_late else "waiting"

    @property
    def label(self) -> str:
        return _("Selesai") if self.is_done else _("Terlambat") if self.is_late else _("Belum selesai")


@dataclass(frozen=True, slots=True)
class DecisionRow(Printed):
    """A decision in its newest words; `corrected` says why they changed after the minutes were approved."""

    number: int
    version: int
    body: str
    how: str
    votes: tuple[int, int, int] | None
    corrected: str
    meeting: int


@dataclass(frozen=True, slots=True)
class Item(Printed):
    """An item of the agenda with what was said on it, in its newest version."""

    id: int
    position: int
    title: str
    is_follow_up: bool
    body: str
    version: int
    corrected: str


@dataclass(frozen=True, slots=True)
class Presence(Printed):
    """How many of how many came, and of each kind of actor; no one is named."""

    came: int
    entitled: int
    needed: int | None
    enough: bool
    by_actor: tuple[tuple[str, int, int], ...]


def of_subject(*, subject: str) -> list[MeetingCard]:
    """All meetings of a subject, the newest first. One query."""
    rows = Meeting.objects.filter(subject=subject).order_by("-starts_at", "-pk")[:LISTED]
    return [card_of(row) for row in rows]


def work_days_ahead(*, subjects: Iterable[str], at: datetime, limit: int) -> list[MeetingCard]:
    """The work days of some subjects that are still to come, the next one first. One query."""
    wanted = list(subjects)
    return [card_of(row) for row in _ahead.rows(limit, subjects=wanted, at=at)] if wanted else []


_ahead: CompiledFor[int, Meeting] = CompiledFor(
    lambda limit, subjects, at: Meeting.objects.filter(
        subject__any=subjects, kind=Kind.WORK_DAY, state=State.PLANNED, ends_at__gt=at
    ).order_by("starts_at", "pk")[:limit]
)


def card_of(row: Meeting) -> MeetingCard:
    tone, label = _state(row)
    return MeetingCard(
        row.uuid,
        row.number,
        row.title,
        row.kind,
        when_in_words(row),
        row.starts_at,
        row.venue,
        tone,
        label,
        reverse("meeting", args=[row.uuid]),
    )


def _state(row: Meeting) -> tuple[str, str]:
    if row.state == State.CANCELLED:
        return "rejected", _("Dibatalkan")
    if row.state == State.PLANNED:
        return "scheduled", _("Direncanakan")
    if row.kind == Kind.WORK_DAY:
        return "done", _("Sudah berlangsung")
    return ("done", _("Notulen disahkan")) if row.approved_at else ("waiting", _("Notulen belum disahkan"))


# ── Follow-up ──────────────────────────────────────────────────────────────────────────────────────────────


def open_follow_up(*, subject: str, on: date, before: datetime | None = None) -> list[FollowUpRow]:
    """What is undone, in the order in which it is called: late first, then by due day. Two queries at most."""
    rows = FollowUp.objects.filter(subject=subject, done_at__isnull=True)
    return follow_up_rows(rows.filter(made_at__lt=before) if before else rows, on=on)


def follow_up_of(*, subject: str, on: date) -> list[FollowUpRow]:
    """All follow-up of a subject: undone first, late ones first of these, then what is done."""
    return follow_up_rows(FollowUp.objects.filter(subject=subject), on=on)


def called_at(row: Meeting, *, on: date) -> list[FollowUpRow]:
    """What the meeting opens with: what is undone now, and once it was held what was undone then."""
    if row.state != State.HELD:
        return open_follow_up(subject=row.subject, on=on)
    called = Step.objects.filter(kind=StepKind.CARRIED, meeting=row, follow_up=OuterRef("pk"))
    return follow_up_rows(FollowUp.objects.filter(Exists(called)), on=on)


def agreed_at(row: Meeting, *, on: date) -> list[FollowUpRow]:
    return follow_up_rows(FollowUp.objects.filter(meeting=row), on=on)


def follow_up_rows(rows: QuerySet[FollowUp], *, on: date) -> list[FollowUpRow]:
    found = list(rows.annotate(carried=Count("steps", filter=Q(steps__kind=StepKind.CARRIED)))[:LISTED])
    known = parties.cards(row.owner for row in found)
    made = [_follow_up_row(row, row.carried, known, on) for row in found]
    keys = {row.uuid: row.pk for row in found}
    return sorted(
        made, key=lambda one: rules.call_order(rules.Due(one.due_on, one.is_done, keys[one.uuid]), on)
    )


def _follow_up_row(row: FollowUp, carried: int, known: dict[str, Card], on: date) -> FollowUpRow:
    is_done = row.done_at is not None
    return FollowUpRow(
        uuid=row.uuid,
        subject=row.subject,
        what=masking.mask(row.what),
        owner=parties.card_of(known, row.owner),
        due_on=row.due_on,
        due=day_in_words(row.due_on),
        is_done=is_done,
        is_late=rules.is_late(due_on=row.due_on, done=is_done, today=on),
        carried=carried,
        meeting=row.meeting_id,
        address=reverse("meeting_follow_up", args=[row.uuid]),
    )


def count_undone(*, subjects: Iterable[str], on: date) -> dict[str, tuple[int, int]]:
    """How much is undone of each subject, and how much of that is late. One query."""
    rows = FollowUp.objects.filter(subject__in=list(subjects), done_at__isnull=True).order_by()
    counted = rows.values("subject").annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on)))
    return {row["subject"]: (row["n"], row["late"]) for row in counted}


# ── One meeting ────────────────────────────────────────────────────────────────────────────────────────────


def agenda_of(row: Meeting) -> list[Item]:
    """The agenda with the newest minutes. Two queries."""
    newest = {
        one.item_id: one for one in Minutes.objects.filter(item__meeting=row).order_by("item", "version")
    }
    return [_item(item, newest.get(item.pk)) for item in row.agenda.order_by("position")]


def _item(item: AgendaItem, said: Minutes | None) -> Item:
    return Item(
        item.pk,
        item.position,
        item.title,
        item.is_follow_up,
        said.body if said else "",
        said.version if said else 0,
        said.reason if said else "",
    )


def versions_of(row: Meeting) -> list[tuple[str, list[Minutes]]]:
    """Items whose approved minutes were put right, each with all its versions, the oldest first."""
    found: dict[str, list[Minutes]] = {}
    for one in Minutes.objects.filter(item__meeting=row).select_related("item").order_by("item", "version"):
        found.setdefault(one.item.title, []).append(one)
    return [(title, all_of_it) for title, all_of_it in found.items() if len(all_of_it) > 1]


def decisions_of(rows: Iterable[Meeting]) -> list[DecisionRow]:
    """The decisions of some meetings in their newest words, in the order in which they were taken. One query."""
    newest = (
        Decision.objects.filter(meeting__in=list(rows))
        .order_by("meeting__starts_at", "meeting", "number", "-version")
        .distinct("meeting__starts_at", "meeting", "number")
    )
    return [_decision_row(one) for one in newest]


def _decision_row(row: Decision) -> DecisionRow:
    votes = None
    if row.in_favour is not None and row.against is not None and row.abstain is not None:
        votes = (row.in_favour, row.against, row.abstain)
    return DecisionRow(
        row.number,
        row.version,
        masking.mask(row.body),
        str(How(row.how).label),
        votes,
        row.reason,
        row.meeting_id,
    )


def approved_in(*, subject: str, since: datetime, until: datetime) -> list[Meeting]:
    """Meetings within a span whose minutes everyone may read, in the order of their days."""
    rows = Meeting.objects.filter(subject=subject, approved_at__isnull=False, starts_at__gte=since)
    return list(rows.filter(starts_at__lt=until).order_by("starts_at", "pk"))


def presence_of(row: Meeting) -> Presence | None:
    """Who came, as counts; None until it was written down. One query."""
    if row.state != State.HELD:
        return None
    rows = list(row.attendance.values_list("actor", "came"))
    came = sum(there for _actor, there in rows)
    percent = row.quorum_percent
    actors = Counter(actor for actor, _there in rows)
    there = Counter(actor for actor, there in rows if there)
    return Presence(
        came=came,
        entitled=len(rows),
        needed=rules.needed(entitled=len(rows), percent=percent) if percent is not None else None,
        enough=percent is None or rules.has_quorum(came=came, entitled=len(rows), percent=percent),
        by_actor=tuple((actor, there[actor], count) for actor, count in sorted(actors.items())),
    )
