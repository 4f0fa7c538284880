"""Every component on one page, for those who build pages. Served only in development and the demo."""

import re
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from guyub.ui import bands, charts

TONES = [
    ("waiting", "Menunggu diperiksa"),
    ("progress", "Sedang dikerjakan"),
    ("done", "Selesai dikerjakan, menunggu konfirmasi"),
    ("confirmed", "Selesai, dikonfirmasi"),
    ("scheduled", "Dijadwalkan"),
    ("rejected", "Tidak dapat ditangani"),
    ("overdue", "Lewat tenggat"),
    ("hazard", "Bahaya"),
    ("info", "Selesai, tanpa tanggapan"),
]

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"
ICONS = re.findall(r'<symbol id="([a-z]+)"', SPRITE.read_text())

STEPS = [
    {"label": "Tempat", "state": "done"},
    {"label": "Keadaan", "state": "current"},
    {"label": "Foto", "state": "todo"},
    {"label": "Kirim", "state": "todo"},
]

ROWS = [
    {
        "number": "LAP-2026-000412",
        "title": "Lubang di depan pasar sayur, motor sudah dua kali jatuh",
        "where": "Kel. Cihaurgeulis",
        "when": "3 jam lalu",
        "tone": "waiting",
        "status": "Menunggu diperiksa",
        "clock": "sisa 1 hari kerja",
        "clock_tone": "soon",
        "unread": True,
        "icon": "road",
    },
    {
        "number": "LAP-2026-000398",
        "title": "Kabel menjuntai setinggi kepala di gang belakang sekolah",
        "where": "Kel. Sukaluyu",
        "when": "kemarin",
        "tone": "hazard",
        "status": "Bahaya",
        "clock": "lewat 4 jam",
        "clock_tone": "late",
        "unread": True,
        "icon": "lamp",
    },
    {
        "number": "LAP-2026-000371",
        "title": "Taman bermain gelap sejak lampunya padam",
        "where": "Kel. Cigadung",
        "when": "12 November",
        "tone": "done",
        "status": "Menunggu konfirmasi",
        "clock": "sisa 6 hari kerja",
        "clock_tone": "",
        "unread": False,
        "icon": "tree",
    },
]

WEEKS = [f"{day} {month}" for month in ("Sep", "Okt", "Nov") for day in (2, 9, 16, 23)]
RECEIVED_AND_CONFIRMED = [
    charts.Series("Masuk", "progress", [31, 42, 38, 55, 61, 49, 52, 70, 66, 58, 73, 41]),
    charts.Series("Selesai, dikonfirmasi", "confirmed", [12, 20, 31, 29, 44, 51, 38, 42, 57, 60, 0, 22]),
]

# Drawings stand in for photos, so that the gallery needs no file of its own.
PHOTOS = [
    {"url": "#foto", "alt": "Lambang Guyub, pengganti foto lubang jalan", "caption": "Sebelum, 3 November"},
    {"url": "#foto", "alt": "Lambang Guyub, pengganti foto jalan rata", "caption": "Sesudah, 7 November"},
]


class SampleForm(forms.Form):
    title = forms.CharField(label="Judul singkat", max_length=80, help_text="Satu kalimat: apa dan di mana.")
    story = forms.CharField(
        label="Ceritakan keadaannya", widget=forms.Textarea(attrs={"rows": 4}), max_length=400, required=False
    )
    kind = forms.ChoiceField(
        label="Jenis masalah",
        choices=[
            ("jalan", "Jalan rusak"),
            ("lampu", "Lampu jalan"),
            ("air", "Saluran air"),
            ("pohon", "Pohon"),
        ],
        widget=forms.RadioSelect,
        help_text="Pilih yang paling dekat.",
    )
    place = forms.ChoiceField(
        label="Kelurahan", choices=[("", "Pilih …"), ("1", "Cigadung"), ("2", "Sukaluyu")]
    )
    photo = forms.FileField(
        label="Foto", required=False, help_text="Paling banyak tiga; wajah akan dikaburkan."
    )
    phone = forms.CharField(
        label="Nomor telepon", required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    days = forms.MultipleChoiceField(
        label="Hari",
        choices=[("sen", "Senin"), ("rab", "Rabu")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    anonymous = forms.BooleanField(label="Jangan tampilkan nama saya", required=False)


def sample_page() -> dict[str, object]:
    """The context of the gallery; the tests render with it too."""
    return {
        "tones": TONES,
        "icon_names": ICONS,
        "steps": STEPS,
        "rows": ROWS,
        "form": SampleForm(),
        "wrong": SampleForm({"wrong-title": "", "wrong-kind": "jalan", "wrong-place": "9"}, prefix="wrong"),
        "columns": charts.columns(labels=WEEKS, series=RECEIVED_AND_CONFIRMED),
        "no_columns": charts.columns(labels=[], series=[]),
        "curve": charts.curve(steps=[(1, 0.12), (3, 0.31), (5, 0.5), (9, 0.74), (14, 0.86)], last=20),
        "band": bands.band(
            points=[
                bands.Point(n / 10, n % 4 / 3, n % 4 / 3 - n / 40, n % 4 / 3 + n / 40) for n in range(3, 11)
            ],
            seen=[(0.0, 0.2), (0.15, 0.5), (0.3, 1.0)],
            levels=[(0.9, "Siaga", "overdue")],
            along=[(0.3, "Sekarang"), (0.8, "Besok")],
            now=0.3,
        ),
        "bars": charts.bars([("Lubang jalan", 412, "#jalan"), ("Lampu jalan", 288, ""), ("Pohon", 9, "")]),
        "photos": [{**photo, "thumb": static("ui/mark.svg")} for photo in PHOTOS],
    }


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gallery.html", sample_page())


@require_safe
def gallery_reports(request: HttpRequest) -> HttpResponse:
    """What a map's data-source answers."""
    tones = [tone for tone, _ in TONES]
    reports = [
        {
            "n": n,
            "lat": -6.90 - (n * 7 % 23) * 0.0011,
            "lon": 107.61 + (n * 5 % 19) * 0.0013,
            "s": tones[n % len(tones)],
            "t": f"Laporan contoh {n} <b>tetap tulisan</b>",
            "w": TONES[n % len(tones)][1],
            "u": "#laporan",
        }
        for n in range(1, 60)
    ]
    return JsonResponse({"reports": reports, "cells": [{"lat": -6.94, "lon": 107.59, "n": 12}]})


@require_safe
def gallery_outline(request: HttpRequest) -> HttpResponse:
    """What a map's data-base answers."""
    ring = [
        [107.55, -6.87],
        [107.66, -6.85],
        [107.72, -6.9],
        [107.68, -6.97],
        [107.58, -6.96],
        [107.55, -6.87],
    ]
    return JsonResponse({"type": "Polygon", "coordinates": [ring]})
