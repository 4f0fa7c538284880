"""Taking over a list of partners: the file, what each row would do, and which rows are new."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.partners import importing
from guyub.rooms.partners.models import ImportDraft, Partner
from guyub.rooms.partners.web.forms import ListForm
from guyub.rooms.partners.wording import KINDS, WHY
from guyub.rooms.people import api as people


@gate.officer(roles.PARTNERS)
def begin(request: HttpRequest) -> HttpResponse:
    """Send a file; it is read and shown, and nothing changes yet."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(people.MAX_BYTES + 1)
            draft = importing.keep(content, by=person_of(request), at=timezone.now())
        except people.CannotRead as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("desk_partner_import_choose", uuid=draft.uuid)
    page = {"form": form, "table": importing.TABLE, "columns": importing.TABLE.columns}
    return render(request, "partners/desk/import.html", page, status=422 if request.method == "POST" else 200)


@gate.officer(roles.PARTNERS)
def choose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say of each row that may be an entry whether it is; then the list is taken over whole."""
    person = person_of(request)
    draft = ImportDraft.objects.filter(uuid=uuid, by_id=person.acting).first()
    if draft is None:
        raise Http404
    tried = importing.try_rows(importing.rows_of(draft))
    page = {"tried": tried, "rows": _rows(tried, request), "is_open": False}
    if request.method != "POST":
        return render(request, "partners/desk/import_choose.html", page)
    try:
        added, changed = importing.apply(draft=draft, choices=_choices(request), by=person, at=timezone.now())
    except importing.Undecided:
        page["is_open"] = True
        return render(request, "partners/desk/import_choose.html", page, status=422)
    said = {"added": added, "changed": changed}
    messages.success(request, _("%(added)d mitra baru, %(changed)d dilengkapi.") % said)
    return redirect("desk_partners")


def _choices(request: HttpRequest) -> dict[int, str]:
    found = {}
    for name, value in request.POST.items():
        line = name.removeprefix("baris_")
        if name.startswith("baris_") and line.isascii() and line.isdigit() and len(line) < 7:
            found[int(line)] = str(value)
    return found


def _rows(tried: importing.Tried, request: HttpRequest) -> list[dict[str, Any]]:
    """Each row with the entries that it may be; what was chosen before stays chosen."""
    chosen = _choices(request)
    names = Partner.objects.without_contacts().in_bulk(
        [double.id for one in tried.candidates for double in one.doubles]
    )
    return [
        {
            "line": one.line,
            "name": one.profile.name,
            "kind": KINDS[one.profile.kind],  # type: ignore[index]
            "doubles": [
                {
                    "id": str(double.id),
                    "name": names[double.id].name,
                    "why": WHY[double.why],
                    "uuid": names[double.id].uuid,
                }
                for double in one.doubles
            ],
            "chosen": chosen.get(one.line, ""),
        }
        for one in tried.candidates
    ]


@gate.officer(roles.PARTNERS)
def sample(request: HttpRequest, form: str) -> HttpResponse:
    """The empty table with one sample row, and what may be written where."""
    if form == "csv":
        response = HttpResponse(people.sample_csv(importing.TABLE), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        content = people.sample_xlsx(importing.TABLE, choices=importing.choices_in_words())
        response = HttpResponse(content, content_type=kind)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="mitra.{form}"'
    return response
