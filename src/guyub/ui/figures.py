"""Figures as people read them, in the digits of their language."""

from __future__ import annotations

from django.utils.formats import number_format


def percent(value: float, places: int = 0) -> str:
    """`25%`, `12,5%`: Indonesian and English both write the sign close to its number."""
    return f"{number_format(round(value, places), places)}%"


def rupiah(amount: int) -> str:
    """`Rp1.500.000`, as the law of spelling has it."""
    return f"Rp{number_format(amount, force_grouping=True)}"
