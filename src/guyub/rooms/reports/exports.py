"""Reports as a table to take away, for whoever reads without an account: no more than the list shows."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.streaming import Value
from guyub.rooms.casework import api as casework
from guyub.rooms.places import api as places
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.queries import Wanted, chosen, routed_categories
from guyub.rooms.reports.rules import Seen, seen_by_public

CHUNK = 500
COLUMNS = (
    "nomor",
    "kategori",
    "kode_wilayah",
    "kelurahan_desa",
    "kecamatan",
    "keadaan",
    "tanggal",
    "isi",
    "patokan",
    "juga_mengalami",
)


def dictionary() -> list[tuple[str, str]]:
    """Each column with its meaning."""
    said = (
        _("Nomor laporan."),
        _("Kategori laporan."),
        _("Kode wilayah menurut Kemendagri."),
        _("Kelurahan atau desa."),
        _("Kecamatan."),
        _("Keadaan laporan sekarang."),
        _("Tanggal dikirim; kosong sebelum diverifikasi."),
        _("Kata pelapor sebagaimana ditampilkan; kosong sebelum diverifikasi atau bila rahasia."),
        _("Patokan sebagaimana ditampilkan."),
        _("Berapa warga yang juga mengalami; kosong sebelum diverifikasi."),
    )
    return list(zip(COLUMNS, said, strict=True))


def table(*, wanted: Wanted) -> Iterator[list[Value]]:
    """The rows of the table, the oldest first, read by a cursor of the server."""
    return (values for _point, values in _rows(wanted))


def features(*, wanted: Wanted) -> Iterator[tuple[tuple[float, float] | None, dict[str, Value]]]:
    """The rows as points with their properties; what strangers may not read yet has no point."""
    for point, values in _rows(wanted):
        yield point, dict(zip(COLUMNS, values, strict=True))


def _rows(wanted: Wanted) -> Iterator[tuple[tuple[float, float] | None, list[Value]]]:
    names = {one.code: one.name for one in routed_categories()}
    tz, where = get_city().tz, places.gazetteer().by_code
    states = {state.value: str(label) for state, label in casework.wording.STATE_LABELS.items()}
    for report in chosen(wanted).order_by("pk").iterator(chunk_size=CHUNK):
        place = where.get(report.place.code)
        outline: list[Value] = [
            report.number,
            names[report.category.code],
            report.place.code,
            place.label if place else "",
            place.district if place else "",
            states[report.state],
        ]
        if not _is_public(report):
            yield None, [*outline, "", "", "", ""]
            continue
        point = (report.lat, report.lon) if report.lat is not None and report.lon is not None else None
        day = local_date(report.submitted_at, tz).isoformat()
        yield point, [*outline, day, report.public_body, report.public_landmark, report.supporters]


def _is_public(report: Report) -> bool:
    seen = seen_by_public(
        is_published=report.published_at is not None,
        is_confidential=report.is_confidential,
        about_conduct=report.about_conduct,
    )
    return seen is Seen.ALL
