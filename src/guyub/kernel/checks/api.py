"""The door to checks: kernel and rooms say what an operator should know, each where it knows it.

    @check("ledger.seal", title=_("Segel buku catatan"))
    def seal_is_fresh(*, at: datetime) -> Result:
        "The age of the newest seal."
        return ok(…) or warning(says, do) or fault(says, do)

A check of scope "city" runs once in each city, entered; one of scope "installation" runs once, with the commons in
sight. It only looks: it changes nothing and takes a moment. Its words are for people and name nobody.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from django.db import DatabaseError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guyub.kernel.cities import current
from guyub.kernel.cities.api import City, inside

__all__ = [
    "Check",
    "Level",
    "Outcome",
    "Result",
    "check",
    "checks",
    "fault",
    "ok",
    "run_checks",
    "summary",
    "warning",
]

log = logging.getLogger("guyub.checks")
Scope = Literal["city", "installation"]


class Level(StrEnum):
    """`FAULT`: something does not work or is not safe. `WARNING`: it soon will not."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found, in words, and what to do about it."""

    level: Level
    says: str
    do: str = ""


def ok(says: str) -> Result:
    return Result(Level.OK, says)


def warning(says: str, do: str) -> Result:
    return Result(Level.WARNING, says, do)


def fault(says: str, do: str) -> Result:
    return Result(Level.FAULT, says, do)


Look = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Check:
    """A named look at one thing; `looks_at` is its docstring."""

    name: str
    scope: Scope
    title: str | Promise
    look: Look

    @property
    def looks_at(self) -> str:
        return (self.look.__doc__ or "").strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check and what it found; `city` is a slug, or None for the installation."""

    name: str
    title: str
    city: str | None
    result: Result
    seconds: float


_checks: dict[str, Check] = {}


def check(name: str, *, scope: Scope = "city", title: str | Promise) -> Callable[[Look], Look]:
    """Register a check. `title` is a lazy translation; the function takes `at` and returns a `Result`."""

    def register(look: Look) -> Look:
        if name in _checks:
            raise ValueError(f"The check name {name} is taken.")
        _checks[name] = Check(name, scope, title, look)
        return look

    return register


def checks(scope: Scope | None = None) -> list[Check]:
    """The registered checks, by name."""
    return [one for _, one in sorted(_checks.items()) if scope in (None, one.scope)]


def run_checks(
    *, at: datetime, city: City | None = None, only: frozenset[str] | None = None
) -> list[Outcome]:
    """Run the checks of one city, or those of the installation if no city is given; `only` names some of them."""
    chosen = [one for one in checks("city" if city else "installation") if only is None or one.name in only]
    if city is None:
        with current.only_schema(current.COMMONS):
            return [_run(one, None, at) for one in chosen]
    with inside(city):
        return [_run(one, city.slug, at) for one in chosen]


def summary(outcomes: list[Outcome]) -> str:
    """How many checks, faults and warnings, in a sentence."""
    levels = [one.result.level for one in outcomes]
    return _("%(all)d pemeriksaan: %(faults)d kerusakan, %(warnings)d peringatan.") % {
        "all": len(levels),
        "faults": levels.count(Level.FAULT),
        "warnings": levels.count(Level.WARNING),
    }


def _run(one: Check, city: str | None, at: datetime) -> Outcome:
    began = time.perf_counter()
    return Outcome(one.name, str(one.title), city, _look(one, at), time.perf_counter() - began)


def _look(one: Check, at: datetime) -> Result:
    """A check that fails is a finding, too. Its error may hold anything, so only its kind is told."""
    try:
        with transaction.atomic():
            return one.look(at=at)
    except DatabaseError as problem:
        return fault(
            _("Basis data menolak pemeriksaan ini (%(kind)s).") % {"kind": type(problem).__name__},
            _("Periksa basis data dahulu, lalu ulangi pemeriksaan."),
        )
    except Exception as problem:
        log.exception("check %s failed", one.name)
        return fault(
            _("Pemeriksaan ini sendiri gagal (%(kind)s).") % {"kind": type(problem).__name__},
            _("Lihat log, dan sampaikan kepada pengembang."),
        )
