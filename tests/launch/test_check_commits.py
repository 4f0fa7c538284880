"""Checks of what only others' sessions and committed grants can show."""

from __future__ import annotations

from django.db import connections

from guyub.kernel.checks import api as checks
from guyub.kernel.cities import current, registry
from guyub.kernel.ledger import api as ledger


def found(name: str, *, at) -> checks.Result:
    (outcome,) = checks.run_checks(at=at, only=frozenset({name}))
    return outcome.result


def test_a_role_that_could_change_the_ledger_is_found(committing_city, now):
    with current.only_schema(committing_city.schema), connections["owner"].cursor() as cursor:
        cursor.execute("GRANT DELETE ON ledger_fact TO guyub_app")
    result = found("database.roles", at=now)
    assert result.level == "fault"
    assert committing_city.schema in result.says
    registry.grant(committing_city.schema)
    assert found("database.roles", at=now).level == "ok"


def test_the_horizon_names_the_session_that_holds_it(committing_city, cluster):
    import psycopg

    with psycopg.connect(cluster.owner_url, application_name="uji lama") as guilty:
        guilty.execute("SELECT pg_current_xact_id()")
        holder = ledger.horizon_holder()
        assert holder
        assert holder.application == "uji lama"
        assert holder.pid == guilty.info.backend_pid
