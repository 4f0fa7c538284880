"""What may be stored at all, and what a datastream's state is called. Plain Python."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

LARGEST_ID = 2**63 - 1


class Row(NamedTuple):
    """A value as it came. `time` is the phenomenon's, `end` only for one that lasts; `result` is any JSON value.

    Without `foi` it is of the datastream's own feature, which is made from the thing's location when needed.
    """

    datastream: int
    time: datetime
    result: Any
    end: datetime | None = None
    result_time: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    result_quality: Any = None
    parameters: Any = None
    foi: int | None = None


class State(StrEnum):
    STORED = "stored"
    THERE = "there"  # a value of this datastream and time was there already, and stays
    REFUSED = "refused"


class No(StrEnum):
    """Why a row is refused."""

    NO_DATASTREAM = "no_datastream"
    NO_FEATURE = "no_feature"  # and the thing has no location of which one could be made
    UNKNOWN_FEATURE = "unknown_feature"
    NO_RESULT = "no_result"
    RESULT = "result"  # not a JSON value that can be kept
    TIME = "time"  # none, or without a zone
    TOO_OLD = "too_old"
    TOO_FAR = "too_far"
    ARCHIVED = "archived"
    ORDER = "order"  # an interval that ends before it begins
    EXTRA = "extra"  # quality or parameters that are no JSON
    MESSAGE = "message"  # too long, or no JSON object
    DATABASE = "database"  # it would not have it, for whichever reason the checks did not see


class Verdict(StrEnum):
    """What an officer says of a value; TESTS leaves it to the tests again."""

    BAD = "bad"
    GOOD = "good"
    TESTS = "tests"


class Refused(ValueError):
    def __init__(self, why: No) -> None:
        super().__init__(why)
        self.why = why


class Result(NamedTuple):
    """A result by its type: exactly one of the three. A truth value, a list or an object is kept as JSON."""

    number: float | None
    text: str | None
    json: str | None


def typed(result: Any) -> Result:
    """Raises `Refused` for what is no JSON value, or cannot be kept: NaN, a number beyond measure, a NUL."""
    if type(result) is float or type(result) is int:
        try:
            number = float(result)
        except OverflowError:
            raise Refused(No.RESULT) from None
        if math.isfinite(number):
            return Result(number, None, None)
        raise Refused(No.RESULT)
    if type(result) is str:
        return Result(None, kept_text(result, No.RESULT), None)
    if result is None:
        raise Refused(No.NO_RESULT)
    return Result(None, None, as_json(result, No.RESULT))


def kept_text(text: str, why: No) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused(why) from None
    if "\0" in text:
        raise Refused(why)
    return text


def as_json(value: Any, why: No) -> str:
    """JSON that PostgreSQL keeps. Raises `Refused`."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        raise Refused(why) from None
    if "\\u0000" in text:
        raise Refused(why)
    return kept_text(text, why)


def check_time(time: Any, *, oldest: datetime, newest: datetime) -> None:
    """Raises `Refused` for a time that is none, or lies outside what the city takes."""
    if type(time) is not datetime or (time.tzinfo is not UTC and time.utcoffset() is None):
        raise Refused(No.TIME)
    if time < oldest:
        raise Refused(No.TOO_OLD)
    if time > newest:
        raise Refused(No.TOO_FAR)


def check_times(row: Row) -> None:
    """Raises `Refused` where another time is none, or runs backwards."""
    for one in (row.end, row.result_time, row.valid_from, row.valid_until):
        if one is not None and (type(one) is not datetime or one.utcoffset() is None):
            raise Refused(No.TIME)
    if row.end is not None and row.end < row.time:
        raise Refused(No.ORDER)
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        raise Refused(No.ORDER)


def month_of(time: datetime) -> tuple[datetime, datetime]:
    """The month in UTC, by which the table is parted: its first moment, and the first after it."""
    first = time.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, (first + timedelta(days=32)).replace(day=1)


def hour_of(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def silent_from(*, last: datetime, cadence: int, times: float, least: timedelta) -> datetime:
    """From when on a datastream counts as silent: so many of its own steps after its last value, at least a while."""
    return last + max(timedelta(seconds=cadence * times), least)
