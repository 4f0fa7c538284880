"""What the desk and the approver's page show alike: what a message says, and its texts with their measure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from guyub.rooms.warnings import reference, rules, showing, words
from guyub.rooms.warnings.models import Message, Note
from guyub.rooms.warnings.rules import Channel, Fault, Kind, Level, State
from guyub.rooms.warnings.wording import CHANNELS, FAULTS, KINDS, LANGUAGES, LEVELS, STATES


def content(row: Message) -> dict[str, Any]:
    """The head of a message."""
    level, tone = LEVELS[Level(row.level)]
    state, state_tone = STATES[State(row.state)]
    return {
        "chain": row.chain,
        "row": row,
        "is_simulated": rules.is_simulated(row.facts),
        "kind": KINDS[Kind(row.kind)],
        "level": level,
        "tone": tone,
        "state": state,
        "state_tone": state_tone,
        "hazard": showing.hazard_label(row.chain.hazard, at=row.drafted_at),
        "when": showing.when(row),
        "where": showing.where(row.areas, most=400),
        "facts": showing.evidence(row.facts),
        "probability": "" if row.probability is None else number_format(round(row.probability * 100)),
        "reason": Note.objects.filter(message=row, kind="CANCEL").values_list("words", flat=True).first()
        or "",
    }


def texts(row: Message, *, at: datetime) -> list[dict[str, Any]]:
    """All texts of a message by channel, with how long they are and what is wrong with them."""
    limits, bodies = reference.limits(at=at), words.texts_of(row)
    return [
        {
            "name": name_of(channel, language),
            "channel": CHANNELS[Channel(channel)],
            "language": LANGUAGES[language],
            "code": language,
            "body": body,
            "measure": _measure(channel, body, limits),
            "faults": [FAULTS[one] for one in words.faults(row.chain, row, channel, body, at=at)],
            "twice": channel == Channel.MOSQUE,
        }
        for (channel, language), body in bodies.items()
    ]


def name_of(channel: str, language: str) -> str:
    """Of a text's field in a form."""
    return f"{channel}-{language}"


def _measure(channel: str, body: str, limits: rules.Limits) -> str:
    if channel == Channel.SMS:
        room = rules.sms_room(body, limit=limits.sms)
        return (
            _("sisa %(n)d huruf dari satu SMS") % {"n": room}
            if room >= 0
            else _("lebih %(n)d huruf") % {"n": -room}
        )
    if channel in (Channel.RADIO, Channel.MOSQUE):
        seconds = rules.seconds_to_read(body, words_per_minute=limits.words_per_minute)
        return _("dibaca kira-kira %(n)d detik") % {"n": seconds}
    return _("%(n)d huruf") % {"n": len(body)}


def said(faults: list[str]) -> list[str]:
    return [str(FAULTS[Fault(one)]) for one in faults]
