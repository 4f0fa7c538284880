"""A second person approves, and the message goes out; or one alone at an observed AWAS, with a review owed."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import warnings as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.cities.api import signature, signature_fits
from guyub.kernel.notices import api as notices
from guyub.rooms.people import api as people
from guyub.rooms.warnings import reference, words
from guyub.rooms.warnings.acting import (
    Refused,
    desk_link,
    holders,
    keep_words,
    locked,
    must,
    reaches,
    record,
    roles,
    tell,
)
from guyub.rooms.warnings.cap import making
from guyub.rooms.warnings.drafting import close_if_idle, lapse_asks
from guyub.rooms.warnings.models import Ask, Message, Note, Review
from guyub.rooms.warnings.roster import candidates
from guyub.rooms.warnings.rules import PENDING, Kind, Move, State, after, may_approve, may_issue_alone

PURPOSE = "warning"
log = logging.getLogger("guyub.warnings")


class LinkOver(LookupError):
    """The link has ended: answered, too old, the message moved on, or the authority behind it is gone."""


# ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def ask_approval(*, message: int, by: Person, at: datetime) -> Ask:
    """Ask the first on the roster who may approve. The words must be fit to go out. Raises `NotAllowed`, `Refused`."""
    row = locked(message, Move.ASK)
    account = must(by, roles.WARN, row.areas)
    _must_be_fit(row, at=at)
    row.state = after(Move.ASK, row.state).value
    row.asked_by, row.asked_at = account, at
    row.save(update_fields=["state", "asked_by", "asked_at"])
    asked = _ask_next(row, at=at)
    if asked is None:
        raise Refused(
            _("Di daftar penyetuju tidak ada orang lain yang berwenang. Tambahkan dahulu di halaman daftar.")
        )
    return asked


def _must_be_fit(row: Message, *, at: datetime) -> None:
    """Raises `Refused` for what may not go out: its time is over, or a text breaks a rule."""
    if row.expires <= at:
        raise Refused(_("Waktu berlakunya sudah lewat. Ubah waktunya dahulu."))
    for (channel, _language), body in words.texts_of(row).items():
        if words.faults(row.chain, row, channel, body, at=at):
            raise Refused(_("Ada teks yang belum memenuhi syarat. Perbaiki dahulu."))


def _ask_next(row: Message, *, at: datetime) -> Ask | None:
    found = next(iter(candidates(row, at=at)), None)
    if found is None:
        return None
    asked = Ask.objects.create(
        message=row,
        text_version=row.text_version,
        account=found.account,
        position=found.position,
        asked_at=at,
        expires_at=min(at + reference.hours("link_lasts", at=at), row.expires),
    )
    record(
        events.ApprovalAsked(
            warning=row.chain_id, message=row.pk, account=asked.account, position=asked.position
        ),
        message=row,
        by=None,
        at=at,
    )
    with override("id"):
        hazard = reference.hazards(at=at)[row.chain.hazard].label("id")
        subject = _("%(exercise)sSetujui peringatan %(level)s %(hazard)s?") % {
            "exercise": words.mark(row),
            "level": row.level,
            "hazard": hazard,
        }
        body = _(
            "Rekan Anda menyusun peringatan dini dan menunggu orang kedua. Baca seluruh teksnya lewat tautan ini, "
            "lalu setujui atau kembalikan. Bila tidak dijawab dalam %(minutes)d menit, orang berikutnya juga diminta. "
            "Tautan ini hanya untuk Anda."
        ) % {"minutes": reference.amount("approve_within", at=at)}
    notices.notify(
        key=f"warning-ask:{asked.pk}",
        recipient=f"account:{asked.account}",
        subject=subject,
        body=body,
        link=f"/peringatan/setuju/{notices.to_be_signed(PURPOSE, asked.uuid.hex)}/",
        at=at,
    )
    return asked


def ask_due(*, at: datetime, limit: int = 50) -> int:
    """Ask the next on the roster where nobody answered in time, each person once. Returns how many were asked."""
    after_ = at - reference.minutes("approve_within", at=at)
    waiting = Message.objects.filter(state=State.WAITING, expires__gt=at, asked_at__lte=after_)
    asked = 0
    for key in list(waiting.order_by("asked_at").values_list("pk", flat=True)[:limit]):
        asked += _ask_if_due(key, after_, at=at)
    return asked


@transaction.atomic
def _ask_if_due(message: int, since: datetime, *, at: datetime) -> bool:
    try:
        row = locked(message, Move.SEND_BACK)
    except NotAllowed:  # answered since we looked
        return False
    newest = Ask.objects.filter(message=row).order_by("-asked_at").values_list("asked_at", flat=True).first()
    if newest is not None and newest > since:
        return False  # another sweep was here first
    return _ask_next(row, at=at) is not None


# ── Answering ──────────────────────────────────────────────────────────────────────────────────────────────


def key_of(ask: UUID) -> str:
    """The secret part of an approver's address, signed for this city."""
    return f"{ask.hex}-{signature(PURPOSE, ask.hex)}"


