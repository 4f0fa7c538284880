"""Threads as pages and other rooms need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel.access.api import Person
from guyub.rooms.conversation.models_threads import Flag, Post, Thread
from guyub.rooms.conversation.subjects import Page, find_page
from guyub.ui.rows import Printed

PER_PAGE = 30
NEWEST = 50
FLAGS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ThreadCard(Printed):
    """A thread in a list; `about` names its subject where a list holds several."""

    uuid: UUID
    title: str
    posts: int
    decisions: int
    last_at: datetime
    address: str
    about: str = ""


def threads_about(*, subject: str, limit: int = NEWEST) -> list[ThreadCard]:
    """The threads about a subject, those with the newest words first. One query."""
    return [_card(row) for row in _counted(Thread.objects.filter(subject=subject))[:limit]]


def newest_threads(person: Person) -> list[ThreadCard]:
    """The newest threads of all subjects that this person may read. One query and one for each subject."""
    rows = list(_counted(Thread.objects.all())[:NEWEST])
    pages = pages_of({row.subject for row in rows}, person)
    return [_card(row, pages[row.subject].title) for row in rows if row.subject in pages]


def pages_of(subjects: Iterable[str], person: Person) -> dict[str, Page]:
    """The subjects that this person may read."""
    found = {subject: find_page(subject, person) for subject in subjects}
    return {subject: page for subject, page in found.items() if page and page.can_read}


def _counted(rows: QuerySet[Thread]) -> QuerySet[Thread]:
    """With how many posts everyone reads and how many of them are decisions, and whether its opening was hidden."""
    readable = Q(posts__hidden_at__isnull=True, posts__withdrawn_at__isnull=True)
    first = Post.objects.filter(thread=OuterRef("pk")).order_by("pk")
    return rows.annotate(
        n=Count("posts", filter=readable),
        decided=Count("posts", filter=readable & Q(posts__decided_at__isnull=False)),
        opening_hidden=Subquery(first.values("hidden_at")[:1]),
    ).order_by("-last_at", "-pk")


def _card(row: Thread, about: str = "") -> ThreadCard:
    return ThreadCard(
        row.uuid,
        title_of(row, hidden=row.opening_hidden is not None),  # type: ignore[attr-defined]
        row.n,  # type: ignore[attr-defined]
        row.decided,  # type: ignore[attr-defined]
        row.last_at,
        reverse("thread", args=[row.uuid]),
        about,
    )


def title_of(row: Thread, *, hidden: bool) -> str:
    """A title whose opening post was hidden is hidden with it."""
    return _("Judul disembunyikan bersama pesan pembukanya") if hidden else row.title


def posts_of(thread: Thread, *, page: int) -> tuple[list[Post], int]:
    """The posts of a page, the oldest first, and how many pages there are. Two queries."""
    rows = thread.posts.order_by("at", "pk")
    pages = max(1, -(-rows.count() // PER_PAGE))
    number = min(max(page, 1), pages)
    return list(rows[(number - 1) * PER_PAGE : number * PER_PAGE]), pages


def decisions_in(thread: Thread) -> list[Post]:
    rows = thread.posts.filter(decided_at__isnull=False, hidden_at__isnull=True, withdrawn_at__isnull=True)
    return list(rows.order_by("decided_at", "pk"))


def page_of(post: Post) -> int:
    """On which page of its thread a post stands."""
    before = Post.objects.filter(
        Q(at__lt=post.at) | Q(at=post.at, pk__lt=post.pk), thread_id=post.thread_id
    ).count()
    return before // PER_PAGE + 1


def flagged(person: Person) -> list[tuple[Post, Page, list[Flag]]]:
    """Posts that somebody objects to, on subjects that this person moderates; the longest waiting first."""
    rows = Flag.objects.filter(settled_at__isnull=True).select_related("post__thread").order_by("at", "pk")
    waiting: dict[int, list[Flag]] = {}
    for row in rows[: FLAGS_SHOWN * 4]:
        waiting.setdefault(row.post_id, []).append(row)
    pages = pages_of({flags[0].post.thread.subject for flags in waiting.values()}, person)
    found = [(flags[0].post, pages.get(flags[0].post.thread.subject), flags) for flags in waiting.values()]
    return [(post, page, flags) for post, page, flags in found if page and page.can_moderate][:FLAGS_SHOWN]
