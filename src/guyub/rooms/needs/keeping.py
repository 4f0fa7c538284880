"""What of people is erased when its time is over (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.retention import keeps
from guyub.rooms.needs.models import Ask, Offer


@keeps("resident_offers", title=_("Tawaran tenaga dan keahlian dari warga"), since=_("tawarannya diakhiri"))
def offers(*, before: datetime) -> QuerySet[Offer]:
    return Offer.objects.filter(account__isnull=False, ended_at__lt=before)


@keeps("help_asked", title=_("Ajakan membantu dan jawabannya"), since=_("kebutuhannya selesai"))
def asks(*, before: datetime) -> QuerySet[Ask]:
    return Ask.objects.filter(need__ended_at__lt=before)
