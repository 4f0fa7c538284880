"""The officers' menu as a page, for phones and for whoever is new."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate


@gate.officer()
@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/menu.html")
