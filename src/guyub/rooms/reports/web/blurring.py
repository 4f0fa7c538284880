"""Tap the squares of a photo that nobody should recognise: for officers and for reporters, without any script."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.rooms.reports import access, blurring, redacting
from guyub.rooms.reports.web.desk import part_of
from guyub.rooms.reports.web.following import guarded


def _number(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False)


class BlurForm(forms.Form):
    """Squares that were tapped, or the corners of one area in numbers."""

    use_required_attribute = False

    def __init__(self, *args: Any, photo: Photo, **more: Any) -> None:
        super().__init__(*args, **more)
        self.rows = files.rows_of(photo)
        self.fields["row"] = _number(gettext_lazy("Dari baris"), self.rows)
        self.fields["to_row"] = _number(gettext_lazy("Sampai baris"), self.rows)
        self.fields["column"] = _number(gettext_lazy("Dari kolom"), files.COLUMNS)
        self.fields["to_column"] = _number(gettext_lazy("Sampai kolom"), files.COLUMNS)

    def clean(self) -> None:
        cells = {int(one) for one in self.data.getlist("cell") if one.isascii() and one.isdigit()}  # type: ignore[attr-defined]
        cells = {one for one in cells if one < self.rows * files.COLUMNS}
        given = [self.cleaned_data.get(name) or 0 for name in ("row", "to_row", "column", "to_column")]
        if all(given):
            (top, bottom), (left, right) = sorted(given[:2]), sorted(given[2:])
            cells |= {
                (row - 1) * files.COLUMNS + column - 1
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
            }
        if not cells and not self.errors:
            raise forms.ValidationError(
                _("Ketuk dahulu kotak yang perlu disamarkan, atau isi keempat angkanya.")
            )
        self.cleaned_data["cells"] = cells

    @property
    def squares(self) -> list[tuple[int, str, bool]]:
        """Each square: its number, its name for whoever does not see it, whether it was tapped."""
        tapped = set(self.data.getlist("cell")) if self.is_bound else set()  # type: ignore[attr-defined]
        name = _("baris %(row)d, kolom %(column)d")
        return [
            (n, name % {"row": n // files.COLUMNS + 1, "column": n % files.COLUMNS + 1}, str(n) in tapped)
            for n in range(self.rows * files.COLUMNS)
        ]


@gate.officer(roles.VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_blur(request: HttpRequest, number: str, photo: UUID) -> HttpResponse:
    """The officer's way: a copy for everyone, the original stays with the office."""
    person = person_of(request)
    report, case = access.case_for_desk(person, number, part_of(request))
    if not redacting.may_choose(person, case):
        raise Http404
    row = blurring.photo_for_office(report, photo)
    form = BlurForm(request.POST if request.method == "POST" else None, photo=row)
    back = reverse("desk_report", args=[number])
    if request.method == "POST" and form.is_valid():
        cells = form.cleaned_data["cells"]
        try:
            blurring.blur_for_everyone(case=case.uuid, photo=photo, cells=cells, by=person, at=timezone.now())
        except NotAllowed:
            raise Http404 from None
        messages.success(request, _("Foto disamarkan. Umum hanya melihat salinan ini."))
        return redirect(back)
    return _page(request, "reports/desk/blur.html", form, row, back)


# As for the rest behind the link: the key is the only authority, see `following.follow`.
@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def own_blur(request: HttpRequest, key: str, photo: UUID) -> HttpResponse:
    """The reporter's way: the original is destroyed."""
    report = access.followed_report(key)
    row = blurring.photo_of_reporter(report, photo)
    form = BlurForm(request.POST if request.method == "POST" else None, photo=row)
    back = reverse("report_follow", args=[key])
    if request.method == "POST" and form.is_valid():
        blurring.blur_own(report=report, photo=photo, cells=form.cleaned_data["cells"], at=timezone.now())
        return guarded(redirect(f"{back}?sesudah=foto"))
    return guarded(_page(request, "reports/blur.html", form, row, back))


def _page(request: HttpRequest, template: str, form: BlurForm, row: Photo, back: str) -> HttpResponse:
    context = {"form": form, "photo": files.picture(row), "squares": form.squares, "back": back}
    response = render(request, template, context, status=422 if form.is_bound else 200)
    response["Cache-Control"] = "private, no-store"
    return response
