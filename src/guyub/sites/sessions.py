"""Sessions in the city's own table; a cookie that no session of ours can have is not looked up at all."""

from __future__ import annotations

import re

from django.contrib.sessions.backends import db

_KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    """A quoted cookie can carry a NUL, which PostgreSQL refuses: every page would answer 500 to it."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and _KEY.fullmatch(key) is not None
