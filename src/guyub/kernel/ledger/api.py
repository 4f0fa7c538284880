"""The door to the ledger."""

from guyub.kernel.ledger.pump import (
    Holder,
    drain,
    horizon_age_seconds,
    horizon_holder,
    projection,
    pump_lag_seconds,
    pump_once,
    react,
    rebuild,
    redrive,
    stopped_consumers,
    subscribe,
)
from guyub.kernel.ledger.recording import RecordedFact, because, facts_about, first_of, record
from guyub.kernel.ledger.sealing import (
    Verdict,
    find_seal,
    has_unsealed,
    leaves_of,
    seal,
    seals,
    stands,
    verify,
)
from guyub.kernel.ledger.telling import Sentence, tell, tells

__all__ = [
    "Holder",
    "RecordedFact",
    "Sentence",
    "Verdict",
    "because",
    "drain",
    "facts_about",
    "find_seal",
    "first_of",
    "has_unsealed",
    "horizon_age_seconds",
    "horizon_holder",
    "leaves_of",
    "projection",
    "pump_lag_seconds",
    "pump_once",
    "react",
    "rebuild",
    "record",
    "redrive",
    "seal",
    "seals",
    "stands",
    "stopped_consumers",
    "subscribe",
    "tell",
    "tells",
    "verify",
]
