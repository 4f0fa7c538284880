"""Cases answered by an initiative: scheduled for it, completed with its proof, or back at their desks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.initiatives import ending, rules
from guyub.rooms.initiatives.acting import Refused, is_organiser, locked, record, today_of
from guyub.rooms.initiatives.models import Initiative, JoinedCase, Proof, Task
from guyub.rooms.initiatives.rules import LIVE, Joined
from guyub.rooms.initiatives.rules import Task as Stage

MOST_AT_ONCE = 100
A_ROUND = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case that was to be joined: `why_not` is empty if it was."""

    number: str
    why_not: str = ""


@transaction.atomic
def join_case(*, task: int, case: int, by: Person, at: datetime) -> None:
    """The office answers its case by a task of an initiative: it is scheduled for it (by its head, or proposed to them).

    Whoever may answer the case joins it, whoever runs the initiative. Raises `NotAllowed`, `Refused`.
    """
    if not by.can(roles.COLLABORATE):
        raise NotAllowed("This person answers no cases together with others.")
    row = locked(Task.objects.values_list("initiative_id", flat=True).get(pk=task))
    found = Task.objects.get(pk=task)
    if found.state not in (Stage.TODO, Stage.PROVED):
        raise Refused(_("Pekerjaan itu sudah selesai. Pilih yang masih akan dikerjakan."), field="task")
    told = casework.Case.objects.get(pk=case)
    if JoinedCase.objects.filter(case=told, state=Joined.JOINED).exists():
        raise Refused(_("Laporan ini sudah dijawab oleh sebuah prakarsa."))
    if told.state not in rules.CAN_BE_JOINED or told.is_restricted:
        raise Refused(
            _("Hanya laporan yang sudah diperiksa dan belum dijadwalkan yang dapat digabung ke prakarsa.")
        )
    with override("id"):
        reason = _("Dikerjakan bersama dalam prakarsa %(title)s: %(task)s.")
    casework.actions.propose_schedule(
        case=told.uuid,
        reason=reason % {"title": row.title, "task": found.title},
        target_month=_month(row, found, at=at),
        because=row.subject,
        by=by,
        at=at,
    )
    JoinedCase.objects.create(initiative=row, task=found, case=told, joined_by=by.acting, joined_at=at)
    fact = events.CaseJoined(initiative=row.pk, task=found.pk, case=told.pk)
    record(fact, initiative=row, by=by.acting, at=at, office=told.office_id)


def _month(row: Initiative, task: Task, *, at: datetime) -> date:
    """The month in which the task, else the initiative, ends; next month where neither says."""
    first = today_of(at).replace(day=1)
    said = task.due_on or row.ends_on
    return max(said.replace(day=1), first) if said else (first + timedelta(days=32)).replace(day=1)


def join_many(*, task: int, numbers: Iterable[str], by: Person, at: datetime) -> list[Outcome]:
    """Join cases by their numbers, each with its own lock, check and fact; what stood in the way is said of each."""
    wanted = list(dict.fromkeys(numbers))[:MOST_AT_ONCE]
    rows = joinable(by).filter(number__in=wanted).order_by("pk")
    found = {case.number: case for case in rows}
    return [_try(task, number, found.get(number), by, at) for number in wanted]


def _try(task: int, number: str, case: casework.Case | None, by: Person, at: datetime) -> Outcome:
    if case is None:
        return Outcome(number, _("bukan laporan yang dapat Anda jawab sekarang"))
    try:
        join_case(task=task, case=case.pk, by=by, at=at)
    except Refused as refused:
        return Outcome(number, str(refused))
    except (NotAllowed, casework.NotPossible):
        return Outcome(number, _("bukan laporan yang dapat Anda jawab sekarang"))
    return Outcome(number)


def joinable(by: Person):  # type: ignore[no-untyped-def]
    """The cases that a person may answer by an initiative, as rows of casework."""
    offices = by.offices(roles.ANSWER) if by.can(roles.COLLABORATE) else frozenset()
    return casework.access.visible(by).filter(
        office__in=offices, state__in=rules.CAN_BE_JOINED, is_restricted=False
    )


@transaction.atomic
def give_back(*, joined: int, by: Person, at: datetime) -> None:
    """A case is its desk's again: by the organiser, or by its own office. Raises `NotAllowed`."""
    row = locked(JoinedCase.objects.values_list("initiative_id", flat=True).get(pk=joined))
    found = JoinedCase.objects.select_related("case").get(pk=joined)
    own_office = found.case.office_id in by.offices(roles.ANSWER)
    if found.state != Joined.JOINED or not (is_organiser(by, row) or own_office):
        raise NotAllowed("This person cannot give this case back.")
    ending.return_case(row, found, at=at)


def complete_cases(*, task: int, at: datetime) -> int:
    """The task was found done: each case that waits for it is completed with its proof, and its reporter is asked.

    Each in a transaction of its own; again it goes on where it stopped. Returns how many.
    """
    done = 0
    for key in (
        JoinedCase.objects.filter(task_id=task, state=Joined.JOINED)
        .order_by("case_id")
        .values_list("pk", flat=True)
    ):
        done += _complete(key, at=at)
    return done


@transaction.atomic
def _complete(joined: int, *, at: datetime) -> bool:
    row = locked(
        JoinedCase.objects.values_list("initiative_id", flat=True).get(pk=joined), states=(*LIVE, *rules.OVER)
    )
    found = JoinedCase.objects.select_related("case", "task").get(pk=joined)
    proof = Proof.objects.filter(task=found.task_id).order_by("-pk").first()
    if found.state != Joined.JOINED or found.task.state != Stage.VERIFIED or proof is None:
        return False
    how = Joined.COMPLETED
    try:
        casework.actions.complete_for(
            case=found.case.uuid,
            because=row.subject,
            words=proof.words or found.task.title,
            take_photos=lambda subject: files.copy(subject=proof.subject, to=subject),
            given_by=found.joined_by,
            at=at,
        )
    except (casework.NotPossible, casework.NothingToDecide):
        how = Joined.GONE  # its office moved it another way meanwhile
    ending.end_joined(row, found, how, at=at)
    return how is Joined.COMPLETED


@transaction.atomic
def let_go(*, case: int, at: datetime, how: Joined = Joined.GONE) -> None:
    """The case went another way: by its office, its reporter, or because its head did not agree to wait."""
    found = JoinedCase.objects.filter(case_id=case, state=Joined.JOINED).first()
    if found is None:
        return
    row = Initiative.objects.select_for_update(no_key=True).get(pk=found.initiative_id)
    found.refresh_from_db()
    if found.state == Joined.JOINED:
        ending.end_joined(row, found, how, at=at)


def complete_forgotten(*, at: datetime) -> int:
    """Tasks that were found done while their cases still wait: an empty queue after a restore loses nothing."""
    late = at - timedelta(minutes=5)
    rows = JoinedCase.objects.filter(
        state=Joined.JOINED, task__state=Stage.VERIFIED, task__verified_at__lt=late
    )
    return sum(
        complete_cases(task=task, at=at) for task in set(rows.values_list("task_id", flat=True)[:A_ROUND])
    )