def ask_of(key: str) -> Ask | None:
    """What a key asks; None for a key that is not of this city. It may be over: see `approver_of`."""
    hex_id, _sep, proof = key.partition("-")
    if len(hex_id) != 32 or not signature_fits(PURPOSE, hex_id, proof):
        return None
    try:
        found = Ask.objects.select_related("message__chain").filter(uuid=UUID(hex_id))
    except ValueError:
        return None
    return found.first()


def approver_of(asked: Ask, *, at: datetime) -> Person:
    """The person to whom a link was sent, if it still holds. Raises `LinkOver`."""
    row = asked.message
    if asked.answer or asked.expires_at <= at or row.state != State.WAITING:
        raise LinkOver(asked.pk)
    if asked.text_version != row.text_version:
        raise LinkOver(asked.pk)
    person = people.person(asked.account, on=reference.today(at))
    if not _may_approve(person, row):
        raise LinkOver(asked.pk)
    return person


def _may_approve(person: Person, row: Message) -> bool:
    hands = [one for one in (row.touched_by, row.asked_by) if one is not None]
    return (
        person.account is not None
        and reaches(person, row.areas, roles.APPROVE_WARNING)
        and may_approve(approver=person.account, author=row.author, others=hands)
    )


@transaction.atomic
def approve(*, message: int, texts: int, by: Person, at: datetime) -> Message:
    """The second person agrees to these very words (`texts`: their version), and they go out at once.

    Raises `NotAllowed` if it is not theirs to approve or somebody was faster, `Refused` if it cannot go out.
    """
    row = locked(message, Move.ISSUE)
    if not _may_approve(by, row):
        raise NotAllowed("This person may not approve this message.")
    if texts != row.text_version:
        raise Refused(_("Teksnya berubah sejak halaman ini dibuka. Baca lagi sebelum menyetujui."))
    _must_be_fit(row, at=at)
    mine = Ask.objects.filter(message=row, account=by.acting, answer="")
    if not mine.update(answer=Ask.Answer.APPROVED, answered_at=at):
        Ask.objects.create(
            message=row,
            text_version=texts,
            account=by.acting,
            position=0,
            asked_at=at,
            expires_at=at,
            answer=Ask.Answer.APPROVED,
            answered_at=at,
        )
    return _issue(row, Move.ISSUE, by=by.acting, at=at)


