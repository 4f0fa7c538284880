"""PostgreSQL whose connection follows the current city.

`SET search_path` is sent only when the connection's schema differs from the one wanted. PostgreSQL takes a
SET back when its transaction or savepoint is rolled back, so after a rollback the path counts as unknown.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base as postgresql
from psycopg import sql

from guyub.kernel.cities import current


class DatabaseWrapper(postgresql.DatabaseWrapper):
    _connection_path: tuple[str, ...] | None = None
    queries_sent = 0  # cursors opened in all: what a request cost is the difference

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._connection_path = None
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        self.queries_sent += 1
        wanted = current.search_path()
        if wanted != self._connection_path:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL("SET search_path TO {}").format(sql.SQL(",").join(map(sql.Identifier, wanted)))
                )
            self._connection_path = wanted
        return super().create_cursor(name)

    def _rollback(self) -> None:
        self._connection_path = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._connection_path = None
