"""What happens in threads. Each action checks who acts, changes rows and records the fact in one transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import Event
from guyub.events import conversation as events
from guyub.kernel import masking
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.ledger import api as ledger
from guyub.kernel.limits import api as limits
from guyub.kernel.notices import api as notices
from guyub.rooms.conversation import reference, rules
from guyub.rooms.conversation.models_threads import Flag, Post, Thread, ThreadFollow
from guyub.rooms.conversation.speaking import Voice, voices_of
from guyub.rooms.conversation.subjects import Page, Task, find_page


class Refused(ValueError):
    """This cannot be done now. The message is for people."""


def subject_of(thread: Thread) -> str:
    return f"conversation.thread:{thread.pk}"


def _record(thread: Thread, fact: Event, *, by: int | None, at: datetime) -> None:
    ledger.record(fact, subject=subject_of(thread), at=at, by=by)


def _page(thread: Thread, by: Person) -> Page:
    found = find_page(thread.subject, by)
    if found is None or not found.can_read or by.support is not None:
        raise NotAllowed("This person does not read this subject.")
    return found


def _moderated(post: int, by: Person) -> tuple[Post, Page]:
    """The post, held until the transaction ends, for somebody who moderates its subject. Raises `NotAllowed`."""
    row = _locked(post)
    page = _page(row.thread, by)
    if not page.can_moderate:
        raise NotAllowed("This person does not moderate this subject.")
    return row, page


def _locked(post: int) -> Post:
    return Post.objects.select_for_update(of=("self",)).select_related("thread").get(pk=post)


# ── Speaking ───────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def open_thread(*, subject: str, title: str, body: str, voice: str, by: Person, at: datetime) -> Thread:
    """Begin a thread with its first post. Raises `NotAllowed`, `Refused`."""
    row = Thread(subject=subject, title=masking.mask(title), opened_at=at, last_at=at)
    spoken = _may_speak(row, voice, by)
    _count("threads_a_day", by, timedelta(days=1), at)
    row.save()
    _record(row, events.ThreadOpened(thread=row.pk, about=subject), by=_actor(spoken, by), at=at)
    _post(row, body, spoken, by=by, at=at)
    return row


@transaction.atomic
def say(*, thread: UUID, body: str, voice: str, by: Person, at: datetime) -> Post:
    """Raises `NotAllowed`, `Refused`."""
    row = Thread.objects.get(uuid=thread)
    spoken = _may_speak(row, voice, by)
    _count("posts_an_hour", by, timedelta(hours=1), at)
    last = row.posts.order_by("-pk").first()
    if last and (last.by, last.body) == (by.account, body):
        return last  # the button was pressed twice
    return _post(row, body, spoken, by=by, at=at)


def _may_speak(thread: Thread, voice: str, by: Person) -> Voice:
    if not _page(thread, by).can_write:
        raise NotAllowed("This person does not write here.")
    spoken = next((one for one in voices_of(by) if one.code == voice), None)
    if spoken is None:
        raise Refused(_("Pilih sebagai apa Anda menulis."))
    return spoken


def _count(what: str, by: Person, window: timedelta, at: datetime) -> None:
    most = reference.amount(what, at=at)
    counted = limits.count(what, {"account": str(by.acting)}, window=window, at=at)["account"]
    if counted.n > most:
        raise Refused(_("Terlalu banyak pesan dalam waktu singkat. Istirahat sebentar, lalu coba lagi."))


def _actor(spoken: Voice, by: Person) -> int | None:
    """A resident who does not give a name is named by no fact either."""
    return by.account if spoken.party or spoken.named else None


def _post(thread: Thread, body: str, spoken: Voice, *, by: Person, at: datetime) -> Post:
    row = Post.objects.create(
        thread=thread,
        body=body,
        public_body=masking.mask(body),
        party=spoken.party,
        role=spoken.role,
        actor=spoken.actor,
        named=spoken.named,
        by=by.acting,
        at=at,
    )
    Thread.objects.filter(pk=thread.pk).update(last_at=at)
    fact = events.Posted(
        thread=thread.pk, post=row.pk, actor=spoken.actor, party=spoken.party, role=spoken.role
    )
    _record(thread, fact, by=_actor(spoken, by), at=at)
    return row


def may_edit(row: Post, person: Person, *, at: datetime) -> bool:
    """Its author, soon after, while nothing was made of it."""
    minutes = reference.amount("edit_minutes", at=at)
    return may_withdraw(row, person) and rules.may_edit(said_at=row.at, at=at, minutes=minutes)


def may_withdraw(row: Post, person: Person) -> bool:
    mine = person.account is not None and row.by == person.account and person.support is None
    return mine and not (row.withdrawn_at or row.hidden_at or row.decided_at)


@transaction.atomic
def edit(*, post: int, body: str, by: Person, at: datetime) -> None:
    """Raises `NotAllowed`, `Refused`."""
    row = _locked(post)
    if row.by != by.acting:
        raise NotAllowed("Only its author changes a post.")
    if not may_edit(row, by, at=at):
        raise Refused(_("Pesan ini tidak dapat diubah lagi. Tulis pesan baru."))
    row.body, row.public_body, row.edited_at = body, masking.mask(body), at
    row.save(update_fields=["body", "public_body", "edited_at"])
    _record(row.thread, events.PostEdited(post=row.pk), by=_author(row), at=at)


def _author(row: Post) -> int | None:
    return row.by if row.party or row.named else None


@transaction.atomic
def withdraw(*, post: int, by: Person, at: datetime) -> None:
    """Its author takes it back: the words are gone, that something stood there stays. Raises `NotAllowed`, `Refused`."""
    row = _locked(post)
    if row.by != by.acting:
        raise NotAllowed("Only its author withdraws a post.")
    if not may_withdraw(row, by):
        raise Refused(_("Pesan ini tidak dapat ditarik lagi."))
    row.body, row.public_body, row.withdrawn_at = "", "", at
    row.save(update_fields=["body", "public_body", "withdrawn_at"])
    Flag.objects.filter(post=row, settled_at__isnull=True).update(settled_at=at)
    _record(row.thread, events.PostWithdrawn(post=row.pk), by=_author(row), at=at)


# ── Moderating ─────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def hide(*, post: int, reason: str, by: Person, at: datetime, words: str = "") -> None:
    """Nobody reads it any more; the reason stands in its place and its author is told. Raises `NotAllowed`, `Refused`."""
    row, page = _moderated(post, by)
    known, version = reference.hide_reasons(at=at)
    if reason not in known or row.hidden_at or row.withdrawn_at:
        raise Refused(_("Pesan ini tidak dapat disembunyikan."))
    row.hidden_at, row.hidden_by, row.hidden_reason, row.hidden_words = at, by.acting, reason, words
    row.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "hidden_words"])
    _record(row.thread, events.PostHidden(post=row.pk, reason=reason, rule=version), by=by.acting, at=at)
    settle_flags(row, upheld=True, by=by, at=at)
    if row.by:
        _tell_author(row, page, _("Pesan Anda disembunyikan"), known[reason], words, at=at)


@transaction.atomic
def show_again(*, post: int, by: Person, at: datetime) -> None:
    """It was hidden wrongly. Raises `NotAllowed`."""
    row, page = _moderated(post, by)
    if row.hidden_at is None:
        return
    row.hidden_at = row.hidden_by = None
    row.hidden_reason = row.hidden_words = ""
    row.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "hidden_words"])
    _record(row.thread, events.PostShownAgain(post=row.pk), by=by.acting, at=at)
    if row.by:
        _tell_author(row, page, _("Pesan Anda ditampilkan kembali"), "", "", at=at)


def _tell_author(row: Post, page: Page, subject: str, reason: str, words: str, *, at: datetime) -> None:
    with override("id"):
        parts = [page.title, reason, words]
        notices.notify(
            key=f"post:{row.pk}:{at.isoformat()}",
            recipient=f"account:{row.by}",
            subject=subject,
            body="\n\n".join(part for part in parts if part),
            link=f"/percakapan/{row.thread.uuid}/",
            at=at,
        )


@transaction.atomic
def flag(*, post: int, reason: str, by: Person, at: datetime) -> None:
    """Somebody says that a post breaks the rules; once each. Raises `NotAllowed`, `Refused`."""
    row = _locked(post)
    _page(row.thread, by)
    if reason not in reference.hide_reasons(at=at)[0] or row.hidden_at or row.withdrawn_at:
        raise Refused(_("Pesan ini tidak dapat diadukan."))
    _count("flags_a_day", by, timedelta(days=1), at)
    _row, new = Flag.objects.get_or_create(post=row, by=by.acting, defaults={"reason": reason, "at": at})
    if new:
        _record(row.thread, events.PostFlagged(post=row.pk, reason=reason), by=None, at=at)


@transaction.atomic
def let_stand(*, post: int, by: Person, at: datetime) -> None:
    """Looked at, and nothing is wrong with it. Raises `NotAllowed`."""
    row, _page = _moderated(post, by)
    settle_flags(row, upheld=False, by=by, at=at)


def settle_flags(row: Post, *, upheld: bool, by: Person, at: datetime) -> None:
    open_flags = Flag.objects.filter(post=row, settled_at__isnull=True)
    if open_flags.update(settled_at=at, upheld=upheld):
        _record(row.thread, events.FlagsSettled(post=row.pk, upheld=upheld), by=by.acting, at=at)


# ── Deciding ───────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def mark_decision(*, post: int, by: Person, at: datetime, marked: bool = True) -> None:
    """What was agreed stands above the thread; a mark set wrongly is taken off. Raises `NotAllowed`, `Refused`."""
    row, _page = _moderated(post, by)
    if marked == bool(row.decided_at):
        return
    if row.hidden_at or row.withdrawn_at or row.task:
        raise Refused(_("Tanda keputusan pesan ini tidak dapat diubah."))
    row.decided_at, row.decided_by = (at, by.acting) if marked else (None, None)
    row.save(update_fields=["decided_at", "decided_by"])
    kind = events.DecisionMarked if marked else events.DecisionUnmarked
    _record(row.thread, kind(post=row.pk), by=by.acting, at=at)


@transaction.atomic
def make_task(*, post: int, what: str, owner: str, due_on: date, by: Person, at: datetime) -> Task:
    """A decision becomes something that somebody must do, as its subject's room keeps it. Raises `NotAllowed`, `Refused`."""
    row, page = _moderated(post, by)
    if page.make_task is None or not row.decided_at or row.task:
        raise Refused(_("Keputusan ini sudah dijadikan tindak lanjut, atau belum ditandai."))
    made = page.make_task(what=what, owner=owner, due_on=due_on, by=by, at=at)
    row.task, row.task_address = made.subject, made.address
    row.save(update_fields=["task", "task_address"])
    _record(row.thread, events.TaskMade(post=row.pk, task=made.subject), by=by.acting, at=at)
    return made


# ── Following ──────────────────────────────────────────────────────────────────────────────────────────────


def follow(*, thread: UUID, pace: str, language: str, by: Person, at: datetime) -> None:
    """Be told in a digest from now on. Raises `NotAllowed`."""
    row = Thread.objects.get(uuid=thread)
    _page(row, by)
    values = {"pace": pace, "language": language, "since": at}
    ThreadFollow.objects.update_or_create(thread=row, account=by.acting, defaults=values)


def unfollow(*, thread: UUID, by: Person) -> None:
    ThreadFollow.objects.filter(thread__uuid=thread, account=by.acting).delete()
