"""Setting ceilings: one by one, the usual ones, from a spreadsheet, and moving them by a revision."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.rooms.areafunds import access, acting, ceilings, importing, queries, reference
from guyub.rooms.areafunds.models import Ceiling
from guyub.rooms.areafunds.rules import Scheme
from guyub.rooms.areafunds.web.desk import POWERS, answered, attempt
from guyub.rooms.areafunds.web.forms import BasisForm, CeilingForm, ListForm, RevisionForm
from guyub.rooms.people import api as people
from guyub.ui.figures import rupiah


def _scheme(person: Person, code: str, scheme: str, year: int) -> Scheme:
    """A scheme whose ceilings in a place this person sets, else 404."""
    place = access.desk_place(person, code)
    if not 2000 <= year <= 2100:
        raise Http404
    known = reference.schemes_in(place, year).get(scheme)
    if known is None or not acting.sets_ceilings(person, code, known.set_by):
        raise Http404
    return known


@gate.officer(*POWERS)
def ceiling(request: HttpRequest, code: str, scheme: str, year: int) -> HttpResponse:
    """Set one body's ceiling, or the usual ones of all bodies."""
    person, now = person_of(request), timezone.now()
    known = _scheme(person, code, scheme, year)
    usual = "baku" in request.POST
    form = CeilingForm(
        None if usual else request.POST or None, bodies=[(body.code, body.label) for body in known.bodies]
    )
    basis = BasisForm(request.POST if usual else None, prefix="baku")
    back = f"{reverse('desk_fund', args=[code])}?tahun={year}"

    def set_usual() -> None:
        ceilings.set_usual(
            place=code, scheme=scheme, year=year, basis=basis.cleaned_data["basis"], by=person, at=now
        )

    def set_one() -> None:
        said = form.cleaned_data
        unit = ceilings.unit_named(said.pop("unit"))
        ceilings.set_ceiling(place=code, scheme=scheme, year=year, unit=unit, by=person, at=now, **said)

    chosen, act = (basis, set_usual) if usual else (form, set_one)
    if request.method == "POST" and chosen.is_valid() and attempt(request, act, _("Pagu tersimpan."), chosen):
        return redirect(back)
    page = {
        "form": form,
        "basis": basis if any(body.default for body in known.bodies) else None,
        "scheme": known,
        "place": access.desk_place(person, code),
        "year": str(year),
        "legal": reference.basis_of(scheme, year),
        "rw": len(ceilings.units_of(code)["RW"]),
        "back": back,
    }
    return answered(request, page, "ceiling")


@gate.officer(*POWERS)
def revise(request: HttpRequest, code: str, scheme: str, year: int) -> HttpResponse:
    """Move money from one body to another, by a decision."""
    person, now = person_of(request), timezone.now()
    known = _scheme(person, code, scheme, year)
    book = access.book_of(person, code, scheme, year)
    rows = Ceiling.objects.filter(book=book).order_by("pk")
    form = RevisionForm(
        request.POST or None,
        bodies=[
            (row.pk, f"{queries.label_of(known, row)} ({rupiah(row.amount - row.planned)})") for row in rows
        ],
    )
    back = f"{reverse('desk_fund', args=[code])}?tahun={year}"
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            ceilings.revise(by=person, at=now, **form.cleaned_data)

        if attempt(request, act, _("Pergeseran tercatat."), form):
            return redirect(back)
    page = {
        "form": form,
        "title": _("Geser pagu antarlembaga"),
        "lead": _(
            "Hanya yang belum direncanakan dapat digeser; jumlahnya tertulis di belakang nama lembaga."
        ),
        "back": back,
        "button": _("Catat pergeseran"),
    }
    return answered(request, page)


@gate.officer(roles.CEILINGS)
def begin(request: HttpRequest) -> HttpResponse:
    """Send a file of ceilings; it is read and shown, and nothing changes yet."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(people.MAX_BYTES + 1)
            draft = importing.keep(content, by=person_of(request), at=timezone.now())
        except people.CannotRead as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("desk_fund_import_try", uuid=draft.uuid)
    page = {"form": form, "table": importing.TABLE, "columns": importing.TABLE.columns}
    return answered(request, page, "import")


@gate.officer(roles.CEILINGS)
def tried(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the file would do, or line by line what is wrong with it; then it is applied whole."""
    person, now = person_of(request), timezone.now()
    draft = access.own_draft(person, uuid)
    if request.method == "POST":
        try:
            done = importing.apply(draft, by=person, at=now)
        except importing.Undecided:
            messages.warning(request, _("Belum diterapkan. Lihat barisnya di bawah."))
            return redirect("desk_fund_import_try", uuid=uuid)
        messages.success(request, _("%(n)d pagu diterapkan.") % {"n": len(done.rows)})
        return redirect("desk_funds")
    found = importing.try_rows(draft, at=now)
    page = {"tried": found, "total": rupiah(found.total)}
    return render(request, "areafunds/desk/import_try.html", page)


@gate.officer(roles.CEILINGS)
def sample(request: HttpRequest, form: str) -> HttpResponse:
    """The empty table with one sample row."""
    if form == "csv":
        response = HttpResponse(people.sample_csv(importing.TABLE), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(
            people.sample_xlsx(
                importing.TABLE, choices=importing.choices_in_words(today=timezone.localdate())
            ),
            content_type=kind,
        )
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="pagu-dana.{form}"'
    return response
