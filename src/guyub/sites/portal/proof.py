"""The ledger's seals, for anyone who wants to check that history stands."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.formats import date_format, number_format
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger

PAGE = 30
LARGEST = 2_147_483_647  # PostgreSQL's integer
YEAR_SECONDS = 365 * 24 * 3600


@gate.public
@require_safe
def proof(request: HttpRequest) -> HttpResponse:
    """The newest seals, what they prove, and how to compute them again."""
    text = request.GET.get("sebelum", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadRequest("This is no number of a seal.")
    found = ledger.seals(before=int(text) if text else None, limit=PAGE + 1)
    rows, here = found[:PAGE], reverse("proof")
    context = {
        "seals": [
            {
                "number": str(one.number),
                "address": reverse("proof_leaves", args=[one.number]),
                "at": date_format(one.sealed_at.astimezone(get_city().tz), "j F Y, H.i"),
                "count": number_format(one.count),
                "root": one.root,
                "hash": one.hash,
            }
            for one in rows
        ],
        "newer": here if text else "",
        "older": f"{here}?sebelum={rows[-1].number}" if len(found) > PAGE else "",
    }
    return render(request, "portal/proof.html", context)


@gate.public
@require_safe
def proof_leaves(request: HttpRequest, number: int) -> HttpResponseBase:
    """One seal with the hashes of its facts, as JSON; it never changes."""
    one = ledger.find_seal(number) if 0 < number <= LARGEST else None
    if one is None:
        raise Http404
    etag = f'"{one.hash}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = JsonResponse(
        {
            "city": get_city().code,
            "number": one.number,
            "sealed_at": one.sealed_at.isoformat(),
            "count": one.count,
            "root": one.root,
            "previous": one.previous,
            "hash": one.hash,
            "leaves": ledger.leaves_of(one),
        },
        json_dumps_params={"separators": (",", ":")},
    )
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response
