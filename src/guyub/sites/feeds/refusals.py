"""What programs are told where no view of theirs was reached: in their form, as everywhere below /open311/, /kiriman/ and /sta/."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, JsonResponse

from guyub.kernel.spark import Problem, form_of, refusal

_OURS = re.compile(r"(/en)?/(open311|kiriman)(/|$)")
_SENSORS = re.compile(r"(/en)?/sta(/|$)")
WORDS = {
    400: "Kiriman ini tidak terbaca. This request cannot be read.",
    403: "Tidak boleh. Not allowed.",
    404: "Tidak ada di sini. There is nothing here.",
    413: "Kiriman terlalu besar. Too large.",
    500: "Ada yang rusak di pihak kami. Something of ours broke.",
    503: "Layanan berhenti sebentar. Out of service for a moment.",
}


def for_programs(request: HttpRequest, status: int) -> HttpResponse | None:
    """The answer for a program, or None where people ask. It needs neither a city nor a database."""
    if _SENSORS.match(request.path):
        return JsonResponse({"code": status, "type": "error", "message": WORDS[status]}, status=status)
    if not _OURS.match(request.path):
        return None
    return refusal(form_of(request.path), Problem(status, WORDS[status]))
