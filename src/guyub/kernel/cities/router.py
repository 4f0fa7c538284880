"""Each app's tables lie either in `commons` or in every city's schema, never in both."""

from __future__ import annotations

from typing import Any

from guyub.kernel.cities import current

COMMONS_APPS = frozenset({"cities", "procrastinate"})


class SchemaRouter:
    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        in_commons = current.search_path() == (current.COMMONS,)
        return (app_label in COMMONS_APPS) == in_commons
