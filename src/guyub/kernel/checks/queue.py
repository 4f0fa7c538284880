"""Checks of the background: the worker's pulse, the jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.checks.api import Result, check, fault, ok, warning
from guyub.kernel.cities import pulse

SILENT_AFTER = timedelta(minutes=5)
LATE_SECONDS = 120


@check("worker.pulse", scope="installation", title=gettext_lazy("Proses latar"))
def worker(*, at: datetime) -> Result:
    """A worker has swept within the last minutes."""
    last = pulse.last(pulse.SWEEP)
    advice = _("Jalankan `guyub worker` (systemctl start guyub-worker) dan lihat lognya.")
    if last is None:
        return fault(_("Belum pernah ada `guyub worker` di sini."), advice)
    if at - last > SILENT_AFTER:
        return fault(_("Proses latar diam sejak %(when)s UTC.") % {"when": f"{last:%d-%m-%Y %H.%M}"}, advice)
    return ok(_("Proses latar bekerja."))


@check("queue.jobs", scope="installation", title=gettext_lazy("Antrean"))
def jobs(*, at: datetime) -> Result:
    """Jobs that wait too long, and those that were given up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE status = 'todo' AND attempts = 0), count(*) FILTER (WHERE status = 'failed'), "
            "coalesce(extract(epoch FROM now() - min(e.at) FILTER (WHERE status = 'todo' AND attempts = 0)), 0) "
            "FROM procrastinate_jobs j LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events "
            "WHERE job_id = j.id AND type = 'deferred') e ON true WHERE status IN ('todo', 'failed')"
        )
        waiting, failed, seconds = cursor.fetchone()
    if seconds > LATE_SECONDS:
        return fault(
            _("%(n)d tugas menunggu, yang terlama %(seconds)d detik.") % {"n": waiting, "seconds": seconds},
            _("Lihat kartu “antrean macet” di docs/run/incidents.md."),
        )
    if failed:
        return warning(
            _("%(n)d tugas menyerah setelah sepuluh percobaan.") % {"n": failed},
            _("Cari sebabnya di log proses latar; yang belum terkirim diminta lagi selama tujuh hari."),
        )
    return ok(_("%(n)d tugas menunggu.") % {"n": waiting})
