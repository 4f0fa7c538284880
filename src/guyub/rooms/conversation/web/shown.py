"""A thread as its pages print it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.rooms.conversation import queries, reference, rules, speaking
from guyub.rooms.conversation.models_threads import Post, Thread, ThreadFollow
from guyub.rooms.conversation.subjects import Page
from guyub.rooms.conversation.web.forms import FollowForm, SayForm
from guyub.ui.rows import day_in_words


def moment(at: datetime) -> str:
    local = at.astimezone(get_city().tz)
    return f"{day_in_words(local.date())}, {local:%H.%M}"


def posts(rows: Iterable[Post], *, person: Person, election: str) -> list[dict[str, Any]]:
    """Each post with its speaker; of what was hidden or withdrawn only that, and why."""
    found = list(rows)
    who = speaking.speakers(found)
    return [_post(row, who[row.pk], person, election) for row in found]


def _post(row: Post, who: speaking.Speaker, person: Person, election: str) -> dict[str, Any]:
    gone = ""
    if row.withdrawn_at:
        gone = _("Pesan ini ditarik penulisnya.")
    elif row.hidden_at:
        reason = reference.reason_in_words(row.hidden_reason, said_at=row.hidden_at)
        gone = _("Pesan ini disembunyikan moderator. Alasan: %(reason)s.") % {"reason": reason}
    return {
        "id": row.pk,
        "name": who.name,
        "role": who.role,
        "address": who.address,
        "when": moment(row.at),
        "iso": row.at.isoformat(),
        "body": "" if gone else row.public_body,
        "gone": gone,
        "gone_words": row.hidden_words if row.hidden_at else "",
        "edited": bool(row.edited_at) and not gone,
        "decided": bool(row.decided_at) and not gone,
        "task": row.task_address,
        "elected": rules.stands_out(row.role, election=election) and not gone,
        "act": reverse("post", args=[row.pk]) if person.account and person.support is None else "",
    }


def thread(row: Thread, page: Page, person: Person, *, number: int) -> dict[str, Any]:
    """Everything the page of a thread shows."""
    at = timezone.now()
    election = reference.election(at=at)
    rows, pages = queries.posts_of(row, page=number)
    number = min(max(number, 1), pages)
    first = rows[0] if number == 1 and rows else row.posts.order_by("at", "pk").first()
    here = reverse("thread", args=[row.uuid])
    following = (
        ThreadFollow.objects.filter(thread=row, account=person.account).first() if person.account else None
    )
    writes = page.can_write and person.account is not None and person.support is None
    return {
        "page": page,
        "title": queries.title_of(row, hidden=bool(first and first.hidden_at)),
        "thread": row.uuid,
        "election": election,
        "posts": posts(rows, person=person, election=election),
        "decisions": posts(queries.decisions_in(row), person=person, election=election),
        "previous": f"{here}?hal={number - 1}" if number > 1 else "",
        "next": f"{here}?hal={number + 1}" if number < pages else "",
        "position": _("Halaman %(n)d dari %(all)d") % {"n": number, "all": pages} if pages > 1 else "",
        "last_page": f"{here}?hal={pages}" if number < pages else "",
        "form": SayForm(voices=speaking.voices_of(person)) if writes else None,
        "sign_in": f"{reverse('account_login')}?next={here}" if person.account is None else "",
        "following": following,
        "follow_form": FollowForm(auto_id="ikuti-%s") if person.account and not following else None,
    }
