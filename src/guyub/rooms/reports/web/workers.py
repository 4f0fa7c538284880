"""The worker of the field's pages, which keeps them for where there is no signal."""

from __future__ import annotations

from importlib import resources

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate


@gate.public
@require_safe
def field_worker(request: HttpRequest) -> HttpResponse:
    """Its address stays, and so does its place at the root, from which it may serve any page below."""
    text = (resources.files("guyub.rooms.reports") / "static/reports/field_worker.js").read_text("utf-8")
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
