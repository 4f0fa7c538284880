"""One cluster: its folder, its server's life from initdb to shutdown. Callers hold the cluster's start lock.

<folder>/start.lock   held while somebody starts or stops the server
<folder>/users.lock   held together by all who use the server
<folder>/data         PostgreSQL's own; appears complete, by a rename
<folder>/*.conf       settings, written anew at each start (ALTER SYSTEM still wins over server.conf)
<folder>/server.log
"""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guyub.launch.postgres import wire
from guyub.launch.postgres.errors import PostgresError, StillRecovering
from guyub.launch.postgres.install import Account, me
from guyub.launch.postgres.wire import State

OWNER = "guyub_owner"
APP = "guyub_app"
TEMPORARY = Path("/tmp")  # noqa: S108 (not TMPDIR: short, and the same for all; who owns it is checked)
START_LIMIT = 300.0  # seconds; reading the journal after a crash can be long
WORD_EVERY = 5.0  # seconds between words to those who wait
BIRTH_LIMIT = 2.0  # seconds from a launch to the PID file
STOP_LIMIT = 60.0  # seconds until a fast shutdown becomes an immediate one
_RETRIES, _PAUSE = 25, 0.2  # backends of a killed server need a moment to leave its shared memory
_LOG_LIMIT = 5_000_000  # bytes; then the log starts anew beside one old one

