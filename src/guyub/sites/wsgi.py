"""Django as a WSGI application, with static files answered before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters
from whitenoise import WhiteNoise

_HASHED = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")

_handler = get_wsgi_application()


def django_application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django fails before its own error pages on a Content-Type that it cannot read; such a body is no form."""
    try:
        _kind, said = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        # Python has codecs, such as rot13, that read no text.
        b"a".decode(said.get("charset", "utf-8"), "replace")
    except (ValueError, LookupError):
        environ["CONTENT_TYPE"] = "application/octet-stream"
    return _handler(environ, start_response)


application: Callable[..., Any] = django_application
if Path(settings.STATIC_ROOT).is_dir():
    application = WhiteNoise(
        django_application,
        root=settings.STATIC_ROOT,
        prefix=settings.STATIC_URL,
        max_age=3600,
        immutable_file_test=lambda path, url: bool(_HASHED.search(url)),
    )
