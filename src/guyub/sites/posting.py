"""The door for single values of sensors (`POST /sta/v1.1/Datastreams(5)/Observations`), beside Django.

Values that come at the same moment are stored by one statement, and each is answered after its commit. Only the most
usual request is taken here. Any other, and each value that cannot be stored so, is handed to Django as it came, which
knows the reasons. What an answer bears beside its own words is what Django's answer at this address bore.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db import close_old_connections, connection, connections
from django.http import HttpResponse
from django.utils import timezone

from guyub.kernel.cities.api import City, find_by_host, inside
from guyub.kernel.logs import requests_logger
from guyub.rooms.sensing import api as sensing
from guyub.sites import telemetry
from guyub.sites.gathering import Full, Gathering
from guyub.sites.middleware import CompressText

LARGEST = 4096  # bytes of a body
TOGETHER = 128  # values of one statement
WRITERS = 2  # while one waits for its commit the other takes who comes
MOST = 2000  # values that wait; more are asked to come back
LOCKED = "200ms"  # who waits longer for a datastream that others hold, waits apart
ROUTE = "sta_below"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Django = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_ONCE = frozenset(
    {b"host", b"authorization", b"x-api-key", b"accept-encoding", b"content-length", b"content-type", b"x-forwarded-proto"}
)  # fmt: skip
_NEVER = frozenset({b"api-key", b"content-encoding", b"expect", b"prefer", b"transfer-encoding", b"upgrade"})
_JSON = frozenset(
    {b"", b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8"}
)
_OWN = frozenset({b"location", b"content-length", b"x-request-id", b"content-encoding", b"vary"})


class Where(NamedTuple):
    """On what the headers of an answer depend: how the server was asked, beside the path."""

    host: str
    scheme: str
    proto: bytes


@dataclass(slots=True)
class Came:
    """A request of the most usual kind."""

    scope: Scope
    where: Where
    headers: dict[bytes, bytes]
    stream: int
    at: datetime
    began: float = field(default_factory=time.perf_counter)
    body: bytes = b""
    frame: Headers = field(default_factory=list)


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


class Elsewhere(NamedTuple):
    """Not stored here: the careful way."""

    is_counted: bool


_frames: dict[Where, Headers] = {}  # of Django's answers to values that were stored
_MOST_FRAMES = 100
_compress = CompressText(lambda _request: HttpResponse())


def usual(scope: Scope) -> Came | None:
    """The request if it is of the usual kind, as far as its outside says."""
    if scope["method"] != "POST" or scope["query_string"] or scope.get("root_path"):
        return None
    stream = sensing.address_of(scope["path"])
    if stream is None:
        return None
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _NEVER or (name in _ONCE and name in found) or b"_" in name:
            return None
        found[name] = value
    length, host = found.get(b"content-length", b""), found.get(b"host", b"")
    if not length.isdigit() or int(length) > LARGEST or not host or b"[" in host:
        return None
    if found.get(b"content-type", b"").lower() not in _JSON:
        return None
    where = Where(host.decode("latin-1"), scope.get("scheme", "http"), found.get(b"x-forwarded-proto", b""))
    return Came(scope, where, found, stream, timezone.now())


async def answer(came: Came, receive: Receive, send: Send, django: Django) -> None:
    """Answer a value: here, or by Django."""
    frame = _frames.get(came.where)
    if frame is None:
        return await django(came.scope, receive, _learning(came.where, send))
    body = await _body_of(receive)
    if body is None:
        return None
    came.body, came.frame = body, frame
    try:
        found = await _gathering.ask(came)
    except Full:
        return await _refuse(send)
    if isinstance(found, Elsewhere):
        came.scope[sensing.COUNTED] = found.is_counted
        return await django(came.scope, _again(body, receive), send)
    await send({"type": "http.response.start", "status": found.status, "headers": found.headers})
    await send({"type": "http.response.body", "body": found.body})
    return None


async def close() -> None:
    """The process is about to end: who waits is served."""
    await _gathering.close()


def _learning(where: Where, send: Send) -> Send:
    """Remembers what Django's answer bears, if the value was stored."""

    async def learn(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 201:
            if len(_frames) >= _MOST_FRAMES:
                _frames.clear()
            _frames[where] = [one for one in message["headers"] if one[0] not in _OWN]
        await send(message)

    return learn


async def _body_of(receive: Receive) -> bytes | None:
    """None if the sender is gone."""
    found = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        found += message.get("body", b"")
        if not message.get("more_body", False):
            return found


def _again(body: bytes, receive: Receive) -> Receive:
    told = False

    async def once_more() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more


async def _refuse(send: Send) -> None:
    """Whether it was stored may not be known: who sends it again changes nothing."""
    telemetry.tell(None, "", ROUTE, "POST", 503, 0, 0)
    words = {
        "code": 503,
        "type": "error",
        "message": "Too busy, or the database is away. Send it again in a moment.",
    }
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        (b"retry-after", b"5"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(words)})


