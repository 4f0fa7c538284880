"""A city's own look: its colours, from its profile."""

from __future__ import annotations

from django.http import HttpRequest

from guyub.kernel.cities.api import find_city


def colours(request: HttpRequest) -> dict[str, str]:
    """The city's two colours for the stylesheet; the design's own where the city chose none."""
    city = find_city()
    chosen = city.profile.get("colours", {}) if city else {}
    return {"kota-1": chosen.get("primary", ""), "kota-2": chosen.get("accent", "")}
