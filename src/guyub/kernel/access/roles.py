"""Roles: what each lets a person do, said in plain words. Authority is role × organisation × place."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    """`powers` name verbs that rooms ask for, such as `case.verify`.

    `passes_on` are powers that may be delegated although they are not otherwise.
    """

    code: str
    label: str | Promise
    description: str | Promise
    powers: frozenset[str] = field(default_factory=frozenset)
    passes_on: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_head(self) -> bool:
        """Whether the role leads an office: its holder delegates, and somebody may act in their place."""
        return DELEGATE in self.powers

    @property
    def delegable(self) -> frozenset[str]:
        """What the head may let an officer of the office do in their name."""
        return (self.powers - NOT_DELEGABLE) | (self.powers & self.passes_on)

    @property
    def acting_powers(self) -> frozenset[str]:
        """What an acting head may do: all that the head may, but a mandate is not handed on."""
        return self.powers - {DELEGATE}


@dataclass(frozen=True, slots=True)
class Power:
    """A power in plain words. `sees` tells what is looked at from what is done."""

    code: str
    label: str | Promise
    sees: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """Powers that only make sense together, as a head delegates them."""

    code: str
    label: str | Promise
    powers: frozenset[str]


VIEW = "case.view"
VERIFY = "case.verify"
ANSWER = "case.answer"
HAND_OVER = "case.hand_over"
COMPLETE = "case.complete"
NOTE = "case.note"
APPROVE_SCHEDULE = "case.approve_schedule"
DISPOSE = "case.dispose"
SECOND_LOOK = "case.second_look"
ESCALATED = "case.escalated"
VIEW_AREA = "case.view_area"
VIEW_ALL = "case.view_all"
VIEW_HAZARDS = "case.view_hazards"
COORDINATE = "case.coordinate"
ALERTED = "hazard.alerted"
IDENTITY = "reporter.identity"
IDENTITY_ANONYMOUS = "reporter.identity_anonymous"
OVERSIGHT = "case.oversight"
ROUTE_EDIT = "route.edit"
ROUTE_APPROVE = "route.approve"
DELEGATE = "people.delegate"
MANAGE_PEOPLE = "people.manage"
SUPPORT = "support.read"
PARTNERS = "partner.verify"
COLLABORATE = "initiative.run"
FUNDS = "fund.manage"
CEILINGS = "fund.ceiling"
AGREEMENTS = "agreement.manage"
FORUMS = "forum.run"
WARN = "warning.draft"
APPROVE_WARNING = "warning.approve"
SEA = "sea.keep"
FLOODS = "flood.manage"
SENSORS = "sensor.manage"
WATCH = "wall.watch"
INCIDENTS = "incident.run"

# Who an anonymous reporter is, what is said of officials, and who holds which office are not handed about.
NOT_DELEGABLE = frozenset(
    {IDENTITY_ANONYMOUS, OVERSIGHT, DELEGATE, MANAGE_PEOPLE, SUPPORT, COORDINATE, ROUTE_EDIT, ROUTE_APPROVE}
)

POWERS: dict[str, Power] = {
    power.code: power
    for power in (
        Power(VIEW, _("Melihat laporan kantornya"), sees=True),
        Power(VIEW_AREA, _("Melihat laporan semua kelurahan di wilayahnya"), sees=True),
        Power(VIEW_ALL, _("Melihat laporan seluruh daerah, kecuali tentang perilaku petugas"), sees=True),
        Power(VIEW_HAZARDS, _("Melihat semua laporan bahaya"), sees=True),
        Power(IDENTITY, _("Melihat kontak pelapor di laporan kantornya; setiap kali tercatat"), sees=True),
        Power(IDENTITY_ANONYMOUS, _("Melihat kontak pelapor yang anonim; setiap kali tercatat"), sees=True),
        Power(OVERSIGHT, _("Melihat dan menangani laporan tentang perilaku petugas"), sees=True),
        Power(SUPPORT, _("Melihat layar petugas untuk membantu, selama dibukakan admin"), sees=True),
        Power(
            WATCH,
            _("Melihat dinding pantau seluruh daerah, tanpa isi laporan, dan mendaftarkan layarnya"),
            sees=True,
        ),
        Power(VERIFY, _("Memeriksa laporan dan menerbitkan yang boleh dibaca umum")),
        Power(ANSWER, _("Menjawab dan bertanya kepada pelapor")),
        Power(HAND_OVER, _("Meneruskan laporan ke kantor lain")),
        Power(COMPLETE, _("Menyatakan pekerjaan selesai, dengan bukti")),
        Power(SECOND_LOOK, _("Meninjau bukti pekerjaan orang lain")),
        Power(NOTE, _("Menulis catatan untuk sesama petugas")),
        Power(APPROVE_SCHEDULE, _("Menyetujui penjadwalan")),
        Power(DISPOSE, _("Mendisposisikan laporan kepada petugas kantornya")),
        Power(ESCALATED, _("Menerima laporan terlambat yang dinaikkan ke kantornya")),
        Power(ROUTE_EDIT, _("Mengusulkan perubahan tabel kewenangan")),
        Power(ROUTE_APPROVE, _("Menyetujui perubahan tabel kewenangan yang diusulkan orang lain")),
        Power(COORDINATE, _("Memeriksa dan meneruskan laporan kantor mana pun")),
        Power(ALERTED, _("Diberi tahu laporan bahaya, siang dan malam")),
        Power(DELEGATE, _("Melimpahkan sebagian wewenang kepada petugas kantornya")),
        Power(
            COLLABORATE,
            _("Menerbitkan kebutuhan, menjalankan prakarsa, dan memeriksa janji atas nama kantornya"),
        ),
        Power(FUNDS, _("Mencatat dana wilayah dan realisasinya")),
        Power(CEILINGS, _("Menetapkan pagu dana wilayah dan melihat realisasinya di seluruh daerah")),
        Power(PARTNERS, _("Memeriksa dan mengesahkan komunitas dan mitra")),
        Power(AGREEMENTS, _("Menyusun dan mencatat kesepakatan dan perjanjian kerja sama")),
        Power(SENSORS, _("Mengelola sensor: mendaftarkan, menilai mutu data, dan diberi tahu bila diam")),
        Power(
            FLOODS,
            _(
                "Memeriksa laporan banjir warga: foto, kedalaman, memastikan, menyatakan surut, meminta pekerjaan"
            ),
        ),
        Power(FORUMS, _("Menyelenggarakan forum tetap: anggota, rapat, dan tindak lanjut")),
        Power(WARN, _("Menyusun peringatan dini bagi warga dan meminta persetujuannya")),
        Power(APPROVE_WARNING, _("Menyetujui peringatan dini yang disusun orang lain, sebelum dikirim")),
        Power(SEA, _("Mencatat stasiun pasang surut, datum, dan ambang rob")),
        Power(
            INCIDENTS, _("Menjalankan keadaan darurat: insiden, panduan, tugas, pengungsian, dan logistik")
        ),
        Power(MANAGE_PEOPLE, _("Memberi dan mengakhiri wewenang, menutup akun, menyiapkan daerah")),
    )
}

BUNDLES: tuple[Bundle, ...] = (
    Bundle("jadwal", _("Menyetujui penjadwalan"), frozenset({VIEW, APPROVE_SCHEDULE})),
    Bundle("periksa", _("Memeriksa dan menerbitkan laporan"), frozenset({VIEW, VERIFY})),
    Bundle("jawab", _("Menjawab dan bertanya kepada pelapor"), frozenset({VIEW, ANSWER, NOTE})),
    Bundle("teruskan", _("Meneruskan laporan ke kantor lain"), frozenset({VIEW, HAND_OVER, NOTE})),
    Bundle("selesai", _("Menyatakan pekerjaan selesai, dengan bukti"), frozenset({VIEW, COMPLETE})),
    Bundle("tinjau", _("Meninjau bukti pekerjaan orang lain"), frozenset({VIEW, SECOND_LOOK})),
    Bundle("wilayah", _("Melihat laporan semua kelurahan di wilayahnya"), frozenset({VIEW, VIEW_AREA})),
    Bundle("gotong-royong", _("Menerbitkan kebutuhan dan menjalankan prakarsa"), frozenset({COLLABORATE})),
    Bundle("banjir", _("Memeriksa laporan banjir warga"), frozenset({FLOODS})),
    Bundle("dana", _("Mencatat dana wilayah dan realisasinya"), frozenset({FUNDS})),
    Bundle("kontak", _("Melihat kontak pelapor"), frozenset({VIEW, IDENTITY})),
    Bundle("pengawasan", _("Menangani laporan tentang perilaku petugas"), frozenset({VIEW, OVERSIGHT})),
)

_DESK = frozenset({VIEW, VERIFY, ANSWER, HAND_OVER, COMPLETE, NOTE, IDENTITY, SECOND_LOOK})

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "ketua_rt",
            _("Ketua RT/RW"),
            _("Melapor untuk warga dan mengikuti laporan di kelurahannya. Tidak melihat identitas pelapor."),
        ),
        Role(
            "lurah",
            _("Lurah / Kepala Desa"),
            _(
                "Memeriksa, menjawab, meneruskan, dan menyelesaikan laporan kelurahannya; menyetujui penjadwalan."
            ),
            _DESK | {APPROVE_SCHEDULE, DISPOSE, ESCALATED, ALERTED, DELEGATE, COLLABORATE, FUNDS, FLOODS},
        ),
        Role(
            "kasi",
            _("Kepala seksi"),
            _("Mengerjakan laporan kantornya: memeriksa, menjawab, meneruskan, menyelesaikan."),
            _DESK | {COLLABORATE},
        ),
        Role(
            "camat",
            _("Camat"),
            _("Menangani laporan kecamatan, melihat laporan semua kelurahannya, menyetujui penjadwalan."),
            _DESK | {APPROVE_SCHEDULE, DISPOSE, ESCALATED, VIEW_AREA, DELEGATE, COLLABORATE, FUNDS, FLOODS},
        ),
        Role(
            "koordinator",
            _("Admin koordinator"),
            _(
                "Melihat semua laporan kecuali tentang perilaku petugas; memeriksa dan meneruskan ke kantor yang tepat."
            ),
            _DESK | {VIEW_ALL, COORDINATE, IDENTITY_ANONYMOUS, ROUTE_EDIT, WATCH},
        ),
        Role(
            "penghubung",
            _("Pejabat penghubung perangkat daerah"),
            _(
                "Mengerjakan laporan dinasnya: memeriksa, menjawab, meneruskan, menyelesaikan. Mengelola sensor dinasnya."
            ),
            _DESK | {COLLABORATE, SENSORS},
        ),
        Role(
            "kepala_opd",
            _("Kepala perangkat daerah"),
            _("Melihat dan mendisposisikan laporan dinasnya; menyetujui penjadwalan."),
            frozenset(
                {
                    VIEW,
                    HAND_OVER,
                    NOTE,
                    ANSWER,
                    APPROVE_SCHEDULE,
                    DISPOSE,
                    ESCALATED,
                    DELEGATE,
                    SECOND_LOOK,
                    COLLABORATE,
                }
            ),
        ),
        Role(
            "inspektur",
            _("Inspektorat"),
            _("Satu-satunya yang melihat dan menangani laporan tentang perilaku atau pungutan petugas."),
            _DESK | {OVERSIGHT, APPROVE_SCHEDULE, DELEGATE},
            passes_on=frozenset({OVERSIGHT}),
        ),
        Role(
            "sekda",
            _("Sekretaris Daerah"),
            _(
                "Melihat semua laporan kecuali tentang perilaku petugas, memberi catatan, dan meneruskan yang dinaikkan kepadanya."
            ),
            frozenset({VIEW, VIEW_ALL, NOTE, HAND_OVER, ESCALATED, DELEGATE, SECOND_LOOK, WATCH}),
        ),
        Role(
            "kepala_daerah",
            _("Kepala daerah"),
            _(
                "Menjawab dalam percakapan kota dan duduk di forum atas nama kepala daerah. Tidak menangani laporan."
            ),
        ),
        Role(
            "dewan",
            _("Anggota DPRD"),
            _("Menjawab dalam percakapan kota dan duduk di forum sebagai DPRD. Tidak menangani laporan."),
        ),
        Role(
            "tapem",
            _("Bagian Tata Pemerintahan"),
            _(
                "Menyusun dan menyetujui tabel kewenangan: kantor mana menangani apa; menetapkan pagu dana wilayah. "
                "Tidak menangani laporan."
            ),
            frozenset({VIEW, ROUTE_EDIT, ROUTE_APPROVE, CEILINGS}),
        ),
        Role(
            "operator",
            _("Operator Pusdalops"),
            _(
                "Segera diberi tahu laporan bahaya, siang dan malam; melihat dan meneruskannya. Menyusun peringatan dini, mengelola sensor dan laporan banjir, menjalankan keadaan darurat."
            ),
            _DESK | {VIEW_HAZARDS, ALERTED, SENSORS, WARN, SEA, WATCH, FLOODS, INCIDENTS},
        ),
        Role(
            "peringatan",
            _("Penyetuju peringatan dini"),
            _(
                "Menyetujui peringatan dini yang disusun orang lain, dari tautan di telepon atau di sini; juga menyusunnya. "
                "Tidak membaca laporan warga."
            ),
            frozenset({WARN, APPROVE_WARNING, SEA}),
        ),
        Role(
            "darurat",
            _("Petugas penanganan darurat (BPBD)"),
            _(
                "Menjalankan keadaan darurat dan membuka prakarsa atas nama kantornya, misalnya posko. "
                "Tidak membaca laporan warga."
            ),
            frozenset({INCIDENTS, COLLABORATE}),
        ),
        Role(
            "kemitraan",
            _("Pengelola kemitraan"),
            _(
                "Memeriksa dan mengesahkan komunitas dan mitra, menyusun kesepakatan, dan menyelenggarakan forum. "
                "Tidak membaca laporan warga."
            ),
            frozenset({PARTNERS, COLLABORATE, AGREEMENTS, FORUMS}),
        ),
        Role(
            "admin_kota",
            _("Admin kota"),
            _(
                "Memberi dan mengakhiri wewenang, menunjuk Plh dan Plt, menutup akun, membuka akses dukungan, "
                "dan menyiapkan daerah. Tidak membaca laporan warga."
            ),
            frozenset({MANAGE_PEOPLE}),
        ),
        Role(
            "dukungan",
            _("Dukungan teknis"),
            _(
                "Tidak punya wewenang sendiri. Hanya melihat, paling lama beberapa jam, bila admin kota "
                "membukakan; setiap halaman yang dibuka tercatat."
            ),
        ),
    )
}

# What somebody with support access sees while it is open: lists and pages with everything personal left out.
SUPPORT_POWERS = frozenset({VIEW, VIEW_ALL, SUPPORT})


def in_words(powers: frozenset[str]) -> list[str]:
    """The powers in plain words, in the order in which they are described above."""
    return [str(power.label) for power in POWERS.values() if power.code in powers]
