"""The embedded PostgreSQL of the demo and the tests: programs from a package, life and death from here.

    with running(checkout=Path.cwd()) as server:
        os.environ["DATABASE_URL"] = server.app_url

Several processes may use one server; the last one to leave stops it. A process that is killed leaves too
(its locks are the kernel's), only nobody stops the server then, until the next user of it leaves. Connections
go over a unix socket and only for the account that started it. Nothing here is needed when DATABASE_URL names
another server.

Standard library only, no Django. Every function raises PostgresError, whose text is written for people.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from guyub.launch.postgres import locks, roles, wire
from guyub.launch.postgres.cluster import APP, FORGETFUL, OWNER, TEMPORARY, Cluster, own_folder
from guyub.launch.postgres.errors import PostgresError, StillRecovering
from guyub.launch.postgres.install import SYSTEM, Account, account, binaries, is_root, me

__all__ = [
    "APP",
    "OWNER",
    "PostgresError",
    "Server",
    "StillRecovering",
    "binaries",
    "remove",
    "running",
    "start",
    "stop",
    "throwaway",
    "unwind_on_sigterm",
]


@dataclass
class _Hold:
    """Our share in a running server: an open, locked file. Only the process that took it may give it back."""

    cluster: Cluster
    users: int | None
    process: int = field(default_factory=os.getpid)


@dataclass(frozen=True)
class Server:
    """A running server that this process uses until `stop`. `pid` is that of its first process."""

    socket_dir: Path
    pid: int
    _hold: _Hold = field(repr=False, compare=False)

    @property
    def owner_url(self) -> str:
        """The address for migrations: the role owns the database and may make schemas in it."""
        return self.url(OWNER, roles.DATABASE)

    @property
    def app_url(self) -> str:
        """The address for everyday work: the role has the rights that the owner grants it, no more."""
        return self.url(APP, roles.DATABASE)

    def url(self, role: str, database: str) -> str:
        """The address of `database` for `role`, as libpq, psycopg and dj-database-url read it."""
        return f"postgresql://{role}@{quote(str(self.socket_dir), safe='')}:{wire.PORT}/{database}"

    def binary(self, name: str) -> Path:
        """The path of a program of the server's own version, such as pg_dump."""
        path = self._hold.cluster.bin / name
        if not path.exists():
            raise PostgresError(f"There is no program {name} in {path.parent}.", "Use another GUYUB_PG_BIN.")
        return path


def start(*, checkout: Path, name: str = "demo", databases: Iterable[str] = ()) -> Server:
    """Use the server `name` of this checkout: made on the first call, joined if it runs, started if not.

    Beside the database `guyub` the `databases` are made if missing. Waits up to 5 minutes for the recovery
    after a crash, saying so on stderr. Data lie in `<checkout>/var/postgres/<name>`, as root below
    /var/lib/guyub/clusters.
    """
    with _in_words():
        cluster = _cluster(checkout, name)
        _make_folder(cluster.folder)
        return _enter(cluster, databases)


def stop(server: Server) -> None:
    """Leave the server; if nobody else uses it, shut it down (in order, at most 60 s). Twice does no harm."""
    _leave(server._hold, lambda cluster: cluster.down())


def remove(*, checkout: Path, name: str = "demo") -> None:
    """Remove the data of the server `name` of this checkout for ever. PostgresError if it is in use."""
    with _in_words():
        cluster = _cluster(checkout, name)
        if not cluster.folder.exists():
            return
        with locks.exclusive(cluster.folder / "start.lock"):
            users = locks.open_lock(cluster.folder / "users.lock")
            try:
                if not locks.alone(users):
                    raise PostgresError("Somebody still uses the server.", "Stop Guyub first.")
                _destroy(cluster)
            finally:
                os.close(users)
        with contextlib.suppress(OSError):  # other servers of this checkout are there
            cluster.folder.parent.rmdir()


@contextmanager
def running(*, checkout: Path, name: str = "demo", databases: Iterable[str] = ()) -> Iterator[Server]:
    """`start`, and `stop` at the end. SIGTERM ends a process without any end: see `unwind_on_sigterm`."""
    server = start(checkout=checkout, name=name, databases=databases)
    try:
        yield server
    finally:
        stop(server)


