"""The launcher of PostgreSQL, with real processes that are really killed."""

import os
import pwd
import secrets
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from guyub.launch import postgres
from guyub.launch.postgres import cluster, install, wire

SOURCE = Path(postgres.__file__).parents[3]
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
ROOT = os.geteuid() == 0

HOLD = """
import sys
from pathlib import Path
from guyub.launch import postgres
def hold(server):
    print(server.pid, server.socket_dir, flush=True)
    sys.stdin.readline()
"""
USER = HOLD + "with postgres.running(checkout=Path(sys.argv[1])) as server: hold(server)"
POLITE_USER = HOLD + (
    "with postgres.unwind_on_sigterm(), postgres.running(checkout=Path(sys.argv[1])) as server: hold(server)"
)
TESTER = HOLD + "with postgres.throwaway() as server: hold(server)"


class Program:
    """Another Python process that holds a server until told otherwise."""

    def __init__(self, code: str, checkout: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(checkout)],
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> tuple[int, Path]:
        """Wait for its server; return the server's PID and socket folder."""
        assert self.process.stdout
        pid, folder = self.process.stdout.readline().split()
        return int(pid), Path(folder)

    def end(self, number: signal.Signals | None = None) -> int:
        """End it: by a signal, or as it ends itself. Returns its exit status."""
        if number is not None:
            self.process.send_signal(number)
        self.process.communicate("\n" if number is None else None, timeout=30)
        return self.process.returncode


Begin = Callable[..., Program]


@pytest.fixture
def begin(checkout: Path) -> Iterator[Begin]:
    programs: list[Program] = []

    def one(code: str = USER) -> Program:
        programs.append(Program(code, checkout))
        return programs[-1]

    yield one
    for program in programs:
        if program.process.returncode is None:
            program.end(signal.SIGKILL)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    postgres.remove(checkout=tmp_path)


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def folder_of(server: postgres.Server) -> Path:
    return server._hold.cluster.folder


