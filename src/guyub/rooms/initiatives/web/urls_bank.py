"""Addresses of bank statements below whoever has the account; `books` makes them for offices and for partners."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from guyub.rooms.initiatives.web import bank


def books(base: str, name: str, gated: Callable[[bank.View], Any]) -> list[URLPattern]:
    return [
        path(base, gated(bank.books), name=name),
        path(f"{base}kolom/", gated(bank.layout), name=f"{name}_layout"),
        path(f"{base}kirim/", gated(bank.send), name=f"{name}_send"),
        path(f"{base}periksa/<uuid:draft>/", gated(bank.try_out), name=f"{name}_try"),
        path(f"{base}cocokkan/", gated(bank.match), name=f"{name}_match"),
        path(f"{base}batal/<uuid:match>/", gated(bank.undo), name=f"{name}_undo"),
    ]
