"""Stations with their chart, datums and fits, and thresholds: set one by one or from a list."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.sensing import api as sensing
from guyub.rooms.tides import access, fitting, importing, queries, reference, stations, thresholds
from guyub.rooms.tides.forecasting import newest_forecast
from guyub.rooms.tides.models import Datum, Fit, Station
from guyub.rooms.tides.web import shown
from guyub.rooms.tides.web.desk import POWERS, answered, attempt
from guyub.rooms.tides.web.forms import ConstantsForm, DatumForm, ListForm, StationForm, SurveyForm
from guyub.rooms.tides.wording import centimetres, metres
from guyub.ui.rows import day_in_words

FITS = 10


@gate.officer(*POWERS)
@require_safe
def station(request: HttpRequest, slug: str) -> HttpResponse:
    """A station: what was measured, what is expected with its band, its datums and the versions of its constants."""
    at = timezone.now()
    row = access.station(slug)
    hours = queries.forecast(row.pk, at=at)
    drawn, rows = shown.chart(row, hours, at=at, levels=shown.held(row, at=at))
    forecast = newest_forecast(row)
    context = {
        "row": row,
        "water": shown.water(row, at=at),
        "chart": drawn,
        "hours": rows,
        "residual": centimetres(forecast.residual) if forecast and forecast.residual is not None else "",
        "made": shown.age(forecast.made_for, now=at) if forecast else "",
        "datums": [
            (one.name, metres(one.zero, 3), day_in_words(one.surveyed_on), one.basis)
            for one in Datum.objects.filter(station=row).order_by("name", "-surveyed_on")
        ],
        "fits": [_fit(one) for one in Fit.objects.filter(station=row).order_by("-version")[:FITS]],
        "methods": _methods(row, least=reference.amount("least_days", at=at)),
        "keeps": person_of(request).can(roles.SEA),
    }
    return render(request, "tides/desk/station.html", context)


def _fit(one: Fit) -> dict[str, str]:
    days = (one.until_time - one.from_time).days if one.until_time and one.from_time else 0
    return {
        "version": str(one.version),
        "kind": _("dihitung dari alat") if one.kind == "FITTED" else _("konstanta terbitan"),
        "made": shown.moment(one.made_at),
        "rests": _("%(days)d hari, %(good)d jam baik, %(rejected)d dibuang")
        % {"days": days, "good": one.good, "rejected": one.rejected}
        if one.kind == "FITTED"
        else one.source,
        "rmse": f"{one.rmse * 100:.1f} cm".replace(".", ",") if one.rmse is not None else "–",
        "number": str(len(one.constants["names"])),
    }


def _methods(row: Station, *, least: int) -> list[shown.MethodShown]:
    fit = fitting.newest_fit(row)
    return shown.methods(fit.skill, least=least) if fit else []


@gate.officer(roles.SEA)
def station_new(request: HttpRequest) -> HttpResponse:
    """Read a gauge of sensing as a tide station."""
    person, at = person_of(request), timezone.now()
    taken = set(Station.objects.values_list("datastream", flat=True))
    free = [(one.id, one.name) for one in sensing.find_datastreams(kind="sea_level") if one.id not in taken]
    form = StationForm(request.POST or None, gauges=free)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            stations.add_station(by=person, at=at, **form.cleaned_data)

        if attempt(
            request, act, _("Stasiun ditambahkan. Konstanta dihitung setelah 30 hari data baik."), form
        ):
            return redirect("desk_tides")
    page = {
        "form": form,
        "title": _("Stasiun baru"),
        "lead": _("Sensor tinggi muka laut yang dibaca sebagai pasang surut sebuah pelabuhan."),
        "back": reverse("desk_tides"),
        "button": _("Tambah stasiun"),
        "has_file": False,
    }
    return answered(request, page, "form")


@gate.officer(roles.SEA)
def datum(request: HttpRequest, slug: str) -> HttpResponse:
    """How high a datum lies above the gauge's zero."""
    person, at = person_of(request), timezone.now()
    row, form = access.station(slug), DatumForm(request.POST or None)
    back = reverse("desk_tides_station", args=[slug])
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            said = form.cleaned_data
            stations.set_datum(station=row.pk, by=person, at=at, **{**said, "zero": float(said["zero"])})

        if attempt(request, act, _("Datum tercatat."), form):
            return redirect(back)
    page = {
        "form": form,
        "title": _("Catat datum"),
        "lead": _("Ambang hanya dapat memakai datum yang dikenal alat ukurnya."),
        "back": back,
        "button": _("Simpan datum"),
        "has_file": False,
    }
    return answered(request, page, "form")


