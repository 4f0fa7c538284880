"""Checks that each city gets from the kernel: its key, its ledger, its calendar, its backup."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.checks.api import Result, check, fault, ok, warning
from guyub.kernel.cities import backups
from guyub.kernel.cities.api import decrypt, encrypt, get_city
from guyub.kernel.cities.secrets import CannotDecrypt
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook

LAG_WARNING, LAG_FAULT = 10.0, 120.0  # seconds
SEAL_AGE, BACKUP_WARNING, BACKUP_FAULT = timedelta(hours=26), timedelta(hours=26), timedelta(days=7)
DRILL_AGE = timedelta(days=100)
NEXT_YEAR_FROM_MONTH = 11  # the decree of the ministers is signed by October


@check("city.key", title=gettext_lazy("Kunci data kota"))
def key(*, at: datetime) -> Result:
    """The city's data key opens under the master key of this environment."""
    try:
        if decrypt(encrypt("guyub")) == "guyub":
            return ok(_("Kunci kota terbuka dengan kunci induk."))
    except CannotDecrypt:
        pass
    return fault(
        _("Kunci kota tidak terbuka dengan GUYUB_MASTER_KEY ini."),
        _("Kembalikan kunci induk yang dipakai saat kota dibuat (docs/run/incidents.md, “kunci hilang”)."),
    )


@check("city.hosts", title=gettext_lazy("Alamat kota"))
def hosts(*, at: datetime) -> Result:
    """The city answers at a host name."""
    found = [host for host in get_city().hosts if not host.endswith(".localhost")]
    if found or settings.DEMO:
        return ok(", ".join(get_city().hosts))
    return warning(
        _("Kota ini belum punya alamat selain .localhost."),
        _("Buat kota dengan `guyub city create --host …`."),
    )


@check("city.zone", title=gettext_lazy("Zona waktu"))
def zone(*, at: datetime) -> Result:
    """The city's time zone is known to this machine, with the hours that hold in Indonesia."""
    hours = at.astimezone(get_city().tz).utcoffset()
    if hours not in (timedelta(hours=7), timedelta(hours=8), timedelta(hours=9)):
        return fault(
            _("Zona waktu %(zone)s di mesin ini bukan WIB, WITA, atau WIT.") % {"zone": get_city().time_zone},
            _("Pasang data zona waktu terbaru (paket tzdata)."),
        )
    return ok(get_city().time_zone)


@check("ledger.pump", title=gettext_lazy("Pembaca buku catatan"))
def pump(*, at: datetime) -> Result:
    """How long the oldest fact has waited for the pump."""
    seconds = ledger.pump_lag_seconds()
    if seconds < LAG_WARNING:
        return ok(_("Tidak ada kejadian yang tertinggal."))
    said = _("Kejadian terlama menunggu %(seconds)d detik.") % {"seconds": seconds}
    advice = _("Periksa proses latar dan cakrawala buku catatan.")
    return fault(said, advice) if seconds > LAG_FAULT else warning(said, advice)


@check("ledger.consumers", title=gettext_lazy("Tanggapan atas kejadian"))
def consumers(*, at: datetime) -> Result:
    """Consumers that have not done what a fact older than ten minutes asked of them."""
    stopped = ledger.stopped_consumers(at=at)
    if stopped:
        return warning(
            _("Belum dikerjakan: %(names)s.")
            % {"names": ", ".join(f"{name} ({n})" for name, n in sorted(stopped.items()))},
            _("Diminta lagi setiap menit selama tujuh hari; cari sebabnya di log proses latar."),
        )
    return ok(_("Semua tanggapan sudah dikerjakan."))


@check("ledger.seal", title=gettext_lazy("Segel buku catatan"))
def seal(*, at: datetime) -> Result:
    """The newest seal is of today and its facts are as they were sealed."""
    newest = next(iter(ledger.seals(limit=1)), None)
    if newest is None:
        return warning(
            _("Belum ada segel."),
            _("Proses latar menyegel sekali sehari; atau jalankan `guyub ledger seal`."),
        )
    if not ledger.stands(newest):
        return fault(
            _("Segel %(number)d tidak cocok lagi dengan kejadiannya.") % {"number": newest.number},
            _("Jangan ubah apa pun; jalankan `guyub ledger verify` dan baca docs/run/incidents.md."),
        )
    if at - newest.sealed_at > SEAL_AGE and ledger.has_unsealed(newest):
        return warning(
            _("Segel terakhir %(when)s UTC.") % {"when": f"{newest.sealed_at:%d-%m-%Y %H.%M}"},
            _("Periksa proses latar, atau jalankan `guyub ledger seal`."),
        )
    return ok(_("Segel %(number)d cocok.") % {"number": newest.number})


@check("rulebook.holidays", title=gettext_lazy("Hari libur"))
def holidays(*, at: datetime) -> Result:
    """The working calendar of this year, and from November on of the next, is published."""
    today, calendar = timezone.localdate(at, get_city().tz), rulebook.calendar()
    advice = _("`guyub rulebook publish KOTA --key holidays.TAHUN …` dengan SKB 3 Menteri.")
    if not calendar.is_published(today.year):
        return fault(_("Hari libur %(year)d belum ada.") % {"year": today.year}, advice)
    if today.month >= NEXT_YEAR_FROM_MONTH and not calendar.is_published(today.year + 1):
        return warning(
            _("Hari libur %(year)d belum ada; tenggat yang sampai ke sana masih sementara.")
            % {"year": today.year + 1},
            advice,
        )
    return ok(_("Hari libur sudah terbit."))


@check("rulebook.packaged", title=gettext_lazy("Aturan baku"))
def packaged(*, at: datetime) -> Result:
    """The rules that this release brings are there, or the city has its own."""
    if keys := sorted({row.key for row in rulebook.lacking()}):
        return fault(
            _("Aturan yang belum ada di kota ini: %(keys)s.") % {"keys": ", ".join(keys)},
            _("Jalankan `guyub migrate`; aturan milik kota tidak diubah."),
        )
    if keys := rulebook.overtaken():
        return warning(
            _("Aturan yang sudah diganti kota ini, dan Guyub punya versi baru: %(keys)s.")
            % {"keys": ", ".join(keys)},
            _("Bandingkan; bila perlu terbitkan dengan `guyub rulebook publish`."),
        )
    return ok(_("Aturan baku lengkap."))


@check("backup.age", title=gettext_lazy("Cadangan"))
def backup(*, at: datetime) -> Result:
    """The newest backup by `guyub city backup`, and the newest drill that restored one."""
    last = backups.newest(get_city())
    advice = _("Jadwalkan `guyub city backup` setiap malam (docs/run/backup-and-restore.md).")
    if last is None:
        said = _("Belum pernah ada cadangan.")
        return warning(said, advice) if settings.DEMO else fault(said, advice)
    said = _("Cadangan terakhir %(when)s UTC.") % {"when": f"{last.made_at:%d-%m-%Y %H.%M}"}
    if at - last.made_at > BACKUP_FAULT:
        return fault(said, advice)
    if at - last.made_at > BACKUP_WARNING:
        return warning(said, advice)
    drill = backups.newest_drill(get_city())
    if drill is None or at - drill > DRILL_AGE:
        return warning(
            _("Cadangan ada, tetapi pemulihannya belum dicoba dalam tiga bulan ini."),
            _("Jalankan `guyub city drill %(city)s`.") % {"city": get_city().slug},
        )
    return ok(said)
