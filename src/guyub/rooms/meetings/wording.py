"""How facts of meetings are said to people."""

from __future__ import annotations

from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import Event
from guyub.events import meetings as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells, tells_each

_PLAIN: dict[type[Event], tuple[Promise, str]] = {
    events.MeetingPlanned: (gettext_lazy("Rapat direncanakan"), "info"),
    events.MeetingChanged: (gettext_lazy("Rencana rapat diubah"), "info"),
    events.MeetingCancelled: (gettext_lazy("Rapat dibatalkan"), "rejected"),
    events.MinutesRecorded: (gettext_lazy("Notulen ditulis"), "progress"),
    events.MinutesApproved: (gettext_lazy("Notulen disahkan"), "done"),
    events.MinutesCorrected: (gettext_lazy("Notulen yang sudah disahkan diperbaiki"), "info"),
    events.FollowUpAgreed: (gettext_lazy("Tindak lanjut disepakati"), "waiting"),
    events.FollowUpCarried: (gettext_lazy("Tindak lanjut dibahas lagi, belum selesai"), "overdue"),
    events.FollowUpMoved: (gettext_lazy("Tenggat tindak lanjut diubah"), "scheduled"),
    events.FollowUpDone: (gettext_lazy("Tindak lanjut selesai"), "confirmed"),
    events.FollowUpReopened: (gettext_lazy("Tindak lanjut dibuka kembali"), "waiting"),
}


tells_each(_PLAIN)


@tells(events.MeetingHeld)
def _held(fact: RecordedFact) -> Sentence:
    event = cast(events.MeetingHeld, fact.event())
    words = _("Rapat berlangsung, hadir %(came)d dari %(entitled)d anggota")
    return Sentence(fact.occurred_at, words % {"came": event.came, "entitled": event.entitled}, "done")


@tells(events.DecisionTaken)
def _decided(fact: RecordedFact) -> Sentence:
    event = cast(events.DecisionTaken, fact.event())
    words = _("Keputusan %(n)d diperbaiki") if event.edition > 1 else _("Keputusan %(n)d diambil")
    return Sentence(fact.occurred_at, words % {"n": event.decision}, "done")