@transaction.atomic
def send_back(*, message: int, reason: str, by: Person, at: datetime) -> Message:
    """The second person wants it otherwise, and says how; it is a draft again. Raises `NotAllowed`, `Refused`."""
    row = locked(message, Move.SEND_BACK)
    if not _may_approve(by, row):
        raise NotAllowed("This person may not decide on this message.")
    if not reason.strip():
        raise Refused(_("Tulis apa yang perlu diubah."), field="reason")
    Ask.objects.filter(message=row, account=by.acting, answer="").update(
        answer=Ask.Answer.SENT_BACK, answered_at=at
    )
    lapse_asks(row, at=at)
    row.state = after(Move.SEND_BACK, row.state).value
    row.save(update_fields=["state"])
    note = keep_words(row, "SEND_BACK", reason, by=by.acting, at=at)
    record(events.SentBack(warning=row.chain_id, message=row.pk, note=note), message=row, by=by.acting, at=at)
    with override("id"):
        subject = _("Peringatan %(number)s dikembalikan: perlu diubah") % {"number": row.chain.number}
        body = _("Alasan dan teksnya ada di halaman peringatan. Ubah, lalu minta persetujuan lagi.")
    told = {one for one in (row.author, row.touched_by, row.asked_by) if one is not None}
    tell(sorted(told), f"warning-back:{note}", subject, body, link=desk_link(row), at=at, besides=by.acting)
    return row


@transaction.atomic
def issue_alone(*, message: int, by: Person, at: datetime) -> Message:
    """The officer on duty sends what is seen to happen at AWAS; somebody else reviews it within a day.

    Raises `NotAllowed`, `Refused`.
    """
    row = locked(message, Move.ISSUE_ALONE)
    account = must(by, roles.WARN, row.areas)
    if not may_issue_alone(level=row.level, is_observed=row.is_observed, kind=row.kind):
        raise NotAllowed("Only an observed AWAS goes out on one person's word.")
    _must_be_fit(row, at=at)
    row.alone = True
    issued = _issue(row, Move.ISSUE_ALONE, by=account, at=at)
    Review.objects.create(message=row, due_at=at + reference.hours("review_within", at=at))
    with override("id"):
        subject = _("Tinjau peringatan AWAS yang dikirim sendiri: %(number)s") % {"number": row.chain.number}
        body = _("Petugas jaga mengirim peringatan AWAS tanpa orang kedua. Tinjau dalam %(hours)d jam.") % {
            "hours": reference.amount("review_within", at=at)
        }
    tell(
        holders(roles.APPROVE_WARNING, at=at),
        f"warning-review:{row.pk}",
        subject,
        body,
        link=desk_link(row),
        at=at,
        besides=account,
    )
    return issued


def _issue(row: Message, move: Move, *, by: int, at: datetime) -> Message:
    """In force from now on; what held before holds no more. The row of the warning is held by the caller."""
    before = Message.objects.filter(chain=row.chain, state=State.ISSUED).first()
    is_cancel = row.kind == Kind.CANCEL
    if before is not None:
        before.state = State.CANCELLED if is_cancel else State.SUPERSEDED
        before.ended_at = at
        before.save(update_fields=["state", "ended_at"])
    row.state = State.CANCELLED if is_cancel else after(move, row.state).value
    row.issued_at, row.issued_by = at, by
    row.ended_at = at if is_cancel else None
    row.cap = _document(row)
    row.save(update_fields=["state", "issued_at", "issued_by", "alone", "ended_at", "cap"])
    lapse_asks(row, at=at)
    record(_fact(row, before, at=at), message=row, by=by, at=at)
    close_if_idle(row.chain, at=at)
    return row


def _document(row: Message) -> str:
    """The CAP document. One that breaks a rule is not shown (`guyub check` says so); people are warned all the same."""
    try:
        return making.document(row, Message.objects.filter(chain=row.chain), words.texts_of(row))
    except making.NotSound:
        log.exception("The CAP document of message %s is not sound.", row.pk)
        return ""


