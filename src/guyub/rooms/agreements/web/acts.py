"""What may be done with a document, each with its form and the one action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guyub.kernel.access.api import Person
from guyub.rooms.agreements import carrying_out, drafting, reference, signing, standing
from guyub.rooms.agreements.models import Document
from guyub.rooms.agreements.rules import State
from guyub.rooms.agreements.web.forms import (
    ClausesForm,
    DutyForm,
    EndForm,
    EvaluationForm,
    PartyForm,
    ScanForm,
    SignForm,
    TermsForm,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """About which document, by whom, when."""

    row: Document
    by: Person
    at: datetime

    def given(self) -> dict[str, Any]:
        return {"document": self.row.pk, "by": self.by, "at": self.at}


@dataclass(frozen=True, slots=True)
class Act:
    label: str | Promise
    lead: str | Promise
    states: tuple[State, ...]
    form: Callable[[HttpRequest, Asked], Any]
    do: Callable[[Any, Asked], object]
    tone: str = "primary"


def _clauses(request: HttpRequest, asked: Asked) -> ClausesForm:
    today = reference.today_of(asked.at)
    clauses = standing.in_order(asked.row, standing.newest(asked.row), on=today)
    return ClausesForm(request.POST or None, clauses=clauses, on=today)


_DRAFT, _SIGNED = (State.DRAFT,), (State.SIGNED,)
DOCUMENT_ACTS: dict[str, Act] = {
    "pasal": Act(
        _("Tulis pasal"),
        _("Setiap penyimpanan menjadi versi baru; yang lama tetap ada."),
        _DRAFT,
        _clauses,
        lambda form, asked: drafting.write(
            clauses=form.clauses(), words=form.cleaned_data["words"], **asked.given()
        ),
    ),
    "ketentuan": Act(
        _("Ubah ketentuan"),
        _("Ruang lingkup, biaya, dan jangka waktu, yang diperiksa sebelum ditandatangani."),
        _DRAFT,
        lambda request, asked: TermsForm.about(request.POST or None, asked.row),
        lambda form, asked: drafting.set_terms(document=asked.row.pk, said=form.terms(), by=asked.by),
    ),
    "pihak": Act(
        _("Tambah pihak"),
        _("Setiap pihak punya nomor naskahnya sendiri dan seorang penanda tangan yang berwenang."),
        _DRAFT,
        lambda request, asked: PartyForm.about(request.POST or None, None),
        lambda form, asked: drafting.set_party(document=asked.row.pk, said=form.side(), by=asked.by),
    ),
    "tanda-tangan": Act(
        _("Catat penandatanganan"),
        _("Setelah ditandatangani naskahnya tidak berubah lagi, kecuali dengan adendum."),
        _DRAFT,
        lambda request, asked: SignForm(request.POST or None),
        lambda form, asked: signing.sign(**form.cleaned_data, **asked.given()),
    ),
    "pindaian": Act(
        _("Unggah pindaian"),
        "",
        (State.SIGNED, State.ENDED),
        lambda request, asked: ScanForm(request.POST or None, request.FILES or None),
        lambda form, asked: signing.add_scan(**form.cleaned_data, **asked.given()),
    ),
    "kewajiban": Act(
        _("Tambah kewajiban"),
        _("Siapa menyerahkan apa, paling lambat kapan. Dibaca umum setelah naskahnya ditandatangani."),
        (State.DRAFT, State.SIGNED),
        lambda request, asked: DutyForm(request.POST or None, row=asked.row),
        lambda form, asked: carrying_out.add_duty(**form.cleaned_data, **asked.given()),
    ),
    "evaluasi": Act(
        _("Catat evaluasi"),
        _("Sekali setahun, untuk laporan kepada gubernur."),
        (State.SIGNED, State.ENDED),
        lambda request, asked: EvaluationForm(request.POST or None),
        lambda form, asked: carrying_out.evaluate(**form.cleaned_data, **asked.given()),
    ),
    "akhiri": Act(
        _("Akhiri kerja sama"),
        _("Pergantian kepala daerah tidak mengakhiri kerja sama. Alasannya dibaca umum."),
        _SIGNED,
        lambda request, asked: EndForm(request.POST or None),
        lambda form, asked: signing.end(**form.cleaned_data, **asked.given()),
        "danger",
    ),
}
