"""The demo goes on living."""

from __future__ import annotations

import time


def live(*, count: int, go_on: bool) -> None:
    while True:
        time.sleep(3600)
