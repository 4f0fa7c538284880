"""What pages share: doing what may have been overtaken, and on which side of the house one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel.access.api import NotAllowed
from guyub.rooms.needs.acting import Refused
from guyub.rooms.needs.models import Need


@dataclass(frozen=True, slots=True)
class Side:
    """The same pages for a partner's people in the portal and for officers at their desk, each with its addresses."""

    layout: str
    prefix: str

    def page(self, row: Need) -> str:
        return reverse(f"{self.prefix}need", args=[row.number])

    def edit(self, row: Need) -> str:
        return reverse(f"{self.prefix}need_edit", args=[row.number])

    def act(self, row: Need, code: str) -> str:
        return reverse(f"{self.prefix}need_act", args=[row.number, code])

    def ask(self, row: Need) -> str:
        return reverse(f"{self.prefix}need_ask", args=[row.number])

    @property
    def home(self) -> str:
        return reverse(f"{self.prefix}needs")


DESK = Side("ui/desk.html", "desk_")
OWN = Side("ui/portal.html", "own_")


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do one thing and say so; what was overtaken by somebody else is said too, and is no error."""
    try:
        act()
    except Refused as refused:
        messages.warning(request, str(refused))
        return False
    except (NotAllowed, IntegrityError):
        messages.warning(request, overtaken())
        return False
    messages.success(request, done)
    return True


def overtaken() -> str:
    return _("Ini tidak dapat dilakukan (lagi). Lihat keadaannya sekarang di bawah.")
