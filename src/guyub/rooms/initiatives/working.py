"""The work itself: tasks and their proof, news, figures of many."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import initiatives as events
from guyub.kernel import masking
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.files import api as files
from guyub.rooms.initiatives import reference, rules
from guyub.rooms.initiatives.acting import (
    Photos,
    Refused,
    as_organiser,
    guard,
    is_organiser,
    keep_photos,
    locked,
    manage_address,
    organisers,
    record,
    tell,
    today_of,
)
from guyub.rooms.initiatives.models import Figure, Initiative, JoinedCase, Participant, Proof, Task, Update
from guyub.rooms.initiatives.rules import LIVE, Joined, Part, State
from guyub.rooms.initiatives.rules import Task as Stage
from guyub.rooms.partners import api as partners

MOST_TASKS = 60


@transaction.atomic
def set_task(
    *,
    initiative: int,
    title: str,
    by: Person,
    at: datetime,
    task: int | None = None,
    due_on: date | None = None,
    partner: int | None = None,
) -> int:
    """Something to be done by a day; by a partner that takes part, else by the organiser. Raises `NotAllowed`."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    account = as_organiser(by, row)
    guard(row, title)
    if partner is not None and not _takes_part(row, partner):
        raise Refused(_("Pekerjaan hanya diberikan kepada mitra yang ikut."), field="partner")
    found = _own_task(row, task) if task else Task(initiative=row, position=_next_place(row))
    owner = partner or row.partner_id
    found.title, found.due_on = title, due_on
    found.partner_id, found.office_id = owner, None if owner else row.office_id
    found.save()
    record(
        events.TaskSet(initiative=row.pk, task=found.pk),
        initiative=row,
        by=account,
        at=at,
        office=row.office_id,
    )
    return found.pk


def _takes_part(row: Initiative, partner: int) -> bool:
    return Participant.objects.filter(initiative=row, partner_id=partner, state=Part.ACCEPTED).exists()


def _next_place(row: Initiative) -> int:
    count = Task.objects.filter(initiative=row).count()
    if count >= MOST_TASKS:
        raise Refused(_("Satu prakarsa memuat paling banyak %(n)d pekerjaan.") % {"n": MOST_TASKS})
    return count


def _own_task(row: Initiative, task: int) -> Task:
    found = Task.objects.get(pk=task, initiative=row)
    if found.state in (Stage.VERIFIED, Stage.DROPPED):
        raise NotAllowed("This task is over.")
    return found


@transaction.atomic
def drop_task(*, task: int, by: Person, at: datetime) -> None:
    """It will not be done, unless cases wait for it. Raises `NotAllowed`, `Refused`."""
    row, found = held(task)
    account = as_organiser(by, row)
    if found.state in (Stage.VERIFIED, Stage.DROPPED):
        raise NotAllowed("This task is over.")
    if JoinedCase.objects.filter(task=found, state=Joined.JOINED).exists():
        raise Refused(_("Ada laporan warga yang menunggu pekerjaan ini. Kembalikan dahulu laporannya."))
    found.state = Stage.DROPPED
    found.save(update_fields=["state"])
    record(
        events.TaskDropped(initiative=row.pk, task=found.pk),
        initiative=row,
        by=account,
        at=at,
        office=row.office_id,
    )


def held(task: int, *, states: tuple[State, ...] = (State.DRAFT, *LIVE)) -> tuple[Initiative, Task]:
    row = locked(Task.objects.values_list("initiative_id", flat=True).get(pk=task), states=states)
    return row, Task.objects.select_for_update(no_key=True).get(pk=task)


def is_owner(by: Person, row: Initiative, task: Task) -> bool:
    """Whether a person does this task: who acts for its partner, an officer of its office, or the organiser."""
    if by.account is None:
        return False
    if task.partner_id is not None and partners.may_act(account=by.account, partner=task.partner_id):
        return True
    if task.office_id is not None and task.office_id in by.offices(roles.COLLABORATE):
        return True
    return is_organiser(by, row)


@transaction.atomic
def prove(*, task: int, words: str, photos: Photos, by: Person, at: datetime) -> Proof:
    """Whoever does the task shows that it is done. Raises `NotAllowed`, `Refused`, `files.NotAPhoto`."""
    row, found = held(task, states=LIVE)
    if not is_owner(by, row, found) or found.state not in (Stage.TODO, Stage.PROVED):
        raise NotAllowed("This person cannot prove this task now.")
    guard(row, words)
    made = Proof.objects.create(
        task=found, words=words, public_words=masking.mask(words), by_id=by.acting, at=at
    )
    if not keep_photos(photos, made.subject, at=at, public=False):
        raise files.NotAPhoto(_("Sertakan foto pekerjaan yang selesai."))
    found.state = Stage.PROVED
    found.save(update_fields=["state"])
    fact = events.TaskProved(initiative=row.pk, task=found.pk, proof=made.pk)
    record(fact, initiative=row, by=by.acting, at=at)
    with override("id"):
        tell(
            organisers(row, at=at),
            key=f"{row.pk}:proof:{made.pk}",
            subject=_("Ada bukti pekerjaan untuk diperiksa"),
            body=f"{row.title}: {found.title}",
            link=manage_address(row),
            at=at,
            besides=by.acting,
        )
    return made


