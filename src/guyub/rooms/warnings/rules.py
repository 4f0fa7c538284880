"""What a warning may become, who may send it, and what its words must hold: plain Python, no Django, no clock.

How many minutes, hours and letters is said by dated rules of the rulebook (`warnings.*`); here stands what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """The ladder of every hazard, lowest first."""

    NORMAL = "NORMAL"
    WASPADA = "WASPADA"
    SIAGA = "SIAGA"
    AWAS = "AWAS"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


WARNED = (Level.WASPADA, Level.SIAGA, Level.AWAS)


class Mode(StrEnum):
    ACTUAL = "ACTUAL"
    EXERCISE = "EXERCISE"


class Kind(StrEnum):
    """What a message is within its warning, as CAP names it."""

    ALERT = "ALERT"
    UPDATE = "UPDATE"
    CANCEL = "CANCEL"


class State(StrEnum):
    DRAFT = "DRAFT"
    WAITING = "WAITING"
    ISSUED = "ISSUED"
    SUPERSEDED = "SUPERSEDED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"


PENDING = (State.DRAFT, State.WAITING)
OVER = (State.SUPERSEDED, State.CANCELLED, State.EXPIRED, State.REJECTED)


class Move(StrEnum):
    CHANGE = "CHANGE"
    ASK = "ASK"
    SEND_BACK = "SEND_BACK"
    ISSUE = "ISSUE"
    ISSUE_ALONE = "ISSUE_ALONE"
    REJECT = "REJECT"
    WITHDRAW = "WITHDRAW"
    SUPERSEDE = "SUPERSEDE"
    CANCEL = "CANCEL"
    EXPIRE = "EXPIRE"


_MOVES: dict[Move, tuple[tuple[State, ...], State]] = {
    Move.CHANGE: ((State.DRAFT,), State.DRAFT),
    Move.ASK: ((State.DRAFT,), State.WAITING),
    Move.SEND_BACK: ((State.WAITING,), State.DRAFT),
    Move.ISSUE: ((State.WAITING,), State.ISSUED),
    Move.ISSUE_ALONE: (PENDING, State.ISSUED),
    Move.REJECT: (PENDING, State.REJECTED),
    Move.WITHDRAW: (PENDING, State.REJECTED),
    Move.SUPERSEDE: ((State.ISSUED,), State.SUPERSEDED),
    Move.CANCEL: ((State.ISSUED,), State.CANCELLED),
    Move.EXPIRE: ((State.ISSUED, *PENDING), State.EXPIRED),
}


def moves_from(state: str) -> frozenset[Move]:
    return frozenset(move for move, (before, _) in _MOVES.items() if state in before)


def after(move: Move, state: str) -> State:
    """The state that a move leads to. Raises ValueError where it is not possible."""
    before, then = _MOVES[move]
    if state not in before:
        raise ValueError(f"{move} is not possible in state {state}.")
    return then


def may_approve(*, approver: int, author: int | None, others: Iterable[int] = ()) -> bool:
    """The second person is never the first: not who drafted, not who last changed the words, not who asked."""
    return approver != author and approver not in set(others)


def may_issue_alone(*, level: str, is_observed: bool, kind: str) -> bool:
    """Only what is seen to happen at the highest level goes out on one person's word; an all-clear never does."""
    return level == Level.AWAS and is_observed and kind != Kind.CANCEL


# ── Numbers ────────────────────────────────────────────────────────────────────────────────────────────────

PREFIX = "PRG"
_NUMBER = re.compile(rf"{PREFIX}-(?P<year>[0-9]{{4}})-(?P<id>[0-9]{{6,12}})", re.ASCII)


def number_of(year: int, key: int) -> str:
    return f"{PREFIX}-{year}-{key:06d}"


def read_number(text: str) -> tuple[int, int] | None:
    """Year and key of a number as people write it; None for what is none."""
    found = _NUMBER.fullmatch(text.strip().upper())
    return (int(found["year"]), int(found["id"])) if found else None


# ── Words ──────────────────────────────────────────────────────────────────────────────────────────────────


class Channel(StrEnum):
    WHATSAPP = "WHATSAPP"
    RADIO = "RADIO"
    MOSQUE = "MOSQUE"
    SMS = "SMS"
    WEB = "WEB"


EXERCISE_WORD = "LATIHAN"
SIMULATED_WORD = "SIMULASI"
CITED = "BMKG"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PERCENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?\s*(?:%|persen|pérsen)", re.IGNORECASE)
_SPOKEN = re.compile(r"[^\W\d_]+|\d+", re.UNICODE)
# The letters of GSM 03.38; any other makes a message of 70 letters at most, those of the second set count twice.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")


