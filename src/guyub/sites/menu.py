"""What stands in the menus: the residents' few pages, and the officers' by groups and by what each person may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guyub.kernel.access.api import Person, roles
from guyub.rooms.reports import api as reports


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a menu offers to whoever holds one of the powers (anybody, if none is named)."""

    name: str
    label: str | Promise
    icon: str
    what: str | Promise = ""
    needs: tuple[str, ...] = ()
    waiting: Callable[[Person], int] | None = None
    """How much waits behind it, where somebody must look."""

    def is_for(self, person: Person) -> bool:
        return not self.needs or any(map(person.can, self.needs))


@dataclass(frozen=True, slots=True)
class Item:
    """A page of a menu, ready to print."""

    url: str
    label: str | Promise
    icon: str
    what: str | Promise
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    items: list[Item]


PORTAL = (
    Page("home", _("Beranda"), "home"),
    Page("report_list", _("Laporan"), "list"),
    Page("place_list", _("Wilayah"), "map"),
)
# The first of these that a person may open.
TO_THE_DESK = (
    Page("desk_inbox", _("Meja petugas"), "inbox", needs=(roles.VIEW,)),
    Page("own_authority", _("Meja petugas"), "inbox"),
)
FOOT = (
    Page("about", _("Tentang dan privasi"), ""),
    Page("personal_data", _("Data pribadi Anda"), ""),
    Page("guide_list", _("Panduan"), ""),
    Page("developers", _("Untuk pengembang"), ""),
    Page("report_by_code", _("Buka dengan kode"), ""),
    Page("performance", _("Angka kinerja"), ""),
    Page("proof", _("Bukti catatan"), ""),
)
# The first group is at hand everywhere; on a phone the others are behind "Menu".
DESK: tuple[tuple[str | Promise, tuple[Page, ...]], ...] = (
    (
        _("Pekerjaan"),
        (
            Page("desk_inbox", _("Kotak masuk"), "inbox", _("Yang menunggu kantor Anda."), (roles.VIEW,)),
            Page(
                "desk_cases",
                _("Semua laporan"),
                "list",
                _("Semua yang boleh Anda lihat, yang sudah berakhir juga."),
                (roles.VIEW,),
            ),
        ),
    ),
    (
        _("Alat"),
        (
            Page(
                "round",
                _("Putaran hari ini"),
                "pin",
                _("Pekerjaan lapangan menurut letaknya, juga tanpa sinyal."),
                (roles.COMPLETE,),
            ),
            Page(
                "second_looks",
                _("Tinjauan"),
                "eye",
                _("Bukti pekerjaan orang lain yang menunggu penilaian Anda."),
                (roles.SECOND_LOOK,),
            ),
            Page(
                "counter",
                _("Loket dan telepon"),
                "edit",
                _("Mencatat laporan yang disampaikan warga kepada Anda."),
                (roles.VERIFY,),
            ),
            Page(
                "desk_sheets",
                _("Lembar"),
                "list",
                _("Lembar apel, bahan rapat, dan bukti kinerja untuk dicetak."),
                (roles.VIEW,),
            ),
            Page(
                "desk_templates",
                _("Templat jawaban"),
                "chat",
                _("Kata yang sudah disiapkan untuk menjawab."),
                (roles.VIEW,),
            ),
        ),
    ),
    (
        _("SP4N-LAPOR!"),
        (
            Page(
                "lapor", _("Dari LAPOR!"), "file", _("Memasukkan laporan dari LAPOR!."), (roles.COORDINATE,)
            ),
            Page(
                "lapor_waiting",
                _("Belum disalin"),
                "clip",
                _("Jawaban yang belum disalin ke LAPOR!."),
                (roles.COORDINATE, roles.OVERSIGHT),
                reports.count_not_copied,
            ),
        ),
    ),
    (
        _("Kota"),
        (
            Page(
                "data_requests",
                _("Data pribadi"),
                "lock",
                _("Yang diminta warga tentang datanya; diputuskan dalam 3 × 24 jam."),
                (roles.COORDINATE, roles.OVERSIGHT),
                reports.count_data_requests,
            ),
            Page(
                "standing_dispositions",
                _("Disposisi tetap"),
                "user",
                _("Jenis laporan yang langsung dikerjakan petugas tertentu."),
                (roles.DISPOSE,),
            ),
            Page(
                "route_table",
                _("Kewenangan"),
                "building",
                _("Kantor mana menangani apa, sejak kapan, atas dasar apa."),
                (roles.VIEW,),
            ),
            Page(
                "desk_bodies",
                _("Instansi luar"),
                "send",
                _("Nama, alamat, dan waktu balasan instansi di luar daerah."),
                (roles.COORDINATE, roles.MANAGE_PEOPLE),
            ),
            Page(
                "own_authority", _("Wewenang"), "users", _("Peran Anda, pelimpahan, dan pejabat sementara.")
            ),
            Page(
                "setup",
                _("Persiapan"),
                "confirmed",
                _("Apa yang sudah dan belum siap, tabel kantor dan petugas."),
                (roles.MANAGE_PEOPLE,),
            ),
        ),
    ),
    (
        _("Lainnya"),
        (
            Page("guide_list", _("Panduan"), "file", _("Satu halaman untuk tiap peran.")),
            Page("home", _("Halaman warga"), "home", _("Yang dilihat warga.")),
            Page("account_page", _("Akun"), "user", _("Yang Anda ikuti, dan bagaimana Anda diberi tahu.")),
        ),
    ),
)


def portal(request: HttpRequest, person: Person) -> list[Item]:
    desk = [page for page in TO_THE_DESK if page.is_for(person)][:1] if person.is_officer else []
    return _items(request, person, [*PORTAL, *desk])


def desk(request: HttpRequest, person: Person) -> list[Group]:
    """The officers' menu; a group without a page for this person is left out."""
    chosen = [(label, [page for page in pages if page.is_for(person)]) for label, pages in DESK]
    items = iter(_items(request, person, [page for _label, pages in chosen for page in pages]))
    return [Group(label, [next(items) for _page in pages]) for label, pages in chosen if pages]


def foot() -> list[dict[str, object]]:
    return [{"url": reverse(page.name), "label": page.label} for page in FOOT]


def _items(request: HttpRequest, person: Person, pages: list[Page]) -> list[Item]:
    """The page that one is on, or the one above it, is marked as the current one."""
    addresses = [reverse(page.name) for page in pages]
    here, home = request.path, reverse("home")  # every address begins with the home's
    if here == reverse("report_new"):
        here = ""  # the button for it is no part of the menu
    inside = (url for url in addresses if here == url or (url != home and here.startswith(url)))
    current = max(inside, key=len, default=None)
    return [
        Item(
            url,
            page.label,
            page.icon,
            page.what,
            url == current,
            page.waiting(person) if page.waiting else 0,
        )
        for url, page in zip(addresses, pages, strict=True)
    ]
