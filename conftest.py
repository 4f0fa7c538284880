"""Every test runs as the application's own database role, in a throw-away cluster, inside one of two cities."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import dj_database_url
import pytest

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # Friday 20 November 2026, 10.00 in Bandung
LOOKED_AT = NOW + timedelta(days=2, hours=12)


def pytest_configure(config: pytest.Config) -> None:
    """English words are compiled before the first page is rendered; no property fails because a machine is busy; what
    the tests start hears Ctrl-C, even where they themselves were started in the background and do not."""
    import signal

    from hypothesis import HealthCheck, settings

    from guyub.launch.messages import compile_all

    compile_all()
    settings.register_profile(
        "guyub",
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize="GUYUB_FUZZ" not in os.environ,  # the same verdict twice; with it the tests look further
    )
    settings.load_profile("guyub")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


LONGEST = ("tests/journeys/", "tests/durability/", "tests/security/", "tests/launch/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker waits for another at the end."""
    places = {head: n for n, head in enumerate(LONGEST)}
    items.sort(
        key=lambda one: next((n for head, n in places.items() if one.nodeid.startswith(head)), len(places))
    )


def pytest_xdist_make_scheduler(config, log):
    """A file's tests stay together, as their scenes do; the journeys share one city and one browser, those who kill an
    installation."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((head for head in LONGEST[:2] if nodeid.startswith(head)), nodeid.partition("::")[0])

    config.option.loadscopereorder = False
    return ByFile(config, log)


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

    current._be_in(None, (current.COMMONS,))


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
            with current.returning():
                return super().request(**request)

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
def pages_are_whole(monkeypatch):
    """Whatever client a test uses: a page that prints an undefined variable, or whose form no browser may send."""
    from django.test import Client

    ask = Client.request

    def checked(self, **request):
        answer = ask(self, **request)
        if not answer.streaming:
            assert "⟦undefined".encode() not in answer.content, "a template asks for what it was not given"
            _its_forms_can_be_sent(answer, request.get("PATH_INFO", "/"))
        return answer

    monkeypatch.setattr(Client, "request", checked)


@pytest.fixture(autouse=True)
def what_pages_record_is_in_a_transaction_of_their_own(monkeypatch):
    """A test is a transaction and a page is none: what would fail for people must not pass here."""
    from django.db import connection
    from django.test import Client

    from guyub.kernel.ledger import api as ledger

    ask, record, begun = Client.request, ledger.record, []

    def asked(self, **request):
        begun.append(len(connection.savepoint_ids) if connection.in_atomic_block else -1)
        try:
            return ask(self, **request)
        finally:
            begun.pop()

    def recorded(event, **said):
        if begun:
            assert len(connection.savepoint_ids) > begun[-1], (
                f"{event.name} is recorded outside a transaction"
            )
        return record(event, **said)

    monkeypatch.setattr(Client, "request", asked)
    monkeypatch.setattr(ledger, "record", recorded)


def _its_forms_can_be_sent(answer, path: str) -> None:
    """From a page with "no-referrer" browsers send "Origin: null", which the check of forms' tokens refuses."""
    from django.urls import resolve
    from django.utils import translation

    if (
        "no-referrer" not in answer.get("Referrer-Policy", "")
        and b'content="no-referrer"' not in answer.content
    ):
        return
    for form in re.findall(rb'<form[^>]*method="post"[^>]*>', answer.content):
        action = re.search(rb'action="([^"?#]+)', form)
        target = action[1].decode() if action else path
        with translation.override("en" if target.startswith("/en/") else "id"):
            view = resolve(target).func
        assert getattr(view, "csrf_exempt", False), f"no browser can send the form on {path} to {target}"


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch, forget):
    """Caches of a process know nothing of a test's rollback. Within a test they stay: its questions are counted."""
    from types import SimpleNamespace

    from guyub.kernel.cities import registry, remembering
    from guyub.kernel.rulebook import api as rulebook
    from guyub.rooms.people import queries as people
    from guyub.rooms.places import queries as places

    for module in (registry, remembering, rulebook, people, places):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: 0.0))
    yield
    _between_cities()
    forget()


@pytest.fixture(scope="session")
def forget():
    """What a process remembers is forgotten; for scenes that several tests share, too."""
    from guyub.kernel.cities import registry, remembering
    from guyub.kernel.rulebook import api as rulebook
    from guyub.rooms.people import queries as people
    from guyub.rooms.places import queries as places

    def forget_all() -> None:
        registry._hosts.forget()
        for module in (rulebook, people, places):
            module.forget()
        remembering.forget_all()

    return forget_all


@pytest.fixture(autouse=True)
def the_citys_language():
    """A request leaves its language in the thread: each test begins as a fresh process would."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


def _later(told: Callable[[], datetime]) -> Callable[[], datetime]:
    began = told()
    return lambda: LOOKED_AT + (told() - began)


@pytest.fixture(scope="session")
def pages_clock():
    """What happens within it happens two days after the tests' moment, whatever day the tests are run on."""
    from unittest import mock

    from django.utils import timezone

    @contextmanager
    def running() -> Iterator[None]:
        with mock.patch.object(timezone, "now", _later(timezone.now)):
            yield

    return running


@pytest.fixture(scope="session")
def machines_clock() -> Callable[[], datetime]:
    from django.utils import timezone

    return timezone.now


@pytest.fixture(autouse=True)
def the_pages_clock(request, monkeypatch, machines_clock):
    """Who says when things happen says it to the pages as well, which look at them later: what is late, or may still be
    chosen in a form, does not depend on the day of the run.

    A test may set the clock by `monkeypatch`, too: both are taken back by the same hand, in the right order.
    """
    from django.utils import timezone

    assert timezone.now is machines_clock, "an earlier test left its clock behind"
    if "now" in request.fixturenames:
        monkeypatch.setattr(timezone, "now", _later(machines_clock))
