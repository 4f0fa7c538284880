"""The form of a report, and how what was typed becomes a submission."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from operator import attrgetter, is_
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guyub.kernel.access.api import NOBODY, Person
from guyub.kernel.cities.api import Remembered
from guyub.rooms.places import api as places
from guyub.rooms.reports.actions import Submission
from guyub.rooms.reports.models import Attribute, Category, ReportClass
from guyub.rooms.reports.questions import asked_for
from guyub.rooms.reports.web.questions import PREFIX, answers_in, field_for, fields_of
from guyub.ui.fields import Shared
from guyub.ui.rows import option_groups, options

# Signs that turn the direction of a line can make a text read differently from what an officer checked.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CLASSES = [
    (ReportClass.COMPLAINT, gettext_lazy("Pengaduan: ada yang perlu dibenahi")),
    (ReportClass.ASPIRATION, gettext_lazy("Aspirasi: usul atau saran")),
    (ReportClass.INFO_REQUEST, gettext_lazy("Permintaan informasi")),
]
_CHOOSE = gettext_lazy("Pilih …")


def clean_text(text: str) -> str:
    """What people typed without what no keyboard types: control characters, halves of characters, turning signs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        sign
        for sign in lines
        if sign == "\n" or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _TURNING)
    )


class TextField(forms.CharField):
    """Plain text. A single line unless its widget is a textarea."""

    def to_python(self, value: Any) -> str:
        text = clean_text(str(value)) if value not in self.empty_values else ""
        if not isinstance(self.widget, forms.Textarea):
            text = " ".join(text.split())
        return super().to_python(text) or ""


