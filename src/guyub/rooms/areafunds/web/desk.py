"""The officers' side of area funds: the places one oversees, and what their own head plans, shows and closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.areafunds import (
    access,
    acting,
    activities,
    ceilings,
    queries,
    realising,
    reference,
    rules,
    timeline,
)
from guyub.rooms.areafunds.acting import Refused
from guyub.rooms.areafunds.models import Activity, Book, Step
from guyub.rooms.areafunds.rules import LIVE, Scheme
from guyub.rooms.areafunds.web.forms import ActivityForm, ReasonForm, StepForm
from guyub.rooms.areafunds.web.public import chosen_year
from guyub.rooms.places.api import PlaceRow
from guyub.ui.fields import with_pages

POWERS = (roles.FUNDS, roles.CEILINGS)


def attempt(request: HttpRequest, act: Callable[[], object], done: str, form: Any = None) -> bool:
    """Do one thing and say so. What a rule refuses is said in the form, or where there is none as a message."""
    try:
        act()
    except Refused as refused:
        if form is not None:
            form.refuse(refused)
        else:
            messages.warning(request, str(refused))
        return False
    except NotAllowed:
        words = _("Ini tidak dapat dilakukan (lagi). Lihat keadaannya sekarang di bawah.")
        if form is not None:
            form.add_error(None, words)
        else:
            messages.warning(request, words)
        return False
    messages.success(request, done)
    return True


def answered(request: HttpRequest, context: dict[str, Any], template: str = "form") -> HttpResponse:
    """A form's page: 422 when what was sent could not be done."""
    status = 422 if request.method == "POST" else 200
    return render(request, f"areafunds/desk/{template}.html", context, status=status)


@gate.officer(*POWERS)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The places that one oversees with their sums; whoever has one place is led to it."""
    person = person_of(request)
    rows = access.seen_places(person)
    if len(rows) == 1:
        return redirect("desk_fund", code=rows[0].code)
    today = local_date(timezone.now(), get_city().tz)
    years = queries.years_of()
    year = queries.current_year(years, request.GET.get("tahun", ""), today)
    sums = queries.sums_by_place([row.code for row in rows], year=year)
    here = reverse("desk_funds")
    context = {
        "rows": [
            {
                "address": f"{reverse('desk_fund', args=[row.code])}?tahun={year}",
                "name": row.label,
                "district": row.district,
                "sums": sums.get(row.code),
            }
            for row in rows
        ],
        "year": str(year),
        "years": [(str(one), f"{here}?tahun={one}") for one in years],
        "may_set": person.can(roles.CEILINGS),
    }
    return render(request, "areafunds/desk/list.html", context)


@gate.officer(*POWERS)
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """A place's year: bodies, activities, and what may be done now."""
    person = person_of(request)
    place = access.desk_place(person, code)
    year, years = chosen_year(request, code)
    here = reverse("desk_fund", args=[code])
    parts = queries.parts(code, year=year)
    known = reference.schemes_in(place, year)
    setting = [one for one in known.values() if acting.sets_ceilings(person, code, one.set_by)]
    closed = {part.code for part in parts if part.is_closed}
    context = {
        "place": place,
        "year": str(year),
        "year_number": year,
        "years": [(str(one), f"{here}?tahun={one}") for one in years],
        "parts": parts,
        "manages": acting.manages(person, code),
        "setting": [_setting(one, place, year) for one in setting if one.code not in closed],
        "may_set": {one.code for one in setting},
        "entries": _history(parts),
    }
    return render(request, "areafunds/desk/page.html", context)


def _setting(scheme: Scheme, place: PlaceRow, year: int) -> tuple[str, str]:
    return scheme.label, reverse("desk_fund_ceiling", args=[place.code, scheme.code, year])


def _history(parts: list[queries.SchemePart]) -> list[timeline.Entry]:
    books = Book.objects.filter(pk__in=[part.book for part in parts])
    found = [entry for book in books for entry in timeline.entries(book, public=False)]
    return sorted(found, key=lambda entry: entry.datetime, reverse=True)[:20]


@gate.officer(roles.FUNDS)
def plan(request: HttpRequest, code: str, ceiling: int) -> HttpResponse:
    """Plan an activity of a body."""
    person, now = person_of(request), timezone.now()
    row = access.managed_ceiling(person, code, ceiling)
    form = ActivityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            activities.plan(ceiling=row.pk, said=form.plan(), by=person, at=now)

        if attempt(request, act, _("Kegiatan direncanakan."), form):
            return redirect(_at(row.book))
    scheme = reference.schemes_of(row.book.year).get(row.book.scheme)
    sums = queries.Sums(row.amount, row.planned, row.spent)
    page = {
        "form": form,
        "title": _("Rencanakan kegiatan"),
        "lead": _("%(body)s: masih dapat direncanakan %(amount)s dari pagu %(year)s.")
        % {"body": queries.label_of(scheme, row), "amount": sums.said["free"], "year": row.book.year},
        "back": _at(row.book),
        "button": _("Simpan rencana"),
    }
    return answered(request, page)


def _at(book: Book) -> str:
    return f"{reverse('desk_fund', args=[book.place])}?tahun={book.year}"


