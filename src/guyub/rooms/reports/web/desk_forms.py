"""Forms of the case page: one for each thing that an officer can do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel import masking
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, DelayReason, HandOverReason, Verb
from guyub.rooms.people import api as people
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.nearby import Similar
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

    def clean_words(self) -> str:
        return _filled_in(self.cleaned_data["words"])

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


def _filled_in(words: str) -> str:
    """Words whose fields are all filled. Raises ValidationError."""
    left = casework.answer_templates.still_to_fill(words)
    if left:
        raise ValidationError(_("Lengkapi dahulu: %(fields)s.") % {"fields": ", ".join(left)})
    return words


class AcceptForm(DeskForm):
    pass


class ReasonForm(DeskForm):
    reason = _words(gettext_lazy("Alasan"), rows=3, least=10)


class VerifyForm(DeskForm):
    public_body = _words(
        gettext_lazy("Yang akan dibaca umum"),
        help_text=gettext_lazy(
            "Samarkan nama orang dan alamat rumah. Nomor telepon, NIK, pelat, dan surel yang dikenali "
            "disamarkan sendiri. Kata asli pelapor tetap tersimpan."
        ),
        rows=7,
    )
    public_landmark = forms.CharField(
        label=gettext_lazy("Patokan yang akan dibaca umum"),
        help_text=gettext_lazy("Jangan menunjuk rumah orang; kosongkan bila perlu."),
        required=False,
        max_length=160,
    )
    shown = forms.MultipleChoiceField(
        label=gettext_lazy("Dikenali sebagai data pribadi dan akan disamarkan"),
        help_text=gettext_lazy(
            "Centang hanya yang bukan data pribadi, misalnya nomor tiang: itu akan tampil."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    photos = forms.MultipleChoiceField(
        label=gettext_lazy("Foto yang ditampilkan"),
        help_text=gettext_lazy("Pilih hanya foto tanpa wajah, pelat nomor, atau isi rumah orang."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        if self.report.about_conduct or self.report.is_confidential:
            for name in ("public_body", "public_landmark", "shown", "photos"):
                del self.fields[name]
            return
        if self.report.landmark:
            self.fields["public_landmark"].initial = self.report.landmark
        else:
            del self.fields["public_landmark"]
        self.fields["public_body"].initial = self.report.body
        found = found_in([self.report.body, self.report.landmark])
        if found:
            _choices(self, "shown").choices = found
        else:
            del self.fields["shown"]
        shown = files.pictures(subject=subject_of(self.report), may_see=True)
        originals = files.originals_of(photo.uuid for photo in shown) if shown else set()
        shown = [photo for photo in shown if photo.uuid not in originals]
        if not shown:
            del self.fields["photos"]
            return
        _choices(self, "photos").choices = [
            (str(photo.uuid), _photo_label(photo.thumb_url, n)) for n, photo in enumerate(shown, 1)
        ]


def _photo_label(thumb: str, n: int) -> str:
    name = _("Foto %(n)d") % {"n": n}
    return format_html('<img src="{}" alt="" width="96" height="72" loading="lazy"> {}', thumb, name)


def found_in(texts: Iterable[str]) -> list[tuple[str, str]]:
    """What looks personal in texts, each value once, as choices: the value, and what it is taken for."""
    spans = {masking.same(one.value): one for text in texts for one in masking.find(text)}
    return [(one.value, f"{one.value} ({masking.LABELS[one.kind]})") for one in spans.values()]


class HandOverReasonForm(ReasonForm):
    """A coded reason and words: bukan wewenang, salah kategori, salah lokasi …"""

    field_order: Iterable[str] | None = ("stamp", "code", "reason")
    code = forms.TypedChoiceField(
        label=gettext_lazy("Mengapa"),
        coerce=HandOverReason,
        choices=list(casework.wording.HAND_OVER_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih satu alasan."),
            "invalid_choice": gettext_lazy("Pilih satu alasan."),
        },
    )


class HandOverForm(HandOverReasonForm):
    field_order: Iterable[str] | None = ("stamp", "office", "again", "code", "reason")
    again = forms.BooleanField(
        label=gettext_lazy("Saya tahu kantor itu pernah menangani laporan ini"), required=False
    )
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
                (name, [(office.id, self._label(office)) for office in found])
                for name, found in groups
                if found
            ),
        ]
        if not self.earlier:
            del self.fields["again"]

    @cached_property
    def earlier(self) -> dict[int, str]:
        """Why each office that has had the case gave it away."""
        gone = casework.queries.dispositions_of(cases=[self.case.pk])
        return {one.from_office: one.reason for one in gone if one.from_office != self.case.office_id}

    def _label(self, office: people.Office) -> str:
        label = _office_label(office)
        return _("%(office)s — pernah menangani") % {"office": label} if office.id in self.earlier else label

    def clean(self) -> None:
        """Going round in circles is possible, but not unawares."""
        office = self.cleaned_data.get("office")
        if office in self.earlier and not self.cleaned_data.get("again"):
            words = _("Kantor ini pernah menangani dan meneruskannya: “%(why)s” Centang bila tetap dimaksud.")
            self.add_error("again", words % {"why": self.earlier[office]})


class SplitForm(DeskForm):
    """Another office, and what it is to do."""

    office = forms.TypedChoiceField(
        label=gettext_lazy("Kantor yang ikut menangani"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Pilih kantor dari daftar."),
            "invalid_choice": gettext_lazy("Pilih kantor dari daftar."),
        },
    )
    instruction = _words(gettext_lazy("Yang perlu dikerjakan kantor itu"), rows=3, least=10)

    def prepare(self) -> None:
        siblings = casework.queries.cases_of(subject=self.case.subject)
        targets = casework.queries.split_targets(self.case, siblings)
        _choices(self, "office").choices = [
            ("", _("Pilih kantor")),
            *((office.id, _office_label(office)) for office in targets),
        ]
        self.is_full = len(siblings) >= casework.queries.parts_limit(at=timezone.now())

    def clean(self) -> None:
        if self.is_full:
            raise ValidationError(_("Laporan ini sudah dibagi ke sebanyak-banyaknya kantor."))


def _office_label(office: people.Office) -> str:
    return _("%(office)s (permohonan)") % {"office": office.name} if office.is_village else office.name


class DisposeForm(DeskForm):
    """To whom of the office, with the head's instruction."""

    officer = forms.TypedChoiceField(
        label=gettext_lazy("Petugas"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Pilih petugas dari daftar."),
            "invalid_choice": gettext_lazy("Pilih petugas dari daftar."),
        },
    )
    instruction = _words(gettext_lazy("Petunjuk"), rows=3, least=5)

    def prepare(self) -> None:
        staff = casework.queries.staff_of(self.case.office_id, at=timezone.now())
        _choices(self, "officer").choices = [("", _("Pilih petugas")), *staff]


