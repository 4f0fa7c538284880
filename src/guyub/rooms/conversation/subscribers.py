"""Followers of a thread hear of new posts in their digest: one line a thread and digest, without a word of it."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import conversation as events
from guyub.kernel.access.api import NOBODY
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.conversation.models_threads import Pace, Post, Thread, ThreadFollow
from guyub.rooms.conversation.subjects import find_page

LEAVE = "thread"


@subscribe(events.Posted, consumer="conversation.tell_followers")
def tell_followers(fact: RecordedFact) -> None:
    event = cast(events.Posted, fact.event())
    post = Post.objects.filter(pk=event.post, hidden_at__isnull=True, withdrawn_at__isnull=True).first()
    thread = Thread.objects.filter(pk=event.thread).first()
    page = find_page(thread.subject, NOBODY) if thread else None
    if post is None or thread is None or page is None or not page.can_read:
        return
    for row in ThreadFollow.objects.filter(thread=thread, since__lte=post.at).exclude(account=post.by or 0):
        _tell(row, thread, page.title, at=fact.occurred_at)


def _tell(row: ThreadFollow, thread: Thread, title: str, *, at: datetime) -> None:
    until = held_until(row.pace, at)
    prefix = "" if row.language == "id" else f"/{row.language}"
    with override(row.language):
        notices.notify(
            key=f"thread:{thread.pk}:{until:%Y%m%d}:{row.account}",
            recipient=f"account:{row.account}",
            subject=_("Pesan baru dalam percakapan: %(title)s") % {"title": title},
            body="",
            link=f"{prefix}/percakapan/{thread.uuid}/",
            leave=f"{prefix}/percakapan/berhenti/{notices.to_be_signed(LEAVE, row.uuid.hex)}/",
            language=row.language,
            held_until=until,
            at=at,
        )


def held_until(pace: str, at: datetime) -> datetime:
    """When the next digest of this pace goes out, by the rules for all digests of the city."""
    tz = get_city().tz
    on = local_date(at, tz)
    weekday = rulebook.rule("notices.digest_weekday", on=on).value["amount"] if pace == Pace.WEEKLY else None
    hour = rulebook.rule("notices.digest_hour", on=on).value["amount"]
    return notices.next_digest(at=at, tz=tz, hour=hour, weekday=weekday)
