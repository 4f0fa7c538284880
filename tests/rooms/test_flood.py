"""A flood is stopped and a neighbourhood is spared, across processes, and nothing typed is lost."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from guyub.kernel.limits import api as limits
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places import api as places
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.web import flood

pytestmark = pytest.mark.django_db
NEW, CGNAT = "/laporan/baru/", "203.0.113.9"
WORDS = "Sampah menumpuk di depan gang sejak tiga hari."


def filled(**changes):
    codes = [place.code for place in places.gazetteer().settlements]
    return {
        "submission": str(uuid.uuid4()),
        "report_class": "PENGADUAN",
        "category": "sampah",
        "body": WORDS,
        "place": codes[0],
        "email": "warga@contoh.test",
        **changes,
    }


def send(browser: Client, *, accept: str = "application/json", address: str = CGNAT, **changes):
    return browser.post(
        NEW, filled(**changes), REMOTE_ADDR=address, headers={"host": "bandung.localhost", "accept": accept}
    )


def test_a_neighbourhood_behind_one_address_is_spared_and_a_flooding_device_in_it_is_not(city):
    """Two hundred phones behind one address, one report each; one of them goes on and on."""
    codes = [place.code for place in places.gazetteer().settlements]
    kinds = ("sampah", "kebisingan")
    told = []
    for n in range(200):
        browser = Client()
        told.append(
            send(browser, place=codes[n % len(codes)], category=kinds[n // len(codes) % 2]).status_code
        )
    assert set(told) == {200}
    assert Report.objects.count() == 200

    going_on = [send(browser, about_conduct="on").status_code for _ in range(31)]
    assert going_on == [200] * 30 + [429]
    assert send(Client(), about_conduct="on").status_code == 200  # its neighbours go on


def test_a_flood_that_forgets_its_cookies_is_stopped_and_those_known_before_are_spared(city):
    known = Client()
    assert send(known, about_conduct="on").status_code == 200
    request = RequestFactory().post(NEW, REMOTE_ADDR=CGNAT)
    for _ in range(299):
        assert flood.find_flood(request, "report", at=timezone.now()) is None
    assert send(Client(), about_conduct="on").status_code == 429
    assert send(known, about_conduct="on").status_code == 200
    assert send(Client(), about_conduct="on", address="203.0.113.10").status_code == 200


def test_whoever_is_refused_keeps_what_was_typed_and_is_told_when_and_whom_to_call(city, monkeypatch):
    monkeypatch.setattr("guyub.kernel.limits.web.limit_of", lambda what, at: flood.Limit(600, 0, 0, 0))
    before = Report.objects.count()
    answer = send(Client(), accept="text/html", landmark="sebelah pos ronda")
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    for kept in (WORDS, "sebelah pos ronda", "warga@contoh.test"):
        assert kept in page
    assert "112" in page
    assert "Coba lagi mulai pukul" in page
    assert Report.objects.count() == before


def test_the_limits_are_rules_of_the_city_and_a_city_without_them_has_none(city, now):
    rulebook.publish(
        key="sending_limits.report",
        value={"window_seconds": 60, "device": 1, "newcomers": 1, "address": 1},
        effective_from=(now + timedelta(days=-1)).date(),
        legal_basis="uji",
        confidence="V",
        at=now,
    )
    request = RequestFactory().post(NEW, REMOTE_ADDR=CGNAT)
    assert flood.find_flood(request, "report", at=now) is None
    stopped = flood.find_flood(request, "report", at=now)
    assert stopped
    assert stopped.seconds == 60
    assert flood.find_flood(request, "report", at=now + timedelta(seconds=61)) is None
    assert flood.find_flood(request, "nothing", at=now) is None


def test_an_ipv6_line_is_one_address_whatever_it_chooses(city, now, monkeypatch):
    monkeypatch.setattr("guyub.kernel.limits.web.limit_of", lambda what, at: flood.Limit(600, 1, 1, 1))
    make = RequestFactory().post
    assert flood.find_flood(make(NEW, REMOTE_ADDR="2001:db8::1"), "report", at=now) is None
    assert flood.find_flood(make(NEW, REMOTE_ADDR="2001:db8::2"), "report", at=now)
    assert flood.find_flood(make(NEW, REMOTE_ADDR="2001:db8:0:1::2"), "report", at=now) is None


def test_the_counters_tell_nobody_who_came_and_are_swept(city, now):
    from django.db import connection

    limits.count("report", {"address": CGNAT}, window=timedelta(minutes=10), at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM limits_count")
        keys = [key for (key,) in cursor.fetchall()]
    assert keys
    assert not any(CGNAT in key for key in keys)
    assert limits.sweep(at=now + timedelta(minutes=9)) == 0
    assert limits.sweep(at=now + timedelta(minutes=11)) == 1


def test_limits_on_signing_in_lie_in_the_city_and_hold_no_address(city):
    """The library keeps them in Django's cache: in the database they hold for all processes and after a restart."""
    from allauth.core.internal import ratelimit
    from django.core.cache import caches
    from django.db import connection

    request = RequestFactory().post("/masuk/", REMOTE_ADDR=CGNAT)
    rate = ratelimit.Rate(amount=2, duration=60, per="ip")
    tries = []
    for _ in range(3):
        tries.append(ratelimit._consume_single_rate(request, app="account", action="login", rate=rate))
        del caches["default"]  # as another process, with nothing in its memory
    assert [bool(one) for one in tries] == [True, True, False]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM limits_cache")
        keys = [key for (key,) in cursor.fetchall()]
    assert keys
    assert not any(CGNAT in key for key in keys)