class LetterForm(DeskForm):
    """A letter to a body outside the city."""

    body = forms.TypedChoiceField(
        label=gettext_lazy("Instansi tujuan"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Pilih instansi dari daftar."),
            "invalid_choice": gettext_lazy("Pilih instansi dari daftar."),
        },
    )
    title = forms.CharField(
        label=gettext_lazy("Hal"),
        max_length=160,
        min_length=5,
        error_messages={"required": gettext_lazy("Bagian ini perlu diisi.")},
    )
    words = _words(
        gettext_lazy("Yang dimintakan"),
        help_text=gettext_lazy("Isi laporan yang tampil untuk umum ikut di surat; tanpa data pelapor."),
        rows=4,
        least=10,
    )

    def prepare(self) -> None:
        _choices(self, "body").choices = [
            ("", _("Pilih instansi")),
            *((office.id, _body_label(office, known)) for office, known in casework.queries.bodies()),
        ]
        letter = casework.queries.letter_prepared(self.case)
        title = _("Tindak lanjut laporan warga %(number)s") % {"number": self.report.number}
        self.fields["title"].initial = letter.title if letter else title
        self.fields["words"].initial = letter.words if letter else ""
        self.fields["body"].initial = letter.body_id if letter else self._usual_body()

    def _usual_body(self) -> int | None:
        """The first body of which the category says that it may be the one."""
        offices = people.directory()
        found = (offices.find_key(f"luar:{code}") for code in category_of(self.report).external)
        return next((office.id for office in found if office), None)


def _body_label(office: people.Office, known: Any) -> str:
    return f"{office.name} ({known.note})" if known and known.note else office.name


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Bagian ini perlu diisi."),
            "invalid": gettext_lazy("Tulis tanggal, misalnya 2027-01-31."),
        },
    )


