"""How facts of places are said to people."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext as _

from guyub.events import places as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells


@tells(events.BoundariesImported)
def _imported(fact: RecordedFact) -> Sentence:
    event = cast(events.BoundariesImported, fact.event())
    return Sentence(fact.occurred_at, _("Batas %(n)d wilayah diperbarui") % {"n": event.changed})


@tells(events.PlaceSucceeded)
def _succeeded(fact: RecordedFact) -> Sentence:
    event = cast(events.PlaceSucceeded, fact.event())
    words = _("Wilayah %(old)s dilanjutkan oleh %(new)s") % {"old": event.old_code, "new": event.new_code}
    return Sentence(fact.occurred_at, words)


@tells(events.AliasAdded)
def _alias(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Nama lain wilayah ditambahkan"))


@tells(events.AssetsImported)
def _assets(fact: RecordedFact) -> Sentence:
    event = cast(events.AssetsImported, fact.event())
    return Sentence(fact.occurred_at, _("%(n)d aset diperbarui") % {"n": event.new + event.replaced})
