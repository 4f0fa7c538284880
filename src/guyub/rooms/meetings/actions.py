"""What happens with meetings. Each action checks who acts, changes rows and records the fact in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guyub.events import Event
from guyub.events import meetings as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.rooms.meetings import inviting, rules
from guyub.rooms.meetings.models import (
    AgendaItem,
    Attendance,
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
from guyub.rooms.meetings.subjects import find_subject, must_run


class NotNow(ValueError):
    """The meeting has moved on: this is not possible any more, or not yet. The message is for people."""


def subject_of(row: FollowUp) -> str:
    """By which the photos of a follow-up are kept."""
    return f"meetings.follow_up:{row.pk}"


def _record(row: Meeting | FollowUp, fact: Event, *, by: Person, at: datetime) -> None:
    ledger.record(fact, subject=row.subject, at=at, by=by.acting)


def _locked(meeting: UUID) -> Meeting:
    return Meeting.objects.select_for_update().get(uuid=meeting)


# ── Planning ───────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def plan(
    *,
    subject: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    venue: str,
    by: Person,
    at: datetime,
    agenda: Iterable[str] = (),
    kind: Kind = Kind.MEETING,
    tell: bool = True,
) -> Meeting:
    """Call a meeting and invite the members. Where the subject says so, it opens with what is undone.

    Raises `NotAllowed`.
    """
    found = must_run(subject, by)
    _one_at_a_time(subject)
    mine = Meeting.objects.filter(subject=subject)
    if twice := mine.filter(title=title, starts_at=starts_at, state=State.PLANNED).first():
        return twice  # the form was sent twice
    last = mine.aggregate(last=Max("number"))["last"] or 0
    row = Meeting.objects.create(
        subject=subject,
        number=last + 1,
        kind=kind,
        title=title,
        venue=venue,
        starts_at=starts_at,
        ends_at=ends_at,
        planned_at=at,
        planned_by=by.acting,
        changed_at=at,
    )
    opens = found.opens_with_follow_up and kind == Kind.MEETING
    titles = [_("Tindak lanjut rapat yang lalu")] if opens else []
    _set_agenda(row, [*titles, *agenda], follow_up_first=opens)
    _record(row, events.MeetingPlanned(meeting=row.pk, kind=kind), by=by, at=at)
    if tell:
        inviting.invite(row, found, at=at)
    return row


def _one_at_a_time(subject: str) -> None:
    """Who plans or agrees on something for the same subject waits for the other's transaction."""
    with connection.cursor() as cursor:
        key = f"{get_city().schema}:{subject}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _set_agenda(row: Meeting, titles: Iterable[str], *, follow_up_first: bool) -> None:
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=row, position=position, title=title, is_follow_up=follow_up_first and position == 1
        )
        for position, title in enumerate(titles, start=1)
    )


@transaction.atomic
def change(
    *,
    meeting: UUID,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    venue: str,
    agenda: Iterable[str],
    by: Person,
    at: datetime,
) -> Meeting:
    """Change a meeting that was not held yet; calendars and members hear of it. Raises `NotAllowed`, `NotNow`."""
    row = _locked(meeting)
    found = must_run(row.subject, by)
    if row.state != State.PLANNED:
        raise NotNow(_("Rapat ini sudah berlangsung atau dibatalkan."))
    moved = (row.starts_at, row.ends_at, row.venue) != (starts_at, ends_at, venue)
    opens = row.agenda.filter(is_follow_up=True).first()
    row.title, row.starts_at, row.ends_at, row.venue = title, starts_at, ends_at, venue
    row.sequence, row.changed_at = row.sequence + 1, at
    row.save(update_fields=["title", "starts_at", "ends_at", "venue", "sequence", "changed_at"])
    row.agenda.all().delete()
    _set_agenda(row, [*([opens.title] if opens else []), *agenda], follow_up_first=opens is not None)
    _record(row, events.MeetingChanged(meeting=row.pk, sequence=row.sequence), by=by, at=at)
    if moved:
        inviting.tell_of_change(row, found, at=at)
    return row


