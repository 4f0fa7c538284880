"""Several requests in one: as JSON (OData 4.01) or as multipart/mixed (OData 4.0). Each part is answered for itself.

A group (`atomicityGroup`, or a change set) is done wholly or not at all. A later part may name what an earlier one
made: `$1` stands for the entity that part 1 made.
"""

from __future__ import annotations

import email.parser
import email.policy
import re
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

import orjson
from django.db import transaction

from guyub.rooms.sensing.sta.refusing import NotServed, wrong
from guyub.rooms.sensing.sta.serving import READS, WRITES, Answered, Service


class Part(NamedTuple):
    id: str
    method: str
    url: str
    body: Any = None
    group: str = ""
    merge: bool = False
    refused: str = ""  # what could not even be read


class Told(NamedTuple):
    id: str
    group: str
    answer: Answered


def run(service: Service, parts: list[Part], *, most: int, count: Callable[[], object]) -> list[Told]:
    """The answers in the order of the parts. Each that writes is counted as a request of its own."""
    if len(parts) > most:
        raise NotServed(413, f"A batch has at most {most} requests.")
    told: list[Told] = []
    made: dict[str, str] = {}
    n = 0
    while n < len(parts):
        group = parts[n].group
        end = n + 1
        while group and end < len(parts) and parts[end].group == group:
            end += 1
        told += (
            _group(service, parts[n:end], made, count) if group else [_one(service, parts[n], made, count)]
        )
        n = end
    return told


def _group(
    service: Service, parts: list[Part], made: dict[str, str], count: Callable[[], object]
) -> list[Told]:
    told: list[Told] = []
    before = dict(made)
    with transaction.atomic():
        for part in parts:
            told.append(_one(service, part, made, count))
            if told[-1].answer.status >= 400:
                transaction.set_rollback(True)
                break
    if told[-1].answer.status < 400:
        return told
    made.clear()
    made.update(before)
    broken = told[-1]
    lost = Answered(
        424,
        {"code": 424, "type": "error", "message": f"Not done: {broken.id} of the same group was refused."},
    )
    return [broken if part.id == broken.id else Told(part.id, part.group, lost) for part in parts]


def _one(service: Service, part: Part, made: dict[str, str], count: Callable[[], object]) -> Told:
    try:
        answer = _served(service, part, made, count)
    except NotServed as problem:
        answer = refused(problem)
    if answer.location:
        made[part.id] = answer.location
    return Told(part.id, part.group, answer)


def _served(service: Service, part: Part, made: dict[str, str], count: Callable[[], object]) -> Answered:
    if part.refused:
        raise wrong(part.refused)
    path, _, query = _below_root(service, part.url, made).partition("?")
    if part.method in READS:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=60)
        return service.read(unquote(path), pairs)
    if part.method not in WRITES:
        raise NotServed(405, f"{part.method[:10]} is not served.")
    count()
    body = _with_references(part.body, service, made)
    return service.write(part.method, unquote(path), body, merge=part.merge)


def _below_root(service: Service, url: str, made: dict[str, str]) -> str:
    if found := re.match(r"/?\$([\w.-]{1,60})(?=$|[/?])", url):
        if found[1] not in made:
            raise NotServed(424, f"${found[1]} made nothing before this.")
        url = made[found[1]] + url[found.end() :]
    path = url.removeprefix(service.root)
    at = path.find("/v1.1/")
    return (path[at + 5 :] if at >= 0 else path).lstrip("/")


def _with_references(body: Any, service: Service, made: dict[str, str], deep: int = 0) -> Any:
    """`{"@iot.id": "$1"}` becomes the id of what part 1 made."""
    if deep > 20:
        return body
    if isinstance(body, list):
        return [_with_references(one, service, made, deep + 1) for one in body]
    if not isinstance(body, dict):
        return body
    found = {name: _with_references(value, service, made, deep + 1) for name, value in body.items()}
    said = found.get("@iot.id")
    if isinstance(said, str) and said.startswith("$") and said[1:] in made:
        found["@iot.id"] = int(made[said[1:]].rpartition("(")[2].rstrip(")"))
    return found


def refused(problem: NotServed) -> Answered:
    return Answered(problem.status, {"code": problem.status, "type": "error", "message": problem.words})


# ── JSON ───────────────────────────────────────────────────────────────────────────────────────────────────


