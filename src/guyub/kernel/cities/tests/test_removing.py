"""A city that is removed is known until nothing of it is left."""

from __future__ import annotations

import pytest
from django.db import connections

from guyub.kernel.checks import api as checks
from guyub.kernel.cities import api as cities
from guyub.kernel.cities import current, registry


def test_a_removal_that_is_cut_short_is_known_and_ended_by_the_next_start(committing_city, monkeypatch, now):
    def there() -> tuple[bool, bool]:
        """Record and schema, as another connection sees them."""
        with current.only_schema(current.COMMONS), connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM cities_city WHERE schema = %(it)s), "
                "EXISTS (SELECT FROM pg_namespace WHERE nspname = %(it)s)",
                {"it": committing_city.schema},
            )
            return cursor.fetchone()

    def said() -> str:
        (outcome,) = checks.run_checks(at=now, only=frozenset({"database.left_behind"}))
        return outcome.result.says

    def killed(schema: str) -> None:
        raise KeyboardInterrupt

    current.leave()
    with monkeypatch.context() as broken:
        broken.setattr(registry, "_remove", killed)
        with pytest.raises(KeyboardInterrupt):
            cities.drop_city(committing_city)
    assert there() == (True, True)
    assert committing_city not in cities.cities()
    assert cities.find_by_host(committing_city.hosts[0]) is None
    assert committing_city.name in said()
    assert registry.migrate_all() == []
    assert there() == (False, False)
    assert committing_city.name not in said()

    registry._create_schema(committing_city.schema)
    assert committing_city.schema in said()
    registry._clear_remains(committing_city.schema)
