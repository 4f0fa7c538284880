"""The counter and the telephone: an officer writes down what a resident says, and hands over number and link."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.kernel.cities.api import absolute
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.reports import access, actions, doors, sending
from guyub.rooms.reports.actions import Receipt
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.emergency import all_numbers, numbers_of
from guyub.rooms.reports.models import Origin
from guyub.rooms.reports.nearby import Similar, similar_reports
from guyub.rooms.reports.web import evidence, flood
from guyub.rooms.reports.web.following import guarded
from guyub.rooms.reports.web.forms import ReportForm, TextField
from guyub.rooms.reports.web.near_form import NearForm
from guyub.rooms.reports.web.rows import similar_rows
from guyub.ui.qr import code_of

_POINT = re.compile(r"(-?[0-9]{1,3}[.][0-9]{1,15})\s*[,; ]\s*(-?[0-9]{1,3}[.][0-9]{1,15})")


class CounterForm(ReportForm):
    """The residents' form in an officer's hands: the channel, and what the resident agreed to."""

    use_required_attribute = False
    NOT_SENT = (*ReportForm.NOT_SENT, "channel", "has_consent", "looked", "point")
    looked = forms.BooleanField(required=False, widget=forms.HiddenInput())
    channel = forms.ChoiceField(
        label=gettext_lazy("Disampaikan lewat"),
        choices=[(one.value, one.label) for one in doors.BY_OFFICERS],
        widget=forms.RadioSelect,
    )
    point = TextField(
        label=gettext_lazy("Titik"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Lintang dan bujur bila warga mengirimnya, misalnya -6.9012, 107.6123."),
    )
    has_consent = forms.BooleanField(required=False, label=gettext_lazy("Warga setuju"))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, categories=categories().offered, **kwargs)
        self.fields["report_class"].label = _("Jenis")
        self.fields["category"].label = _("Tentang")
        self.fields["body"].label = _("Yang disampaikan warga")
        self.fields["body"].help_text = _(
            "Dengan kata warga sendiri. Nama dan nomornya ditulis di bagian Siapa."
        )
        self.fields["body"].widget.attrs["autofocus"] = True
        for name in self.CONTACT:  # it is not the officer's own that the browser should fill in
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_point(self) -> str:
        """A point as people paste it, into the fields of the map."""
        said = self.cleaned_data["point"]
        found = _POINT.fullmatch(said)
        if said and not found:
            raise forms.ValidationError(
                _("Tulis dua angka: lintang, lalu bujur, misalnya -6.9012, 107.6123.")
            )
        self.data["lat"], self.data["lon"] = found.groups() if found else ("", "")
        return said

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("point") and "place" in self.errors and not self.data.get("place"):
            del self.errors["place"]  # the point says it
        found = super().clean()
        if any(found.get(name) for name in self.CONTACT) and not found.get("has_consent"):
            words = _("Tanyakan dahulu. Tanpa persetujuan, kosongkan nama, surel, dan nomornya.")
            self.add_error("has_consent", words)
        return found


@gate.officer(roles.VERIFY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _receive(request)
    channel = request.GET.get("lewat", Origin.Channel.PHONE)
    return _show(request, CounterForm(initial={"submission": uuid4(), "channel": channel}), status=200)


def _receive(request: HttpRequest) -> HttpResponse:
    """In this order, as on the residents' form: what is near may be this very report, sent twice.

    Photos are kept before anything else is looked at, so that an error in the words does not cost them.
    """
    kept = _keep_photos(request)
    form = CounterForm(kept.data)
    near = _similar(form) if form.is_valid() and not form.cleaned_data["looked"] else []
    earlier = _find_earlier(form) if form.is_valid() else None
    if earlier and earlier.is_same:
        return _receipt_for(request, form, earlier.receipt)
    if earlier:
        form.renew_submission()
        form.add_error(None, _("Isian ini sudah tercatat. Untuk laporan lain, catat sekali lagi."))
    if kept.problems:
        form.add_error("photos", list(kept.problems))
    if form.errors:
        return _show(request, form, status=422, draft=kept.draft)
    if near:
        form.data["looked"] = "1"
        return _show(request, form, near=near, status=422, draft=kept.draft)
    receipt = doors.enter_for(
        what=form.as_submission(draft=kept.draft),
        channel=form.cleaned_data["channel"],
        has_consent=form.cleaned_data["has_consent"],
        by=person_of(request),
        at=timezone.now(),
    )
    return _receipt_for(request, form, receipt)


def _keep_photos(request: HttpRequest) -> evidence.Kept:
    """Photos in a draft that is this officer's alone; it holds no word of the form."""
    mark = {"counter_photos": f"{person_of(request).acting}"}
    return evidence.keep_photos(request, mark, at=timezone.now(), remove=request.POST.getlist("remove"))


def _find_earlier(form: CounterForm) -> sending.Earlier | None:
    said = form.cleaned_data
    return sending.find_earlier(submission=said["submission"], body=said["body"], category=said["category"])


