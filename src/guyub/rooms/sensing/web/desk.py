"""Sensors for those who keep them: their health, one of them closely, a new one, values and messages to judge."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.people import api as people
from guyub.rooms.sensing import access, listing, managing, receiving, reference
from guyub.rooms.sensing.managing import Measure, Refused
from guyub.rooms.sensing.models import Datastream, DeadLetter, Writer
from guyub.rooms.sensing.rules import State, Verdict
from guyub.rooms.sensing.web import pages, shown
from guyub.rooms.sensing.web.forms import JudgeForm, MeasureForm, SensorForm, SettingsForm, WriterForm

_WRITES = ["GET", "HEAD", "POST"]
FLAGGED_DAYS, FLAGGED, NEWEST, LETTERS = 14, 40, 12, 50


@gate.officer(roles.SENSORS)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    context = {
        **pages.listing_of(request, at=at, public=False),
        "new": reverse("desk_sensor_new"),
        "letters": reverse("desk_sensor_letters"),
        "waiting": listing.count_waiting_letters(),
    }
    return render(request, "sensing/desk/list.html", context)


@gate.officer(roles.SENSORS)
@require_safe
def page(request: HttpRequest, key: int) -> HttpResponse:
    row, at = access.desk_datastream(key), timezone.now()
    keeps = managing.keeps(person_of(request), row.owner_id)
    unit = str(row.unit_of_measurement.get("symbol") or "")

    def judged(value: listing.Value) -> str:
        return reverse("desk_sensor_judge", args=[row.pk, value.id]) if keeps else ""

    wrong = listing.flagged(row.pk, since=at - timedelta(days=FLAGGED_DAYS), limit=FLAGGED)
    context = {
        **pages.about(row, at=at),
        "keeps": keeps,
        "newest": [
            shown.value_row(one, unit, address=judged(one)) for one in listing.newest(row.pk, limit=NEWEST)
        ],
        "flagged": [shown.value_row(one, unit, address=judged(one)) for one in wrong],
        "settings": SettingsForm(row=row),
        "settings_address": reverse("desk_sensor_set", args=[row.pk]),
        "kept": _kept(row, at),
        "neighbour": _neighbour(row),
        "others": [(name, reverse("desk_sensor", args=[one])) for one, name in listing.beside(row)],
        "more": reverse("desk_sensor_more", args=[row.pk]) if keeps else "",
        "writers": _writers(row),
        "writer_form": WriterForm(),
        "writer_address": reverse("desk_sensor_writer", args=[row.pk]),
        "back": reverse("desk_sensors"),
    }
    return render(request, "sensing/desk/sensor.html", context)


def _kept(row: Datastream, at: datetime) -> str:
    if row.retention_days:
        return _("%(n)d hari") % {"n": row.retention_days}
    return _("%(n)d bulan") % {"n": reference.amount("raw_kept", at=at)}


def _neighbour(row: Datastream) -> tuple[str, str] | None:
    """Beside which other sensor it is held: name and page. One that is gone is none."""
    key = row.quality_rules.get("neighbour")
    found = Datastream.objects.filter(pk=key).first() if type(key) is int else None
    return (found.name, _desk(found)) if found else None


def _writers(row: Datastream) -> list[tuple[str, int]]:
    names = people.client_names()
    rows = Writer.objects.filter(thing=row.thing_id).values_list("client_id", flat=True)
    return [(names.get(client, str(client)), client) for client in rows]


@gate.officer(roles.SENSORS)
@require_http_methods(_WRITES)
def new(request: HttpRequest) -> HttpResponse:
    """A sensor of a chosen kind; without one, the kinds to choose from."""
    at, person = timezone.now(), person_of(request)
    kinds = reference.kinds(at=at)
    kind = kinds.get(request.GET.get("jenis", ""))
    if kind is None:
        title, back = _("Daftarkan sensor"), (_("Semua sensor"), reverse("desk_sensors"))
        return _choose(request, list(kinds.values()), title=title, back=back)
    form = SensorForm(request.POST or None, kind=kind, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            row = managing.add_sensor(what=form.plan(), by=person, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Sensor terdaftar. Alatnya dapat mulai mengirim."))
            return redirect("desk_sensor", row.pk)
    return _form(request, form, title=kind.label, button=_("Daftarkan"), back=reverse("desk_sensor_new"))


@gate.officer(roles.SENSORS)
@require_http_methods(_WRITES)
def more(request: HttpRequest, key: int) -> HttpResponse:
    """Something more that the same thing measures; without a kind, the kinds to choose from."""
    at, person = timezone.now(), person_of(request)
    row = access.kept_thing(person, key)
    kinds = {code: one for code, one in reference.kinds(at=at).items() if one.result != "link"}
    kind = kinds.get(request.GET.get("jenis", ""))
    if kind is None:
        title, back = _("Tambah ukuran lain"), (row.name, _desk(row))
        return _choose(request, list(kinds.values()), title=title, back=back)
    form = MeasureForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            made = managing.add_measure(beside=row.pk, what=Measure(**form.measure()), by=person, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Ukuran ditambahkan. Alatnya dapat mulai mengirim."))
            return redirect("desk_sensor", made.pk)
    lead = _(
        "Di alat yang sama dengan %(name)s. Aplikasi yang boleh mengirim untuk alat itu juga boleh mengirim ini."
    )
    return _form(
        request,
        form,
        title=kind.label,
        lead=lead % {"name": row.name},
        button=_("Tambahkan"),
        back=request.path,
    )


def _choose(
    request: HttpRequest, kinds: list[reference.Kind], *, title: str, back: tuple[str, str]
) -> HttpResponse:
    choices = [(one.label, f"{request.path}?jenis={one.code}") for one in kinds]
    return render(request, "sensing/desk/kinds.html", {"kinds": choices, "title": title, "back": back})


@gate.officer(roles.SENSORS)
@require_http_methods(_WRITES)
def settings(request: HttpRequest, key: int) -> HttpResponse:
    person = person_of(request)
    row = access.kept_datastream(person, key)
    form = SettingsForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            managing.set_sensor(datastream=row.pk, **form.settings(), by=person, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Tersimpan."))
            return redirect("desk_sensor", row.pk)
    return _form(request, form, title=row.name, button=_("Simpan"), back=_desk(row))


@gate.officer(roles.SENSORS)
@require_http_methods(_WRITES)
def judge(request: HttpRequest, key: int, value: int) -> HttpResponse:
    """Say of one value that it is wrong or right, with the reason."""
    person = person_of(request)
    row, found = access.kept_value(person, key, value)
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            managing.judge(
                datastream=row.pk,
                time=found.time,
                verdict=Verdict(form.cleaned_data["verdict"]),
                reason=form.cleaned_data["reason"],
                by=person,
                at=timezone.now(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Penilaian tersimpan."))
            return redirect("desk_sensor", row.pk)
    unit = str(row.unit_of_measurement.get("symbol") or "")
    said = shown.value_row(found, unit)
    lead = f"{said.when}: {said.value}. {said.flags}."
    return _form(request, form, title=row.name, lead=lead, button=_("Simpan penilaian"), back=_desk(row))


@gate.officer(roles.SENSORS)
@require_POST
def writer(request: HttpRequest, key: int) -> HttpResponse:
    """Let a program send for this sensor, or no more."""
    person, at = person_of(request), timezone.now()
    row = access.kept_datastream(person, key)
    if request.POST.get("aksi") == "cabut" and request.POST.get("client", "").isdecimal():
        client = int(request.POST["client"][:18])
        managing.remove_writer(datastream=row.pk, client=client, by=person, at=at)
        messages.success(request, _("Izin dicabut."))
        return redirect("desk_sensor", row.pk)
    form = WriterForm(request.POST)
    if form.is_valid():
        client = int(form.cleaned_data["client"])
        managing.add_writer(datastream=row.pk, client=client, by=person, at=at)
        messages.success(request, _("Aplikasi ini sekarang boleh mengirim nilai sensor ini."))
    else:
        messages.error(request, _("Pilih aplikasi yang kuncinya masih berlaku."))
    return redirect("desk_sensor", row.pk)


@gate.officer(roles.SENSORS)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Messages that could not be stored, the newest first."""
    rows = DeadLetter.objects.filter(settled_at__isnull=True).order_by("-received_at")[:LETTERS]
    found = [
        (
            shown.moment(one.received_at),
            one.topic,
            one.reason,
            one.times,
            one.payload[:400],
            reverse("desk_sensor_letter", args=[one.pk]),
        )
        for one in rows
    ]
    return render(request, "sensing/desk/letters.html", {"rows": found, "back": reverse("desk_sensors")})


@gate.officer(roles.SENSORS)
@require_POST
def letter(request: HttpRequest, key: int) -> HttpResponse:
    """Try a message again, or put it aside."""
    row, person, at = access.open_letter(key), person_of(request), timezone.now()
    if request.POST.get("aksi") == "sisihkan":
        receiving.put_aside(letter=row.pk, by=person, at=at)
        messages.success(request, _("Pesan disisihkan."))
        return redirect("desk_sensor_letters")
    outcome = receiving.try_again(letter=row.pk, by=person, at=at)
    if outcome.state is State.REFUSED:
        messages.error(request, _("Masih ditolak: %(reason)s") % {"reason": outcome.reason})
    else:
        messages.success(request, _("Nilai dari pesan ini sekarang tersimpan."))
    return redirect("desk_sensor_letters")


def _desk(row: Datastream) -> str:
    return reverse("desk_sensor", args=[row.pk])


def _form(
    request: HttpRequest, form: Any, *, title: str, button: str, back: str, lead: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "back": back, "lead": lead}
    return render(request, "sensing/desk/form.html", context, status=422 if request.method == "POST" else 200)
