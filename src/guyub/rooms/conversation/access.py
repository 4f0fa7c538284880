"""Which threads and posts this person may see: what the room of their subject says. Raises Http404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from guyub.kernel.access.api import Person
from guyub.rooms.conversation.models_threads import Post, Thread
from guyub.rooms.conversation.subjects import Page, find_page


def thread(uuid: UUID, person: Person) -> tuple[Thread, Page]:
    row = Thread.objects.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row, page(row.subject, person)


def post(key: int, person: Person) -> tuple[Post, Page]:
    row = Post.objects.select_related("thread").filter(pk=key).first() if key < 2**62 else None
    if row is None:
        raise Http404
    return row, page(row.thread.subject, person)


def page(subject: str, person: Person) -> Page:
    found = find_page(subject, person)
    if found is None or not found.can_read:
        raise Http404
    return found
