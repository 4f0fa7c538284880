"""Find, create and migrate cities.

Creating and migrating use the `owner` connection, whose role may create tables; everything else runs as the
application's role, to which the grants below are given anew after each migration (dumps carry none).
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models.functions import Now
from psycopg import sql

from guyub.kernel.cities import blueprint, current, secrets
from guyub.kernel.cities.current import COMMONS, City
from guyub.kernel.cities.router import COMMONS_APPS

OWNER = "owner"
HOSTS_ARE_FRESH_FOR_SECONDS = 30.0


class CityExists(ValueError):
    """The code, slug or host name is taken by another city."""


class _HostCache:
    """Host name → city, read again every half minute; a process holds a handful of cities."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.by_host: dict[str, City] = {}
        self.by_slug: dict[str, City] = {}

    def forget(self) -> None:
        self.read_at = float("-inf")

    def fresh(self) -> _HostCache:
        if time.monotonic() - self.read_at > HOSTS_ARE_FRESH_FOR_SECONDS:
            found = cities()
            self.by_host = {host: city for city in found for host in city.hosts}
            self.by_slug = {city.slug: city for city in found}
            self.read_at = time.monotonic()
        return self


_hosts = _HostCache()


def cities() -> list[City]:
    """All cities of this installation, by code, but none that is being removed. One query and one for their hosts."""
    from guyub.kernel.cities.models import CityRecord

    staying = CityRecord.objects.filter(leaving_since__isnull=True).order_by("code")
    with current.only_schema(COMMONS):
        return [record.as_city() for record in staying.prefetch_related("hosts")]


def get_city_by_slug(slug: str) -> City:
    """The city with this slug or region code. Raises `LookupError` with the choices."""
    found = cities()
    for city in found:
        if slug in (city.slug, city.code, city.schema):
            return city
    raise LookupError(f"No city '{slug}' here; there are: {', '.join(c.slug for c in found) or 'none yet'}.")


def find_by_host(host: str) -> City | None:
    """The city that answers at this host name (no port). A bare address gives the default city, if one is set."""
    cache = _hosts.fresh()
    city = cache.by_host.get(host.lower().rstrip("."))
    if city is None and settings.GUYUB_DEFAULT_CITY and _is_address(host):
        city = cache.by_slug.get(settings.GUYUB_DEFAULT_CITY)
    return city


def _is_address(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def migrate_commons() -> None:
    """Bring the shared schema up to date."""
    _create_schema(COMMONS)
    _migrate(COMMONS)


def lagging() -> list[str]:
    """The schemas that lack a migration of this version of the program. Reads as the application's role."""
    wanted = _wanted_migrations()
    return [city.schema for city in cities() if not wanted <= _applied(city.schema, using="default")]


def migrate_all(*, progress: bool = False) -> list[str]:
    """Bring every schema up to date, touching only those that lag. Returns the names of those migrated.

    Cities whose removal was cut short are removed first.
    """
    migrate_commons()
    end_removals()
    wanted = _wanted_migrations()
    touched = []
    for city in cities():
        if not wanted <= _applied(city.schema):
            if progress:
                print(f"  {city.name} …", flush=True)
            _migrate(city.schema)
            touched.append(city.schema)
    return touched


def create_city(
    *,
    code: str,
    slug: str,
    name: str,
    kind: str,
    government_name: str,
    head_title: str,
    time_zone: str,
    hosts: list[str],
    profile: dict[str, object],
    at: datetime,
) -> City:
    """Register a city and build its schema. Raises `CityExists`. Rows are filled by the rooms' own seeds."""
    from guyub.kernel.cities.models import CityHost, CityRecord

    schema = "kota_" + code.replace(".", "_")
    end_removals()
    with current.only_schema(COMMONS):
        if CityRecord.objects.filter(schema=schema).exists() or CityRecord.objects.filter(slug=slug).exists():
            raise CityExists(f"{name} ({code}) is here already.")
        taken = CityHost.objects.filter(host__in=hosts).values_list("host", flat=True)
        if taken:
            raise CityExists(f"These host names serve another city: {', '.join(taken)}.")
    _clear_remains(schema)
    _create_schema(schema)
    _build(schema)
    with current.only_schema(COMMONS), transaction.atomic():
        record = CityRecord.objects.create(
            code=code,
            slug=slug,
            schema=schema,
            name=name,
            kind=kind,
            government_name=government_name,
            head_title=head_title,
            time_zone=time_zone,
            profile=profile,
            wrapped_key=secrets.new_wrapped_key(),
            created_at=at,
        )
        CityHost.objects.bulk_create([CityHost(host=host.lower(), city=record) for host in hosts])
        city = record.as_city()
    _hosts.forget()
    return city


def drop_city(city: City) -> None:
    """Remove a city with all its rows. Used by tests and by a city that moves away.

    It is marked first and its record goes last: cut short in between, it is still known, and `end_removals` ends it.
    """
    from guyub.kernel.cities.models import CityRecord

    with current.only_schema(COMMONS):
        CityRecord.objects.filter(code=city.code).update(leaving_since=Now())
    _hosts.forget()
    _remove(city.schema)


def end_removals() -> list[str]:
    """Remove the cities whose removal was begun and did not end. Returns their schemas."""
    from guyub.kernel.cities.models import CityRecord

    begun = CityRecord.objects.filter(leaving_since__isnull=False).order_by("code")
    with current.only_schema(COMMONS):
        schemas = list(begun.values_list("schema", flat=True))
    for schema in schemas:
        _remove(schema)
    return schemas


def _remove(schema: str) -> None:
    from guyub.kernel.cities.models import CityRecord

    with current.only_schema(COMMONS), connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
    with current.only_schema(COMMONS):
        CityRecord.objects.filter(schema=schema).delete()
    _hosts.forget()
    secrets.forget()


def save_profile(city: City, profile: dict[str, object]) -> None:
    from guyub.kernel.cities.models import CityRecord

    with current.only_schema(COMMONS):
        CityRecord.objects.filter(code=city.code).update(profile=profile)
    _hosts.forget()


def each_city() -> Iterator[City]:
    """Every city in turn, entered while it is handed out."""
    for city in cities():
        with current.inside(city):
            yield city


def _clear_remains(schema: str) -> None:
    """Remove what is left of a city whose building was cut short: a schema that no city has, in which nothing
    happened. Raises `CityExists` for one with facts: somebody's city, whatever became of its record."""
    with current.only_schema(schema), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT to_regclass('ledger_fact') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT EXISTS (SELECT FROM ledger_fact)")
            if cursor.fetchone()[0]:
                raise CityExists(f"The schema {schema} holds facts of a city that is not registered.")
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def _create_schema(schema: str) -> None:
    with current.only_schema(schema), connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))


