"""Invented people who look invented: one for each role of the demo, the same in each city."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from guyub.kernel.access.api import GrantInForce, Person, roles
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.people.models import Account, Grant
from guyub.rooms.places import api as places

DOMAIN = "demo.guyub.example"
SINCE = date(2025, 1, 1)
BASIS = "SK percontohan"
RW, RT = ("001", "002", "003", "004"), ("001", "002", "003")
_SCHEDULES = next(bundle.powers for bundle in roles.BUNDLES if bundle.code == "jadwal")


def add_demo_people() -> None:
    """Accounts with their grants in the entered city; running it again changes nothing."""
    offices = people.directory()
    place = _busiest_place()
    ward = offices.of_settlement(place.code)
    district = offices.of_district(place.code)
    assert ward is not None
    assert district is not None
    agency = offices.find_key("pu") or offices.of_kind(OrganisationKind.AGENCY)[0]
    council = offices.find_key("dprd")
    assert council is not None
    neighbour = next(one for one in offices.of_kind(OrganisationKind.DISTRICT) if one.id != district.id)
    rt = people.add_organisation(
        key=f"rt:{place.code}:003:002",
        kind=OrganisationKind.RT,
        name=f"RT 002 RW 003 {place.label}",
        short_name="RT 002/003",
        place=place.code,
        parent=ward.id,
        unit="002/003",
    )
    first = {kind: offices.of_kind(kind)[0].id for kind in _CITY_WIDE}
    rows: list[tuple[str, str, str, int | None, str]] = [
        ("warga", "Warga Contoh", "", None, ""),
        ("ketua-rt", "Ketua RT Contoh", "ketua_rt", rt, place.code),
        ("lurah", "Lurah Contoh", "lurah", ward.id, place.code),
        ("kasi", "Kasi Contoh", "kasi", ward.id, place.code),
        ("camat", "Camat Contoh", "camat", district.id, district.place),
        ("koordinator", "Koordinator Contoh", "koordinator", first[OrganisationKind.COORDINATOR], ""),
        ("penghubung", "Penghubung Contoh", "penghubung", agency.id, ""),
        ("kepala-dinas", "Kepala Dinas Contoh", "kepala_opd", agency.id, ""),
        ("inspektorat", "Inspektur Contoh", "inspektur", first[OrganisationKind.INSPECTORATE], ""),
        ("sekda", "Sekda Contoh", "sekda", first[OrganisationKind.SECRETARIAT], ""),
        ("kepala-daerah", "Kepala Daerah Contoh", "kepala_daerah", first[OrganisationKind.SECRETARIAT], ""),
        ("dewan", "Anggota Dewan Contoh", "dewan", council.id, ""),
        ("tapem", "Tapem Contoh", "tapem", first[OrganisationKind.SECRETARIAT], ""),
        ("pusdalops", "Operator Contoh", "operator", first[OrganisationKind.COMMAND_CENTRE], ""),
        ("kalaksa", "Kalaksa BPBD Contoh", "peringatan", _bpbd(offices), ""),
        ("kabid-siaga", "Kabid Kesiapsiagaan Contoh", "peringatan", _bpbd(offices), ""),
        ("posko", "Petugas Posko Contoh", "darurat", _bpbd(offices), ""),
        ("kemitraan", "Kemitraan Contoh", "kemitraan", first[OrganisationKind.SECRETARIAT], ""),
        ("admin", "Admin Contoh", "admin_kota", first[OrganisationKind.COORDINATOR], ""),
        ("dukungan", "Dukungan Contoh", "dukungan", first[OrganisationKind.COORDINATOR], ""),
        ("seklur", "Seklur Contoh", "kasi", ward.id, place.code),
        ("sekcam", "Sekcam Contoh", "kasi", neighbour.id, neighbour.place),
        ("camat-cuti", "Camat Cuti Contoh", "camat", neighbour.id, neighbour.place),
    ]
    if village := _first_village():
        desa = offices.of_settlement(village.code)
        assert desa is not None
        rows.append(("kepala-desa", "Kepala Desa Contoh", "lurah", desa.id, village.code))
    for slug, name, role, office, area in rows:
        account = people.add_account(email=f"{slug}@{DOMAIN}", name=name)
        if role and office:
            people.give_grant(
                account=account,
                role=role,
                organisation=office,
                place=area,
                legal_basis=BASIS,
                since=SINCE,
                by=None,
                at=timezone.now(),
            )
    _lend()


def _lend() -> None:
    """A camat on leave with a Plh from the own office, and a lurah who lets the secretary approve schedules."""
    now = timezone.now()
    today = timezone.localdate(now, timezone=get_city().tz)
    ids = dict(Account.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", "pk"))
    lent = [
        ("sekcam", "camat-cuti", "PLH", frozenset[str](), "ST camat contoh 800/1", "Camat cuti tahunan."),
        (
            "seklur",
            "lurah",
            "DELEGATION",
            _SCHEDULES,
            "Nota dinas contoh 065/12",
            "Selama lurah rapat di luar.",
        ),
    ]
    for holder, head, kind, powers, basis, reason in lent:
        source = Grant.objects.get(account=ids[f"{head}@{DOMAIN}"], kind="DEFINITIVE")
        if Grant.objects.in_force(today).filter(source=source).exists():
            continue
        people.give_grant(
            account=ids[f"{holder}@{DOMAIN}"],
            role=source.role,
            organisation=source.organisation_id,
            place=source.place_code,
            kind=kind,
            powers=powers,
            source=source.pk,
            legal_basis=basis,
            reason=reason,
            since=today,
            until=today + timedelta(days=14),
            by=None,
            at=now,
        )


def add_demo_neighbourhoods(codes: list[str]) -> None:
    """A few invented RW with their RT in each of some kelurahan or desa; running it again changes nothing."""
    offices = people.directory()
    for code in codes:
        office, label = offices.of_settlement(code), places.gazetteer().get(code).label
        for rw in RW:
            above = _neighbourhood(
                OrganisationKind.RW, code, rw, f"RW {rw} {label}", office.id if office else None
            )
            for rt in RT:
                _neighbourhood(OrganisationKind.RT, code, f"{rt}/{rw}", f"RT {rt} RW {rw} {label}", above)


def _neighbourhood(kind: OrganisationKind, code: str, unit: str, name: str, parent: int | None) -> int:
    own = ":".join(reversed(unit.split("/")))
    return people.add_organisation(
        key=f"{kind.lower()}:{code}:{own}",
        kind=kind,
        name=name,
        short_name=f"{kind} {unit}",
        place=code,
        parent=parent,
        unit=unit,
    )


def demo_officers() -> tuple[int, int]:
    """The accounts in whose names the demo's history was made: an officer, and a head of office."""
    officer = people.add_account(email=f"petugas@{DOMAIN}", name="Petugas Demo")
    return officer, people.add_account(email=f"kepala@{DOMAIN}", name="Kepala Kantor Demo")