def _fact(row: Message, before: Message | None, *, at: datetime) -> events.Event:
    chain = row.chain
    if row.kind == Kind.CANCEL:
        note = Note.objects.filter(message=row, kind="CANCEL").values_list("pk", flat=True).first()
        return events.WarningCancelled(
            warning=chain.pk, message=row.pk, hazard=chain.hazard, mode=chain.mode, note=note
        )
    said: dict[str, Any] = {
        "warning": chain.pk,
        "message": row.pk,
        "hazard": chain.hazard,
        "level": str(row.level),
        "mode": chain.mode,
        "areas": len(row.areas),
        "onset": row.onset.isoformat(),
        "expires": row.expires.isoformat(),
        "alone": row.alone,
    }
    if row.kind == Kind.UPDATE:
        return events.WarningUpdated(from_level=before.level if before else "NORMAL", **said)
    return events.WarningIssued(**said)


# ── Ends and duties ────────────────────────────────────────────────────────────────────────────────────────


def expire_due(*, at: datetime, limit: int = 100) -> int:
    """End what is past its time, issued or still waiting. Returns how many."""
    due = Message.objects.filter(ended_at__isnull=True, expires__lte=at).order_by("expires", "pk")
    return sum(_expire(key, at=at) for key in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _expire(message: int, *, at: datetime) -> bool:
    try:
        row = locked(message, Move.EXPIRE)
    except NotAllowed:
        return False
    was_issued = row.state not in PENDING
    row.state, row.ended_at = after(Move.EXPIRE, row.state).value, row.expires
    row.save(update_fields=["state", "ended_at"])
    lapse_asks(row, at=at)
    record(
        events.WarningExpired(
            warning=row.chain_id,
            message=row.pk,
            hazard=row.chain.hazard,
            mode=row.chain.mode,
            was_issued=was_issued,
        ),
        message=row,
        by=None,
        at=at,
    )
    close_if_idle(row.chain, at=at)
    return True


@transaction.atomic
def review(*, message: int, was_right: bool, words_said: str, by: Person, at: datetime) -> Review:
    """Somebody else says whether it was right to send it alone. Raises `NotAllowed`, `Refused`."""
    row = Review.objects.select_for_update(of=("self",)).select_related("message__chain").get(message=message)
    if not by.can(roles.APPROVE_WARNING) or by.acting == row.message.issued_by:
        raise NotAllowed("Who sent it does not review it.")
    if row.done_at is not None:
        raise NotAllowed("It has been reviewed.")
    if not words_said.strip():
        raise Refused(_("Tulis hasil tinjauan."), field="words")
    row.done_at, row.done_by, row.was_right, row.words = at, by.acting, was_right, words_said.strip()
    row.save()
    record(
        events.WarningReviewed(warning=row.message.chain_id, message=row.message_id, was_right=was_right),
        message=row.message,
        by=by.acting,
        at=at,
    )
    return row


def mark_late_reviews(*, at: datetime) -> int:
    """Note once that a review is late, and tell those who owe it. Returns how many."""
    due = Review.objects.filter(done_at__isnull=True, late_at__isnull=True, due_at__lte=at)
    return sum(_mark_late(key, at=at) for key in list(due.values_list("pk", flat=True)[:50]))


@transaction.atomic
def _mark_late(review_: int, *, at: datetime) -> bool:
    row = Review.objects.select_for_update(of=("self",)).select_related("message__chain").get(pk=review_)
    if row.done_at or row.late_at:
        return False
    row.late_at = at
    row.save(update_fields=["late_at"])
    message = row.message
    record(events.ReviewLate(warning=message.chain_id, message=message.pk), message=message, by=None, at=at)
    with override("id"):
        subject = _("Tinjauan peringatan %(number)s terlambat") % {"number": message.chain.number}
        body = _("Peringatan AWAS yang dikirim satu orang belum ditinjau orang lain.")
    tell(
        holders(roles.APPROVE_WARNING, at=at),
        f"warning-review-late:{row.pk}",
        subject,
        body,
        link=desk_link(message),
        at=at,
        besides=message.issued_by,
    )
    return True
