"""Plug meetings into the sockets below them: partners' records tell of follow-up that they finished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel import masking, parties
from guyub.kernel.access.api import NOBODY
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.rooms.meetings import wording  # noqa: F401
from guyub.rooms.meetings.models import FollowUp
from guyub.rooms.meetings.subjects import find_subject
from guyub.rooms.partners import api as partners

AT_MOST = 50


_done_by: Compiled[FollowUp] = Compiled(
    lambda owners: FollowUp.objects.filter(owner__any=owners, done_at__isnull=False).order_by("-done_at")[
        :AT_MOST
    ]
)


def _delivered(ids: Iterable[int]) -> Mapping[int, list[partners.Delivered]]:
    """What partners finished of what meetings agreed, where everyone reads it. One query, and one for each subject."""
    owners = {parties.party("partner", key): key for key in ids}
    tz, public = get_city().tz, dict[str, bool]()
    found: dict[int, list[partners.Delivered]] = {}
    for row in _done_by.rows(owners=list(owners)):
        if row.subject not in public:
            subject = find_subject(row.subject, NOBODY)
            public[row.subject] = subject is not None and subject.can_read
        if public[row.subject] and row.done_at:
            line = partners.Delivered(
                on=row.done_at.astimezone(tz).date(),
                words=_("Tindak lanjut selesai: %(what)s") % {"what": masking.mask(row.what)},
                address=reverse("meeting_follow_up", args=[row.uuid]),
            )
            found.setdefault(owners[row.owner], []).append(line)
    return found


partners.register_record(_delivered)
