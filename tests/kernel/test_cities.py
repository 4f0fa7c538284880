"""A city never reads another one's rows, whatever is forgotten, rolled back, cached, signed or forged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.kernel.cities import current, registry
from guyub.kernel.cities.secrets import CannotDecrypt
from guyub.rooms.people.models import Account

pytestmark = pytest.mark.django_db


def test_without_a_city_every_query_is_refused(db):
    cities.leave()
    with pytest.raises(cities.NoCitySelected):
        Account.objects.exists()


def test_one_city_does_not_see_the_other(bandung, pekalongan):
    with cities.inside(bandung):
        Account.objects.create_user("a@contoh.test")
    with cities.inside(pekalongan):
        assert not Account.objects.exists()
    with cities.inside(bandung):
        assert Account.objects.count() == 1


def test_inside_a_city_the_clock_is_its_own_in_a_worker_too(bandung, pekalongan):
    early = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # already the next day in the city
    eastern = replace(pekalongan, time_zone="Asia/Jayapura")
    assert timezone.localdate(early).day == 20
    with cities.inside(bandung):
        assert timezone.localtime(early).hour == 3
        with cities.inside(eastern):
            assert timezone.localtime(early).hour == 5
        assert timezone.localdate(early).day == 21
    assert timezone.localdate(early).day == 20


def test_the_path_is_right_after_a_rollback_in_which_the_city_changed(bandung, pekalongan):
    with cities.inside(bandung):
        Account.objects.create_user("a@contoh.test")
        with transaction.atomic():
            cities.enter(pekalongan)
            Account.objects.exists()
            transaction.set_rollback(True)
        cities.enter(pekalongan)
        assert not Account.objects.exists()
        cities.enter(bandung)
        assert Account.objects.exists()


def test_a_cache_entry_of_one_city_is_not_found_from_the_other(bandung, pekalongan):
    with cities.inside(bandung):
        cache.set("k", "rahasia")
    with cities.inside(pekalongan):
        assert cache.get("k") is None


def test_a_signature_of_one_city_fits_no_other(bandung, pekalongan):
    with cities.inside(bandung):
        signed = cities.signature("follow", "x")
        assert cities.signature_fits("follow", "x", signed)
        assert not cities.signature_fits("photo", "x", signed)
    with cities.inside(pekalongan):
        assert not cities.signature_fits("follow", "x", signed)


def test_what_one_city_encrypted_no_other_can_read(bandung, pekalongan):
    with cities.inside(bandung):
        secret = cities.encrypt("0812 contoh")
        assert cities.decrypt(secret) == "0812 contoh"
        assert b"0812" not in secret
    with cities.inside(pekalongan), pytest.raises(CannotDecrypt):
        cities.decrypt(secret)


@pytest.mark.parametrize("host", ["bandung.localhost", "BANDUNG.localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_a_known_host_or_a_bare_address_finds_its_city(client, city, host):
    assert client.get("/masuk/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "bandung.localhost.evil.example", "solo.localhost", "a" * 300 + ".id"]
)
def test_an_unknown_host_gets_no_city_and_no_page(client, city, host):
    answer = client.get("/masuk/", headers={"host": host})
    assert answer.status_code in (400, 404)
    assert b"Bandung" not in answer.content


def test_a_session_opens_nothing_in_another_city(client, bandung, pekalongan):
    with cities.inside(bandung):
        account = Account.objects.create_user("a@contoh.test")
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/keluar/", headers={"host": "bandung.localhost"}).status_code == 200
    assert client.get("/keluar/", headers={"host": "pekalongan.localhost"}).status_code == 302


def test_the_application_may_not_change_the_house(city):
    for statement in ("CREATE SCHEMA kota_palsu", "CREATE TABLE palsu (id int)", "DROP TABLE people_account"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_no_key_of_a_city_points_out_of_its_schema(city):
    """So that a city can be dumped and moved alone, and its schema could be spread over servers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint c JOIN pg_class f ON f.oid = c.confrelid "
            "WHERE contype = 'f' AND c.connamespace = %s::regnamespace AND f.relnamespace <> c.connamespace",
            [city.schema],
        )
        assert cursor.fetchall() == []


def test_all_sequences_are_bigint(city):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = %s AND data_type::text <> 'bigint' "
            "AND sequencename NOT SIMILAR TO '(account|auth|django)_%%'",
            [city.schema],
        )
        assert cursor.fetchall() == []


def test_a_code_or_host_is_not_given_twice(bandung, now):
    given = {
        "name": "x",
        "kind": "KOTA",
        "government_name": "x",
        "head_title": "x",
        "time_zone": "Asia/Jakarta",
    }
    with pytest.raises(cities.CityExists):
        cities.create_city(code="32.73", slug="lain", hosts=[], profile={}, at=now, **given)
    with pytest.raises(cities.CityExists):
        cities.create_city(
            code="99.99", slug="lain", hosts=["bandung.localhost"], profile={}, at=now, **given
        )


@pytest.mark.django_db(databases=["default", "owner"])
def test_what_is_left_of_a_city_that_was_never_finished_is_cleared_but_no_facts(city):
    """A process that is killed while it builds leaves a schema without a city."""

    def there(table: str) -> bool:
        with current.only_schema("kota_98_98"), connections["owner"].cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"kota_98_98.{table}"])
            return cursor.fetchone()[0]

    registry._create_schema("kota_98_98")
    with current.only_schema("kota_98_98"), connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE half (id int); CREATE TABLE ledger_fact (id int)")
    assert there("half")
    registry._clear_remains("kota_98_98")
    assert not there("half")
    registry._create_schema("kota_98_98")
    with current.only_schema("kota_98_98"), connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE ledger_fact (id int); INSERT INTO ledger_fact VALUES (1)")
    with pytest.raises(cities.CityExists, match="facts"):
        registry._clear_remains("kota_98_98")
    assert there("ledger_fact")
