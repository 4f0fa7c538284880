"""Forms about authority. Each says what is wrong at the field where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import ROLES, roles
from guyub.rooms.people.granting import Basis, GrantRefused
from guyub.rooms.people.models import OrganisationKind
from guyub.rooms.people.queries import directory
from guyub.rooms.people.rules import Kind
from guyub.rooms.people.wording import KIND_LABELS

_CHOOSE = gettext_lazy("Pilih …")


class Words(forms.CharField):
    """A line of plain text, without what no keyboard types."""

    def to_python(self, value: Any) -> str:
        shown = "".join(sign for sign in str(value or "") if sign.isprintable() or sign.isspace())
        return super().to_python(" ".join(shown.split())) or ""


class Day(forms.DateField):
    """A day, as the browser sends it or as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"], **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not 1990 <= day.year <= 2100:
            raise forms.ValidationError(_("Tahun ini tidak mungkin."))
        return day


def _area(**more: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3, **more})


class ReasonForm(forms.Form):
    """Why something ends. Whoever it concerns can read it."""

    reason = Words(label=gettext_lazy("Alasan"), min_length=5, max_length=400, widget=_area())


class _BasisForm(forms.Form):
    """By which decree, for how long: what every grant states."""

    basis = Words(
        label=gettext_lazy("Nomor SK atau surat"),
        max_length=160,
        help_text=gettext_lazy("Misalnya: SK Wali Kota 800/123/2026 atau nota dinas 065/12."),
    )
    basis_on = Day(label=gettext_lazy("Tanggal surat"), required=False)
    basis_about = Words(label=gettext_lazy("Tentang"), max_length=200, required=False)
    since = Day(label=gettext_lazy("Mulai"))
    last = Day(
        label=gettext_lazy("Hari terakhir"), help_text=gettext_lazy("Sesudah hari ini berakhir sendiri.")
    )
    reason = Words(label=gettext_lazy("Alasan"), min_length=5, max_length=400, widget=_area())

    # Where the actions' words for a field are shown here.
    _SHOWN_AT = {"until": "last", "organisation": "office", "account": "account"}

    def grant_basis(self) -> Basis:
        said = self.cleaned_data
        return Basis(number=said["basis"], on=said["basis_on"], about=said["basis_about"])

    def until(self) -> date | None:
        last = self.cleaned_data.get("last")
        return last + timedelta(days=1) if last else None

    def refuse(self, refused: GrantRefused) -> None:
        field = self._SHOWN_AT.get(refused.field, refused.field)
        self.add_error(field if field in self.fields else None, str(refused))


class DelegateForm(_BasisForm):
    """A head chooses an officer and what they may do meanwhile."""

    source = forms.TypedChoiceField(label=gettext_lazy("Wewenang Anda sebagai"), coerce=int)
    account = forms.TypedChoiceField(label=gettext_lazy("Dilimpahkan kepada"), coerce=int)
    bundles = forms.MultipleChoiceField(
        label=gettext_lazy("Yang boleh dilakukan"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("source", "account", "bundles")

    def __init__(
        self,
        data: Any = None,
        *,
        sources: Iterable[tuple[int, str]],
        officers: Iterable[tuple[int, str]],
        delegable: frozenset[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self._choices("source", sources)
        self._choices("account", [("", _CHOOSE), *officers])
        self._choices("bundles", [(one.code, one.label) for one in roles.BUNDLES if one.powers <= delegable])

    def _choices(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


class GiveForm(_BasisForm):
    """An admin gives a role, or appoints who acts for a head."""

    name = Words(label=gettext_lazy("Nama"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("Alamat surel"),
        max_length=160,
        help_text=gettext_lazy("Untuk masuk. Bila belum ada akunnya, akun dibuat."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Cara memegang"),
        choices=[(kind, KIND_LABELS[kind]) for kind in (Kind.DEFINITIVE, Kind.PLH, Kind.PLT)],
    )
    role = forms.ChoiceField(label=gettext_lazy("Peran"))
    office = forms.TypedChoiceField(label=gettext_lazy("Kantor"), coerce=int)
    field_order = ("name", "email", "kind", "role", "office")
    _SHOWN_AT = {"until": "last", "organisation": "office", "account": "email"}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        given = [role for role in ROLES.values() if role.code != "ketua_rt"]
        self.fields["role"].choices = [("", _CHOOSE), *((one.code, one.label) for one in given)]  # type: ignore[attr-defined]
        kinds = dict(OrganisationKind.choices)
        groups = groupby(directory().all, key=lambda office: office.kind)
        self.fields["office"].choices = [  # type: ignore[attr-defined]
            ("", _CHOOSE),
            *[(kinds[kind], [(one.id, one.name) for one in rows]) for kind, rows in groups],
        ]
        self.fields["last"].required = self.fields["reason"].required = False

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") != Kind.DEFINITIVE and "last" not in self.errors and not said.get("last"):
            self.add_error("last", _("Plh dan Plt selalu berbatas waktu."))
        return said


class SupportForm(forms.Form):
    """An admin lets a support person look."""

    account = forms.TypedChoiceField(label=gettext_lazy("Petugas dukungan"), coerce=int)
    hours = forms.IntegerField(label=gettext_lazy("Selama (jam)"), min_value=1, initial=2)
    reason = Words(
        label=gettext_lazy("Yang perlu diperiksa"),
        min_length=10,
        max_length=400,
        widget=_area(),
        help_text=gettext_lazy("Jangan tulis nama, nomor telepon, atau NIK siapa pun di sini."),
    )

    def __init__(self, data: Any = None, *, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["account"].choices = [("", _CHOOSE), *people]  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        words = self.cleaned_data["reason"]
        if sum(sign.isdigit() for sign in words) >= 9 or "@" in words:
            raise forms.ValidationError(
                _("Ini tampak seperti nomor atau alamat orang. Tulis tanpa data pribadi.")
            )
        return words

    def refuse(self, refused: GrantRefused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class ClientForm(forms.Form):
    """A program that gets a key, and whose it is."""

    name = Words(label=gettext_lazy("Nama aplikasi"), min_length=3, max_length=80)
    office = forms.ChoiceField(label=gettext_lazy("Milik kantor"), required=False)
    partner = Words(
        label=gettext_lazy("Atau milik mitra"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Nama lembaga atau perusahaan di luar pemerintah daerah; bukan nama orang."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        kinds = dict(OrganisationKind.choices)
        groups = groupby(directory().offices, key=lambda office: office.kind)
        self.fields["office"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *[(kinds[kind], [(one.key, one.name) for one in rows]) for kind, rows in groups],
        ]

    def refuse(self, refused: GrantRefused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class TableForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File yang sudah diisi"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("XLSX atau CSV, paling besar 2 MB. Diperiksa dahulu; belum ada yang berubah."),
        allow_empty_file=True,
    )
