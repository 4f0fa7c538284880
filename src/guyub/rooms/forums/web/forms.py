"""Forms of forums."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel import parties
from guyub.rooms.forums.actions import Charter, Refused
from guyub.rooms.forums.models import SEATS, Forum, Member
from guyub.rooms.forums.reference import ForumKind
from guyub.rooms.forums.rules import Seat
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.ui.fields import CHOOSE, Choice, Day, Line, Paragraph

_KINDS = (
    people.OrganisationKind.COUNCIL,
    people.OrganisationKind.SECRETARIAT,
    people.OrganisationKind.AGENCY,
    people.OrganisationKind.COORDINATOR,
    people.OrganisationKind.INSPECTORATE,
    people.OrganisationKind.DISTRICT,
    people.OrganisationKind.WARD,
    people.OrganisationKind.VILLAGE,
)
# Offices that keep a forum's papers.
_SECRETARIATS = _KINDS[1:4]


def _offices(kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    known = people.directory().all
    return [(str(one.id), one.name) for kind in kinds for one in known if one.kind == kind]


class _Refusing(forms.Form):
    use_required_attribute = False

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class CharterForm(_Refusing):
    """What the decree and the forum itself say."""

    name = Line(label=gettext_lazy("Nama forum"), min_length=5, max_length=160)
    purpose = Paragraph(label=gettext_lazy("Tujuan"), max_length=2000, rows=3)
    decree_number = Line(label=gettext_lazy("Nomor SK pembentukan"), max_length=120)
    decree_on = Day(label=gettext_lazy("Tanggal SK"))
    term_from = Day(label=gettext_lazy("Masa kerja mulai"))
    last = Day(
        label=gettext_lazy("Hari terakhir masa kerja"),
        required=False,
        help_text=gettext_lazy("Kosongkan bila SK tidak menyebutnya."),
    )
    secretariat = Choice(label=gettext_lazy("Sekretariat"))
    house_rules = Paragraph(label=gettext_lazy("Tata tertib"), required=False, max_length=8000, rows=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secretariat"].choices = [("", CHOOSE), *_offices(_SECRETARIATS)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("last") and said.get("term_from") and said["last"] < said["term_from"]:
            self.add_error("last", _("Hari terakhir sesudah mulainya."))
        return said

    def charter(self) -> Charter:
        said = self.cleaned_data
        return Charter(
            name=said["name"],
            purpose=said["purpose"],
            decree_number=said["decree_number"],
            decree_on=said["decree_on"],
            term_from=said["term_from"],
            term_until=said["last"] + timedelta(days=1) if said["last"] else None,
            secretariat=int(said["secretariat"]),
            house_rules=said["house_rules"],
        )

    @staticmethod
    def said(row: Forum) -> dict[str, Any]:
        return {
            "name": row.name,
            "purpose": row.purpose,
            "decree_number": row.decree_number,
            "decree_on": row.decree_on,
            "term_from": row.term_from,
            "last": row.term_until - timedelta(days=1) if row.term_until else None,
            "secretariat": str(row.secretariat_id),
            "house_rules": row.house_rules,
        }

    @staticmethod
    def of_kind(kind: ForumKind) -> dict[str, Any]:
        """What such a forum usually begins with."""
        office = people.directory().find_key(kind.secretariat)
        return {
            "name": kind.name,
            "purpose": kind.purpose,
            "secretariat": str(office.id) if office else "",
        }


class SeatForm(_Refusing):
    """A partner or an office takes a seat, and in private who stands for it."""

    partner = Line(
        label=gettext_lazy("Mitra"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Nama lengkap mitra yang terverifikasi, atau alamat halamannya."),
    )
    office = Choice(label=gettext_lazy("Atau kantor, atau DPRD"), required=False)
    seat = Choice(label=gettext_lazy("Kedudukan"), choices=SEATS, initial=Seat.MEMBER.value)
    representative = Line(
        label=gettext_lazy("Nama wakil dan cara menghubunginya"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Hanya untuk sekretariat. Tidak pernah tampil untuk umum."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", CHOOSE), *_offices(_KINDS)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        named, office = said.get("partner", ""), said.get("office", "")
        if bool(named) == bool(office):
            if not self.errors:
                self.add_error("partner", _("Isi salah satu: mitra atau kantor."))
            return said
        said["party"] = parties.party("office", int(office)) if office else self._found(named)
        return said

    def _found(self, named: str) -> str:
        """The verified partner of a name or an address."""
        slug = re.search(r"/mitra/([\w-]+)/?", named)
        rows = partners.Partner.objects.filter(
            is_verified=True, merged_into__isnull=True, ended_at__isnull=True
        )
        found = list(rows.filter(Q(slug=slug[1]) if slug else Q(name__iexact=named))[:2])
        if len(found) != 1:
            self.add_error(
                "partner", _("Mitra terverifikasi dengan nama ini tidak ditemukan. Periksa di daftar mitra.")
            )
            return ""
        return parties.party("partner", found[0].pk)


class MemberForm(_Refusing):
    seat = Choice(label=gettext_lazy("Kedudukan"), choices=SEATS)
    representative = Line(
        label=gettext_lazy("Nama wakil dan cara menghubunginya"), required=False, max_length=300
    )

    @staticmethod
    def said(row: Member) -> dict[str, Any]:
        return {"seat": row.seat, "representative": row.representative}


class EndForm(_Refusing):
    reason = Paragraph(label=gettext_lazy("Alasan"), min_length=5, max_length=400, rows=2)
