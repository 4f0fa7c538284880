"""The door to performance: nothing below it looks here, and the sites need its addresses alone."""

from __future__ import annotations

from guyub.rooms.performance.queries import Figures, Scope, UnknownScope, city_lately, figures, scope_of

__all__ = ["Figures", "Scope", "UnknownScope", "city_lately", "figures", "scope_of"]
