"""What lists of many rows share: values that a template finds at the first try, days in words, addresses, long choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language


class Printed:
    """A row for a template. Django tries `row["name"]` before `row.name`; without this each value of each row
    costs an exception, which is half of what printing it costs."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


def day_in_words(day: date, how: str = "j F Y") -> str:
    """`20 November 2026` in the current language; `how` as Django's date formats. Remembered: lists repeat days."""
    return _said(day, how, get_language())


@lru_cache(maxsize=4096)
def _said(day: date, how: str, language: str | None) -> str:
    return date_format(day, how)


MORE = "\N{NO-BREAK SPACE}…"


def shortened(words: str, most: int) -> str:
    """The first words of a text on one line, at most so many signs; an ellipsis says that there are more.

    Only its beginning is looked at: a list shows fifty beginnings, for which the standard library's `shorten` takes
    whole texts apart.
    """
    begun = " ".join(words[: 3 * most].split())
    if len(begun) <= most:
        return begun
    room = most - len(MORE)
    end = begun.rfind(" ", 0, room + 1)
    return (begun[:end] if end > 0 else begun[:room]) + MORE


def address(name: str) -> str:
    """Where a page without parts in its address is, in the current language. Remembered: lists begin each row's with
    it, which costs a tenth of asking for each."""
    return _address(name, get_language(), get_script_prefix(), get_urlconf())


@lru_cache(maxsize=512)
def _address(name: str, language: str | None, prefix: str, urls: Any) -> str:
    return reverse(name)


def options(
    choices: Iterable[tuple[str, str, bool]], *, data: Mapping[str, Mapping[str, str]] | None = None
) -> SafeString:
    """Value, label and whether it is chosen, as `<option>`s; `data` holds further attributes by value.

    A city has 150 kelurahan: written by a template they cost more than the rest of the page.
    """
    more = data or {}
    return mark_safe(
        "".join(
            f'<option value="{escape(value)}"{" selected" if chosen else ""}{_attributes(more.get(value))}>'
            f"{escape(label)}</option>"
            for value, label, chosen in choices
        )
    )


def _attributes(given: Mapping[str, str] | None) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in (given or {}).items())


def option_groups(groups: Iterable[tuple[str, SafeString]]) -> SafeString:
    """Options under headings; those with an empty heading stand by themselves."""
    return mark_safe(
        "".join(
            f'<optgroup label="{escape(heading)}">{inside}</optgroup>' if heading else inside
            for heading, inside in groups
        )
    )
