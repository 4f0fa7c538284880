"""A new row, put into its table by a statement that is made once for each model.

Django's `save` makes the statement of a row anew each time: over a third of a millisecond for a table of forty columns,
more than PostgreSQL takes to store it. Where somebody waits for several rows at once, they go this way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connections, models, transaction

from guyub.kernel.compiled import ask_prepared

USING = "default"


def insert(row: models.Model) -> None:
    """What `row.save(force_insert=True)` does for a plain model: it gets its id, and what its fields have prepared.

    Nobody is signalled. Raises TypeError for a model with a parent or with columns that the database alone fills, and
    for a value that was left to the database.
    """
    made, connection = _statement(type(row)), connections[USING]
    values = [field.pre_save(row, True) for field in made.fields]
    params = [
        field.get_db_prep_save(value, connection) for field, value in zip(made.fields, values, strict=True)
    ]
    if any(hasattr(value, "resolve_expression") for value in params):
        raise TypeError("Each value of the row must be said; one was left to the database.")
    with transaction.mark_for_rollback_on_error(USING):
        row.pk = ask_prepared(connection, made.sql, params)[0][0]
    row._state.db, row._state.adding = USING, False


class _Statement:
    def __init__(self, model: type[models.Model]) -> None:
        meta, quoted = model._meta, connections[USING].ops.quote_name
        own_id = meta.auto_field
        if meta.parents or own_id is None or any(one.generated for one in meta.local_fields):
            raise TypeError(f"{model.__name__} is saved as Django does it.")
        self.fields: list[Any] = [one for one in meta.local_concrete_fields if one is not own_id]
        columns = ", ".join(quoted(str(one.column)) for one in self.fields)
        marks = ", ".join(["%s"] * len(self.fields))
        self.sql = (
            f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({marks}) "  # noqa: S608
            f"RETURNING {quoted(str(own_id.column))}"
        )


_statement = lru_cache(maxsize=None)(_Statement)
