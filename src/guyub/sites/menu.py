"""What stands in the menus: the residents' few pages, and the officers' by groups and by what each person may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guyub.kernel.access.api import Person, roles
from guyub.rooms.conversation import api as conversation
from guyub.rooms.incidents import api as incidents
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.reports import api as reports
from guyub.rooms.tides import api as tides
from guyub.rooms.warnings import api as warnings
from guyub.ui.rows import Printed, address


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
    holds: tuple[str, ...] = ()
    """Other pages to which it is the way: on them it is the current one."""
    where: Callable[[], bool] | None = None
    """Which cities have it, if not all."""

    def is_for(self, person: Person) -> bool:
        return (not self.needs or any(map(person.can, self.needs))) and (not self.where or self.where())


@dataclass(frozen=True, slots=True)
class Item(Printed):
    """A page of a menu, ready to print."""

    url: str
    label: str
    icon: str
    what: str | Promise  # said by the page of the menu alone
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class Group(Printed):
    """Its number stands in the page, counted from one; the first group has no heading."""

    number: int
    label: str
    items: list[Item]

    @property
    def is_first(self) -> bool:
        return self.number == 1


PORTAL = (
    Page("home", _("Beranda"), "home"),
    Page("report_list", _("Laporan"), "list"),
    Page("place_list", _("Wilayah"), "map"),
    Page(
        "together",
        _("Gotong royong"),
        "users",
        holds=(
            "need_list",
            "offer_list",
            "initiative_list",
            "partner_list",
            "forum_list",
            "thread_list",
            "agreement_list",
        ),
    ),
)
# What stands beside a person's own reports, and what somebody with a seat but no desk comes for.
OWN = (
    Page("account_page", _("Akun dan yang saya ikuti"), ""),
    Page("account_data", _("Data pribadi Anda"), ""),
    Page("own_initiatives", _("Prakarsa saya"), ""),
    Page("own_partners", _("Mitra saya"), ""),
    Page("own_needs", _("Tawaran dan kebutuhan saya"), ""),
    Page("own_agreements", _("Kerja sama mitra Anda"), ""),
)
SEAT = (
    Page("thread_list", _("Percakapan kota"), ""),
    Page("forum_list", _("Forum"), ""),
    Page("performance", _("Angka kinerja"), ""),
)
FOOT = (
    Page("about", _("Tentang dan privasi"), ""),
    Page("personal_data", _("Data pribadi Anda"), ""),
    Page("guide_list", _("Panduan"), ""),
    Page("developers", _("Data terbuka dan pengembang"), ""),
    Page("report_by_code", _("Buka dengan kode"), ""),
    Page("performance", _("Angka kinerja"), ""),
    Page("warning_list", _("Peringatan dini"), ""),
    Page("sea", _("Rob"), "", where=tides.may_be_coastal),
    Page("sensor_list", _("Sensor"), ""),
    Page("flood_list", _("Banjir"), ""),
    Page("incident_list", _("Insiden"), ""),
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
                "desk_tides",
                _("Rob"),
                "hazard",
                _("Prakiraan laut, peluang tiap kelurahan, stasiun, dan ambang."),
                (roles.SEA, roles.WARN, roles.ALERTED, roles.VIEW_AREA),
                where=tides.may_be_coastal,
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
                "wall",
                _("Dinding pantau"),
                "eye",
                _("Peta, angka, dan kejadian seluruh daerah saat ini; juga diputar ulang."),
                (roles.WATCH,),
            ),
            Page(
                "screen_list",
                _("Layar pantau"),
                "building",
                _("Layar dinding dengan tautannya sendiri, tanpa masuk."),
                (roles.WATCH,),
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
        _("Kolaborasi"),
        (
            Page(
                "desk_together",
                _("Gotong royong"),
                "area",
                _("Janji, serahan, bukti, kebutuhan, dan mitra yang menunggu Anda."),
                (roles.COLLABORATE, roles.PARTNERS),
            ),
            Page(
                "desk_partners",
                _("Mitra"),
                "users",
                _("Yang menunggu verifikasi, semua mitra, impor, dan penggabungan."),
                (roles.PARTNERS,),
                partners.count_waiting,
            ),
            Page(
                "desk_initiatives",
                _("Prakarsa bersama"),
                "support",
                _("Yang dikerjakan bersama warga dan mitra: janji, bukti, dan laporan yang menunggu."),
                (roles.COLLABORATE,),
            ),
            Page(
                "desk_needs",
                _("Kebutuhan"),
                "support",
                _("Yang dicari kantor Anda, dan kebutuhan mitra yang menunggu dibaca."),
                (roles.COLLABORATE, roles.PARTNERS),
            ),
            Page(
                "desk_forums",
                _("Forum"),
                "users",
                _("Forum tetap: anggota, rapat, keputusan, tindak lanjut."),
                (roles.FORUMS,),
            ),
            Page(
                "desk_flags",
                _("Pesan yang diadukan"),
                "chat",
                _("Pesan dalam percakapan yang menurut pembaca melanggar aturan."),
                (roles.FORUMS, roles.COLLABORATE),
            ),
            Page(
                "desk_agreements",
                _("Kerja sama daerah"),
                "file",
                _("Tahap, naskah, penandatanganan, dan yang segera berakhir."),
                (roles.AGREEMENTS,),
            ),
            Page(
                "desk_funds",
                _("Dana wilayah"),
                "list",
                _("Pagu, kegiatan, dan realisasi dana kelurahan dan desa."),
                (roles.FUNDS, roles.CEILINGS),
            ),
        ),
    ),
    (
        _("Kota"),
        (
            Page(
                "desk_warnings",
                _("Peringatan dini"),
                "hazard",
                _("Menyusun, menyetujui, dan menilai peringatan bagi warga."),
                (roles.WARN, roles.APPROVE_WARNING),
                warnings.count_waiting,
            ),
            Page(
                "desk_floods",
                _("Laporan banjir"),
                "water",
                _("Kelompok laporan warga: memeriksa, memastikan, meminta pekerjaan."),
                (roles.FLOODS,),
            ),
            Page(
                "desk_incidents",
                _("Insiden"),
                "hazard",
                _("Keadaan darurat: panduan, tugas, pengungsian, logistik, laporan situasi."),
                (roles.INCIDENTS,),
                incidents.count_undecided,
            ),
            Page(
                "incident_tasks",
                _("Tugas darurat"),
                "clip",
                _("Yang diminta posko darurat dari kantor Anda."),
            ),
            Page(
                "data_requests",
                _("Data pribadi"),
                "lock",
                _("Yang diminta warga tentang datanya; diputuskan dalam 3 × 24 jam."),
                (roles.COORDINATE, roles.OVERSIGHT),
                reports.count_data_requests,
            ),
            Page(
                "desk_sensors",
                _("Sensor"),
                "area",
                _("Yang diukur di daerah: alat yang diam, mutu nilai, alat baru."),
                (roles.SENSORS,),
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
                "category_list",
                _("Pertanyaan"),
                "list",
                _("Yang ditanyakan kepada pelapor menurut kategori."),
                (roles.ROUTE_EDIT,),
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
    desk = [Page(people.desk_home(person), _("Meja petugas"), "inbox")] if person.is_officer else []
    return _items(request, person, [*PORTAL, *desk])


def own(request: HttpRequest, person: Person) -> list[Item]:
    return _items(request, person, list(OWN))


def seat(request: HttpRequest, person: Person) -> list[Item]:
    """For the head of the region and the council, who speak and sit but handle no case."""
    seated = any(grant.role in conversation.ELECTED for grant in person.grants)
    return _items(request, person, list(SEAT)) if seated else []


def desk(request: HttpRequest, person: Person) -> list[Group]:
    """The officers' menu; a group without a page for this person is left out."""
    chosen = [(label, [page for page in pages if page.is_for(person)]) for label, pages in DESK]
    items = iter(_items(request, person, [page for _label, pages in chosen for page in pages]))
    shown = [(str(label), pages) for label, pages in chosen if pages]
    return [Group(n, label, [next(items) for _page in pages]) for n, (label, pages) in enumerate(shown, 1)]


def foot() -> list[Item]:
    return [
        Item(address(page.name), str(page.label), "", "", current=False, count=0)
        for page in FOOT
        if not page.where or page.where()
    ]


def _items(request: HttpRequest, person: Person, pages: list[Page]) -> list[Item]:
    """The page that one is on, or the one above it, is marked as the current one."""
    addresses = [address(page.name) for page in pages]
    here, home = request.path, address("home")  # every address begins with the home's
    if here == address("report_new"):
        here = ""  # the button for it is no part of the menu
    ways = {address(name): url for url, page in zip(addresses, pages, strict=True) for name in page.holds}
    ways |= {url: url for url in addresses}
    inside = (url for url in ways if here == url or (url != home and here.startswith(url)))
    current = ways.get(max(inside, key=len, default=""))
    return [
        Item(
            url,
            str(page.label),
            page.icon,
            page.what,
            url == current,
            page.waiting(person) if page.waiting else 0,
        )
        for url, page in zip(addresses, pages, strict=True)
    ]
