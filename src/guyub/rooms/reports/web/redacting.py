"""What is masked of a report in public, and an officer's choices about it: before or after it was published."""

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
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.rooms.reports import access, redacting
from guyub.rooms.reports.web.desk import part_of
from guyub.rooms.reports.web.desk_forms import found_in
from guyub.rooms.reports.web.marking import marked

TITLES = {
    "body": gettext_lazy("Kata pelapor"),
    "landmark": gettext_lazy("Patokan"),
    "answer": gettext_lazy("Jawaban kantor"),
    "proof": gettext_lazy("Penjelasan pekerjaan"),
    "plan": gettext_lazy("Alasan penjadwalan"),
}
MOST_WORDS, LONGEST = 20, 120


class MaskingForm(forms.Form):
    shown = forms.MultipleChoiceField(
        label=gettext_lazy("Dikenali sebagai data pribadi"),
        help_text=gettext_lazy(
            "Centang yang bukan data pribadi, misalnya nomor tiang atau telepon kantor: itu akan tampil."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    hidden = forms.CharField(
        label=gettext_lazy("Samarkan juga kata ini"),
        help_text=gettext_lazy("Satu per baris, seperti tertulis: nama orang, nomor rumah."),
        required=False,
        max_length=MOST_WORDS * LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, found: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        if found:
            self.fields["shown"].choices = found  # type: ignore[attr-defined]
        else:
            del self.fields["shown"]

    def clean_hidden(self) -> list[str]:
        rows = [row.strip() for row in self.cleaned_data["hidden"].splitlines()]
        rows = [row for row in rows if row]
        if len(rows) > MOST_WORDS or any(not 2 <= len(row) <= LONGEST for row in rows):
            words = _("Paling banyak %(n)d baris, tiap baris 2 sampai %(long)d huruf.")
            raise forms.ValidationError(words % {"n": MOST_WORDS, "long": LONGEST})
        return rows


@gate.officer(roles.VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def masking_page(request: HttpRequest, number: str) -> HttpResponse:
    """Every public word of a report with what is masked of it marked; the officer's choices beside."""
    person = person_of(request)
    report, case = access.case_for_desk(person, number, part_of(request))
    if not redacting.may_choose(person, case):
        raise Http404
    said, chosen = redacting.said_in_public(report), redacting.choices_of(report.pk)
    found = found_in(one.words for one in said)
    first = {
        "shown": [value for value, _label in found if value in chosen.shown],
        "hidden": "\n".join(chosen.hidden),
    }
    form = MaskingForm(request.POST if request.method == "POST" else None, found=found, initial=first)
    if request.method == "POST" and form.is_valid():
        return _choose(request, number, case.uuid, form)
    back = reverse("desk_report", args=[number])
    texts = [(TITLES[one.what], marked(one.words, chosen)) for one in said]
    context = {"number": number, "form": form, "texts": texts, "back": back}
    status = 422 if request.method == "POST" else 200
    response = render(request, "reports/desk/masking.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _choose(request: HttpRequest, number: str, case: Any, form: MaskingForm) -> HttpResponse:
    shown, hidden = form.cleaned_data.get("shown", []), form.cleaned_data["hidden"]
    try:
        redacting.choose(case=case, shown=shown, hidden=hidden, by=person_of(request), at=timezone.now())
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Penyamaran disimpan. Yang dibaca umum sudah mengikutinya."))
    return redirect("desk_masking", number)
