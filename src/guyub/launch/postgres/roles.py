"""The two roles and the databases. Made when missing; what a person changed later stays."""

import re
from collections.abc import Iterable
from pathlib import Path

from guyub.launch.postgres.cluster import APP, OWNER
from guyub.launch.postgres.errors import PostgresError
from guyub.launch.postgres.wire import Connection

DATABASE = "guyub"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_RIGHTS = "LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS"
_LIMITS = {
    # migrations may be long, but must not queue everybody behind a lock
    OWNER: {"lock_timeout": "30s", "idle_in_transaction_session_timeout": "10min"},
    APP: {"lock_timeout": "10s", "statement_timeout": "60s", "idle_in_transaction_session_timeout": "60s"},
}


def ensure(socket_dir: Path, databases: Iterable[str], *, owner_makes_databases: bool) -> None:
    """Make the roles and databases that are missing. Raises PostgresError."""
    names = [DATABASE, *databases]
    for name in names:
        if not _NAME.fullmatch(name):
            raise PostgresError(f"{name!r} is no name for a database.", "Use small letters, digits and _.")
    with Connection(socket_dir) as connection:
        roles = {row[0] for row in connection.run("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP):
            if role not in roles:
                makes = "CREATEDB" if role == OWNER and owner_makes_databases else "NOCREATEDB"
                _create_role(connection, role, makes)
        rows = connection.run("SELECT datname, datacl IS NULL FROM pg_database")
        untouched = {row[0]: row[1] == "t" for row in rows}
        for name in dict.fromkeys(names):
            if name not in untouched:
                connection.run(f'CREATE DATABASE "{name}" OWNER {OWNER}')
            if untouched.get(name, True):
                _grant(connection, name)


def _create_role(connection: Connection, role: str, makes: str) -> None:
    settings = "".join(f"ALTER ROLE {role} SET {key} = '{value}';" for key, value in _LIMITS[role].items())
    # so that it can tell which session of another role holds the ledger's readers back
    settings += f"GRANT pg_read_all_stats TO {role};" if role == APP else ""
    connection.run(f"BEGIN; CREATE ROLE {role} {_RIGHTS} {makes}; {settings} COMMIT")


def _grant(connection: Connection, name: str) -> None:
    connection.run(
        f'BEGIN; REVOKE ALL ON DATABASE "{name}" FROM PUBLIC;'
        f'GRANT CONNECT, TEMPORARY ON DATABASE "{name}" TO {APP}; COMMIT'
    )