def officer_of(case: Case) -> Person:
    """Somebody who may act for the case's office: the demo's invented officer."""
    account, _ = demo_officers()
    office = people.directory().get(case.office_id)
    role = "inspektur" if case.is_restricted else "lurah"
    grant = GrantInForce(role, office.id, office.kind, office.name, "")
    return Person(account=account, name="Petugas Demo", grants=(grant,))


_CITY_WIDE = (
    OrganisationKind.COORDINATOR,
    OrganisationKind.INSPECTORATE,
    OrganisationKind.SECRETARIAT,
    OrganisationKind.COMMAND_CENTRE,
)


def _bpbd(offices: people.Directory) -> int:
    """The disaster agency, or its operations centre where the city has no agency of its own."""
    found = offices.find_key("bpbd") or offices.of_kind(OrganisationKind.COMMAND_CENTRE)[0]
    return found.id


def _first_village() -> places.PlaceRow | None:
    """The desa of the demo's kepala desa, where the city has desa beside kelurahan."""
    rows = [row for row in places.gazetteer().settlements if row.lat is not None]
    kinds = {row.kind for row in rows}
    return next((row for row in rows if row.kind == places.Kind.VILLAGE), None) if len(kinds) > 1 else None


def _busiest_place() -> places.PlaceRow:
    """The kelurahan (or, where there is none, the desa) of the demo's lurah: the first with a known middle."""
    rows = [row for row in places.gazetteer().settlements if row.lat is not None]
    return next((row for row in rows if row.kind == places.Kind.WARD), rows[0])
