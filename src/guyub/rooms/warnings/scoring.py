"""What came of a warning, kept with its evidence; an event that nobody warned of is kept as a miss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import warnings as events
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.warnings import reference
from guyub.rooms.warnings.acting import Refused, must, place_of, roles
from guyub.rooms.warnings.models import Chain, Message, Score
from guyub.rooms.warnings.rules import Mode, Outcome


@transaction.atomic
def score(
    *,
    outcome: str,
    evidence: Mapping[str, Any],
    at: datetime,
    warning: int | None = None,
    event: str = "",
    hazard: str = "",
    level: str = "",
    areas: Iterable[str] = (),
    happened_at: datetime | None = None,
    words: str = "",
    by: Person | None = None,
) -> Score:
    """Keep what came of a warning; or, without one, a MISS by the subject of the `event` that nobody warned of.

    The same again changes nothing; another verdict takes the place of the earlier one, which stays on record.
    Raises `Refused`, `NotAllowed`.
    """
    outcome = Outcome(outcome).value
    if (warning is None) != (outcome == Outcome.MISS):
        raise Refused(_("Luput berarti tidak ada peringatan; yang lain dinilai pada peringatannya."))
    chain = Chain.objects.select_for_update().get(pk=warning) if warning is not None else None
    row = _of_warning(chain, at=at) if chain else _of_event(event, hazard, level, areas, happened_at)
    if by is not None:
        row.by = must(by, roles.WARN, row.areas)
    row.outcome, row.evidence, row.words, row.at = outcome, dict(evidence), words.strip(), at
    before = Score.objects.select_for_update().filter(event=row.event, replaced_at__isnull=True).first()
    if before is not None:
        if (before.outcome, before.evidence, before.words) == (row.outcome, row.evidence, row.words):
            return before
        before.replaced_at = at
        before.save(update_fields=["replaced_at"])
    row.save()
    _record(row, chain, at=at)
    return row


def _of_warning(chain: Chain, *, at: datetime) -> Score:
    """Scored is the highest level that was in force. Raises `Refused` before its time is over, or if none was."""
    rows = [
        one for one in Message.objects.filter(chain=chain, issued_at__isnull=False).exclude(kind="CANCEL")
    ]
    if not rows:
        raise Refused(_("Peringatan ini tidak pernah berlaku."))
    if min(one.onset for one in rows) > at:
        raise Refused(_("Peringatan dinilai sesudah waktunya mulai."))
    top = max(rows, key=lambda one: ("WASPADA", "SIAGA", "AWAS").index(one.level))
    return Score(
        chain=chain,
        event=chain.subject,
        hazard=chain.hazard,
        level=top.level,
        areas=top.areas,
        happened_on=reference.today(top.onset),
        is_exercise=chain.mode == Mode.EXERCISE,
    )


def _of_event(
    event: str, hazard: str, level: str, areas: Iterable[str], happened_at: datetime | None
) -> Score:
    places = sorted(set(areas))
    if not (event and hazard and level and places and happened_at):
        raise Refused(_("Kejadian yang luput perlu sumber, jenis, tingkat, tempat, dan waktunya."))
    return Score(
        chain=None,
        event=event,
        hazard=hazard,
        level=level,
        areas=places,
        happened_on=reference.today(happened_at),
    )


def _record(row: Score, chain: Chain | None, *, at: datetime) -> None:
    ledger.record(
        events.WarningScored(
            warning=chain.pk if chain else None,
            score=row.pk,
            hazard=row.hazard,
            level=row.level,
            outcome=row.outcome,
            mode=chain.mode if chain else Mode.ACTUAL.value,
        ),
        subject=chain.subject if chain else f"warnings.score:{row.pk}",
        at=at,
        by=row.by,
        place=place_of(row.areas) if row.areas else get_city().code,
    )
