"""The live feed: what the ledger tells, in public sentences, as it happens.

Visitors' screens listen to a channel in which a line holds a sentence that everyone may read, the kelurahan and the
number of the fact, and nothing else. Those inside listen to another, which also tells what a room says inside. What is
*rahasia* or about conduct is in neither.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.utils.timezone import localtime
from django.utils.translation import get_language, override

from guyub.kernel import wall
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.api import RecordedFact
from guyub.kernel.live import api as live
from guyub.kernel.wall import Asked, Audience
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.places import api as places
from guyub.rooms.reports import api as reports
from guyub.ui.rows import Printed

CHANNEL, INSIDE, KIND = "dinding", "dinding-dalam", "fakta"
MOST_LINES = 12  # of one batch of the pump; the rest is counted
LOOKED_AT = 40

log = logging.getLogger("guyub.wall")


def channel_of(audience: Audience) -> str:
    return CHANNEL if audience is Audience.VISITORS else INSIDE


def show(facts: Sequence[RecordedFact]) -> None:
    """Tell all screens of a batch, in the pump's own transaction: two queries and two rows, however many facts."""
    found = _lines(facts[-LOOKED_AT:])
    for channel, inside in ((CHANNEL, False), (INSIDE, True)):
        lines = [line for line, is_public in found if inside or is_public][-MOST_LINES:]
        payload = {"lines": lines, "more": len(facts) - len(lines)}
        live.publish(channel, KIND, payload, at=facts[-1].occurred_at)


def _lines(facts: Sequence[RecordedFact]) -> list[tuple[dict[str, Any], bool]]:
    """What of some facts the feed tells, oldest first, in both languages; and whether visitors read it."""
    hidden = _hidden({fact.subject for fact in facts})
    return [line for fact in facts if fact.subject not in hidden and (line := _line(fact))]


def _hidden(subjects: Iterable[str]) -> set[str]:
    """The subjects that no screen names. Two queries."""
    asked = list(subjects)
    restricted = Case.objects.filter(subject__in=asked, is_restricted=True)
    return reports.kept_back(asked) | set(restricted.values_list("subject", flat=True))


def _line(fact: RecordedFact) -> tuple[dict[str, Any], bool] | None:
    """A sentence that cannot be made is left out: the pump must not stop for a screen."""
    try:
        said, tone, is_public = {}, "info", False
        for language in ("id", "en"):
            with override(language):
                sentence = ledger.tell(fact)
                about = wall.about(fact)
            if sentence is None or not (sentence.public or wall.is_told_inside(fact)):
                return None
            tone, is_public = sentence.tone, sentence.public
            said[language] = f"{about}: {sentence.text}" if about else sentence.text
    except DatabaseError:
        raise
    except Exception:
        log.exception("a fact was not told on the wall: %s", fact.name)
        return None
    place = places.gazetteer().by_code.get(fact.place)
    where = place.label if place and place.parent_code else ""
    return {"f": fact.id, "at": fact.occurred_at.isoformat(), **said, "w": where, "t": tone}, is_public


@dataclass(frozen=True, slots=True)
class Told(Printed):
    """A line of the feed, ready to print. `number` and `url` are for those inside."""

    when: str
    text: str
    note: str
    tone: str
    url: str


def newest(asked: Asked, *, limit: int) -> list[Told]:
    """What was told last, newest first. One query, and three more for those inside."""
    batches = live.recent(channel_of(asked.audience), kind=KIND, limit=limit)
    lines = [line for batch in batches for line in reversed(batch["lines"])][:limit]
    return _printed(sorted(lines, key=lambda line: datetime.fromisoformat(line["at"]), reverse=True), asked)


def then(asked: Asked, *, limit: int) -> list[Told]:
    """What had been told by a past moment, within the hour before it, newest first."""
    since = asked.at - timedelta(hours=1)
    facts = ledger.facts_between(*wall.told(), since=since, until=asked.at, newest=LOOKED_AT)
    lines = [line for line, is_public in _lines(facts) if is_public or not asked.for_visitors]
    return _printed(lines[::-1][:limit], asked)


def _printed(lines: Sequence[dict[str, Any]], asked: Asked) -> list[Told]:
    language = "en" if get_language() == "en" else "id"
    numbers, public = ({}, set()) if asked.for_visitors else _numbers(lines)
    tz, told = get_city().tz, []
    today = localtime(asked.at, tz).date()
    for line in lines:
        when = localtime(datetime.fromisoformat(line["at"]), tz)
        number = numbers.get(line["f"], "")
        is_linked = asked.audience is Audience.OFFICERS and number in public
        told.append(
            Told(
                f"{when:%H.%M}" if when.date() == today else f"{when:%d-%m %H.%M}",
                line[language],
                " · ".join(filter(None, (line["w"], number))),
                line["t"],
                casework.public_url(number) if is_linked else "",
            )
        )
    return told


def _numbers(lines: Sequence[dict[str, Any]]) -> tuple[dict[int, str], set[str]]:
    """The numbers of the cases that facts are about, and which of them everyone may read. Three queries."""
    facts = ledger.facts_by_id(line["f"] for line in lines)
    subjects = {fact.subject for fact in facts}
    of = dict(Case.objects.filter(subject__in=subjects).values_list("subject", "number"))
    public = casework.published(of)
    found = {fact.id: of[fact.subject] for fact in facts if fact.subject in of}
    return found, {of[subject] for subject in public}
