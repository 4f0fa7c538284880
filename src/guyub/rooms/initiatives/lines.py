"""What an initiative needs, and by what right it asks the public for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.initiatives import reference, rules
from guyub.rooms.initiatives.acting import Refused, as_organiser, locked, record, today_of
from guyub.rooms.initiatives.models import Appeal, Initiative, Line, Pledge
from guyub.rooms.initiatives.rules import LIVE, Basis, State
from guyub.rooms.needs.api import Resource
from guyub.rooms.places import api as places

MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that is needed. Money in whole rupiah; what cannot be counted is one "kali" or "paket"."""

    resource: str
    what: str
    unit: str
    amount: int
    needed_on: date | None = None
    for_government: bool = False


def add(row: Initiative, wanted: Wanted, *, by: int, at: datetime) -> Line:
    """The row and its fact, inside the caller's transaction and lock."""
    position = Line.objects.filter(initiative=row).count()
    if position >= MOST_LINES:
        raise Refused(_("Satu prakarsa memuat paling banyak %(n)d kebutuhan.") % {"n": MOST_LINES})
    line = Line(initiative=row, position=position)
    _write(line, wanted)
    line.save(force_insert=True)
    fact = events.LineSet(initiative=row.pk, line=line.pk, resource=line.resource, amount=line.amount)
    record(fact, initiative=row, by=by, at=at, office=row.office_id)
    return line


def _write(line: Line, wanted: Wanted) -> None:
    line.resource = Resource(wanted.resource)
    line.what, line.amount, line.needed_on = wanted.what, wanted.amount, wanted.needed_on
    line.unit = "rupiah" if line.resource == Resource.MONEY else wanted.unit
    line.for_government = wanted.for_government and line.resource == Resource.GOODS


@transaction.atomic
def add_line(*, initiative: int, wanted: Wanted, by: Person, at: datetime) -> int:
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    return add(row, wanted, by=as_organiser(by, row), at=at).pk


@transaction.atomic
def change_line(*, line: int, wanted: Wanted, by: Person, at: datetime) -> None:
    """Another amount, day or word; the resource and unit stay once somebody promised. Raises `Refused`."""
    row, found, account = held(line, by=by, states=(State.DRAFT, *LIVE))
    if wanted.amount < found.accepted:
        raise Refused(_("Jumlahnya tidak dapat di bawah yang sudah diterima janjinya."), field="amount")
    was = (found.resource, found.unit, found.for_government)
    _write(found, wanted)
    if (found.resource, found.unit, found.for_government) != was and _has_pledges(found):
        raise Refused(
            _("Jenis dan satuan tidak dapat diubah karena sudah ada yang berjanji."), field="resource"
        )
    found.save()
    fact = events.LineSet(initiative=row.pk, line=found.pk, resource=found.resource, amount=found.amount)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)


@transaction.atomic
def remove_line(*, line: int, by: Person, at: datetime) -> None:
    """Nobody promised anything of it yet. Raises `Refused`."""
    row, found, account = held(line, by=by, states=(State.DRAFT, *LIVE))
    if _has_pledges(found):
        raise Refused(_("Kebutuhan ini tidak dapat dihapus karena sudah ada yang berjanji."))
    key = found.pk
    found.delete()
    record(
        events.LineRemoved(initiative=row.pk, line=key),
        initiative=row,
        by=account,
        at=at,
        office=row.office_id,
    )


def held(line: int, *, by: Person, states: tuple[State, ...] = LIVE) -> tuple[Initiative, Line, int]:
    """The locked initiative of a line, the line as it is under that lock, and the organiser's account."""
    row = locked(Line.objects.values_list("initiative_id", flat=True).get(pk=line), states=states)
    account = as_organiser(by, row)
    return row, Line.objects.select_for_update(no_key=True).get(pk=line), account


def _has_pledges(line: Line) -> bool:
    return Pledge.objects.filter(line=line).exists()


@transaction.atomic
def state_permit(
    *,
    initiative: int,
    number: str,
    issued_by: str,
    valid_from: date,
    valid_until: date,
    by: Person,
    at: datetime,
) -> None:
    """The organiser has a permit to collect from the public (PUB). Raises `Refused`."""
    if valid_until < valid_from:
        raise Refused(_("Izin tidak dapat berakhir sebelum mulai."), field="valid_until")
    said = {"basis": Basis.PERMIT, "permit_number": number, "issued_by": issued_by}
    _state(initiative, by, at, **said, valid_from=valid_from, valid_until=valid_until)


@transaction.atomic
def state_exemption(*, initiative: int, code: str, by: Person, at: datetime) -> None:
    """The organiser states why no permit is needed, by a code of the rulebook. Raises `Refused`."""
    found = next((one for one in reference.exemptions(at=at) if one.code == code), None)
    if found is None:
        raise Refused(_("Pilih alasan pengecualian yang berlaku."), field="exemption")
    row = Initiative.objects.get(pk=initiative)
    if found.narrow and settlements_of(row) != 1:
        raise Refused(
            _(
                "Pengecualian ini hanya untuk gotong royong di satu kelurahan atau desa. Untuk yang lebih luas perlu izin PUB."
            ),
            field="exemption",
        )
    said = {
        "basis": Basis.EXEMPT,
        "exemption": code,
        "exemption_rule": found.version,
        "is_narrow": found.narrow,
    }
    _state(initiative, by, at, **said)


def _state(initiative: int, by: Person, at: datetime, **said: object) -> None:
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    account = as_organiser(by, row)
    if row.partner_id is not None and row.state != State.DRAFT and row.consent != rules.Consent.GIVEN:
        raise NotAllowed("An appeal to the public needs the consent of the place first.")
    empty = {"permit_number": "", "issued_by": "", "exemption": "", "valid_from": None, "valid_until": None}
    more = {"exemption_rule": None, "is_narrow": False, "stated_by_id": account, "stated_at": at}
    Appeal.objects.update_or_create(initiative=row, defaults={**empty, **more, **said})
    fact = events.AppealStated(initiative=row.pk, basis=str(said["basis"]), rule=said.get("exemption_rule"))  # type: ignore[arg-type]
    record(fact, initiative=row, by=account, at=at, office=row.office_id)


def settlements_of(row: Initiative) -> int:
    """In how many kelurahan or desa it is; 0 if it is in a whole kecamatan or in the whole city."""
    rows = [places.gazetteer().by_code.get(code) for code in row.places]
    return len(rows) if all(one and one.is_settlement for one in rows) else 0


def may_ask_public(row: Initiative, *, at: datetime) -> bool:
    """Whether the public may be asked for money and goods today."""
    found = Appeal.objects.filter(initiative=row).first()
    return appeal_holds(found, row, on=today_of(at))


def appeal_holds(found: Appeal | None, row: Initiative, *, on: date) -> bool:
    if found is None:
        return False
    basis = rules.Appeal(Basis(found.basis), found.valid_from, found.valid_until, found.is_narrow)
    return rules.appeal_holds(basis, today=on, settlements=settlements_of(row))
