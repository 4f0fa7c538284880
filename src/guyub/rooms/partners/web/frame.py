"""What pages of a partner's own people share: tabs, and doing what may have been overtaken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel.access.api import NotAllowed
from guyub.rooms.partners.acting import Refused
from guyub.rooms.partners.models import Partner
from guyub.rooms.partners.profile import standing_in_words


def frame(row: Partner, current: str) -> dict[str, Any]:
    """The pages about one partner for its board, as tabs."""
    tabs = [
        ("summary", "partner_manage", _("Ringkasan")),
        ("profile", "partner_profile", _("Profil")),
        ("people", "partner_people", _("Orang")),
        ("documents", "partner_documents", _("Dokumen")),
    ]
    status, tone = standing_in_words(row)
    return {
        "row": row,
        "status": status,
        "tone": tone,
        "tabs": [
            {"url": reverse(name, args=[row.slug]), "label": label, "current": key == current}
            for key, name, label in tabs
        ],
    }


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do one thing and say so; what was overtaken by somebody else is said too, and is no error."""
    try:
        act()
    except Refused as refused:
        messages.warning(request, str(refused))
        return False
    except (NotAllowed, IntegrityError):
        messages.warning(request, _("Ini tidak dapat dilakukan (lagi). Lihat keadaannya sekarang di bawah."))
        return False
    messages.success(request, done)
    return True