def from_json(tree: Any) -> list[Part]:
    said = tree.get("requests") if isinstance(tree, dict) else None
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise wrong("$batch: an object with requests, a list of objects with id, method and url.")
    parts = [_part(one, n) for n, one in enumerate(said)]
    if len({part.id for part in parts}) != len(parts):
        raise wrong("$batch: an id is there twice.")
    return parts


def _part(one: dict[str, Any], n: int) -> Part:
    headers = one.get("headers")
    kinds = [str(value).lower() for name, value in headers.items() if name.lower() == "content-type"] if isinstance(headers, dict) else []  # fmt: skip
    words = [one.get("id", str(n)), one.get("method", ""), one.get("url", ""), one.get("atomicityGroup", "")]
    if not all(isinstance(word, str) and "\0" not in word and len(word) < 20_000 for word in words):
        raise wrong("$batch: id, method, url and atomicityGroup are texts.")
    key, method, url, group = words
    return Part(
        key, method.upper(), url, one.get("body"), group, any("merge-patch" in kind for kind in kinds)
    )


def as_json(told: list[Told]) -> bytes:
    return orjson.dumps({"responses": [_as_json(one) for one in told]}, option=orjson.OPT_UTC_Z)


def _as_json(one: Told) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "status": one.answer.status}
    if one.group:
        found["atomicityGroup"] = one.group
    if one.answer.location:
        found["headers"] = {"location": one.answer.location}
    if one.answer.tree is not None:
        found["body"] = one.answer.tree
    return found


# ── multipart/mixed ────────────────────────────────────────────────────────────────────────────────────────


def from_multipart(kind: str, body: bytes) -> list[Part]:
    """Parts of application/http, and change sets of them. Raises `NotServed`."""
    whole = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
        b"Content-Type: " + kind.encode("ascii", "ignore") + b"\r\n\r\n" + body
    )
    if not whole.is_multipart():
        raise wrong("$batch: no parts of multipart/mixed can be read.")
    parts: list[Part] = []
    for n, one in enumerate(whole.iter_parts()):
        if one.get_content_type() == "multipart/mixed":
            parts += [_http(inner, f"{n}.{m}", f"g{n}") for m, inner in enumerate(one.iter_parts())]
        else:
            parts.append(_http(one, str(n), ""))
    return parts


def _http(part: Any, key: str, group: str) -> Part:
    name = str(part.get("Content-ID") or key).strip("<> ")[:60]
    raw = part.get_payload(decode=True)
    head, _, body = (raw or b"").replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    words = lines[0].split(" ")
    if len(words) < 2:
        return Part(name, "", "", group=group, refused="No request line in a part.")
    url = words[1]
    kinds = [line.partition(":")[2].lower() for line in lines[1:] if line.lower().startswith("content-type:")]
    try:
        tree = orjson.loads(body) if body.strip() else None
    except orjson.JSONDecodeError:
        return Part(name, "", "", group=group, refused="The body of a part is no JSON.")
    return Part(name, words[0].upper(), url, tree, group, any("merge-patch" in kind for kind in kinds))


def as_multipart(told: list[Told]) -> tuple[str, bytes]:
    """The kind of the answer, and its body; answers of a change set stand in a part of their own."""
    mark = f"batch_{uuid.uuid4().hex}"
    found, n = [], 0
    while n < len(told):
        end = n + 1
        while told[n].group and end < len(told) and told[end].group == told[n].group:
            end += 1
        if told[n].group:
            inner = f"changeset_{uuid.uuid4().hex}"
            inside = b"".join(_http_answer(one, inner) for one in told[n:end])
            found.append(
                f"--{mark}\r\nContent-Type: multipart/mixed; boundary={inner}\r\n\r\n".encode()
                + inside + f"--{inner}--\r\n".encode()
            )  # fmt: skip
        else:
            found.append(_http_answer(told[n], mark))
        n = end
    return f"multipart/mixed; boundary={mark}", b"".join(found) + f"--{mark}--\r\n".encode()


def _http_answer(one: Told, mark: str) -> bytes:
    tree = one.answer.tree
    body = (
        b""
        if tree is None
        else tree.encode()
        if isinstance(tree, str)
        else orjson.dumps(tree, option=orjson.OPT_UTC_Z)
    )
    where = f"Location: {one.answer.location}\r\n" if one.answer.location else ""
    key = re.sub(r"[^\w.-]", "", one.id)
    head = f"--{mark}\r\nContent-Type: application/http\r\nContent-ID: {key}\r\n\r\nHTTP/1.1 {one.answer.status} X\r\n{where}Content-Type: application/json\r\n\r\n"
    return head.encode() + body + b"\r\n"
