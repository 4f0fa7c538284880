"""A city of its own that a real web server shows, with a program of an office that may describe and send."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from conformance.sensorthings import model
from conformance.sensorthings.asking import Server
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.rooms.people.clients import add_client
from tests.factories import add_people
from tests.open311.conftest import Breaking, Quiet

HOST = "127.0.0.10"  # Linux answers at all of 127/8; other tests ask at others


@dataclass
class Running:
    """The server, its faults, and the keys of two offices and of a partner."""

    city: Any
    url: str
    faults: Breaking
    key: str = ""
    other: str = ""
    partner: str = ""

    @property
    def root(self) -> str:
        return f"{self.url}/sta/v1.1"

    def tested(self, **more: Any) -> Server:
        """The runner's view of it, with everything that an operator can let it do."""
        return Server(
            self.root, **{"authorization": f"Bearer {self.key}", "wipe": True, "extensions": True, **more}
        )

    def stranger(self) -> Server:
        return Server(self.root)


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
                made = give_keys(Running(city, url, faults))
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


def give_keys(made: Running) -> Running:
    now = timezone.now()
    add_people(on=now.date())
    for name, owner in (
        ("key", {"office": "pu"}),
        ("other", {"office": "bpbd"}),
        ("partner", {"partner": "Mitra uji"}),
    ):
        _, key = add_client(name=f"Aplikasi uji {name}", by=None, at=now, **owner)
        setattr(made, name, key)
    return made


@pytest.fixture
def made(running):
    """The server, and two datastreams alike that have a value each."""
    server = running.tested()
    thing = server.make("Things", model.thing(Locations=[model.location(1)]))
    found = []
    for name in ("satu", "dua"):
        about = {
            "Thing": {"@iot.id": thing},
            "Sensor": model.sensor(1),
            "ObservedProperty": model.observed(1),
        }
        key = server.make("Datastreams", model.datastream(1, name=name, **about))
        server.make(f"Datastreams({key})/Observations", {"phenomenonTime": at(0), "result": 1})
        found.append(key)
    yield server, *found
    server.delete(f"Things({thing})")


def at(minutes: float) -> str:
    return (datetime(2026, 10, 5, 3, tzinfo=UTC) + timedelta(minutes=minutes)).isoformat()