@gate.officer(roles.SEA)
def constants(request: HttpRequest, slug: str) -> HttpResponse:
    """Constants that others published for this very port."""
    person, at = person_of(request), timezone.now()
    row = access.station(slug)
    form = ConstantsForm(request.POST or None, request.FILES or None)
    back = reverse("desk_tides_station", args=[slug])
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            fitting.publish_constants(station=row.pk, said=form.cleaned_data["file"], by=person, at=at)

        if attempt(request, act, _("Konstanta terbitan dipakai sampai alat punya catatan sendiri."), form):
            return redirect(back)
    page = {
        "form": form,
        "title": _("Konstanta terbitan"),
        "lead": _(
            "Untuk alat yang belum punya 30 hari data baik. Hanya konstanta pelabuhan %(port)s yang diterima."
        )
        % {"port": row.port},
        "back": back,
        "button": _("Pakai konstanta"),
        "has_file": True,
    }
    return answered(request, page, "form")


@gate.officer(*POWERS)
@require_safe
def threshold_list(request: HttpRequest) -> HttpResponse:
    """All thresholds in force, those that can no longer be relied on first."""
    at = timezone.now()
    rows = thresholds.in_force(on=reference.today(at), at=at)
    page = {"rows": shown.worn_first(rows), "keeps": person_of(request).can(roles.SEA)}
    return render(request, "tides/desk/thresholds.html", page)


@gate.officer(roles.SEA)
def threshold_new(request: HttpRequest) -> HttpResponse:
    """Set the thresholds of a kelurahan from a day on."""
    person, at = person_of(request), timezone.now()
    form = SurveyForm(
        request.POST or None,
        places=[(row.code, row.label) for row in places.gazetteer().settlements],
        stations=[(row.pk, row.name) for row in stations.open_stations()],
        initial={"effective_from": reference.today(at), "place": request.GET.get("wilayah", "")[:13]},
    )
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            thresholds.set_thresholds(said=form.survey(), by=person, at=at)

        if attempt(request, act, _("Ambang tercatat dan berlaku dari tanggalnya."), form):
            return redirect("desk_tides_thresholds")
    page = {
        "form": form,
        "title": _("Ambang baru"),
        "lead": _("Ambang yang tercatat tidak diubah: yang baru menggantikannya dari tanggalnya."),
        "back": reverse("desk_tides_thresholds"),
        "button": _("Simpan ambang"),
        "has_file": False,
    }
    return answered(request, page, "form")


@gate.officer(roles.SEA)
def import_begin(request: HttpRequest) -> HttpResponse:
    """Send a file of thresholds; it is read and shown, and nothing changes yet."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(people.MAX_BYTES + 1)
            draft = importing.keep(content, by=person_of(request), at=timezone.now())
        except people.CannotRead as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("desk_tides_import_try", uuid=draft.uuid)
    page = {"form": form, "table": importing.TABLE, "columns": importing.TABLE.columns}
    return answered(request, page, "import")


@gate.officer(roles.SEA)
def import_try(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the file would do, or line by line what is wrong with it; then it is applied whole."""
    person, at = person_of(request), timezone.now()
    draft = access.own_draft(person, uuid)
    if request.method == "POST":
        try:
            done = importing.apply(draft, by=person, at=at)
        except importing.Undecided:
            messages.warning(request, _("Belum diterapkan. Lihat barisnya di bawah."))
            return redirect("desk_tides_import_try", uuid=uuid)
        messages.success(request, _("Ambang %(n)d kelurahan diterapkan.") % {"n": len(done.rows)})
        return redirect("desk_tides_thresholds")
    found = importing.try_rows(draft, at=at)
    rows = [
        (
            queries.label(one.said.place),
            [metres(height) for _level, height in sorted(one.said.heights.items())],
            one.said.datum,
            day_in_words(one.said.effective_from),
        )
        for one in found.rows
    ]
    return render(request, "tides/desk/import_try.html", {"problems": found.problems, "rows": rows})


@gate.officer(roles.SEA)
@require_safe
def import_sample(request: HttpRequest, form: str) -> HttpResponse:
    """The empty table with one sample row."""
    if form == "csv":
        response = HttpResponse(people.sample_csv(importing.TABLE), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        choices = {"Stasiun": [row.name for row in stations.open_stations()]}
        response = HttpResponse(people.sample_xlsx(importing.TABLE, choices=choices), content_type=kind)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="ambang-rob.{form}"'
    return response
