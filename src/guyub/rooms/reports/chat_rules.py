"""Reading what messengers send, which may be anything: plain Python, without Django or clock."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 4000
_NUMBER = re.compile(r"\bLAP-?\s?([0-9]{4})-?\s?([0-9]{6,9})\b", re.I)
_CODE = re.compile(r"\b([A-Z2-7]{4})[\s-]?([A-Z2-7]{4})\b", re.I)
_TELEPHONE = re.compile(r"[0-9]{6,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message: `photo` is what the messenger gives a picture out for, `is_other` something that we cannot read."""

    id: str
    address: str
    text: str = ""
    photo: str = ""
    lat: float | None = None
    lon: float | None = None
    is_other: bool = False


class Command(enum.Enum):
    """What short words mean at any time."""

    STOP = ("stop", "berhenti", "unsubscribe")
    CANCEL = ("batal", "cancel", "ulang")
    CHANGE = ("ganti", "change", "bukan", "salah")
    GREET = (
        "halo", "hallo", "hai", "hi", "hello", "p", "ping", "menu", "mulai", "start", "/start", "lapor", "bantuan",
        "help", "selamat pagi", "selamat siang", "selamat sore", "selamat malam", "assalamualaikum", "permisi",
    )  # fmt: skip
    ENGLISH = ("english", "inggris", "en")
    INDONESIAN = ("indonesia", "bahasa indonesia", "bahasa")


def command_of(text: str) -> Command | None:
    plain = " ".join(re.sub(r"[^a-z/ ]", " ", text.casefold()).split())
    return next((one for one in Command if plain in one.value), None)


def chosen(text: str, among: int) -> int | None:
    """The choice that a number names, counted from 0; None where it names none."""
    said = text.strip().rstrip(".)")
    if not re.fullmatch(r"[0-9]{1,2}", said, re.ASCII):
        return None
    return int(said) - 1 if 1 <= int(said) <= among else None


def report_asked(text: str) -> tuple[str, str] | None:
    """The number and the code ('' without one) that a text asks after; None where it tells of something."""
    found = _NUMBER.search(text)
    if found is None or len(text) > 60:
        return None
    code = _CODE.search(text[: found.start()] + " " + text[found.end() :])
    return f"LAP-{found[1]}-{found[2]}", "".join(code.groups()) if code else ""


def dangers(text: str, words: Mapping[str, Iterable[str]]) -> list[str]:
    """The emergency numbers whose words stand in a text, by the rulebook's names."""
    plain = f" {' '.join(re.findall(r'[a-z0-9]+', text.casefold()))} "
    return [key for key, known in words.items() if any(f" {word} " in plain for word in known)]


# ── Payloads ───────────────────────────────────────────────────────────────────────────────────────────────


def read_whatsapp(tree: Any, *, phone_id: str) -> list[Incoming]:
    """The messages to one of our numbers in a notification of the Cloud API. Receipts and all else are left out."""
    values = [
        change.get("value")
        for entry in _rows(tree, "entry")
        for change in _rows(entry, "changes")
        if change.get("field") == "messages"
    ]
    ours = [
        one
        for one in values
        if isinstance(one, dict) and _text(_part(one, "metadata"), "phone_number_id") == phone_id
    ]
    return [found for value in ours for one in _rows(value, "messages") if (found := _of_whatsapp(one))]


def _of_whatsapp(one: dict[str, Any]) -> Incoming | None:
    id, address, kind = _text(one, "id"), _text(one, "from"), _text(one, "type")
    if not id or not _TELEPHONE.fullmatch(address):
        return None
    said = _part(one, kind) if kind in ("text", "image", "location") else {}
    lat, lon = _point(said)
    text = _text(said, "body") or _text(said, "caption")
    photo = _text(said, "id") if kind == "image" else ""
    return _incoming(id=id, address=address, text=text, photo=photo, lat=lat, lon=lon)


def read_telegram(tree: Any) -> list[Incoming]:
    """The message of an update. Groups are left out: what is said there is said to others too."""
    message = _part(tree, "message")
    chat = _part(message, "chat")
    number, own = chat.get("id"), message.get("message_id")
    if chat.get("type") != "private" or not _is_whole(number) or not _is_whole(own):
        return []
    lat, lon = _point(_part(message, "location"))
    text = _text(message, "text") or _text(message, "caption")
    sizes = [_text(one, "file_id") for one in _rows(message, "photo")]
    photo = sizes[-1] if sizes else ""  # the largest comes last
    return [_incoming(id=f"{number}:{own}", address=str(number), text=text, photo=photo, lat=lat, lon=lon)]


def _incoming(**said: Any) -> Incoming:
    return Incoming(**said, is_other=not (said["text"] or said["photo"] or said["lat"] is not None))


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _rows(tree: Any, name: str) -> Iterator[dict[str, Any]]:
    rows = tree.get(name) if isinstance(tree, dict) else None
    return (one for one in (rows if isinstance(rows, list) else [])[:50] if isinstance(one, dict))


def _part(tree: Any, name: str) -> dict[str, Any]:
    part = tree.get(name) if isinstance(tree, dict) else None
    return part if isinstance(part, dict) else {}


def _text(tree: dict[str, Any], name: str) -> str:
    value = tree.get(name)
    return value[:LONGEST] if isinstance(value, str) else ""


def _point(tree: dict[str, Any]) -> tuple[float | None, float | None]:
    lat, lon = tree.get("latitude"), tree.get("longitude")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None, None
    return (float(lat), float(lon)) if abs(lat) <= 90 and abs(lon) <= 180 else (None, None)
