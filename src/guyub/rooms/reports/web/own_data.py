"""A reporter's own data: what is kept, and what they do with it. By the link for one report, by the account for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.rooms.people import api as people
from guyub.rooms.reports import access, own_data
from guyub.rooms.reports.models import DataRequest, Report
from guyub.rooms.reports.web import flood
from guyub.rooms.reports.web.following import guarded, unknown_link
from guyub.rooms.reports.web.forms import ReportForm, clean_text
from guyub.rooms.reports.web.own_data_file import archive
from guyub.rooms.reports.web.rows import moment

MOST = 4000
KINDS = {
    DataRequest.Kind.WITHDRAW: gettext_lazy("Menarik laporan"),
    DataRequest.Kind.ERASE: gettext_lazy("Menghapus kata dan foto"),
    DataRequest.Kind.OTHER: gettext_lazy("Permintaan lain"),
}
DECISIONS = {
    "": gettext_lazy("menunggu keputusan"),
    DataRequest.Decision.GRANTED: gettext_lazy("dikabulkan"),
    DataRequest.Decision.REFUSED: gettext_lazy("ditolak"),
}


def _words(label: Any, *, least: int = 1, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=least,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class _OwnForm(forms.Form):
    use_required_attribute = False

    def clean(self) -> None:
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = clean_text(value).strip()


class CorrectForm(_OwnForm):
    body = _words(gettext_lazy("Isi laporan"), least=10)
    landmark = forms.CharField(label=gettext_lazy("Patokan"), required=False, max_length=160)


class AddForm(_OwnForm):
    words = _words(gettext_lazy("Tambahan keterangan untuk kantor"))


class ContactForm(_OwnForm):
    name = forms.CharField(label=gettext_lazy("Nama"), required=False, max_length=120)
    email = forms.EmailField(label=gettext_lazy("Alamat surel"), required=False, max_length=160)
    phone = forms.CharField(label=gettext_lazy("Nomor telepon"), required=False, max_length=24)

    clean_phone = ReportForm.clean_phone


class AskForm(_OwnForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Yang Anda minta"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Penjelasan"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SureForm(_OwnForm):
    """What cannot be undone is done with a tick of its own, with or without script."""

    sure = forms.BooleanField(
        label=gettext_lazy("Saya mengerti ini tidak dapat dibatalkan"),
        error_messages={"required": gettext_lazy("Centang dahulu bahwa Anda mengerti.")},
    )


FORMS: dict[str, type[_OwnForm]] = {
    "perbaiki": CorrectForm,
    "tambah": AddForm,
    "kontak": ContactForm,
    "minta": AskForm,
    "sembunyi": SureForm,
    "hapus-diri": SureForm,
    "hapus-isi": SureForm,
}
Deed = Callable[[Report, dict[str, Any], datetime], object]
_DEEDS: dict[str, Deed] = {
    "perbaiki": lambda report, said, at: own_data.correct_words(
        report=report, body=said["body"], landmark=said["landmark"], at=at
    ),
    "tambah": lambda report, said, at: own_data.add_words(report=report, words=said["words"], at=at),
    "kontak": lambda report, said, at: own_data.correct_contact(
        report=report, name=said["name"], email=said["email"], phone=said["phone"], at=at
    ),
    "minta": lambda report, said, at: own_data.ask(
        report=report, kind=said["kind"], words=said["words"], at=at
    ),
    "sembunyi": lambda report, said, at: own_data.hide(report=report, at=at),
    "hapus-diri": lambda report, said, at: own_data.erase_person(report=report, at=at),
    "hapus-isi": lambda report, said, at: own_data.erase_words(report=report, at=at),
}


# As for the rest behind the link: the key is the only authority, see `following.follow`.
@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def own_page(request: HttpRequest, key: str) -> HttpResponse:
    at = timezone.now()
    try:
        report = access.followed_report(key)
    except Http404:
        return unknown_link(request)
    if request.method != "POST":
        return guarded(_show(request, report, key))
    if stopped := flood.find_flood(request, "follow", at=at):
        return guarded(flood.refuse(request, stopped, typed=clean_text(request.POST.get("words", ""))))
    verb = request.POST.get("verb", "")
    if verb not in FORMS:
        return guarded(_show(request, report, key, status=422))
    form = FORMS[verb](request.POST, prefix=verb)
    if not form.is_valid():
        return guarded(_show(request, report, key, used=(verb, form), status=422))
    try:
        _DEEDS[verb](report, form.cleaned_data, at)
    except own_data.CannotChange as problem:
        form.add_error(None, str(problem))
        return guarded(_show(request, access.followed_report(key), key, used=(verb, form), status=409))
    return guarded(HttpResponseRedirect(f"{reverse('own_data', args=[key])}?sesudah={verb}", status=303))


def _show(
    request: HttpRequest,
    report: Report,
    key: str,
    *,
    used: tuple[str, _OwnForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    who = people.identity(account=report.account_id, contact=report.contact_id)
    first: dict[str, dict[str, Any]] = {
        "perbaiki": {"body": report.body, "landmark": report.landmark},
        "kontak": {"name": who.name, "email": who.email, "phone": who.phone},
    }
    made = {verb: kind(prefix=verb, initial=first.get(verb)) for verb, kind in FORMS.items()}
    if used:
        made[used[0]] = used[1]
    may = _may(report)
    if used:
        may[used[0]] = True  # what was typed stays, also where it came too late
    context = {
        "number": report.number,
        "back": reverse("report_follow", args=[key]),
        "download": reverse("own_data_file", args=[key]),
        "forms": {verb.replace("-", "_"): made[verb] for verb in made if may.get(verb, True)},
        "wrong": used[0] if used else "",
        "after": request.GET.get("sesudah", "") if request.method == "GET" else "",
        "erased": report.person_erased_at is not None,
        "hidden": report.is_confidential or report.about_conduct,
        "requests": [_said(row) for row in own_data.requests_of(report)],
        "looks": [(moment(at), office) for at, office in own_data.looks_at(report)],
    }
    return render(request, "reports/own_data.html", context, status=status)


def _may(report: Report) -> dict[str, bool]:
    return {
        "perbaiki": own_data.may_correct(report),
        "tambah": own_data.may_add(report),
        "kontak": report.person_erased_at is None,
        "sembunyi": own_data.may_hide(report),
        "hapus-diri": report.person_erased_at is None,
        "hapus-isi": own_data.may_erase_words(report),
        "minta": True,
    }


def _said(row: DataRequest) -> dict[str, str]:
    return {
        "kind": str(KINDS[DataRequest.Kind(row.kind)]),
        "asked": moment(row.asked_at),
        "due": moment(row.due_at) if not row.decided_at else "",
        "decision": str(DECISIONS[row.decision]),
        "reason": row.reason,
    }


@gate.link
@require_safe
def own_file(request: HttpRequest, key: str) -> HttpResponse:
    """Everything about one report and its reporter, as a ZIP."""
    report, at = access.followed_report(key), timezone.now()
    if stopped := flood.find_flood(request, "export", at=at):
        return guarded(flood.refuse(request, stopped))
    own_data.note_copy(report=report, at=at)
    return guarded(_zip(archive([report], at=at), f"data-{report.number}.zip"))


def _zip(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


# ── The account ────────────────────────────────────────────────────────────────────────────────────────────


@gate.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account_data(request: HttpRequest) -> HttpResponse:
    """All of one's reports at once: take a copy, or erase the account with who one is in all of them."""
    person, at = person_of(request), timezone.now()
    form = SureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            own_data.erase_account(person=person, reports=list(access.own_reports(person)), at=at)
        except people.HasAuthority:
            words = _(
                "Akun ini memegang atau pernah memegang wewenang; yang dilakukannya harus dapat ditelusuri."
            )
            form.add_error(None, words)
        else:
            logout(request)
            messages.success(request, _("Akun Anda dan data pribadi di semua laporannya sudah dihapus."))
            return redirect("home")
    context = {
        "form": form,
        "name": person.name,
        "email": person.email,
        "total": access.own_reports(person).count(),
    }
    response = render(request, "reports/account_data.html", context, status=422 if form.is_bound else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@gate.signed_in
@require_safe
def account_file(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), timezone.now()
    if stopped := flood.find_flood(request, "export", at=at):
        return flood.refuse(request, stopped)
    reports = list(access.own_reports(person).order_by("pk"))
    for report in reports:
        own_data.note_copy(report=report, at=at)
    return _zip(archive(reports, at=at, person=person), "data-saya.zip")
