"""Forms about the sea. Each says what is wrong at the field where it is wrong."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.rooms.tides.acting import Refused
from guyub.rooms.tides.ladder import LEVELS
from guyub.rooms.tides.thresholds import Survey
from guyub.ui.fields import CHOOSE, Day, Number
from guyub.ui.fields import Line as TextLine

MOST_BYTES = 200_000


class _Form(forms.Form):
    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class SurveyForm(_Form):
    place = forms.ChoiceField(label=gettext_lazy("Kelurahan atau desa"))
    station = forms.TypedChoiceField(label=gettext_lazy("Stasiun"), coerce=int)
    datum = TextLine(
        label=gettext_lazy("Datum"),
        max_length=40,
        help_text=gettext_lazy("Titik nol ketinggiannya, seperti tercatat di halaman stasiun."),
    )
    waspada = Number(label=gettext_lazy("Waspada (m)"))
    siaga = Number(label=gettext_lazy("Siaga (m)"))
    awas = Number(label=gettext_lazy("Awas (m)"))
    surveyed_on = Day(label=gettext_lazy("Tanggal survei"))
    valid_until = Day(
        label=gettext_lazy("Berlaku sampai"),
        help_text=gettext_lazy("Kapan harus disurvei ulang. Tanah pesisir turun."),
    )
    effective_from = Day(label=gettext_lazy("Mulai berlaku"))
    basis = TextLine(
        label=gettext_lazy("Dasar"), max_length=160, help_text=gettext_lazy("Nomor keputusan atau survei.")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        places: list[tuple[str, str]],
        stations: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["place"].choices = [("", CHOOSE), *places]  # type: ignore[attr-defined]
        self.fields["station"].choices = stations  # type: ignore[attr-defined]

    def survey(self) -> Survey:
        said = dict(self.cleaned_data)
        heights = {level: float(said.pop(level.name.lower())) for level in LEVELS}
        return Survey(heights=heights, **said)


class ListForm(_Form):
    file = forms.FileField(
        label=gettext_lazy("File ambang"), help_text=gettext_lazy("XLSX atau CSV, paling besar 2 MB.")
    )


class StationForm(_Form):
    datastream = forms.TypedChoiceField(label=gettext_lazy("Sensor tinggi muka laut"), coerce=int)
    name = TextLine(label=gettext_lazy("Nama stasiun"), max_length=80, min_length=3)
    port = TextLine(
        label=gettext_lazy("Pelabuhan"),
        max_length=80,
        min_length=3,
        help_text=gettext_lazy("Konstanta terbitan hanya diterima bila untuk pelabuhan ini."),
    )
    latitude = forms.FloatField(label=gettext_lazy("Lintang"), min_value=-12, max_value=7)
    longitude = forms.FloatField(label=gettext_lazy("Bujur"), min_value=94, max_value=142)

    def __init__(self, data: Any = None, *, gauges: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["datastream"].choices = [("", CHOOSE), *gauges]  # type: ignore[attr-defined]


class DatumForm(_Form):
    name = TextLine(
        label=gettext_lazy("Nama datum"), max_length=40, help_text=gettext_lazy("Misalnya MSL atau LWS.")
    )
    zero = Number(
        label=gettext_lazy("Tinggi nolnya di atas nol alat (m)"),
        min_value=-30,
        max_value=30,
        help_text=gettext_lazy("Negatif bila di bawah nol alat."),
    )
    surveyed_on = Day(label=gettext_lazy("Tanggal pengukuran"))
    basis = TextLine(
        label=gettext_lazy("Dasar"), max_length=160, help_text=gettext_lazy("Berita acara atau survei.")
    )


class ConstantsForm(_Form):
    file = forms.FileField(
        label=gettext_lazy("File konstanta"), help_text=gettext_lazy("JSON, paling besar 200 kB.")
    )

    def clean_file(self) -> Any:
        """What the file says; a file that is none is said in words."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("File ini terlalu besar."))
        try:
            return json.loads(sent.read(MOST_BYTES + 1))
        except (ValueError, UnicodeDecodeError, RecursionError) as wrong:
            raise forms.ValidationError(_("File ini bukan JSON.")) from wrong
