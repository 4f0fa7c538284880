"""Find reports by words: Indonesian stems, all of them, the newest first.

The database keeps the words of each report twice (migration 0005): `public_words` holds only what strangers may read
and is the only column that a stranger's question touches; `all_words` serves officers, within the cases that they
may see.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet, Value

from guyub.rooms.reports.models import Category, Report

LONGEST = 80
MOST_STEMS = 8


class _Holds(Func):
    """`column @@ query`, as a condition."""

    output_field = BooleanField()
    template = "%(column)s @@ %(expressions)s::tsquery"  # no other table has such columns


def found_in_public(rows: QuerySet[Report], words: str) -> QuerySet[Report, Any]:
    """Those of the rows in whose published words all the words stand; none if nothing is left to look for."""
    asked = _query(words)
    return rows.filter(_Holds(Value(asked), column="public_words")) if asked else rows.none()


def numbers_with(words: str) -> QuerySet[Any]:
    """The numbers of reports in whose full words, or in whose category's name, all the words stand.

    Only for officers, and only to narrow what they may see.
    """
    asked = _query(words)
    if not asked:
        return Report.objects.none().values("number")
    kinds = Category.objects.extra(where=["reports_lexemes(name_id) @@ %s::tsquery"], params=[asked])
    inside = Q(_Holds(Value(asked), column="all_words")) | Q(
        category__in=list(kinds.values_list("pk", flat=True))
    )
    return Report.objects.filter(inside).values("number")


def _query(words: str) -> str:
    """The stems of what somebody typed, as a question that all must stand; empty if only stop words remain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(reports_lexemes(%s))", [words[:LONGEST]])
        stems = cursor.fetchone()[0][:MOST_STEMS]
    return " & ".join("'" + stem.replace("\\", "\\\\").replace("'", "''") + "'" for stem in stems)
