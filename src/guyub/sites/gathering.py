"""What many ask for at the same moment is done at once, by few threads, which wait for nobody's company.

Whoever asks while they are busy waits, and a thread takes all who wait when it is free: so the busier they are, the
more are done together, and who comes alone is served alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")
_log = logging.getLogger(__name__)


class Full(Exception):
    """Too many wait, or the process is about to end."""


Work = Callable[[list[Asked]], Iterable[list[tuple[int, Given]]]]


class Gathering(Generic[Asked, Given]):
    """Each thread makes its own `work`, which gets those who waited and hands out what each of them gets, by lots.

    Whom it hands nothing gets an error.
    """

    def __init__(
        self,
        work: Callable[[], Work[Asked, Given]],
        *,
        threads: int,
        at_once: int,
        most: int,
        end: Callable[[], None],
    ) -> None:
        self.work, self.threads, self.at_once, self.most, self.end = work, threads, at_once, most, end
        self._waiting: SimpleQueue[tuple[Asked, asyncio.Future[Given]] | None] = SimpleQueue()
        self._running: list[Thread] = []
        self._closed, self._starting = False, Lock()

    def ask(self, what: Asked) -> asyncio.Future[Given]:
        """From within an event loop. Raises `Full`."""
        if self._closed or self._waiting.qsize() >= self.most:
            raise Full
        if not self._running:
            self._start()
        future: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._waiting.put((what, future))
        return future

    async def close(self, seconds: float = 5) -> None:
        """Let all who wait be served, and the threads end."""
        self._closed = True
        for _ in self._running:
            self._waiting.put(None)
        for thread in self._running:
            await asyncio.get_running_loop().run_in_executor(None, thread.join, seconds)

    def _start(self) -> None:
        with self._starting:
            if not self._running:
                self._running = [
                    Thread(target=self._run, name="gathering", daemon=True) for _ in range(self.threads)
                ]
                for thread in self._running:
                    thread.start()

    def _run(self) -> None:
        work = self.work()
        try:
            while (first := self._waiting.get()) is not None:
                together = [first]
                with suppress(Empty):
                    while len(together) < self.at_once:
                        if (one := self._waiting.get_nowait()) is None:
                            self._waiting.put(None)
                            break
                        together.append(one)
                self._do(work, together)
        finally:
            self.end()

    @staticmethod
    def _do(work: Work[Asked, Given], together: list[tuple[Asked, asyncio.Future[Given]]]) -> None:
        left = {n: future for n, (_, future) in enumerate(together)}
        try:
            for given in work([asked for asked, _ in together]):
                _hand([(left.pop(n), what) for n, what in given])
        except Exception:
            _log.exception("What was asked for together failed.")
        if left:
            _hand([(future, Full()) for future in left.values()])


def _hand(given: list[tuple[asyncio.Future[Any], Any]]) -> None:
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        given[0][0].get_loop().call_soon_threadsafe(_settle, given)


def _settle(given: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, what in given:
        if future.done():  # its sender is gone
            continue
        if isinstance(what, Full):
            future.set_exception(what)
        else:
            future.set_result(what)
