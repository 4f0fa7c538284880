"""What uvicorn runs: Django's WSGI handler in a fixed pool of threads, and beside it the stream for screens and the
door for single values of sensors.

Django's own ASGI handler costs two to three times the CPU. The threads are fixed because each keeps its database
connection; a body larger than the limit is refused before Django reads it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from guyub.sites import addresses, live
from guyub.sites.wsgi import application as wsgi  # sets Django up, without which there are no models

# isort: split
from guyub.sites import posting

TOO_LARGE = b"Kiriman terlalu besar. Kurangi jumlah atau ukuran foto lalu kirim lagi.\nToo large.\n"
THREADS = int(os.environ.get("GUYUB_THREADS", "4"))
addresses.learn()
_django = WSGIMiddleware(wsgi, workers=THREADS)  # type: ignore[arg-type]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]


async def application(
    scope: Scope, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer one connection."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        if scope["path"].startswith(live.PREFIX):
            await live.stream(scope, receive, send)
        elif _too_large(scope):
            await _refuse(scope, send)
        elif (came := posting.usual(scope)) is not None:
            await posting.answer(came, receive, send, _django)  # type: ignore[arg-type]
        else:
            await _django(scope, receive, send)  # type: ignore[arg-type]


def _too_large(scope: Scope) -> bool:
    """Refuse what says it is too large, and a body of unknown length, which nobody's browser sends."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return True
    length = headers.get(b"content-length", b"0")
    return not length.isdigit() or int(length) > settings.GUYUB_MAX_REQUEST_BYTES


async def _refuse(scope: Scope, send: Callable[[Message], Awaitable[None]]) -> None:
    """People get a page that says what to do, programs a line."""
    is_read = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
    kind = b"text/html" if is_read else b"text/plain"
    text = _page_of_refusal(scope["path"]) if is_read else TOO_LARGE
    headers = [(b"content-type", kind + b"; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _page_of_refusal(path: str) -> bytes:
    with translation.override("en" if path.startswith("/en/") else settings.LANGUAGE_CODE):
        return render_to_string("413.html").encode()


async def _lifespan(
    receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await posting.close()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
