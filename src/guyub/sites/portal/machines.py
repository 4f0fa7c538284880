"""What browsers and search engines ask for by themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate

# Filtered lists are endless doubles of the list; secret links are nobody's to index.
ROBOTS = """User-agent: *
Disallow: /*?
Disallow: /laporan/ikuti/
Disallow: /tugas/
Disallow: /laporan/baru/
Disallow: /saya/
Disallow: /akun/
Disallow: /mengikuti/
Disallow: /masuk/
Disallow: /petugas/
Disallow: /en/laporan/ikuti/
Disallow: /en/tugas/
Disallow: /en/petugas/
Disallow: /en/mengikuti/
"""


@gate.public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(ROBOTS, content_type="text/plain")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@gate.public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    response = redirect(static("ui/mark.svg"))
    response["Cache-Control"] = "public, max-age=86400"
    return response