class UnknownPlaceholder(KeyError):
    """A template asks for what no warning has."""


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with its placeholders filled; spaces left by empty ones are closed. Raises `UnknownPlaceholder`."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise UnknownPlaceholder(found[1])
        return values[found[1]]

    filled = _PLACEHOLDER.sub(value, template)
    lines = (
        re.sub(r" +([.,;:!?])", r"\1", re.sub(r" {2,}", " ", line)).strip() for line in filled.split("\n")
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def placeholders(template: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(template))


def seconds_to_read(text: str, *, words_per_minute: int) -> int:
    """How long a calm voice needs, rounded up. A figure is as long as the word for each of its digits."""
    words = sum(len(one) if one.isdigit() else 1 for one in _SPOKEN.findall(text))
    return -(-words * 60 // words_per_minute)


def sms_room(text: str, *, limit: int) -> int:
    """How many letters are left in one short message; negative if it is too long."""
    if any(letter not in _GSM and letter not in _GSM_TWICE for letter in text):
        return limit * 70 // 160 - len(text.encode("utf-16-le")) // 2
    return limit - sum(2 if letter in _GSM_TWICE else 1 for letter in text)


@dataclass(frozen=True, slots=True)
class Limits:
    """What words may be at most: letters of a short message, seconds on the radio, pace of a calm voice."""

    sms: int
    radio_seconds: int
    words_per_minute: int


class Fault(StrEnum):
    EMPTY = "EMPTY"
    NO_EXERCISE = "NO_EXERCISE"
    EXERCISE_IN_EARNEST = "EXERCISE_IN_EARNEST"
    NO_SIMULATION = "NO_SIMULATION"
    NO_CITATION = "NO_CITATION"
    PROBABILITY = "PROBABILITY"
    SMS_TOO_LONG = "SMS_TOO_LONG"
    RADIO_TOO_LONG = "RADIO_TOO_LONG"


def faults_of(
    text: str,
    *,
    channel: str,
    is_exercise: bool,
    is_simulated: bool,
    must_cite: bool,
    may_tell_probability: bool,
    limits: Limits,
) -> list[Fault]:
    """Why a text may not go out as it stands, in the order in which somebody would mend it."""
    if not text.strip():
        return [Fault.EMPTY]
    found = []
    if is_exercise and EXERCISE_WORD not in text:
        found.append(Fault.NO_EXERCISE)
    if not is_exercise and re.search(rf"\b{EXERCISE_WORD}\b", text):
        found.append(Fault.EXERCISE_IN_EARNEST)
    if is_simulated and SIMULATED_WORD not in text:
        found.append(Fault.NO_SIMULATION)
    if must_cite and CITED not in text:
        found.append(Fault.NO_CITATION)
    if not may_tell_probability and _PERCENT.search(text):
        found.append(Fault.PROBABILITY)
    if channel == Channel.SMS and sms_room(text, limit=limits.sms) < 0:
        found.append(Fault.SMS_TOO_LONG)
    if channel == Channel.RADIO:
        seconds = seconds_to_read(text, words_per_minute=limits.words_per_minute)
        if seconds > limits.radio_seconds:
            found.append(Fault.RADIO_TOO_LONG)
    return found


def cites(facts: Mapping[str, object]) -> bool:
    """Whether what a warning rests on came from BMKG."""
    return CITED in str(facts.get("sources", "")).upper().replace(",", " ").split()


def is_simulated(facts: Mapping[str, object]) -> bool:
    """Whether it rests on values that nobody measured. People must see that wherever they meet it."""
    return bool(facts.get("simulated"))


_AND = {"id": "dan", "jv": "lan", "en": "and"}
_IN = {"id": "di", "jv": "ing", "en": "in"}


def shortened(groups: Sequence[tuple[str, Sequence[str]]], *, city: str, language: str) -> list[str]:
    """Ways to say an area, the fullest first: every kelurahan, how many in which kecamatan, how many in the city."""
    both, within = _AND[language], _IN[language]
    names = [name for _, inside in groups for name in inside]
    ways = [_listed(names, both)]
    if len(names) > len(groups):
        found = [f"{len(inside)} kelurahan {within} Kec. {district}" for district, inside in groups]
        ways.append(_listed(found, both))
    ways.append(f"{len(names)} kelurahan {within} {city}")
    ways.append(city)
    return ways


def _listed(names: Sequence[str], both: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {both} {names[-1]}" if names else ""


# ── Changes worth telling ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Said:
    """What a warning says, as far as it makes a difference to whoever hears it."""

    level: str
    areas: frozenset[str]
    onset: datetime
    expires: datetime


def is_news(before: Said, now: Said, *, minutes: int) -> bool:
    """Whether people must hear again: another level or area, or another time by more than so many minutes."""
    if before.level != now.level or before.areas != now.areas:
        return True
    moved = max(abs(before.onset - now.onset), abs(before.expires - now.expires))
    return moved.total_seconds() > minutes * 60


# ── Afterwards ─────────────────────────────────────────────────────────────────────────────────────────────


class Outcome(StrEnum):
    """What became of a warning, or of an event that nobody warned of (a miss)."""

    HIT = "HIT"
    NEAR = "NEAR"
    FALSE_ALARM = "FALSE_ALARM"
    MISS = "MISS"


@dataclass(frozen=True, slots=True)
class Skill:
    """How often warnings were right. Near ones (a level lower, or a little late) are counted apart and in neither rate.

    A rate is None where too few cases stand behind it.
    """

    hits: int
    near: int
    false_alarms: int
    misses: int
    pod: float | None
    far: float | None


def skill(outcomes: Iterable[str], *, least: int) -> Skill:
    """POD = hits of all events that came; FAR = false alarms of all warnings given."""
    counted = list(outcomes)
    hits, near, false, missed = (
        counted.count(one) for one in (Outcome.HIT, Outcome.NEAR, Outcome.FALSE_ALARM, Outcome.MISS)
    )
    came, given = hits + missed, hits + false
    return Skill(
        hits,
        near,
        false,
        missed,
        hits / came if came >= max(least, 1) else None,
        false / given if given >= max(least, 1) else None,
    )
