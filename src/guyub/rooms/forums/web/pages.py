"""Forums as everyone reads them: who sits there, when it meets, what it decided and what became of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.cities.api import get_city
from guyub.rooms.conversation import api as conversation
from guyub.rooms.forums import access, queries, reference, rules
from guyub.rooms.forums.models import Forum
from guyub.rooms.forums.rules import Balance
from guyub.rooms.meetings import api as meetings
from guyub.ui import charts
from guyub.ui.rows import day_in_words

THREADS, MEETINGS = 5, 12
FIRST_YEAR = 2000


@gate.public
@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    today, cards = reference.today(timezone.now()), queries.forums()
    undone = meetings.count_undone(subjects=[card.subject for card in cards], on=today)
    context = {
        "rows": [(card, _undone(*undone.get(card.subject, (0, 0)))) for card in cards],
        "desk": reverse("desk_forums") if person_of(request).can(roles.FORUMS) else "",
    }
    return render(request, "forums/list.html", context)


def _undone(n: int, late: int) -> tuple[str, str]:
    """How much is undone in words, and its tone."""
    if late:
        words = _("%(late)d dari %(n)d tindak lanjut terlambat") % {"late": late, "n": n}
        return words, "overdue"
    if n:
        return ngettext("%(n)d tindak lanjut berjalan", "%(n)d tindak lanjut berjalan", n) % {
            "n": n
        }, "progress"
    return "", ""


@gate.public
@require_safe
def forum(request: HttpRequest, slug: str) -> HttpResponse:
    row, at = access.forum(slug), timezone.now()
    members, today = queries.members_of(row), reference.today(at)
    held = meetings.of_subject(subject=row.subject)
    context = {
        **_about(row, today),
        "members": _by_actor(members),
        "chair": [one.name for one in members if one.seat == rules.Seat.CHAIR],
        "balance": _balance(queries.balance_of(members)),
        "coming": sorted((one for one in held if one.starts_at >= at), key=lambda one: one.starts_at),
        "held": [one for one in held if one.starts_at < at][:MEETINGS],
        "follow_up": meetings.follow_up_of(subject=row.subject, on=today),
        "years": [(str(year), reverse("forum_decisions", args=[row.slug, year])) for year in _years(held)],
        "threads": conversation.threads_about(subject=row.subject, limit=THREADS),
        "all_threads": reverse("threads_about", args=[row.subject]),
        "calendar": reverse("meeting_feed", args=[row.subject]),
        "desk": (
            reverse("desk_forum", args=[row.slug])
            if person_of(request).can(roles.FORUMS) and not row.ended_at
            else ""
        ),
    }
    return render(request, "forums/forum.html", context)


def _about(row: Forum, today: date) -> dict[str, Any]:
    kinds = reference.kinds(on=today)
    until = row.term_until - timedelta(days=1) if row.term_until else None
    return {
        "forum": row,
        "kind": kinds[row.kind].name if row.kind in kinds else "",
        "decree_on": day_in_words(row.decree_on),
        "term": (
            _("%(since)s sampai %(until)s")
            % {"since": day_in_words(row.term_from), "until": day_in_words(until)}
            if until
            else _("sejak %(since)s") % {"since": day_in_words(row.term_from)}
        ),
        "is_over": rules.is_over(until=row.term_until, today=today),
        "secretariat": row.secretariat.name,
    }


def _by_actor(members: list[queries.Sitting]) -> list[tuple[str, list[queries.Sitting]]]:
    """Members under the four actors, in their order; those of none at the end."""
    groups: dict[str, list[queries.Sitting]] = {actor: [] for actor in (*rules.FOUR, "")}
    for one in members:
        groups.setdefault(one.actor, []).append(one)
    return [(conversation.actor_label(actor) or _("Lainnya"), rows) for actor, rows in groups.items() if rows]


def _balance(found: Balance) -> dict[str, Any]:
    absent = [conversation.actor_label(actor) for actor in found.absent]
    return {
        "bars": charts.bars([(conversation.actor_label(actor), n, "") for actor, n in found.counts]),
        "words": (
            _("Belum punya wakil: %(absent)s.") % {"absent": ", ".join(absent)}
            if absent and found.total
            else ""
        ),
        "total": found.total,
    }


def _years(held: list[meetings.MeetingCard]) -> list[int]:
    tz = get_city().tz
    return sorted({one.starts_at.astimezone(tz).year for one in held}, reverse=True)


@gate.public
@require_safe
def decisions(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """What a forum decided in a year, in the words of its approved minutes."""
    row = access.forum(slug)
    tz, today = get_city().tz, reference.today(timezone.now())
    if not FIRST_YEAR <= year <= today.year + 1:
        raise Http404
    begins, ends = datetime(year, 1, 1, tzinfo=tz), datetime(year + 1, 1, 1, tzinfo=tz)
    approved = meetings.approved_in(subject=row.subject, since=begins, until=ends)
    by_meeting = {one.pk: one for one in approved}
    cards = {card.uuid: card for card in meetings.of_subject(subject=row.subject)}
    rows = [(one, cards.get(by_meeting[one.meeting].uuid)) for one in meetings.decisions_of(approved)]
    context = {"forum": row, "year": str(year), "rows": [(one, card) for one, card in rows if card]}
    return render(request, "forums/decisions.html", context)
