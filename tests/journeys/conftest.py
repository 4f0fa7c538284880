"""A real browser on a real installation."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error

from guyub.launch import chromium
from tests.processes import Installation, installation

SHOTS = Path(__file__).resolve().parents[2] / "artifacts" / "screenshots"
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1440, "height": 900}
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def until(page, expression: str, *, seconds: float = 15) -> None:
    """Wait until a JavaScript expression is true. (Chromium's own polling is forbidden by the pages' policy.)"""
    ends = time.monotonic() + seconds
    while not _is_true(page, expression):
        assert time.monotonic() < ends, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(100)


def _is_true(page, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Error as problem:
        if "context was destroyed" in problem.message:  # the page went on while it was asked
            return False
        raise


@pytest.fixture(scope="package")
def browser():
    """Debian's Chromium; where there is none the journeys are not run, and in CI that is a failure."""
    found = chromium.find()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("No Chromium: the browser journeys could not be run.")
        pytest.skip("No Chromium here: the browser journeys were not run.")
    from playwright.sync_api import sync_playwright

    # The driver keeps an event loop in this thread until the last journey; Django takes what tests do beside it for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def site(tmp_path_factory) -> Iterator[Installation]:
    with installation(
        tmp_path_factory.mktemp("site"), reports=60, only=("bandung", "pekalongan"), durable=False
    ) as made:
        made.start("web")
        made.start("worker")
        yield made


@pytest.fixture
def visitor(browser, site, request):
    """Opens pages as somebody: `visitor(javascript=…, viewport=…)`; what the browser complained of fails the test."""
    contexts, complaints = [], []

    def open_page(*, javascript: bool = True, viewport=PHONE, language: str = "id-ID", city: str = "bandung"):
        context = browser.new_context(
            java_script_enabled=javascript,
            viewport=viewport,
            locale=language,
            base_url=site.url("", host=f"{city}.localhost").rstrip("/"),
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        return page

    yield open_page
    SHOTS.mkdir(parents=True, exist_ok=True)
    for number, context in enumerate(contexts):
        for page in context.pages:
            page.screenshot(path=SHOTS / f"{request.node.name}-{number}.png", full_page=True)
        context.close()
    assert complaints == []
