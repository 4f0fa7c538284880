"""Figures as people read them, in the digits of their language."""

from __future__ import annotations

from django.utils.formats import number_format


def percent(value: float, places: int = 0) -> str:
    """`25%`, `12,5%`: Indonesian and English both write the sign close to its number."""
    return f"{number_format(round(value, places), places)}%"
