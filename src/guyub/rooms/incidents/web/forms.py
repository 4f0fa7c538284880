"""Forms of incidents. Each act has one; what cannot be chosen is no choice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel import parties
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.rooms.incidents import reference
from guyub.rooms.incidents.acting import Refused, commanders
from guyub.rooms.incidents.models import Incident
from guyub.rooms.incidents.rules import CALLED, VULNERABLE, Legal, Mode, Post, StepKind, StepState, TaskState
from guyub.rooms.incidents.wording import GROUPS, LEVELS, POSTS, STATUSES, STEP_KINDS
from guyub.rooms.initiatives import api as initiatives
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui.fields import CHOOSE, Choice, Day, Hour, Line, Paragraph, Whole

MOST_PEOPLE = 1_000_000


class ActForm(forms.Form):
    """The form of an act in an incident; `prepare` fills in what may be chosen."""

    use_required_attribute = False

    def __init__(
        self, data: Any = None, files: Any = None, *, row: Incident, person: Person, at: datetime, prefix: str
    ) -> None:
        super().__init__(data, files, prefix=prefix)
        self.row, self.person, self.at = row, person, at
        self.prepare()

    def prepare(self) -> None:
        pass

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", CHOOSE), *choices]  # type: ignore[attr-defined]

    def now(self, day: str, time: str) -> None:
        """The fields of a moment begin with this one."""
        local = self.at.astimezone(get_city().tz).replace(second=0, microsecond=0, tzinfo=None)
        self.fields[day].initial, self.fields[time].initial = local.date(), local.time()

    def moment(self, day: str, time: str) -> datetime:
        said = self.cleaned_data
        return datetime.combine(said[day], said[time], tzinfo=get_city().tz)

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class ReasonForm(ActForm):
    reason = Paragraph(label=gettext_lazy("Alasan"), min_length=3, max_length=1000, rows=2)


class NoForm(ActForm):
    """An act that needs nothing but a button."""


class LogForm(ActForm):
    words = Paragraph(label=gettext_lazy("Catatan"), min_length=2, max_length=2000, rows=3)
    day = Day(label=gettext_lazy("Terjadi tanggal"))
    time = Hour(label=gettext_lazy("Pukul"))
    corrects = Choice(label=gettext_lazy("Membetulkan catatan"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        self.now("day", "time")
        self.fields["token"].initial = uuid4()
        rows = self.row.lines.order_by("-pk")[:50]
        self.choose("corrects", [(str(one.pk), f"{one.pk}: {one.words[:60]}") for one in rows])


def party_choices(row: Incident | None, at: datetime) -> list[tuple[str, Any]]:
    """The city's offices, those of the incident's places, and the partners for disasters that work there."""
    known = people.directory()
    kinds = (people.OrganisationKind.WARD, people.OrganisationKind.VILLAGE, people.OrganisationKind.DISTRICT)
    offices = [one for one in known.offices if one.kind not in kinds]
    local: dict[int, Any] = {}
    found: dict[int, Any] = {}
    for code in row.places if row else ():
        for near in (known.of_settlement(code), known.of_district(code)):
            if near is not None:
                local[near.id] = near
        found |= {one.id: one for one in partners.active_in(place=code, theme="bencana", limit=50)}
    groups = [
        (_("Kantor kota"), [(parties.party("office", one.id), one.name) for one in offices]),
        (
            _("Kantor di wilayah insiden"),
            [(parties.party("office", one.id), one.name) for one in local.values()],
        ),
        (
            _("Mitra tanggap bencana"),
            [(parties.party("partner", one.id), one.name) for one in found.values()],
        ),
    ]
    return [group for group in groups if group[1]]


class TaskForm(ActForm):
    party = Choice(label=gettext_lazy("Untuk"))
    what = Line(label=gettext_lazy("Yang dikerjakan"), max_length=300)
    due_day = Day(label=gettext_lazy("Paling lambat tanggal"))
    due_time = Hour(label=gettext_lazy("Pukul"))

    def prepare(self) -> None:
        self.choose("party", party_choices(self.row, self.at))
        local = (self.at + timedelta(hours=2)).astimezone(get_city().tz)
        self.fields["due_day"].initial = local.date()
        self.fields["due_time"].initial = local.time().replace(second=0, microsecond=0)


class _OfTask(ActForm):
    task = Choice(label=gettext_lazy("Tugas"))

    def prepare(self) -> None:
        rows = self.row.tasks.filter(state=TaskState.OPEN).order_by("due_at")
        self.choose("task", [(str(one.pk), one.what[:90]) for one in rows])


class DropForm(_OfTask):
    reason = Paragraph(label=gettext_lazy("Alasan"), min_length=3, max_length=1000, rows=2)


class CallForm(ActForm):
    party = Choice(label=gettext_lazy("Siapa"))
    words = Paragraph(label=gettext_lazy("Pesan"), min_length=3, max_length=1000, rows=3)

    def prepare(self) -> None:
        self.choose("party", party_choices(self.row, self.at))


class StepForm(ActForm):
    step = Choice(label=gettext_lazy("Langkah"))

    def prepare(self) -> None:
        rows = self.row.steps.filter(state=StepState.OPEN).order_by("pk")
        self.choose("step", [(str(one.pk), one.what[:90]) for one in rows])


class SkipForm(StepForm):
    reason = Paragraph(label=gettext_lazy("Alasan"), min_length=3, max_length=1000, rows=2)


class LevelForm(ActForm):
    level = Choice(label=gettext_lazy("Tingkat"), choices=[(one, LEVELS[one][0]) for one in CALLED])


class AssessForm(ActForm):
    source = Line(label=gettext_lazy("Sumber"), max_length=160)
    day = Day(label=gettext_lazy("Dihitung tanggal"))
    time = Hour(label=gettext_lazy("Pukul"))

    def prepare(self) -> None:
        self.now("day", "time")
        self.known = reference.figures(at=self.at)
        for one in self.known:
            self.fields[f"f_{one.code}"] = Whole(
                label=f"{one.label} ({one.unit})", most=100_000_000, required=False
            )
        self.fields["unknown"] = Paragraph(
            label=_("Yang belum diketahui"), max_length=1000, rows=2, required=False
        )

    def figures(self) -> dict[str, int]:
        said = self.cleaned_data
        return {one.code: said[f"f_{one.code}"] for one in self.known if said[f"f_{one.code}"] is not None}


class ShelterForm(ActForm):
    name = Line(label=gettext_lazy("Nama tempat"), max_length=120)
    place = Choice(label=gettext_lazy("Kelurahan atau desa"))
    address = Line(label=gettext_lazy("Alamat"), max_length=200)
    capacity = Whole(label=gettext_lazy("Daya tampung (orang)"), most=MOST_PEOPLE)

    def prepare(self) -> None:
        known = places.gazetteer()
        grouped = [
            (one.name, [(row.code, row.label) for row in known.within(one.code)]) for one in known.districts
        ]
        self.choose("place", grouped)


class _OfShelter(ActForm):
    shelter = Choice(label=gettext_lazy("Titik pengungsian"))

    def prepare(self) -> None:
        rows = self.row.shelters.filter(closed_at__isnull=True).order_by("name")
        self.choose("shelter", [(str(one.pk), one.name) for one in rows])


class CountForm(_OfShelter):
    day = Day(label=gettext_lazy("Dihitung tanggal"))
    time = Hour(label=gettext_lazy("Pukul"))
    people = Whole(label=gettext_lazy("Orang"), most=MOST_PEOPLE)
    families = Whole(label=gettext_lazy("Keluarga"), most=MOST_PEOPLE)

    def prepare(self) -> None:
        super().prepare()
        self.now("day", "time")
        for name in VULNERABLE:
            self.fields[name] = Whole(label=GROUPS[name], most=MOST_PEOPLE, initial=0)
        self.fields["needs"] = Line(
            label=_("Yang dibutuhkan"),
            max_length=300,
            required=False,
            help_text=_("Barang dan layanan saja, jangan nama orang."),
        )


class CloseShelterForm(_OfShelter):
    pass


class NeedForm(ActForm):
    name = Line(label=gettext_lazy("Barang"), max_length=80)
    unit = Line(label=gettext_lazy("Satuan"), max_length=20)
    needed = Whole(label=gettext_lazy("Yang diperlukan seluruhnya"), most=1_000_000_000)


class StockForm(ActForm):
    item = Choice(label=gettext_lazy("Barang"))
    way = Choice(
        label=gettext_lazy("Masuk atau keluar"),
        choices=[("masuk", gettext_lazy("Masuk")), ("keluar", gettext_lazy("Keluar"))],
    )
    amount = Whole(label=gettext_lazy("Jumlah"), most=1_000_000_000)
    words = Line(label=gettext_lazy("Dari siapa, atau ke mana"), max_length=200)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        rows = self.row.items.order_by("name")
        self.choose("item", [(str(one.pk), f"{one.name} ({one.stock} {one.unit})") for one in rows])
        self.fields["token"].initial = uuid4()


class DecreeForm(ActForm):
    status = Choice(label=gettext_lazy("Status"), choices=[(one.value, STATUSES[one]) for one in Legal])
    number = Line(label=gettext_lazy("Nomor SK"), max_length=80)
    signed_on = Day(label=gettext_lazy("Tanggal SK"))
    first = Day(label=gettext_lazy("Berlaku sejak"))
    last = Day(label=gettext_lazy("Sampai dengan"))


class PostForm(ActForm):
    post = Choice(label=gettext_lazy("Tugas di posko"), choices=[(one.value, POSTS[one]) for one in Post])
    account = Choice(label=gettext_lazy("Orangnya"))

    def prepare(self) -> None:
        names = people.names_of(commanders(at=self.at))
        rows = sorted(names.items(), key=lambda pair: pair[1])
        self.choose("account", [(str(key), name or _("tanpa nama")) for key, name in rows])


class VacateForm(PostForm):
    reason = Paragraph(
        label=gettext_lazy("Mengapa tanpa serah terima"), min_length=3, max_length=1000, rows=2
    )


class HandOverForm(PostForm):
    words = Paragraph(
        label=gettext_lazy("Yang perlu diketahui penerus"), min_length=3, max_length=4000, rows=5
    )

    def prepare(self) -> None:
        super().prepare()
        chosen = self.fields["account"].choices  # type: ignore[attr-defined]
        others = [(key, name) for key, name in chosen if key not in ("", str(self.person.acting))]
        self.choose("account", others)
        held = self.row.holders.filter(account=self.person.acting, until_at__isnull=True)
        self.choose("post", [(one.post, POSTS[Post(one.post)]) for one in held])


class _OfHandOver(ActForm):
    hand_over = Choice(label=gettext_lazy("Serah terima"))

    def prepare(self) -> None:
        rows = self.row.hand_overs.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
        self.choose("hand_over", [(str(one.pk), str(one.pk)) for one in rows])


class HandOverActForm(_OfHandOver):
    pass


class ShowForm(ActForm):
    is_public = forms.BooleanField(label=gettext_lazy("Umumkan halaman insiden ini"), required=False)
    words = Paragraph(
        label=gettext_lazy("Yang perlu diketahui warga"), max_length=3000, rows=4, required=False
    )
    contact = Line(label=gettext_lazy("Kontak posko"), max_length=200, required=False)

    def prepare(self) -> None:
        self.initial = {
            "is_public": self.row.is_public,
            "words": self.row.public_words,
            "contact": self.row.contact,
        }


class OpenForm(forms.Form):
    """A new incident by hand."""

    use_required_attribute = False
    kind = Choice(label=gettext_lazy("Jenis"))
    title = Line(label=gettext_lazy("Nama insiden"), max_length=120)
    mode = Choice(
        label=gettext_lazy("Sungguhan atau latihan"),
        choices=[
            (Mode.ACTUAL.value, gettext_lazy("Sungguhan")),
            (Mode.EXERCISE.value, gettext_lazy("Latihan: semua pesan memuat kata LATIHAN")),
        ],
        initial=Mode.ACTUAL.value,
    )
    level = Choice(
        label=gettext_lazy("Tingkat"), choices=[(one, LEVELS[one][0]) for one in CALLED], initial="SIAGA"
    )
    reports = Line(
        label=gettext_lazy("Nomor laporan warga yang menjadi dasarnya"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Boleh beberapa, dipisah koma."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", CHOOSE),
            *((one.code, one.label) for one in reference.kinds(at=at).values()),
        ]
        self.fields["token"].initial = uuid4()
        self.chosen = set(data.getlist("places") if data is not None else [])

    def groups(self) -> list[dict[str, Any]]:
        """The kelurahan by kecamatan, each with whether it is chosen."""
        known = places.gazetteer()
        found = []
        for district in known.districts:
            inside = [(one.code, one.name, one.code in self.chosen) for one in known.within(district.code)]
            found.append(
                {
                    "code": district.code,
                    "name": district.name,
                    "whole": district.code in self.chosen,
                    "open": district.code in self.chosen or any(one[2] for one in inside),
                    "places": inside,
                }
            )
        return found

    def numbers(self) -> list[str]:
        return [one.strip().upper() for one in self.cleaned_data["reports"].split(",") if one.strip()]

    def token_sent(self) -> UUID | None:
        return self.cleaned_data["token"]

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class DeclineForm(forms.Form):
    use_required_attribute = False
    reason = Paragraph(label=gettext_lazy("Alasan"), min_length=3, max_length=1000, rows=2)


class OwnStepForm(forms.Form):
    """A step that the city adds to the playbook of a kind."""

    use_required_attribute = False
    kind = Choice(label=gettext_lazy("Jenis insiden"))
    level = Choice(label=gettext_lazy("Mulai tingkat"), choices=[(one, LEVELS[one][0]) for one in CALLED])
    step = Choice(label=gettext_lazy("Cara"), choices=[(one.value, STEP_KINDS[one]) for one in StepKind])
    what = Line(label=gettext_lazy("Yang dilakukan"), max_length=200)
    party = Choice(label=gettext_lazy("Kantor"), required=False)
    template = Choice(label=gettext_lazy("Templat prakarsa"), required=False)
    minutes = Whole(label=gettext_lazy("Dalam berapa menit"), most=10_080, initial=60)

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        super().__init__(data)
        kinds = [(one.code, one.label) for one in reference.kinds(at=at).values()]
        self.fields["kind"].choices = [("", CHOOSE), *kinds]  # type: ignore[attr-defined]
        self.fields["party"].choices = [("", CHOOSE), *party_choices(None, at)]  # type: ignore[attr-defined]
        templates = [(one.code, one.label) for one in initiatives.templates(at=at)]
        self.fields["template"].choices = [("", CHOOSE), *templates]  # type: ignore[attr-defined]

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class Pictures(forms.FileField):
    """Several photos as they came; they are checked where they are kept."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [one for one in (data if isinstance(data, list | tuple) else [data]) if one]


class ProofForm(forms.Form):
    use_required_attribute = False
    proof = Paragraph(label=gettext_lazy("Apa yang sudah dikerjakan"), min_length=3, max_length=2000, rows=3)
    photos = Pictures(
        label=gettext_lazy("Foto"),
        required=False,
        widget=PicturesInput(attrs={"accept": "image/*", "multiple": True}),
        help_text=gettext_lazy("Paling banyak empat. Hindari wajah pengungsi."),
    )

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))
