"""Screens, for the officers who may watch: give one an address, see which there are, end one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.wall import Audience
from guyub.rooms.command.models import Screen
from guyub.rooms.command.rules import Look
from guyub.rooms.command.screens import TooLong, end_screen, latest_end, register_screen, screens
from guyub.rooms.command.wording import AUDIENCES, LOOKS
from guyub.ui.rows import day_in_words

USUAL = timedelta(days=180)


class ScreenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nama layar"),
        max_length=60,
        help_text=gettext_lazy("Agar dikenali di daftar ini, misalnya tempatnya."),
    )
    shows = forms.ChoiceField(
        label=gettext_lazy("Yang di depan layar"),
        widget=forms.RadioSelect,
        choices=[
            (Audience.SCREEN.value, gettext_lazy("Ruang kendali: dengan nomor laporan")),
            (
                Audience.VISITORS.value,
                gettext_lazy("Tamu: hanya jumlah per kelurahan, tanpa nomor dan titik laporan"),
            ),
        ],
    )
    look = forms.ChoiceField(
        label=gettext_lazy("Warna"),
        widget=forms.RadioSelect,
        choices=[(look.value, words) for look, words in LOOKS.items()],
        initial=Look.AUTO.value,
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Tautan berakhir pada"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


@gate.officer(roles.WATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def screen_list(request: HttpRequest) -> HttpResponse:
    """The address is shown on the page that answers, and nowhere afterwards."""
    now = timezone.now()
    today = local_date(now, get_city().tz)
    usual = min(today + USUAL, latest_end(at=now))
    form = ScreenForm(request.POST or None, initial={"shows": Audience.SCREEN, "ends_on": usual})
    if request.method != "POST":
        return _page(request, {"form": form})
    if form.is_valid():
        try:
            row, key = register_screen(**form.cleaned_data, by=person_of(request), at=now)
        except TooLong:
            words = _("Pilih hari sesudah hari ini, paling lambat %(day)s.")
            form.add_error("ends_on", words % {"day": day_in_words(latest_end(at=now))})
        else:
            made = {"name": row.name, "address": absolute(reverse("screen_wall", args=[key]))}
            return _page(request, {"form": ScreenForm(initial=form.initial), "made": made})
    return _page(request, {"form": form}, status=422)


def _page(request: HttpRequest, found: dict[str, Any], status: int = 200) -> HttpResponse:
    today = local_date(timezone.now(), get_city().tz)
    rows = [_row(screen, screen.ended_at is None and screen.ends_on > today) for screen in screens()]
    page = {"made": None, **found, "rows": rows}
    response = render(request, "command/screens.html", page, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _row(screen: Screen, is_open: bool) -> dict[str, Any]:
    return {
        "id": screen.pk,
        "name": screen.name,
        "shows": AUDIENCES[Audience(screen.shows)],
        "look": LOOKS[Look(screen.look)],
        "ends_on": day_in_words(screen.ends_on),
        "by": (screen.made_by.name or screen.made_by.email) if screen.made_by else "–",
        "is_open": is_open,
    }


@gate.officer(roles.WATCH)
@require_POST
def screen_end(request: HttpRequest, screen: int) -> HttpResponse:
    try:
        end_screen(screen=screen, by=person_of(request), at=timezone.now())
    except (Screen.DoesNotExist, OverflowError):
        raise Http404 from None
    messages.success(request, _("Tautan layar ini tidak berlaku lagi."))
    return redirect("screen_list")
