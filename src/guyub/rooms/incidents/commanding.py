"""Posts of the command and their hand-over: the outgoing writes, the incoming accepts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import incidents as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.incidents.acting import (
    Refused,
    add_line,
    commanders,
    desk_link,
    exercise_mark,
    locked,
    needs_words,
    record,
    tell,
)
from guyub.rooms.incidents.models import HandOver, Holder, Incident, Task
from guyub.rooms.incidents.rules import Post, TaskState
from guyub.rooms.incidents.tasking import keep_mark, unread
from guyub.rooms.incidents.wording import POSTS


def holder_of(row: Incident, post: str) -> Holder | None:
    return Holder.objects.filter(incident=row, post=post, until_at__isnull=True).first()


@transaction.atomic
def assign(*, incident: int, post: str, account: int, by: Person, at: datetime) -> Holder:
    """Give a vacant post to a person. A post that somebody holds changes by a hand-over. Raises `Refused`."""
    row = locked(incident, by=by)
    post = Post(post).value
    _must_be_able(account, at)
    if (held := holder_of(row, post)) is not None:
        if held.account == account:
            return held
        raise Refused(
            _("Tugas ini sedang dipegang orang lain. Pergantiannya lewat serah terima."), field="post"
        )
    return _take(row, post, account, None, by=by.acting, at=at)


def _must_be_able(account: int, at: datetime) -> None:
    if account not in commanders(at=at):
        raise Refused(_("Pilih orang yang berwenang menjalankan keadaan darurat."), field="account")


def _take(row: Incident, post: str, account: int, before: int | None, *, by: int, at: datetime) -> Holder:
    made = Holder.objects.create(incident=row, post=post, account=account, from_at=at)
    fact = events.PostTaken(incident=row.pk, post=post, account=account, before=before)
    record(fact, row=row, by=by, at=at)
    return made


@transaction.atomic
def write_hand_over(
    *, incident: int, post: str, incoming: int, words: str, by: Person, at: datetime
) -> HandOver:
    """Who holds a post writes what the next must know. Raises `NotAllowed` for anybody else, `Refused`."""
    row = locked(incident, by=by)
    held = holder_of(row, Post(post).value)
    if held is None or held.account != by.acting:
        raise NotAllowed("Only who holds a post hands it over.")
    if incoming == by.acting:
        raise Refused(_("Pilih orang lain sebagai penerima."), field="account")
    _must_be_able(incoming, at)
    said = needs_words(words, "words")
    if _waiting(row, post) is not None:
        raise Refused(_("Serah terima sebelumnya belum diterima. Tarik dahulu bila keliru."))
    made = HandOver.objects.create(
        incident=row,
        post=post,
        outgoing=by.acting,
        incoming=incoming,
        words=said,
        written_at=at,
        open_tasks=_open_tasks(row),
        unread=unread(row, incoming),
    )
    fact = events.HandOverWritten(incident=row.pk, hand_over=made.pk, post=post, account=incoming)
    record(fact, row=row, by=by.acting, at=at)
    _ask(row, made, at)
    return made


def _waiting(row: Incident, post: str) -> HandOver | None:
    rows = HandOver.objects.filter(incident=row, post=post)
    return rows.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).first()


def _open_tasks(row: Incident) -> list[int]:
    return list(
        Task.objects.filter(incident=row, state=TaskState.OPEN)
        .order_by("due_at")
        .values_list("pk", flat=True)
    )


def _ask(row: Incident, made: HandOver, at: datetime) -> None:
    with override("id"):
        tell(
            [made.incoming],
            f"incident-hand-over:{made.pk}",
            subject=_("%(exercise)sSerah terima %(post)s: %(title)s")
            % {
                "exercise": exercise_mark(row.mode),
                "post": POSTS[Post(made.post)],
                "title": row.title,
            },
            body=_("Baca catatan dan tugas yang terbuka, lalu terima."),
            link=f"{desk_link(row)}serah-terima/",
            at=at,
        )


@transaction.atomic
def accept(*, incident: int, hand_over: int, by: Person, at: datetime) -> Holder:
    """The incoming takes the post over, with what is open and unread at this moment.

    Raises `NotAllowed` for anybody else, `Refused` when it was accepted or withdrawn already.
    """
    row = locked(incident, by=by)
    made = HandOver.objects.filter(pk=hand_over, incident=row).first()
    if made is None or made.incoming != by.acting:
        raise NotAllowed("This hand-over is another's.")
    if made.accepted_at or made.withdrawn_at:
        raise Refused(_("Serah terima ini sudah diterima atau ditarik."))
    held = holder_of(row, made.post)
    if held is None or held.account != made.outgoing:
        raise Refused(_("Yang menyerahkan sudah tidak memegang tugas ini."))
    held.until_at = at
    held.save(update_fields=["until_at"])
    made.open_tasks, made.unread = _open_tasks(row), unread(row, by.acting)
    made.accepted_at = at
    made.save()
    fact = events.HandOverAccepted(
        incident=row.pk,
        hand_over=made.pk,
        post=made.post,
        open_tasks=len(made.open_tasks),
        unread=len(made.unread),
    )
    record(fact, row=row, by=by.acting, at=at)
    taken = _take(row, made.post, by.acting, made.outgoing, by=by.acting, at=at)
    keep_mark(row, account=by.acting, at=at)
    return taken


@transaction.atomic
def withdraw(*, incident: int, hand_over: int, by: Person, at: datetime) -> None:
    """The outgoing takes back what nobody has accepted. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    made = HandOver.objects.filter(pk=hand_over, incident=row).first()
    if made is None or made.outgoing != by.acting:
        raise NotAllowed("This hand-over is another's.")
    if made.accepted_at or made.withdrawn_at:
        raise Refused(_("Serah terima ini sudah diterima atau ditarik."))
    made.withdrawn_at = at
    made.save(update_fields=["withdrawn_at"])
    fact = events.HandOverWithdrawn(incident=row.pk, hand_over=made.pk, post=made.post)
    record(fact, row=row, by=by.acting, at=at)


@transaction.atomic
def vacate(*, incident: int, post: str, account: int, reason: str, by: Person, at: datetime) -> Holder:
    """Somebody cannot be reached, so the post goes to another without their word; the reason stands in the log.

    Raises `NotAllowed`, `Refused`.
    """
    row = locked(incident, by=by)
    said = needs_words(reason)
    _must_be_able(account, at)
    held = holder_of(row, Post(post).value)
    if held is None:
        raise Refused(_("Tugas ini belum dipegang siapa pun. Tetapkan orangnya."), field="post")
    if held.account == account:
        raise Refused(_("Orang ini sudah memegang tugas itu."), field="account")
    HandOver.objects.filter(
        incident=row, post=post, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=at)
    held.until_at = at
    held.save(update_fields=["until_at"])
    line = add_line(row, said, by=by.acting, at=at)
    record(events.LineWritten(incident=row.pk, line=line.pk, corrects=None), row=row, by=by.acting, at=at)
    return _take(row, post, account, held.account, by=by.acting, at=at)
