"""What of people is erased when its time is over (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.retention import keeps


@keeps(
    "fund_receipts",
    title=_("Foto kuitansi dana wilayah"),
    since=_("kuitansinya diunggah"),
    erase=lambda rows, at: files.remove(rows),
)
def receipts(*, before: datetime) -> QuerySet[Photo]:
    return Photo.objects.filter(subject__startswith="areafunds.receipt:", uploaded_at__lt=before)
