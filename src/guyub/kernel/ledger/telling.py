"""Each room registers the sentence that tells its own events to people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from guyub.events import Event
from guyub.kernel.ledger.recording import RecordedFact


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of a timeline. `message` points to words kept by the conversation room, if any."""

    at: datetime
    text: str
    tone: str = "info"
    public: bool = True
    message: int | None = None
    evidence: int | None = None


Teller = Callable[[RecordedFact], Sentence | None]
_tellers: dict[str, Teller] = {}


def tells(kind: type[Event]) -> Callable[[Teller], Teller]:
    """Say how an event is told. One teller an event."""

    def register(teller: Teller) -> Teller:
        if kind.name in _tellers:
            raise ValueError(f"{kind.name} has a teller already.")
        _tellers[kind.name] = teller
        return teller

    return register


def tells_each(
    told: Mapping[type[Event], tuple[object, str] | tuple[object, str, bool]], *, public: bool = True
) -> None:
    """Events that are told by the same words each time: lazy words, tone, and whether everyone reads it where that differs."""
    for kind, (words, tone, *own) in told.items():
        tells(kind)(_plainly(words, tone, own[0] if own else public))


def _plainly(words: object, tone: str, public: bool) -> Teller:
    return lambda fact: Sentence(at=fact.occurred_at, text=str(words), tone=tone, public=public)


def tell(fact: RecordedFact) -> Sentence | None:
    """The sentence for a fact in the current language, or None for what is not told."""
    teller = _tellers.get(fact.name)
    return teller(fact) if teller else None
