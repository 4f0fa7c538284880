"""The last weeks as a chart, the same on the first page and on the pages of places."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guyub.rooms.reports import api as reports
from guyub.ui import charts

WEEKS = 12


def weekly(found: list[reports.Week]) -> charts.Columns:
    return charts.columns(
        labels=[date_format(week.begins_on, "j M") for week in found],
        series=[
            charts.Series(_("Laporan masuk"), "progress", [week.received for week in found]),
            charts.Series(
                _("Selesai, dikonfirmasi pelapor"), "confirmed", [week.confirmed for week in found]
            ),
        ],
    )
