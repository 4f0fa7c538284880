"""Messengers as we use them: whether a call is really theirs, what it says, and how they are answered.

Closed while GUYUB_DOORS says nothing of them. Only the worker calls them; no answer of theirs is written to a log.
"""

from __future__ import annotations

import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from guyub.kernel.cities.api import get_city
from guyub.kernel.notices.api import CouldNotSend
from guyub.rooms.reports.chat_rules import Incoming, read_telegram, read_whatsapp
from guyub.rooms.reports.door_settings import door
from guyub.rooms.reports.models import Origin

TIMEOUT_SECONDS = 20
MOST_PHOTO_BYTES = 16 * 1024 * 1024


class Messenger(ABC):
    """One messenger, as one city is reached on it."""

    @abstractmethod
    def is_theirs(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether a call bears their signature."""

    @abstractmethod
    def read(self, tree: Any) -> list[Incoming]:
        """The messages in it."""

    @abstractmethod
    def send(self, address: str, text: str, *, template: tuple[str, ...] = ()) -> None:
        """Write to somebody. `template` are the words of a message that they did not ask for just now.

        Raises CouldNotSend.
        """

    @abstractmethod
    def fetch(self, photo: str) -> bytes:
        """A picture that was sent. Raises CouldNotSend."""


@dataclass(frozen=True)
class WhatsApp(Messenger):
    """The Cloud API. More than a day after somebody wrote, only a template that Meta has approved may be sent."""

    phone_id: str
    token: str
    app_secret: str
    verify_token: str
    template: str = ""
    template_language: str = "id"

    BASE = "https://graph.facebook.com/v21.0"

    def is_theirs(self, body: bytes, headers: Mapping[str, str]) -> bool:
        wanted = "sha256=" + hmac.new(self.app_secret.encode(), body, sha256).hexdigest()
        return hmac.compare_digest(wanted.encode(), headers.get("X-Hub-Signature-256", "").encode())

    def read(self, tree: Any) -> list[Incoming]:
        return read_whatsapp(tree, phone_id=self.phone_id)

    def send(self, address: str, text: str, *, template: tuple[str, ...] = ()) -> None:
        said: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": address,
        }
        if template and not self.template:
            raise CouldNotSend("no template")
        if template:
            words = [{"type": "text", "text": one} for one in template]
            said["type"] = "template"
            said["template"] = {
                "name": self.template,
                "language": {"code": self.template_language},
                "components": [{"type": "body", "parameters": words}],
            }
        else:
            said |= {"type": "text", "text": {"body": text, "preview_url": False}}
        _call("POST", f"{self.BASE}/{quote(self.phone_id, safe='')}/messages", self._headers, json=said)

    def fetch(self, photo: str) -> bytes:
        found = _call("GET", f"{self.BASE}/{quote(photo, safe='')}", self._headers).json()
        return _download(str(found.get("url", "")), self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Telegram(Messenger):
    """The Bot API."""

    token: str
    secret: str

    BASE = "https://api.telegram.org"

    def is_theirs(self, body: bytes, headers: Mapping[str, str]) -> bool:
        shown = headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        return hmac.compare_digest(self.secret.encode(), shown.encode())

    def read(self, tree: Any) -> list[Incoming]:
        return read_telegram(tree)

    def send(self, address: str, text: str, *, template: tuple[str, ...] = ()) -> None:
        said = {"chat_id": int(address), "text": text, "link_preview_options": {"is_disabled": True}}
        _call("POST", f"{self.BASE}/bot{self.token}/sendMessage", {}, json=said)

    def fetch(self, photo: str) -> bytes:
        found = _call("GET", f"{self.BASE}/bot{self.token}/getFile", {}, params={"file_id": photo}).json()
        path = str((found.get("result") or {}).get("file_path", ""))
        return _download(f"{self.BASE}/file/bot{self.token}/{quote(path)}", {})


@dataclass(frozen=True)
class Local(Messenger):
    """Nobody's messenger, for the demo: what is said stands in a file that one page shows."""

    folder: Path

    def is_theirs(self, body: bytes, headers: Mapping[str, str]) -> bool:
        return False

    def read(self, tree: Any) -> list[Incoming]:
        return []

    def send(self, address: str, text: str, *, template: tuple[str, ...] = ()) -> None:
        self.note(address, "kota", text)

    def note(self, address: str, who: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._file(address).open("a", encoding="utf-8") as file:
            file.write(json.dumps([who, text]) + "\n")

    def lines(self, address: str) -> list[tuple[str, str]]:
        """Who said what, the oldest first."""
        file = self._file(address)
        found = map(json.loads, file.read_text("utf-8").splitlines()) if file.exists() else ()
        return [(who, text) for who, text in found]

    def _file(self, address: str) -> Path:
        return self.folder / f"{get_city().slug}-{int(address)}.jsonl"

    def fetch(self, photo: str) -> bytes:
        try:
            return (self.folder / Path(photo).name).read_bytes()
        except OSError as problem:
            raise CouldNotSend(type(problem).__name__) from None


def find_messenger(channel: str) -> Messenger | None:
    """How the city is reached on a messenger; None while that door is closed. Raises BadSettings."""
    if channel == Origin.Channel.WHATSAPP and (said := door("whatsapp")):
        return WhatsApp(**said)
    if channel == Origin.Channel.TELEGRAM and (said := door("telegram")):
        return Telegram(**said)
    return Local(Path(settings.GUYUB_DATA) / "chat") if settings.DEMO else None


def _call(method: str, address: str, headers: dict[str, str], **more: Any) -> Any:
    import requests  # only the worker needs it

    try:
        answer = requests.request(
            method, address, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False, **more
        )
    except requests.RequestException as problem:
        raise CouldNotSend(type(problem).__name__) from None
    if not answer.ok:
        raise CouldNotSend(f"status {answer.status_code}")
    return answer


def _download(address: str, headers: dict[str, str]) -> bytes:
    """A picture of at most so many bytes, only over HTTPS."""
    if not address.startswith("https://"):
        raise CouldNotSend("no address")
    answer = _call("GET", address, headers, stream=True)
    found = bytearray()
    with answer:
        for part in answer.iter_content(64 * 1024):
            found += part
            if len(found) > MOST_PHOTO_BYTES:
                raise CouldNotSend("too large")
    return bytes(found)