def last_proof(task: Task) -> Proof | None:
    return Proof.objects.filter(task=task).order_by("-pk").first()


def _waiting(task: int, by: Person) -> tuple[Initiative, Task, Proof, int]:
    row, found = held(task, states=LIVE)
    account, proof = as_organiser(by, row), last_proof(found)
    if found.state != Stage.PROVED or proof is None:
        raise NotAllowed("Nothing waits to be looked at.")
    return row, found, proof, account


@transaction.atomic
def verify_task(*, task: int, by: Person, at: datetime) -> None:
    """Somebody of the organiser other than who proved it finds it done; cases that wait for it follow.

    Raises `NotAllowed`, `Refused`.
    """
    row, found, proof, account = _waiting(task, by)
    if proof.by_id == account:
        raise Refused(_("Yang mengirim bukti tidak memeriksanya sendiri. Mintalah pengurus lain."))
    found.state, found.verified_by_id, found.verified_at = Stage.VERIFIED, account, at
    found.save(update_fields=["state", "verified_by", "verified_at"])
    proof.decided_by_id, proof.decided_at = account, at
    proof.save(update_fields=["decided_by", "decided_at"])
    files.publish(proof.subject)
    fact = events.TaskVerified(initiative=row.pk, task=found.pk, proof=proof.pk)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)


@transaction.atomic
def send_back_task(*, task: int, words: str, by: Person, at: datetime) -> None:
    """It is not done, or the photos do not show it. Raises `NotAllowed`, `Refused`."""
    row, found, proof, account = _waiting(task, by)
    if not words.strip():
        raise Refused(_("Tulis alasannya."), field="words")
    found.state = Stage.TODO
    found.save(update_fields=["state"])
    proof.sent_back, proof.decided_by_id, proof.decided_at = words.strip(), account, at
    proof.save(update_fields=["sent_back", "decided_by", "decided_at"])
    fact = events.TaskSentBack(initiative=row.pk, task=found.pk, proof=proof.pk)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    if proof.by_id is not None:
        with override("id"):
            tell(
                [proof.by_id],
                key=f"{row.pk}:proof-back:{proof.pk}",
                subject=_("Bukti pekerjaan dikembalikan"),
                body=f"{row.title}: {found.title}\n\n{words}",
                link=manage_address(row),
                at=at,
            )


@transaction.atomic
def post_update(*, initiative: int, words: str, by: Person, at: datetime, photos: Photos = ()) -> int:
    """*Kabar*: told in public, with photos. Raises `NotAllowed`, `Refused`, `files.NotAPhoto`."""
    row = locked(initiative)
    account = as_organiser(by, row)
    guard(row, words)
    made = Update.objects.create(
        initiative=row, words=words, public_words=masking.mask(words), by_id=account, at=at
    )
    keep_photos(photos, f"initiatives.update:{made.pk}", at=at, public=True)
    fact = events.UpdatePosted(initiative=row.pk, update=made.pk)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    return made.pk


@transaction.atomic
def show_scene(*, initiative: int, when: str, photos: Photos, by: Person, at: datetime) -> int:
    """Photos of the place before (`before`) or after (`after`) the work. Raises `NotAllowed`, `files.NotAPhoto`."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    account = as_organiser(by, row)
    if when not in ("before", "after"):
        raise NotAllowed("A scene is before or after.")
    kept = keep_photos(photos, f"initiatives.{when}:{row.pk}", at=at, public=True)
    if kept:
        record(
            events.InitiativeChanged(initiative=row.pk),
            initiative=row,
            by=account,
            at=at,
            office=row.office_id,
        )
    return kept


@transaction.atomic
def record_figure(*, initiative: int, code: str, month: date, count: int, by: Person, at: datetime) -> None:
    """A figure of many people in a month, by a code of the template; said again it replaces the earlier one.

    Raises `NotAllowed` for a code that the template has not, or that asks who somebody is; `Refused`.
    """
    row = locked(initiative)
    account = as_organiser(by, row)
    template = reference.find_template(row.template, at=at)
    codes = {one for one, _label in template.figures} if template else set()
    if code not in codes or rules.is_personal(code):
        raise NotAllowed("This is no figure of this initiative.")
    first = month.replace(day=1)
    if count < 0 or first > today_of(at):
        raise Refused(_("Tulis angka bulan yang sudah berjalan."), field="count")
    Figure.objects.update_or_create(
        initiative=row, code=code, month=first, defaults={"count": count, "by_id": account, "at": at}
    )
    fact = events.FigureRecorded(initiative=row.pk, code=code, month=f"{first:%Y-%m}", count=count)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