def _build(schema: str) -> None:
    """Fill a new schema as the migrations do, by their blueprint if there is one."""
    if not blueprint.known():
        with blueprint.first():
            if not blueprint.known():
                blueprint.note(lambda: _apply_migrations(schema), using=OWNER, schema=schema)
                grant(schema)
                return
    with (
        current.only_schema(schema),
        transaction.atomic(using=OWNER),
        connections[OWNER].cursor() as cursor,
    ):
        for statement in blueprint.known():
            cursor.execute(statement)
    grant(schema)


def _migrate(schema: str) -> None:
    _apply_migrations(schema)
    grant(schema)


def _apply_migrations(schema: str) -> None:
    apps_of = [[label] for label in sorted(COMMONS_APPS)] if schema == COMMONS else [[]]
    with current.only_schema(schema):
        for labels in apps_of:
            call_command("migrate", *labels, database=OWNER, interactive=False, verbosity=0)


def grants(schema: str, role: str, *, owner: str) -> list[sql.Composed]:
    """What the application's role needs in a schema, and no more: facts can only be added."""
    name, to = sql.Identifier(schema), sql.Identifier(role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(name, to),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}").format(name, to),
        sql.SQL("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {} TO {}").format(name, to),
        sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {} TO {}").format(name, to),
    ]
    if schema != COMMONS and role != owner:
        statements.append(
            sql.SQL("REVOKE UPDATE, DELETE ON {}.ledger_fact, {}.ledger_seal FROM {}").format(name, name, to)
        )
    return statements


def grant(schema: str) -> None:
    """Give the application's role its rights in a schema anew."""
    role = str(settings.DATABASES["default"]["USER"] or "guyub_app")
    with current.only_schema(schema), connections[OWNER].cursor() as cursor:
        for statement in grants(schema, role, owner=str(settings.DATABASES[OWNER]["USER"])):
            cursor.execute(statement)


def known_migrations() -> set[tuple[str, str]]:
    """All that this version of the program can apply, by app and name."""
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _wanted_migrations() -> set[tuple[str, str]]:
    labels = {config.label for config in apps.get_app_configs()} - COMMONS_APPS
    return {key for key in known_migrations() if key[0] in labels}


def _applied(schema: str, *, using: str = OWNER) -> set[tuple[str, str]]:
    with current.only_schema(schema), connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return set()
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())
