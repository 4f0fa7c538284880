"""Forms of meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel import parties
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.meetings.models import How, Kind, Meeting
from guyub.rooms.meetings.queries import Item
from guyub.rooms.meetings.subjects import Subject
from guyub.ui.fields import CHOOSE, Choice, Day, Hour, Line, Paragraph, Whole

ITEMS_AT_MOST = 20
TWO_YEARS = timedelta(days=731)


class PlanForm(forms.Form):
    """When, where, about what."""

    use_required_attribute = False
    kind = Choice(label=gettext_lazy("Macam"), choices=Kind.choices, initial=Kind.MEETING)
    title = Line(label=gettext_lazy("Judul"), max_length=160)
    day = Day(label=gettext_lazy("Tanggal"))
    begins = Hour(label=gettext_lazy("Mulai pukul"))
    ends = Hour(label=gettext_lazy("Selesai pukul"))
    venue = Line(
        label=gettext_lazy("Tempat"),
        max_length=200,
        help_text=gettext_lazy(
            "Dibaca umum bila halamannya terbuka. Jangan menulis tautan rapat daring di sini."
        ),
    )
    agenda = Paragraph(
        label=gettext_lazy("Agenda"),
        required=False,
        max_length=4000,
        rows=5,
        help_text=gettext_lazy("Satu mata acara satu baris."),
    )

    def clean_agenda(self) -> list[str]:
        items = [line.strip() for line in self.cleaned_data["agenda"].split("\n") if line.strip()]
        if len(items) > ITEMS_AT_MOST:
            raise forms.ValidationError(_("Paling banyak %(most)s mata acara.") % {"most": ITEMS_AT_MOST})
        if any(len(line) > 200 for line in items):
            raise forms.ValidationError(_("Satu mata acara paling panjang 200 huruf."))
        return items

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("begins") and said.get("ends") and said["ends"] <= said["begins"]:
            self.add_error("ends", _("Selesainya sesudah mulainya."))
        return said

    def planned(self) -> dict[str, Any]:
        """What the action wants, with moments by the city's clock."""
        said, tz = self.cleaned_data, get_city().tz
        return {
            "title": said["title"],
            "venue": said["venue"],
            "agenda": said["agenda"],
            "starts_at": datetime.combine(said["day"], said["begins"], tzinfo=tz),
            "ends_at": datetime.combine(said["day"], said["ends"], tzinfo=tz),
        }


class ChangeForm(PlanForm):
    kind = None  # type: ignore[assignment]

    @staticmethod
    def said(row: Meeting, items: Iterable[Item]) -> dict[str, Any]:
        tz = get_city().tz
        begins, ends = row.starts_at.astimezone(tz), row.ends_at.astimezone(tz)
        return {
            "title": row.title,
            "day": begins.date(),
            "begins": begins.time(),
            "ends": ends.time(),
            "venue": row.venue,
            "agenda": "\n".join(item.title for item in items if not item.is_follow_up),
        }


class ReasonForm(forms.Form):
    """Why; whoever it concerns reads it."""

    use_required_attribute = False
    reason = Paragraph(label=gettext_lazy("Alasan"), min_length=5, max_length=400, rows=2)


