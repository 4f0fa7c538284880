"""What an operator should know of a city's offices and officers."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import ROLES, roles
from guyub.kernel.checks.api import Result, check, fault, ok, warning
from guyub.kernel.cities.api import get_city
from guyub.rooms.people.models import Grant, Organisation, OrganisationKind

NEEDED = (OrganisationKind.COORDINATOR, OrganisationKind.INSPECTORATE)


@check("people.offices", title=gettext_lazy("Kantor"))
def offices(*, at: datetime) -> Result:
    """The offices without which a report could be nobody's: a coordinator and the Inspektorat."""
    there = set(Organisation.objects.filter(is_active=True).values_list("kind", flat=True))
    lacking = [str(kind.label) for kind in NEEDED if kind not in there]
    if lacking:
        return fault(
            _("Belum ada: %(names)s.") % {"names": ", ".join(lacking)},
            _("Jalankan `guyub city seed %(city)s`.") % {"city": get_city().slug},
        )
    n = Organisation.objects.filter(is_active=True).count()
    return ok(_("%(n)d kantor terdaftar.") % {"n": n})


@check("people.coordinator", title=gettext_lazy("Koordinator"))
def coordinator(*, at: datetime) -> Result:
    """Somebody coordinates: sees what nobody takes, and hands it on."""
    codes = [code for code, role in ROLES.items() if roles.COORDINATE in role.powers]
    if _grants(at).filter(role__in=codes).exists():
        return ok(_("Ada koordinator pengaduan."))
    return fault(
        _("Belum ada koordinator pengaduan: laporan tanpa kantor tidak dilihat siapa pun."),
        _("Beri seorang petugas peran Admin koordinator."),
    )


@check("people.second_factor", title=gettext_lazy("Kunci kedua petugas"))
def second_factor(*, at: datetime) -> Result:
    """Officers who have not set up a second factor; they are asked for it before they see anything."""
    officers = set(_grants(at).exclude(role__in=_without_powers()).values_list("account_id", flat=True))
    secured = set(
        Authenticator.objects.filter(user_id__in=officers, type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )
    if not officers:
        return warning(_("Belum ada petugas."), _("Undang petugas pertama."))
    if not settings.GUYUB_OFFICER_SECOND_FACTOR:
        said = _("Petugas dapat masuk tanpa kunci kedua.")
        advice = _("Pakai guyub.settings.production.")
        return ok(said) if settings.DEMO else fault(said, advice)
    if lacking := len(officers - secured):
        return warning(
            _("%(n)d dari %(all)d petugas belum memasang kunci kedua.")
            % {"n": lacking, "all": len(officers)},
            _("Mereka diminta memasangnya saat masuk; ingatkan mereka."),
        )
    return ok(_("Semua petugas memakai kunci kedua."))


def _grants(at: datetime):
    return Grant.objects.in_force(timezone.localdate(at, get_city().tz)).filter(account__is_active=True)


def _without_powers() -> list[str]:
    return [code for code, role in ROLES.items() if not role.powers]
