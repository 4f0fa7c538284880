"""What an operator should know of the sea."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.checks.api import Result, check, fault, ok, warning
from guyub.rooms.tides import forecasting, gauges, reference, thresholds
from guyub.rooms.tides.stations import open_stations


@check("tides.forecasts", title=gettext_lazy("Prakiraan rob"))
def forecasts(*, at: datetime) -> Result:
    """Every station speaks and has a forecast that is no older than three hours."""
    rows = open_stations()
    if not rows:
        return ok(_("Daerah ini tidak punya stasiun pasang surut."))
    old = [row.name for row in rows if not _is_fresh(forecasting.newest_forecast(row), at=at)]
    if old:
        return fault(
            _("Tanpa prakiraan baru: %(names)s.") % {"names": ", ".join(old)},
            _("Perlu 30 hari data baik, atau konstanta terbitan pelabuhan itu sendiri; periksa juga worker."),
        )
    silent = [row.name for row in rows if gauges.water(row, at=at) is None]
    if silent:
        return warning(
            _("Alat ukur diam: %(names)s.") % {"names": ", ".join(silent)},
            _("Tingkat rob hanya mengikuti prakiraan sampai alat berbunyi lagi."),
        )
    return ok(_("%(n)d stasiun punya prakiraan baru.") % {"n": len(rows)})


def _is_fresh(row: forecasting.Forecast | None, *, at: datetime) -> bool:
    return row is not None and at - row.made_for < timedelta(hours=3)


@check("tides.thresholds", title=gettext_lazy("Ambang rob"))
def worn(*, at: datetime) -> Result:
    """No threshold is past its time, and none stands on land that has sunk away beneath it."""
    rows = thresholds.in_force(on=reference.today(at), at=at)
    found = sorted({one.row.place for one in rows if one.aged.is_worn})
    if found:
        return warning(
            _("Ambang perlu disurvei ulang di %(n)d kelurahan.") % {"n": len(found)},
            _("Buka Rob di meja petugas: ambang yang habis masa disebut paling atas."),
        )
    return ok(_("%(n)d ambang berlaku.") % {"n": len(rows)})
