"""What building a city's empty schema took, as SQL: the next city needs no migrations.

Django takes half a minute to imagine every state between a hundred migrations. Once is enough for a process; and
where `GUYUB_BLUEPRINTS` names a folder (in the tests), once for all processes with the same migrations.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connections

_NOT_BUILDING = ("SELECT", "SHOW", "SAVEPOINT", "RELEASE", "ROLLBACK")
_statements: list[str] = []


def known() -> list[str]:
    """The statements, if this process or another before it noted them; else none."""
    if not _statements and (file := _file()) and file.exists():
        _statements.extend(json.loads(file.read_text(encoding="utf-8")))
    return _statements


@contextmanager
def first() -> Iterator[None]:
    """While one process builds without a blueprint, others that share the folder wait for its blueprint."""
    file = _file()
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def note(build: Callable[[], None], *, using: str, schema: str) -> None:
    """Build, and note how. What names the schema itself serves no other, and is not kept."""
    said: list[str] = []

    def noting(execute: Any, statement: Any, values: Any, many: bool, context: Any) -> Any:
        if not str(statement).lstrip().upper().startswith(_NOT_BUILDING):
            bound = context["cursor"].cursor.mogrify
            for given in values if many else [values]:
                said.append(str(statement) if given is None else bound(statement, given))
        return execute(statement, values, many, context)

    with connections[using].execute_wrapper(noting):
        build()
    if any(schema in statement for statement in said):
        return
    _statements[:] = said
    if file := _file():
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(said), encoding="utf-8")
        fresh.replace(file)


def _file() -> Path | None:
    """By what the migrations say and what they are made with; another migration is another file."""
    if not settings.GUYUB_BLUEPRINTS:
        return None
    digest = hashlib.sha256(django.__version__.encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        folder = Path(config.path)
        for part in sorted([*folder.glob("migrations/*.py"), *folder.glob("data/*.*")]):
            digest.update(f"{config.label} {part.name}".encode() + part.read_bytes())
    return Path(settings.GUYUB_BLUEPRINTS) / f"{digest.hexdigest()[:32]}.json"
