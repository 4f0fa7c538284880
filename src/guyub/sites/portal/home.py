"""The residents' first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guyub.kernel.access.api import gate


@gate.public
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")
