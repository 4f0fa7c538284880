"""Forms about initiatives. Each says what is wrong at the field where it is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import Person, roles
from guyub.kernel.cities.api import get_city
from guyub.kernel.files.api import MAX_PHOTOS
from guyub.rooms.initiatives import reference
from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.drafting import Plan
from guyub.rooms.initiatives.models import BudgetItem, HandOver, Initiative, Participant
from guyub.rooms.initiatives.rules import Likelihood, Part, Role
from guyub.rooms.initiatives.wording import LIKELIHOODS, ROLES, SOURCES
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui.fields import CHOOSE, Choice, Day, Line, Papers, Paragraph, Pictures, WholeAmount

MOST_PLACES = 3
MOST = 10**15


def _amount(*, min_value: int = 1, max_value: int = MOST, **kwargs: Any) -> WholeAmount:
    return WholeAmount(min_value=min_value, max_value=max_value, **kwargs)


class ActForm(forms.Form):
    """What every form about one thing of an initiative is given; `target` is that thing."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        row: Initiative,
        target: Any,
        at: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.row, self.target, self.at = row, target, at
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and what is there already."""

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class PlanForm(forms.Form):
    """What an initiative says of itself."""

    title = Line(label=gettext_lazy("Nama prakarsa"), max_length=120, min_length=5)
    purpose = Paragraph(
        label=gettext_lazy("Tujuannya"),
        max_length=2000,
        help_text=gettext_lazy(
            "Apa yang akan berubah, bagi siapa. Jangan tulis nama atau nomor telepon orang."
        ),
    )
    theme = Choice(label=gettext_lazy("Tema"))
    whole = forms.BooleanField(label=gettext_lazy("Di seluruh daerah"), required=False)
    on_public_ground = forms.BooleanField(
        label=gettext_lazy("Di lahan atau ruang milik umum"), required=False
    )
    starts_on = Day(label=gettext_lazy("Hari pertama"), required=False)
    ends_on = Day(label=gettext_lazy("Hari terakhir"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        said = dict(initial or {})
        codes = said.pop("places", ())
        known = [code for code in codes if code != get_city().code]
        said |= {f"place_{n}": code for n, code in enumerate(known, 1)}
        said["whole"] = get_city().code in codes
        super().__init__(data, initial=said, **kwargs)
        themes = [(one.code, one.label) for one in partners.themes()]
        self.fields["theme"].choices = [("", CHOOSE), *themes]  # type: ignore[attr-defined]
        choices = places.place_choices()
        for n in range(1, MOST_PLACES + 1):
            label = _("Wilayah %(n)d") % {"n": n}
            self.fields[f"place_{n}"] = Choice(label=label, choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.places(said):
            self.add_error("place_1", _("Pilih paling sedikit satu wilayah, atau seluruh daerah."))
        return said

    def places(self, said: dict[str, Any]) -> tuple[str, ...]:
        if said.get("whole"):
            return (get_city().code,)
        found = [said.get(f"place_{n}") for n in range(1, MOST_PLACES + 1)]
        return tuple(dict.fromkeys(code for code in found if code))

    def plan(self) -> Plan:
        said = self.cleaned_data
        return Plan(
            title=said["title"],
            purpose=said["purpose"],
            theme=said["theme"],
            places=self.places(said),
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            on_public_ground=said["on_public_ground"],
        )

    def refuse(self, refused: Refused) -> None:
        field = {"places": "place_1"}.get(refused.field, refused.field)
        self.add_error(field if field in self.fields else None, str(refused))


class BeginForm(PlanForm):
    """Who begins it, from which template."""

    organiser = Choice(label=gettext_lazy("Penyelenggara"))
    template = Choice(
        label=gettext_lazy("Mulai dari templat"),
        required=False,
        help_text=gettext_lazy(
            "Templat mengisi kebutuhan, pekerjaan, dan risiko yang lazim; semuanya dapat diubah."
        ),
    )

    field_order = ("organiser", "template", "title", "purpose", "theme")

    def __init__(
        self, data: Any = None, *, owners: list[tuple[str, str]], at: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["organiser"].choices = owners  # type: ignore[attr-defined]
        found = [(one.code, one.label) for one in reference.templates(at=at)]
        self.fields["template"].choices = [("", _("Tanpa templat")), *found]  # type: ignore[attr-defined]


def offices_of(person: Person) -> list[tuple[str, str]]:
    """The offices in whose name a person runs initiatives, for a choice."""
    names = people.directory().by_id
    return [
        (f"office:{key}", names[key].name)
        for key in sorted(person.offices(roles.COLLABORATE))
        if key in names
    ]


class ChangeForm(ActForm, PlanForm):
    """The plan of an initiative that is there."""

    def __init__(
        self, data: Any = None, files: Any = None, *, row: Initiative, target: Any, at: datetime
    ) -> None:
        self.row, self.target, self.at = row, target, at
        names = ("title", "purpose", "theme", "places", "starts_on", "ends_on", "on_public_ground")
        PlanForm.__init__(self, data, initial={name: getattr(row, name) for name in names})

    refuse = PlanForm.refuse


class SureForm(ActForm):
    """Nothing but the button."""


class WordsForm(ActForm):
    words = Paragraph(label=gettext_lazy("Alasan atau keterangan"), max_length=2000)


class LineForm(ActForm):
    resource = Choice(label=gettext_lazy("Jenis bantuan"), choices=needs.RESOURCES.items())
    what = Line(label=gettext_lazy("Apa persisnya"), max_length=120)
    amount = _amount(
        label=gettext_lazy("Jumlah"), help_text=gettext_lazy("Bilangan bulat; uang dalam rupiah.")
    )
    unit = Line(
        label=gettext_lazy("Satuan"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Misalnya pohon, jam, hari, kali."),
    )
    needed_on = Day(label=gettext_lazy("Paling lambat diperlukan"), required=False)
    for_government = forms.BooleanField(
        label=gettext_lazy("Barang ini menjadi milik pemerintah (dengan BAST atau hibah)"), required=False
    )

    def prepare(self) -> None:
        if self.target is not None:
            names = ("resource", "what", "amount", "unit", "needed_on", "for_government")
            self.initial = {name: getattr(self.target, name) for name in names}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        unit = needs.unit_for(said["resource"], said.get("unit", "")) if said.get("resource") else ""
        if said.get("resource") and not unit:
            self.add_error("unit", _("Tulis satuannya."))
        return {**said, "unit": unit}


class PermitForm(ActForm):
    number = Line(label=gettext_lazy("Nomor izin PUB"), max_length=80)
    issued_by = Line(label=gettext_lazy("Diterbitkan oleh"), max_length=120)
    valid_from = Day(label=gettext_lazy("Berlaku sejak"))
    valid_until = Day(label=gettext_lazy("Berlaku sampai"))


class ExemptionForm(ActForm):
    exemption = Choice(label=gettext_lazy("Mengapa tidak perlu izin"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.fields["exemption"].choices = [(one.code, one.label) for one in reference.exemptions(at=self.at)]  # type: ignore[attr-defined]


class InviteForm(ActForm):
    partner = Choice(label=gettext_lazy("Mitra"))
    role = Choice(
        label=gettext_lazy("Sebagai"),
        choices=[(one.value, ROLES[one]) for one in Role if one is not Role.ORGANISER],
    )

    def prepare(self) -> None:
        found = {card.id: card.name for code in self.row.places for card in partners.active_in(place=code)}
        rows = sorted(found.items(), key=lambda pair: pair[1])
        self.fields["partner"].choices = [("", CHOOSE), *((str(key), name) for key, name in rows)]  # type: ignore[attr-defined]


class TaskForm(ActForm):
    title = Line(label=gettext_lazy("Pekerjaan"), max_length=160)
    due_on = Day(label=gettext_lazy("Paling lambat"), required=False)
    partner = Choice(label=gettext_lazy("Dikerjakan oleh"), required=False)

    def prepare(self) -> None:
        rows = Participant.objects.filter(initiative=self.row, state=Part.ACCEPTED).values_list(
            "partner_id", flat=True
        )
        cards = partners.by_ids(ids=rows)
        named = [(str(card.id), card.name) for card in cards.values()]
        self.fields["partner"].choices = [("", _("Penyelenggara")), *named]  # type: ignore[attr-defined]
        if self.target is not None:
            self.initial = {
                "title": self.target.title,
                "due_on": self.target.due_on,
                "partner": str(self.target.partner_id or ""),
            }


class RiskForm(ActForm):
    what = Line(label=gettext_lazy("Apa yang dapat terjadi"), max_length=200)
    likelihood = Choice(
        label=gettext_lazy("Seberapa mungkin"), choices=LIKELIHOODS.items(), initial=Likelihood.MIDDLE
    )
    response = Line(label=gettext_lazy("Apa yang dilakukan"), max_length=300)


class BudgetForm(ActForm):
    what = Line(label=gettext_lazy("Untuk apa"), max_length=160)
    amount = _amount(label=gettext_lazy("Jumlah (rupiah)"))
    source = Choice(
        label=gettext_lazy("Dari mana"), choices=[(one.value, SOURCES[one]) for one in BudgetItem.Source]
    )


class UpdateForm(ActForm):
    words = Paragraph(label=gettext_lazy("Kabarnya"), max_length=3000)
    photos = Pictures(label=gettext_lazy("Foto"), required=False)


class SceneForm(ActForm):
    when = Choice(
        label=gettext_lazy("Foto ini"),
        choices=[
            ("before", gettext_lazy("Sebelum dikerjakan")),
            ("after", gettext_lazy("Sesudah dikerjakan")),
        ],
        widget=forms.RadioSelect,
    )
    photos = Pictures(label=gettext_lazy("Foto"))


class FigureForm(ActForm):
    code = Choice(label=gettext_lazy("Angka"))
    month = Day(label=gettext_lazy("Bulan"), help_text=gettext_lazy("Hari mana saja di bulan itu."))
    count = _amount(label=gettext_lazy("Jumlah orang"), min_value=0, max_value=10_000_000)

    def prepare(self) -> None:
        template = reference.find_template(self.row.template, at=self.at)
        self.fields["code"].choices = template.figures if template else ()  # type: ignore[attr-defined]


class AcceptForm(ActForm):
    """A reason is asked for where the giver declared permits or tenders, and nowhere else."""

    reason = Paragraph(label=gettext_lazy("Alasan menerima"), max_length=1000)

    def prepare(self) -> None:
        if self.target.has_conflict:
            said = {"words": self.target.conflict_words}
            self.fields["reason"].help_text = _("Izin atau tender yang dinyatakan pemberi: %(words)s") % said
        else:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        return {"reason": "", **(super().clean() or {})}


class FoundForm(ActForm):
    found = _amount(label=gettext_lazy("Berapa yang benar-benar ada"))
    words = Paragraph(label=gettext_lazy("Catatan"), max_length=1000, required=False, rows=2)

    def prepare(self) -> None:
        self.initial = {"found": self.target.amount}


class RecordForm(ActForm):
    kind = Choice(label=gettext_lazy("Dasar penyerahan"), choices=HandOver.Kind.choices)
    number = Line(label=gettext_lazy("Nomor BAST atau hibah"), max_length=80)
    dated = Day(label=gettext_lazy("Tanggalnya"))
    asset_name = Line(label=gettext_lazy("Nama aset"), max_length=160)
    asset_entry = Line(label=gettext_lazy("Nomor di daftar aset (KIB)"), max_length=80)


class SpendForm(ActForm):
    amount = _amount(label=gettext_lazy("Jumlah (rupiah)"))
    what = Line(label=gettext_lazy("Untuk apa"), max_length=160)
    on = Day(label=gettext_lazy("Tanggal belanja"))
    item = Choice(label=gettext_lazy("Baris anggaran"), required=False)
    receipt = Papers(
        label=gettext_lazy("Foto atau PDF kuitansi (tidak tampil untuk umum)"),
        most=MAX_PHOTOS,
        required=False,
    )

    def prepare(self) -> None:
        rows = BudgetItem.objects.filter(initiative=self.row).values_list("pk", "what")
        self.fields["item"].choices = [("", _("Tidak ada")), *((str(key), what) for key, what in rows)]  # type: ignore[attr-defined]


class ProveForm(ActForm):
    words = Paragraph(label=gettext_lazy("Apa yang sudah dikerjakan"), max_length=2000)
    photos = Pictures(label=gettext_lazy("Foto pekerjaan yang selesai"))


SELF = "saya"


class PledgeForm(ActForm):
    """Who promises is asked what they can answer: a partner of its permits and tenders, a resident of their name."""

    giver = Choice(label=gettext_lazy("Berjanji sebagai"))
    amount = _amount(label=gettext_lazy("Berapa"))
    due_on = Day(label=gettext_lazy("Paling lambat diserahkan"))
    words = Paragraph(
        label=gettext_lazy("Keterangan untuk penyelenggara"), max_length=1000, required=False, rows=2
    )
    is_named = forms.BooleanField(
        label=gettext_lazy("Tampilkan nama saya di halaman prakarsa"),
        required=False,
        help_text=gettext_lazy("Hanya untuk warga. Tanpa centang, Anda hanya dihitung."),
    )
    interest = Choice(
        label=gettext_lazy(
            "Adakah izin atau tender mitra ini yang sedang berjalan di pemerintah daerah ini?"
        ),
        choices=[("tidak", gettext_lazy("Tidak ada")), ("ada", gettext_lazy("Ada"))],
        widget=forms.RadioSelect,
    )
    conflict = Line(label=gettext_lazy("Izin atau tender apa"), max_length=300, required=False)

    def prepare(self) -> None:
        self.fields["due_on"].initial = self.target.needed_on
        wanted = needs.amount_said(self.target.amount, self.target.unit)
        self.fields["amount"].help_text = _("Dibutuhkan %(amount)s.") % {"amount": wanted}

    def givers(self, choices: list[tuple[str, str]]) -> None:
        """In whose name may be promised; what none of them can answer is not asked."""
        self.fields["giver"].choices = choices  # type: ignore[attr-defined]
        names = [value for value, _label in choices]
        if SELF not in names:
            del self.fields["is_named"]
        if names == [SELF]:
            del self.fields["interest"], self.fields["conflict"]
        elif SELF in names:
            self.fields["interest"].required = False
            self.fields["interest"].help_text = _("Hanya untuk mitra.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_partner = said.get("giver") not in (None, SELF)
        has_conflict = is_partner and said.get("interest") == "ada"
        if is_partner and "interest" in said and not said["interest"]:
            self.add_error("interest", _("Pilih salah satu."))
        if has_conflict and not said.get("conflict"):
            self.add_error("conflict", _("Tulis izin atau tender apa."))
        return {
            **said,
            "is_named": said.get("is_named", False),
            "conflict": said.get("conflict", "") if has_conflict else "",
        }


class DeliverForm(ActForm):
    amount = _amount(label=gettext_lazy("Berapa yang diserahkan"))
    on = Day(label=gettext_lazy("Tanggal penyerahan"))
    receiver_name = Line(
        label=gettext_lazy("Diterima oleh"),
        max_length=120,
        help_text=gettext_lazy("Hanya dilihat penyelenggara. Bukan orang dari pihak pemberi."),
    )
    receipt_number = Line(label=gettext_lazy("Nomor tanda terima"), max_length=80, required=False)
    words = Paragraph(label=gettext_lazy("Keterangan"), max_length=1000, required=False, rows=2)
    photos = Pictures(label=gettext_lazy("Foto penyerahan"))
    receipt = Papers(
        label=gettext_lazy("Foto atau PDF tanda terima (tidak tampil untuk umum)"),
        most=MAX_PHOTOS,
        required=False,
    )

    def prepare(self) -> None:
        self.initial = {
            "amount": self.target.accepted - self.target.delivered,
            "on": reference.today(self.at),
        }


class PutOffForm(ActForm):
    due_on = Day(label=gettext_lazy("Hari penyerahan yang baru"))
    words = Paragraph(label=gettext_lazy("Mengapa mundur"), max_length=1000, rows=2)


class TemplateForm(forms.Form):
    """Open a response as its template has it."""

    template = Choice(label=gettext_lazy("Templat"))
    office = Choice(label=gettext_lazy("Atas nama"))
    place = Choice(label=gettext_lazy("Wilayah"))

    def __init__(self, data: Any = None, *, person: Person, at: datetime) -> None:
        super().__init__(data)
        found = [(one.code, one.label) for one in reference.templates(at=at)]
        self.fields["template"].choices = [("", CHOOSE), *found]  # type: ignore[attr-defined]
        self.fields["office"].choices = offices_of(person)  # type: ignore[attr-defined]
        self.fields["place"].choices = places.place_choices()  # type: ignore[attr-defined]
