"""What uvicorn runs: Django's WSGI handler in a fixed pool of threads.

Django's own ASGI handler costs two to three times the CPU. The threads are fixed because each keeps its database
connection; a body larger than the limit is refused before Django reads it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings

from guyub.sites.wsgi import application as wsgi

THREADS = int(os.environ.get("GUYUB_THREADS", "4"))
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
        if _too_large(scope):
            await _refuse(send)
        else:
            await _django(scope, receive, send)  # type: ignore[arg-type]


def _too_large(scope: Scope) -> bool:
    """Refuse what says it is too large, and a body of unknown length, which nobody's browser sends."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return True
    length = headers.get(b"content-length", b"0")
    return not length.isdigit() or int(length) > settings.GUYUB_MAX_REQUEST_BYTES


async def _refuse(send: Callable[[Message], Awaitable[None]]) -> None:
    text = b"Kiriman terlalu besar. Kurangi jumlah atau ukuran foto lalu kirim lagi.\nToo large.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text})


async def _lifespan(
    receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
