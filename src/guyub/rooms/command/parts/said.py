"""Small words that several parts share."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.rooms.places import api as places


def number(value: float, decimals: int = 0) -> str:
    """A number in the digits of the reader's language."""
    return number_format(round(value, decimals), decimals, force_grouping=True)


def lasting(span: timedelta) -> str:
    """`3 hari`, `5 jam`, `12 menit`: the largest unit alone, for who reads from afar."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 48 * 60:
        return _("%(n)s hari") % {"n": number(minutes // 1440)}
    if minutes >= 120:
        return _("%(n)s jam") % {"n": minutes // 60}
    return ngettext("%(n)s menit", "%(n)s menit", minutes) % {"n": minutes}


def ago(then: datetime, *, at: datetime) -> str:
    span = at - then
    return _("%(span)s lalu") % {"span": lasting(span)} if span >= timedelta(minutes=1) else _("baru saja")


def place_name(code: str) -> str:
    """A place as the wall names it; a code that nobody knows stays as it is."""
    row = places.gazetteer().by_code.get(code)
    return row.label if row else code


def short_name(code: str) -> str:
    row = places.gazetteer().by_code.get(code)
    return row.name if row else code
