"""Real processes of the product for tests and benchmarks: a cluster, a web server, a worker, all ended by their id."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guyub.launch import postgres

CHECKOUT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Installation:
    """A whole Guyub of its own in a folder: settings by environment, processes by name."""

    env: dict[str, str]
    port: int
    folder: Path
    server: postgres.Server
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def url(self, path: str, host: str = "bandung.localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    def run(self, *words: str) -> str:
        """A command of ours, to its end; returns what it printed."""
        done = subprocess.run(
            [sys.executable, *words], env=self.env, cwd=CHECKOUT, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        words = {"web": ["serve", "--port", str(self.port)], "worker": ["worker"]}[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "guyub", *words],
                env=self.env,
                cwd=CHECKOUT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if name == "web":
            self.wait_for_web()

    def wait_for_web(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).read()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise AssertionError("the web server did not answer:\n" + self.log("web"))

    def kill(self, name: str) -> None:
        """As the kernel's out-of-memory killer would: no last words."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def kill_database(self) -> None:
        """Like a power cut: the server's first process dies, and the others with it."""
        pid = self.server._hold.cluster.pid()
        assert pid
        os.kill(pid, signal.SIGKILL)

    def start_database(self) -> None:
        """As systemd would with Restart=always; the journal is read first."""
        self.server._hold.cluster.up()

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")


def _key(file: Path, keep: str) -> str:
    """A new key, or the one that the kept installation was made with."""
    if keep and file.exists():
        return file.read_text()
    made = secrets.token_urlsafe(32)
    if keep:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made)
    return made


@contextmanager
def installation(
    folder: Path, *, reports: int, only: Sequence[str] = (), durable: bool = True, keep: str = ""
) -> Iterator[Installation]:
    """A migrated and filled demo installation in a folder, with nothing running but its database.

    `only` names the demo cities that are wanted, if not all four. `keep` names a server of this checkout that stays with its data, and is found again by the next call.
    """
    with (
        postgres.running(checkout=CHECKOUT, name=keep)
        if keep
        else postgres.throwaway(durable=durable) as server
    ):
        env = {
            **{
                k: v
                for k, v in os.environ.items()
                if not k.startswith(("GUYUB_", "DATABASE_", "DJANGO_", "PYTEST"))
            },
            "PYTHONPATH": str(CHECKOUT / "src"),
            "DJANGO_SETTINGS_MODULE": "guyub.settings.demo",
            "GUYUB_SECRET_KEY": _key(folder / "secret", keep),
            "GUYUB_MASTER_KEY": _key(folder / "master", keep),
            "GUYUB_BLUEPRINTS": str(CHECKOUT / "var" / "blueprints"),
            "GUYUB_DATA": str(folder / "data"),
            "GUYUB_STATIC": str(folder / "static"),
            "DATABASE_URL": server.app_url,
            "DATABASE_OWNER_URL": server.owner_url,
        }
        made = Installation(env, free_port(), folder, server)
        made.env["GUYUB_PUBLIC_PORT"] = f":{made.port}"
        (folder / "data").mkdir(parents=True, exist_ok=True)
        made.run("-m", "guyub.launch.prepare", str(reports), *only)
        try:
            yield made
        finally:
            made.stop()