@contextmanager
def throwaway(*, durable: bool = False, databases: Iterable[str] = ()) -> Iterator[Server]:
    """A new server of its own, for tests; gone with its data at the end.

    Without `durable` nothing is forced to disk (fsync, synchronous_commit and full_page_writes are off). Here
    guyub_owner may also create databases, as test runners do. What killed test runs left is removed first.
    """
    with _in_words():
        base = TEMPORARY / f"guyub-throwaway-{os.geteuid()}"
        mode = 0o711 if is_root() else 0o700  # root's server has another account, which must pass through
        own_folder(base, Account(me(), os.geteuid(), os.getegid()), mode)
        draft = Cluster(base, binaries(), account(), {} if durable else FORGETFUL)
        with locks.exclusive(base / "sweep.lock"):
            _sweep(draft)
            cluster = Cluster(base / secrets.token_hex(4), draft.bin, draft.account, draft.settings)
            _make_folder(cluster.folder)
            guard = locks.join(cluster.folder / "users.lock")
        try:
            server = _enter(cluster, databases, owner_makes_databases=True)
        except BaseException:
            _destroy(cluster)
            raise
        finally:
            os.close(guard)
    try:
        yield server
    finally:
        _leave(server._hold, _destroy)


@contextmanager
def unwind_on_sigterm() -> Iterator[None]:
    """Within this block SIGTERM and SIGHUP raise SystemExit: `with` blocks and `finally` do their work.

    Only for the main thread (elsewhere ValueError). The handlers before are put back at the end. Once
    unwinding has begun, further ones of these signals are ignored.
    """
    numbers = (signal.SIGTERM, signal.SIGHUP)

    def unwind(number: int, frame: object) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, unwind) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _cluster(checkout: Path, name: str) -> Cluster:
    checkout = checkout.resolve()
    if is_root():
        home = SYSTEM / "clusters" / hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    else:
        home = checkout / "var" / "postgres"
    return Cluster(home / name, binaries(), account())


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if is_root():  # whatever root's umask: the server's account must pass through
        for each in (folder, folder.parent, folder.parent.parent):
            if SYSTEM in each.parents or each.parent.name.startswith("guyub-throwaway-"):
                each.chmod(0o755)


def _enter(cluster: Cluster, databases: Iterable[str], *, owner_makes_databases: bool = False) -> Server:
    with locks.exclusive(cluster.folder / "start.lock"):
        hold = _Hold(cluster, locks.join(cluster.folder / "users.lock"))
        try:
            cluster.up()
            roles.ensure(cluster.socket_dir, databases, owner_makes_databases=owner_makes_databases)
            pid = cluster.pid()
            if pid is None:
                raise PostgresError("PostgreSQL ended just after its start.", "Start again.")
            return Server(cluster.socket_dir, pid, hold)
        except StillRecovering:
            _release(hold, lambda _: None)
            raise
        except BaseException:
            with contextlib.suppress(PostgresError):
                _release(hold, lambda last: last.down())
            raise


def _leave(hold: _Hold, end: Callable[[Cluster], None]) -> None:
    if hold.users is None or hold.process != os.getpid():
        return
    with _in_words(), locks.exclusive(hold.cluster.folder / "start.lock"):
        _release(hold, end)


def _release(hold: _Hold, end: Callable[[Cluster], None]) -> None:
    """Give our share back; if it was the last, `end` the cluster. The start lock is held."""
    users, hold.users = hold.users, None
    if users is None:
        return
    try:
        if locks.alone(users):
            end(hold.cluster)
    finally:
        os.close(users)


def _sweep(like: Cluster) -> None:
    """Remove throw-away clusters whose users are dead: those whose lock is free. The sweep lock is held."""
    for folder in like.folder.iterdir():
        if not folder.is_dir():
            continue
        users = locks.open_lock(folder / "users.lock")
        try:
            if locks.alone(users):
                _destroy(Cluster(folder, like.bin, like.account))
        finally:
            os.close(users)


def _destroy(cluster: Cluster) -> None:
    cluster.down(how=signal.SIGQUIT)
    for _ in range(50):  # the last backends may still write while they go
        shutil.rmtree(cluster.folder, ignore_errors=True)
        if not cluster.folder.exists():
            return
        time.sleep(0.05)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise PostgresError(
            f"PostgreSQL could not be handled: {problem}.",
            "Check that the disk has room and that the folders belong to the account that runs Guyub.",
        ) from problem
