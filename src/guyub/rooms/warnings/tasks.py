"""Background entries of warnings."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.warnings import issuing
from guyub.rooms.warnings.bmkg import fetching


@tasks.task("warnings.sweep")
def sweep() -> None:
    """The next approver is asked, what is past its time ends, late reviews are noted."""
    now = timezone.now()
    issuing.expire_due(at=now)
    issuing.ask_due(at=now)
    issuing.mark_late_reviews(at=now)


@tasks.task("warnings.bmkg", slow=True)
def ask_bmkg() -> None:
    """A minute's share of what is due at BMKG, apart from the sweep: it waits for others' servers."""
    fetching.sweep(at=timezone.now())
