"""A city of its own that a real web server shows, with reports of every kind, and a way to break what it says."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from conformance.open311.asking import Server
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.rooms.casework.api import Case, State
from guyub.rooms.people.clients import add_client
from guyub.rooms.places import api as places
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Category, Report
from tests.factories import add_people, bring_to, send

HOST = "127.0.0.9"  # Linux answers at all of 127/8; other tests ask at .1


@dataclass
class Breaking:
    """The application with a fault put in: `before` changes what is asked, `after` what is answered."""

    application: Any
    before: Callable[[dict[str, Any]], None] | None = None
    after: Callable[[dict[str, Any], int, str, bytes], tuple[int, str, bytes]] | None = None

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        if self.before:
            self.before(environ)
        told: list[Any] = []
        answer = self.application(
            environ, lambda status, headers, problem=None: told.extend((status, headers))
        )
        body = b"".join(answer)
        with suppress(AttributeError):
            answer.close()
        status, headers = int(told[0][:3]), dict(told[1])
        if self.after:
            status, headers["Content-Type"], body = self.after(
                environ, status, headers.get("Content-Type", ""), body
            )
        headers["Content-Length"] = str(len(body))
        start(f"{status} X", list(headers.items()))
        return [body]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@dataclass
class Running:
    """The server, its faults, and what is in its city."""

    city: Any
    url: str
    faults: Breaking
    key: str
    place: str
    numbers: dict[str, str] = field(default_factory=dict)

    def tested(self, **more: Any) -> Server:
        """The runner's view of it, with everything that an operator can let it do."""
        return Server(
            f"{self.url}/open311/v2",
            key=self.key,
            write=True,
            extensions=True,
            place={"address_id": self.place},
            hidden=(self.numbers["conduct"],),
            withheld=(self.numbers["fresh"], self.numbers["secret"]),
            **{"touch": self.touch, "publish": self.publish, **more},
        )

    def touch(self) -> None:
        with cities.inside(self.city):
            row = Category.objects.get(code="sampah")
            row.hint_en += "."
            row.save()

    def publish(self, number: str) -> None:
        """What an officer does who has read it."""
        with cities.inside(self.city):
            report, case = Report.objects.get(number=number), Case.objects.get(number=number)
            actions.verify_report(
                case=case.uuid,
                public_body=report.body,
                photos=[],
                by=add_people(on=timezone.now().date())["koordinator"],
                at=timezone.now(),
            )


@pytest.fixture(scope="package")
def _running(django_db_setup, django_db_blocker) -> Iterator[Running]:
    from guyub.founding import add_city
    from guyub.sites.wsgi import django_application

    faults = Breaking(django_application)
    server = make_server(HOST, 0, faults, handler_class=Quiet)
    url = f"http://{HOST}:{server.server_port}"

    def serve() -> None:
        server.serve_forever(poll_interval=0.05)
        connections.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    public = {"GUYUB_PUBLIC_SCHEME": "http", "GUYUB_PUBLIC_PORT": f":{server.server_port}"}
    with django_db_blocker.unblock(), override_settings(**public):
        city = add_city(code="33.28", slug=f"uji-{uuid.uuid4().hex[:6]}", hosts=[HOST], at=timezone.now())
        try:
            with cities.inside(city):
                made = fill(Running(city, url, faults, "", ""))
            thread.start()
            yield made
        finally:
            if thread.is_alive():
                server.shutdown()
                thread.join()
            server.server_close()
            connections.close_all()
            cities.drop_city(city)
            connections.close_all()


@pytest.fixture
def running(_running: Running) -> Iterator[Running]:
    yield _running
    _running.faults.before = _running.faults.after = None


def fill(made: Running) -> Running:
    """Reports that everyone reads, one of each kind that not everyone reads, and a key."""
    now = timezone.now()
    people = add_people(on=now.date())
    made.place = people.place
    middle = places.gazetteer().get(people.place)
    assert middle.lat
    assert middle.lon
    point = {"lat": middle.lat, "lon": middle.lon}

    def add(name: str, *, state: State = State.RECEIVED, hours: int = 5, **changes: Any) -> None:
        row, case = send(at=now - timedelta(hours=hours), place=people.place, **changes)
        if state is not State.RECEIVED:
            bring_to(state, row, case, by=people["lurah"], at=now - timedelta(minutes=hours))
        made.numbers[name] = row.number

    add(
        "published",
        state=State.FORWARDED,
        hours=1,
        body="Tumpukan sampah & lumpur < 2 m di “gang” naïve 東京.",
    )
    add("placed", state=State.IN_PROGRESS, hours=2, **point, category="kebisingan")
    add("far", state=State.FORWARDED, hours=3, lat=middle.lat + 0.05, lon=middle.lon)
    add("closed", state=State.CONFIRMED, hours=4)
    add("anonymous", state=State.FORWARDED, is_anonymous=True)
    add("fresh", **point)
    add("secret", state=State.IN_PROGRESS, is_confidential=True, **point)
    add("conduct", about_conduct=True, **point)
    _, made.key = add_client(name="Aplikasi Uji", partner="Mitra uji", by=None, at=now)
    return made


def read_body(environ: dict[str, Any]) -> bytes:
    """What is being sent, left to be read again."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    write_body(environ, body)
    return body


def write_body(environ: dict[str, Any], body: bytes) -> None:
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
