"""Forms about bank statements: how they are written, the file, and why a match is taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.banking import COLUMNS, Layout
from guyub.rooms.initiatives.models import StatementLayout


class _Form(forms.Form):
    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class LayoutForm(_Form):
    on = forms.CharField(label=_("Judul kolom tanggal"), max_length=60)
    amount = forms.CharField(
        label=_("Judul kolom uang masuk"),
        max_length=60,
        help_text=_("Kolom kredit. Bila masuk dan keluar satu kolom, isi juga judul kolom CR/DB."),
    )
    kind = forms.CharField(label=_("Judul kolom CR/DB"), max_length=60, required=False)
    remark = forms.CharField(label=_("Judul kolom keterangan"), max_length=60, required=False)
    name = forms.CharField(label=_("Judul kolom nama pengirim"), max_length=60, required=False)
    reference = forms.CharField(label=_("Judul kolom nomor referensi"), max_length=60, required=False)
    decimal = forms.ChoiceField(
        label=_("Penulisan jumlah"),
        choices=[
            (StatementLayout.Decimal.COMMA, _("1.500.000,00 (titik untuk ribuan)")),
            (StatementLayout.Decimal.POINT, _("1,500,000.00 (koma untuk ribuan)")),
        ],
    )

    def __init__(self, data: Any = None, *, layout: Layout | None = None) -> None:
        known = {name: getattr(layout, name) for name in (*COLUMNS, "decimal")} if layout else {}
        super().__init__(data, initial=known)

    def layout(self) -> Layout:
        return Layout(**{name: self.cleaned_data[name] for name in (*COLUMNS, "decimal")})


class StatementForm(_Form):
    file = forms.FileField(
        label=_("File rekening koran"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("XLSX atau CSV, paling besar 2 MB. Diperiksa dahulu; belum ada yang berubah."),
        allow_empty_file=True,
    )


class UndoForm(_Form):
    words = forms.CharField(
        label=_("Mengapa dibatalkan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca pemberi dan pengurus prakarsa."),
    )
