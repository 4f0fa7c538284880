"""A city that is built from a blueprint has exactly what the migrations give."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection, connections

from guyub.kernel.cities import blueprint, current, registry

SAID = {
    "columns": """
        SELECT table_name, column_name, ordinal_position, data_type, character_maximum_length, is_nullable,
               column_default, is_generated, generation_expression, identity_generation
        FROM information_schema.columns WHERE table_schema = %(schema)s""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s",
    "constraints": """
        SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = %(schema)s::regnamespace""",
    "triggers": """
        SELECT tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = %(schema)s::regnamespace""",
    "functions": "SELECT proname, pg_get_functiondef(oid), proacl::text FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace",
    "rights": "SELECT relname, relkind, relacl::text FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'S')",
}


def described(schema: str) -> dict[str, list[str]]:
    with current.only_schema(schema), connections["owner"].cursor() as cursor:
        found = {}
        for what, query in SAID.items():
            cursor.execute(query, {"schema": schema})
            found[what] = sorted(str(row).replace(schema, "SCHEMA") for row in cursor.fetchall())
        cursor.execute("SELECT app, name FROM django_migrations")
        found["migrations"] = sorted(map(str, cursor.fetchall()))
    return found


def migrated() -> dict[str, list[str]]:
    """What the migrations make, kept beside the blueprint: with the same ones, on the same PostgreSQL, asked in the same
    words, it is the same."""
    asked = hashlib.sha256(json.dumps(SAID).encode()).hexdigest()[:8]
    file = blueprint._file()
    kept = file.with_name(f"{file.stem}-{connection.pg_version}-{asked}.migrated")
    if not kept.exists():
        registry._create_schema("kota_99_99")
        registry._migrate("kota_99_99")
        fresh = kept.with_suffix(".new")
        fresh.write_text(json.dumps(described("kota_99_99")), encoding="utf-8")
        fresh.replace(kept)
    return json.loads(kept.read_text(encoding="utf-8"))


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_city_from_the_blueprint_is_as_the_migrations_make_it(pekalongan):
    """The first of the tests' cities may have been migrated, to note the blueprint; the second is built from it."""
    assert blueprint.known()
    built, wanted = described(pekalongan.schema), migrated()
    assert all(wanted.values())
    for what in wanted:
        assert built[what] == wanted[what], what


def test_another_migration_is_another_blueprint(settings, tmp_path, monkeypatch):
    settings.GUYUB_BLUEPRINTS = str(tmp_path)
    before = blueprint._file()
    monkeypatch.setattr(blueprint.apps, "get_app_configs", lambda: [])
    assert before != blueprint._file()
    settings.GUYUB_BLUEPRINTS = ""
    assert blueprint._file() is None
