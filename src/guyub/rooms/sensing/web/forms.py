"""Forms of sensors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import Person, roles
from guyub.rooms.people import api as people
from guyub.rooms.sensing import managing, reference
from guyub.rooms.sensing.managing import Plan, Refused
from guyub.rooms.sensing.models import Datastream
from guyub.rooms.sensing.rules import Verdict
from guyub.rooms.sensing.wording import VERDICTS
from guyub.ui.fields import Choice, Line, Number, Paragraph


class _Refusing(forms.Form):
    use_required_attribute = False

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class MeasureForm(_Refusing):
    """Something that is measured, of one kind."""

    name = Line(label=gettext_lazy("Nama"), min_length=3, max_length=160)
    description = Paragraph(label=gettext_lazy("Keterangan"), required=False, max_length=1000, rows=2)
    datum = Line(
        label=gettext_lazy("Titik nol"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Dari mana tinggi diukur, misalnya nol palem atau muka laut rata-rata."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Mengirim tiap berapa menit"), min_value=1, max_value=10080, required=False
    )
    is_public = forms.BooleanField(label=gettext_lazy("Nilainya boleh dibaca umum"), required=False)

    def __init__(self, *args: Any, kind: reference.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name, is_asked in (("datum", kind.has_datum), ("minutes", kind.result != "link")):
            if not is_asked:
                del self.fields[name]
        self.initial.setdefault("is_public", kind.is_public)
        self.initial.setdefault("minutes", kind.cadence // 60 if kind.cadence else None)

    def measure(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "kind": self.kind.code,
            "name": said["name"],
            "description": said["description"],
            "datum": said.get("datum", ""),
            "cadence": said["minutes"] * 60 if said.get("minutes") else None,
            "is_public": said["is_public"],
        }


class SensorForm(MeasureForm):
    """A sensor of one kind, at a point, of one's own office."""

    field_order = ("name", "lat", "lon", "owner", "description", "datum", "minutes", "link", "is_public")

    lat = Line(label=gettext_lazy("Lintang"), max_length=20, help_text=gettext_lazy("Misalnya -6,8612."))
    lon = Line(label=gettext_lazy("Bujur"), max_length=20, help_text=gettext_lazy("Misalnya 109,6926."))
    owner = Choice(label=gettext_lazy("Kantor pemilik"))
    link = forms.URLField(label=gettext_lazy("Alamat kamera"), assume_scheme="https", max_length=400)

    def __init__(self, *args: Any, kind: reference.Kind, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        directory = people.directory()
        offices = [directory.get(key) for key in sorted(person.offices(roles.SENSORS))]
        self.fields["owner"].choices = [(str(one.id), one.name) for one in offices]  # type: ignore[attr-defined]
        self.fields["name"].help_text = _("Misalnya: Pengukur pasang surut Slamaran.")
        if kind.result != "link":
            del self.fields["link"]

    def clean_lat(self) -> float:
        return _degrees(self.cleaned_data["lat"], 90)

    def clean_lon(self) -> float:
        return _degrees(self.cleaned_data["lon"], 180)

    def plan(self) -> Plan:
        said = self.cleaned_data
        return Plan(
            **self.measure(),
            lat=said["lat"],
            lon=said["lon"],
            owner=int(said["owner"]),
            link=said.get("link", ""),
        )


def _degrees(text: str, most: int) -> float:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise forms.ValidationError(_("Tulis angka saja, misalnya -6,8612.")) from None
    if not -most <= found <= most:
        raise forms.ValidationError(_("Angka ini di luar bumi."))
    return found


class SettingsForm(_Refusing):
    minutes = forms.IntegerField(
        label=gettext_lazy("Mengirim tiap berapa menit"),
        min_value=1,
        max_value=10080,
        required=False,
        help_text=gettext_lazy("Kosong: tidak ada kabar bila diam."),
    )
    retention_days = forms.IntegerField(
        label=gettext_lazy("Nilai disimpan berapa hari"),
        min_value=1,
        max_value=20000,
        required=False,
        help_text=gettext_lazy("Kosong: menurut aturan daerah. Ringkasan per jam tetap disimpan."),
    )
    is_public = forms.BooleanField(label=gettext_lazy("Nilainya boleh dibaca umum"), required=False)

    neighbour = Choice(
        label=gettext_lazy("Bandingkan dengan"),
        required=False,
        help_text=gettext_lazy(
            "Sensor sejenis di dekatnya. Bila selisihnya yang biasa berubah, nilai sehari terakhir ditandai bergeser."
        ),
    )
    drift = Number(
        label=gettext_lazy("Perubahan selisih yang masih wajar"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Dalam satuan sensor ini. Kosong: menurut aturan daerah."),
    )

    def __init__(self, data: Any = None, *, row: Datastream) -> None:
        super().__init__(data, initial=self.said(row))
        known = [(str(one.pk), one.name) for one in managing.alike(row)]
        self.fields["neighbour"].choices = [("", _("Tidak dibandingkan")), *known]  # type: ignore[attr-defined]
        if not known:
            del self.fields["neighbour"], self.fields["drift"]

    @staticmethod
    def said(row: Datastream) -> dict[str, Any]:
        return {
            "minutes": row.cadence // 60 if row.cadence else None,
            "retention_days": row.retention_days,
            "is_public": row.is_public,
            "neighbour": row.quality_rules.get("neighbour"),
            "drift": row.quality_rules.get("drift"),
        }

    def settings(self) -> dict[str, Any]:
        """As `managing.set_sensor` takes them."""
        said = self.cleaned_data
        return {
            "cadence": said["minutes"] * 60 if said["minutes"] else None,
            "retention_days": said["retention_days"],
            "is_public": said["is_public"],
            "neighbour": int(said["neighbour"]) if said.get("neighbour") else None,
            "drift": float(said["drift"]) if said.get("drift") is not None else None,
        }


class JudgeForm(_Refusing):
    """What an officer says of one value."""

    verdict = Choice(label=gettext_lazy("Penilaian"), choices=[(one.value, VERDICTS[one]) for one in Verdict])
    reason = Line(
        label=gettext_lazy("Alasan"),
        min_length=5,
        max_length=400,
        help_text=gettext_lazy("Dibaca petugas lain yang mengurus sensor."),
    )


class WriterForm(_Refusing):
    client = Choice(
        label=gettext_lazy("Aplikasi"), help_text=gettext_lazy("Kunci aplikasi diberikan admin kota.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = people.clients().filter(ended_at__isnull=True)
        self.fields["client"].choices = [(str(one.pk), one.name) for one in known]  # type: ignore[attr-defined]
