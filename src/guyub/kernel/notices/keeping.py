"""Notices that were sent are erased when their time is over (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.notices.models import Notice
from guyub.kernel.retention import keeps


@keeps("notices", title=_("Pemberitahuan yang sudah dikirim"), since=_("dikirim"))
def notices(*, before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(sent_at__lt=before)
