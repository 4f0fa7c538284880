"""The addresses of all pages, worked out when a web process starts, and only once kept.

Django's table of names to addresses is made for each language, when the first page asks, and for each `include` once
more as a step on the way: of four hundred pages 7 MB, of which only the outermost table is ever read.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import URLResolver, get_resolver
from django.utils import translation


def learn() -> None:
    """Make the tables, and let go of the steps. Should one be asked for after all, Django makes it anew."""
    addresses = get_resolver()
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            addresses.reverse_dict  # noqa: B018 — made by being looked at
    for one in _below(addresses):
        one._reverse_dict.clear()  # type: ignore[attr-defined]


def _below(resolver: URLResolver) -> list[URLResolver]:
    included = [one for one in resolver.url_patterns if isinstance(one, URLResolver)]
    return included + [one for inner in included for one in _below(inner)]
