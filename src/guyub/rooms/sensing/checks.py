"""What an operator should know of a city's sensors."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.checks.api import Result, check, ok, warning
from guyub.rooms.sensing import listing, retiring
from guyub.rooms.sensing.queries import silent
from guyub.rooms.sensing.sta import telling


@check("sensing.sensors", title=gettext_lazy("Sensor"))
def sensors(*, at: datetime) -> Result:
    """Which are silent, what was refused."""
    still, letters = len(silent()), listing.count_waiting_letters()
    if not still and not letters:
        return ok(_("Tidak ada sensor yang diam, tidak ada pesan yang ditolak."))
    return warning(
        _("%(silent)d sensor diam, %(letters)d pesan ditolak.") % {"silent": still, "letters": letters},
        _("Buka /petugas/sensor/: di sana tertulis yang mana dan sejak kapan."),
    )


@check("sensing.archive", title=gettext_lazy("Arsip nilai sensor"))
def archive(*, at: datetime) -> Result:
    """Months whose time is over and that cannot be written to a file."""
    due = retiring.due_months(at=at)
    if not due or retiring.can_archive():
        return ok(_("Tidak ada bulan yang tertahan."))
    return warning(
        _("%(n)d bulan nilai sensor sudah waktunya diarsipkan.") % {"n": len(due)},
        _("Pasang pustaka pyarrow (`pip install guyub[archive]`); tanpa itu tidak ada yang dihapus."),
    )


@check("sensing.untold", title=gettext_lazy("Nilai sensor yang diteruskan"))
def untold(*, at: datetime) -> Result:
    """New values that wait for `guyub sense --out`, and nobody comes for them."""
    waiting, since = telling.count_untold()
    if since is None or at - since < timedelta(minutes=10):
        return ok(_("Tidak ada nilai yang tertahan."))
    return warning(
        _("%(n)d kiriman nilai sensor belum diteruskan.") % {"n": waiting},
        _("Jalankan `guyub sense --out`, dan periksa apakah brokernya menjawab."),
    )
