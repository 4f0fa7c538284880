"""Warnings as pages and other rooms need them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from guyub.kernel.cities.api import Remembered
from guyub.rooms.places import api as places
from guyub.rooms.warnings import reference, words
from guyub.rooms.warnings.models import Chain, Message, Score
from guyub.rooms.warnings.rules import PENDING, Kind, State, read_number


@dataclass(frozen=True, slots=True)
class Warning_:
    """A warning as others see it, by the message that counts: the one in force, else the one being worked on, else
    the last. `state` is that message's; `areas` are codes of kelurahan; `address` is its public page.

    `probability` is for officers only, unless an agreement with BMKG is recorded.
    """

    id: int
    message: int
    number: str
    source: str
    hazard: str
    level: str
    areas: tuple[str, ...]
    onset: datetime
    expires: datetime
    facts: Mapping[str, Any]
    probability: float | None
    mode: str
    kind: str
    state: str
    serial: int
    is_observed: bool
    issued_at: datetime | None
    has_pending: bool
    tell_public: bool

    @property
    def address(self) -> str:
        """Its public page in the reader's language: what is remembered knows no reader."""
        return reverse("warning_page", args=[self.number])

    def is_in_force(self, at: datetime) -> bool:
        return self.state == State.ISSUED and self.expires > at


def open_warnings(*, place: str | None = None) -> list[Warning_]:
    """Those in force and those being worked on (`state` says which), the highest level first. One query.

    With `place` those that touch it: the kelurahan itself, or any inside a kecamatan.
    """
    alive = [State.ISSUED.value, *(state.value for state in PENDING)]
    rows = Message.objects.filter(state__in=alive, chain__closed_at__isnull=True).select_related("chain")
    found = _by_chain(rows.order_by("chain_id", "serial"))
    if place is not None:
        found = [one for one in found if touches(one.areas, place)]
    return sorted(found, key=lambda one: (-_RANK[one.level], one.onset, one.id))


def open_then(*, at: datetime) -> list[Warning_]:
    """Those in force and those being worked on at a past moment, the highest level first. One query.

    What was issued never changes, and each message knows from when until when it held.
    """
    rows = Message.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), drafted_at__lte=at, expires__gt=at)
    found = list(rows.select_related("chain").order_by("chain_id", "serial"))
    for row in found:
        was_sent = row.issued_at is not None and row.issued_at <= at
        row.state = State.ISSUED.value if was_sent else State.DRAFT.value
    return sorted(_by_chain(found), key=lambda one: (-_RANK[one.level], one.onset, one.id))


_RANK = {"WASPADA": 1, "SIAGA": 2, "AWAS": 3}


def touches(areas: Iterable[str], place: str) -> bool:
    """Whether a place is among the areas, holds one of them, or lies in one."""
    return any(
        code == place or code.startswith(f"{place}.") or place.startswith(f"{code}.") for code in areas
    )


def _by_chain(rows: Iterable[Message]) -> list[Warning_]:
    groups: dict[int, list[Message]] = {}
    for row in rows:
        groups.setdefault(row.chain_id, []).append(row)
    return [shape(group[0].chain, group) for group in groups.values()]


def shape(chain: Chain, rows: list[Message]) -> Warning_:
    """A warning from its messages, which are given in their order."""
    pending = [row for row in rows if row.state in PENDING]
    counts = next((row for row in rows if row.state == State.ISSUED), None) or (pending or rows)[-1]
    return Warning_(
        id=chain.pk,
        message=counts.pk,
        number=chain.number,
        source=chain.source,
        hazard=chain.hazard,
        level=counts.level,
        areas=tuple(counts.areas),
        onset=counts.onset,
        expires=counts.expires,
        facts=counts.facts,
        probability=counts.probability,
        mode=chain.mode,
        kind=counts.kind,
        state=counts.state,
        serial=counts.serial,
        is_observed=counts.is_observed,
        issued_at=counts.issued_at,
        has_pending=bool(pending),
        tell_public=chain.tell_public,
    )


def get(*, id: int) -> Warning_:
    """A warning by its id, whatever became of it. Raises `Chain.DoesNotExist`."""
    chain = Chain.objects.get(pk=id)
    return shape(chain, messages(chain))


def messages(chain: Chain) -> list[Message]:
    """All messages of a warning in their order. One query."""
    rows = list(Message.objects.filter(chain=chain).order_by("serial"))
    for row in rows:
        row.chain = chain
    return rows


def find_chain(number: str) -> Chain | None:
    """The warning of a number as people say it; None if there is none."""
    read = read_number(number)
    return Chain.objects.filter(pk=read[1], year=read[0]).first() if read and read[1] < 2**63 else None


def unscored(*, since: datetime, until: datetime) -> list[Warning_]:
    """Real warnings that were in force, began between two moments and have no score yet. Two queries."""
    began = Message.objects.filter(
        Q(onset__gte=since, onset__lt=until), issued_at__isnull=False, chain__mode="ACTUAL"
    ).exclude(kind=Kind.CANCEL)
    chains = began.exclude(chain__scores__replaced_at__isnull=True, chain__scores__isnull=False)
    rows = Message.objects.filter(chain__in=chains.values("chain"), issued_at__isnull=False)
    return _by_chain(rows.select_related("chain").order_by("chain_id", "serial"))


