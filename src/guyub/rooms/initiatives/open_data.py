"""Initiatives as tables for everyone: partners by name, residents never, sums that agree with the pages.

Residents' promises are one row a line: how many there are and what they add up to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guyub.kernel import masking
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.streaming import Value
from guyub.rooms.initiatives import matching, partner_year, queries, rules
from guyub.rooms.initiatives.models import Delivery, Line, MatchPart, Pledge, Spending
from guyub.rooms.initiatives.rules import Brought, Pledged
from guyub.rooms.partners import api as partners

Row = tuple[Value, ...]
RESIDENTS = "Warga"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name in addresses, what it is, and each column with what it means."""

    code: str
    title: str | Promise
    columns: tuple[tuple[str, str | Promise], ...]
    rows: Callable[[], Iterator[Row]]

    @property
    def header(self) -> list[str]:
        return [name for name, _means in self.columns]


def _day(at: date | datetime | None) -> str:
    if isinstance(at, datetime):
        at = local_date(at, get_city().tz)
    return at.isoformat() if at else ""


def initiatives() -> Iterator[Row]:
    rows = queries.public().select_related("partner").order_by("pk")
    for row in rows.iterator(AT_ONCE):
        yield (
            row.slug,
            row.title,
            row.state,
            row.theme,
            ";".join(row.places),
            partner_year.organiser_of(row),
            _day(row.starts_on),
            _day(row.ends_on),
            _day(row.opened_at),
            _day(row.ended_at),
            absolute(reverse("initiative_page", args=[row.slug])),
        )


def _initiatives() -> Any:
    return queries.public().values("pk")


def lines() -> Iterator[Row]:
    names = ("initiative__slug", "uuid", "resource", "what", "unit", "amount", "accepted", "delivered")
    rows = Line.objects.filter(initiative__in=_initiatives()).order_by("initiative_id", "position", "pk")
    for row in rows.values_list(*names, "verified", "spent", "needed_on").iterator(AT_ONCE):
        slug, uuid, *said, needed_on = row
        yield (slug, str(uuid), *said, _day(needed_on))


def _standing() -> Any:
    """Promises that were taken on; what nobody decided on yet is between giver and organiser."""
    rows = Pledge.objects.filter(line__initiative__in=_initiatives(), accepted__gt=0)
    return rows.exclude(state__in=[Pledged.PROMISED, *rules.BROKEN])


def pledges() -> Iterator[Row]:
    names = ("line__initiative__slug", "line__uuid", "partner_id", "accepted", "delivered", "verified")
    rows = _standing().filter(partner__isnull=False).order_by("line__initiative_id", "line_id", "pk")
    found = list(rows.values_list(*names, "state", "due_on"))
    cards = partners.by_ids(ids={row[2] for row in found})
    for slug, uuid, partner, *sums, state, due_on in found:
        yield (slug, str(uuid), cards[partner].name, 1, *sums, state, _day(due_on))
    yield from _of_residents()


def _of_residents() -> Iterator[Row]:
    rows = (
        _standing()
        .filter(partner__isnull=True)
        .order_by()
        .values_list("line__initiative__slug", "line__uuid")
    )
    counted = rows.annotate(n=Count("pk"), a=Sum("accepted"), d=Sum("delivered"), v=Sum("verified"))
    for slug, uuid, count, accepted, delivered, verified in counted.order_by(
        "line__initiative_id", "line_id"
    ):
        yield (slug, str(uuid), RESIDENTS, count, accepted, delivered, verified, "", "")


def deliveries() -> Iterator[Row]:
    """What was brought and not sent back; of residents on a line and day together."""
    rows = Delivery.objects.filter(pledge__line__initiative__in=_initiatives()).exclude(state=Brought.REFUSED)
    rows = rows.select_related("pledge__line__initiative").order_by("pledge__line__initiative_id", "on", "pk")
    named = list(rows.filter(pledge__partner__isnull=False))
    cards = partners.by_ids(ids={row.pledge.partner_id for row in named if row.pledge.partner_id})
    matched = set(
        MatchPart.objects.filter(is_ended=False, delivery__in=named).values_list("delivery", flat=True)
    )
    for row in named:
        line = row.pledge.line
        name = cards[row.pledge.partner_id or 0].name
        yield (
            *(line.initiative.slug, str(line.uuid), name, _day(row.on), matching.standing(row), row.found),
            *(row.state, row.pk in matched),
        )
    yield from _residents_brought(list(rows.filter(pledge__partner__isnull=True)))


