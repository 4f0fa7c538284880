"""Forms about agreements. Each says what is wrong at the field where it is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.rooms.agreements import drafting, reference
from guyub.rooms.agreements.acting import Refused
from guyub.rooms.agreements.drafting import Side, Terms
from guyub.rooms.agreements.models import Cooperation, Document, Party
from guyub.rooms.agreements.wording import AUTHORITIES, ENDINGS, RESULTS
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.ui.fields import CHOOSE, Day, Papers, WholeAmount
from guyub.ui.fields import Line as TextLine
from guyub.ui.fields import Paragraph as Paragraphs


class Form(forms.Form):
    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class CooperationForm(Form):
    title = TextLine(label=gettext_lazy("Tentang"), max_length=160, min_length=5)
    purpose = Paragraphs(
        label=gettext_lazy("Maksud"),
        max_length=1000,
        help_text=gettext_lazy("Dibaca umum setelah ada naskah yang ditandatangani."),
    )
    framework = Paragraphs(
        label=gettext_lazy("Kerangka acuan"),
        max_length=8000,
        rows=8,
        required=False,
        help_text=gettext_lazy("Latar belakang, lokasi, objek, manfaat, dan pembiayaan."),
    )
    office = forms.TypedChoiceField(
        label=gettext_lazy("Perangkat daerah pelaksana"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, data: Any = None, *, row: Cooperation | None = None) -> None:
        names = ("title", "purpose", "framework")
        initial = {name: getattr(row, name) for name in names} | {"office": row.office_id} if row else None
        super().__init__(data, initial=initial)
        kinds = (people.OrganisationKind.AGENCY, people.OrganisationKind.SECRETARIAT)
        offices = [(o.id, o.name) for kind in kinds for o in people.directory().of_kind(kind)]
        self.fields["office"].choices = [("", CHOOSE), *offices]  # type: ignore[attr-defined]


class NewForm(CooperationForm):
    kind = forms.ChoiceField(label=gettext_lazy("Jenis kerja sama"))
    field_order = ("kind", "title", "purpose", "framework", "office")

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [(one.code, one.label) for one in reference.types(on=on).values()]  # type: ignore[attr-defined]


class ApprovalForm(Form):
    council_number = TextLine(label=gettext_lazy("Nomor persetujuan DPRD"), max_length=80, required=False)
    council_on = Day(label=gettext_lazy("Tanggal persetujuan DPRD"), required=False)
    ministry_number = TextLine(
        label=gettext_lazy("Nomor persetujuan kementerian"), max_length=80, required=False
    )


class DraftForm(Form):
    kind = forms.ChoiceField(label=gettext_lazy("Naskah"))
    title = TextLine(label=gettext_lazy("Judul"), max_length=200, min_length=5)
    under = forms.TypedChoiceField(
        label=gettext_lazy("Melaksanakan atau mengubah"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy(
            "Perjanjian kerja sama di bawah kesepakatan bersamanya; adendum di bawah naskah yang diubah."
        ),
    )

    def __init__(self, data: Any = None, *, row: Cooperation, on: date) -> None:
        super().__init__(data, initial={"title": row.title})
        known = reference.kinds(on=on)
        codes = reference.types(on=on)[row.kind].documents
        self.fields["kind"].choices = [(code, known[code].label) for code in codes]  # type: ignore[attr-defined]
        there = Document.objects.filter(cooperation=row).order_by("pk")
        under = [(one.pk, f"{known[one.kind].label}: {one.title}") for one in there]
        self.fields["under"].choices = [("", CHOOSE), *under]  # type: ignore[attr-defined]


class ClausesForm(Form):
    """A field for each clause that the kind of document asks for."""

    def __init__(self, data: Any = None, *, clauses: dict[str, str], on: date) -> None:
        super().__init__(data)
        labels = reference.clause_labels(on=on)
        for code, text in clauses.items():
            self.fields[code] = Paragraphs(
                label=labels.get(code, code), max_length=8000, required=False, initial=text
            )
        self.codes = list(clauses)
        self.fields["words"] = TextLine(
            label=_("Yang diubah"),
            max_length=200,
            required=False,
            help_text=_("Agar versi ini mudah dicari."),
        )

    def clauses(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in self.codes}


class TermsForm(Form):
    title = TextLine(label=gettext_lazy("Judul"), max_length=200, min_length=5)
    scope = Paragraphs(
        label=gettext_lazy("Ruang lingkup"),
        max_length=8000,
        required=False,
        help_text=gettext_lazy(
            "Satu baris satu hal. Ruang lingkup perjanjian diambil dari kesepakatan bersamanya."
        ),
    )
    cost = WholeAmount(label=gettext_lazy("Biaya bagi daerah"), required=False)
    in_budget = forms.BooleanField(
        label=gettext_lazy("Sudah dianggarkan dalam APBD berjalan"), required=False
    )
    starts_on = Day(label=gettext_lazy("Berlaku sejak"), required=False)
    ends_on = Day(label=gettext_lazy("Sampai dengan"), required=False)

    @classmethod
    def about(cls, data: Any, row: Document) -> TermsForm:
        names = ("title", "cost", "in_budget", "starts_on", "ends_on")
        return cls(
            data, initial={name: getattr(row, name) for name in names} | {"scope": "\n".join(row.scope)}
        )

    def terms(self) -> Terms:
        said = dict(self.cleaned_data)
        said["scope"], said["cost"] = drafting.scope_lines(said["scope"]), said["cost"] or 0
        return Terms(**said)


class PartyForm(Form):
    is_city = forms.BooleanField(label=gettext_lazy("Ini pihak pemerintah daerah"), required=False)
    partner = TextLine(
        label=gettext_lazy("Alamat halaman mitra"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Misalnya /mitra/nama-mitra/; kosongkan untuk pihak di luar daftar mitra."),
    )
    name = TextLine(label=gettext_lazy("Nama pihak"), max_length=160, required=False)
    number = TextLine(label=gettext_lazy("Nomor naskah pada pihak ini"), max_length=80, required=False)
    signatory = TextLine(label=gettext_lazy("Nama penanda tangan"), max_length=120, required=False)
    post = TextLine(label=gettext_lazy("Jabatan penanda tangan"), max_length=120, required=False)
    authority = forms.ChoiceField(label=gettext_lazy("Kewenangan"), choices=list(AUTHORITIES.items()))
    proxy = TextLine(label=gettext_lazy("Nomor surat kuasa"), max_length=80, required=False)

    @classmethod
    def about(cls, data: Any, row: Party | None) -> PartyForm:
        names = ("is_city", "name", "number", "signatory", "post", "authority", "proxy")
        initial = {name: getattr(row, name) for name in names} if row else {}
        if row and row.partner:
            initial["partner"] = row.partner.slug
        return cls(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        slug = str(said.get("partner", "")).strip().strip("/").split("/")[-1]
        found = partners.find(slug=slug) if slug else None
        if slug and found is None:
            self.add_error("partner", _("Tidak ada mitra dengan alamat ini."))
        if found is not None and said.get("is_city"):
            self.add_error("partner", _("Pihak pemerintah daerah bukan mitra."))
        said["partner"] = found.pk if found else None
        said["name"] = said.get("name") or (found.name if found else "")
        if not said["name"] and not self.errors:
            self.add_error("name", _("Tulis nama pihak ini."))
        return said

    def side(self) -> Side:
        return Side(**self.cleaned_data)


class SignForm(Form):
    on = Day(label=gettext_lazy("Ditandatangani pada"))
    place = TextLine(label=gettext_lazy("Tempat"), max_length=80)


class ScanForm(Form):
    pictures = Papers(
        label=gettext_lazy("Halaman naskah"),
        help_text=gettext_lazy("Hanya dilihat para pihak dan pengelola."),
    )


class DutyForm(Form):
    party = forms.TypedChoiceField(label=gettext_lazy("Pihak yang berkewajiban"), coerce=int)
    what = TextLine(label=gettext_lazy("Yang harus diserahkan atau dikerjakan"), max_length=240, min_length=5)
    due_on = Day(label=gettext_lazy("Tenggat"))

    def __init__(self, data: Any = None, *, row: Document) -> None:
        super().__init__(data)
        found = Party.objects.filter(document=row).order_by("position")
        self.fields["party"].choices = list(found.values_list("pk", "name"))  # type: ignore[attr-defined]


class DoneForm(Form):
    on = Day(label=gettext_lazy("Dipenuhi pada"))
    words = TextLine(label=gettext_lazy("Yang diserahkan"), max_length=300, required=False)


class EvaluationForm(Form):
    on = Day(label=gettext_lazy("Tanggal evaluasi"))
    result = forms.ChoiceField(label=gettext_lazy("Kesimpulan"), choices=list(RESULTS.items()))
    words = Paragraphs(label=gettext_lazy("Hasil evaluasi"), max_length=4000, min_length=10)


class EndForm(Form):
    on = Day(label=gettext_lazy("Berakhir pada"))
    why = forms.ChoiceField(label=gettext_lazy("Alasan berakhir"), choices=list(ENDINGS.items()))
    words = TextLine(label=gettext_lazy("Penjelasan"), max_length=400, required=False)
