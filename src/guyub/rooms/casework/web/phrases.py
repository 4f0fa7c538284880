"""The prepared answers of a desk: read, kept, changed, taken away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.casework import answer_templates, queries
from guyub.rooms.casework.phrases import FIELDS, unknown_fields
from guyub.rooms.casework.rules import Verb
from guyub.rooms.people import api as people

CITY = "kota"
VERB_LABELS = {
    Verb.ANSWER: gettext_lazy("Jawab"),
    Verb.ASK: gettext_lazy("Tanya pelapor"),
    Verb.SCHEDULE: gettext_lazy("Jadwalkan"),
    Verb.COMPLETE: gettext_lazy("Nyatakan selesai dikerjakan"),
    Verb.REJECT: gettext_lazy("Tidak dapat diproses"),
}


class TemplateForm(forms.Form):
    use_required_attribute = False
    keeper = forms.ChoiceField(label=gettext_lazy("Untuk"))
    verb = forms.ChoiceField(
        label=gettext_lazy("Tindakan"), choices=[(v.value, s) for v, s in VERB_LABELS.items()]
    )
    title = forms.CharField(
        label=gettext_lazy("Judul"), max_length=80, help_text=gettext_lazy("Hanya terlihat oleh petugas.")
    )
    body = forms.CharField(
        label=gettext_lazy("Teks"),
        max_length=2000,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "Terisi sendiri: {nomor} {kelurahan} {kategori} {tenggat} {kantor}. Yang harus diisi petugas ditulis "
            "{isi: tanggal}; laporan tidak terkirim sebelum semuanya terisi."
        ),
    )

    def __init__(self, *args: Any, person: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        names = people.directory().by_id
        self.fields["keeper"].choices = [  # type: ignore[attr-defined]
            (CITY, _("Semua kantor")) if office is None else (str(office), names[office].name)
            for office in answer_templates.keepers(person)
            if office is None or office in names
        ]

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        wrong = unknown_fields(body)
        if wrong:
            said = {
                "wrong": ", ".join(f"{{{name}}}" for name in wrong),
                "known": ", ".join(f"{{{name}}}" for name in FIELDS),
            }
            raise ValidationError(
                _(
                    "Isian %(wrong)s tidak dikenal. Yang ada: %(known)s, dan {isi: …} untuk yang diisi petugas."
                )
                % said
            )
        return body


@gate.officer(roles.VIEW)
def shelf(request: HttpRequest) -> HttpResponse:
    """All templates that this person can use, by keeper and act."""
    person = person_of(request)
    names, own = people.directory().by_id, answer_templates.keepers(person)
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in answer_templates.visible(person):
        office = names.get(row.office_id) if row.office_id else None
        keeper = office.name if office else _("Semua kantor")
        line = {
            "id": row.pk,
            "title": row.title,
            "verb": VERB_LABELS[Verb(row.verb)],
            "body": row.body,
            "can": row.office_id in own,
        }
        groups.setdefault(keeper, []).append(line)
    return _page(request, "casework/templates.html", {"groups": list(groups.items()), "can_add": bool(own)})


@gate.officer(roles.ANSWER)
def edit(request: HttpRequest, template: int | None = None) -> HttpResponse:
    """Write a new template or change one."""
    person, row = person_of(request), None
    if template is not None:
        row = _editable(person, template)
    if request.method != "POST":
        return _edit_page(request, TemplateForm(person=person, initial=_initial(row)), template)
    form = TemplateForm(request.POST, person=person)
    if not form.is_valid() or not _save(form, person, template):
        return _edit_page(request, form, template, status=422)
    messages.success(request, _("Templat disimpan."))
    return redirect("desk_templates")


def _initial(row: Any) -> dict[str, str]:
    if row is None:
        return {}
    return {"keeper": str(row.office_id or CITY), "verb": row.verb, "title": row.title, "body": row.body}


def _save(form: TemplateForm, person: Person, template: int | None) -> bool:
    said = form.cleaned_data
    try:
        answer_templates.save(
            by=person,
            office=None if said["keeper"] == CITY else int(said["keeper"]),
            verb=Verb(said["verb"]),
            title=said["title"],
            body=said["body"],
            template=template,
            at=timezone.now(),
        )
    except answer_templates.TitleTaken:
        form.add_error("title", _("Sudah ada templat dengan judul ini untuk tindakan yang sama."))
    except answer_templates.TooMany:
        form.add_error(None, _("Templat sudah terlalu banyak untuk dipilih. Hapus dulu yang tidak dipakai."))
    return form.is_valid()


@gate.officer(roles.ANSWER)
def remove(request: HttpRequest, template: int) -> HttpResponse:
    """Take a template away; what was sent with it stays as it is."""
    person = person_of(request)
    _editable(person, template)
    if request.method == "POST":
        answer_templates.remove(template=template, by=person, at=timezone.now())
        messages.success(request, _("Templat dihapus. Jawaban yang sudah terkirim tidak berubah."))
    return redirect("desk_templates")


def _editable(person: Person, template: int) -> Any:
    try:
        return answer_templates.editable(person, template)
    except NotAllowed:
        raise Http404 from None


def _edit_page(
    request: HttpRequest, form: TemplateForm, template: int | None, *, status: int = 200
) -> HttpResponse:
    return _page(request, "casework/template.html", {"form": form, "template": template}, status=status)


def _page(request: HttpRequest, name: str, found: dict[str, Any], *, status: int = 200) -> HttpResponse:
    found["desk"] = queries.desk_of(person_of(request))
    response = render(request, name, found, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