def _residents_brought(rows: list[Delivery]) -> Iterator[Row]:
    sums: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        line = row.pledge.line
        found = sums.setdefault((line.initiative.slug, str(line.uuid), _day(row.on)), [0, 0])
        found[0] += matching.standing(row)
        found[1] += row.found
    for (slug, uuid, on), (amount, there) in sums.items():
        yield (slug, uuid, RESIDENTS, on, amount, there, "", False)


def spending() -> Iterator[Row]:
    names = ("line__initiative__slug", "line__uuid", "on", "amount", "what")
    rows = Spending.objects.filter(line__initiative__in=_initiatives()).order_by("line_id", "on", "pk")
    for slug, uuid, on, amount, what in rows.values_list(*names).iterator(AT_ONCE):
        yield (slug, str(uuid), _day(on), amount, masking.mask(what))


_SLUG = ("prakarsa", _("kata di alamat prakarsanya"))
_LINE = ("baris", _("pengenal kebutuhan, sama di semua tabel"))
TABLES: dict[str, Table] = {
    table.code: table
    for table in (
        Table(
            "prakarsa",
            _("Prakarsa yang pernah dibuka"),
            (
                _SLUG,
                ("judul", _("nama prakarsa")),
                ("keadaan", _("OPEN dibuka, RUNNING berjalan, DONE selesai, STOPPED dihentikan")),
                ("tema", _("kode tema")),
                ("wilayah", _("kode wilayah, dipisah titik koma")),
                ("penyelenggara", _("kantor atau mitra")),
                ("mulai", _("hari pertama")),
                ("sampai", _("hari terakhir")),
                ("dibuka", _("hari dibuka")),
                ("berakhir", _("hari selesai atau dihentikan")),
                ("alamat", _("halaman prakarsa")),
            ),
            initiatives,
        ),
        Table(
            "kebutuhan",
            _("Yang dibutuhkan tiap prakarsa"),
            (
                _SLUG,
                _LINE,
                ("jenis", _("MONEY uang, GOODS barang, HOURS tenaga, dan seterusnya")),
                ("apa", _("yang dibutuhkan")),
                ("satuan", _("satuan jumlahnya; uang dalam rupiah bulat")),
                ("dibutuhkan", _("jumlah yang dibutuhkan")),
                ("dijanjikan", _("jumlah janji yang diterima")),
                ("diserahkan", _("jumlah yang diserahkan")),
                ("terbukti", _("jumlah yang diperiksa dan terbukti ada")),
                ("dibelanjakan", _("uang yang sudah dipakai")),
                ("paling_lambat", _("hari terakhir yang masih menolong")),
            ),
            lines,
        ),
        Table(
            "janji",
            _("Janji yang diterima"),
            (
                _SLUG,
                _LINE,
                ("pemberi", _("nama mitra, atau Warga untuk semua warga bersama")),
                ("banyaknya", _("berapa janji di baris ini")),
                ("dijanjikan", _("jumlah yang diterima")),
                ("diserahkan", _("jumlah yang diserahkan")),
                ("terbukti", _("jumlah yang terbukti ada")),
                ("keadaan", _("ACCEPTED ditunggu, DELIVERED diserahkan, VERIFIED atau THANKED terbukti")),
                ("paling_lambat", _("hari penyerahan menurut pemberi")),
            ),
            pledges,
        ),
        Table(
            "penyerahan",
            _("Penyerahan"),
            (
                _SLUG,
                _LINE,
                ("pemberi", _("nama mitra, atau Warga untuk semua warga bersama")),
                ("hari", _("hari penyerahan")),
                ("jumlah", _("jumlah yang diserahkan")),
                ("terbukti", _("jumlah yang terbukti ada")),
                ("keadaan", _("SENT, RECEIVED, atau VERIFIED")),
                ("cocok_rekening", _("apakah rekening bank menunjukkannya; hanya untuk uang")),
            ),
            deliveries,
        ),
        Table(
            "belanja",
            _("Belanja dari uang yang terbukti ada"),
            (
                _SLUG,
                _LINE,
                ("hari", _("hari belanja")),
                ("jumlah", _("rupiah bulat")),
                ("untuk", _("yang dibeli atau dibayar")),
            ),
            spending,
        ),
    )
}
