"""How screens and what happens to them are said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import command as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells
from guyub.kernel.wall import Audience
from guyub.rooms.command.rules import Look

AUDIENCES = {
    Audience.OFFICERS: gettext_lazy("Petugas"),
    Audience.SCREEN: gettext_lazy("Ruang kendali"),
    Audience.VISITORS: gettext_lazy("Tamu"),
}
LOOKS = {
    Look.AUTO: gettext_lazy("Menurut jam"),
    Look.DAY: gettext_lazy("Siang"),
    Look.NIGHT: gettext_lazy("Malam"),
}


@tells(events.ScreenRegistered)
def _registered(fact: RecordedFact) -> Sentence:
    said = {"audience": AUDIENCES[Audience(fact.payload["audience"])]}
    return Sentence(fact.occurred_at, _("Layar dinding didaftarkan: %(audience)s") % said, public=False)


@tells(events.ScreenEnded)
def _ended(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Tautan layar dinding diakhiri"), public=False)
