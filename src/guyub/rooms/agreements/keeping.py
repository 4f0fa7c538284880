"""What of people is erased when its time is over (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.retention import keeps
from guyub.rooms.agreements.models import Party


def _erase(rows: list[Any], at: datetime) -> None:
    for row in rows:
        row.signatory, row.signatory_erased = "", True
        row.save(update_fields=["signatory", "signatory_erased"])


@keeps(
    "agreement_signatories",
    title=_("Nama penanda tangan kerja sama"),
    since=_("masa berlaku naskahnya habis"),
    erase=_erase,
)
def signatories(*, before: datetime) -> QuerySet[Party]:
    return Party.objects.filter(document__ends_on__lt=before.date(), signatory_erased=False)
