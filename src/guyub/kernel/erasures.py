"""What was erased or hidden on somebody's request stays so, also after an older backup has come back.

    @repeats(PersonErased)
    def _again(payload, *, noted_at, at) -> bool:
        "Do it once more to what was there at `noted_at`; whether there was anything to do."

Rooms say how each of their facts is done again. The facts are in the ledger, which comes back as old as the backup; so
each is also written to a list beside the photos, to be kept where the backups are. It holds ids and moments alone.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from guyub.events import Event
from guyub.kernel import retention
from guyub.kernel.cities.api import City, get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.api import RecordedFact

__all__ = ["Noted", "export", "list_of", "read", "repeat", "repeats"]

Again = Callable[..., bool]


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the list."""

    at: datetime
    name: str
    payload: dict[str, Any]

    def written(self) -> str:
        return json.dumps({"at": self.at.isoformat(), "name": self.name, "payload": self.payload}) + "\n"


_again: dict[str, tuple[type[Event], Again]] = {}


def repeats(kind: type[Event]) -> Callable[[Again], Again]:
    """Register how a fact is done again; from now on each such fact is noted."""

    def register(again: Again) -> Again:
        _again[kind.name] = (kind, again)
        ledger.subscribe(kind, consumer=f"erasures.{kind.name}")(_note)
        return again

    return register


def list_of(city: City) -> Path:
    """The city's list, beside its photos."""
    return Path(settings.GUYUB_DATA) / "erasures" / f"{city.schema}.jsonl"


def _note(fact: RecordedFact) -> None:
    """Noted twice does no harm: what is done again is done once."""
    file = list_of(get_city())
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with file.open("a", encoding="utf-8") as target:
        target.write(_noted(fact).written())
        target.flush()
        os.fsync(target.fileno())


def _noted(fact: RecordedFact) -> Noted:
    return Noted(fact.occurred_at, fact.name, fact.payload)


def export() -> Iterable[str]:
    """The list of the current city anew, from its ledger: for a list that was lost, or begun late."""
    kinds = [kind for kind, _again_ in _again.values()]
    return (_noted(fact).written() for fact in ledger.facts_named(*kinds))


def read(file: Path) -> list[Noted]:
    """The lines of a list, the oldest first. A last line that was cut short is left out. Raises OSError."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(line)
            found.append(Noted(datetime.fromisoformat(said["at"]), said["name"], said["payload"]))
        except (ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda one: one.at)


def repeat(lines: Iterable[Noted], *, at: datetime) -> dict[str, int]:
    """Do again in the current city what the list says, and what is over its time; how many of each had an effect.

    Only to what was there when it was noted: ids are given anew after a restore, and nobody else's may be meant.
    """
    done: Counter[str] = Counter()
    for line in lines:
        if line.name in _again:
            with transaction.atomic():
                done[line.name] += _again[line.name][1](line.payload, noted_at=line.at, at=at)
    return {**{name: n for name, n in done.items() if n}, **retention.sweep(at=at)}
