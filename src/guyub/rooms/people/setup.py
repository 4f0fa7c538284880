"""What a new city still has to do before it begins: a small registry of steps, each a function.

A step looks and says; it changes nothing. Rooms above may add theirs with `step`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guyub.kernel.access.api import ROLES
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.notices.api import Notice
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people.models import Grant, Organisation, OrganisationKind
from guyub.rooms.places import api as places


class Standing(StrEnum):
    DONE = "DONE"
    TODO = "TODO"
    LOOK = "LOOK"


@dataclass(frozen=True, slots=True)
class Found:
    """How a step stands, in words, and where to go on: the name of a route and what it takes."""

    standing: Standing
    words: list[str]
    route: str = ""
    args: tuple[str, ...] = ()
    link: str = ""


Look = Callable[[datetime], Found]
_steps: list[tuple[str, str | Promise, Look]] = []


def step(code: str, title: str | Promise) -> Callable[[Look], Look]:
    """Add a step to the list, in the order in which it is written down."""

    def register(look: Look) -> Look:
        _steps.append((code, title, look))
        return look

    return register


def steps(*, at: datetime) -> list[tuple[str, str, Found]]:
    """All steps as they stand now."""
    return [(code, str(title), look(at)) for code, title, look in _steps]


@step("daerah", gettext_lazy("Daerah dan sebutannya"))
def _region(at: datetime) -> Found:
    city = get_city()
    said = {
        "name": city.government_name,
        "head": city.head_title,
        "zone": str(city.tz),
        "hosts": ", ".join(city.hosts),
    }
    words = _("%(name)s; kepala daerah disebut %(head)s; waktu %(zone)s; alamat %(hosts)s.") % said
    return Found(Standing.DONE, [words])


@step("wilayah", gettext_lazy("Kecamatan, kelurahan, dan desa"))
def _places(at: datetime) -> Found:
    gazetteer = places.gazetteer()
    said = {"districts": len(gazetteer.districts), "settlements": len(gazetteer.settlements)}
    words = [_("%(districts)d kecamatan, %(settlements)d kelurahan dan desa, dari daftar kode resmi.") % said]
    unplaced = sum(1 for row in gazetteer.settlements if row.lat is None)
    if unplaced:
        n = unplaced
        words.append(
            ngettext("%(n)d tempat belum punya titik.", "%(n)d tempat belum punya titik.", n) % {"n": n}
        )
    return Found(Standing.LOOK if unplaced else Standing.DONE, words, "place_list", (), _("Lihat wilayah"))


@step("kantor", gettext_lazy("Perangkat daerah dan kantor"))
def _offices(at: datetime) -> Found:
    n = Organisation.objects.filter(kind=OrganisationKind.AGENCY, is_active=True).count()
    words = _("%(n)d perangkat daerah terdaftar. Cocokkan namanya dengan susunan daerah ini.") % {"n": n}
    return Found(
        Standing.LOOK if n else Standing.TODO, [words], "setup_table", ("kantor",), _("Isi tabel kantor")
    )


_HEADED = (
    OrganisationKind.WARD,
    OrganisationKind.VILLAGE,
    OrganisationKind.DISTRICT,
    OrganisationKind.AGENCY,
)


@step("petugas", gettext_lazy("Petugas dan pimpinan"))
def _officers(at: datetime) -> Found:
    today = local_date(at, get_city().tz)
    heads = [role.code for role in ROLES.values() if role.is_head]
    held = Grant.objects.in_force(today).filter(role__in=heads, account__is_active=True)
    offices = Organisation.objects.filter(is_active=True, kind__in=_HEADED)
    lacking = offices.exclude(pk__in=held.values("organisation")).count()
    officers = (
        Grant.objects.in_force(today).filter(account__is_active=True).values("account").distinct().count()
    )
    words = [_("%(n)d petugas memegang wewenang.") % {"n": officers}]
    if lacking:
        words.append(_("%(n)d kantor belum punya pimpinan yang dapat masuk.") % {"n": lacking})
    standing = Standing.TODO if lacking else Standing.DONE
    return Found(standing, words, "setup_table", ("petugas",), _("Isi tabel petugas"))


@step("faktor", gettext_lazy("Faktor kedua para pimpinan"))
def _factors(at: datetime) -> Found:
    if not settings.GUYUB_OFFICER_SECOND_FACTOR:
        return Found(Standing.LOOK, [_("Pemasangan ini tidak meminta faktor kedua.")])
    today = local_date(at, get_city().tz)
    heads = [role.code for role in ROLES.values() if role.is_head]
    held = Grant.objects.in_force(today).filter(role__in=heads, account__is_active=True)
    with_it = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user")
    n = held.exclude(account__in=with_it).values("account").distinct().count()
    if not n:
        return Found(Standing.DONE, [_("Semua pimpinan sudah memasangnya.")])
    words = _("%(n)d pimpinan belum memasangnya; mereka diminta saat pertama kali masuk.") % {"n": n}
    return Found(Standing.TODO, [words], "city_authority", (), _("Lihat daftar"))


@step("rtrw", gettext_lazy("RW dan RT"))
def _units(at: datetime) -> Found:
    counted = Organisation.objects.filter(is_active=True)
    said = {
        "rw": counted.filter(kind=OrganisationKind.RW).count(),
        "rt": counted.filter(kind=OrganisationKind.RT).count(),
    }
    standing = Standing.DONE if said["rt"] else Standing.TODO
    words = _("%(rw)d RW dan %(rt)d RT terdaftar. Boleh menyusul.") % said
    return Found(standing, [words], "setup_table", ("rtrw",), _("Isi tabel RW dan RT"))


@step("libur", gettext_lazy("Hari libur dan cuti bersama"))
def _holidays(at: datetime) -> Found:
    today = local_date(at, get_city().tz)
    published = rulebook.family("holidays", on=today)
    wanted = [str(today.year), *([str(today.year + 1)] if today.month >= 11 else [])]
    lacking = [year for year in wanted if year not in published]
    if lacking:
        words = _("SKB untuk %(years)s belum ada; tenggat yang melewatinya bersifat sementara.")
        return Found(Standing.TODO, [words % {"years": ", ".join(lacking)}])
    return Found(Standing.DONE, [f"{year}: {published[year].legal_basis}" for year in wanted])


_UNITS = {
    "working_day": gettext_lazy("hari kerja"),
    "calendar_day": gettext_lazy("hari"),
    "hour": gettext_lazy("jam"),
    "day": gettext_lazy("hari"),
    "month": gettext_lazy("bulan"),
}
_CLOCKS = {
    "verify": gettext_lazy("Verifikasi"),
    "respond": gettext_lazy("Jawaban pertama"),
    "resolve.PENGADUAN_TIDAK_BERKADAR_PENGAWASAN": gettext_lazy("Pengaduan selesai"),
    "resolve.PERMINTAAN_INFORMASI": gettext_lazy("Permintaan informasi selesai"),
    "reporter": gettext_lazy("Waktu pelapor untuk menanggapi"),
}
_LENT = {
    "plh": gettext_lazy("Plh paling lama"),
    "plt": gettext_lazy("Plt paling lama"),
    "delegation": gettext_lazy("Pelimpahan paling lama"),
    "support": gettext_lazy("Akses dukungan paling lama"),
}


@step("tenggat", gettext_lazy("Tenggat dan dasar hukumnya"))
def _clocks(at: datetime) -> Found:
    today = local_date(at, get_city().tz)
    words = []
    for family, labels in (("complaint_clocks", _CLOCKS), ("authority", _LENT)):
        rules = rulebook.family(family, on=today)
        for key, label in labels.items():
            if key in rules and rules[key].value.get("amount") is not None:
                value = rules[key].value
                words.append(f"{label}: {value['amount']} {_UNITS[value['unit']]} ({rules[key].legal_basis})")
    return Found(Standing.LOOK, words)


MAIL_TEST = "setup-mail:"


@step("surel", gettext_lazy("Surat elektronik"))
def _mail(at: datetime) -> Found:
    last = Notice.objects.filter(key__startswith=MAIL_TEST).order_by("-created_at").first()
    if last is None:
        return Found(
            Standing.TODO,
            [_("Belum dicoba. Kirim satu surat percobaan ke alamat Anda sendiri.")],
            "setup_mail",
        )
    if last.sent_at is None:
        return Found(
            Standing.TODO, [_("Surat percobaan menunggu dikirim; muat ulang halaman ini.")], "setup_mail"
        )
    day = date_format(last.sent_at.astimezone(get_city().tz), "j F Y H.i")
    words = _("Surat percobaan terkirim %(day)s. Periksa apakah sampai.") % {"day": day}
    return Found(Standing.DONE, [words], "setup_mail")
