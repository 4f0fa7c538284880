"""The groups into which the states fall for readers, and the words for them: the same in lists and in figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from guyub.rooms.casework.api import State, wording
from guyub.rooms.reports.queries import OPEN_STATES

OVERDUE = "lewat-tenggat"
OPEN = "terbuka"
# Each state in one group, and the ways to end stay apart.
GROUPS: dict[str, tuple[State, ...]] = {
    "menunggu-verifikasi": (State.RECEIVED,),
    "ditangani": (State.FORWARDED, State.IN_PROGRESS, State.WAITING_REPORTER),
    "dijadwalkan": (State.SCHEDULED,),
    "instansi-luar": (State.EXTERNAL,),
    "menunggu-konfirmasi": (State.WORK_DONE,),
    "digabung": (State.MERGED,),
    "keberatan-ditolak": (State.APPEAL_REFUSED,),
    "dikonfirmasi": (State.CONFIRMED,),
    "tanpa-tanggapan": (State.NO_RESPONSE,),
    "tidak-dijawab": (State.UNANSWERED,),
    "tidak-diproses": (State.REJECTED,),
}
STATUS: dict[str, tuple[State, ...]] = {OPEN: OPEN_STATES, OVERDUE: (), **GROUPS}
LABELS = {
    OPEN: gettext_lazy("Belum selesai"),
    OVERDUE: gettext_lazy("Lewat tenggat"),
    "ditangani": gettext_lazy("Sedang ditangani"),
    **{key: wording.STATE_LABELS[states[0]] for key, states in GROUPS.items() if len(states) == 1},
}
