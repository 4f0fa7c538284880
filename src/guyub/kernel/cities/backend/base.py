"""PostgreSQL whose connection follows the current city.

`SET search_path` is sent only when the connection's schema differs from the one wanted. PostgreSQL takes a
SET back when its transaction or savepoint is rolled back, so after a rollback the path counts as unknown.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base as postgresql
from psycopg import sql

from guyub.kernel.cities import current

# Of what is prepared: only cursors that bind on the server prepare at all (kernel/compiled.py), Django's bind here.
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"


class DatabaseWrapper(postgresql.DatabaseWrapper):
    _connection_path: tuple[str, ...] | None = None
    queries_sent = 0  # cursors opened in all: what a request cost is the difference

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._connection_path = None
        options = f"{conn_params.get('options') or ''} {PLANNED_ONCE}".strip()
        connection = super().get_new_connection({**conn_params, "options": options})
        connection.prepare_threshold = 5
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        self.follow_city()
        return super().create_cursor(name)

    def follow_city(self) -> None:
        """Count a cursor and see that it looks into the current city. Raises `NoCity` where there is none."""
        self.queries_sent += 1
        wanted = current.search_path()
        if wanted != self._connection_path:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL("SET search_path TO {}").format(sql.SQL(",").join(map(sql.Identifier, wanted)))
                )
            self._connection_path = wanted

    def _rollback(self) -> None:
        self._connection_path = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._connection_path = None
