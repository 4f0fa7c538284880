"""Sessions in the city's own table; a cookie that no session of ours can have is not looked up at all."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from guyub.kernel.compiled import Compiled

_KEY = re.compile(r"[a-z0-9]{32}")


def _of_key(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_session: Compiled[Session] = Compiled(_of_key)


class SessionStore(db.SessionStore):
    """A quoted cookie can carry a NUL, which PostgreSQL refuses: every page would answer 500 to it."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and _KEY.fullmatch(key) is not None

    def _get_session_from_db(self) -> Any:
        found = _session.rows(key=self.session_key, now=timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
            return None
        return found[0]