@transaction.atomic
def cancel(*, meeting: UUID, reason: str, by: Person, at: datetime) -> None:
    """Raises `NotAllowed`, `NotNow`."""
    row = _locked(meeting)
    found = must_run(row.subject, by)
    if row.state != State.PLANNED:
        raise NotNow(_("Rapat ini sudah berlangsung atau dibatalkan."))
    row.state, row.cancel_reason, row.sequence, row.changed_at = (
        State.CANCELLED,
        reason,
        row.sequence + 1,
        at,
    )
    row.save(update_fields=["state", "cancel_reason", "sequence", "changed_at"])
    _record(row, events.MeetingCancelled(meeting=row.pk), by=by, at=at)
    inviting.tell_of_change(row, found, at=at)


# ── Holding ────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def hold(*, meeting: UUID, came: Iterable[str], by: Person, at: datetime, others: str = "") -> Meeting:
    """Write down which members came. It may be put right until the minutes are approved.

    Who the members are and which share of them must come is kept as it is now. What is undone counts as called.
    Raises `NotAllowed`, `NotNow`.
    """
    row = _locked(meeting)
    found = must_run(row.subject, by)
    if row.state == State.CANCELLED or row.approved_at or at < row.starts_at:
        raise NotNow(_("Kehadiran dicatat sejak rapat dimulai sampai notulennya disahkan."))
    first, present = row.state == State.PLANNED, frozenset(came)
    members = [(one.party, one.actor) for one in found.members()] if first else _members_kept(row)
    row.attendance.all().delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=row, party=code, actor=actor, came=code in present) for code, actor in members
    )
    row.state, row.held_at, row.others = State.HELD, row.held_at or at, others
    if first:
        row.quorum_percent = found.quorum_percent
        _carry_over(row, by=by, at=at)
    row.save(update_fields=["state", "held_at", "others", "quorum_percent"])
    count = row.attendance.filter(came=True).count()
    _record(
        row,
        events.MeetingHeld(
            meeting=row.pk, entitled=row.attendance.count(), came=count, quorum=quorum_of(row)[2]
        ),
        by=by,
        at=at,
    )
    return row


def _members_kept(row: Meeting) -> list[tuple[str, str]]:
    return list(row.attendance.order_by("pk").values_list("party", "actor"))


def quorum_of(row: Meeting) -> tuple[int, int, bool]:
    """How many came, of how many, and whether that is enough; enough wherever no quorum is asked for."""
    rows = list(row.attendance.values_list("came", flat=True))
    came, entitled = sum(rows), len(rows)
    if row.quorum_percent is None:
        return came, entitled, True
    return came, entitled, rules.has_quorum(came=came, entitled=entitled, percent=row.quorum_percent)


def _carry_over(row: Meeting, *, by: Person, at: datetime) -> None:
    """What was undone when the meeting was held is called by it, and stays undone."""
    for one in FollowUp.objects.filter(subject=row.subject, done_at__isnull=True, made_at__lt=row.starts_at):
        Step.objects.create(
            follow_up=one, kind=StepKind.CARRIED, meeting=row, due_on=one.due_on, at=at, by=by.acting
        )
        _record(row, events.FollowUpCarried(follow_up=one.pk, meeting=row.pk), by=by, at=at)


@transaction.atomic
def record_minutes(
    *, meeting: UUID, bodies: Mapping[int, str], by: Person, at: datetime, reason: str = ""
) -> int:
    """What was said, by item of the agenda; what is unchanged or empty is left as it is. Returns how many were written.

    Once approved nothing is written over: a further version says why it came. Raises `NotAllowed`, `NotNow`.
    """
    row = _locked(meeting)
    must_run(row.subject, by)
    newest = _newest_minutes(row)
    changed = {
        item: body for item, body in bodies.items() if item in newest and body and newest[item].body != body
    }
    if changed:
        _must_be_held(row, reason)
    kind = events.MinutesCorrected if row.approved_at else events.MinutesRecorded
    for item, body in changed.items():
        last = newest[item]
        if row.approved_at and last.pk:
            last = Minutes(item_id=item, version=last.version + 1)
        last.body, last.at, last.by = body, at, by.acting
        last.reason = reason if row.approved_at else ""
        last.save()
        _record(row, kind(meeting=row.pk, item=item, edition=last.version), by=by, at=at)
    return len(changed)


