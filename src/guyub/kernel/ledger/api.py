"""The door to the ledger."""

from guyub.kernel.ledger.pump import (
    drain,
    horizon_age_seconds,
    projection,
    pump_once,
    react,
    rebuild,
    redrive,
    subscribe,
)
from guyub.kernel.ledger.recording import RecordedFact, facts_about, first_of, record
from guyub.kernel.ledger.sealing import Verdict, find_seal, leaves_of, seal, seals, verify
from guyub.kernel.ledger.telling import Sentence, tell, tells

__all__ = [
    "RecordedFact",
    "Sentence",
    "Verdict",
    "drain",
    "facts_about",
    "find_seal",
    "first_of",
    "horizon_age_seconds",
    "leaves_of",
    "projection",
    "pump_once",
    "react",
    "rebuild",
    "record",
    "redrive",
    "seal",
    "seals",
    "subscribe",
    "tell",
    "tells",
    "verify",
]
