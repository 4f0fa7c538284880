"""For operators: is the process alive, is it ready."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

from guyub.kernel.access.api import gate
from guyub.kernel.cities import current
from guyub.kernel.ledger import api as ledger


@gate.public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@gate.loopback
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, and no forgotten transaction holds the ledger's readers back (seconds)."""
    try:
        with current.only_schema(current.COMMONS):
            age = ledger.horizon_age_seconds()
    except DatabaseError:
        return JsonResponse({"ready": False, "why": "the database does not answer"}, status=503)
    return JsonResponse({"ready": True, "ledger_horizon_age_seconds": round(age, 3)})