class HoldForm(forms.Form):
    """Who of the members came, and in words who else."""

    use_required_attribute = False
    came = forms.MultipleChoiceField(
        label=gettext_lazy("Anggota yang hadir"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Pilih salah satu dari daftar.")},
    )
    others = Paragraph(
        label=gettext_lazy("Yang hadir selain anggota"),
        required=False,
        max_length=2000,
        rows=3,
        help_text=gettext_lazy("Untuk daftar hadir. Tidak pernah tampil untuk umum."),
    )

    def __init__(self, *args: Any, members: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = list(members)
        known = parties.cards(codes)
        self.fields["came"].choices = [(code, parties.card_of(known, code).name) for code in codes]  # type: ignore[attr-defined]


class MinutesForm(forms.Form):
    """What was said, item by item; after the approval with the reason for putting it right."""

    use_required_attribute = False

    def __init__(self, *args: Any, items: Iterable[Item], approved: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[f"item-{item.id}"] = Paragraph(
                label=f"{item.position}. {item.title}",
                required=False,
                max_length=8000,
                rows=4,
                initial=item.body,
            )
        if approved:
            self.fields["reason"] = Paragraph(
                label=gettext_lazy("Alasan perbaikan"),
                min_length=5,
                max_length=400,
                rows=2,
                help_text=gettext_lazy("Notulen sudah disahkan: versi lama tetap terbaca."),
            )

    def bodies(self) -> dict[int, str]:
        return {
            int(name.removeprefix("item-")): said
            for name, said in self.cleaned_data.items()
            if name.startswith("item-")
        }


class DecideForm(forms.Form):
    """What was decided, and how."""

    use_required_attribute = False
    number = Choice(label=gettext_lazy("Keputusan mana"), required=False)
    body = Paragraph(label=gettext_lazy("Keputusan"), max_length=2000, rows=3)
    how = Choice(label=gettext_lazy("Cara"), choices=How.choices, initial=How.CONSENSUS)
    in_favour = Whole(label=gettext_lazy("Setuju"), required=False, most=10_000)
    against = Whole(label=gettext_lazy("Tidak setuju"), required=False, most=10_000)
    abstain = Whole(label=gettext_lazy("Abstain"), required=False, most=10_000)
    reason = Paragraph(label=gettext_lazy("Alasan perbaikan"), required=False, max_length=400, rows=2)

    def __init__(self, *args: Any, numbers: Iterable[int], approved: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [
            (str(number), _("Perbaiki keputusan %(n)d") % {"n": number}) for number in sorted(set(numbers))
        ]
        self.fields["number"].choices = [("", _("Keputusan baru")), *given]  # type: ignore[attr-defined]
        if not given:
            del self.fields["number"]
        if not approved:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("how") == How.VOTE:
            for name in ("in_favour", "against", "abstain"):
                if said.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Tulis jumlah suaranya, juga bila nol."))
        return said

    def decided(self) -> dict[str, Any]:
        said = self.cleaned_data
        votes = (said["in_favour"], said["against"], said["abstain"])
        return {
            "body": said["body"],
            "how": said["how"],
            "votes": votes if said["how"] == How.VOTE else None,
            "number": int(said["number"]) if said.get("number") else None,
            "reason": said.get("reason", ""),
        }


class FollowUpForm(forms.Form):
    """Who must do what until when."""

    use_required_attribute = False
    what = Paragraph(label=gettext_lazy("Yang harus dikerjakan"), max_length=300, rows=2)
    owner = Choice(label=gettext_lazy("Penanggung jawab"))
    due_on = Day(label=gettext_lazy("Paling lambat"))

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", CHOOSE), *owners(subject)]  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        return sensible_due(self.cleaned_data["due_on"])


def owners(subject: Subject) -> list[tuple[str, str]]:
    """Those who can be given something to do, by name."""
    codes = [member.party for member in subject.members()]
    known = parties.cards([*codes, *subject.may_owe])
    return sorted(((code, card.name) for code, card in known.items()), key=lambda pair: pair[1].lower())


def sensible_due(day: date) -> date:
    """Raises ValidationError for a day that lies years away."""
    today = local_date(datetime.now(get_city().tz), get_city().tz)
    if not today - TWO_YEARS < day < today + TWO_YEARS * 3:
        raise forms.ValidationError(_("Tanggal ini terlalu jauh."))
    return day


class MoveForm(ReasonForm):
    due_on = Day(label=gettext_lazy("Tenggat baru"))
    field_order = ("due_on", "reason")

    def clean_due_on(self) -> date:
        return sensible_due(self.cleaned_data["due_on"])


class DoneForm(forms.Form):
    """What was done; a photo shows it."""

    use_required_attribute = False
    note = Paragraph(label=gettext_lazy("Apa yang sudah dikerjakan"), min_length=5, max_length=2000, rows=3)
    photo = forms.FileField(
        label=gettext_lazy("Foto"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=gettext_lazy("Dibaca umum. Jangan memotret wajah orang dari dekat."),
        error_messages={"empty": gettext_lazy("Foto ini kosong. Pilih lagi.")},
    )