_SETTINGS = {
    "max_connections": "60",
    "max_locks_per_transaction": "256",  # a schema per city: one migration touches many tables
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_error_verbosity": "terse",  # DETAIL and the statement can hold personal data
    "log_min_error_statement": "panic",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Cluster:
    """A cluster in `folder`, run by `account` with the programs in `bin`."""

    folder: Path
    bin: Path
    account: Account
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def socket_dir(self) -> Path:
        """A short folder for the socket (107 bytes at most), the same for all who use the cluster."""
        key = f"{os.geteuid()} {self.folder}"
        return TEMPORARY / f"guyub-{hashlib.sha256(key.encode()).hexdigest()[:8]}"

    def up(self) -> None:
        """Have a server that takes connections. Raises PostgresError."""
        for left in self.folder.glob("new-*"):  # of an initdb that was killed; nobody else is here now
            shutil.rmtree(left, ignore_errors=True)
        if not self.data.exists():
            self._create()
        own_folder(self.socket_dir, self.account)
        for attempt in range(1, _RETRIES + 1):
            try:
                running = wire.state(self.socket_dir) is not State.GONE
                return self._await_ready(None if running else self._launch())
            except _NotLeftYet:
                if attempt == _RETRIES:
                    raise
                time.sleep(_PAUSE)
            except (KeyboardInterrupt, SystemExit):
                self._await_birth()
                raise

    def down(self, *, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server, if it runs. SIGINT is PostgreSQL's fast shutdown, SIGQUIT is like a power cut."""
        pid = self.pid()
        if pid is not None:
            _signal(pid, how)
            if not _gone(pid, STOP_LIMIT):
                _signal(pid, signal.SIGQUIT)
                if not _gone(pid, 10):
                    raise self._trouble("PostgreSQL does not stop.", f"Look at process {pid}.")
        if self._owns_socket_dir():
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def pid(self) -> int | None:
        """The PID of the living server: who listens, else what the PID file says if that can be proven."""
        heard = wire.listener(self.socket_dir) if self._owns_socket_dir() else None
        if heard is not None:
            return heard
        with contextlib.suppress(OSError, ValueError, IndexError):
            noted = int((self.data / "postmaster.pid").read_text().split()[0])
            if wire.alive(noted) and (_works_in(noted, self.data) or self._answers_elsewhere()):
                return noted
        return None

    def _owns_socket_dir(self) -> bool:
        """Whether the socket's folder is ours. Behind another's door could be any program's socket."""
        try:
            return self.socket_dir.lstat().st_uid in (os.geteuid(), self.account.uid)
        except FileNotFoundError:
            return False

    def _answers_elsewhere(self) -> bool:
        """Without Linux's means of proof, trust the PID file of a server that answers."""
        return not Path("/proc/self").exists() and wire.state(self.socket_dir) is not State.GONE

    def _create(self) -> None:
        draft = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        try:
            self.account.own(draft)
            words = ["-D", str(draft), "-U", wire.SUPERUSER, "-A", "peer", "-E", "UTF8", "-N"]
            if self._major() >= 17:  # sorts alike on every machine, whatever its C library
                words += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            else:
                words += ["--locale=C.UTF-8"]
            done = self._run("initdb", *words)
            if done.returncode:
                raise PostgresError(
                    "PostgreSQL could not make its data folder.",
                    f"Check that the disk of {self.folder} has room, then start again.",
                    _last_lines(done.stdout + done.stderr),
                )
            draft.rename(self.data)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _major(self) -> int:
        """The major version of the programs, such as 18."""
        version = self._run("postgres", "--version").stdout
        found = re.search(r"\(PostgreSQL\) (\d+)", version)
        if found is None:
            raise PostgresError(f"{self.bin / 'postgres'} does not tell its version.", "Install it again.")
        return int(found[1])

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 (our own words, no shell)
            [str(self.bin / program), *words],
            **self._as_account(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def _as_account(self) -> dict[str, Any]:
        """Arguments for subprocess: the account, an environment without surprises, a folder all can enter."""
        who: dict[str, Any] = {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}}
        if not self.account.is_me:
            who |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return who

    def _write_settings(self) -> None:
        hba, ident = self.folder / "access.conf", self.folder / "accounts.conf"
        names = dict.fromkeys([me(), self.account.name])
        roles = (wire.SUPERUSER, OWNER, APP)
        _write(hba, "local all all peer map=guyub\n")
        _write(ident, "".join(f'guyub "{name}" {role}\n' for name in names for role in roles))
        settings = _SETTINGS | {"hba_file": str(hba), "ident_file": str(ident)} | dict(self.settings)
        lines = [f"{key} = '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in settings.items()]
        _write(self.folder / "server.conf", "".join(lines))

    def _clear_stale(self) -> None:
        """Remove what a killed server left. One that lives without its socket is stopped first.

        Should this ever be wrong, PostgreSQL itself still refuses: its shared memory is tied to the data.
        """
        pid = self.pid()
        if pid is not None:
            _signal(pid, signal.SIGINT)
            _gone(pid, STOP_LIMIT)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.socket_dir.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _launch(self) -> "subprocess.Popen[bytes]":
        self._write_settings()
        self._clear_stale()
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        command = [str(self.bin / "postgres"), "-D", str(self.data)]
        command += ["-c", f"config_file={self.folder / 'server.conf'}", "-c", "listen_addresses="]
        command += ["-k", str(self.socket_dir), "-p", str(wire.PORT)]
        with self.log.open("ab") as log:
            process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603
                command,
                **self._as_account(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; we then stop the server in order
            )
        threading.Thread(target=process.wait, name="fetch PostgreSQL's end", daemon=True).start()
        return process

    def _await_birth(self) -> None:
        """Told to end while launching: the server may be so young that nothing tells of it yet."""
        end = time.monotonic() + BIRTH_LIMIT
        while self.pid() is None and time.monotonic() < end:
            time.sleep(0.005)

    def _await_ready(self, process: "subprocess.Popen[bytes] | None") -> None:
        begun = time.monotonic()
        spoken = 0.0
        while (state := wire.state(self.socket_dir)) is not State.READY:
            waited = time.monotonic() - begun
            if process is None and state is State.GONE:
                raise _NotLeftYet("PostgreSQL was just being stopped.", "Start again.", self._tail())
            if process is not None and process.returncode is not None:
                raise self._died()
            if waited > START_LIMIT:
                raise StillRecovering(
                    f"PostgreSQL was not ready after {START_LIMIT:.0f} s; it goes on in the background.",
                    "Start again in a while.",
                    self._tail(),
                )
            if waited - spoken > WORD_EVERY:
                spoken = waited
                say(f"PostgreSQL is still starting (reading its journal after a crash), {waited:.0f} s …")
            time.sleep(0.005 if waited < 1 else 0.1)

    def _died(self) -> PostgresError:
        tail = self._tail()
        if "shared memory block" in _last_lines(tail, 2):  # said just now, not days ago
            return _NotLeftYet("An earlier PostgreSQL still uses the data.", "Start again in a moment.", tail)
        made, ours = (self.data / "PG_VERSION").read_text().strip(), self._major()
        if made != str(ours):
            return PostgresError(
                f"The data in {self.data} are of PostgreSQL {made}; the programs here are {ours}.",
                f"Set GUYUB_PG_BIN to the programs of PostgreSQL {made}, or move the data away.",
            )
        return self._trouble(
            "PostgreSQL ended while it started.", "Repair what its log says, then start again."
        )

    def _trouble(self, happened: str, advice: str) -> PostgresError:
        return PostgresError(happened, advice, self._tail())

    def _tail(self) -> str:
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4000))
            return _last_lines(log.read().decode(errors="replace"))
        return ""


class _NotLeftYet(PostgresError):
    """An earlier server, or what is left of it, is still going."""


def own_folder(folder: Path, account: Account, mode: int = 0o700) -> None:
    """Make `folder`, for `account` alone. In /tmp anybody could have made it before us: then refuse it."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=mode)
    found = folder.lstat()
    if not folder.is_dir() or folder.is_symlink() or found.st_uid not in (os.geteuid(), account.uid):
        raise PostgresError(
            f"{folder} belongs to another account.", "Have its owner remove it, then start again."
        )
    if found.st_uid != account.uid:
        account.own(folder)
    if found.st_mode & 0o777 != mode:
        folder.chmod(mode)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)  # the account reads it; it holds no secret


def _last_lines(text: str, count: int = 8) -> str:
    return "\n".join(text.strip().splitlines()[-count:])


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _gone(pid: int, limit: float) -> bool:
    end = time.monotonic() + limit
    while wire.alive(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def _works_in(pid: int, data: Path) -> bool:
    """Whether the process works in `data`, as PostgreSQL's servers do."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data.resolve()
    except OSError:
        return False
