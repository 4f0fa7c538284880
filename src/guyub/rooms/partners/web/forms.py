"""Forms about partners. Each says what is wrong at the field where it is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.cities.api import get_city
from guyub.rooms.partners.acting import Refused
from guyub.rooms.partners.founding import Profile
from guyub.rooms.partners.reference import themes
from guyub.rooms.partners.rules import FOUNDED_BY_RESIDENTS, Kind, LegalForm, Role, folded
from guyub.rooms.partners.wording import DOCUMENTS, KINDS, LEGAL_FORMS
from guyub.rooms.places import api as gazetteers
from guyub.ui.fields import CHOOSE, Day, Line, Papers, Paragraph, Website

FEWEST_PLACES, MOST_PLACES = 3, 12


class _Form(forms.Form):
    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class _WhereForm(_Form):
    """On what and where: what every form about a partner asks for."""

    def __init__(self, data: Any = None, *, places: tuple[str, ...] = (), **kwargs: Any) -> None:
        initial = kwargs.setdefault("initial", {})
        known = [code for code in places if code != get_city().code][:MOST_PLACES]
        shown = max(FEWEST_PLACES, min(len(known) + 1, MOST_PLACES))
        initial |= {f"place_{n}": code for n, code in enumerate(known, 1)}
        if get_city().code in places:
            initial["whole"] = True
        super().__init__(data, **kwargs)
        self.fields["themes"].choices = [(one.code, one.label) for one in themes()]  # type: ignore[attr-defined]
        choices = gazetteers.place_choices()
        self.place_names = [f"place_{n}" for n in range(1, shown + 1)]
        for n, name in enumerate(self.place_names, 1):
            label = _("Wilayah %(n)d") % {"n": n}
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("whole") and not any(said.get(name) for name in self.place_names):
            self.add_error(self.place_names[0], _("Pilih paling sedikit satu wilayah, atau seluruh daerah."))
        if len(folded(said.get("name", "xxx"))) < 3:
            self.add_error("name", _("Tulis namanya, paling sedikit tiga huruf."))
        return said

    def places(self) -> tuple[str, ...]:
        said = self.cleaned_data
        if said["whole"]:
            return (get_city().code,)
        return tuple(dict.fromkeys(said[name] for name in self.place_names if said[name]))

    def place_fields(self) -> list[Any]:
        return [self[name] for name in self.place_names]


_THEMES = {"widget": forms.CheckboxSelectMultiple, "label": gettext_lazy("Tema yang dikerjakan")}


class FoundForm(_WhereForm):
    """What a resident says to found a community; all else can be said later."""

    name = Line(
        label=gettext_lazy("Nama komunitas atau organisasi"),
        max_length=160,
        help_text=gettext_lazy("Nama organisasinya, bukan nama orang."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), initial=Kind.COMMUNITY, widget=forms.RadioSelect)
    themes = forms.MultipleChoiceField(**_THEMES)  # type: ignore[arg-type]
    whole = forms.BooleanField(label=gettext_lazy("Bekerja di seluruh daerah"), required=False)
    description = Paragraph(
        label=gettext_lazy("Apa yang Anda kerjakan"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Dua tiga kalimat cukup. Jangan tulis nama atau nomor telepon orang."),
    )
    answers = forms.BooleanField(
        label=gettext_lazy("Saya penanggung jawabnya, dan isian ini benar"),
        error_messages={"required": gettext_lazy("Centang bila Anda penanggung jawabnya.")},
    )
    is_other = forms.BooleanField(
        label=gettext_lazy("Bukan yang sama; ini organisasi lain"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = [(one.value, KINDS[one]) for one in FOUNDED_BY_RESIDENTS]  # type: ignore[attr-defined]

    def ask_whether_other(self) -> None:
        """From now on the form asks whether this is the organisation that is there already."""
        self.fields["is_other"].widget = forms.CheckboxInput()

    def profile(self) -> Profile:
        said = self.cleaned_data
        return Profile(
            said["name"],
            kind=said["kind"],
            description=said["description"],
            themes=tuple(said["themes"]),
            places=self.places(),
        )


class ProfileForm(_WhereForm):
    """All that a partner says of itself. Its kind is not asked again."""

    name = Line(label=gettext_lazy("Nama"), max_length=160)
    short_name = Line(label=gettext_lazy("Nama pendek"), max_length=60, required=False)
    description = Paragraph(label=gettext_lazy("Apa yang dikerjakan"), max_length=2000, required=False)
    routine = Line(label=gettext_lazy("Kegiatan rutin"), max_length=400, required=False)
    founded_year = forms.IntegerField(
        label=gettext_lazy("Tahun berdiri"), min_value=1800, max_value=2100, required=False
    )
    active_members = forms.IntegerField(
        label=gettext_lazy("Jumlah anggota aktif"), min_value=0, max_value=10_000_000, required=False
    )
    website = Website(
        label=gettext_lazy("Situs atau media sosial"), max_length=200, required=False, assume_scheme="https"
    )
    themes = forms.MultipleChoiceField(required=False, **_THEMES)  # type: ignore[arg-type]
    whole = forms.BooleanField(label=gettext_lazy("Bekerja di seluruh daerah"), required=False)
    legal_form = forms.ChoiceField(label=gettext_lazy("Bentuk hukum"))
    legal_number = Line(
        label=gettext_lazy("Nomor SKT, AHU, NIB, atau SK"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Hanya dilihat pengurus dan pemeriksa."),
    )
    legal_until = Day(label=gettext_lazy("Berlaku sampai"), required=False)
    contact_name = Line(label=gettext_lazy("Nama kontak"), max_length=120, required=False)
    contact_phone = Line(label=gettext_lazy("Telepon kontak"), max_length=40, required=False)
    contact_email = forms.EmailField(label=gettext_lazy("Surel kontak"), max_length=160, required=False)
    contact_is_public = forms.BooleanField(
        label=gettext_lazy("Tampilkan kontak ini untuk umum"),
        required=False,
        help_text=gettext_lazy("Tanpa centang, hanya pengurus dan pemeriksa yang melihatnya."),
    )

    def __init__(self, data: Any = None, *, profile: Profile, **kwargs: Any) -> None:
        self.kind_code = profile.kind
        said = {name: getattr(profile, name) for name in Profile.__dataclass_fields__}
        kwargs["initial"] = {**said, "themes": list(profile.themes), **kwargs.get("initial", {})}
        super().__init__(data, places=profile.places, **kwargs)
        self.fields["legal_form"].choices = [(one.value, LEGAL_FORMS[one]) for one in LegalForm]  # type: ignore[attr-defined]

    def clean_contact_phone(self) -> str:
        phone = self.cleaned_data["contact_phone"]
        if phone and not 6 <= sum(sign.isdigit() for sign in phone) <= 16:
            raise forms.ValidationError(_("Nomor telepon ini tidak lengkap."))
        return phone

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        has_contact = any(said.get(f"contact_{name}") for name in ("name", "phone", "email"))
        if said.get("contact_is_public") and not has_contact:
            self.add_error("contact_is_public", _("Belum ada kontak yang dapat ditampilkan."))
        return said

    def profile(self) -> Profile:
        said = {
            name: self.cleaned_data[name]
            for name in Profile.__dataclass_fields__
            if name in self.cleaned_data
        }
        said |= {"kind": self.kind_code, "themes": tuple(said["themes"]), "places": self.places()}
        return Profile(**said)


class RegisterForm(ProfileForm):
    """The city enters a partner of any kind."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis"))
    field_order = ("name", "kind")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, profile=Profile(""), **kwargs)
        self.fields["kind"].choices = [(one.value, KINDS[one]) for one in Kind]  # type: ignore[attr-defined]

    def clean_kind(self) -> str:
        self.kind_code = str(self.cleaned_data["kind"])
        return self.kind_code


