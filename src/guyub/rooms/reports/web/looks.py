"""*Tinjauan*: what waits for a second person's look, and the verdict."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.reports import actions, looks
from guyub.rooms.reports.queries import label_said, where
from guyub.rooms.reports.web.desk_page import grid

second_look, appeals = casework.second_look, casework.appeals
AT_ONCE = 50


class VerdictForm(forms.Form):
    use_required_attribute = False
    verdict = forms.ChoiceField(
        label=gettext_lazy("Menurut Anda"),
        choices=[
            (second_look.Verdict.FITS, gettext_lazy("Sesuai: pekerjaan selesai di tempat yang dilaporkan")),
            (second_look.Verdict.FITS_NOT, gettext_lazy("Tidak sesuai: dikerjakan lagi")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Apa yang Anda lihat"),
        help_text=gettext_lazy("Dibaca umum bila laporannya tampil untuk umum. Jangan menulis nama orang."),
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Bagian ini perlu diisi."),
            "min_length": gettext_lazy("Tulis sedikitnya %(limit_value)d huruf."),
        },
    )


@gate.officer(roles.SECOND_LOOK)
@require_safe
def look_list(request: HttpRequest) -> HttpResponse:
    """What this person may look at, the longest waiting first."""
    tell = casework.wording.DueTeller(timezone.now())
    rows = second_look.waiting(person_of(request))[:AT_ONCE]
    found = [
        {
            "url": reverse("second_look", args=[one.pk]),
            "title": label_said(one.case.label),
            "number": one.case.number,
            "where": where(one.case.place_code),
            "why": _why(one),
            "when": tell.day(one.asked_at),
        }
        for one in rows
    ]
    judged = [
        {
            "url": reverse("appeal", args=[one.pk]),
            "title": label_said(one.case.label),
            "number": one.case.number,
            "where": where(one.case.place_code),
            "clock": tell.due(one.due_at),
        }
        for one in appeals.waiting(person_of(request))[:AT_ONCE]
    ]
    return _private(render(request, "reports/looks/list.html", {"rows": found, "appeals": judged}))


class JudgeForm(forms.Form):
    use_required_attribute = False
    decision = forms.ChoiceField(
        label=gettext_lazy("Keputusan"),
        choices=[
            (appeals.Decision.REDO, gettext_lazy("Keberatan diterima: pekerjaan diulang")),
            (appeals.Decision.REFUSED, gettext_lazy("Keberatan ditolak: pekerjaan dinilai selesai")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Alasan"),
        help_text=gettext_lazy("Dibaca pelapor, dan umum bila laporannya tampil untuk umum."),
        min_length=20,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": gettext_lazy("Bagian ini perlu diisi."),
            "min_length": gettext_lazy("Tulis sedikitnya %(limit_value)d huruf."),
        },
    )


@gate.officer(roles.SECOND_LOOK)
def appeal(request: HttpRequest, appeal: int) -> HttpResponse:
    """One appeal: the reporter's words, the work as it was shown, and the decision."""
    person = person_of(request)
    row = appeals.waiting(person).filter(pk=appeal).first() if appeal < 2**63 else None
    if row is None:
        raise Http404
    form = JudgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.judge_appeal(appeal=row, **form.cleaned_data, by=person, at=timezone.now())
        except NotAllowed:
            raise Http404 from None
        except appeals.NothingToJudge:
            messages.error(request, _("Keadaan laporan sudah berubah; keputusan tidak diperlukan lagi."))
            return _back()
        messages.success(request, _("Keputusan disimpan. Pelapor diberi tahu."))
        return _back()
    words = conversation.words_by_id(subject=row.case.subject, audiences=[Audience.REPORTER])
    said = words.get(row.message)
    shown = files.pictures(subject=f"conversation.message:{row.message}", may_see=True)
    found = {
        **_page(row, form),
        "said": said.body if said else "",
        "now": grid(shown, _("Foto keadaan sekarang")),
    }
    return _private(render(request, "reports/looks/appeal.html", found, status=422 if form.errors else 200))


@gate.officer(roles.SECOND_LOOK)
def look(request: HttpRequest, look: int) -> HttpResponse:
    """One proof beside the reporter's photos, and the verdict."""
    person = person_of(request)
    row = second_look.waiting(person).filter(pk=look).first() if look < 2**63 else None
    if row is None:
        raise Http404
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            looks.give(look=row, **said, by=person, at=timezone.now())
        except NotAllowed:
            raise Http404 from None
        except second_look.NothingToLookAt:
            messages.error(request, _("Keadaan laporan sudah berubah; tinjauan tidak diperlukan lagi."))
            return _back()
        messages.success(request, _("Terima kasih. Tinjauan Anda dicatat."))
        return _back()
    return _private(
        render(request, "reports/looks/look.html", _page(row, form), status=422 if form.errors else 200)
    )


def _back() -> HttpResponse:
    found = redirect("second_looks")
    found.status_code = 303
    return found


def _why(row: Any) -> str:
    said = [
        (row.is_drawn, _("terpilih undian")),
        (row.is_flagged, _("pemeriksaan foto menemukan sesuatu")),
    ]
    return ", ".join(words for holds, words in said if holds)


def _page(row: Any, form: forms.Form) -> dict[str, Any]:
    case, tell = row.case, casework.wording.DueTeller(timezone.now())
    shown = files.pictures_of([case.subject, f"casework.evidence:{row.evidence_id}"], may_see=True)
    return {
        "title": label_said(case.label),
        "number": case.number,
        "where": where(case.place_code),
        "office": people.directory().get(case.office_id).name,
        "why": _why(row) if isinstance(row, second_look.SecondLook) else "",
        "before": grid(shown.get(case.subject, []), _("Foto pelapor")),
        "after": grid(shown.get(f"casework.evidence:{row.evidence_id}", []), _("Bukti pekerjaan")),
        "words": row.evidence.words,
        "when": tell.moment(row.evidence.at),
        "captured": casework.wording.captured(row.evidence, tell),
        "form": form,
    }


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