def _newest_minutes(row: Meeting) -> dict[int, Minutes]:
    """The newest version for each item; an empty one that is not kept yet where there is none."""
    found = {one: Minutes(item_id=one) for one in row.agenda.values_list("pk", flat=True)}
    for minutes in Minutes.objects.filter(item__meeting=row).order_by("item", "version"):
        found[minutes.item_id] = minutes
    return found


def _must_be_held(row: Meeting, reason: str) -> None:
    if row.state != State.HELD:
        raise NotNow(_("Catat dahulu kehadirannya."))
    if row.approved_at and not reason:
        raise NotNow(_("Notulen sudah disahkan. Tulis alasan perbaikannya."))


@transaction.atomic
def approve(*, meeting: UUID, by: Person, at: datetime) -> None:
    """From now on everyone reads the minutes, and nothing of them is written over. Raises `NotAllowed`, `NotNow`."""
    row = _locked(meeting)
    must_run(row.subject, by)
    _must_be_held(row, "again")
    if row.approved_at:
        return
    if not Minutes.objects.filter(item__meeting=row).exists():
        raise NotNow(_("Notulennya masih kosong."))
    row.approved_at, row.approved_by = at, by.acting
    row.save(update_fields=["approved_at", "approved_by"])
    _record(row, events.MinutesApproved(meeting=row.pk), by=by, at=at)


# ── Deciding ───────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def decide(
    *,
    meeting: UUID,
    body: str,
    by: Person,
    at: datetime,
    how: How = How.CONSENSUS,
    votes: tuple[int, int, int] | None = None,
    item: int | None = None,
    number: int | None = None,
    reason: str = "",
) -> Decision:
    """What the meeting decided; with `number` the words of an earlier one are put right, once approved as a new version.

    `votes` are those in favour, against and abstaining. Raises `NotAllowed`, `NotNow`, `rules.NoQuorum`,
    `rules.WrongCount`.
    """
    row = _locked(meeting)
    must_run(row.subject, by)
    _must_be_held(row, reason)
    came, _entitled, enough = quorum_of(row)
    if not enough:
        raise rules.NoQuorum
    if how == How.VOTE:
        votes = votes or (0, 0, 0)
        rules.check_vote(in_favour=votes[0], against=votes[1], abstain=votes[2], came=came)
    made = _version_of(row, number)
    made.item = row.agenda.get(pk=item) if item else made.item
    made.body, made.how, made.at, made.by = body, how, at, by.acting
    made.reason = reason if row.approved_at and made.version > 1 else ""
    made.in_favour, made.against, made.abstain = (votes if how == How.VOTE and votes else None) or (
        None,
        None,
        None,
    )
    made.save()
    _record(
        row,
        events.DecisionTaken(
            meeting=row.pk,
            decision=made.number,
            edition=made.version,
            how=how,
            in_favour=made.in_favour,
            against=made.against,
            abstain=made.abstain,
        ),
        by=by,
        at=at,
    )
    return made


def _version_of(row: Meeting, number: int | None) -> Decision:
    """A new decision, or the one of this number: itself while it may be written over, else its next version."""
    if number is None:
        last = row.decisions.aggregate(last=Max("number"))["last"] or 0
        return Decision(meeting=row, number=last + 1)
    newest = row.decisions.filter(number=number).order_by("-version").first()
    if newest is None:
        raise NotNow(_("Keputusan ini tidak ada."))
    if not row.approved_at:
        return newest
    return Decision(meeting=row, number=number, version=newest.version + 1, item=newest.item)