class DatedForm(DeskForm):
    """Carries the day of a letter, which cannot lie ahead nor before anything of this kind was written."""

    dated = _day(gettext_lazy("Tanggal surat"))

    def clean_dated(self) -> date:
        day = cast(date, self.cleaned_data["dated"])
        today = local_date(timezone.now(), get_city().tz)
        if not today - timedelta(days=400) <= day <= today:
            raise ValidationError(_("Tanggalnya paling lama setahun yang lalu dan paling baru hari ini."))
        return day


class SendOutForm(DatedForm):
    number = forms.CharField(
        label=gettext_lazy("Nomor surat"),
        max_length=60,
        min_length=2,
        error_messages={"required": gettext_lazy("Nomor surat perlu diisi.")},
    )
    field_order = ("stamp", "number", "dated")


class ManyPhotos(forms.FileInput):
    allow_multiple_selected = True


class BodyReplyForm(DatedForm):
    """`kept` counts the photos of this attempt and those before it, which are stored already."""

    draft = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = _words(
        gettext_lazy("Isi balasan"), help_text=gettext_lazy("Hanya petugas yang membacanya."), least=5
    )
    photos = forms.FileField(
        label=gettext_lazy("Foto surat balasan"),
        help_text=gettext_lazy("Potret tiap halaman. Hanya foto: berkas PDF tidak diterima."),
        required=False,
        widget=ManyPhotos(attrs={"accept": "image/*", "multiple": True}),
    )
    field_order = ("stamp", "draft", "dated", "words", "photos")

    def __init__(self, *args: Any, kept: int = 0, **more: Any) -> None:
        self.kept = kept
        super().__init__(*args, **more)


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

    def clean_reason(self) -> str:
        return _filled_in(self.cleaned_data["reason"])

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


class DelayForm(DeskForm):
    code = forms.TypedChoiceField(
        label=gettext_lazy("Mengapa terlambat"),
        help_text=gettext_lazy("Pilihan ini dapat dibaca umum; penjelasannya hanya petugas."),
        coerce=DelayReason,
        choices=list(casework.wording.DELAY_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih satu alasan."),
            "invalid_choice": gettext_lazy("Pilih satu alasan."),
        },
    )
    words = _words(gettext_lazy("Penjelasan"), rows=3, least=10)


