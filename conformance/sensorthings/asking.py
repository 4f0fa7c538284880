"""Asking a server, and counting what was found to be so. Only the standard library."""

from __future__ import annotations

import base64
import http.client
import json
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

MISSING = 9223372036854775807
MOST_PAGES = 200
Row = dict[str, Any]


class Broken(Exception):
    """The server does not do what it should, and the rest of a check makes no sense without it."""


class NotTried(Exception):
    """The check cannot be made here; the message says why."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    asked: str
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.body.decode("utf-8"))
        except ValueError as problem:
            raise Broken(f"{self.asked}: no JSON in UTF-8 ({problem})") from None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Server:
    """The server under test, what its operator lets us do there, and how often it did what it should."""

    root: str
    authorization: str = ""
    wipe: bool = False
    extensions: bool = False
    timeout: float = 30
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def __post_init__(self) -> None:
        self.root = self.root.rstrip("/")
        self.parts = urllib.parse.urlsplit(self.root)

    @classmethod
    def basic(cls, root: str, who: str, **more: Any) -> Server:
        return cls(root, authorization="Basic " + base64.b64encode(who.encode()).decode(), **more)

    # ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json", **query: str
    ) -> Answer:
        """`path` below the root, or an address that the server gave. Query names are written without their $."""
        more = urllib.parse.urlencode(
            {f"${name}" if name != "search" else name: said for name, said in query.items()},
            quote_via=urllib.parse.quote,
        )
        at = self._target(path) + (f"?{more}" if more else "")
        headers = {"Content-Type": kind, "Accept": "application/json, */*"}
        if self.authorization:
            headers["Authorization"] = self.authorization
        for is_last in (False, True):
            try:
                line = self._connection()
                line.request(method, at, body=body, headers=headers)
                found = line.getresponse()
                return Answer(
                    f"{method} {at}",
                    found.status,
                    {name.lower(): value for name, value in found.getheaders()},
                    found.read(),
                )
            except (OSError, http.client.HTTPException) as problem:
                self.hang_up()
                if is_last:
                    raise Broken(f"{method} {at}: no answer ({problem})") from None
        raise AssertionError

    def _target(self, path: str) -> str:
        if path.startswith(("http://", "https://")):
            found = urllib.parse.urlsplit(path)
            return found.path + (f"?{found.query}" if found.query else "")
        return f"{self.parts.path}/{path}" if path else self.parts.path

    def _connection(self) -> http.client.HTTPConnection:
        if self._line is None:
            kind = http.client.HTTPSConnection if self.parts.scheme == "https" else http.client.HTTPConnection
            self._line = kind(self.parts.hostname or "", self.parts.port, timeout=self.timeout)
        return self._line

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def get(self, path: str, **query: str) -> Answer:
        return self.ask("GET", path, **query)

    def post(self, path: str, what: Any) -> Answer:
        return self.ask("POST", path, json.dumps(what).encode())

    def patch(self, path: str, what: Any) -> Answer:
        return self.ask("PATCH", path, json.dumps(what).encode())

    def delete(self, path: str) -> Answer:
        return self.ask("DELETE", path)

    # ── Saying ─────────────────────────────────────────────────────────────────────────────────────────────

    def see(self, is_so: object, words: str) -> bool:
        """Count one promise; a broken one does not end the check."""
        if is_so:
            self.right += 1
        else:
            self.wrong.append(words)
        return bool(is_so)

    def must(self, is_so: object, words: str) -> None:
        """As `see`, for what the rest of a check stands on."""
        if not self.see(is_so, words):
            raise Broken(words)

    def ok(self, path: str, **query: str) -> Any:
        """The JSON of an answer that must be a good one."""
        found = self.get(path, **query)
        self.must(found.status == 200, f"{found.asked}: {found.status}, not 200: {found.text[:200]}")
        return found.json()

    def rows(self, path: str, **query: str) -> list[Row]:
        """All rows of a set, over its pages."""
        found = self.ok(path, **query)
        rows = list(_value(found, path))
        for _page in range(MOST_PAGES):
            more = found.get("@iot.nextLink")
            if not more:
                return rows
            found = self.ok(more)
            rows += _value(found, more)
        raise Broken(f"{path}: its pages do not end")

    def make(self, path: str, what: Any) -> int:
        """POST what must be taken; its id, which is cut from the Location."""
        found = self.post(path, what)
        self.must(found.status == 201, f"{found.asked}: {found.status}, not 201: {found.text[:300]}")
        at = found.headers.get("location", "")
        self.must("(" in at, f"{found.asked}: its Location is {at!r}")
        return int(at[at.rindex("(") + 1 : at.rindex(")")])


def _value(found: Any, path: str) -> list[Row]:
    if not (isinstance(found, dict) and isinstance(found.get("value"), list)):
        raise Broken(f"{path}: no list of values")
    return found["value"]


# ── Checks ─────────────────────────────────────────────────────────────────────────────────────────────────

Check = Callable[[Server], None]
CHECKS: list[tuple[str, str, Check]] = []


def check(group: str) -> Callable[[Check], Check]:
    """Name a check after its function, in its group; they run in the order in which they are written."""

    def named(function: Check) -> Check:
        CHECKS.append((group, function.__name__, function))
        return function

    return named


@dataclass(frozen=True)
class Done:
    group: str
    name: str
    outcome: str
    right: int
    wrong: tuple[str, ...]
    ms: float


def ids(rows: Iterable[Row]) -> list[int]:
    return [row["@iot.id"] for row in rows]