# ── Following up ───────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def follow_up(
    *,
    subject: str,
    what: str,
    owner: str,
    due_on: date,
    by: Person,
    at: datetime,
    meeting: UUID | None = None,
) -> FollowUp:
    """Somebody is given something to do until a day; the owner's people are told. Raises `NotAllowed`, `NotNow`."""
    found = must_run(subject, by)
    at_meeting = Meeting.objects.get(uuid=meeting, subject=subject) if meeting else None
    if at_meeting and at_meeting.state != State.HELD:
        raise NotNow(_("Catat dahulu kehadirannya."))
    _one_at_a_time(subject)
    said = {"subject": subject, "meeting": at_meeting, "what": what, "owner": owner, "due_on": due_on}
    if twice := FollowUp.objects.filter(**said, done_at__isnull=True).first():
        return twice  # the form was sent twice
    row = FollowUp.objects.create(**said, made_at=at, made_by=by.acting)
    _record(
        row,
        events.FollowUpAgreed(
            follow_up=row.pk,
            owner=owner,
            due_on=due_on.isoformat(),
            meeting=at_meeting.pk if at_meeting else None,
        ),
        by=by,
        at=at,
    )
    inviting.tell_owner(row, found, at=at)
    return row


def may_answer(row: FollowUp, person: Person) -> bool:
    """Whoever runs the subject, and whoever acts for the owner."""
    found = find_subject(row.subject, person)
    if person.account is None or person.support is not None or found is None:
        return False
    return found.can_run or found.answers_for(row.owner)


@transaction.atomic
def done(*, follow_up: UUID, note: str, by: Person, at: datetime, photos: UUID | None = None) -> FollowUp:
    """It is done, with a note and perhaps photos (kept under a draft until now). Raises `NotAllowed`."""
    row = FollowUp.objects.select_for_update().get(uuid=follow_up)
    if not may_answer(row, by):
        raise NotAllowed("This person does not answer for it.")
    if row.done_at:
        return row
    row.done_at, row.done_by = at, by.acting
    row.save(update_fields=["done_at", "done_by"])
    if photos:
        files.keep(draft=photos, subject=subject_of(row))
        files.publish(subject_of(row))
    _step(row, StepKind.DONE, note, by=by, at=at)
    _record(row, events.FollowUpDone(follow_up=row.pk), by=by, at=at)
    return row


@transaction.atomic
def reopen(*, follow_up: UUID, reason: str, by: Person, at: datetime) -> None:
    """It is not done after all. Raises `NotAllowed`."""
    row = FollowUp.objects.select_for_update().get(uuid=follow_up)
    must_run(row.subject, by)
    if row.done_at is None:
        return
    row.done_at = row.done_by = None
    row.save(update_fields=["done_at", "done_by"])
    _step(row, StepKind.REOPENED, reason, by=by, at=at)
    _record(row, events.FollowUpReopened(follow_up=row.pk), by=by, at=at)


@transaction.atomic
def move(*, follow_up: UUID, due_on: date, reason: str, by: Person, at: datetime) -> None:
    """Another due day, with the reason; the earlier one stays readable. Raises `NotAllowed`, `NotNow`."""
    row = FollowUp.objects.select_for_update().get(uuid=follow_up)
    must_run(row.subject, by)
    if row.done_at:
        raise NotNow(_("Tindak lanjut ini sudah selesai."))
    _step(row, StepKind.MOVED, reason, by=by, at=at)
    row.due_on = due_on
    row.save(update_fields=["due_on"])
    _record(row, events.FollowUpMoved(follow_up=row.pk, due_on=due_on.isoformat()), by=by, at=at)


def _step(row: FollowUp, kind: StepKind, note: str, *, by: Person, at: datetime) -> None:
    Step.objects.create(follow_up=row, kind=kind, due_on=row.due_on, note=note, at=at, by=by.acting)
