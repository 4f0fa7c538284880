"""The offices that a new city begins with: agencies by type, an office per kecamatan, kelurahan and desa."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from django.db import transaction

from guyub.rooms.people.models import Organisation, OrganisationKind
from guyub.rooms.people.queries import forget
from guyub.rooms.places.api import Kind, PlaceRow

_KINDS = {
    "COORDINATOR": OrganisationKind.COORDINATOR,
    "SECRETARIAT": OrganisationKind.SECRETARIAT,
    "OVERSIGHT": OrganisationKind.INSPECTORATE,
    "AGENCY": OrganisationKind.AGENCY,
    "ENTERPRISE": OrganisationKind.AGENCY,
    "COUNCIL": OrganisationKind.COUNCIL,
}
COMMAND_CENTRE = "pusdalops"


def seed_organisations(*, region: str, region_name: str, places: Iterable[PlaceRow]) -> int:
    """Add the offices that are not there yet; returns how many the city has. `region` is its code."""
    entries = json.loads(
        (resources.files("guyub.rooms.people") / "data" / "organisations.json").read_text("utf-8")
    )
    with transaction.atomic():
        _add([_agency(entry, region, region_name) for entry in entries if entry["level"] == "REGENCY"])
        parents = dict(Organisation.objects.values_list("key", "pk"))
        centre = Organisation(
            key=COMMAND_CENTRE,
            kind=OrganisationKind.COMMAND_CENTRE,
            name=f"Pusat Pengendalian Operasi {region_name}",
            short_name="Pusdalops",
            parent_id=parents.get("bpbd"),
            place_code=region,
        )
        rows = list(places)
        _add([centre, *(_office(row, None) for row in rows if row.kind == Kind.DISTRICT)])
        parents = dict(Organisation.objects.values_list("key", "pk"))
        _add([_office(row, parents.get(f"kecamatan:{row.parent_code}")) for row in rows if row.is_settlement])
    forget()
    return Organisation.objects.count()


def _add(rows: list[Organisation]) -> None:
    Organisation.objects.bulk_create(rows, ignore_conflicts=True)


def _agency(entry: dict[str, Any], region: str, region_name: str) -> Organisation:
    own = {**entry, **entry["names"].get(region, {})}
    return Organisation(
        key=entry["key"],
        kind=_KINDS[entry["role"]],
        name=own["name_id"].format(region=region_name),
        short_name=own["short_name"],
        place_code=region,
    )


def _office(place: PlaceRow, parent: int | None) -> Organisation:
    word, kind = {
        Kind.DISTRICT: ("kecamatan", OrganisationKind.DISTRICT),
        Kind.WARD: ("kelurahan", OrganisationKind.WARD),
        Kind.VILLAGE: ("desa", OrganisationKind.VILLAGE),
    }[Kind(place.kind)]
    name = f"Pemerintah {place.label}" if kind == OrganisationKind.VILLAGE else place.label
    short = place.label.replace("Kelurahan ", "Kel. ").replace("Kecamatan ", "Kec. ")
    return Organisation(
        key=f"{word}:{place.code}",
        kind=kind,
        name=name,
        short_name=short,
        place_code=place.code,
        parent_id=parent,
    )
