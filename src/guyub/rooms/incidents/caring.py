"""What is counted, who is sheltered, what is handed out, and the status that the law gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import incidents as events
from guyub.kernel.access.api import Person
from guyub.rooms.incidents import reference
from guyub.rooms.incidents.acting import Refused, locked, record
from guyub.rooms.incidents.models import Assessment, Count, Decree, Incident, Item, Movement, Shelter
from guyub.rooms.incidents.rules import VULNERABLE, Fault, Legal, bare_number, count_fault, decree_fault
from guyub.rooms.incidents.rules import Decree as Said
from guyub.rooms.places import api as places

# ── Quick assessment ───────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def assess(
    *,
    incident: int,
    figures: Mapping[str, int],
    counted_at: datetime,
    source: str,
    unknown: str,
    by: Person,
    at: datetime,
) -> Assessment:
    """A new version of the quick assessment; a number that is not given is not known. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    known = {one.code for one in reference.figures(at=at)}
    kept = {code: int(value) for code, value in figures.items() if code in known}
    if not kept and not unknown.strip():
        raise Refused(_("Isi sedikitnya satu angka, atau tulis apa yang belum diketahui."))
    if counted_at > at:
        raise Refused(_("Waktu penghitungan belum tiba."), field="time")
    made = Assessment.objects.create(
        incident=row,
        version=Assessment.objects.filter(incident=row).count() + 1,
        counted_at=counted_at,
        source=source.strip(),
        figures=kept,
        unknown=unknown.strip(),
        at=at,
        by=by.acting,
    )
    fact = events.Assessed(incident=row.pk, assessment=made.pk, edition=made.version)
    record(fact, row=row, by=by.acting, at=at)
    return made


# ── Shelters ───────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def open_shelter(
    *, incident: int, name: str, place: str, address: str, capacity: int, by: Person, at: datetime
) -> Shelter:
    """A place where people can stay. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    if place not in places.gazetteer().by_code:
        raise Refused(_("Pilih wilayah dari daftar."), field="place")
    if Shelter.objects.filter(incident=row, name=name.strip()).exists():
        raise Refused(_("Nama ini sudah dipakai di insiden ini."), field="name")
    made = Shelter.objects.create(
        incident=row,
        name=name.strip(),
        place=place,
        address=address.strip(),
        capacity=capacity,
        opened_at=at,
    )
    fact = events.ShelterOpened(incident=row.pk, shelter=made.pk, capacity=capacity)
    record(fact, row=row, by=by.acting, at=at)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many are in a shelter: numbers, never names."""

    families: int
    people: int
    vulnerable: Mapping[str, int]
    needs: str = ""


@transaction.atomic
def count(
    *, incident: int, shelter: int, said: Counted, counted_at: datetime, by: Person, at: datetime
) -> Count:
    """Numbers of a shelter at a moment. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    found = _shelter(row, shelter)
    if wrong := count_fault(families=said.families, people=said.people, vulnerable=said.vulnerable):
        raise Refused(_("Tidak mungkin lebih banyak daripada jumlah orang."), field=wrong)
    if counted_at > at:
        raise Refused(_("Waktu penghitungan belum tiba."), field="time")
    groups = {name: said.vulnerable.get(name, 0) for name in VULNERABLE}
    made = Count.objects.create(
        shelter=found,
        counted_at=counted_at,
        families=said.families,
        people=said.people,
        needs=said.needs.strip(),
        at=at,
        by=by.acting,
        **groups,
    )
    fact = events.ShelterCounted(
        incident=row.pk, shelter=found.pk, families=said.families, people=said.people
    )
    record(fact, row=row, by=by.acting, at=at)
    return made


@transaction.atomic
def close_shelter(*, incident: int, shelter: int, by: Person, at: datetime) -> None:
    """A shelter closes once its newest count says that nobody is left. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    found = _shelter(row, shelter)
    newest = found.counts.order_by("-counted_at", "-pk").first()
    if newest is not None and newest.people:
        raise Refused(_("Masih tercatat orang di titik ini. Catat dahulu hitungan 0."), field="shelter")
    found.closed_at = at
    found.save(update_fields=["closed_at"])
    record(events.ShelterClosed(incident=row.pk, shelter=found.pk), row=row, by=by.acting, at=at)


def _shelter(row: Incident, shelter: int) -> Shelter:
    found = Shelter.objects.filter(pk=shelter, incident=row).first()
    if found is None or found.closed_at:
        raise Refused(_("Titik pengungsian ini sudah ditutup."), field="shelter")
    return found


