"""What messengers bring, kept once and dealt with by the worker in its order; and what we write there.

The call of a messenger only leaves a row: no model of words, no photo and no other server is waited for in a request.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from guyub.kernel import tasks
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import fingerprint, get_city
from guyub.kernel.limits import api as limits
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.reports import chatting
from guyub.rooms.reports.chat_rules import Incoming
from guyub.rooms.reports.messengers import Messenger, find_messenger
from guyub.rooms.reports.models import Chat, ChatMessage, ChatReport, Origin, Report

# WhatsApp tries to hand a message over for a week.
REMEMBERED_FOR = timedelta(days=8)
# So long after somebody wrote, WhatsApp lets us write back freely.
OPEN_FOR = timedelta(hours=23, minutes=50)
AT_ONE_SWEEP = 500
_log = logging.getLogger(__name__)


@transaction.atomic
def take_in(*, channel: str, said: Incoming, at: datetime) -> None:
    """Keep one message and let the worker answer it; the same again, and a flood, is left."""
    row = _keep(channel, said, at)
    if row is not None:
        tasks.enqueue("reports.chat", chat=row.chat_id)


def _keep(channel: str, said: Incoming, at: datetime) -> ChatMessage | None:
    mark = fingerprint("chat", f"{channel}:{said.address}")
    if _is_flood(mark, at):
        return None
    values = {"address": said.address, "heard_at": at}
    chat = Chat.objects.get_or_create(channel=channel, mark=mark, defaults=values)[0]
    own = fingerprint("chat-message", f"{channel}:{said.id}")
    row, is_new = ChatMessage.objects.get_or_create(
        external_mark=own, defaults={"chat": chat, "said": json.dumps(asdict(said)), "at": at}
    )
    return row if is_new else None


def _is_flood(mark: str, at: datetime) -> bool:
    rule = rulebook.family("sending_limits", on=local_date(at, get_city().tz)).get("chat")
    if rule is None:  # none is no limit, and `guyub check` says so
        return False
    window = timedelta(seconds=rule.value["window_seconds"])
    return limits.count("chat", {"sender": mark}, window=window, at=at)["sender"].n > rule.value["sender"]


@tasks.task("reports.chat", slow=True)
def work_off(*, chat: int) -> None:
    """Deal with what waits in a chat, the oldest first, and answer it. Run twice at once, each message is dealt with
    once; an answer may go out twice if the process dies between sending and noting."""
    row = Chat.objects.filter(pk=chat).first()
    messenger = find_messenger(row.channel) if row else None
    if row is None or messenger is None:
        return
    waiting = ChatMessage.objects.filter(chat=row, done_at__isnull=True).order_by("pk")
    for message in waiting.values_list("pk", flat=True):
        deal_with(message, messenger, at=timezone.now())
    for answered in ChatMessage.objects.filter(
        chat=row, replied_at__isnull=True, done_at__isnull=False
    ).order_by("pk"):
        if answered.reply:
            messenger.send(row.address, answered.reply)
        ChatMessage.objects.filter(pk=answered.pk).update(reply="", replied_at=timezone.now())


def deal_with(message: int, messenger: Messenger, *, at: datetime) -> str:
    """Let the conversation go on by one message; returns what it is answered. Not yet sent."""
    row = ChatMessage.objects.filter(pk=message, done_at__isnull=True).first()
    if row is None:
        return ""
    said = Incoming(**json.loads(row.said))
    picture = _picture(said, messenger)
    with transaction.atomic():
        chat = Chat.objects.select_for_update().get(pk=row.chat_id)
        row = ChatMessage.objects.select_for_update().get(pk=message)
        if row.done_at is not None:
            return ""
        row.reply = chatting.answer(chat=chat, said=said, picture=picture, at=at)
        row.said, row.done_at = "", at
        row.save()
    return row.reply


def _picture(said: Incoming, messenger: Messenger) -> bytes | None:
    """What a message shows; without it the conversation goes on, and says so."""
    if not said.photo:
        return None
    try:
        return messenger.fetch(said.photo)
    except (notices.CouldNotSend, ValueError) as problem:
        _log.warning("a photo of a messenger could not be fetched: %s", type(problem).__name__)
        return None


# ── Telling ────────────────────────────────────────────────────────────────────────────────────────────────


def chat_of(report: Report) -> int | None:
    """The chat in which a report was sent. One query, in the worker."""
    return ChatReport.objects.filter(report=report).values_list("chat", flat=True).first()


def carry(recipient: str, notice: notices.Carried) -> str:
    """A notice, to the chat of whoever sent the report there; returns what kept it from being sent for good."""
    chat = Chat.objects.filter(pk=recipient.partition(":")[2]).first()
    if chat is None:
        return "tanpa alamat"
    if chat.stopped_at:
        return "tidak ingin dikabari"
    messenger = find_messenger(chat.channel)
    if messenger is None:
        return "saluran tertutup"
    is_open = timezone.now() - chat.heard_at < OPEN_FOR
    text = "\n\n".join(filter(None, (notice.subject, notice.body, notice.link)))
    messenger.send(chat.address, text, template=() if is_open else (notice.subject, notice.link))
    return ""


# ── Forgetting ─────────────────────────────────────────────────────────────────────────────────────────────


def forget_chat_of(report: Report) -> None:
    """Whoever wants to be forgotten is: the report no longer leads to the chat, and a chat without reports goes."""
    chat = chat_of(report)
    if chat is None:
        return
    ChatReport.objects.filter(report=report).delete()
    if not ChatReport.objects.filter(chat=chat).exists():
        forget_chats(Chat.objects.filter(pk=chat))


def forget_chats(rows: Any) -> None:
    for row in rows:
        notices.forget_recipient(f"chat:{row.pk}")
        row.delete()


def sweep(*, at: datetime) -> int:
    """Forget half-said reports whose time is over and messages that nobody will send again; returns how many."""
    over = Chat.objects.filter(expires_at__lte=at).values_list("pk", flat=True)[:AT_ONE_SWEEP]
    done = Chat.objects.filter(pk__in=list(over)).update(values="{}", expires_at=None)
    old = ChatMessage.objects.filter(at__lt=at - REMEMBERED_FOR).values_list("pk", flat=True)[:AT_ONE_SWEEP]
    return done + ChatMessage.objects.filter(pk__in=list(old)).delete()[0]


def chat_here(*, said: Incoming, messenger: Messenger, at: datetime) -> None:
    """One message and its answer at once, for the demo's own page."""
    kept = _keep(Origin.Channel.WHATSAPP, said, at)
    if kept:
        messenger.send(said.address, deal_with(kept.pk, messenger, at=at))
        ChatMessage.objects.filter(pk=kept.pk).update(reply="", replied_at=at)
