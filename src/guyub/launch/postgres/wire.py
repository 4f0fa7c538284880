"""The few words of PostgreSQL's protocol that the launcher speaks itself.

Asking the socket is the only proof that a server lives: PID files outlive their servers. Speaking directly
starts no process and needs neither psql nor a driver.
"""

import enum
import os
import socket
import struct
from pathlib import Path

from guyub.launch.postgres.errors import PostgresError

PORT = 5432  # only a part of the socket's file name: nothing listens on the network
SUPERUSER = "postgres"
_PROTOCOL = 3 << 16
_STARTING_UP = "57P03"
_TOO_MANY = "53300"


class State(enum.Enum):
    GONE = "nobody listens"
    STARTING = "a server lives but does not take connections yet"
    READY = "a server takes connections"


class Refused(PostgresError):
    """The server answered with an error; `code` is its SQLSTATE."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(f"PostgreSQL refused: {message} ({code}).")
        self.code = code


class Connection:
    """A connection over the unix socket in `folder`; `timeout` in seconds. Raises Refused and OSError."""

    def __init__(
        self, folder: Path, *, user: str = SUPERUSER, database: str = "postgres", timeout: float = 60
    ) -> None:
        self._socket = connect(folder, timeout)
        try:
            words = ["user", user, "database", database, "application_name", "guyub launcher"]
            body = struct.pack("!I", _PROTOCOL) + b"".join(w.encode() + b"\0" for w in words) + b"\0"
            self._socket.sendall(struct.pack("!I", len(body) + 4) + body)
            self._until_ready()
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def run(self, statement: str) -> list[list[str | None]]:
        """Run one statement and return its rows as text. There are no parameters: pass constants only."""
        body = statement.encode() + b"\0"
        self._socket.sendall(b"Q" + struct.pack("!I", len(body) + 4) + body)
        return self._until_ready()

    def _until_ready(self) -> list[list[str | None]]:
        rows: list[list[str | None]] = []
        refused: Refused | None = None
        while True:
            kind, body = self._message()
            if kind == b"R" and struct.unpack("!I", body[:4])[0] != 0:
                raise Refused("it asks for a password, so this is not the launcher's own server", "28000")
            if kind == b"E":
                fields = {part[:1]: part[1:].decode(errors="replace") for part in body.split(b"\0")}
                refused = Refused(fields.get(b"M", "no reason given"), fields.get(b"C", ""))
                if fields.get(b"V") in ("FATAL", "PANIC"):
                    raise refused
            elif kind == b"D":
                rows.append(_row(body))
            elif kind == b"Z":
                if refused:
                    raise refused
                return rows

    def _message(self) -> tuple[bytes, bytes]:
        kind, length = struct.unpack("!cI", self._exactly(5))
        return kind, self._exactly(length - 4)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            if not more:
                raise ConnectionResetError("PostgreSQL closed the connection")
            data += more
        return data


def _row(body: bytes) -> list[str | None]:
    (columns,) = struct.unpack("!H", body[:2])
    values: list[str | None] = []
    at = 2
    for _ in range(columns):
        (length,) = struct.unpack("!i", body[at : at + 4])
        at += 4
        values.append(None if length < 0 else body[at : at + length].decode())
        at += max(length, 0)
    return values


def connect(folder: Path, timeout: float) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(timeout)
    try:
        line.connect(str(folder / f".s.PGSQL.{PORT}"))
    except BaseException:
        line.close()
        raise
    return line


def state(folder: Path) -> State:
    """How the server at `folder` is, found by connecting. Raises Refused if it is not a server of ours."""
    try:
        with Connection(folder, timeout=5):
            return State.READY
    except (FileNotFoundError, ConnectionRefusedError):
        return State.GONE
    except OSError:  # it took the call and did not answer in time, or is just going down
        return State.STARTING
    except Refused as refused:
        if refused.code in (_STARTING_UP, _TOO_MANY):
            return State.READY if refused.code == _TOO_MANY else State.STARTING
        raise


def listener(folder: Path) -> int | None:
    """The PID of the process that listens at `folder`, as the kernel knows it; None if nobody or unknown."""
    option = getattr(socket, "SO_PEERCRED", None)  # Linux; elsewhere the caller reads the PID file
    if option is None:
        return None
    try:
        with connect(folder, timeout=5) as line:
            pid: int = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, option, 12))[0]
    except OSError:
        return None
    return pid if pid > 0 else None


def alive(pid: int) -> bool:
    """Whether the process runs. A dead child that nobody fetched (a zombie) does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    except (OSError, IndexError):
        return True
