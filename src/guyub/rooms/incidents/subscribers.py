"""What incidents do when a warning is sent or ends. May run again; a proposal is made once for each level."""

from __future__ import annotations

from guyub.events import warnings as heard
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.rooms.incidents import opening, reference
from guyub.rooms.incidents.rules import Mode
from guyub.rooms.warnings import api as warnings


@subscribe(heard.WarningIssued, heard.WarningUpdated, consumer="incidents.propose")
def propose(fact: RecordedFact) -> None:
    """A warning in force proposes an incident, and a higher level of it more steps. Nothing begins by itself."""
    found = warnings.get_warning(id=fact.payload["warning"])
    kind = reference.kind_of_hazard(found.hazard, at=fact.occurred_at)
    overtaken = found.message != fact.payload["message"] or not found.is_in_force(fact.occurred_at)
    if kind is None or overtaken:
        return
    opening.propose(
        warning=found.id,
        number=found.number,
        kind=kind,
        level=fact.payload["level"],
        mode=Mode.EXERCISE.value if found.mode == "EXERCISE" else Mode.ACTUAL.value,
        areas=found.areas,
        at=fact.occurred_at,
    )


@subscribe(heard.WarningCancelled, heard.WarningExpired, consumer="incidents.lapse")
def lapse(fact: RecordedFact) -> None:
    opening.lapse(warning=fact.payload["warning"], at=fact.occurred_at)
