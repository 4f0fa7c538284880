"""Which forum this person may see or keep. Everyone reads forums; raises Http404 for what is not there."""

from __future__ import annotations

from django.http import Http404

from guyub.rooms.forums.models import Forum, Member


def forum(slug: str) -> Forum:
    row = Forum.objects.select_related("secretariat").filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def forum_to_keep(slug: str) -> Forum:
    """For the desk, which only those who keep forums enter: one that still meets."""
    row = forum(slug)
    if row.ended_at:
        raise Http404
    return row


def member(forum: Forum, key: int) -> Member:
    row = forum.members.filter(pk=key, until__isnull=True).first() if key < 2**62 else None
    if row is None:
        raise Http404
    return row
