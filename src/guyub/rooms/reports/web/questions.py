"""What a category asks, as fields: on the residents' form, at the counter, and as the part that the script unfolds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.rooms.reports import questions
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.models import Attribute
from guyub.rooms.reports.queries import name_of

PREFIX = "tanya-"
ASKED = "asked_for"
_NUMBER = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,6})?", re.ASCII)
_LONGEST = 400


def field_for(one: Attribute, *, text_field: type[forms.CharField]) -> forms.Field:
    """The field of a question; `text_field` cleans what people type."""
    kinds = Attribute.Datatype
    more: dict[str, Any] = {
        "label": name_of(name_id=one.name_id, name_en=one.name_en),
        "help_text": name_of(name_id=one.hint_id, name_en=one.hint_en),
        "required": one.is_required,
    }
    choices = [(row["key"], name_of(name_id=row["name_id"], name_en=row["name_en"])) for row in one.values]
    if one.datatype == kinds.SEVERAL:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **more)
    if one.datatype == kinds.ONE:
        return forms.ChoiceField(choices=[("", _("Pilih …")), *choices], **more)
    if one.datatype == kinds.DATETIME:
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(
            widget=picker, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **more
        )
    if one.datatype == kinds.NUMBER:
        return NumberField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more)
    is_long = one.datatype == kinds.TEXT
    widget: forms.Widget = forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput()
    return text_field(max_length=_LONGEST, widget=widget, **more)


class NumberField(forms.CharField):
    """A number as people write it, kept as written."""

    def clean(self, value: Any) -> str:
        text = super().clean(value).strip()
        if text and not _NUMBER.fullmatch(text):
            raise forms.ValidationError(_("Tulis angkanya saja."))
        return text


def fields_of(form: forms.Form) -> list[BoundField]:
    return [form[name] for name in form.fields if name.startswith(PREFIX)]


def answers_in(form: forms.Form, asked: Iterable[Attribute]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """What a valid form answers: each question that has an answer, with its values."""
    found = []
    for one in asked:
        said = form.cleaned_data.get(PREFIX + one.code)
        values = said if isinstance(said, list) else [said]
        texts = tuple(dict.fromkeys(_text(value) for value in values if value))
        if texts:
            found.append((one.pk, texts))
    return tuple(found)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat(timespec="minutes")


@gate.public
@never_cache
@require_safe
def unfold(request: HttpRequest) -> HttpResponse:
    """For the script: the questions of a category as a part of a page, or nothing. No query."""
    from guyub.rooms.reports.web.forms import TextField

    code = request.GET.get("kategori", "")
    asked = questions.asked_for(categories().by_code.get(code))
    if not asked:
        return HttpResponse(status=204)
    form = forms.Form()
    for one in asked:
        form.fields[PREFIX + one.code] = field_for(one, text_field=TextField)
    return render(request, "reports/_questions.html", {"questions": fields_of(form), "asked_for": code})