def _similar(form: CounterForm) -> list[Similar]:
    """Reports of neighbours. What is about conduct is nobody else's business."""
    category, said = form.chosen_category(), form.cleaned_data
    if category is None or category.is_conduct or said["about_conduct"]:
        return []
    return similar_reports(
        category=said["category"],
        place=said["place"],
        text=f"{said['body']} {said['landmark']}",
        lat=said["lat"],
        lon=said["lon"],
        at=timezone.now(),
    )


def _show(
    request: HttpRequest,
    form: CounterForm,
    *,
    status: int,
    near: list[Similar] | None = None,
    draft: UUID | None = None,
) -> HttpResponse:
    form.unfold()
    context = {
        "desk": casework.queries.desk_of(person_of(request)),
        "form": form,
        "near": similar_rows(near or []),
        "kept_photos": files.pictures(draft=draft, may_see=True) if draft else [],
        "most_photos": files.MAX_PHOTOS,
        "numbers": numbers_of(form.chosen_category()) or all_numbers(),
    }
    return _private(render(request, "reports/counter/form.html", context, status=status))


@gate.officer(roles.VERIFY)
@never_cache
@require_POST
def near(request: HttpRequest) -> HttpResponse:
    """What may be the same while the officer writes: a part of a page for the script, or nothing."""
    form = NearForm(request.POST)
    found = similar_reports(**form.cleaned_data, at=timezone.now()) if form.is_valid() else []
    if not found:
        return HttpResponse(status=204)
    return render(request, "reports/counter/_near.html", {"near": similar_rows(found)})


def _receipt_for(request: HttpRequest, form: CounterForm, receipt: Receipt) -> HttpResponse:
    """On to the receipt. The link is the reporter's key, so it stands in no address of the desk: it waits,
    encrypted, for the officer who entered it."""
    said = form.cleaned_data
    kept = {
        "number": receipt.number,
        "key": receipt.follow_key,
        "channel": said["channel"],
        "phone": said["phone"],
        "email": said["email"],
    }
    # Kept one step deeper than a form's fields: the residents' form, asked for this draft, finds nothing to show.
    values = {"counter": person_of(request).acting, "receipt": kept}
    draft = actions.keep_draft(values=values, at=timezone.now())
    return HttpResponseRedirect(reverse("counter_receipt", args=[draft]), status=303)


@gate.officer(roles.VERIFY)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Number, link and code to print, read aloud or send; done with, it is forgotten here."""
    kept = _kept(person_of(request), draft)
    if request.method == "POST":
        sending.drop_draft(draft)
        return redirect(f"{reverse('counter')}?lewat={kept['channel']}")
    link = absolute(reverse("report_follow", args=[kept["key"]]))
    report = access.followed_report(kept["key"])
    code = doors.spoken_code(report.uuid)
    context = {
        "desk": casework.queries.desk_of(person_of(request)),
        "number": kept["number"],
        "link": link,
        "code": f"{code[:4]}-{code[4:]}",
        "code_page": absolute(reverse("report_by_code")).partition("//")[2],
        "qr": code_of(link),
        "whatsapp": _whatsapp(kept["phone"], kept["number"], link),
        "email": kept["email"],
    }
    return _private(render(request, "reports/counter/receipt.html", context))  # its address is no key


def _kept(person: Person, draft: UUID) -> dict[str, Any]:
    kept = actions.find_draft(draft, at=timezone.now())
    if kept is None or person.acting is None or kept.get("counter") != person.acting:
        raise Http404
    return kept["receipt"]


def _whatsapp(phone: str, number: str, link: str) -> str:
    """WhatsApp's own address for a message to a number, '' if none was given; the officer presses send."""
    digits = re.sub(r"[^0-9]", "", phone)
    if not digits:
        return ""
    digits = "62" + digits[1:] if digits.startswith("0") else digits
    with override("id"):  # it goes to a resident, whatever the officer's language
        words = _(
            "Laporan Anda %(number)s kami terima. Ikuti dan jawab lewat tautan ini, jangan dibagikan: %(link)s"
        )
    return f"https://wa.me/{digits}?text={quote(words % {'number': number, 'link': link})}"


class CodeForm(forms.Form):
    """What somebody heard or reads from a slip."""

    use_required_attribute = False
    number = TextField(label=gettext_lazy("Nomor laporan"), max_length=24)
    code = TextField(
        label=gettext_lazy("Kode"),
        max_length=20,
        help_text=gettext_lazy("Delapan huruf dan angka yang dibacakan petugas."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@gate.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Number and code open what the link would. Which of the two is wrong is not said."""
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        if stopped := flood.find_flood(request, "code", at=timezone.now()):
            return flood.refuse(request, stopped)
        form, status = CodeForm(request.POST), 422
        if form.is_valid():
            number = form.cleaned_data["number"].upper().replace(" ", "")
            key = doors.key_by_code(number=number, code=form.cleaned_data["code"])
            if key:
                return guarded(HttpResponseRedirect(reverse("report_follow", args=[key]), status=303))
            form.add_error(None, _("Nomor dan kode ini tidak cocok. Periksa keduanya, lalu coba lagi."))
    return _private(
        render(request, "reports/by_code.html", {"form": form}, status=status)
    )  # no key is in its address


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
