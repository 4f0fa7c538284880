"""Setting a city up: the steps as they stand, and the tables that are filled in and sent back."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guyub.kernel.access.api import ROLES, gate, person_of, roles
from guyub.kernel.notices import api as notices
from guyub.rooms.people import importing, setup
from guyub.rooms.people.models import OrganisationKind, Upload
from guyub.rooms.people.queries import directory
from guyub.rooms.people.setup import Standing
from guyub.rooms.people.tables import (
    MAX_BYTES,
    TABLES,
    CannotRead,
    Filled,
    Row,
    Table,
    read,
    sample_csv,
    sample_xlsx,
)
from guyub.rooms.people.web.desk_forms import TableForm
from guyub.rooms.people.web.frame import frame

_TONES = {Standing.DONE: "confirmed", Standing.TODO: "waiting", Standing.LOOK: "info"}
SHOWN = 100


@gate.officer(roles.MANAGE_PEOPLE)
def overview(request: HttpRequest) -> HttpResponse:
    """The steps, how each stands, and what is next."""
    said = {Standing.DONE: _("Siap"), Standing.TODO: _("Perlu dikerjakan"), Standing.LOOK: _("Periksa")}
    found = [
        {
            "code": code,
            "title": title,
            "state": said[step.standing],
            "tone": _TONES[step.standing],
            "words": step.words,
            "url": reverse(step.route, args=step.args) if step.route else "",
            "link": step.link,
            "is_mail": step.route == "setup_mail",
        }
        for code, title, step in setup.steps(at=timezone.now())
    ]
    return render(request, "people/desk/setup.html", {**frame(person_of(request), "setup"), "steps": found})


@require_POST
def _mail(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    notices.notify(
        key=f"{setup.MAIL_TEST}{uuid4().hex}",
        recipient=f"account:{person.acting}",
        subject=_("Surat percobaan"),
        body=_("Bila surat ini sampai, surat elektronik daerah ini sudah bekerja."),
        at=now,
    )
    messages.success(request, _("Surat percobaan dikirim ke alamat Anda."))
    return redirect("setup")


mail = gate.officer(roles.MANAGE_PEOPLE)(_mail)


@gate.officer(roles.MANAGE_PEOPLE)
def table(request: HttpRequest, table: str) -> HttpResponse:
    """What a table holds, its samples, and a dry run of what was sent: nothing changes yet."""
    chosen = _table_or_404(table)
    form = TableForm(request.POST or None, request.FILES or None)
    page = {**frame(person_of(request), "setup"), "table": chosen, "form": form, "columns": chosen.columns}
    page |= {
        "has_present": importing.taker_of(chosen).present is not None,
        "outcome": None,
        "token": "",
        "more": 0,
    }
    if request.method != "POST":
        return render(request, "people/desk/table.html", page)
    if form.is_valid():
        try:
            rows = read(form.cleaned_data["file"].read(MAX_BYTES + 1), table=chosen)
        except CannotRead as problem:
            form.add_error("file", str(problem))
        else:
            return render(request, "people/desk/table.html", {**page, **_dry_run(request, chosen, rows)})
    return render(request, "people/desk/table.html", page, status=422)


def _dry_run(request: HttpRequest, table: Table, rows: list[Row]) -> dict[str, object]:
    person, now = person_of(request), timezone.now()
    found = importing.run(rows, table=table, by=person.account, at=now, apply=False)
    token = ""
    if not found.problems and (found.added or found.changed):
        token = _keep(table, rows, by=person.acting, at=now)
    return {
        "outcome": found,
        "token": token,
        "news": found.news[:SHOWN],
        "more": max(0, len(found.news) - SHOWN),
    }


def _keep(table: Table, rows: list[Row], *, by: int, at: datetime) -> str:
    row = Upload.objects.create(
        uuid=uuid4(), table=table.code, rows=json.dumps([asdict(row) for row in rows]), by_id=by, at=at
    )
    return str(row.uuid)


@gate.officer(roles.MANAGE_PEOPLE, proved=True)
def apply(request: HttpRequest, table: str, upload: UUID) -> HttpResponse:
    """Take over a table that was checked. Everything is checked once more: the world may have moved."""
    chosen, person, now = _table_or_404(table), person_of(request), timezone.now()
    if request.method != "POST":
        return redirect("setup_table", table=table)
    kept = Upload.objects.filter(uuid=upload, table=table, by_id=person.acting).first()
    if kept is None:
        messages.warning(
            request, _("Tabel ini sudah diterapkan atau terlalu lama menunggu. Kirim lagi bila perlu.")
        )
        return redirect("setup_table", table=table)
    rows = [Row(one["line"], one["values"], tuple(one["formulas"])) for one in json.loads(kept.rows)]
    found = importing.run(rows, table=chosen, by=person.account, at=now, apply=True)
    if found.problems:
        page = {**frame(person, "setup"), "table": chosen, "form": TableForm(), "columns": chosen.columns}
        page |= {"has_present": importing.taker_of(chosen).present is not None, "outcome": found}
        page |= {"token": "", "news": [], "more": 0}
        return render(request, "people/desk/table.html", page, status=409)
    kept.delete()
    n = found.added + found.changed
    messages.success(request, ngettext("%(n)d baris diterapkan.", "%(n)d baris diterapkan.", n) % {"n": n})
    return redirect("setup")


@gate.officer(roles.MANAGE_PEOPLE)
def sample(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """The empty table to fill in, with the words that may be used in it."""
    chosen = _table_or_404(table)
    return _file(chosen, form, name=chosen.code, rows=None)


@gate.officer(roles.MANAGE_PEOPLE)
def present(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """The table as it stands today, to be mended and sent back."""
    chosen = _table_or_404(table)
    rows = importing.taker_of(chosen).present
    if rows is None:
        raise Http404
    return _file(chosen, form, name=f"{chosen.code}-sekarang", rows=rows(timezone.now()))


def _file(table: Table, form: str, *, name: str, rows: Filled | None) -> HttpResponse:
    if form == "csv":
        response = HttpResponse(sample_csv(table, rows=rows), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        choices = importing.taker_of(table).choices() or _choices()
        response = HttpResponse(sample_xlsx(table, choices=choices, rows=rows), content_type=kind)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _choices() -> dict[str, list[str]]:
    offices = directory().all
    return {
        "Peran": [role.code for role in ROLES.values()],
        "Artinya": [str(role.label) for role in ROLES.values()],
        "Kantor": [office.name for office in offices],
        "Kode kantor": [office.key for office in offices],
        "Jenis": [label for _value, label in OrganisationKind.choices],
    }


def _table_or_404(code: str) -> Table:
    if code not in TABLES:
        raise Http404
    return TABLES[code]
