"""The description of what programs can ask, at its address."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import absolute, get_city
from guyub.sites.feeds.described import description

FRESH_SECONDS = 3600


@gate.public
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    tree = description(title=f"Guyub, {get_city().government_name}", origin=absolute("/").rstrip("/"))
    response = JsonResponse(tree, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
