"""How facts of forums are said to people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guyub.events import Event
from guyub.events import forums as events
from guyub.kernel.ledger.api import tells_each

_SAID: dict[type[Event], tuple[Promise, str]] = {
    events.ForumFounded: (_("Forum dibentuk"), "info"),
    events.ForumChanged: (_("Keterangan forum diubah"), "info"),
    events.ForumEnded: (_("Forum berakhir"), "done"),
    events.MemberSeated: (_("Anggota forum ditambahkan"), "info"),
    events.MemberChanged: (_("Keanggotaan forum diubah"), "info"),
    events.MemberLeft: (_("Anggota keluar dari forum"), "info"),
}


tells_each(_SAID)
