"""Roles: what each lets a person do, said in plain words. Authority is role × organisation × place."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    """`powers` name verbs that rooms ask for, such as `case.verify`."""

    code: str
    label: str | Promise
    description: str | Promise
    powers: frozenset[str] = field(default_factory=frozenset)


VIEW = "case.view"
VERIFY = "case.verify"
ANSWER = "case.answer"
HAND_OVER = "case.hand_over"
COMPLETE = "case.complete"
NOTE = "case.note"
APPROVE_SCHEDULE = "case.approve_schedule"
DISPOSE = "case.dispose"
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

_DESK = frozenset({VIEW, VERIFY, ANSWER, HAND_OVER, COMPLETE, NOTE, IDENTITY})

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "ketua_rt",
            _("Ketua RT"),
            _("Melapor untuk warga dan mengikuti laporan di kelurahannya. Tidak melihat identitas pelapor."),
        ),
        Role(
            "lurah",
            _("Lurah / Kepala Desa"),
            _(
                "Memeriksa, menjawab, meneruskan, dan menyelesaikan laporan kelurahannya; menyetujui penjadwalan."
            ),
            _DESK | {APPROVE_SCHEDULE, DISPOSE, ESCALATED, ALERTED},
        ),
        Role(
            "kasi",
            _("Kepala seksi"),
            _("Mengerjakan laporan kantornya: memeriksa, menjawab, meneruskan, menyelesaikan."),
            _DESK,
        ),
        Role(
            "camat",
            _("Camat"),
            _("Menangani laporan kecamatan, melihat laporan semua kelurahannya, menyetujui penjadwalan."),
            _DESK | {APPROVE_SCHEDULE, DISPOSE, ESCALATED, VIEW_AREA},
        ),
        Role(
            "koordinator",
            _("Admin koordinator"),
            _(
                "Melihat semua laporan kecuali tentang perilaku petugas; memeriksa dan meneruskan ke kantor yang tepat."
            ),
            _DESK | {VIEW_ALL, COORDINATE, IDENTITY_ANONYMOUS, ROUTE_EDIT},
        ),
        Role(
            "penghubung",
            _("Pejabat penghubung perangkat daerah"),
            _("Mengerjakan laporan dinasnya: memeriksa, menjawab, meneruskan, menyelesaikan."),
            _DESK,
        ),
        Role(
            "kepala_opd",
            _("Kepala perangkat daerah"),
            _("Melihat dan mendisposisikan laporan dinasnya; menyetujui penjadwalan."),
            frozenset({VIEW, HAND_OVER, NOTE, ANSWER, APPROVE_SCHEDULE, DISPOSE, ESCALATED}),
        ),
        Role(
            "inspektur",
            _("Inspektorat"),
            _("Satu-satunya yang melihat dan menangani laporan tentang perilaku atau pungutan petugas."),
            _DESK | {OVERSIGHT, APPROVE_SCHEDULE},
        ),
        Role(
            "sekda",
            _("Sekretaris Daerah"),
            _(
                "Melihat semua laporan kecuali tentang perilaku petugas, memberi catatan, dan meneruskan yang dinaikkan kepadanya."
            ),
            frozenset({VIEW, VIEW_ALL, NOTE, HAND_OVER, ESCALATED}),
        ),
        Role(
            "tapem",
            _("Bagian Tata Pemerintahan"),
            _(
                "Menyusun dan menyetujui tabel kewenangan: kantor mana menangani apa. Tidak menangani laporan."
            ),
            frozenset({VIEW, ROUTE_EDIT, ROUTE_APPROVE}),
        ),
        Role(
            "operator",
            _("Operator Pusdalops"),
            _("Segera diberi tahu laporan bahaya, siang dan malam; melihat dan meneruskannya."),
            _DESK | {VIEW_HAZARDS, ALERTED},
        ),
    )
}