class JoinForm(_Form):
    words = Paragraph(
        rows=3,
        label=gettext_lazy("Perkenalkan diri Anda"),
        min_length=5,
        max_length=300,
        help_text=gettext_lazy("Nama Anda dan apa yang ingin Anda bantu. Hanya dibaca pengurusnya."),
    )


class ReasonForm(_Form):
    """Why something is decided; the partner's people read it."""

    words = Paragraph(rows=4, label=gettext_lazy("Alasan"), min_length=10, max_length=2000)


class LackingForm(_Form):
    words = Paragraph(rows=4, label=gettext_lazy("Yang perlu dilengkapi"), min_length=10, max_length=2000)


class InviteForm(_Form):
    email = forms.EmailField(label=gettext_lazy("Surel yang diundang"), max_length=160)
    role = forms.ChoiceField(label=gettext_lazy("Sebagai"))

    def __init__(self, data: Any = None, *, may_board: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        roles = [(Role.MEMBER.value, _("Anggota"))]
        if may_board:
            roles.append((Role.BOARD.value, _("Pengurus")))
        self.fields["role"].choices = roles  # type: ignore[attr-defined]

    def chosen(self) -> Role:
        return Role(self.cleaned_data["role"])


class LeadForm(_Form):
    """Whom the city invites to answer for a partner."""

    email = forms.EmailField(label=gettext_lazy("Surel yang diundang"), max_length=160)


class DocumentForm(_Form):
    kind = forms.ChoiceField(label=gettext_lazy("Jenis dokumen"))
    number = Line(label=gettext_lazy("Nomor"), max_length=80, required=False)
    valid_until = Day(
        label=gettext_lazy("Berlaku sampai"),
        required=False,
        help_text=gettext_lazy("Kosongkan bila tidak ada batasnya. Anda diingatkan sebelum habis."),
    )
    pictures = Papers(label=gettext_lazy("PDF, foto, atau pindaian"))

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["kind"].choices = [("", CHOOSE), *DOCUMENTS.items()]  # type: ignore[attr-defined]


class MergeForm(_Form):
    kept = Line(
        label=gettext_lazy("Sama dengan"),
        max_length=80,
        help_text=gettext_lazy("Alamat pendek entri yang dipertahankan, misalnya komunitas-sungai-contoh."),
    )
    words = Paragraph(rows=3, label=gettext_lazy("Alasan"), min_length=10, max_length=2000)


class ListForm(_Form):
    file = forms.FileField(
        label=gettext_lazy("File daftar mitra"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("XLSX atau CSV, paling besar 2 MB. Diperiksa dahulu; belum ada yang berubah."),
        allow_empty_file=True,
    )


class BodiesForm(_Form):
    district = forms.ChoiceField(label=gettext_lazy("Kecamatan"))

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        rows = gazetteers.gazetteer().districts
        self.fields["district"].choices = [("", CHOOSE), *((row.code, row.label) for row in rows)]  # type: ignore[attr-defined]