@gate.officer(*POWERS)
@require_safe
def activity(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One activity with its steps, receipts and flags, and the next step's form for who manages it."""
    row = access.desk_activity(person_of(request), uuid)
    return _activity(request, row, _next_form(row))


def _next_form(row: Activity, data: Any = None, sent: Any = None) -> StepForm | None:
    taken = Step.objects.filter(activity=row, withdrawn_at__isnull=True).values_list("percent", flat=True)
    percent = rules.next_step(taken, reference.percents(year=row.ceiling.book.year))
    if percent is None or row.state not in LIVE:
        return StepForm(data, sent) if data is not None else None
    return StepForm(data, sent, initial={"percent": percent, "amount": 0 if percent == 0 else None})


def _activity(request: HttpRequest, row: Activity, form: StepForm | None) -> HttpResponse:
    person, book = person_of(request), row.ceiling.book
    manages = acting.manages(person, book.place) and book.closed_at is None
    steps = queries.steps_of(row, oversees=True)
    live = [one for one in steps if not one.withdrawn]
    context = {
        "row": row,
        "place": access.public_place(book.place),
        "said": queries.activity_row(row),
        "steps": steps,
        "newest": live[-1].uuid if live and manages and row.state != "STOPPED" else None,
        "form": form if manages else None,
        "next_percent": form["percent"].value() if form else "",
        "may_change": manages and row.state in LIVE,
        "back": _at(book),
        "entries": timeline.entries(row, public=False),
    }
    return answered(request, context, "activity")


@gate.officer(roles.FUNDS)
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    row = access.managed_activity(person, uuid)
    form = ActivityForm.about(request.POST or None, row)
    back = reverse("desk_fund_activity", args=[row.uuid])
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            activities.change(activity=row.pk, said=form.plan(), by=person, at=now)

        if attempt(request, act, _("Rencana diubah."), form):
            return redirect(back)
    page = {
        "form": form,
        "title": _("Ubah rencana"),
        "lead": row.name,
        "back": back,
        "button": _("Simpan rencana"),
    }
    return answered(request, page)


@gate.officer(roles.FUNDS)
def stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    row = access.managed_activity(person, uuid)
    form, back = ReasonForm(request.POST or None), reverse("desk_fund_activity", args=[row.uuid])
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            activities.stop(activity=row.pk, reason=form.cleaned_data["reason"], by=person, at=now)

        if attempt(request, act, _("Kegiatan dihentikan."), form):
            return redirect(back)
    page = {
        "form": form,
        "title": _("Hentikan kegiatan"),
        "lead": _("Yang belum dibelanjakan kembali ke pagu lembaganya. Alasannya dibaca umum."),
        "back": back,
        "button": _("Hentikan"),
        "tone": "danger",
    }
    return answered(request, page)


def _step(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Record the next step of an activity."""
    person, now = person_of(request), timezone.now()
    row = access.managed_activity(person, uuid)
    form = _next_form(row, request.POST, request.FILES)
    assert form is not None
    if form.is_valid():

        def act() -> None:
            realising.show_step(activity=row.pk, said=form.shown(), by=person, at=now)

        if attempt(request, act, with_pages(_("Langkah tercatat."), form), form):
            return redirect("desk_fund_activity", uuid=row.uuid)
    return _activity(request, row, form)


@gate.officer(roles.FUNDS)
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the newest step back."""
    person, now = person_of(request), timezone.now()
    row = access.managed_step(person, uuid)
    form, back = ReasonForm(request.POST or None), reverse("desk_fund_activity", args=[row.activity.uuid])
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            realising.withdraw_step(step=row.pk, reason=form.cleaned_data["reason"], by=person, at=now)

        if attempt(request, act, _("Langkah ditarik kembali."), form):
            return redirect(back)
    page = {
        "form": form,
        "title": _("Tarik langkah kembali"),
        "lead": _("Belanjanya tidak dihitung lagi dan fotonya tidak tampil untuk umum."),
        "back": back,
        "button": _("Tarik kembali"),
        "tone": "danger",
    }
    return answered(request, page)


@gate.officer(roles.FUNDS)
def close(request: HttpRequest, code: str, scheme: str, year: int) -> HttpResponse:
    """Close a scheme's year: nothing of it changes afterwards."""
    person, now = person_of(request), timezone.now()
    access.managed_place(person, code)
    book = access.book_of(person, code, scheme, year)
    if book.closed_at is not None:
        raise Http404
    if request.method == "POST" and attempt(
        request,
        lambda: ceilings.close_year(book=book.pk, by=person, at=now),
        _("Tahun anggaran ditutup."),
    ):
        return redirect(_at(book))
    if request.method == "POST":
        return redirect(_at(book))
    page = {
        "form": None,
        "title": _("Tutup tahun anggaran %(year)d") % {"year": year},
        "lead": _("Setelah ditutup, pagu, kegiatan, dan realisasinya tidak berubah lagi."),
        "back": _at(book),
        "button": _("Tutup tahun anggaran"),
        "tone": "danger",
    }
    return answered(request, page)


step = gate.officer(roles.FUNDS)(require_POST(_step))
