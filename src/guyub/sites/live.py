"""`/live/<channel>`: a stream of events (text/event-stream) for screens, beside Django and without a thread each.

Who may listen is said by a signed token that the page carries; it names a channel, a city and an end, and nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.utils import timezone

from guyub.kernel.cities.api import find_by_host, inside
from guyub.kernel.live.api import token_fits
from guyub.kernel.live.hub import AGAIN, BEAT, Channel, Hub

PREFIX = "/live/"
MOST = 6000  # screens of one process; more are asked to come back
_RETRY = b"retry: 3000\n\n"
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

hub: Hub | None = None
_asking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one screen until it goes."""
    global hub
    hub = hub or Hub()
    if hub.closed or hub.watchers >= MOST:
        return await _refuse(send, 503)
    name = scope["path"].removeprefix(PREFIX)
    schema = await asyncio.get_running_loop().run_in_executor(_asking, _admitted, scope, name)
    if schema is None or scope["method"] != "GET":
        return await _refuse(send, 404)
    hub.start()
    try:
        channel = await hub.channel(schema, name)
    except (psycopg.Error, OSError):
        return await _refuse(send, 503)
    await _tell(hub, channel, schema, name, _place(scope), receive, send)
    return None


async def close() -> None:
    """Let all screens go: the process is about to end."""
    if hub is not None:
        await hub.close()


def _admitted(scope: Scope, name: str) -> str | None:
    """The schema of the city whose channel this token opens, or None."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1").rsplit(":", 1)[0]
    given = parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])[0]
    city = find_by_host(host)
    if city is None:
        return None
    with inside(city):
        return city.schema if token_fits(name, given, at=timezone.now()) else None


def _place(scope: Scope) -> int | None:
    """Where this screen's stream broke off, as browsers say it."""
    said = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


async def _tell(
    hub: Hub, channel: Channel, schema: str, name: str, place: int | None, receive: Receive, send: Send
) -> None:
    gone = asyncio.create_task(_until_gone(receive, asyncio.current_task()))
    channel.watchers += 1
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _write(send, _RETRY)
        if place is None:
            place = hub.cities[schema].last
        elif place > hub.cities[schema].last and place > await hub.catch_up(schema):
            place = -1  # a place that never was, such as one from before a restore
        while not hub.closed:
            changed = channel.changed  # before reading: what comes in between is not slept over
            found = channel.after(place) or await hub.missed(schema, name, place)
            place, text = found or (hub.cities[schema].last, AGAIN)
            if text:
                await _write(send, text)
                continue
            await changed.wait()
            if channel.after(place) == (place, b""):
                await _write(send, BEAT)
        await send({"type": "http.response.body", "body": b""})
    except asyncio.CancelledError:
        if not gone.done():
            raise
    except (psycopg.Error, OSError):  # the browser comes back by itself
        await send({"type": "http.response.body", "body": b""})
    finally:
        channel.watchers -= 1
        gone.cancel()


async def _write(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})


async def _until_gone(receive: Receive, told: asyncio.Task[None] | None) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    if told is not None:
        told.cancel()


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"30")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
