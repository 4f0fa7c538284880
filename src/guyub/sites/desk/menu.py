"""The officers' menu as a page, for phones and for whoever is new."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate


def list_above(name: str, *powers: str) -> Callable[..., HttpResponseBase]:
    """A view for an address that was cut short: it leads to the list that stands above what was meant."""

    @gate.officer(*powers)
    @require_safe
    def above(request: HttpRequest) -> HttpResponse:
        return redirect(name)

    return above


@gate.officer()
@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/menu.html")
