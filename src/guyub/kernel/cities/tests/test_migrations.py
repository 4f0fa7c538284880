"""Migrating touches only the cities that lag."""

from __future__ import annotations

from django.db import connections

from guyub.kernel.cities import current, registry


def test_migrating_again_touches_nothing(committing_city):
    assert registry.migrate_all() == []


def test_a_city_that_lags_is_brought_up_to_date(committing_city):
    with current.only_schema(committing_city.schema), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename LIKE 'notices_%%'",
            [committing_city.schema],
        )
        cursor.execute(f"DROP TABLE {', '.join(name for (name,) in cursor.fetchall())}")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notices'")
    assert registry.migrate_all() == [committing_city.schema]
    connections["owner"].close()
