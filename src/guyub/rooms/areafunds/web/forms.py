"""Forms about area funds. Each says what is wrong at the field where it is wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from guyub.kernel.files.api import MAX_PHOTOS
from guyub.rooms.areafunds.acting import Refused
from guyub.rooms.areafunds.activities import Plan
from guyub.rooms.areafunds.models import Activity
from guyub.rooms.areafunds.realising import Shown
from guyub.ui.fields import Day, Papers, Pictures, WholeAmount
from guyub.ui.fields import Line as TextLine
from guyub.ui.fields import Paragraph as Paragraphs

RUPIAH = gettext_lazy("Rupiah bulat, misalnya 25.000.000.")


class _Form(forms.Form):
    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class ActivityForm(_Form):
    name = TextLine(label=gettext_lazy("Kegiatan"), max_length=160, min_length=3)
    what = Paragraphs(label=gettext_lazy("Uraian"), max_length=2000, required=False)
    where = TextLine(
        label=gettext_lazy("Letak"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Tempat umum, misalnya “gang di samping pos ronda”. Bukan alamat rumah."),
    )
    volume = forms.DecimalField(
        label=gettext_lazy("Volume"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
    )
    unit_word = TextLine(
        label=gettext_lazy("Satuan"), max_length=30, help_text=gettext_lazy("Misalnya meter, orang, paket.")
    )
    amount = WholeAmount(label=gettext_lazy("Anggaran"), help_text=RUPIAH)
    begins_on = Day(label=gettext_lazy("Mulai"))
    ends_on = Day(label=gettext_lazy("Selesai"))

    def plan(self) -> Plan:
        return Plan(**self.cleaned_data)

    @classmethod
    def about(cls, data: Any, row: Activity) -> ActivityForm:
        names = ("name", "what", "where", "volume", "unit_word", "amount", "begins_on", "ends_on")
        return cls(data, initial={name: getattr(row, name) for name in names})


class StepForm(_Form):
    percent = forms.IntegerField(widget=forms.HiddenInput)
    on = Day(label=gettext_lazy("Tanggal"))
    photos = Pictures(
        label=gettext_lazy("Foto di lapangan"),
        help_text=gettext_lazy("Dilihat umum. Hindari wajah anak dan nomor rumah."),
    )
    amount = WholeAmount(
        label=gettext_lazy("Belanja sejak langkah sebelumnya"),
        help_text=gettext_lazy("Rupiah bulat; 0 bila belum ada."),
    )
    receipts = Papers(
        label=gettext_lazy("Foto atau PDF kuitansi"),
        most=MAX_PHOTOS,
        required=False,
        help_text=gettext_lazy("Hanya dilihat pengelola dana dan pengawasnya."),
    )
    receipt = TextLine(label=gettext_lazy("Nomor kuitansi"), max_length=80, required=False)
    words = TextLine(label=gettext_lazy("Keterangan"), max_length=300, required=False)

    def clean_percent(self) -> int:
        value: int = self.cleaned_data["percent"]
        return value if 0 <= value <= 100 else -1

    def shown(self) -> Shown:
        return Shown(**self.cleaned_data)


class ReasonForm(_Form):
    reason = TextLine(label=gettext_lazy("Alasan"), max_length=300, min_length=5)


class CeilingForm(_Form):
    body = forms.ChoiceField(label=gettext_lazy("Lembaga"))
    unit = TextLine(label=gettext_lazy("Nomor RW"), max_length=8, required=False)
    amount = WholeAmount(label=gettext_lazy("Pagu"), help_text=RUPIAH)
    basis = TextLine(
        label=gettext_lazy("Dasar"),
        max_length=160,
        help_text=gettext_lazy("Nomor keputusan atau peraturannya."),
    )

    def __init__(self, data: Any = None, *, bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["body"].choices = bodies  # type: ignore[attr-defined]


class BasisForm(_Form):
    basis = TextLine(
        label=gettext_lazy("Dasar"),
        max_length=160,
        help_text=gettext_lazy("Nomor keputusan atau peraturannya."),
    )


class RevisionForm(_Form):
    source = forms.TypedChoiceField(label=gettext_lazy("Dari lembaga"), coerce=int)
    target = forms.TypedChoiceField(label=gettext_lazy("Kepada lembaga"), coerce=int)
    amount = WholeAmount(label=gettext_lazy("Jumlah yang digeser"), help_text=RUPIAH)
    basis = TextLine(
        label=gettext_lazy("Dasar pergeseran"),
        max_length=160,
        help_text=gettext_lazy("Tanpa keputusan tidak ada pergeseran antarlembaga."),
    )

    def __init__(self, data: Any = None, *, bodies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in ("source", "target"):
            self.fields[name].choices = bodies  # type: ignore[attr-defined]


class ListForm(_Form):
    file = forms.FileField(
        label=gettext_lazy("File pagu"), help_text=gettext_lazy("XLSX atau CSV, paling besar 2 MB.")
    )
