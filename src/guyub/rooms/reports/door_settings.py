"""What the city's other doors need to know of services elsewhere: addresses, accounts, secrets.

A file of JSON by city, named by GUYUB_DOORS and read by the service alone; it is in no database and no backup of ours.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from guyub.kernel.cities.api import get_city


class BadSettings(ValueError):
    """The file cannot be used; the message says why, and holds nothing of it."""


# What each door must be told, and what it may be told.
KNOWN = {
    "whatsapp": (("phone_id", "token", "app_secret", "verify_token"), ("template", "template_language")),
    "telegram": (("token", "secret"), ()),
    "imap": (("host", "user", "password"), ("port", "folder")),
}


def door(name: str) -> dict[str, str]:
    """What a door of this city is told; empty while it is closed. Raises BadSettings."""
    found = _read(settings.GUYUB_DOORS).get(get_city().slug, {}) if settings.GUYUB_DOORS else {}
    said = found.get(name, {}) if isinstance(found, dict) else {}
    if not said:
        return {}
    needed, possible = KNOWN[name]
    if not isinstance(said, dict) or not all(isinstance(value, str) and value for value in said.values()):
        raise BadSettings(f"{name}: texts are expected")
    if lacking := [key for key in needed if key not in said]:
        raise BadSettings(f"{name}: lacks {', '.join(lacking)}")
    if unknown := sorted(set(said) - {*needed, *possible}):
        raise BadSettings(f"{name}: does not know {', '.join(unknown)}")
    if not said.get("port", "1").isdecimal():
        raise BadSettings(f"{name}: port is no number")
    return said


@cache
def _read(path: str) -> dict[str, Any]:
    """Once a process: whoever changes it starts the service anew."""
    try:
        tree = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise BadSettings(f"GUYUB_DOORS: {type(problem).__name__}") from None
    if not isinstance(tree, dict):
        raise BadSettings("GUYUB_DOORS: an object by city is expected")
    return tree


forget = _read.cache_clear
