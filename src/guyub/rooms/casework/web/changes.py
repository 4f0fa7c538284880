"""Pages of a change of the decision table: drafted, tried on past cases, submitted, decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import changes, queries, table, table_file
from guyub.rooms.casework.changes import CannotChange
from guyub.rooms.casework.models import RouteChange
from guyub.rooms.casework.web.table import STATUS_TONES, status_said
from guyub.rooms.casework.web.table_forms import ChangeForm, DeclineForm, FileForm, RowForm
from guyub.rooms.casework.web.table_page import Words
from guyub.rooms.people import api as people

DAYS = (30, 90, 365)
SHOWN = 100


@gate.officer(roles.ROUTE_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft."""
    person = person_of(request)
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = changes.draft_change(**form.cleaned_data, by=person, at=timezone.now())
        return _to(row)
    context = {"desk": queries.desk_of(person), "form": form}
    status = 422 if request.method == "POST" else 200
    return _private(render(request, "casework/change_new.html", context, status=status))


@gate.officer(roles.ROUTE_EDIT, roles.ROUTE_APPROVE)
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A draft with what it would have done to past cases."""
    return _show(request, _load(uuid), person_of(request))


@gate.officer(roles.ROUTE_EDIT, roles.ROUTE_APPROVE)
def act(request: HttpRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Do one thing to a draft. What was typed comes back whenever it cannot be done."""
    person, row = person_of(request), _load(uuid)
    if verb not in _DEEDS:
        raise Http404
    if request.method != "POST":
        return redirect("route_change", uuid=uuid)
    form = _FORMS[verb](request.POST, request.FILES) if verb in _FORMS else None
    try:
        if form is not None and not form.is_valid():
            _may(person, row, verb)
            return _show(request, row, person, used=form, verb=verb, status=422)
        _DEEDS[verb](row, form, request, person, timezone.now())
    except NotAllowed:
        raise Http404 from None
    except CannotChange as problem:
        return _show(request, _load(uuid), person, used=form, verb=verb, problem=str(problem), status=409)
    messages.success(request, _done(verb))
    return _to(row)


def _may(person: Person, row: RouteChange, verb: str) -> None:
    """Whoever may not is told that there is no such page, whatever was wrong with the form."""
    deciding = verb in ("setujui", "kembalikan")
    if not (changes.may_decide(person, row) if deciding else person.can(roles.ROUTE_EDIT)):
        raise NotAllowed("This person may not do this to this change.")


def _import(row: RouteChange, form: Any, request: HttpRequest, by: Person, at: datetime) -> None:
    upload = form.cleaned_data["file"]
    if upload.size > table_file.LARGEST:
        raise CannotChange(_("Berkas ini terlalu besar."))
    said = table_file.read(upload.read(), on=row.effective_from)
    if said.errors:
        raise CannotChange("\n".join(said.errors[:SHOWN]))
    changes.take_table(change=row.uuid, rows=said.rows, by=by, at=at)


def _drop(row: RouteChange, form: Any, request: HttpRequest, by: Person, at: datetime) -> None:
    said = request.POST.get("posisi", "")
    position = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else -1
    changes.drop_row(change=row.uuid, position=position, by=by, at=at)


_FORMS: dict[str, Callable[..., Form]] = {
    "ubah": ChangeForm,
    "tambah": RowForm,
    "impor": FileForm,
    "kembalikan": DeclineForm,
}
Deed = Callable[[RouteChange, Any, HttpRequest, Person, datetime], object]
_DEEDS: dict[str, Deed] = {
    "ubah": lambda row, form, request, by, at: changes.edit_change(
        change=row.uuid, by=by, at=at, **form.cleaned_data
    ),
    "tambah": lambda row, form, request, by, at: changes.put_row(
        change=row.uuid, row=form.row(), by=by, at=at
    ),
    "hapus": _drop,
    "impor": _import,
    "ajukan": lambda row, form, request, by, at: changes.submit_change(change=row.uuid, by=by, at=at),
    "setujui": lambda row, form, request, by, at: changes.approve_change(change=row.uuid, by=by, at=at),
    "kembalikan": lambda row, form, request, by, at: changes.decline_change(
        change=row.uuid, words=form.cleaned_data["words"], by=by, at=at
    ),
}


def _done(verb: str) -> str:
    return {
        "ubah": _("Usul disimpan."),
        "tambah": _("Baris ditambahkan."),
        "hapus": _("Baris dihapus dari usul."),
        "impor": _("Tabel dibaca. Hanya yang berbeda masuk ke usul."),
        "ajukan": _("Usul diajukan ke Bagian Tata Pemerintahan."),
        "setujui": _("Usul disetujui. Berlaku dengan sendirinya pada tanggalnya."),
        "kembalikan": _("Usul dikembalikan."),
    }[verb]


def _load(uuid: UUID) -> RouteChange:
    row = RouteChange.objects.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def _to(row: RouteChange) -> HttpResponse:
    found = redirect("route_change", uuid=row.uuid)
    found.status_code = 303
    return found


def _show(
    request: HttpRequest,
    row: RouteChange,
    person: Person,
    *,
    used: Any = None,
    verb: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    today = local_date(timezone.now(), get_city().tz)
    may_edit = person.can(roles.ROUTE_EDIT) and row.status in changes.OPEN_FOR_EDITS
    may_decide = changes.may_decide(person, row)
    said = Words.now()
    forms = {name: used if name == verb and used is not None else None for name in _FORMS}
    head = {name: getattr(row, name) for name in ("title", "legal_basis", "legal_date", "effective_from")}
    context = {
        "desk": queries.desk_of(person),
        "change": row,
        "tone": STATUS_TONES[RouteChange.Status(row.status)],
        "status": status_said(row.status),
        "since": date_format(row.effective_from, "j F Y"),
        "signed": date_format(row.legal_date, "j F Y"),
        "rows": [
            {"key": table.said_key(one.key), "line": said.line(one, today=today), "position": n}
            for n, one in enumerate(table.rows_in(row))
        ],
        "trial": _trial(request, row),
        "may_edit": may_edit,
        "may_decide": may_decide,
        "is_own": row.status == RouteChange.Status.SUBMITTED and person.account in row.authors,
        "head_form": forms["ubah"] or ChangeForm(initial=head) if may_edit else None,
        "row_form": forms["tambah"] or RowForm() if may_edit else None,
        "file_form": forms["impor"] or FileForm() if may_edit else None,
        "decline_form": forms["kembalikan"] or DeclineForm() if may_decide else None,
        "problems": problem.splitlines(),
        "verb": verb,
    }
    return _private(render(request, "casework/change.html", context, status=status))


def _trial(request: HttpRequest, row: RouteChange) -> dict[str, Any] | None:
    """The draft tried on past cases, where there is something to try."""
    if not row.rows:
        return None
    said = request.GET.get("hari", "")
    days = int(said) if said in map(str, DAYS) else DAYS[1]
    found = table.try_on_past(row, days=days, at=timezone.now())
    names = {one.code: one.name for one in table.categories()}
    offices = people.directory().by_id
    lines = [
        {
            "category": names.get(one.category, one.category),
            "from": offices[one.from_office].name,
            "to": offices[one.to_office].name,
            "count": one.count,
            "landed": one.landed,
            "numbers": ", ".join(one.numbers),
        }
        for one in found.lines[:SHOWN]
    ]
    base = reverse("route_change", args=[row.uuid])
    return {
        "found": found,
        "lines": lines,
        "more": max(0, len(found.lines) - SHOWN),
        "choices": [(f"{base}?hari={n}#coba", n, n == days) for n in DAYS],
    }


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
