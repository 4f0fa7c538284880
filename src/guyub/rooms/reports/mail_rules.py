"""Reading a mail that may be anything: plain Python, which never raises for what people (or machines) send.

Python's own parser is careful, yet some headers and charsets make it raise errors of any kind, so each look is guarded
by `except Exception`: whatever goes wrong there is the sender's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from email.utils import parseaddr
from html.parser import HTMLParser
from itertools import islice

MOST_PARTS = 100
MOST_LETTERS = 40_000
_ADDRESS = re.compile(r"[^@\s<>,;:\"'()\[\]\\]{1,64}@[A-Za-z0-9.-]{3,90}", re.ASCII)
# Who never reads what is answered: answering them is how loops begin (RFC 3834).
_MACHINES = re.compile(
    r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|.*[-+]bounces?)([+=-].*)?@", re.I
)
_QUOTE_BEGINS = re.compile(
    r"(pada|on|le|am)\b.{4,200}(menulis|wrote|schrieb|a écrit)\s*:|-{2,}\s*(original message|pesan asli|pesan terusan|"
    r"forwarded message)\s*-{2,}|_{20,}|begin forwarded message:",
    re.I,
)
_SIGNATURE = re.compile(
    r"--\s?|(dikirim dari|sent from) (my )?(iphone|ipad|android|samsung|xiaomi|ponsel|yahoo|outlook).{0,60}",
    re.I,
)
_REPLY = re.compile(r"\s*(re|bls|balas|aw)\s*(\[\d+\])?\s*:", re.I)
_NUMBER = re.compile(r"\bLAP-[0-9]{4}-[0-9]{6,9}\b", re.I)


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What of a mail is used. `sender` is whoever it says that it is from: nothing is ever opened by it."""

    id: str
    sender: str
    name: str
    subject: str
    body: str
    pictures: tuple[Picture, ...] = ()
    is_automatic: bool = False
    is_reply: bool = False


def read_letter(raw: bytes) -> Letter | None:
    """A mail, or None for what cannot be read as one."""
    try:
        message = message_from_bytes(raw, policy=default)
        parts = list(islice(_parts(message), MOST_PARTS))
    except Exception:
        return None
    name, sender = parseaddr(_header(message, "From"))
    subject = _one_line(_header(message, "Subject"))[:200]
    given = _one_line(_header(message, "Message-ID"))[:400]
    return Letter(
        id=f"{sender.lower()} {given}" if given else hashlib.sha256(raw).hexdigest(),
        sender=sender if _ADDRESS.fullmatch(sender) else "",
        name=_one_line(name)[:120],
        subject=_REPLY.sub("", subject, count=1).strip(),
        body=own_words(_text(parts)),
        pictures=tuple(_pictures(parts)),
        is_automatic=_is_automatic(message, sender),
        is_reply=bool(_header(message, "In-Reply-To") or _REPLY.match(subject) or _NUMBER.search(subject)),
    )


def _parts(message: Message) -> Iterator[Message]:
    """The leaves, without recursion: a mail may nest as deep as its sender likes."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inside = part.get_payload()
        if isinstance(inside, list):
            waiting += [one for one in reversed(inside) if isinstance(one, Message)]
        else:
            yield part


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name, "") or "")
    except Exception:
        return ""


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _is_automatic(message: Message, sender: str) -> bool:
    said = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    path = _header(message, "Return-Path").strip()
    return (
        said not in ("", "no")
        or path == "<>"
        or _header(message, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply")
        or any(_header(message, name) for name in ("List-Id", "X-Autoreply", "X-Autorespond", "X-Loop"))
        or _kind(message) in ("multipart/report", "message/delivery-status")
        or bool(_MACHINES.match(sender))
    )


def _kind(part: Message) -> str:
    try:
        return part.get_content_type()
    except Exception:
        return ""


def _data(part: Message) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except Exception:
        return b""
    return found if isinstance(found, bytes) else b""


def _is_attached(part: Message) -> bool:
    return _header(part, "Content-Disposition").strip().lower().startswith("attachment")


def _text(parts: list[Message]) -> str:
    """The plain part; where a mail has none, its HTML without tags."""
    for kind, clean in (("text/plain", str), ("text/html", without_tags)):
        for part in parts:
            if _kind(part) == kind and not _is_attached(part) and (text := clean(_decoded(part))).strip():
                return text
    return ""


def _decoded(part: Message) -> str:
    data = _data(part)[: MOST_LETTERS * 4]
    try:
        return data.decode(part.get_content_charset() or "utf-8", errors="replace")[:MOST_LETTERS]
    except Exception:
        return data.decode("utf-8", errors="replace")[:MOST_LETTERS]


class _Words(HTMLParser):
    BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})
    SILENT = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.said, self.silent = list[str](), 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in self.SILENT
        if tag in self.BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def without_tags(text: str) -> str:
    reader = _Words()
    try:
        reader.feed(text)
        reader.close()
    except Exception:
        return ""
    lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def own_words(text: str) -> str:
    """What the sender wrote now, without what they quote and without their signature. If that would leave nothing,
    all of it: better to read too much than to lose what somebody said."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        said = line.strip()[:400]
        if _QUOTE_BEGINS.fullmatch(said) or _SIGNATURE.fullmatch(said):
            break
        if not said.startswith(">"):
            kept.append(line.rstrip())
    cut = "\n".join(kept).strip()
    return cut if cut else text.strip()


def _pictures(parts: list[Message]) -> Iterator[Picture]:
    for part in parts:
        if _kind(part).startswith("image/") and (data := _data(part)):
            try:
                name = part.get_filename("") or ""
            except Exception:
                name = ""
            yield Picture(_one_line(name)[:80], data)