def soon(holds: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def remember(server: postgres.Server) -> None:
    ask(server.owner_url, "CREATE TABLE memory (word text)")
    ask(server.owner_url, "INSERT INTO memory VALUES ('rukun')")


def remembers(server: postgres.Server) -> bool:
    return ask(server.owner_url, "SELECT word FROM memory") == [("rukun",)]


def test_a_cold_and_a_warm_start(checkout: Path) -> None:
    began = time.monotonic()
    with postgres.running(checkout=checkout, databases=["other"]) as server:
        cold = time.monotonic() - began
        remember(server)
        assert ask(server.url("guyub_owner", "other"), "SELECT current_database()") == [("other",)]
        assert server.binary("pg_dump").exists()
        log = folder_of(server) / "server.log"
    assert not wire.alive(server.pid)
    assert not server.socket_dir.exists()
    assert "database system is shut down" in log.read_text().splitlines()[-1]
    began = time.monotonic()
    with postgres.running(checkout=checkout) as server:
        warm = time.monotonic() - began
        assert remembers(server)
    postgres.stop(server)  # once more does no harm
    print(f"cold {cold:.3f} s, warm {warm:.3f} s")
    assert cold < 10
    assert warm < 3


def test_addresses_are_read_alike_by_django(checkout: Path) -> None:
    with postgres.running(checkout=checkout) as server:
        parsed = dj_database_url.parse(server.app_url)
        assert parsed["ENGINE"] == "django.db.backends.postgresql"
        assert (parsed["HOST"], parsed["USER"], parsed["NAME"]) == (
            str(server.socket_dir),
            "guyub_app",
            "guyub",
        )
        assert ask(server.app_url, "SELECT current_user") == [("guyub_app",)]
        assert ask(server.owner_url, "SHOW timezone") == [("UTC",)]
        assert ask(server.owner_url, "SHOW fsync") == [("on",)]


def test_the_socket_is_short_however_deep_the_checkout(tmp_path: Path) -> None:
    deep = tmp_path / ("kelurahan-" * 12) / ("rukun-warga-" * 8)
    deep.mkdir(parents=True)
    with postgres.running(checkout=deep) as server:
        assert len(str(server.socket_dir / ".s.PGSQL.5432")) < 100
    postgres.remove(checkout=deep)


def test_what_the_roles_may_not(checkout: Path) -> None:
    with postgres.running(checkout=checkout) as server:
        for statement in (
            "CREATE SCHEMA kota",
            "CREATE TABLE public.t (i int)",
            "CREATE ROLE tamu",
            "CREATE DATABASE tamu",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ask(server.app_url, statement)
        ask(server.owner_url, "CREATE SCHEMA kota")
        for statement in ("CREATE ROLE tamu", "CREATE DATABASE tamu", "ALTER SYSTEM SET work_mem = '1GB'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ask(server.owner_url, statement)


@pytest.mark.skipif(not ROOT, reason="only root can act as another account")
def test_another_account_is_refused(checkout: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    with postgres.running(checkout=checkout) as server:

        def knock() -> str:
            done = subprocess.run(
                [str(server.binary("psql")), server.app_url, "-c", "SELECT 1"],
                user=nobody.pw_uid,
                group=nobody.pw_gid,
                extra_groups=[],
                cwd="/",
                env={"LC_ALL": "C"},
                capture_output=True,
                text=True,
            )
            assert done.returncode != 0
            return done.stderr

        assert "Permission denied" in knock()  # the folder's door
        server.socket_dir.chmod(0o755)
        assert "Peer authentication failed" in knock()  # the server's door


@pytest.mark.kill
def test_two_processes_share_one_server_and_the_last_stops_it(begin: Begin) -> None:
    first, second = begin(), begin()  # at once: one of them makes the data
    pid, folder = first.ready()
    assert second.ready() == (pid, folder)
    assert first.end() == 0
    assert wire.state(folder) is wire.State.READY
    assert second.end() == 0
    assert wire.state(folder) is wire.State.GONE
    assert not wire.alive(pid)


@pytest.mark.kill
def test_four_processes_at_once_get_one_server(checkout: Path, begin: Begin) -> None:
    programs = [begin() for _ in range(4)]
    assert len({program.ready() for program in programs}) == 1
    with pytest.raises(postgres.PostgresError, match="still uses"):
        postgres.remove(checkout=checkout)
    assert [program.end() for program in programs] == [0] * 4


@pytest.mark.kill
def test_data_survive_the_death_of_the_server(checkout: Path) -> None:
    with postgres.running(checkout=checkout) as server:
        remember(server)
        os.kill(server.pid, signal.SIGKILL)
        with postgres.running(checkout=checkout) as again:  # at once
            assert again.pid != server.pid
            assert remembers(again)


@pytest.mark.kill
def test_a_pid_file_that_names_another_program(checkout: Path) -> None:
    with postgres.running(checkout=checkout) as server:
        remember(server)
        account = server._hold.cluster.account
        pid_file = folder_of(server) / "data" / "postmaster.pid"
        text = pid_file.read_text()
    who = account.uid if ROOT else None
    with subprocess.Popen(["sleep", "60"], cwd="/", user=who) as other:  # a reboot gave the PID to it
        pid_file.write_text(text.replace(str(server.pid), str(other.pid), 1))
        with postgres.running(checkout=checkout) as server:
            assert server.pid != other.pid
            assert remembers(server)
        assert other.poll() is None
        other.kill()


@pytest.mark.kill
def test_a_server_whose_socket_was_swept_away(checkout: Path) -> None:
    with postgres.running(checkout=checkout) as server:
        remember(server)
        for left in server.socket_dir.iterdir():
            left.unlink()
        with postgres.running(checkout=checkout) as again:
            assert again.pid != server.pid
            assert remembers(again)
        assert not wire.alive(server.pid)


@pytest.mark.kill
def test_a_killed_parent_leaves_a_server_that_the_next_adopts(checkout: Path, begin: Begin) -> None:
    program = begin()
    pid, folder = program.ready()
    assert program.end(signal.SIGKILL) == -signal.SIGKILL
    assert wire.state(folder) is wire.State.READY
    began = time.monotonic()
    with postgres.running(checkout=checkout) as server:
        print(f"re-attach {time.monotonic() - began:.3f} s")
        assert server.pid == pid
    assert soon(lambda: not wire.alive(pid))


@pytest.mark.kill
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_parent_told_to_end_stops_its_server(begin: Begin, number: signal.Signals) -> None:
    program = begin(POLITE_USER)
    pid, _ = program.ready()
    status = program.end(number)
    assert status in (128 + number, -number)  # Python itself dies of SIGINT's KeyboardInterrupt
    assert not wire.alive(pid)


@pytest.mark.kill
@pytest.mark.parametrize("moment", ["new-*", "data", "data/postmaster.pid"])
def test_a_parent_told_to_end_while_it_starts(checkout: Path, begin: Begin, moment: str) -> None:
    starting = postgres._cluster(checkout, "demo")
    program = begin(POLITE_USER)
    assert soon(lambda: any(starting.folder.glob(moment)))
    assert program.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert starting.pid() is None
    assert not starting.socket_dir.exists()
    with postgres.running(checkout=checkout) as server:
        assert ask(server.app_url, "SELECT 1") == [(1,)]


@pytest.mark.kill
def test_death_in_the_middle_of_making_the_data(checkout: Path, begin: Begin) -> None:
    home = postgres._cluster(checkout, "demo").folder
    program = begin()
    assert soon(lambda: any(home.glob("new-*/base")))
    program.end(signal.SIGKILL)
    assert not (home / "data").exists()
    with postgres.running(checkout=checkout) as server:
        assert ask(server.app_url, "SELECT 1") == [(1,)]
    assert (home / "data" / "PG_VERSION").exists()


def test_a_forked_child_does_not_stop_its_parents_server(checkout: Path) -> None:
    with postgres.running(checkout=checkout) as server:
        server._hold.process -= 1  # as a forked child sees it
        postgres.stop(server)
        assert wire.state(server.socket_dir) is wire.State.READY
        server._hold.process += 1


def test_data_of_another_version_are_explained(checkout: Path) -> None:
    with postgres.running(checkout=checkout) as server:
        version = folder_of(server) / "data" / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(postgres.PostgresError, match=r"are of PostgreSQL 14.*\n.*GUYUB_PG_BIN"):
        postgres.start(checkout=checkout)


def test_a_server_that_cannot_start_shows_its_log(checkout: Path) -> None:
    with postgres.running(checkout=checkout) as server:
        auto = folder_of(server) / "data" / "postgresql.auto.conf"
    auto.write_text("port = 'gotong royong'\n")
    with pytest.raises(postgres.PostgresError, match=r"(?s)ended while it started.*log.*gotong royong"):
        postgres.start(checkout=checkout)


def test_a_folder_of_programs_without_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUYUB_PG_BIN", str(tmp_path))
    with pytest.raises(postgres.PostgresError, match="no program initdb"):
        postgres.binaries()


@pytest.mark.skipif(not ROOT, reason="needs another account's folder")
def test_a_socket_folder_that_somebody_else_made_is_refused(checkout: Path) -> None:
    theirs = postgres._cluster(checkout, "demo").socket_dir
    theirs.mkdir()
    os.chown(theirs, pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(postgres.PostgresError, match="belongs to another account"):
        postgres.start(checkout=checkout)
    theirs.rmdir()


def test_a_throwaway_server_is_gone_afterwards() -> None:
    with postgres.throwaway(databases=["test_guyub"]) as server, postgres.throwaway(durable=True) as second:
        assert server.socket_dir != second.socket_dir
        assert ask(server.app_url, "SHOW fsync") == [("off",)]
        assert ask(second.app_url, "SHOW synchronous_commit") == [("on",)]
        ask(server.owner_url, "CREATE DATABASE made_by_a_test_runner")
        assert ask(server.url("guyub_app", "test_guyub"), "SELECT 1") == [(1,)]
    assert not wire.alive(server.pid)
    assert not folder_of(server).exists()
    assert not server.socket_dir.exists()


def test_a_throwaway_server_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    name = secrets.token_hex(4)
    monkeypatch.setattr(secrets, "token_hex", lambda _: name)
    folder = cluster.TEMPORARY / f"guyub-throwaway-{os.geteuid()}" / name
    with pytest.raises(postgres.PostgresError, match="no name"), postgres.throwaway(databases=["a;b"]):
        pass
    assert not folder.exists()
    assert not cluster.Cluster(folder, folder, install.account()).socket_dir.exists()


@pytest.mark.kill
def test_throwaway_servers_of_dead_test_runs_are_swept(begin: Begin) -> None:
    dead, living = begin(TESTER), begin(TESTER)
    dead_pid, dead_folder = dead.ready()
    living_pid, living_folder = living.ready()
    dead.end(signal.SIGKILL)
    with postgres.throwaway():
        assert soon(lambda: not wire.alive(dead_pid))
        assert not dead_folder.exists()
        assert wire.alive(living_pid)
        assert wire.state(living_folder) is wire.State.READY
    assert living.end() == 0


@pytest.mark.skipif(
    not (DEBIAN_15 / "initdb").exists(), reason="Debian's PostgreSQL 15 is not on this machine"
)
def test_another_postgresql_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUYUB_PG_BIN", str(DEBIAN_15))
    with postgres.throwaway() as server:
        [(version,)] = ask(server.app_url, "SHOW server_version_num")
        assert str(version).startswith("15")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(server.app_url, "CREATE TABLE public.t (i int)")


def test_signal_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit), postgres.unwind_on_sigterm():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_server_in_recovery_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A door that opens, where somebody says: the database system is starting up."""
    fields = b"VFATAL\0C57P03\0Mthe database system is starting up\0\0"
    monkeypatch.setattr(cluster, "START_LIMIT", 0.4)
    monkeypatch.setattr(cluster, "WORD_EVERY", 0.1)
    waiting = cluster.Cluster(tmp_path, tmp_path, install.account())
    waiting.socket_dir.mkdir()

    def answer(door: socket.socket) -> None:
        while True:
            try:
                caller, _ = door.accept()
            except OSError:
                return
            with caller:
                caller.recv(1000)
                caller.sendall(b"E" + struct.pack("!I", len(fields) + 4) + fields)

    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(waiting.socket_dir / ".s.PGSQL.5432"))
        door.listen(50)
        threading.Thread(target=answer, args=(door,), daemon=True).start()
        assert wire.state(waiting.socket_dir) is wire.State.STARTING
        with pytest.raises(postgres.StillRecovering, match="goes on in the background"):
            waiting._await_ready(None)
        door.shutdown(socket.SHUT_RDWR)
    (waiting.socket_dir / ".s.PGSQL.5432").unlink()
    waiting.socket_dir.rmdir()
    assert "reading its journal" in capsys.readouterr().err
