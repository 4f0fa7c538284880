"""The API at its addresses. Whatever is wrong is said as JSON, never as a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from guyub.kernel.access.api import gate
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people import api as people
from guyub.rooms.sensing.sta import batches, sender, singles
from guyub.rooms.sensing.sta.refusing import NotServed, wrong
from guyub.rooms.sensing.sta.serving import READS, WRITES, Answered, Service
from guyub.rooms.sensing.sta.singles import COUNTED, ROOT

JSON = "application/json; charset=utf-8"
_BATCH = "$batch"


@csrf_exempt
@gate.public
def serve(request: HttpRequest, path: str = "") -> HttpResponse:
    """Everything below the root. Only a key lets anything be written, so no cookie could be abused."""
    now = timezone.now()
    try:
        return _served(request, path, now)
    except NotServed as problem:
        response = _sent(batches.refused(problem))
        if problem.status == 401:
            response["WWW-Authenticate"] = 'Basic realm="SensorThings", charset="UTF-8"'
        if problem.retry_after:
            response["Retry-After"] = str(problem.retry_after)
        return response


def _served(request: HttpRequest, path: str, now: datetime) -> HttpResponse:
    method = request.method or ""
    if method == "OPTIONS":
        return _options()
    if method not in (*READS, *WRITES):
        raise NotServed(405, f"{method[:10]} is not served here.")
    if method == "POST" and (response := _alone(request, path, now)):
        return response
    client = sender.client_of(request, at=now)
    service = Service(absolute(ROOT), client, now)
    if method in READS:
        return _sent(service.read(path, _asked(request)))
    if path.strip("/") == _BATCH:
        return _batch(request, service)
    sender.must_send(client, at=now, is_counted=_is_counted(request))
    tree = None if method == "DELETE" else _tree(request, now)
    return _written(request, service, method, path, tree)


def _alone(request: HttpRequest, path: str, now: datetime) -> HttpResponse | None:
    """A single value of a program that sent lately, in one statement; None if it is anything else.

    What is not stored so goes the careful way, which reads the key anew and says what is wrong.
    """
    stream = 0 if _is_counted(request) else singles.stream_of(path)
    client = sender.lately(request, at=now) if stream else None
    if client is None:
        return None
    sender.must_send(client, at=now)
    service, tree = Service(absolute(ROOT), client, now), _tree(request, now)
    answer = singles.store(service, stream, tree)
    if answer is not None:
        return _sent(answer)
    return _written(request, replace(service, client=sender.client_of(request, at=now)), "POST", path, tree)


def _is_counted(request: HttpRequest) -> bool:
    """Whether this was tried together with others already."""
    return bool(request.META.get("asgi.scope", {}).get(COUNTED))


def _written(request: HttpRequest, service: Service, method: str, path: str, tree: Any) -> HttpResponse:
    client, now = service.client, service.at
    merge = "merge-patch" in (request.content_type or "")
    response = _sent(service.write(method, path, tree, merge=merge))
    if client is not None:
        people.note_use(client, on=local_date(now, get_city().tz))
    return response


def _asked(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.GET.lists() if name != "api_key" for value in values]


def _tree(request: HttpRequest, now: datetime) -> Any:
    try:
        return orjson.loads(_body(request, now))
    except orjson.JSONDecodeError as problem:
        raise wrong(f"The body is no JSON: {str(problem)[:120]}") from None


def _body(request: HttpRequest, now: datetime) -> bytes:
    """Read by hand: a data array may be larger than what Django takes as a form. Raises `NotServed` (413)."""
    most = int(rulebook.rule("sensing_api.writing", on=timezone.localdate(now)).value["body_bytes"])
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > min(most, settings.GUYUB_MAX_REQUEST_BYTES):
        raise NotServed(413, f"Too large: at most {most} bytes at once.")
    return request.read(length) if length else b""


def _batch(request: HttpRequest, service: Service) -> HttpResponse:
    if request.method != "POST":
        raise NotServed(405, "Only POST.")
    rule = rulebook.rule("sensing_api.writing", on=timezone.localdate(service.at)).value
    kind = request.META.get("CONTENT_TYPE", "")
    is_multipart = kind.lower().startswith("multipart/")
    parts = batches.from_multipart(kind, _body(request, service.at)) if is_multipart else batches.from_json(_tree(request, service.at))  # fmt: skip
    told = batches.run(
        service,
        parts,
        most=rule["batch"],
        count=lambda: sender.must_send(service.client, at=service.at) and None,
    )
    if is_multipart:
        kind, body = batches.as_multipart(told)
        return _open(HttpResponse(body, content_type=kind))
    return _open(HttpResponse(batches.as_json(told), content_type=JSON))


def _sent(answer: Answered) -> HttpResponse:
    if answer.tree is None:
        response = HttpResponse(b"", status=answer.status, content_type=JSON)
    elif isinstance(answer.tree, str):
        response = HttpResponse(answer.tree, status=answer.status, content_type="text/plain; charset=utf-8")
    else:
        body = orjson.dumps(answer.tree, option=orjson.OPT_UTC_Z)
        response = HttpResponse(body, status=answer.status, content_type=JSON)
    if answer.location:
        response["Location"] = answer.location
    return _open(response)


def _open(response: HttpResponse) -> HttpResponse:
    """Public data, and keys travel in no cookie: pages of others may ask, too."""
    response["Cache-Control"] = "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _options() -> HttpResponse:
    response = _open(HttpResponse(status=204))
    response["Allow"] = "GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS"
    response["Access-Control-Allow-Methods"] = "GET, POST, PATCH, PUT, DELETE"
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, X-Api-Key"
    response["Access-Control-Max-Age"] = "86400"
    return response
