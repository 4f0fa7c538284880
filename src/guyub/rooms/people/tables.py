"""Spreadsheets that offices fill in: the columns of each, and how a file becomes rows of plain text.

A file may be anything: an old .xls, a photo, a zip that unfolds to gigabytes. Whatever cannot be read is said in
words (`CannotRead`) and never ends in an error page.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED = 30 * 1024 * 1024
MAX_PARTS = 200
MAX_COLUMNS = 30
MAX_CELL = 400
_HEADER_WITHIN = 10


class CannotRead(ValueError):
    """This file is no table of ours. The message is for people."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in code, its heading, whether it must be filled, what stands in the sample."""

    name: str
    heading: str
    required: bool
    sample: str


@dataclass(frozen=True, slots=True)
class Table:
    """One of the tables that can be imported, at most `rows` long."""

    code: str
    title: str | Promise
    explain: str | Promise
    rows: int
    columns: tuple[Column, ...]

    def heading(self, name: str) -> str:
        return next((column.heading for column in self.columns if column.name == name), name)


_FROM_TO = (
    Column("basis", "Nomor SK", False, "SK 800/123/2026"),
    Column("basis_on", "Tanggal SK", False, "2026-01-02"),
    Column("basis_about", "Tentang", False, "pengangkatan pejabat"),
    Column("since", "Mulai", False, "2026-01-02"),
    Column("last", "Hari terakhir", False, ""),
)
TABLES: dict[str, Table] = {
    table.code: table
    for table in (
        Table(
            "kantor",
            gettext_lazy("Perangkat daerah dan kantor"),
            gettext_lazy(
                "Menambah kantor atau memperbaiki nama, alamat, telepon, dan jam bukanya. Kantor yang tidak "
                "ditulis dan kolom yang kosong tetap seperti adanya."
            ),
            1000,
            (
                Column("key", "Kode", True, "disbudpar"),
                Column("name", "Nama", True, "Dinas Kebudayaan dan Pariwisata"),
                Column("short_name", "Nama singkat", True, "Disbudpar"),
                Column("kind", "Jenis", True, "Perangkat daerah"),
                Column("parent", "Kantor induk", False, ""),
                Column("address", "Alamat", False, "Jalan Contoh 1"),
                Column("phone", "Telepon", False, "(022) 000000"),
                Column("hours", "Jam buka", False, "Senin–Jumat 8.00–15.00"),
            ),
        ),
        Table(
            "petugas",
            gettext_lazy("Petugas dan wewenangnya"),
            gettext_lazy(
                "Membuat akun petugas dan memberi perannya. Kantor boleh ditulis kode atau namanya."
            ),
            1000,
            (
                Column("name", "Nama", True, "Nama Contoh"),
                Column("email", "Surel", True, "nama@contoh.test"),
                Column("role", "Peran", True, "lurah"),
                Column("office", "Kantor", True, "Kelurahan …"),
                *(Column(c.name, c.heading, c.name in ("basis", "since"), c.sample) for c in _FROM_TO),
            ),
        ),
        Table(
            "rtrw",
            gettext_lazy("RW dan RT"),
            gettext_lazy("Mendaftarkan RW dan RT per kelurahan; ketuanya boleh dikosongkan."),
            2000,
            (
                Column("ward", "Kelurahan", True, "Kelurahan …"),
                Column("rw", "RW", True, "003"),
                Column("rt", "RT", False, "002"),
                Column("name", "Nama ketua", False, ""),
                Column("email", "Surel ketua", False, ""),
                *_FROM_TO,
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: its number there, its text by column, and the columns that hold a formula."""

    line: int
    values: dict[str, str]
    formulas: tuple[str, ...] = ()


def read(content: bytes, *, table: Table) -> list[Row]:
    """The filled rows of a file, XLSX or CSV by what it is and not by its name. Raises `CannotRead`."""
    if len(content) > MAX_BYTES:
        raise CannotRead(_("File terlalu besar. Paling besar 2 MB; bagi menjadi beberapa file."))
    if not content.strip():
        raise CannotRead(_("File ini kosong."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotRead(_("Ini file Excel lama (.xls) atau terkunci sandi. Simpan sebagai .xlsx atau .csv."))
    lines = _sheet_lines(content, table) if content.startswith(b"PK") else _text_lines(content, table)
    return _rows(lines, table)


Cell = tuple[str, bool]


def _sheet_lines(content: bytes, table: Table) -> list[tuple[int, list[Cell]]]:
    from openpyxl import load_workbook  # heavy (numpy), and only where a table is read or written

    _refuse_bombs(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        found = []
        limit = table.rows + _HEADER_WITHIN + 1
        for number, cells in enumerate(sheet.iter_rows(max_row=limit, max_col=MAX_COLUMNS), 1):
            found.append((number, [(_text(cell.value), cell.data_type == "f") for cell in cells]))
        return found
    except Exception as broken:
        # The library meets a broken file with errors of every kind; for people they are all the same.
        raise CannotRead(
            _("File ini rusak atau bukan tabel. Simpan ulang sebagai .xlsx, lalu coba lagi.")
        ) from broken


def _refuse_bombs(content: bytes) -> None:
    """A workbook is a zip of XML: how much it unfolds to is looked at before any of it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if "xl/workbook.xml" not in packed.namelist():
                raise CannotRead(_("Ini bukan file Excel. Gunakan contoh yang dapat diunduh di halaman ini."))
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise CannotRead(_("Isi file ini terlalu besar. Salin datanya saja ke contoh yang diunduh."))
            for part in parts:
                text = (
                    packed.read(part).replace(b"\0", b"")
                    if part.filename.endswith((".xml", ".rels"))
                    else b""
                )
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise CannotRead(_("File ini memuat hal yang tidak biasa dan tidak dibaca."))
    except CannotRead:
        raise
    except Exception as broken:
        raise CannotRead(
            _("File ini rusak atau bukan tabel. Simpan ulang sebagai .xlsx, lalu coba lagi.")
        ) from broken


def _text_lines(content: bytes, table: Table) -> list[tuple[int, list[Cell]]]:
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found = []
    try:
        for cells in islice(reader, table.rows + _HEADER_WITHIN + 1):
            values = [cell.strip() for cell in cells[:MAX_COLUMNS]]
            found.append(
                (reader.line_num, [(_text(cell), cell.startswith(("=", "@", "+"))) for cell in values])
            )
    except csv.Error as broken:
        raise CannotRead(_("File ini bukan CSV yang utuh. Simpan ulang, lalu coba lagi.")) from broken
    return found


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else what Excel on Windows writes."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    codecs = ["utf-16"] if is_wide else ["utf-8-sig", "cp1252"]
    for codec in codecs:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise CannotRead(_("File ini bukan tabel. Kirim .xlsx atau .csv."))


def _text(value: Any) -> str:
    """A cell as people read it; what no keyboard types is left out."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    shown = "".join(sign for sign in str(value) if sign.isprintable() or sign == " ")
    return " ".join(shown.split())[: MAX_CELL + 1]


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def _rows(lines: list[tuple[int, list[Cell]]], table: Table) -> list[Row]:
    known = {_plain(column.heading): column.name for column in table.columns}
    head = next(
        (n for n, (_line, cells) in enumerate(lines[:_HEADER_WITHIN]) if _headings(cells, known)), None
    )
    if head is None:
        raise CannotRead(
            _("Judul kolom tidak ditemukan. Baris pertama harus berisi: %(names)s.")
            % {"names": ", ".join(column.heading for column in table.columns)}
        )
    places = [known.get(_plain(text), "") for text, _formula in lines[head][1]]
    lacking = [c.heading for c in table.columns if c.required and c.name not in places]
    if lacking:
        raise CannotRead(_("Kolom ini tidak ada: %(names)s.") % {"names": ", ".join(lacking)})
    if len(set(filter(None, places))) < len(list(filter(None, places))):
        raise CannotRead(_("Ada judul kolom yang ditulis dua kali."))
    rows = list(_filled(lines[head + 1 :], places, table))
    if not rows:
        raise CannotRead(_("Belum ada baris yang diisi."))
    if len(rows) > table.rows:
        raise CannotRead(_("Paling banyak %(n)d baris. Bagi menjadi beberapa file.") % {"n": table.rows})
    return rows


def _headings(cells: list[Cell], known: dict[str, str]) -> bool:
    return sum(_plain(text) in known for text, _formula in cells) >= 2


def _filled(lines: Iterable[tuple[int, list[Cell]]], places: list[str], table: Table) -> Iterator[Row]:
    for line, cells in lines:
        if not any(text for text, _formula in cells):
            continue
        values = {column.name: "" for column in table.columns}
        formulas = []
        for name, (text, formula) in zip(places, cells, strict=False):
            if name:
                values[name] = text
                if formula:
                    formulas.append(name)
        if any(values.values()):
            yield Row(line, values, tuple(formulas))


Filled = list[dict[str, str]]


def sample_csv(table: Table, *, rows: Filled | None = None) -> bytes:
    """The table as Indonesian Excel opens it, semicolons and a mark: with the rows given, else with one sample."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    for line in _lines(table, rows):
        writer.writerow(line)
    return out.getvalue().encode("utf-8-sig")


def _lines(table: Table, rows: Filled | None) -> Iterator[list[str]]:
    """The headings and what is below them. What a spreadsheet would run as a formula loses what makes it one."""
    yield [column.heading for column in table.columns]
    if rows is None:
        yield [column.sample for column in table.columns]
    for row in rows or ():
        yield [row.get(column.name, "").lstrip("=+-@\t\r ") for column in table.columns]


def sample_xlsx(table: Table, *, choices: dict[str, list[str]], rows: Filled | None = None) -> bytes:
    """The table with the rows given, else with one sample, and a second sheet with what may be written where."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    for line in _lines(table, rows):
        sheet.append(line)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 24
    sheet.freeze_panes = "A2"
    listed = book.create_sheet(_("Pilihan"))
    for number, (heading, values) in enumerate(choices.items(), 1):
        for place, value in enumerate([heading, *values], 1):
            listed.cell(row=place, column=number, value=value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parsed_date(text: str) -> date | None:
    """A day as people write it: 2026-01-31, 31/1/2026 or 31-01-2026; None for what is none."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            found = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return found if 1990 <= found.year <= 2100 else None
    return None