class UnitField(forms.CharField):
    """RW or RT: up to three digits, kept as three ("4" and "04" are "004")."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "3", "size": "3"})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(clean_text(str(value or "")))
        if text and not re.fullmatch(r"[0-9]{1,3}", text):
            raise forms.ValidationError(_("Tulis angkanya saja, paling banyak tiga angka."))
        return text.zfill(3) if text.strip("0") else ""


_written: Remembered[dict[Any, tuple[tuple[object, ...], SafeString]]] = Remembered(dict, seconds=600)


class OptionData(forms.Select):
    """A select whose options carry data for the script, by value; written at once because they are many."""

    data: Callable[[], dict[str, dict[str, str]]] = staticmethod(dict)
    made_of: tuple[str, tuple[object, ...]] | None = None
    """Where everyone gets the same options: a name for them, and what they are made of."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        written: str = self._kept() if self.made_of else self._options()
        for said in set(self.format_value(value)):
            start = f'<option value="{escape(said)}"'
            written = written.replace(start, start + " selected")
        own = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(own), mark_safe(written))

    def use_required_attribute(self, initial: Any) -> bool:
        """Django looks whether the first choice is empty, for which it makes all of them. Ours always is."""
        return forms.Widget.use_required_attribute(self, initial)

    def _kept(self) -> SafeString:
        """The options as they were written for somebody before, unless what they are made of has changed."""
        assert self.made_of
        name, parts = self.made_of
        known = _written()
        key = (name, get_language())
        found = known.get(key)
        if found is None or len(found[0]) != len(parts) or not all(map(is_, found[0], parts)):
            found = known[key] = (parts, self._options())
        return found[1]

    def _options(self) -> SafeString:
        data = self.data()
        return option_groups(
            (heading, options(((str(value), str(label), False) for value, label in inside), data=data))
            for heading, inside in self._groups()
        )

    def _groups(self) -> list[tuple[str, list[tuple[str, Any]]]]:
        return [
            (str(key), list(inside)) if isinstance(inside, list | tuple) else ("", [(key, inside)])
            for key, inside in self.choices
        ]


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files as they came; they are checked where they are kept."""

    widget = PhotosInput(attrs={"accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [one for one in (data if isinstance(data, list | tuple) else [data]) if one]


class OneOfMany(forms.ChoiceField):
    """A choice that is checked against what is `known`, and whose list is made only when it is shown."""

    widget = OptionData
    known: Container[str] = ()

    def valid_value(self, value: Any) -> bool:
        return str(value) in self.known


def _hidden() -> forms.HiddenInput:
    return forms.HiddenInput(attrs={"autocomplete": "off"})


def grouped(rows: Iterable[Any], group: str, value: str, label: str, *, heading: str = "{}") -> list[Any]:
    """Rows as the choices of a select, each heading once: its rows need not follow one another."""
    read, under = attrgetter(value, label), attrgetter(group)
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(heading.format(under(row)), []).append(read(row))
    return [("", _CHOOSE), *groups.items()]


class ReportForm(forms.Form):
    """One page, no account. Errors are said in the words of the field they stand at."""

    submission = forms.UUIDField(widget=_hidden())
    draft = forms.UUIDField(required=False, widget=_hidden())
    lat = forms.CharField(required=False, max_length=30, widget=_hidden())
    lon = forms.CharField(required=False, max_length=30, widget=_hidden())
    category_asked = forms.BooleanField(required=False, widget=_hidden())
    asked_for = forms.CharField(required=False, max_length=40, widget=_hidden())
    report_class = forms.ChoiceField(
        label=gettext_lazy("Anda ingin menyampaikan"),
        choices=_CLASSES,
        widget=forms.RadioSelect,
        initial=ReportClass.COMPLAINT,
    )
    category = OneOfMany(label=gettext_lazy("Tentang"))
    body = TextField(
        label=gettext_lazy("Ceritakan"),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Apa yang terjadi dan sejak kapan. Jangan tulis NIK atau nomor telepon di sini."
        ),
    )
    about_conduct = forms.BooleanField(
        required=False, label=gettext_lazy("Menyangkut perilaku atau pungutan petugas")
    )
    place = OneOfMany(label=gettext_lazy("Kelurahan atau desa"))
    rw = UnitField(label="RW")
    rt = UnitField(label="RT")
    landmark = TextField(
        label=gettext_lazy("Patokan"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Misalnya: seberang pos ronda, dekat jembatan."),
    )
    photos = PhotosField(label=gettext_lazy("Foto"), required=False)
    is_anonymous = forms.BooleanField(required=False, label=gettext_lazy("Anonim"))
    is_confidential = forms.BooleanField(required=False, label=gettext_lazy("Rahasia"))
    for_neighbour = forms.BooleanField(required=False, label=gettext_lazy("Saya melapor untuk warga"))
    name = TextField(
        label=gettext_lazy("Nama"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Alamat surel"),
        required=False,
        max_length=160,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = TextField(
        label=gettext_lazy("Nomor telepon"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    data: Any  # a copy of what was sent, in which ids and points may be corrected
    CONTACT = ("name", "email", "phone")
    NOT_KEPT = ("photos", "draft")
    NOT_SENT: tuple[str, ...] = ("photos", "draft", "category_asked", "asked_for")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        categories: Iterable[Category],
        person: Person = NOBODY,
        **kwargs: Any,
    ) -> None:
        super().__init__(data.copy() if data is not None else None, files, **kwargs)
        self.categories = {category.code: category for category in categories}
        self.gazetteer = places.gazetteer()
        if person.account is not None:
            for name in self.CONTACT:
                del self.fields[name]
        if not any(grant.role == "ketua_rt" for grant in person.grants):
            del self.fields["for_neighbour"]
        self._offer_categories()
        self._offer_places()
        if not self.is_bound or self._said("asked_for") == self.asked_for_now:
            self.ask_questions()

    def ask_questions(self) -> None:
        """Unfold what the chosen category asks."""
        for one in self.questions():
            self.fields[PREFIX + one.code] = field_for(one, text_field=TextField)

    def unfold(self) -> None:
        """Before a form comes back: with what its category asks, if that was not there before."""
        if self.is_bound and self._said("asked_for") != self.asked_for_now:
            self.ask_questions()
            self.data["asked_for"] = self.asked_for_now

    def questions(self) -> list[Attribute]:
        return asked_for(self.chosen_category())

    @property
    def asked_for_now(self) -> str:
        """The category whose questions this form holds."""
        return str(self["category"].value() or "")

    @property
    def question_fields(self) -> list[BoundField]:
        return fields_of(self)

    def is_to_be_asked(self) -> bool:
        """Whether a required question of the category was never shown to whoever filled this in."""
        return self._said("asked_for") != self._said("category") and any(
            one.is_required for one in self.questions()
        )

    def _offer_categories(self) -> None:
        suffix = "en" if (get_language() or "").startswith("en") else "id"
        field = cast(OneOfMany, self.fields["category"])
        field.known = self.categories
        field.choices = lambda: grouped(self.categories.values(), f"group_{suffix}", "code", f"name_{suffix}")
        field.error_messages["invalid_choice"] = _("Pilih salah satu dari daftar.")
        widget = cast(OptionData, field.widget)
        widget.made_of = "category", tuple(self.categories.values())
        widget.data = lambda: {
            one.code: {
                "data-hint": getattr(one, f"hint_{suffix}"),
                "data-words": getattr(one, f"words_{suffix}"),
                **({"data-call": " ".join(one.emergency)} if one.emergency else {}),
            }
            for one in self.categories.values()
        }

    def _offer_places(self) -> None:
        field = cast(OneOfMany, self.fields["place"])
        field.known = self.gazetteer.settlement_codes
        field.choices = lambda: grouped(
            self.gazetteer.settlements, "district", "code", "name", heading="Kecamatan {}"
        )
        if not self.gazetteer.has_villages:
            field.label = _("Kelurahan")  # a city without desa does not ask about them
        field.error_messages["invalid_choice"] = _("Tempat ini tidak ada di daerah ini. Pilih dari daftar.")
        field.error_messages["required"] = _("Pilih kelurahan atau desa tempat kejadian.")
        widget = cast(OptionData, field.widget)
        widget.made_of = "place", (self.gazetteer,)
        widget.data = lambda: {
            row.code: {"data-at": f"{lat:.4f},{lon:.4f}"} for lat, lon, row in self.gazetteer.points
        }
        if self.is_bound and self._said("lat") and self._said("lon"):
            field.required = False

    def _said(self, name: str) -> str:
        return clean_text(str(self.data.get(name, ""))).strip()

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and not re.fullmatch(r"\+?[0-9][0-9 ().-]{5,22}", phone):
            raise forms.ValidationError(_("Tulis nomor telepon dengan angka, misalnya 0812 3456 7890."))
        return phone

    def clean(self) -> dict[str, Any]:
        self._renew_ids()
        lat, lon = self._point()
        self.cleaned_data["lat"], self.cleaned_data["lon"] = lat, lon
        if lat is None:
            # A point that cannot be right is not sent again with the corrected form.
            self.data["lat"] = self.data["lon"] = ""
        if not self.cleaned_data.get("place") and "place" not in self.errors:
            found = places.locate(lat=lat, lon=lon) if lat is not None and lon is not None else None
            if found and found.place:
                self.cleaned_data["place"] = found.place.code
            elif "lat" not in self.errors:
                self.add_error("place", self.fields["place"].error_messages["required"])
        return self.cleaned_data

    def _renew_ids(self) -> None:
        """A form whose hidden ids were tampered with gets new ones, and is looked at once more."""
        for name, fresh in (("submission", str(uuid4())), ("draft", "")):
            if name in self.errors:
                del self.errors[name]
                self.data[name] = fresh
                self.add_error(
                    None, _("Formulir ini tidak utuh lagi. Periksa isian Anda, lalu kirim sekali lagi.")
                )

    def renew_submission(self) -> None:
        """The next sending of this form is a new report."""
        self.data["submission"] = str(uuid4())

    def _point(self) -> tuple[float | None, float | None]:
        if not self._said("lat") and not self._said("lon"):
            return None, None
        try:
            lat, lon = float(self._said("lat")), float(self._said("lon"))
        except ValueError:
            lat = lon = math.nan
        if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
            self._wrong_point(
                _("Titik di peta tidak terbaca. Tunjuk sekali lagi, atau pilih kelurahan saja.")
            )
            return None, None
        if places.locate(lat=lat, lon=lon).how is places.How.OUTSIDE:
            self._wrong_point(
                _("Titik ini di luar daerah ini. Tunjuk tempat kejadian di sini, atau pilih kelurahan saja.")
            )
            return None, None
        return lat, lon

    def _wrong_point(self, words: str) -> None:
        if "place" in self.errors:
            del self.errors["place"]
        self.add_error("place", words)

    def chosen_category(self) -> Category | None:
        """The category as far as one is chosen, also in a form with errors."""
        return self.categories.get(str(self["category"].value() or ""))

    def values(self) -> dict[str, Any]:
        """What was typed, to be kept in a draft."""
        return {
            name: self._kept(name) for name in self.fields if name not in self.NOT_KEPT and self._kept(name)
        }

    def _kept(self, name: str) -> Any:
        if isinstance(self.fields[name], forms.MultipleChoiceField):
            return self[name].data
        return str(self.data.get(name, "") or "")[:8000]

    def as_submission(self, *, draft: UUID | None) -> Submission:
        """What a valid form asks us to take in."""
        said = self.cleaned_data
        names = [name for name in said if name not in self.NOT_SENT and not name.startswith(PREFIX)]
        answers = answers_in(self, self.questions())
        return Submission(draft=draft, answers=answers, **{name: said[name] for name in names})


ReportForm.base_fields = Shared(ReportForm.base_fields, own=("category", "place"))
