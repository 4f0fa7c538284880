"""Every test runs as the application's own database role, in a throw-away cluster, inside one of two cities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import dj_database_url
import pytest

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # Friday 20 November 2026, 10.00 in Bandung


def pytest_configure(config: pytest.Config) -> None:
    """English words are compiled before the first page is rendered."""
    from guyub.launch.messages import compile_all

    compile_all()


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL of this test process's own, removed at the end."""
    from guyub.launch import postgres

    with postgres.throwaway() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_setup(cluster, django_db_blocker):
    """Two cities, made by the same commands that make real ones."""
    from django.db import connections

    from guyub.founding import add_city
    from guyub.kernel.cities import api as cities

    for alias, url in (("default", cluster.app_url), ("owner", cluster.owner_url)):
        given = dj_database_url.parse(url)
        connections[alias].settings_dict.update({key: given[key] for key in ("NAME", "USER", "HOST", "PORT")})
        connections.settings[alias].update({key: given[key] for key in ("NAME", "USER", "HOST", "PORT")})
    with django_db_blocker.unblock():
        cities.migrate_all()
        for code, slug in (("32.73", "bandung"), ("33.75", "pekalongan")):
            add_city(code=code, slug=slug, hosts=[f"{slug}.localhost", f"{slug}.test"], at=NOW)
        connections.close_all()
    _between_cities()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def _between_cities() -> None:
    """Outside a test's city only the commons are in sight: Django's own checks at a test's end need a schema."""
    from guyub.kernel.cities import current

    current._city.set(None)
    current._path.set((current.COMMONS,))


@pytest.fixture
def bandung(db):
    from guyub.kernel.cities import api as cities

    return cities.get_city_by_slug("bandung")


@pytest.fixture
def pekalongan(db):
    from guyub.kernel.cities import api as cities

    return cities.get_city_by_slug("pekalongan")


@pytest.fixture
def city(bandung) -> Iterator[object]:
    """Inside Bandung, the city of most tests."""
    from guyub.kernel.cities import api as cities

    with cities.inside(bandung):
        yield bandung


@pytest.fixture
def client():
    """Django's client, which leaves the test in the city where it was: a request enters its own."""
    from django.test import Client

    from guyub.kernel.cities import current

    class StayingClient(Client):
        def request(self, **request):
            before = current._city.get(), current._path.get()
            try:
                answer = super().request(**request)
                if not answer.streaming:
                    assert "⟦undefined".encode() not in answer.content, (
                        "a template asks for what it was not given"
                    )
                return answer
            finally:
                current._city.set(before[0])
                current._path.set(before[1])

    return StayingClient()


@pytest.fixture
def committing_city(django_db_setup, django_db_blocker) -> Iterator[object]:
    """A city of its own for a test that commits: made, entered, and dropped at the end; nothing is ever flushed."""
    import uuid

    from django.db import connections

    from guyub.founding import add_city
    from guyub.kernel.cities import api as cities

    with django_db_blocker.unblock():
        slug = f"uji-{uuid.uuid4().hex[:6]}"
        made = add_city(code="18.72", slug=slug, hosts=[f"{slug}.test"], at=NOW)
        try:
            with cities.inside(made):
                yield made
        finally:
            connections.close_all()
            cities.drop_city(made)
            connections.close_all()


@pytest.fixture(autouse=True)
def templates_ask_only_for_what_they_are_given(monkeypatch):
    """Whatever client a test uses: a page that prints an undefined variable fails it."""
    from django.test import Client

    ask = Client.request

    def checked(self, **request):
        answer = ask(self, **request)
        if not answer.streaming:
            assert "⟦undefined".encode() not in answer.content, "a template asks for what it was not given"
        return answer

    monkeypatch.setattr(Client, "request", checked)


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    """Caches of a process know nothing of a test's rollback."""
    yield
    from guyub.kernel.cities import remembering
    from guyub.kernel.rulebook import api as rulebook
    from guyub.rooms.people import queries as people
    from guyub.rooms.places import queries as places

    _between_cities()
    remembering.forget_all()
    rulebook.forget()
    people.forget()
    places.forget()


@pytest.fixture
def now() -> datetime:
    return NOW
