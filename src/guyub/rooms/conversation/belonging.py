"""What is kept of an account here: what it said, told to its owner; when the account is erased the words stay without them."""

from __future__ import annotations

from typing import Any

from guyub.rooms.conversation.models import Flag, Post, ThreadFollow
from guyub.rooms.people import api as people


def tell(account: int) -> list[dict[str, Any]]:
    rows = Post.objects.filter(by=account).select_related("thread").order_by("at", "pk")
    return [{"pada": people.stamp(row.at), "judul": row.thread.title, "kata": row.body} for row in rows]


def forget(account: int) -> None:
    ThreadFollow.objects.filter(account=account).delete()
    Flag.objects.filter(by=account).delete()
    Post.objects.filter(by=account).update(by=None, named=False)


people.register_own("pesan dalam percakapan", tell=tell, forget=forget)
