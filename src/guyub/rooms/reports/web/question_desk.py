"""Where officers say what a category asks."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.reports import questions
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.models import Attribute, Category
from guyub.rooms.reports.queries import category_name, name_of
from guyub.rooms.reports.questions import LISTS, CannotDefine, Wanted
from guyub.rooms.reports.web.forms import TextField
from guyub.ui.rows import day_in_words

KINDS = {
    Attribute.Datatype.ONE: gettext_lazy("Pilih satu"),
    Attribute.Datatype.SEVERAL: gettext_lazy("Pilih beberapa"),
    Attribute.Datatype.STRING: gettext_lazy("Satu baris tulisan"),
    Attribute.Datatype.TEXT: gettext_lazy("Beberapa baris tulisan"),
    Attribute.Datatype.NUMBER: gettext_lazy("Bilangan"),
    Attribute.Datatype.DATETIME: gettext_lazy("Tanggal dan jam"),
}


class QuestionForm(forms.Form):
    use_required_attribute = False
    name_id = TextField(label=gettext_lazy("Pertanyaan"), max_length=120, min_length=3)
    name_en = TextField(label=gettext_lazy("Pertanyaan dalam bahasa Inggris"), max_length=120, min_length=3)
    hint_id = TextField(label=gettext_lazy("Petunjuk"), max_length=200, required=False)
    hint_en = TextField(label=gettext_lazy("Petunjuk dalam bahasa Inggris"), max_length=200, required=False)
    datatype = forms.ChoiceField(label=gettext_lazy("Dijawab dengan"), choices=list(KINDS.items()))
    choices = TextField(
        label=gettext_lazy("Pilihan"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Satu per baris: Indonesia | Inggris. Hanya untuk pilih satu dan pilih beberapa."
        ),
    )
    is_required = forms.BooleanField(label=gettext_lazy("Harus dijawab"), required=False)
    is_public = forms.BooleanField(
        label=gettext_lazy("Jawaban tampil untuk umum"),
        required=False,
        help_text=gettext_lazy("Hanya yang dipilih dari daftar; jawaban yang ditulis tidak pernah tampil."),
    )

    def clean_choices(self) -> tuple[tuple[str, str], ...]:
        rows = [row.partition("|") for row in self.cleaned_data["choices"].splitlines() if row.strip(" |")]
        found = tuple((name.strip(), (other or name).strip()) for name, _bar, other in rows)
        if any(not name or len(name) > 80 or len(other) > 80 for name, other in found):
            raise forms.ValidationError(_("Tiap pilihan paling banyak %(n)d huruf.") % {"n": 80})
        return found

    @classmethod
    def of(cls, row: Attribute) -> dict[str, Any]:
        names = ("name_id", "name_en", "hint_id", "hint_en", "datatype", "is_required", "is_public")
        choices = "\n".join(f"{one['name_id']} | {one['name_en']}" for one in row.values)
        return {**{name: getattr(row, name) for name in names}, "choices": choices}


@gate.officer(roles.ROUTE_EDIT)
@require_safe
def category_list(request: HttpRequest) -> HttpResponse:
    """The categories by group, and how many questions each asks."""
    rows = [row for row in categories().rows if not row.is_conduct]
    groups = [
        (name_of(name_id=key[0], name_en=key[1]), [_line(row) for row in inside])
        for key, inside in groupby(
            sorted(rows, key=lambda r: r.group_id), key=lambda r: (r.group_id, r.group_en)
        )
    ]
    return render(request, "reports/desk/categories.html", {"groups": groups})


def _line(row: Category) -> dict[str, Any]:
    return {
        "name": category_name(row),
        "url": reverse("category_questions", args=[row.code]),
        "count": len(questions.asked_for(row)),
        "is_used": row.is_active,
    }


@gate.officer(roles.ROUTE_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def category_questions(request: HttpRequest, code: str) -> HttpResponse:
    """What one category asks, its earlier versions, and the form for one more (`ubah`: in place of another)."""
    category = categories().by_code.get(code)
    if category is None or category.is_conduct:
        raise Http404
    asked = list(Attribute.objects.filter(category=category).order_by("position", "-version"))
    said = request.POST if request.method == "POST" else request.GET
    chosen = next((row for row in asked if row.is_active and str(row.pk) == said.get("ubah")), None)
    initial = QuestionForm.of(chosen) if chosen else None
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and _act(request, category, form, said.get("ubah", "")):
        return redirect("category_questions", category.code)
    context = {
        "name": category_name(category),
        "rows": [_shown(row) for row in asked if row.is_active],
        "earlier": [_shown(row) for row in asked if not row.is_active],
        "form": form,
        "chosen": chosen and chosen.pk,
        "here": request.path,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/desk/category_questions.html", context, status=status)


def _act(request: HttpRequest, category: Category, form: QuestionForm, changes: str) -> bool:
    by, at = person_of(request), timezone.now()
    instead_of = int(changes) if changes.isascii() and changes.isdecimal() and len(changes) < 16 else None
    try:
        if "hapus" in request.POST and instead_of is not None:
            questions.retire(category=category, attribute=instead_of, by=by, at=at)
            messages.success(request, _("Tidak ditanyakan lagi. Jawaban yang sudah ada tetap tersimpan."))
            return True
        if not form.is_valid():
            return False
        wanted = Wanted(**form.cleaned_data)
        questions.define(category=category, wanted=wanted, by=by, at=at, instead_of=instead_of)
    except CannotDefine as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, _("Tersimpan. Formulir warga dan Open311 memakainya dalam semenit."))
    return True


def _shown(row: Attribute) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "name": name_of(name_id=row.name_id, name_en=row.name_en),
        "kind": KINDS[Attribute.Datatype(row.datatype)],
        "choices": ", ".join(name_of(name_id=one["name_id"], name_en=one["name_en"]) for one in row.values),
        "is_required": row.is_required,
        "is_public": row.is_public and row.datatype in LISTS,
        "code": row.code,
        "version": row.version,
        "ended": day_in_words(row.ended_at.date()) if row.ended_at else "",
        "change": f"?ubah={row.pk}#ubah",
    }
