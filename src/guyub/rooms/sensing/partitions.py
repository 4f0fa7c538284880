"""The months of the observations' table: made ahead by a job, and on demand when a value of another month comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.db import connection, transaction

from guyub.kernel.cities.api import Remembered
from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing import reference
from guyub.rooms.sensing.rules import month_of

# Of the cities, the months of late that are there: they are not asked for with each value. None of them is dropped
# while a process remembers it: what is nearly over is asked for each time.
_there: Remembered[set[date]] = Remembered(set, seconds=3600)


class Months:
    """The months that a call meets: each is asked for once, and made if it is lacking."""

    def __init__(self, *, at: datetime) -> None:
        self._late = at - timedelta(days=max(30 * reference.amount("raw_kept", at=at) - 60, 0))
        self._from = self._until = datetime.max.replace(tzinfo=UTC)
        self._open = False

    def takes(self, time: datetime) -> bool:
        """Whether values of this time can be stored; False for a month whose values are in the archive."""
        if not self._from <= time < self._until:
            self._from, self._until = month_of(time)
            self._open = self._is_open(self._from.date())
        return self._open

    def _is_open(self, month: date) -> bool:
        if self._from < self._late:
            return make_month(month)
        known = _there()
        if month in known:
            return True
        is_open = make_month(month)
        if is_open:
            transaction.on_commit(partial(known.add, month))
        return is_open


def make_month(month: date) -> bool:
    """See that a month is there; False if it was archived, and takes no more values."""
    name = f"sensing_observation_{month:%Y%m}"
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT to_regclass(%s) IS NOT NULL, EXISTS (SELECT FROM sensing_archive WHERE month = %s)",
            [name, month],
        )
        is_there, is_archived = cursor.fetchone()
        if not is_there and not is_archived:
            cursor.execute("SELECT sensing_make_month(%s)", [month])
    return not is_archived


def make_ahead(*, at: datetime) -> list[date]:
    """Make this month and those to come; returns them. So no value waits for a month to be made."""
    found, (month, following) = [], month_of(at)
    for _n in range(reference.amount("months_ahead", at=at) + 1):
        if make_month(month.date()):
            found.append(month.date())
        month, following = month_of(following)
    return found
