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
from guyub.kernel.ledger.recording import RecordedFact, because, facts_about, facts_by, record
from guyub.kernel.ledger.sealing import Verdict, find_seal, leaves_of, seal, seals, seals_over, verify
from guyub.kernel.ledger.telling import Sentence, tell, tells

__all__ = [
    "RecordedFact",
    "Sentence",
    "Verdict",
    "because",
    "drain",
    "facts_about",
    "facts_by",
    "find_seal",
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
    "seals_over",
    "subscribe",
    "tell",
    "tells",
    "verify",
]
