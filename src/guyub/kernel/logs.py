"""Log lines that machines read and that name nobody.

What others log can hold anything: Django puts the address into its words (and ours are keys), PostgreSQL and mail
servers quote what they were given. So only words written in a program are kept: a foreign record's pattern without
its values, an error's kind and the places in the code that it passed, without its text.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

import structlog

# These fill their words with ids and plain values of ours alone.
_OWN = ("guyub", "procrastinate.worker")
_FRAMES = 12


def error_of(kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> dict[str, Any]:
    """An error by its kind and where it passed; of the database's also its code and the constraint's name."""
    if kind is None:
        return {}
    frames = [f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
    found: dict[str, Any] = {"error": kind.__name__, "at": frames[-_FRAMES:]}
    cause = getattr(error, "__cause__", None) or error
    if state := getattr(cause, "sqlstate", None):
        found["sqlstate"] = state
        constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
        found |= {"constraint": constraint} if constraint else {}
    return found


class JsonLines(logging.Formatter):
    """The formatter of everything that goes through Python's own logging."""

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.startswith(_OWN)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if own else str(record.msg)[:200],
        }
        context = structlog.contextvars.get_contextvars()
        return json.dumps({**line, **context, **error_of(*(record.exc_info or (None, None, None)))})


def requests_logger(stream: Any = None) -> Any:
    """The logger of the one line per request: no level to ask, nothing to fill in, one write."""
    return structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.BoundLogger,
        context_class=dict,
        cache_logger_on_first_use=True,
    )
