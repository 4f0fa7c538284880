"""One act on many reports: choose, look at what will happen, do it, and for some minutes take it back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, Verb
from guyub.rooms.people import api as people
from guyub.rooms.reports import actions, lapor
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.queries import label_said
from guyub.rooms.reports.web.filters import NUMBER

MOST = 50
TO_A_NEED = "kebutuhan"
bulk = casework.bulk
LABELS = {
    Verb.VERIFY: gettext_lazy("Verifikasi"),
    Verb.HAND_OVER: gettext_lazy("Teruskan ke kantor lain"),
    Verb.DISPOSE: gettext_lazy("Disposisi ke petugas"),
    Verb.ASK: gettext_lazy("Tanya pelapor"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chosen report in the preview. `why_not` is empty where the act is possible."""

    number: str
    title: str
    office: str
    state: str
    stamp: str
    words: str
    is_hidden: bool
    why_not: str = ""


_CHOOSE = {
    "required": gettext_lazy("Pilih satu dari daftar."),
    "invalid_choice": gettext_lazy("Pilih satu dari daftar."),
}


class ManyForm(forms.Form):
    """What is said once for all chosen; `person` is who says it, at a moment."""

    use_required_attribute = False

    def __init__(self, *args: Any, person: Person, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.prepare(person, at)

    def prepare(self, person: Person, at: datetime) -> None:
        """Fill in the choices."""


class HandOverMany(ManyForm):
    office = forms.TypedChoiceField(label=gettext_lazy("Kantor tujuan"), coerce=int, error_messages=_CHOOSE)
    code = forms.TypedChoiceField(
        label=gettext_lazy("Mengapa"),
        coerce=casework.HandOverReason,
        choices=list(casework.wording.HAND_OVER_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Sama untuk semua yang dipilih."),
    )

    def prepare(self, person: Person, at: datetime) -> None:
        kinds, offices = people.OrganisationKind, people.directory()
        wanted = (kinds.AGENCY, kinds.COORDINATOR, kinds.COMMAND_CENTRE, kinds.DISTRICT)
        found = [(office.id, office.name) for kind in wanted for office in offices.of_kind(kind)]
        self.fields["office"].choices = [("", _("Pilih kantor")), *found]  # type: ignore[attr-defined]


class DisposeMany(ManyForm):
    """One officer of an office that the person heads; a report of another office is not done, and that is said."""

    officer = forms.TypedChoiceField(label=gettext_lazy("Petugas"), coerce=int, error_messages=_CHOOSE)
    instruction = forms.CharField(
        label=gettext_lazy("Petunjuk"),
        min_length=5,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Sama untuk semua yang dipilih."),
    )

    def prepare(self, person: Person, at: datetime) -> None:
        staff = [
            one
            for id in sorted(person.offices(roles.DISPOSE))
            for one in casework.queries.staff_of(id, at=at)
        ]
        found = list(dict(staff).items())
        self.fields["officer"].choices = [("", _("Pilih petugas")), *found]  # type: ignore[attr-defined]


class AskMany(ManyForm):
    words = forms.CharField(
        label=gettext_lazy("Pertanyaan untuk pelapor"),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Sama untuk semua yang dipilih."),
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        left = casework.answer_templates.still_to_fill(words)
        if left:
            raise forms.ValidationError(_("Lengkapi dahulu: %(fields)s.") % {"fields": ", ".join(left)})
        return words


FORMS: dict[Verb, type[ManyForm]] = {
    Verb.HAND_OVER: HandOverMany,
    Verb.DISPOSE: DisposeMany,
    Verb.ASK: AskMany,
    Verb.VERIFY: ManyForm,
}


@gate.officer(roles.VIEW)
def many(request: HttpRequest) -> HttpResponse:
    """What an act would do to the chosen reports: nothing happens yet."""
    if request.method != "POST":
        return redirect("desk_inbox")
    verb = None if request.POST.get("lakukan") == TO_A_NEED else _verb(request)
    numbers = _numbers(request)
    if not numbers:
        messages.error(request, _("Pilih dahulu laporan dari daftar."))
        return redirect("desk_cases" if "semua" in request.POST else "desk_inbox")
    if verb is None:
        return _to_a_need(person_of(request), numbers)
    form = FORMS[verb](person=person_of(request), at=timezone.now())
    return _preview(request, verb, numbers, form, batch=uuid.uuid4())


def _to_a_need(person: Person, numbers: list[str]) -> HttpResponse:
    """To the form of a new need, which has its own eye for which of them it may stand on."""
    if not person.can(roles.COLLABORATE):
        raise Http404
    return redirect(f"{reverse('desk_need_new')}?laporan={','.join(numbers)}")


@gate.officer(roles.VIEW)
def do(request: HttpRequest) -> HttpResponse:
    """Do it, each report for itself. The same form sent twice does nothing twice."""
    if request.method != "POST":
        return redirect("desk_inbox")
    person, now, verb, numbers = person_of(request), timezone.now(), _verb(request), _numbers(request)
    batch_id = _uuid(request.POST.get("kiriman", ""))
    form = FORMS[verb](request.POST, person=person, at=now)
    if not numbers or not form.is_valid():
        return _preview(request, verb, numbers, form, batch=batch_id, status=422)
    try:
        batch = bulk.begin(batch=batch_id, verb=verb, by=person, at=now)
    except NotAllowed:
        raise Http404 from None
    for number in numbers:
        seen = _stamp(request.POST.get(f"saat-{number}", ""))
        deed = _deed(verb, number, form.cleaned_data, person, now)
        bulk.do_one(batch=batch, number=number, seen=seen, by=person, deed=deed)
    found = redirect("desk_bulk_result", batch=batch.uuid)
    found.status_code = 303
    return found


@gate.officer(roles.VIEW)
def result(request: HttpRequest, batch: UUID) -> HttpResponse:
    """What was done and what was not; for some minutes (POST) it can be taken back."""
    person, now = person_of(request), timezone.now()
    try:
        row = bulk.find(batch=batch, by=person)
    except NotAllowed:
        raise Http404 from None
    if request.method == "POST":
        return _undo(request, row, person, now)
    said = [replace(one, label=label_said(one.label)) for one in bulk.outcomes(row)]
    until = bulk.undo_until(row)
    words = _outcome_words()
    found = {
        "desk": casework.queries.desk_of(person),
        "title": LABELS[Verb(row.verb)],
        "done": [one for one in said if one.outcome == bulk.Outcome.DONE],
        "others": [(one, words[one.outcome]) for one in said if one.outcome != bulk.Outcome.DONE],
        "until": date_format(timezone.localtime(until), "H.i") if until and now <= until else "",
        "batch": row.uuid,
    }
    return _page(request, "reports/desk/bulk_result.html", found)


def _undo(request: HttpRequest, batch: Any, person: Person, at: datetime) -> HttpResponse:
    def hide(case: Case) -> None:
        if batch.verb == Verb.VERIFY:
            actions.hide_again(case, since=batch.started_at, by=person, at=at)

    try:
        bulk.put_back(batch=batch, by=person, at=at, with_each=hide)
    except NotAllowed:
        messages.error(
            request, _("Waktu untuk membatalkan sudah lewat. Ubah satu per satu dari halaman laporan.")
        )
    else:
        messages.success(request, _("Dibatalkan, kecuali yang sudah ditindaklanjuti orang lain."))
    found = redirect("desk_bulk_result", batch=batch.uuid)
    found.status_code = 303
    return found


def _outcome_words() -> dict[str, str]:
    return {
        bulk.Outcome.CHANGED: _("Tidak dilakukan: keadaannya berubah sejak Anda melihatnya."),
        bulk.Outcome.REFUSED: _("Tidak dilakukan: tidak dapat untuk laporan ini."),
        bulk.Outcome.UNDONE: _("Dibatalkan: kembali seperti semula."),
        bulk.Outcome.MOVED_ON: _("Tidak dibatalkan: sudah ada tindakan lain sesudahnya."),
    }


def _deed(
    verb: Verb, number: str, said: dict[str, Any], by: Person, at: datetime
) -> Callable[[UUID], object]:
    if verb is Verb.HAND_OVER:
        return lambda case: casework.actions.hand_over(
            case=case, to_office=said["office"], code=said["code"], reason=said["reason"], by=by, at=at
        )
    if verb is Verb.DISPOSE:
        return lambda case: casework.dispositions.dispose_case(
            case=case, officer=said["officer"], instruction=said["instruction"], by=by, at=at
        )
    if verb is Verb.ASK:
        return lambda case: _ask(case, number, said["words"], by, at)
    body = Report.objects.filter(number=number).values_list("body", flat=True).first() or ""
    return lambda case: actions.verify_report(
        case=case, public_body=body, public_landmark="", photos=[], by=by, at=at
    )


def _ask(case: UUID, number: str, words: str, by: Person, at: datetime) -> object:
    if lapor.find_origin(Report.objects.get(number=number)):
        raise NotAllowed("LAPOR! keeps who the reporter is.")
    return actions.ask_reporter(case=case, words=words, by=by, at=at)


def _preview(
    request: HttpRequest,
    verb: Verb,
    numbers: list[str],
    form: ManyForm,
    *,
    batch: UUID,
    status: int = 200,
) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    chosen = _chosen(person, verb, numbers)
    can = [one for one in chosen if not one.why_not]
    minutes = bulk.undo_minutes(at=now) if verb in bulk.CAN_BE_UNDONE else 0
    found = {
        "desk": casework.queries.desk_of(person),
        "verb": verb.value,
        "title": LABELS[verb],
        "batch": batch,
        "form": form,
        "can": can,
        "cannot": [one for one in chosen if one.why_not],
        "count_words": ngettext("%(n)d laporan", "%(n)d laporan", len(can)) % {"n": len(can)},
        "explained": _explained(verb),
        "undo": ngettext(
            "Dapat dibatalkan selama %(n)d menit, selama belum ada yang menindaklanjuti.",
            "Dapat dibatalkan selama %(n)d menit, selama belum ada yang menindaklanjuti.",
            minutes,
        )
        % {"n": minutes}
        if minutes
        else _("Tidak dapat dibatalkan: pelapor segera diberi tahu."),
    }
    return _page(request, "reports/desk/bulk.html", found, status=status)


def _explained(verb: Verb) -> str:
    return {
        Verb.VERIFY: _(
            "Kata pelapor ditampilkan untuk umum persis seperti di bawah ini, tanpa foto dan patokan. Baca satu per satu dan "
            "hapus centang yang memuat nama, nomor, atau alamat orang: samarkan di halamannya sendiri."
        ),
        Verb.HAND_OVER: _(
            "Semua yang dicentang menjadi tugas kantor tujuan. Tenggat penyelesaian tetap dihitung sejak diterima."
        ),
        Verb.DISPOSE: _(
            "Semua yang dicentang dikerjakan petugas ini. Laporan kantor lain tidak ikut; tenggat tidak berubah."
        ),
        Verb.ASK: _("Pelapor tiap laporan mendapat pertanyaan ini. Jam kantor berhenti sampai ia menjawab."),
    }[verb]


def _chosen(person: Person, verb: Verb, numbers: list[str]) -> list[Chosen]:
    rows = casework.access.visible(person).filter(kind="report", number__in=numbers).order_by("is_open", "pk")
    cases = {case.number: case for case in rows}
    reports = {row.number: row for row in Report.objects.filter(number__in=list(cases))}
    return [_line(person, verb, number, cases.get(number), reports.get(number)) for number in numbers]


def _line(person: Person, verb: Verb, number: str, case: Case | None, report: Report | None) -> Chosen:
    if case is None or report is None:
        return Chosen(number, number, "", "", "", "", False, _("Tidak ada di antara yang boleh Anda lihat."))
    office = people.directory().by_id.get(case.office_id)
    state = str(casework.wording.STATE_LABELS[casework.State(case.state)])
    why_not = ""
    if not _is_offered(person, verb, case, report):
        why_not = _("Tidak dapat dari keadaan sekarang atau dengan wewenang Anda: %(state)s.") % {
            "state": state
        }
    return Chosen(
        number=number,
        title=number if person.support else label_said(case.label),
        office=office.short_name if office else "",
        state=state,
        stamp=case.updated_at.isoformat(),
        words=report.body if verb is Verb.VERIFY else "",
        is_hidden=report.about_conduct or report.is_confidential,
        why_not=why_not,
    )


def _is_offered(person: Person, verb: Verb, case: Case, report: Report) -> bool:
    """As on the report's own page: what came from LAPOR! has a reporter whom only LAPOR! can ask."""
    found = casework.access.offered(person, case)
    if verb is Verb.ASK:
        found = lapor.offered(lapor.find_origin(report), found)
    return verb in found


def _verb(request: HttpRequest) -> Verb:
    try:
        verb = Verb(request.POST.get("lakukan", ""))
    except ValueError:
        raise Http404 from None
    if verb not in bulk.VERBS:
        raise Http404
    return verb


def _numbers(request: HttpRequest) -> list[str]:
    asked = request.POST.getlist("pilih")
    return list(dict.fromkeys(number for number in asked if NUMBER.fullmatch(number)))[:MOST]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _stamp(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _page(request: HttpRequest, template: str, found: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, found, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
