"""Forms of warnings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.cities.api import get_city
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.warnings import reference
from guyub.rooms.warnings.acting import Refused, holders, roles
from guyub.rooms.warnings.drafting import Content
from guyub.rooms.warnings.models import Message
from guyub.rooms.warnings.rules import CITED, WARNED, Mode, Outcome, cites
from guyub.rooms.warnings.web.shown import name_of
from guyub.rooms.warnings.wording import LEVELS, OUTCOMES
from guyub.ui.fields import Choice, Day, Hour, Paragraph, Whole

LONGEST_TEXT = 2000


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = Paragraph(label=gettext_lazy("Alasan"), min_length=5, max_length=1000, rows=3)

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class ReviewForm(forms.Form):
    use_required_attribute = False
    was_right = Choice(
        label=gettext_lazy("Tepatkah dikirim tanpa orang kedua?"),
        choices=[("ya", gettext_lazy("Ya, tepat")), ("tidak", gettext_lazy("Tidak tepat"))],
    )
    words = Paragraph(label=gettext_lazy("Hasil tinjauan"), min_length=5, max_length=1000, rows=3)


class ScoreForm(forms.Form):
    use_required_attribute = False
    outcome = Choice(
        label=gettext_lazy("Apa yang terjadi?"),
        choices=[(one.value, OUTCOMES[one][0]) for one in (Outcome.HIT, Outcome.NEAR, Outcome.FALSE_ALARM)],
    )
    words = Paragraph(
        label=gettext_lazy("Dasarnya"),
        help_text=gettext_lazy("Misalnya: laporan warga, tinggi air yang tercatat, petugas di lapangan."),
        min_length=5,
        max_length=1000,
        rows=3,
    )


class ContentForm(forms.Form):
    """Level, area and time of a message; for a new warning also of what, and whether it is an exercise."""

    use_required_attribute = False
    hazard = Choice(label=gettext_lazy("Bahaya"))
    mode = Choice(
        label=gettext_lazy("Sungguhan atau latihan"),
        choices=[
            (Mode.ACTUAL.value, gettext_lazy("Sungguhan")),
            (Mode.EXERCISE.value, gettext_lazy("Latihan: setiap teks memuat kata LATIHAN")),
        ],
        initial=Mode.ACTUAL.value,
    )
    tell_public = forms.BooleanField(
        label=gettext_lazy("Latihan ini juga dikirim kepada pengikut"), required=False
    )
    level = Choice(label=gettext_lazy("Tingkat"), choices=[(one.value, LEVELS[one][0]) for one in WARNED])
    is_observed = forms.BooleanField(
        label=gettext_lazy("Sudah terlihat terjadi, bukan prakiraan"), required=False
    )
    day = Day(label=gettext_lazy("Mulai tanggal"))
    begins = Hour(label=gettext_lazy("Mulai pukul"))
    end_day = Day(label=gettext_lazy("Sampai tanggal"))
    ends = Hour(label=gettext_lazy("Sampai pukul"))
    from_bmkg = forms.BooleanField(
        label=gettext_lazy("Memakai data BMKG (sumbernya disebut di setiap teks)"), required=False
    )
    basis = Paragraph(
        label=gettext_lazy("Dasar"),
        help_text=gettext_lazy("Apa yang terlihat atau diperkirakan; dibaca petugas dan penyetuju."),
        max_length=500,
        rows=2,
    )

    def __init__(
        self, data: Any = None, *, at: datetime, new: bool = True, row: Message | None = None
    ) -> None:
        super().__init__(data, initial=_initial(row, at))
        self.at, self.before = at, row
        choices = [(code, one.label("id")) for code, one in reference.hazards(at=at).items()]
        self.fields["hazard"].choices = choices  # type: ignore[attr-defined]
        if not new:
            for name in ("hazard", "mode", "tell_public"):
                del self.fields[name]
        known = places.gazetteer()
        self.chosen = set(data.getlist("areas") if data is not None else row.areas if row else [])
        self.districts = [
            (district.name, district.code, [(one.code, one.name) for one in known.within(district.code)])
            for district in known.districts
        ]

    def groups(self) -> list[dict[str, Any]]:
        """The kelurahan by kecamatan, each with whether it is chosen."""
        return [
            {
                "name": name,
                "code": code,
                "open": any(one in self.chosen for one, _label in inside) or code in self.chosen,
                "whole": code in self.chosen,
                "places": [(one, label, one in self.chosen) for one, label in inside],
            }
            for name, code, inside in self.districts
        ]

    def content(self) -> Content:
        said, tz = self.cleaned_data, get_city().tz
        sources = str(self.before.facts.get("sources", "")).replace(",", " ").split() if self.before else []
        kept = [one for one in sources if one != CITED] + ([CITED] if said["from_bmkg"] else [])
        facts = {**(self.before.facts if self.before else {}), "basis": said["basis"]}
        facts |= {"sources": ", ".join(kept)} if kept or "sources" in facts else {}
        return Content(
            level=said["level"],
            areas=tuple(self._areas()),
            onset=datetime.combine(said["day"], said["begins"], tzinfo=tz),
            expires=datetime.combine(said["end_day"], said["ends"], tzinfo=tz),
            facts=facts,
            probability=self.before.probability if self.before else None,
            is_observed=said["is_observed"],
        )

    def _areas(self) -> list[str]:
        """What was chosen: a whole kecamatan stands for all in it."""
        whole = {one for _n, code, inside in self.districts if code in self.chosen for one, _label in inside}
        return sorted({one for one in self.chosen if one.count(".") == 3} | whole)

    def refuse(self, refused: Refused) -> None:
        field = {"expires": "ends"}.get(refused.field, refused.field)
        self.add_error(field if field in self.fields else None, str(refused))


def _initial(row: Message | None, at: datetime) -> dict[str, Any]:
    tz = get_city().tz
    onset = (row.onset if row else at + timedelta(hours=1)).astimezone(tz)
    expires = (row.expires if row else at + timedelta(hours=5)).astimezone(tz)
    if row is None:
        onset, expires = onset.replace(minute=0), expires.replace(minute=0)
    return {
        "level": row.level if row else "",
        "is_observed": row.is_observed if row else False,
        "day": onset.date(),
        "begins": onset.time().replace(second=0, microsecond=0),
        "end_day": expires.date(),
        "ends": expires.time().replace(second=0, microsecond=0),
        "from_bmkg": cites(row.facts) if row else False,
        "basis": row.facts.get("basis", "") if row else "",
    }


class TextsForm(forms.Form):
    """All texts of a message, one field each."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, texts: list[dict[str, Any]]) -> None:
        super().__init__(data)
        for one in texts:
            self.fields[one["name"]] = Paragraph(
                label=f"{one['channel']} · {one['language']}",
                help_text=one["measure"],
                initial=one["body"],
                max_length=LONGEST_TEXT,
                rows=6 if len(one["body"]) > 200 else 3,
            )

    def bodies(self) -> dict[tuple[str, str], str]:
        found = {}
        for name, body in self.cleaned_data.items():
            channel, _dash, language = name.partition("-")
            found[channel, language] = body
        return found

    def blame(self, wrong: dict[tuple[str, str], list[str]]) -> None:
        for (channel, language), words in wrong.items():
            for one in words:
                self.add_error(name_of(channel, language), one)


class RosterForm(forms.Form):
    use_required_attribute = False
    account = Choice(label=gettext_lazy("Nama"))
    from_hour = Whole(label=gettext_lazy("Dari pukul"), most=23, initial=0)
    until_hour = Whole(
        label=gettext_lazy("Sampai pukul"),
        most=24,
        initial=24,
        help_text=gettext_lazy("0 sampai 24 berarti sepanjang hari. 18 sampai 6 berarti malam."),
    )

    def __init__(self, data: Any = None, *, taken: set[int], at: datetime) -> None:
        super().__init__(data)
        names = people.names_of(set(holders(roles.APPROVE_WARNING, at=at)) - taken)
        self.fields["account"].choices = [(str(key), name or _("tanpa nama")) for key, name in names.items()]  # type: ignore[attr-defined]

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))
