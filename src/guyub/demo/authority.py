"""What the demo shows of routing and authority, made by the actions themselves: a change of the table that waits
for approval, a standing disposition, a case that rose, a report that two offices share, and a letter to an outside body.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from guyub.demo.people import DOMAIN, officer_of
from guyub.kernel.access.api import Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, Mode, State
from guyub.rooms.casework.decision_table import Row
from guyub.rooms.people import api as people

CHANGE = "Saluran tersumbat ditangani kecamatan"
# To whom a case of a category is written; what is none of these goes to the province.
BODIES = {
    "air-bersih": "perumda-air",
    "kabel-telekomunikasi": "telekomunikasi",
    "jembatan-rusak": "jalan-nasional",
    "tanggul-rusak": "bbws",
    "lampu-jalan": "pln",
    "rambu-lalu-lintas": "perhubungan-pusat",
}
INSTRUCTION = "Mohon memperbaiki bagian yang menjadi tugas dinas; kelurahan membersihkan sekitarnya."


def show_authority(*, at: datetime) -> None:
    """Set the examples up in the entered city, as far as it has cases for them."""
    _change_waits(at)
    _standing(at)
    cases = sorted(_suitable(), key=lambda case: case.category not in BODIES)
    for may, example in (
        (casework.access.may_prepare_letter, _lies_outside),
        (casework.access.may_split, _is_shared),
        (casework.access.may_escalate, _rises),
    ):
        # What a case allows depends on the day: one that is long overdue has nobody left above it.
        if case := next((case for case in cases if may(officer_of(case), case)), None):
            cases.remove(case)
            example(case, at)


def _person(slug: str, at: datetime) -> Person:
    account = people.add_account(email=f"{slug}@{DOMAIN}", name=slug)
    return people.person(account, on=local_date(at, get_city().tz))


def _change_waits(at: datetime) -> None:
    by, today = _person("koordinator", at), local_date(at, get_city().tz)
    change = casework.changes.draft_change(
        title=CHANGE,
        legal_basis="Perwal percontohan 12/2026",
        legal_date=today,
        effective_from=today + timedelta(days=30),
        by=by,
        at=at,
    )
    row = Row("saluran-tersumbat", "", "", "KECAMATAN", "", "pu")
    casework.changes.put_row(change=change.uuid, row=row, by=by, at=at)
    casework.changes.submit_change(change=change.uuid, by=by, at=at)


def _standing(at: datetime) -> None:
    """The lurah has given rubbish to the kasi, until next year."""
    lurah, kasi = _person("lurah", at), _person("kasi", at)
    office = min(lurah.offices(roles.DISPOSE))
    casework.dispositions.set_standing(
        office=office,
        category="sampah",
        officer=kasi.acting,
        nota="ND/01/percontohan",
        until=local_date(at, get_city().tz) + timedelta(days=365),
        by=lurah,
        at=at,
    )


def _suitable() -> list[Case]:
    """Verified cases that an office of the city works on, those of the demo's lurah first."""
    rows = Case.objects.filter(
        kind="report",
        is_restricted=False,
        is_hazard=False,
        mode=Mode.ORDER,
        state__in=[State.FORWARDED, State.IN_PROGRESS],
    )
    return list(rows.order_by("-office__kind", "-received_at", "-pk")[:60])


def _rises(case: Case, at: datetime) -> None:
    casework.escalation.escalate(
        case=case.uuid, reason="Perlu alat berat yang tidak dimiliki kantor ini.", by=officer_of(case), at=at
    )


def _is_shared(case: Case, at: datetime) -> None:
    targets = casework.queries.split_targets(case, casework.queries.cases_of(subject=case.subject))
    agencies = [office for office in targets if office.kind == people.OrganisationKind.AGENCY]
    agency = next((office for office in agencies if office.key == "pu"), agencies[0])
    casework.splitting.split_case(
        case=case.uuid, to_office=agency.id, instruction=INSTRUCTION, by=officer_of(case), at=at
    )


def _lies_outside(case: Case, at: datetime) -> None:
    by, body = officer_of(case), people.directory().find_key(f"luar:{BODIES.get(case.category, 'provinsi')}")
    assert body is not None
    casework.referring.prepare_letter(
        case=case.uuid,
        body=body.id,
        title="Permohonan pemeriksaan dan perbaikan",
        words="Kami mohon pemeriksaan dan perbaikan di lokasi tersebut.",
        by=by,
        at=at,
    )
    today = local_date(at, get_city().tz)
    casework.referring.send_letter(case=case.uuid, number="600.1/contoh/2026", dated=today, by=by, at=at)
