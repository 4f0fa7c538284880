"""What stands around the pages about authority."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel.access.api import Person, roles

LAST_PAGE = 200


def frame(person: Person, current: str) -> dict[str, Any]:
    """The pages about authority that a person may open, as tabs."""
    tabs = [("own", "own_authority", _("Wewenang saya")), ("roles", "role_list", _("Semua peran"))]
    if person.can(roles.DELEGATE):
        tabs.append(("office", "own_office", _("Alamat kantor")))
    if person.can(roles.MANAGE_PEOPLE):
        tabs += [
            ("city", "city_authority", _("Seluruh daerah")),
            ("support", "support_list", _("Akses dukungan")),
            ("clients", "client_list", _("Aplikasi")),
            ("setup", "setup", _("Persiapan")),
        ]
    return {
        "tabs": [
            {"url": reverse(name), "label": label, "current": key == current} for key, name, label in tabs
        ],
        "words": [],
        "lead": "",
    }


def numbered(text: str) -> int:
    """A page's number by its address; whatever is none is the first."""
    return min(int(text), LAST_PAGE) if re.fullmatch(r"[1-9][0-9]{0,3}", text) else 1