def issued(*, hazard: str, start: datetime, until: datetime) -> list[Warning_]:
    """Real warnings of a hazard of which a message held at some moment between two. One query.

    Each with the areas of all these messages: a place that was warned once was warned.
    """
    rows = (
        Message.objects.filter(
            chain__hazard=hazard,
            chain__mode="ACTUAL",
            issued_at__lt=until,
            expires__gt=start,
            onset__lt=until,
        )
        .exclude(kind=Kind.CANCEL)
        .exclude(ended_at__lte=start)
    )
    groups: dict[int, list[Message]] = {}
    for row in rows.select_related("chain").order_by("chain_id", "serial"):
        groups.setdefault(row.chain_id, []).append(row)
    return [
        replace(
            shape(group[0].chain, group), areas=tuple(sorted({code for row in group for code in row.areas}))
        )
        for group in groups.values()
    ]


def area_names(areas: Iterable[str]) -> list[str]:
    """The labels of places, in the order of their names. No query."""
    known = places.gazetteer().by_code
    return sorted(known[code].label for code in areas if code in known)


def _read_in_force() -> list[Warning_]:
    rows = Message.objects.filter(state=State.ISSUED).exclude(kind=Kind.CANCEL).select_related("chain")
    return sorted(_by_chain(rows), key=lambda one: (-_RANK[one.level], one.onset, one.id))


# Read on every page of a place: kept for some seconds, so that no page costs a query more.
_in_force: Remembered[list[Warning_]] = Remembered(_read_in_force, seconds=10)


def in_force(*, at: datetime, place: str | None = None, with_exercises: bool = False) -> list[Warning_]:
    """What holds now, the highest level first, as everyone may know it; some seconds old at most.

    Exercises are left out unless the public was to be told of them, or they are asked for.
    """
    return [
        one
        for one in _in_force()
        if one.expires > at
        and (one.tell_public or with_exercises)
        and (place is None or touches(one.areas, place))
    ]


def issued_page(*, limit: int, before: datetime | None = None) -> list[Warning_]:
    """Warnings that were in force and are over, the newest first; exercises too. Two queries."""
    rows = Message.objects.filter(issued_at__isnull=False, serial=1, chain__closed_at__isnull=False)
    if before is not None:
        rows = rows.filter(issued_at__lt=before)
    chains = list(rows.order_by("-issued_at").values_list("chain_id", flat=True)[:limit])
    kept = Message.objects.filter(chain_id__in=chains, issued_at__isnull=False).exclude(kind=Kind.CANCEL)
    found = {one.id: one for one in _by_chain(kept.select_related("chain").order_by("chain_id", "serial"))}
    return [found[key] for key in chains if key in found]


def scores_of(chains: Iterable[int]) -> dict[int, Score]:
    """The scores that count, by warning. One query."""
    rows = Score.objects.filter(chain_id__in=list(chains), replaced_at__isnull=True)
    return {row.chain_id: row for row in rows if row.chain_id is not None}


def outcomes() -> list[tuple[str, str]]:
    """Hazard and outcome of everything that counts; exercises never do. One query."""
    rows = Score.objects.filter(replaced_at__isnull=True, is_exercise=False)
    return list(rows.values_list("hazard", "outcome"))


def counted(*, limit: int) -> list[Score]:
    """What those figures count, the newest first. One query."""
    rows = Score.objects.filter(replaced_at__isnull=True, is_exercise=False).select_related("chain")
    return list(rows.order_by("-happened_on", "-pk")[:limit])


@dataclass(frozen=True, slots=True)
class Told:
    """A message as followers hear it: `bodies` by language, `headline` by language too."""

    number: str
    headlines: Mapping[str, str]
    bodies: Mapping[str, str]
    areas: tuple[str, ...]
    hazard: str
    expires: datetime
    tell_public: bool


def told(*, message: int) -> Told:
    """What a sent message says to those who asked to hear of a place. Two queries."""
    row = Message.objects.select_related("chain").get(pk=message)
    texts = words.texts_of(row)
    hazard = reference.hazards(at=row.issued_at or row.drafted_at)[row.chain.hazard]
    ended = {"id": "dicabut", "en": "cancelled"} if row.kind == Kind.CANCEL else {"id": "", "en": ""}
    return Told(
        number=row.chain.number,
        headlines={
            code: f"{words.mark(row)}{row.level}: {hazard.label(code)} {ended[code]}".strip()
            for code in ("id", "en")
        },
        bodies={code: texts.get(("WEB", code)) or texts["WEB", "id"] for code in ("id", "en")},
        areas=tuple(row.areas),
        hazard=row.chain.hazard,
        expires=row.expires,
        tell_public=row.chain.tell_public,
    )
