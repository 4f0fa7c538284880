"""Places to choose from in a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from guyub.rooms.places.queries import gazetteer
from guyub.ui.fields import CHOOSE


def place_choices(reach: Iterable[str] = ("",)) -> list[tuple[str, Any]]:
    """Each kecamatan with its kelurahan and desa below it, as far as they lie below some codes ('' is everything)."""
    below, found = tuple(reach), gazetteer()
    grouped: list[tuple[str, Any]] = [("", CHOOSE)]
    for district in found.districts:
        rows = [(district.code, _("Seluruh %(place)s") % {"place": district.label})]
        rows += [(row.code, row.label) for row in found.within(district.code)]
        inside = [(code, label) for code, label in rows if code.startswith(below)]
        if inside:
            grouped.append((district.label, inside))
    return grouped
