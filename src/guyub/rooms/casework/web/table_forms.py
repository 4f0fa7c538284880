"""Forms of the decision table."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.rooms.casework import table
from guyub.rooms.casework.decision_table import ANY, Ending, Level, Row
from guyub.rooms.casework.rules import Classification
from guyub.rooms.casework.wording import CLASS_LABELS
from guyub.rooms.places import api as places

Choices = list[tuple[str, Any]]
_REQUIRED = {"required": gettext_lazy("Bagian ini perlu diisi.")}
LEVELS = {
    Level.WARD: gettext_lazy("Kelurahan atau desa"),
    Level.DISTRICT: gettext_lazy("Kecamatan"),
    Level.AGENCY: gettext_lazy("Perangkat daerah"),
    Ending.END: gettext_lazy("Akhiri baris ini"),
}
_ENDS = "AKHIRI"


def _day(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={**_REQUIRED, "invalid": gettext_lazy("Tulis tanggal, misalnya 2027-01-31.")},
    )


class ChangeForm(forms.Form):
    use_required_attribute = False
    title = forms.CharField(
        label=gettext_lazy("Apa yang berubah"),
        help_text=gettext_lazy("Misalnya: taman kelurahan ditangani kecamatan."),
        max_length=120,
        min_length=5,
        error_messages=_REQUIRED,
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Nomor SK atau Perwal"), max_length=120, min_length=3, error_messages=_REQUIRED
    )
    legal_date = _day(gettext_lazy("Tanggal SK atau Perwal"), "")
    effective_from = _day(
        gettext_lazy("Berlaku mulai"),
        gettext_lazy("Paling cepat besok. Laporan yang sudah masuk tidak berpindah."),
    )


def category_choices() -> Choices:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in table.categories():
        groups.setdefault(one.group_name, []).append((one.code, one.name))
    return [(ANY, _("Semua kategori")), *groups.items()]


def place_choices() -> Choices:
    found: Choices = [("", _("Seluruh kota"))]
    gazetteer = places.gazetteer()
    for district in gazetteer.districts:
        inside = [row for row in gazetteer.settlements if row.parent_code == district.code]
        rows = [(district.code, district.label), *((row.code, row.label) for row in inside)]
        found.append((district.label, rows))
    return found


def office_choices() -> Choices:
    return [("", "–"), *((office.key, office.name) for office in table.named_offices())]


class RowForm(forms.Form):
    """One row of a draft."""

    use_required_attribute = False
    category = forms.ChoiceField(label=gettext_lazy("Kategori"))
    place = forms.ChoiceField(
        label=gettext_lazy("Wilayah"),
        help_text=gettext_lazy("Kecamatan atau kelurahan dapat punya aturan sendiri."),
        required=False,
    )
    classification = forms.ChoiceField(label=gettext_lazy("Jenis"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Ditangani"), error_messages=_REQUIRED)
    agency = forms.ChoiceField(
        label=gettext_lazy("Perangkat daerah yang menangani"),
        help_text=gettext_lazy("Hanya bila ditangani perangkat daerah."),
        required=False,
    )
    backing = forms.ChoiceField(
        label=gettext_lazy("Perangkat daerah pembina"),
        help_text=gettext_lazy("Ke sana laporan naik bila kelurahan dan kecamatan terlambat."),
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = [("", _("Semua jenis"))]
        kinds += [(k.value, str(v)) for k, v in CLASS_LABELS.items() if k is not Classification.OVERSIGHT]
        levels = [(level.value or _ENDS, label) for level, label in LEVELS.items()]
        for name, choices in (
            ("category", category_choices()),
            ("place", place_choices()),
            ("classification", kinds),
            ("level", levels),
            ("agency", office_choices()),
            ("backing", office_choices()),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> None:
        if not self.errors and (wrong := table.Known.now().wrong_with(self.row())):
            self.add_error(None, wrong)

    def row(self) -> Row:
        said = self.cleaned_data
        level = "" if said["level"] == _ENDS else said["level"]
        return Row(
            said["category"], said["classification"], said["place"], level, said["agency"], said["backing"]
        )


class FileForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("Berkas CSV seluruh tabel"),
        help_text=gettext_lazy("Unduh tabelnya dahulu, ubah, lalu unggah. Baris yang hilang akan diakhiri."),
        error_messages={
            "required": gettext_lazy("Pilih berkasnya."),
            "empty": gettext_lazy("Berkas ini kosong."),
            "invalid": gettext_lazy("Pilih berkasnya."),
        },
    )


class DeclineForm(forms.Form):
    use_required_attribute = False
    words = forms.CharField(
        label=gettext_lazy("Apa yang perlu diperbaiki"),
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=2000,
        error_messages={**_REQUIRED, "min_length": gettext_lazy("Tulis sedikitnya %(limit_value)d huruf.")},
    )
