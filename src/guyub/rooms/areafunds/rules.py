"""What may be planned and spent of a place's money: plain Python that reads like the regulation.

Legal source: Perwal Bandung 281/2015 jo. 436/2015 jo. 107/2018 (PIPPK: a ceiling for each body, no cash, photos at
0, 50 and 100 percent), Permendagri 130/2018 (Dana Kelurahan), Permendagri 20/2018 (APBDes). Which schemes there are,
their bodies and usual ceilings are dated rules of the rulebook (`area_schemes.*`). Money is whole rupiah.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_MONEY = 10**14  # a hundred trillion rupiah: more than any city's budget, less than a bigint


class State(StrEnum):
    """Where an activity stands."""

    PLANNED = "PLANNED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    STOPPED = "STOPPED"


LIVE = (State.PLANNED, State.RUNNING)


class SetBy(StrEnum):
    """Who sets a scheme's ceilings: the city, or the place itself (a desa by its own budget)."""

    CITY = "CITY"
    PLACE = "PLACE"


@dataclass(frozen=True, slots=True)
class Body:
    """For whom a ceiling is set. `default` is what it usually gets a year, None where nothing is usual; `each`
    names the units of which every one has a ceiling of its own ("RW")."""

    code: str
    label: str
    default: int | None = None
    each: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    code: str
    label: str
    kinds: tuple[str, ...]
    set_by: SetBy
    bodies: tuple[Body, ...]
    cities: tuple[str, ...] = ()

    def body(self, code: str) -> Body | None:
        return next((body for body in self.bodies if body.code == code), None)

    def holds_in(self, *, city: str, kind: str) -> bool:
        """Whether a place of this kind in this city takes part."""
        return kind in self.kinds and (not self.cities or city in self.cities)


def usual_ceilings(scheme: Scheme, units: Mapping[str, Sequence[str]]) -> list[tuple[str, str, int]]:
    """Body, unit and amount of every ceiling that a scheme usually gives, by the units that the place has.

    A kelurahan of 12 RW has 12 × 100 million for them and 3 × 100 million for PKK, Karang Taruna and LPM.
    """
    found = []
    for body in scheme.bodies:
        if body.default is not None:
            named = units.get(body.each, ()) if body.each else ("",)
            found += [(body.code, unit, body.default) for unit in named]
    return found


class No(StrEnum):
    """Why something may not be."""

    CLOSED = "CLOSED"
    OVER_CEILING = "OVER_CEILING"
    BELOW_PLAN = "BELOW_PLAN"
    OVER_PLAN = "OVER_PLAN"
    BELOW_SPENT = "BELOW_SPENT"
    WRONG_STEP = "WRONG_STEP"
    NO_PHOTO = "NO_PHOTO"
    NO_RECEIPT = "NO_RECEIPT"
    NOTHING_SPENT = "NOTHING_SPENT"
    NOT_LIVE = "NOT_LIVE"
    STILL_LIVE = "STILL_LIVE"
    SAME_BODY = "SAME_BODY"
    AMOUNT = "AMOUNT"
    DATES = "DATES"


def may_plan(*, ceiling: int, planned: int, amount: int, instead_of: int = 0) -> No | None:
    """Whether an activity fits below its body's ceiling. `instead_of` is what the same activity took before."""
    if not 0 < amount <= MOST_MONEY:
        return No.AMOUNT
    return No.OVER_CEILING if planned - instead_of + amount > ceiling else None


def may_replan(*, spent: int, amount: int) -> No | None:
    """A plan is not made smaller than what was spent already."""
    return No.BELOW_SPENT if amount < spent else None


def may_set(*, amount: int, planned: int) -> No | None:
    """A ceiling is not set below what is planned under it."""
    if not 0 <= amount <= MOST_MONEY:
        return No.AMOUNT
    return No.BELOW_PLAN if amount < planned else None


def may_revise(*, source: int, source_planned: int, amount: int, same: bool) -> No | None:
    """Whether money may go over from one body to another: only by a revision, and only what is not planned."""
    if same:
        return No.SAME_BODY
    if not 0 < amount <= MOST_MONEY:
        return No.AMOUNT
    return No.BELOW_PLAN if source - amount < source_planned else None


def next_step(taken: Iterable[int], percents: Sequence[int]) -> int | None:
    """The step that comes next, in order and each once; None after the last."""
    done = set(taken)
    return next((percent for percent in percents if percent not in done), None)


def may_step(
    *,
    percent: int,
    taken: Iterable[int],
    percents: Sequence[int],
    planned: int,
    spent: int,
    amount: int,
    photos: int,
    receipts: int,
) -> No | None:
    """Whether a step may be recorded: the next one, shown by photos, its money by receipts and within the plan."""
    if percent != next_step(taken, percents):
        return No.WRONG_STEP
    if not 0 <= amount <= MOST_MONEY:
        return No.AMOUNT
    if not photos:
        return No.NO_PHOTO
    if amount and not receipts:
        return No.NO_RECEIPT
    if spent + amount > planned:
        return No.OVER_PLAN
    if percent == percents[-1] and not spent + amount:
        return No.NOTHING_SPENT
    return None


def state_after(taken: Iterable[int], percents: Sequence[int]) -> State:
    """An activity runs from its first step on and is done with its last."""
    done = set(taken)
    if percents[-1] in done:
        return State.DONE
    return State.RUNNING if done else State.PLANNED


def counts(*, state: str, amount: int, spent: int) -> int:
    """What an activity takes of its ceiling: its plan; once it was stopped only what was spent."""
    return spent if state == State.STOPPED else amount


def may_close(states: Iterable[str]) -> No | None:
    """A year is closed when every activity is done or was stopped with a reason."""
    return No.STILL_LIVE if any(state in LIVE for state in states) else None


def fits_year(*, year: int, begins: date, ends: date) -> No | None:
    """An activity begins and ends within the year of its ceiling."""
    return None if begins <= ends and begins.year == ends.year == year else No.DATES


def percent_of(part: int, whole: int) -> int:
    """Whole percent, rounded down, so that 100 is said of the whole only."""
    return part * 100 // whole if whole else 0
