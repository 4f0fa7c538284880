"""Asking a server, and reading both forms of an answer as the same tree. Only the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LISTS = frozenset(
    [
        "attributes",
        "endpoints",
        "errors",
        "formats",
        "notes",
        "service_request_updates",
        "service_requests",
        "services",
        "values",
    ]
)
Fields = Iterable[tuple[str, str]]


class Broken(Exception):
    """The server does not do what it should; the message says how."""


class NotTried(Exception):
    """The check cannot be made here; the message says why."""


def expect(is_so: object, words: str) -> None:
    if not is_so:
        raise Broken(words)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    url: str
    status: int
    kind: str
    body: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.body.decode("utf-8"))
        except ValueError as problem:
            raise Broken(f"{self.url}: no JSON in UTF-8 ({problem})") from None

    def xml(self) -> ET.Element:
        try:
            return ET.fromstring(self.body)  # noqa: S314 - expat of today refuses what would swell
        except ET.ParseError as problem:
            raise Broken(f"{self.url}: no well-formed XML ({problem})") from None

    def tree(self) -> Any:
        """Either form in the manner of JSON; XML's leaves stay text."""
        return tree(self.xml()) if ".xml" in self.url.partition("?")[0] else self.json()


def tree(element: ET.Element) -> Any:
    if element.tag in LISTS:
        return [tree(child) for child in element]
    if len(element):
        return {child.tag: tree(child) for child in element}
    return element.text or None


@dataclass
class Server:
    """The server under test, and what its operator lets us do there."""

    root: str
    key: str = ""
    jurisdiction: str = ""
    write: bool = False
    extensions: bool = False
    place: dict[str, str] = field(default_factory=dict)
    service: str = ""
    hidden: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    touch: Callable[[], None] | None = None
    publish: Callable[[str], None] | None = None
    timeout: float = 20
    kept: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str, _with_jurisdiction: bool = True, **query: str) -> Answer:
        if self.jurisdiction and _with_jurisdiction:
            query.setdefault("jurisdiction_id", self.jurisdiction)
        more = f"?{urllib.parse.urlencode(query)}" if query else ""
        return self._ask(urllib.request.Request(f"{self.root}/{path}{more}"))  # noqa: S310

    def post(self, path: str, fields: Fields, files: Mapping[str, bytes] | None = None) -> Answer:
        pairs = list(fields)
        if self.jurisdiction:
            pairs.append(("jurisdiction_id", self.jurisdiction))
        if files:
            mark = uuid.uuid4().hex
            body, kind = _multipart(pairs, files, mark), f"multipart/form-data; boundary={mark}"
        else:
            body = urllib.parse.urlencode(pairs).encode()
            kind = "application/x-www-form-urlencoded; charset=utf-8"
        return self._ask(
            urllib.request.Request(f"{self.root}/{path}", data=body, headers={"Content-Type": kind})  # noqa: S310
        )

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as found:  # noqa: S310
                return Answer(
                    request.full_url, found.status, found.headers.get("Content-Type", ""), found.read()
                )
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(
                    request.full_url, refused.code, refused.headers.get("Content-Type", ""), refused.read()
                )
        except OSError as problem:
            raise Broken(f"{request.full_url}: no answer ({problem})") from None

    def ok(self, path: str, **query: str) -> Any:
        """The tree of an answer that must be a good one."""
        found = self.get(path, **query)
        expect(found.status == 200, f"{found.url}: {found.status}, not 200")
        return found.tree()

    def must_write(self) -> None:
        if not (self.write and self.key):
            raise NotTried("needs --write and --key: it makes reports")

    def must_have_key(self) -> None:
        if not self.key:
            raise NotTried("needs --key")

    def must_extend(self) -> None:
        if not self.extensions:
            raise NotTried("an extension: needs --extensions")


def _multipart(pairs: list[tuple[str, str]], files: Mapping[str, bytes], mark: str) -> bytes:
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in pairs
    ]
    for name, content in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n'
        parts.append(f"{head}Content-Type: image/png\r\n\r\n".encode() + content + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()])


def expect_refusal(found: Answer, status: int) -> list[Any]:
    """The answer is this error, in the form of its address. Returns the errors."""
    expect(found.status == status, f"{found.url}: {found.status}, not {status}")
    form = "xml" if ".xml" in found.url.partition("?")[0] else "json"
    wanted = "text/xml" if form == "xml" else "application/json"
    expect(found.kind.startswith(wanted), f"{found.url}: an error as {found.kind or 'nothing'}, not {wanted}")
    if form == "xml":
        expect(found.xml().tag == "errors", f"{found.url}: its root is not errors")
    errors = found.tree()
    expect(isinstance(errors, list) and errors, f"{found.url}: no list of errors")
    for one in errors:
        expect(isinstance(one, dict), f"{found.url}: an error without code and description")
        expect(one.get("code"), f"{found.url}: an error without code")
        expect(one.get("description"), f"{found.url}: an error without description")
    return errors