# ── Logistics ──────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def state_need(*, incident: int, name: str, unit: str, needed: int, by: Person, at: datetime) -> Item:
    """How much of a good is needed in all; a new name is a new good. Raises `NotAllowed`."""
    row = locked(incident, by=by)
    made, _is_new = Item.objects.get_or_create(incident=row, name=name.strip(), unit=unit.strip())
    made.needed = needed
    made.save(update_fields=["needed"])
    record(events.NeedStated(incident=row.pk, item=made.pk, needed=needed), row=row, by=by.acting, at=at)
    return made


@transaction.atomic
def move_stock(
    *, incident: int, item: int, amount: int, words: str, by: Person, at: datetime, token: UUID | None = None
) -> Movement:
    """Goods come in (above zero) or go out. Raises `NotAllowed`, `Refused` where more would go out than is there.

    The same form twice moves once. The incident's row is held, and the database refuses less than nothing.
    """
    row = locked(incident, by=by)
    if token and (before := Movement.objects.filter(token=token, item__incident=row).first()):
        return before
    found = Item.objects.filter(pk=item, incident=row).first()
    if found is None:
        raise Refused(_("Pilih barang dari daftar."), field="item")
    if not amount:
        raise Refused(_("Isi jumlah lebih dari 0."), field="amount")
    if found.stock + amount < 0:
        raise Refused(
            _("Persediaan tinggal %(n)d %(unit)s.") % {"n": found.stock, "unit": found.unit}, field="amount"
        )
    if found.stock + amount > _MOST:
        raise Refused(_("Jumlah ini terlalu besar."), field="amount")
    found.stock += amount
    found.save(update_fields=["stock"])
    made = Movement.objects.create(
        item=found, amount=amount, words=words.strip()[:200], at=at, by=by.acting, token=token or uuid4()
    )
    fact = events.StockMoved(incident=row.pk, item=found.pk, amount=amount, left=found.stock)
    record(fact, row=row, by=by.acting, at=at)
    return made


_MOST = 2_000_000_000  # what the column holds

# ── The status of the law ──────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def decree(
    *,
    incident: int,
    status: str,
    number: str,
    signed_on: date,
    first: date,
    last: date,
    by: Person,
    at: datetime,
) -> Decree:
    """Note the decree of an emergency status; the same status again is its extension. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    if row.is_exercise:
        raise Refused(_("Dalam latihan tidak ada status keadaan darurat yang ditetapkan."))
    before = row.decrees.order_by("-first", "-pk").first()
    known = Said(before.status, before.first, before.last) if before else None
    if fault := decree_fault(known, Said(Legal(status).value, first, last)):
        field, words = _said(fault)
        raise Refused(words, field=field)
    if signed_on > reference.today(at):
        raise Refused(_("Tanggal SK belum tiba."), field="signed_on")
    number = bare_number(number)
    if row.decrees.filter(number=number).exists():
        raise Refused(_("Nomor SK ini sudah dicatat."), field="number")
    made = Decree.objects.create(
        incident=row,
        status=status,
        number=number,
        signed_on=signed_on,
        first=first,
        last=last,
        is_extension=known is not None and known.kind == status,
        at=at,
        by=by.acting,
    )
    fact = events.StatusDecreed(
        incident=row.pk,
        decree=made.pk,
        status=status,
        first=first.isoformat(),
        last=last.isoformat(),
        is_extension=made.is_extension,
    )
    record(fact, row=row, by=by.acting, at=at)
    return made


def _said(fault: Fault) -> tuple[str, str]:
    return {
        Fault.ENDS_BEFORE: ("last", _("Hari terakhir tidak boleh sebelum hari pertama.")),
        Fault.GAP: ("first", _("Perpanjangan dimulai sehari sesudah status sebelumnya berakhir.")),
        Fault.BACKWARDS: (
            "status",
            _("Urutannya siaga darurat, tanggap darurat, lalu transisi; tidak kembali ke siaga darurat."),
        ),
        Fault.OVERLAP: ("first", _("Status baru dimulai sesudah status sebelumnya dimulai.")),
    }[fault]


def status_on(row: Incident, day: date) -> Decree | None:
    """The status that holds on a day: the newest decree that began, if its time is not over."""
    newest = row.decrees.filter(first__lte=day).order_by("-first", "-pk").first()
    return newest if newest is not None and newest.last >= day else None
