"""How facts of conversations are said to people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guyub.events import Event
from guyub.events import conversation as events
from guyub.kernel.ledger.api import tells_each

_SAID: dict[type[Event], tuple[Promise, str]] = {
    events.ThreadOpened: (_("Percakapan dibuka"), "info"),
    events.Posted: (_("Pesan ditulis"), "info"),
    events.PostEdited: (_("Pesan diperbaiki penulisnya"), "info"),
    events.PostWithdrawn: (_("Pesan ditarik penulisnya"), "rejected"),
    events.PostHidden: (_("Pesan disembunyikan dengan alasan"), "rejected"),
    events.PostShownAgain: (_("Pesan ditampilkan kembali"), "info"),
    events.PostFlagged: (_("Pesan diadukan"), "waiting"),
    events.FlagsSettled: (_("Aduan tentang pesan diperiksa"), "done"),
    events.DecisionMarked: (_("Pesan ditandai sebagai keputusan"), "done"),
    events.DecisionUnmarked: (_("Tanda keputusan dicabut"), "info"),
    events.TaskMade: (_("Keputusan dijadikan tindak lanjut"), "progress"),
}


tells_each(_SAID)
