"""Screens that were taken off are erased when their time is over (rulebook `retention`): a name may be a person's."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.retention import keeps
from guyub.rooms.command.models import Screen


@keeps("wall_screens", title=_("Layar pantau: nama dan siapa mendaftarkannya"), since=_("alamatnya berakhir"))
def screens(*, before: datetime) -> QuerySet[Screen]:
    return Screen.objects.filter(Q(ended_at__lt=before) | Q(ends_on__lt=before.date()))
