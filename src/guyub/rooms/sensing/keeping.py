"""What devices sent and could not be stored is kept for a while, whoever put it aside (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.retention import keeps
from guyub.rooms.sensing.models import DeadLetter


@keeps("sensor_letters", title=_("Pesan sensor yang ditolak"), since=_("pesannya datang"))
def letters(*, before: datetime) -> QuerySet[DeadLetter]:
    return DeadLetter.objects.filter(received_at__lt=before)
