"""Agencies and the bodies of a kelurahan as partners: they are there by decree, so the city enters and verifies them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.rooms.partners import founding, verifying
from guyub.rooms.partners.acting import as_city
from guyub.rooms.partners.founding import Profile
from guyub.rooms.partners.models import Partner
from guyub.rooms.partners.rules import Kind, LegalForm
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places

# One of each in every kelurahan (Permendagri 18/2018); RW are those that the city listed.
THEMES = {Kind.PKK: ("ibu-anak",), Kind.KARANG_TARUNA: ("pemuda-olahraga",), Kind.LPM: ("ruang-publik",)}
NAMES = {Kind.PKK: "PKK", Kind.KARANG_TARUNA: "Karang Taruna", Kind.LPM: "LPM"}


@transaction.atomic
def register_bodies(*, district: str, by: Person, at: datetime) -> int:
    """PKK, Karang Taruna, LPM and RW of each kelurahan of a kecamatan that are not there yet; returns how many."""
    as_city(by)
    founding.hold_addresses()
    rows = places.gazetteer().within(district)
    there = _there([row.code for row in rows])
    made = 0
    for row in rows:
        for kind, name in NAMES.items():
            if (kind, row.code) not in there:
                said = Profile(
                    f"{name} {row.label}",
                    kind=kind,
                    themes=THEMES[kind],
                    places=(row.code,),
                    legal_form=LegalForm.DECREE,
                )
                _register(said, None, by=by, at=at)
                made += 1
    return made + _register_rw(district, by=by, at=at)


def _there(codes: list[str]) -> set[tuple[str, str]]:
    rows = Partner.objects.filter(kind__in=[kind.value for kind in NAMES], places__overlap=codes)
    found = rows.filter(ended_at__isnull=True).values_list("kind", "places")
    return {(Kind(kind), code) for kind, own in found for code in own}


def _register_rw(district: str, *, by: Person, at: datetime) -> int:
    taken = set(Partner.objects.filter(office__isnull=False).values_list("office_id", flat=True))
    made = 0
    for unit in people.neighbourhoods(place=district):
        if unit.kind != people.OrganisationKind.RW or unit.id in taken:
            continue
        label = places.gazetteer().get(unit.place).label
        said = Profile(
            f"RW {unit.unit} {label}", kind=Kind.RW, places=(unit.place,), legal_form=LegalForm.DECREE
        )
        _register(said, unit.id, by=by, at=at)
        made += 1
    return made


@transaction.atomic
def register_agencies(*, by: Person, at: datetime) -> int:
    """The city's agencies that are no partner yet; returns how many."""
    as_city(by)
    founding.hold_addresses()
    taken = set(Partner.objects.filter(office__isnull=False).values_list("office_id", flat=True))
    offices = [
        one for one in people.directory().of_kind(people.OrganisationKind.AGENCY) if one.id not in taken
    ]
    for office in offices:
        said = Profile(
            office.name,
            kind=Kind.AGENCY,
            short_name=office.short_name,
            places=(get_city().code,),
            legal_form=LegalForm.GOVERNMENT,
        )
        _register(said, office.id, by=by, at=at)
    return len(offices)


def _register(said: Profile, office: int | None, *, by: Person, at: datetime) -> None:
    row = founding.register(profile=said, by=by, office=office, at=at)
    verifying.verify(partner=row.pk, by=by, at=at)
