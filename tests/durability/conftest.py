"""One installation on a disk that keeps its word, for all who kill its processes or press upon them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.processes import Installation, installation


@pytest.fixture(scope="package")
def installed(tmp_path_factory) -> Iterator[Installation]:
    with installation(
        tmp_path_factory.mktemp("durability"), reports=20, only=("bandung", "pekalongan")
    ) as one:
        yield one


@pytest.fixture
def made(installed: Installation) -> Iterator[Installation]:
    """Each test finds nothing running but the database, and the release that was installed."""
    before = dict(installed.env)
    yield installed
    installed.stop()
    installed.processes.clear()
    installed.env.clear()
    installed.env.update(before)