# ── In the threads that store ──────────────────────────────────────────────────────────────────────────────


class _Storing:
    """Groups of one city each, on a connection of its own."""

    def __init__(self) -> None:
        self.log: Any = None
        self.limited: Any = None  # the connection that waits for locks no longer than is said

    def __call__(self, those: list[Came]) -> Iterator[list[tuple[int, Answer | Elsewhere]]]:
        self.log = self.log or (requests_logger() if settings.GUYUB_REQUEST_LOG else None)
        close_old_connections()
        try:
            yield from self._by_city(those)
        except BaseException:  # also where only the driver knows that the database is gone
            connection.close()
            raise

    def _by_city(self, those: list[Came]) -> Iterator[list[tuple[int, Answer | Elsewhere]]]:
        groups: dict[City | None, list[int]] = {}
        for n, came in enumerate(those):
            groups.setdefault(find_by_host(came.where.host.rsplit(":", 1)[0]), []).append(n)
        for city, places in groups.items():
            if city is None:
                yield [(n, Elsewhere(False)) for n in places]
                continue
            with inside(city):
                given = self._stored([those[n] for n in places])
            yield list(zip(places, given, strict=True))

    def _stored(self, those: list[Came]) -> list[Answer | Elsewhere]:
        asked = connection.queries_sent  # type: ignore[attr-defined]
        if connection.connection is None or connection.connection is not self.limited:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCKED}'")
            self.limited = connection.connection
        taken = sensing.store_posts([_post(came) for came in those], at=timezone.now())
        asked = connection.queries_sent - asked  # type: ignore[attr-defined]
        found: list[Answer | Elsewhere] = []
        for came, one in zip(those, taken, strict=True):
            if one.answer is None:
                found.append(Elsewhere(one.is_counted))
                continue
            found.append(self._told(came, one.answer.tree, one.answer.location, asked))
            asked = 0  # the group's statements are those of its first
        return found

    def _told(self, came: Came, tree: Any, location: str, asked: int) -> Answer:
        body = orjson.dumps(tree, option=orjson.OPT_UTC_Z)
        number = telemetry.new_number()
        headers = [*came.frame, (b"location", location.encode()), (b"x-request-id", number.encode())]
        if len(body) < 200:
            headers.append((b"content-length", str(len(body)).encode()))
        else:
            more, body = _compressed(body, came.headers.get(b"accept-encoding", b""))
            headers += more
        seconds = time.perf_counter() - came.began
        telemetry.tell(self.log, number, ROUTE, "POST", 201, seconds, asked)
        return Answer(201, headers, body)


def _post(came: Came) -> sensing.Post:
    said = came.headers.get
    return sensing.Post(
        came.stream,
        said(b"authorization", b"").decode("latin-1"),
        said(b"x-api-key", b"").decode("latin-1"),
        came.body,
        came.at,
    )


def _compressed(body: bytes, accepted: bytes) -> tuple[Headers, bytes]:
    """As every answer of this length leaves."""
    request = SimpleNamespace(META={"HTTP_ACCEPT_ENCODING": accepted.decode("latin-1")})
    response = HttpResponse(body, content_type="application/json")
    response["Content-Length"] = str(len(body))
    _compress.process_response(request, response)  # type: ignore[arg-type]
    del response["Content-Type"]
    return [(name.lower().encode(), value.encode()) for name, value in response.items()], response.content


def new_gathering() -> Gathering[Came, Answer | Elsewhere]:
    return Gathering(_Storing, threads=WRITERS, at_once=TOGETHER, most=MOST, end=connections.close_all)


_gathering = new_gathering()
