"""The door to areafunds."""

from __future__ import annotations

from guyub.rooms.areafunds.acting import Refused
from guyub.rooms.areafunds.activities import Plan, change, plan, stop
from guyub.rooms.areafunds.ceilings import close_year, revise, set_ceiling, set_usual
from guyub.rooms.areafunds.queries import Sums, of_place
from guyub.rooms.areafunds.realising import Shown, show_step, withdraw_step

__all__ = [
    "Plan",
    "Refused",
    "Shown",
    "Sums",
    "change",
    "close_year",
    "of_place",
    "plan",
    "revise",
    "set_ceiling",
    "set_usual",
    "show_step",
    "stop",
    "withdraw_step",
]
