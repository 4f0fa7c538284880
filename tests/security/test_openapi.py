"""The description for programs names every address of theirs, and what is answered is what it says, whatever is sent.

Requests are made up from the description by schemathesis, good ones and bad ones, always the same; they reach the
application as a server would call it.

The suite asks each address some times. Ten thousand calls and more in one go, with the tally printed (some minutes):

    GUYUB_FUZZ=400 python -m pytest -s tests/security/test_openapi.py -k whatever_is_sent
"""

from __future__ import annotations

import os
import re
from collections import Counter
from contextlib import ExitStack
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guyub.kernel.cities import current
from guyub.kernel.ledger import api as ledger
from guyub.kernel.limits.api import Counted
from guyub.rooms.people import clients
from guyub.rooms.reports.feeds.open311.writing import STATUSES
from guyub.rooms.reports.groups import STATUS
from guyub.rooms.reports.web.filters import TIMES
from guyub.sites.feeds import described, described_sensors
from guyub.sites.wsgi import django_application
from tests.architecture.test_house import routes
from tests.security.conftest import Browser

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/openapi.json"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# For each address, each method, good and bad.
EXAMPLES = int(os.environ.get("GUYUB_FUZZ", "8"))
_MACHINE = re.compile(r"\.(json|csv|geojson|xml)$|<str:form>$|(^|/)atom$")
# What a page of ours asks for itself, and what an officer or a reporter takes away: no program has them.
NOT_FOR_PROGRAMS = ("petugas/", "ui/", "banjir/ikuti/")


def test_every_address_for_programs_is_described(city):
    served = {
        re.sub(r"<\w+:(\w+)>", r"{\1}", "/" + where)
        for where, _ in routes(get_resolver())
        if _MACHINE.search(where) and not where.startswith(NOT_FOR_PROGRAMS)
    }
    assert set(description()["paths"]) == served | {"/kiriman/laporan.json", *described_sensors.of_sensors()}


def test_lists_of_words_are_those_of_the_code():
    assert set(described.STATES) == set(STATUS)
    assert set(described.TIMES) == set(TIMES)
    assert tuple(described.UPDATE_STATES) == STATUSES


def test_developers_are_told_of_it(city):
    assert ADDRESS in Browser().get("/pengembang/").content.decode()


def description() -> dict[str, Any]:
    return Browser().get(ADDRESS).json()


@pytest.fixture
def afterwards():
    with ExitStack() as kept:
        yield kept


@pytest.fixture
def asked(scene, monkeypatch, afterwards) -> dict[str, Any]:
    """The description, with a key that holds and things that are there, so that not all is refused at the door."""
    monkeypatch.setattr("guyub.kernel.limits.api.count", _count_nothing)
    ledger.drain(settled_only=False)
    ledger.seal(at=scene.now)
    key = clients.add_client(name="Uji", partner="Mitra", by=scene.people["admin"], at=scene.now)[1]
    number, place = scene.number("published"), scene.people.place
    there: dict[str, list[Any]] = {
        "api_key": [key],
        "jurisdiction_id": ["bandung", "32.73", "www.bandung.localhost"],
        "service_code": ["sampah", "lampu-jalan", "jalan-rusak"],
        "address_id": [place],
        "address_string": ["Jl. Contoh, Cijagra"],
        "lat": ["-6.9147"],
        "long": ["107.6098"],
        "email": ["a@b.test"],
        "phone": ["0812 0000 1111"],
        "media_url": ["https://contoh.test/foto.jpg"],
        "bbox": ["107.5,-7,107.7,-6.8", "0,0,1,1"],
        "code": ["sampah", place, "32.73.02"],
        "kind": ["wilayah", "kategori"],
        "category": ["sampah", "lampu-jalan"],
        "kategori": ["sampah", "kebisingan"],
        "wilayah": [place, "32.73.02"],
        "periode": [""],
        "start_date": ["2026-11-01T00:00:00Z", "2026-11-10"],
        "end_date": ["2026-11-20T00:00:00Z", "2026-12-01T00:00:00+07:00"],
        "service_request_id": [scene.number(name) for name in ("published", "fresh", "conduct", "done")],
        "identifier": [scene.cap],
        "token": [number, "LAP-2026-009999"],
        "number": [number, scene.number("fresh"), scene.number("conduct")],
    }
    found = description()
    _fill(found, there)
    for signal in (request_started, request_finished):  # the test's transaction outlives each request
        signal.disconnect(close_old_connections)
        afterwards.callback(signal.connect, close_old_connections)
    return {"tree": found, "key": key}


def _count_nothing(what, who, *, window, at, n=1):
    return {kind: Counted(1, at + window) for kind in who}


def _fill(tree: dict[str, Any], there: dict[str, list[Any]]) -> None:
    """Put what is there into what is asked; the schemas of answers stay. Wrong ways to ask are made up beside it."""
    for operation in (one for path in tree["paths"].values() for one in path.values()):
        for one in operation.get("parameters", []):
            if one["schema"].get("type") == "integer" and one["in"] == "path":
                one["schema"] = {"type": "integer", "enum": [1, 2]}
            elif one["name"] in there:
                one["schema"] = {"type": "string", "enum": there[one["name"]]}
        for body in operation.get("requestBody", {}).get("content", {}).values():
            fields = body["schema"].get("properties", {})
            fields |= {name: {"type": "string", "enum": there[name]} for name in fields if name in there}


def at_the_city(environ: dict[str, Any], start: Any) -> Any:
    """The application at the city's address; the test stays where it was."""
    environ["HTTP_HOST"] = "bandung.localhost"
    environ.pop("HTTP_ACCEPT_ENCODING", None)  # its checks read plain text
    with current.returning():
        answer = django_application(environ, start)
        body = [b"".join(answer)]
        answer.close()
        return body


def test_whatever_is_sent_is_answered_as_described(asked):
    schema = schemathesis.openapi.from_dict(asked["tree"])
    schema.app = at_the_city
    told: Counter[tuple[str, int]] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _ask(operation, mode, asked["key"], told)
    answered = Counter(status for _, status in told.elements())
    print(f"{sum(told.values()):,} calls, answered: {dict(sorted(answered.items()))}")
    assert answered[200] + answered[201] > sum(told.values()) // 4, answered  # else only refusals were tried
    assert answered[201], answered
    assert sum(told.values()) >= EXAMPLES * 24


def _ask(operation: Any, mode: GenerationMode, key: str, told: Counter[tuple[str, int]]) -> None:
    headers = {"Authorization": f"Bearer {key}"} if operation.definition.raw.get("security") else {}

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(data=strategies.data())
    def once(data: Any) -> None:
        case = data.draw(operation.as_strategy(mode))
        answer = case.call(headers=headers)
        told[operation.label, answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    try:
        once()
    except Unsatisfiable:
        # There is no wrong way to ask an address without arguments.
        assert mode is GenerationMode.NEGATIVE, operation.label
