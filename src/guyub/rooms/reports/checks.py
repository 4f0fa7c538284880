"""What an operator should know of a city's categories and limits."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.checks.api import Result, check, fault, ok, warning
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.api import routing
from guyub.rooms.people import api as people
from guyub.rooms.reports.door_settings import KNOWN, BadSettings, door
from guyub.rooms.reports.models import Category, DataRequest

LIMITED = ("report", "support", "follow", "partner")


@check("reports.routes", title=gettext_lazy("Kategori dan kantornya"))
def routes(*, at: datetime) -> Result:
    """Every category that residents may choose goes to an office that exists."""
    today, offices = timezone.localdate(at, get_city().tz), people.directory()
    codes = list(Category.objects.filter(is_active=True).values_list("code", flat=True))
    if not codes:
        return fault(
            _("Belum ada kategori: tidak ada yang dapat melapor."),
            _("Jalankan `guyub city seed %(city)s`.") % {"city": get_city().slug},
        )
    rows = routing.Route.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=today),
        category__in=[*codes, "*"],
        effective_from__lte=today,
        level=routing.Route.Level.AGENCY,
    ).values_list("category", "organisation_key")
    lost = sorted({f"{category} → {key}" for category, key in rows if offices.find_key(key) is None})
    if lost:
        return warning(
            _("Kantor tujuan belum ada: %(names)s. Laporannya jatuh ke koordinator.")
            % {"names": ", ".join(lost)},
            _("Daftarkan kantor itu, atau ubah tabel penerusan."),
        )
    return ok(_("%(n)d kategori punya kantor tujuan.") % {"n": len(codes)})


@check("reports.data_requests", title=gettext_lazy("Permintaan data pribadi"))
def data_requests(*, at: datetime) -> Result:
    """Requests about personal data are decided within the hours of the rulebook."""
    rows = DataRequest.objects.filter(decided_at__isnull=True)
    late = rows.filter(due_at__lt=at).count()
    if late:
        return fault(
            _("%(n)d permintaan data pribadi lewat 3 × 24 jam.") % {"n": late},
            _("Koordinator memutuskannya di halaman Permintaan data pribadi."),
        )
    return ok(_("%(n)d permintaan data pribadi menunggu, tidak ada yang terlambat.") % {"n": rows.count()})


@check("reports.doors", title=gettext_lazy("Pintu lain: WhatsApp, Telegram, kotak surel"))
def other_doors(*, at: datetime) -> Result:
    """Which doors are open; what is written of them can be used."""
    try:
        found = {name: door(name) for name in KNOWN}
    except BadSettings as problem:
        return fault(
            _("Berkas pintu tidak dapat dipakai: %(why)s.") % {"why": problem},
            _("Perbaiki berkas GUYUB_DOORS."),
        )
    if found["whatsapp"] and "template" not in found["whatsapp"]:
        return warning(
            _("WhatsApp terbuka tanpa templat: kabar sesudah 24 jam tidak sampai."),
            _("Daftarkan templat pada Meta, lalu tulis namanya sebagai template di berkas GUYUB_DOORS."),
        )
    names = ", ".join(name for name, said in found.items() if said)
    return ok(_("Terbuka: %(names)s.") % {"names": names} if names else _("Semua tertutup."))


@check("reports.limits", title=gettext_lazy("Batas kiriman"))
def limits(*, at: datetime) -> Result:
    """The rulebook says how much one device and one address may send."""
    given = rulebook.family("sending_limits", on=timezone.localdate(at, get_city().tz))
    lacking = [what for what in LIMITED if what not in given]
    if lacking:
        return warning(
            _("Tanpa batas kiriman: %(names)s.") % {"names": ", ".join(lacking)},
            _("Jalankan `guyub city seed %(city)s`.") % {"city": get_city().slug},
        )
    return ok(_("Batas kiriman berlaku."))
