"""Background entries of reports."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.reports import actions, chat_inbox, following, imap_in


@tasks.task("reports.sweep")
def sweep() -> None:
    """Remove drafts that were kept long enough, and addresses that nobody confirmed."""
    now = timezone.now()
    while actions.drop_expired_drafts(at=now):
        pass
    following.drop_unconfirmed(at=now)
    while chat_inbox.sweep(at=now):
        pass
    imap_in.ask_if_open()
