"""What goes wrong, in words for people."""


class PostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked.

    The text says what happened and what to do, and ends with the last lines of the server's log, if any.
    """

    def __init__(self, happened: str, advice: str = "", log: str = "") -> None:
        parts = [happened, advice]
        if log:
            parts.append("The last lines of its log:\n" + "\n".join(f"  {line}" for line in log.splitlines()))
        super().__init__("\n".join(part for part in parts if part))


class StillRecovering(PostgresError):
    """The server lives but is not ready yet. It was left running: stopping it would waste its work."""
