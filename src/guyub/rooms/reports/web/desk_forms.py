"""Forms of the case page: one for each thing that an officer can do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, Verb
from guyub.rooms.people import api as people
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.web.forms import OptionData

MOST_LETTERS = 4000


def _words(label: Any, *, help_text: Any = "", rows: int = 5, least: int = 1) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=least,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": gettext_lazy("Bagian ini perlu diisi."),
            "min_length": gettext_lazy("Tulis sedikitnya %(limit_value)d huruf."),
            "max_length": gettext_lazy("Paling banyak %(limit_value)d huruf."),
        },
    )


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    """A field whose choices are filled in when the form is made."""
    return cast(forms.ChoiceField, form.fields[name])


class DeskForm(forms.Form):
    """Carries the moment at which the case was looked at, so that a change in between is noticed."""

    use_required_attribute = False
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, report: Report, case: Case, verb: Verb, **more: Any) -> None:
        self.report, self.case = report, case
        more.setdefault("initial", {})["stamp"] = case.updated_at.isoformat()
        more["auto_id"] = f"{verb}-%s"
        super().__init__(*args, **more)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the report and the case."""

    def seen(self) -> datetime | None:
        """When the sender's page was made, as far as the stamp can be read."""
        try:
            found = datetime.fromisoformat(self.data.get("stamp", ""))
        except ValueError:
            return None
        return found if found.tzinfo else None

    def freshen(self) -> None:
        """Show again what was typed, now knowing the case as it is."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["stamp"] = self.case.updated_at.isoformat()
        self.data = data

    def typed(self) -> str:
        """The words that somebody typed, so that they are not lost with a form that is gone."""
        names = [name for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)]
        return "\n\n".join(filter(None, (str(self.data.get(name, "")).strip() for name in names)))[
            :MOST_LETTERS
        ]


class AcceptForm(DeskForm):
    pass


class ReasonForm(DeskForm):
    reason = _words(gettext_lazy("Alasan"), rows=3, least=10)


class VerifyForm(DeskForm):
    public_body = _words(
        gettext_lazy("Yang akan dibaca umum"),
        help_text=gettext_lazy(
            "Samarkan nama orang, nomor telepon, pelat kendaraan, dan alamat rumah. Kata asli pelapor "
            "tetap tersimpan."
        ),
        rows=7,
    )
    public_landmark = forms.CharField(
        label=gettext_lazy("Patokan yang akan dibaca umum"),
        help_text=gettext_lazy("Jangan menunjuk rumah orang; kosongkan bila perlu."),
        required=False,
        max_length=160,
    )
    photos = forms.MultipleChoiceField(
        label=gettext_lazy("Foto yang ditampilkan"),
        help_text=gettext_lazy("Pilih hanya foto tanpa wajah, pelat nomor, atau isi rumah orang."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        if self.report.about_conduct or self.report.is_confidential:
            del self.fields["public_body"], self.fields["public_landmark"], self.fields["photos"]
            return
        if self.report.landmark:
            self.fields["public_landmark"].initial = self.report.landmark
        else:
            del self.fields["public_landmark"]
        self.fields["public_body"].initial = self.report.body
        shown = files.pictures(subject=subject_of(self.report), may_see=True)
        if not shown:
            del self.fields["photos"]
            return
        _choices(self, "photos").choices = [
            (str(photo.uuid), _photo_label(photo.thumb_url, n)) for n, photo in enumerate(shown, 1)
        ]


def _photo_label(thumb: str, n: int) -> str:
    name = _("Foto %(n)d") % {"n": n}
    return format_html('<img src="{}" alt="" width="96" height="72" loading="lazy"> {}', thumb, name)


class HandOverForm(ReasonForm):
    field_order = ("stamp", "office", "reason")
    office = forms.TypedChoiceField(
        widget=OptionData,
        label=gettext_lazy("Kantor tujuan"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Pilih kantor dari daftar."),
            "invalid_choice": gettext_lazy("Pilih kantor dari daftar."),
        },
    )

    def prepare(self) -> None:
        targets = casework.queries.hand_over_targets(self.case)
        groups = (
            (_("Wilayah laporan ini"), targets.near),
            (_("Perangkat daerah"), targets.agencies),
            (_("Koordinasi"), targets.coordination),
        )
        _choices(self, "office").choices = [
            ("", _("Pilih kantor")),
            *(
                (name, [(office.id, _office_label(office)) for office in found])
                for name, found in groups
                if found
            ),
        ]


def _office_label(office: people.Office) -> str:
    return _("%(office)s (permohonan)") % {"office": office.name} if office.is_village else office.name


class AskForm(DeskForm):
    words = _words(gettext_lazy("Pertanyaan untuk pelapor"), rows=3, least=10)


class AnswerForm(DeskForm):
    words = _words(gettext_lazy("Jawaban kantor"), least=10)


class NoteForm(DeskForm):
    words = _words(gettext_lazy("Catatan"), rows=3)


class ScheduleForm(ReasonForm):
    field_order = ("stamp", "month", "reason")
    month = forms.CharField(
        label=gettext_lazy("Bulan sasaran"),
        help_text=gettext_lazy("Tulis tahun-bulan, misalnya 2027-03."),
        max_length=7,
        error_messages={"required": gettext_lazy("Tulis tahun-bulan, misalnya 2027-03.")},
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2027-03", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        self.today = today
        super().__init__(*args, **more)

    def clean_month(self) -> date:
        said = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", self.cleaned_data["month"].strip())
        if said is None:
            raise ValidationError(_("Tulis bulan sebagai tahun-bulan, misalnya 2027-03."))
        month = date(int(said[1]), int(said[2]), 1)
        if month < self.today.replace(day=1):
            raise ValidationError(_("Bulan itu sudah lewat."))
        if month.year > self.today.year + 5:
            raise ValidationError(_("Paling jauh lima tahun dari sekarang."))
        return month


class DecideForm(DeskForm):
    decision = forms.ChoiceField(
        label=gettext_lazy("Keputusan"),
        choices=[("setuju", gettext_lazy("Setujui")), ("tidak", gettext_lazy("Tidak setuju"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )


class ManyPhotos(forms.FileInput):
    allow_multiple_selected = True


class CompleteForm(DeskForm):
    """`kept` counts the photos of this attempt and those before it, which are stored already."""

    field_order = ("stamp", "draft", "photos", "words")
    draft = forms.UUIDField(widget=forms.HiddenInput, required=False)
    photos = forms.FileField(
        label=gettext_lazy("Foto hasil pekerjaan"),
        help_text=gettext_lazy("Ambil dari tempat dan arah yang sama dengan foto pelapor."),
        required=False,
        widget=ManyPhotos(attrs={"accept": "image/*", "multiple": True}),
    )
    words = _words(gettext_lazy("Apa yang sudah dikerjakan"), least=10)

    def __init__(self, *args: Any, kept: int = 0, **more: Any) -> None:
        self.kept = kept
        super().__init__(*args, **more)

    def prepare(self) -> None:
        self.fields["photos"].required = (
            self.kept == 0
        )  # only for the label: the photos are counted in `clean`

    def full_clean(self) -> None:
        self.fields["photos"].required = False
        super().full_clean()
        self.fields["photos"].required = self.kept == 0

    def clean(self) -> None:
        if not self.kept and "photos" not in self.errors:
            self.add_error("photos", _("Perlu sedikitnya satu foto hasil pekerjaan."))


class RejectForm(DeskForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Alasan"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih satu alasan."),
            "invalid_choice": gettext_lazy("Pilih satu alasan."),
        },
    )
    words = _words(gettext_lazy("Penjelasan untuk pelapor"), rows=4, least=10)

    def prepare(self) -> None:
        _choices(self, "reason").choices = list(casework.wording.REJECT_REASONS.items())


FORMS: Mapping[Verb, Callable[..., DeskForm]] = {
    Verb.ACCEPT: AcceptForm,
    Verb.RETURN: ReasonForm,
    Verb.VERIFY: VerifyForm,
    Verb.DECIDE: DecideForm,
    Verb.ANSWER: AnswerForm,
    Verb.COMPLETE: CompleteForm,
    Verb.HAND_OVER: HandOverForm,
    Verb.ASK: AskForm,
    Verb.SCHEDULE: ScheduleForm,
    Verb.REJECT: RejectForm,
    Verb.NOTE: NoteForm,
}
