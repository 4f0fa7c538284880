"""The form of a flood report, and the small ones of the desk."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.rooms.floods.receiving import Said
from guyub.rooms.floods.rules import CENTIMETRES, DEEPEST, MOST_PEOPLE, Depth, HideReason
from guyub.rooms.floods.wording import DEPTHS, HELPS, REASONS, ROADS
from guyub.rooms.places import api as places

SINCE = (
    ("", gettext_lazy("Tidak tahu")),
    ("0", gettext_lazy("Baru saja")),
    ("1", gettext_lazy("Sekitar 1 jam lalu")),
    ("3", gettext_lazy("Sekitar 3 jam lalu")),
    ("6", gettext_lazy("Sekitar 6 jam lalu")),
    ("12", gettext_lazy("Sekitar setengah hari lalu")),
    ("24", gettext_lazy("Sejak kemarin")),
)


def clean_text(text: str) -> str:
    """What people typed, without what no keyboard types."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cf"))


def _hidden() -> forms.HiddenInput:
    return forms.HiddenInput(attrs={"autocomplete": "off"})


def _choices(words: Any, empty: Any = None) -> list[tuple[str, Any]]:
    return [*([] if empty is None else [("", empty)]), *((str(key), said) for key, said in words.items())]


def _whole(label: Any, least: int, most: int, **more: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": least, "max": most})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **more)


class FloodForm(forms.Form):
    """Place and depth are enough; all else may stay empty."""

    use_required_attribute = False

    submission = forms.UUIDField(widget=_hidden())
    lat = forms.CharField(required=False, max_length=30, widget=_hidden())
    lon = forms.CharField(required=False, max_length=30, widget=_hidden())
    place = forms.ChoiceField(label=gettext_lazy("Kelurahan atau desa"))
    depth = forms.ChoiceField(
        label=gettext_lazy("Sedalam apa?"), choices=_choices(DEPTHS), required=False, widget=forms.RadioSelect
    )
    cm = _whole(
        gettext_lazy("Atau dalam sentimeter"),
        0,
        DEEPEST,
        required=False,
        help_text=gettext_lazy("Bila Anda mengukurnya. Angka ini yang dipakai."),
    )
    road = forms.ChoiceField(
        label=gettext_lazy("Jalannya"),
        choices=_choices(ROADS, gettext_lazy("Tidak tahu")),
        required=False,
        widget=forms.RadioSelect,
    )
    in_need = _whole(gettext_lazy("Berapa orang perlu bantuan sekarang?"), 0, MOST_PEOPLE, required=False)
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("Bantuan apa?"),
        choices=_choices(HELPS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    since = forms.ChoiceField(label=gettext_lazy("Sejak kapan"), choices=SINCE, required=False)
    words = forms.CharField(
        label=gettext_lazy("Keterangan"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Dapat dibaca umum. Jangan tulis nama, NIK, atau nomor telepon."),
    )
    photo = forms.FileField(
        label=gettext_lazy("Foto"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )

    data: Any  # a copy of what was sent, in which ids and points may be corrected

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data.copy() if data is not None else None, files, **kwargs)
        known = places.gazetteer()
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in known.settlements:
            groups.setdefault(_("Kecamatan %(name)s") % {"name": row.district}, []).append(
                (row.code, row.name)
            )
        field = self.fields["place"]
        field.choices = [("", _("Pilih …")), *groups.items()]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = _("Tempat ini tidak ada di daerah ini. Pilih dari daftar.")
        if all(row.kind == places.Kind.WARD for row in known.settlements):
            field.label = _("Kelurahan")
        field.error_messages["required"] = _("Pilih kelurahan atau desa tempat air berada.")
        if self.is_bound and self.data.get("lat") and self.data.get("lon"):
            field.required = False

    @property
    def pictures(self) -> Iterable[dict[str, Any]]:
        """The depths as cards."""
        chosen = str(self["depth"].value() or "")
        for depth in Depth:
            yield {
                "value": depth.value,
                "label": DEPTHS[depth],
                "cm": CENTIMETRES[depth],
                "picture": depth.value.lower(),
                "checked": depth.value == chosen,
            }

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"]).strip()

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "submission" in self.errors:
            del self.errors["submission"]
            self.data["submission"] = str(uuid4())
            self.add_error(
                None, _("Formulir ini tidak utuh lagi. Periksa isian Anda, lalu kirim sekali lagi.")
            )
        if not said.get("depth") and said.get("cm") is None and not {"depth", "cm"} & set(self.errors):
            self.add_error("depth", _("Pilih gambar yang paling mirip, atau tulis sentimeternya."))
        said["lat"], said["lon"] = self._point()
        self._find_place()
        if self.errors and self.files:
            self.add_error("photo", _("Foto belum tersimpan. Pilih lagi sebelum mengirim."))
        return said

    def _point(self) -> tuple[float | None, float | None]:
        try:
            lat, lon = (
                float(self.cleaned_data.get("lat") or "nan"),
                float(self.cleaned_data.get("lon") or "nan"),
            )
        except ValueError:
            lat = lon = math.nan
        if math.isfinite(lat) and math.isfinite(lon) and places.locate(lat=lat, lon=lon).place:
            return lat, lon
        # A point that cannot be right is not sent again with the corrected form.
        self.data["lat"] = self.data["lon"] = ""
        return None, None

    def _find_place(self) -> None:
        """A point says by itself where it lies, whatever the list says."""
        said = self.cleaned_data
        if said["lat"] is not None:
            found = places.locate(lat=said["lat"], lon=said["lon"]).place
            said["place"] = found.code if found else ""
        if not said.get("place") and "place" not in self.errors:
            self.add_error("place", self.fields["place"].error_messages["required"])

    def said(self, *, at: datetime, **who: Any) -> Said:
        """What was typed, for the action."""
        said = self.cleaned_data
        step = "" if said["cm"] is not None else said["depth"]
        return Said(
            submission=said["submission"],
            place=said["place"],
            depth=CENTIMETRES[Depth(step)] if step else said["cm"],
            step=step,
            road=said["road"],
            in_need=1 if said["in_need"] is None and said["needs"] else said["in_need"],
            needs=tuple(said["needs"]),
            since_at=at - timedelta(hours=int(said["since"])) if said["since"] else None,
            words=said["words"],
            lat=said["lat"],
            lon=said["lon"],
            **who,
        )


class DepthForm(forms.Form):
    """An officer knows better."""

    use_required_attribute = False
    depth = _whole(gettext_lazy("Kedalaman (cm)"), 0, DEEPEST)


class HideForm(forms.Form):
    """Why nobody shall see it any more."""

    use_required_attribute = False
    reason = forms.ChoiceField(
        label=gettext_lazy("Alasan disembunyikan"), choices=_choices(REASONS), widget=forms.RadioSelect
    )

    def chosen(self) -> HideReason:
        return HideReason(self.cleaned_data["reason"])
