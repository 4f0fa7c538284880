"""Checks of the machine and the settings."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.checks.api import Result, check, fault, ok, warning

GIGABYTE = 1024**3
SHORTEST_SECRET = 40
LOWEST_SPACE, LOW_SPACE = 1.0, 5.0  # gigabytes


@check("settings.safety", scope="installation", title=gettext_lazy("Pengaturan"))
def safety(*, at: datetime) -> Result:
    """Nothing of a trial is left in the settings: DEBUG, short keys, cookies without TLS."""
    wrong = [
        words
        for bad, words in (
            (settings.DEBUG, "DEBUG"),
            (settings.DEMO, "DEMO"),
            (len(settings.SECRET_KEY) < SHORTEST_SECRET, "GUYUB_SECRET_KEY"),
            (len(settings.GUYUB_MASTER_KEY) < SHORTEST_SECRET, "GUYUB_MASTER_KEY"),
            (settings.SECRET_KEY == settings.GUYUB_MASTER_KEY, "GUYUB_SECRET_KEY = GUYUB_MASTER_KEY"),
            (not settings.SESSION_COOKIE_SECURE, "SESSION_COOKIE_SECURE"),
            (not settings.GUYUB_OFFICER_SECOND_FACTOR, "GUYUB_OFFICER_SECOND_FACTOR"),
        )
        if bad
    ]
    if not wrong:
        return ok(_("Pengaturan untuk kota sungguhan."))
    said = _("Tidak aman untuk kota sungguhan: %(names)s.") % {"names": ", ".join(wrong)}
    advice = _("Pakai guyub.settings.production dengan kunci acak 50 huruf (docs/run/deploy.md).")
    return warning(said, advice) if settings.DEMO else fault(said, advice)


@check("settings.proxy", scope="installation", title=gettext_lazy("Proksi"))
def proxy(*, at: datetime) -> Result:
    """The proxy in front is known, else all residents count as one address to the limits on sending."""
    trusted = os.environ.get("GUYUB_TRUST_PROXY", "")
    if trusted == "*":
        return fault(
            _("Setiap alamat dipercaya sebagai proksi: siapa pun dapat memalsukan alamatnya."),
            _("Tulis alamat proksi itu sendiri di GUYUB_TRUST_PROXY."),
        )
    if trusted:
        return ok(_("Proksi yang dipercaya: %(address)s.") % {"address": trusted})
    if settings.DEMO:
        return ok(_("Tidak ada proksi di depan demo."))
    return warning(
        _("GUYUB_TRUST_PROXY kosong."),
        _("Di belakang proksi, tulis alamatnya; tanpa itu semua warga dihitung sebagai satu alamat."),
    )


@check("files.static", scope="installation", title=gettext_lazy("Berkas statis"))
def static(*, at: datetime) -> Result:
    """Styles and scripts were collected for the web server."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return fault(
            _("Berkas statis belum dikumpulkan di %(folder)s.") % {"folder": settings.STATIC_ROOT},
            _("Jalankan `guyub django collectstatic --no-input`, lalu mulai ulang proses web."),
        )
    return ok(_("Berkas statis ada."))


@check("files.disk", scope="installation", title=gettext_lazy("Ruang disk"))
def disk(*, at: datetime) -> Result:
    """The folder of the photos can be written and its disk has room."""
    folder = Path(settings.GUYUB_DATA)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return fault(
            _("Folder foto %(folder)s tidak dapat ditulisi.") % {"folder": folder},
            _("Buat folder itu dan berikan kepada akun layanan."),
        )
    free = shutil.disk_usage(folder).free / GIGABYTE
    said = _("Sisa %(free).1f GB untuk foto.") % {"free": free}
    if free < LOWEST_SPACE:
        return fault(said, _("Kosongkan atau perbesar disk sekarang (docs/run/incidents.md)."))
    if free < LOW_SPACE:
        return warning(said, _("Rencanakan disk yang lebih besar."))
    return ok(said)


@check("mail.server", scope="installation", title=gettext_lazy("Server surel"))
def mail(*, at: datetime) -> Result:
    """The mail server takes our connection; nothing is sent."""
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
        connection.close()
    except OSError as problem:  # SMTPException is one; its text may hold an account
        return fault(
            _("Server surel tidak menerima sambungan (%(kind)s).") % {"kind": type(problem).__name__},
            _("Periksa GUYUB_MAIL_*; tanpa surel tidak ada kode masuk dan kabar bagi pelapor."),
        )
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost") and not settings.DEMO:
        return warning(
            _("GUYUB_MAIL_FROM belum diisi."), _("Tulis alamat pengirim yang dikenali server surel Anda.")
        )
    return ok(_("Server surel menjawab."))


@check("settings.master_key", scope="installation", title=gettext_lazy("Kunci induk"))
def key_is_kept_elsewhere(*, at: datetime) -> Result:
    """Nothing can see from here whether the master key is kept in a second place: it reminds."""
    return ok(_("GUYUB_MASTER_KEY tidak ada di dalam cadangan mana pun: simpan salinannya di tempat kedua."))
