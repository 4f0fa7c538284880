"""A single value at its most usual: `POST Datastreams(5)/Observations`, a result with its times and no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import DatabaseError, connection
from django.utils import timezone

from guyub.kernel.cities.api import absolute
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people.api import Client
from guyub.rooms.sensing.alone import Sent, store_alone, store_together
from guyub.rooms.sensing.sta import sender, tables
from guyub.rooms.sensing.sta.describing import OBSERVATION, row_of
from guyub.rooms.sensing.sta.refusing import NotServed
from guyub.rooms.sensing.sta.serving import Answered, Service, echo

ROOT = "/sta/v1.1"
_PATH = re.compile(r"/*Datastreams\(([0-9]{1,18})\)/Observations/*", re.ASCII)
_SET = "Observations"
COUNTED = "guyub.counted"  # in what a server says of a request beside its headers: no sender can write there


def stream_of(path: str) -> int:
    """The datastream to which a value is sent; 0 if that is not what is asked."""
    found = _PATH.fullmatch(path)
    return int(found[1]) if found else 0


def store(service: Service, stream: int, body: Any) -> Answered | None:
    """The answer if the value was stored, else None. Raises `NotServed` for what cannot be read."""
    if service.client is None or not isinstance(body, dict) or not body.keys() <= OBSERVATION:
        return None
    row = row_of(stream, body, foi=None, at=service.at)
    with tables.words_of_the_database():
        key = store_alone(row, service.client, at=service.at)
    return None if key is None else _answer(service.root, body, key, service.at)


def _answer(root: str, body: dict[str, Any], key: int, at: datetime) -> Answered:
    link = f"{root}/{_SET}({key})"
    return Answered(201, echo(body, key, link, at), link)


# ── Many that came at the same moment, each in a request of its own ────────────────────────────────────────


class Post(NamedTuple):
    """A request as it came. `stream` is 0 where the body names it; nothing in it has been looked at."""

    stream: int
    authorization: str
    named_key: str
    body: bytes
    at: datetime


class Taken(NamedTuple):
    """What became of it. Without an answer nothing of it was stored, and the careful way says why."""

    answer: Answered | None = None
    is_counted: bool = False  # among what its program may send: not to be counted once more


def address_of(path: str) -> int | None:
    """The datastream whose values' address this is, 0 for that of all values, None for any other."""
    if not path.startswith(f"{ROOT}/"):
        return None
    below = path[len(ROOT) + 1 :]
    return 0 if below == _SET else stream_of(below) or None


def store_posts(posts: Sequence[Post], *, at: datetime) -> list[Taken]:
    """Store by one statement what can be stored so: each that has an answer is committed.

    Raises an error of the database if it is gone, and nobody knows what became of them.
    """
    found, sent, root = [Taken()] * len(posts), [], absolute(ROOT)
    most = int(rulebook.rule("sensing_api.writing", on=timezone.localdate(at)).value["body_bytes"])
    for n, post in enumerate(posts):
        try:
            body, stream = _body(post, most)
            row = row_of(stream, body, foi=None, at=post.at)
            found[n], client = _counted(post)
        except NotServed:
            continue
        if client is not None:
            sent.append((n, body, Sent(row, client)))
    for (n, body, _), key in zip(sent, _stored([one for _, _, one in sent], at=at), strict=True):
        if key is not None:
            found[n] = Taken(_answer(root, body, key, posts[n].at))
    return found


def _stored(sent: list[Sent], *, at: datetime) -> list[int | None]:
    try:
        return store_together(sent, at=at)
    except DatabaseError:
        if not connection.is_usable():
            raise
        return [None] * len(sent)  # all of it was taken back, such as for one value: each is tried alone


def _body(post: Post, most: int) -> tuple[dict[str, Any], int]:
    """What is said, and of which datastream. Raises `NotServed` for what is not quite usual."""
    if len(post.body) > most:
        raise NotServed(413, "")
    try:
        body = orjson.loads(post.body)
    except orjson.JSONDecodeError:
        raise NotServed(400, "") from None
    stream = post.stream
    if not stream and isinstance(body, dict):
        said = body.pop("Datastream", None)
        if isinstance(said, dict) and said.keys() == {"@iot.id"} and type(said["@iot.id"]) is int:
            stream = said["@iot.id"]
    if not stream or not isinstance(body, dict) or not body.keys() <= OBSERVATION:
        raise NotServed(400, "")
    return body, stream


def _counted(post: Post) -> tuple[Taken, Client | None]:
    """Counted among what its program may send, if it is one that sent lately. Raises `NotServed`."""
    key = sender.key_in(post.authorization, post.named_key)
    client = sender.remembered(key or "", at=post.at)
    if client is None:
        return Taken(), None
    return Taken(is_counted=True), sender.must_send(client, at=post.at)
