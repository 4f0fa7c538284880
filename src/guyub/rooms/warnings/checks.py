"""What an operator should know of warnings: who can approve, what BMKG's data is doing, what could not be shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import roles
from guyub.kernel.checks.api import Result, check, fault, ok, warning
from guyub.kernel.rulebook.api import NoRule
from guyub.rooms.warnings import roster
from guyub.rooms.warnings.acting import holders
from guyub.rooms.warnings.bmkg import fetching
from guyub.rooms.warnings.models import Bulletin, Message

LATE = timedelta(hours=24)
LOOKED_BACK = timedelta(days=30)


@check("warnings.roster", title=gettext_lazy("Penyetuju peringatan"))
def approvers(*, at: datetime) -> Result:
    """At least two people can approve a warning: one who writes must find another, at night too."""
    able = set(holders(roles.APPROVE_WARNING, at=at))
    there = [one for one in roster.standing() if one.account in able]
    if len(there) >= 2:
        return ok(_("%(n)d orang dapat diminta menyetujui peringatan.") % {"n": len(there)})
    return warning(
        _("Kurang dari dua orang di daftar penyetuju: peringatan dini belum dapat dikirim dengan aman."),
        _("Beri peran Penyetuju peringatan dini, lalu isi daftar di /petugas/peringatan/daftar/."),
    )


@check("warnings.bmkg", title=gettext_lazy("Data BMKG"))
def bmkg(*, at: datetime) -> Result:
    """Whether forecasts and nowcasts of BMKG are asked for, and how old the newest is."""
    try:
        said = fetching.settings(at=at)
    except NoRule:
        return fault(
            _("Aturan peringatan dini belum ada."), _("Jalankan `guyub city seed`, lalu periksa lagi.")
        )
    if not said["enabled"]:
        return ok(_("Data BMKG tidak diambil: belum dinyalakan di aturan `warnings.bmkg`."))
    newest = Bulletin.objects.filter(fetched_at__isnull=False).order_by("-fetched_at").first()
    if newest is None or newest.fetched_at is None or newest.fetched_at < at - LATE:
        return warning(
            _("Data BMKG dinyalakan, tetapi belum ada yang masuk dalam sehari."),
            _("Periksa apakah server ini dapat membuka api.bmkg.go.id dan www.bmkg.go.id."),
        )
    wrong = Bulletin.objects.exclude(problem="").count()
    return ok(_("Data BMKG masuk; %(n)d alamat terakhir gagal dibaca.") % {"n": wrong})


@check("warnings.documents", title=gettext_lazy("Dokumen CAP"))
def documents(*, at: datetime) -> Result:
    """Every warning of the last month has a CAP document: one that breaks a rule is not shown."""
    lacking = Message.objects.filter(issued_at__gt=at - LOOKED_BACK, cap="").count()
    if lacking:
        return warning(
            _("%(n)d peringatan sebulan terakhir tidak punya dokumen CAP.") % {"n": lacking},
            _("Catatan sistem (guyub.warnings) menyebut aturan yang dilanggar."),
        )
    return ok(_("Semua peringatan sebulan terakhir terbit sebagai CAP."))
