"""The decision table as a file for spreadsheets: written whole, and read back with errors by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from guyub.rooms.casework import table
from guyub.rooms.casework.decision_table import Row

COLUMNS = (
    "kategori",
    "jenis",
    "wilayah",
    "tingkat",
    "perangkat_daerah",
    "pembina",
    "berlaku_sejak",
    "dasar_hukum",
)
LARGEST = 1_000_000
MOST_ROWS = 5_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def written(rows: Iterable[Row]) -> str:
    """Rows as CSV. A cell that a spreadsheet would run as a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (
            row.category,
            row.classification,
            row.place,
            row.level,
            row.agency,
            row.backing,
            row.since.isoformat(),
            row.basis,
        )
        writer.writerow(["'" + cell if cell.startswith(_DANGEROUS) else cell for cell in cells])
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: rows, or what is wrong in which line (1 is the heading)."""

    rows: list[Row]
    errors: list[str]


def read(data: bytes, *, on: date, kind: str = table.REPORT) -> Read:
    """Read a whole table, separated by comma or semicolon. Rows that hold on the day are not doubted."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Read([], [_("Simpan berkas sebagai CSV dengan penyandian UTF-8.")])
    heading = text.partition("\n")[0]
    lines = csv.DictReader(
        io.StringIO(text), delimiter=";" if heading.count(";") > heading.count(",") else ","
    )
    lacking = [name for name in COLUMNS[:6] if name not in (lines.fieldnames or ())]
    if lacking:
        return Read([], [_("Kolom ini tidak ada: %(names)s.") % {"names": ", ".join(lacking)}])
    try:
        return _rows(lines, kind, on)
    except csv.Error:
        return Read([], [_("Berkas ini tidak dapat dibaca sebagai CSV.")])


def _rows(lines: csv.DictReader[str], kind: str, on: date) -> Read:
    said = {row.key: row.says for row in table.table_of(kind).in_force(on=on)}
    known = table.Known.now(kind)
    rows: dict[tuple[str, str, str], Row] = {}
    errors = []
    for line, cells in enumerate(lines, 2):
        if line > MOST_ROWS:
            errors.append(_("Berkas ini terlalu panjang."))
            break
        values = [(cells[name] or "").strip().removeprefix("'")[:60] for name in COLUMNS[:6]]
        if not any(values):
            continue
        row = Row(*values)  # type: ignore[arg-type]
        wrong = "" if said.get(row.key) == row.says else known.wrong_with(row)
        if not row.level:
            wrong = _("Tingkat belum diisi.")
        if row.key in rows:
            wrong = _("Baris ini sudah ada di atas.")
        if wrong:
            errors.append(_("Baris %(line)d: %(wrong)s") % {"line": line, "wrong": wrong})
        rows[row.key] = row
    return Read(list(rows.values()), errors)
