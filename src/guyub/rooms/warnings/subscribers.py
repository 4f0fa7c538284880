"""What warnings do when one of them was sent. May run again; everybody is told once."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import warnings as events
from guyub.kernel.access.api import ROLES, roles
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.kernel.notices import api as notices
from guyub.rooms.people import api as people
from guyub.rooms.warnings import reference, words
from guyub.rooms.warnings.acting import holders
from guyub.rooms.warnings.models import Message

ALERTED = frozenset(role.code for role in ROLES.values() if roles.ALERTED in role.powers)


@subscribe(
    events.WarningIssued, events.WarningUpdated, events.WarningCancelled, consumer="warnings.tell_officers"
)
def tell_officers(fact: RecordedFact) -> None:
    """Whoever is on duty in the kelurahan gets the words to pass on: for WhatsApp, the radio, the mosque.

    What is past its time when this comes through is told to nobody: it would send people running for nothing.
    """
    row = Message.objects.select_related("chain").get(pk=fact.payload["message"])
    now = timezone.now()
    if row.expires <= now:
        return
    texts = words.texts_of(row)
    with override("id"):
        hazard = reference.hazards(at=now)[row.chain.hazard].label("id")
        subject = _("%(exercise)s%(level)s: %(hazard)s, teks untuk disiarkan") % {
            "exercise": words.mark(row),
            "level": row.level if fact.name != events.WarningCancelled.name else _("DICABUT"),
            "hazard": hazard,
        }
        headings = {
            "MOSQUE": _("Untuk pengeras suara masjid, bacakan dua kali:"),
            "WHATSAPP": _("Untuk WhatsApp:"),
            "RADIO": _("Untuk radio (HT):"),
        }
        body = "\n\n".join(
            f"{heading}\n{texts[channel, language]}"
            for channel, heading in headings.items()
            for language in ("id", "jv")
            if (channel, language) in texts
        )
    for account in _on_duty(row, now):
        notices.notify(
            key=f"warned:{fact.id}:{account}",
            recipient=f"account:{account}",
            subject=subject,
            body=body,
            link=f"/peringatan/{row.chain.number}/",
            at=now,
        )


def _on_duty(row: Message, now: datetime) -> list[int]:
    """Who passes it on in the kelurahan and desa, and everybody who drafts or approves."""
    told = {*holders(roles.WARN, at=now), *holders(roles.APPROVE_WARNING, at=now)}
    offices = people.directory()
    for code in row.areas:
        if office := offices.of_settlement(code):
            told.update(people.accounts_with(roles=ALERTED, organisation=office.id, on=reference.today(now)))
    return sorted(told)
