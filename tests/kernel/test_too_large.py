"""What is too large is refused before anything reads it, and whoever sent it is told what to do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from guyub.sites import asgi


def refused(path: str, accept: str) -> tuple[int, str, str]:
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("nothing of it is read")

    async def send(message: Any) -> None:
        told.append(message)

    headers = [(b"content-length", b"99999999999"), (b"accept", accept.encode())]
    scope = {"type": "http", "path": path, "method": "POST", "headers": headers}
    asyncio.run(asgi.application(scope, receive, send))
    start, body = told
    return start["status"], dict(start["headers"])[b"content-type"].decode(), body["body"].decode()


@pytest.mark.parametrize(
    ("path", "back"), [("/laporan/baru/", "Tekan tombol kembali"), ("/en/laporan/baru/", "Go back in your")]
)
def test_people_get_a_page_with_the_way_back(path, back):
    status, kind, text = refused(path, "text/html,*/*;q=0.8")
    assert (status, kind.partition(";")[0]) == (413, "text/html")
    assert back in text
    assert "<h1>" in text


def test_programs_get_a_line():
    status, kind, text = refused("/open311/v2/requests.json", "application/json")
    assert (status, kind.partition(";")[0], text[:9]) == (413, "text/plain", "Kiriman t")
