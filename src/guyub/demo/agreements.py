"""Invented agreements of each demo city: a joint agreement with two contracts, one near its end, and a draft."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from guyub.demo.people import DOMAIN
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.agreements import api as agreements
from guyub.rooms.agreements import carrying_out, standing
from guyub.rooms.agreements.models import Cooperation, Document, Party
from guyub.rooms.partners.models import Partner
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account

SCOPE = ("Berbagi aplikasi", "Pelatihan petugas", "Penelitian bersama")
DAY = timedelta(days=1)


def add_demo_agreements(*, at: datetime) -> None:
    """Once; the first partner of the city is the other side."""
    other = Partner.objects.filter(is_verified=True).order_by("pk").first()
    if other is None or Cooperation.objects.exists():
        return
    today = local_date(at, get_city().tz)
    by = people.person(Account.objects.get(email=f"kemitraan@{DOMAIN}").pk, on=today)
    row = _begun("Kota belajar bersama (contoh)", by, at - 500 * DAY)
    _signed(row, "SURAT_PENAWARAN", None, other, by, at - 490 * DAY, today + 365 * DAY)
    kb = _signed(row, "KB", None, other, by, at - 460 * DAY, today + 635 * DAY)
    near = _signed(row, "PKS", kb, other, by, at - 400 * DAY, today + 75 * DAY)
    _signed(row, "PKS", kb, other, by, at - 200 * DAY, today + 400 * DAY)
    party = Party.objects.get(document=near, partner=other)
    given: dict[str, Any] = {"document": near.pk, "party": party.pk, "by": by, "at": at}
    done = agreements.add_duty(what="Pelatihan 20 petugas contoh", due_on=today - 90 * DAY, **given)
    agreements.deliver(duty=done.pk, on=today - 95 * DAY, words="20 petugas hadir", by=by, at=at - 95 * DAY)
    agreements.add_duty(what="Modul pelatihan percontohan", due_on=today - 5 * DAY, **given)
    agreements.add_duty(what="Laporan penelitian contoh", due_on=today + 60 * DAY, **given)
    for _stage in range(7):
        agreements.reach_next(cooperation=row.pk, by=by, at=at)
    draft = _begun("Sungai bersih lintas daerah (contoh)", by, at - 20 * DAY)
    agreements.draft(cooperation=draft.pk, kind="KB", title=draft.title, under=None, by=by, at=at)
    carrying_out.remind(at=at)


def _begun(title: str, by: Person, at: datetime) -> Cooperation:
    return agreements.begin(
        title=title,
        kind="KSDPK",
        purpose="Warga terlayani lebih baik karena ilmu dan alat dipakai bersama. Ini contoh.",
        framework="Kerangka acuan contoh: latar belakang, lokasi, objek, manfaat, pembiayaan.",
        office=None,
        by=by,
        at=at,
    )


def _signed(
    row: Cooperation, kind: str, above: Document | None, other: Partner, by: Person, at: datetime, ends: date
) -> Document:
    """A document with everything that a signature needs, signed on that day."""
    today = local_date(at, get_city().tz)
    title, under = row.title, above.pk if above else None
    made = agreements.draft(cooperation=row.pk, kind=kind, title=title, under=under, by=by, at=at)
    clauses = {code: "Isi contoh untuk percontohan." for code in standing.newest(made).clauses}
    agreements.write(document=made.pk, clauses=clauses, words="rancangan contoh", by=by, at=at)
    Party.objects.filter(document=made).delete()
    number = f"CONTOH/{made.pk}"
    for side in (
        agreements.Side(
            name=get_city().government_name,
            is_city=True,
            number=number,
            signatory="Pejabat Contoh",
            post="Wali Kota",
        ),
        agreements.Side(
            name=other.name, partner=other.pk, number=f"M-{number}", signatory="Pengurus Contoh", post="Ketua"
        ),
    ):
        agreements.set_party(document=made.pk, said=side, by=by)
    terms = agreements.Terms(title=title, scope=SCOPE, starts_on=today, ends_on=ends)
    agreements.set_terms(document=made.pk, said=terms, by=by)
    agreements.sign(document=made.pk, on=today, place="Balai Kota Contoh", by=by, at=at)
    return Document.objects.get(pk=made.pk)