class DecideForm(DeskForm):
    decision = forms.ChoiceField(
        label=gettext_lazy("Keputusan"),
        choices=[("setuju", gettext_lazy("Setujui")), ("tidak", gettext_lazy("Tidak setuju"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu.")},
    )


class CaptureFields(forms.Form):
    """Photos by the camera or from the gallery; the script adds when and where the camera was used.

    Without the script the hidden fields stay empty and the photos count as not proven; nobody is refused for it.
    """

    draft = forms.UUIDField(widget=forms.HiddenInput, required=False)
    source = forms.CharField(widget=forms.HiddenInput, required=False)
    taken_at = forms.CharField(widget=forms.HiddenInput, required=False)
    taken_lat = forms.CharField(widget=forms.HiddenInput, required=False)
    taken_lon = forms.CharField(widget=forms.HiddenInput, required=False)
    taken_accuracy = forms.CharField(widget=forms.HiddenInput, required=False)
    camera = forms.FileField(
        label=gettext_lazy("Potret hasil pekerjaan sekarang"),
        help_text=gettext_lazy(
            "Dari tempat dan arah yang sama dengan foto pelapor. Waktu dan lokasi ikut tercatat bila ponsel mengizinkan."
        ),
        required=False,
        widget=ManyPhotos(
            attrs={"accept": "image/*", "capture": "environment", "multiple": True, "data-capture": "camera"}
        ),
    )
    photos = forms.FileField(
        label=gettext_lazy("Atau pilih foto yang sudah ada"),
        help_text=gettext_lazy("Diterima, dengan tanda bahwa waktu dan lokasinya belum terbukti."),
        required=False,
        widget=ManyPhotos(attrs={"accept": "image/*", "multiple": True}),
    )

    def __init__(self, *args: Any, kept: int = 0, **more: Any) -> None:
        """`kept` counts the photos of this attempt and those before it, which are stored already."""
        self.kept = kept
        super().__init__(*args, **more)
        self.fields["camera"].required = kept == 0  # only for the label: the photos are counted in `clean`

    def full_clean(self) -> None:
        self.fields["camera"].required = False
        super().full_clean()
        self.fields["camera"].required = self.kept == 0

    def clean(self) -> None:
        if not self.kept and "photos" not in self.errors:
            self.add_error("camera", _("Perlu sedikitnya satu foto hasil pekerjaan."))


class CompleteForm(CaptureFields, DeskForm):
    """Photos of the finished work and what was done."""

    field_order = ("stamp", "draft", "camera", "photos", "words")
    words = _words(gettext_lazy("Apa yang sudah dikerjakan"), least=10)


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


class MergeForm(DeskForm):
    """Which report stands for this one: one that looks alike, or any by its number."""

    field_order: Iterable[str] | None = ("stamp", "alike", "other", "reason")
    alike = forms.ChoiceField(
        label=gettext_lazy("Laporan yang tetap berjalan"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Pilih dari daftar, atau tulis nomornya.")},
    )
    other = forms.CharField(
        label=gettext_lazy("Nomor laporan lain"),
        help_text=gettext_lazy("Misalnya LAP-2026-000123. Laporan itu harus sudah diverifikasi."),
        required=False,
        max_length=40,
    )
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Mengapa"),
        coerce=casework.MergeReason,
        choices=list(casework.wording.MERGE_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih satu alasan."),
            "invalid_choice": gettext_lazy("Pilih satu alasan."),
        },
    )

    def __init__(self, *args: Any, similar: Sequence[Similar] = (), **more: Any) -> None:
        self.similar = similar
        super().__init__(*args, **more)

    def prepare(self) -> None:
        if not self.similar:
            del self.fields["alike"]
            return
        choices = [(one.number, alike_label(one)) for one in self.similar]
        _choices(self, "alike").choices = [*choices, ("", _("Laporan lain"))]
        self.fields["alike"].initial = self.similar[0].number

    def clean(self) -> None:
        said = (self.cleaned_data.get("other") or self.cleaned_data.get("alike") or "").strip().upper()
        if not re.fullmatch(r"[A-Z]{2,5}-[0-9]{4}-[0-9]{6,9}", said):
            self.add_error("other", _("Pilih laporan dari daftar, atau tulis nomornya lengkap."))
        self.cleaned_data["number"] = said


class GatherForm(MergeForm):
    """Which reports this one stands for, too."""

    field_order = ("stamp", "numbers", "reason")
    alike = other = None  # type: ignore[assignment]
    numbers = forms.MultipleChoiceField(
        label=gettext_lazy("Gabungkan ke laporan ini"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Centang sedikitnya satu laporan."),
            "invalid_choice": gettext_lazy("Daftar ini sudah berubah. Periksa lagi."),
        },
    )

    def prepare(self) -> None:
        _choices(self, "numbers").choices = [(one.number, alike_label(one)) for one in self.similar]

    def clean(self) -> None:
        pass


def alike_label(one: Similar) -> str:
    """A report that may be the same, in a line that leads to its page."""
    return format_html(
        '<a href="{}">{}</a> · {} · {}<br><span class="soft">{}</span>',
        reverse("desk_report", args=[one.number]),
        one.number,
        casework.wording.STATE_LABELS[one.state],
        one.words[:120],
        " · ".join(one.reasons),
    )


FORMS: Mapping[Verb, Callable[..., DeskForm]] = {
    Verb.ACCEPT: AcceptForm,
    Verb.RETURN: HandOverReasonForm,
    Verb.VERIFY: VerifyForm,
    Verb.DECIDE: DecideForm,
    Verb.ANSWER: AnswerForm,
    Verb.COMPLETE: CompleteForm,
    Verb.HAND_OVER: HandOverForm,
    Verb.DISPOSE: DisposeForm,
    Verb.SPLIT: SplitForm,
    Verb.LETTER: LetterForm,
    Verb.SEND_OUT: SendOutForm,
    Verb.BODY_REPLY: BodyReplyForm,
    Verb.TAKE_BACK: AcceptForm,
    Verb.ASK: AskForm,
    Verb.SCHEDULE: ScheduleForm,
    Verb.ESCALATE: ReasonForm,
    Verb.EXPLAIN_DELAY: DelayForm,
    Verb.MERGE: MergeForm,
    Verb.GATHER: GatherForm,
    Verb.UNMERGE: AcceptForm,
    Verb.REJECT: RejectForm,
    Verb.NOTE: NoteForm,
}
