"""Reading what was copied out of SP4N-LAPOR!: plain Python, which never raises for what people paste.

LAPOR! has no interface that a city may call, so an item comes as text from its screen or as a file. Whatever is not
recognised stays in the body: nothing that a resident wrote is lost. Who they are is left out, for LAPOR! keeps it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

FIELDS = ("id", "title", "body", "date", "category", "class", "place", "anonymous", "confidential")
PERSON = "person"  # recognised so that it can be left out
NOT_USED = ""

_LABELS: dict[str, tuple[str, ...]] = {
    "id": (
        "tracking id", "trackingid", "id laporan", "nomor laporan", "no laporan", "no. laporan", "kode laporan",
        "nomor tracking", "no tracking", "id tracking", "nomor tiket", "no tiket", "id", "tracking",
    ),
    "title": ("judul", "judul laporan", "perihal"),
    "body": ("isi", "isi laporan", "isi aduan", "deskripsi", "uraian", "laporan"),
    "date": (
        "tanggal", "tanggal laporan", "tanggal lapor", "tanggal masuk", "tanggal diterima", "waktu laporan",
        "tgl laporan", "tgl", "dibuat", "dibuat pada",
    ),
    "category": ("kategori", "topik", "kategori laporan", "bidang"),
    "class": ("klasifikasi", "klasifikasi laporan", "jenis laporan", "jenis", "tipe laporan"),
    "place": ("lokasi", "lokasi kejadian", "tempat kejadian", "alamat kejadian", "kelurahan", "wilayah"),
    "anonymous": ("anonim",),
    "confidential": ("rahasia",),
    PERSON: (
        "pelapor", "nama pelapor", "nama", "nik", "email", "e-mail", "surel", "telepon", "no hp", "no. hp", "nomor hp",
        "no telepon", "nomor telepon", "telp", "alamat pelapor", "jenis kelamin", "pekerjaan", "umur", "usia",
        "tanggal lahir", "whatsapp", "username",
    ),
}  # fmt: skip
_BY_LABEL = {label: name for name, labels in _LABELS.items() for label in labels}
_LINE = re.compile(r"\s*([^\W\d][\w .\-/]{1,28}?)\s*[:=]\s*(.*)")
_HASH_ID = re.compile(r"#\s*(\d{5,12})\b")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{2,39}", re.ASCII)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan januari january", "feb februari february", "mar maret march", "apr april", "mei may",
         "jun juni june", "jul juli july", "agu agt agustus aug august", "sep sept september",
         "okt oktober oct october", "nov november nopember", "des desember dec december"), 1)
    for name in names.split()
}  # fmt: skip
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", re.ASCII)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)", re.ASCII)
_IN_WORDS = re.compile(r"\b(\d{1,2})\s+([A-Za-z]{3,10})\.?,?\s+(\d{4})\b", re.ASCII)
_HOUR = re.compile(r"(?:^|[\sT,])(\d{1,2})[:.](\d{2})(?::\d{2})?(?:\s|$|[A-Z+])", re.ASCII)

CLASSES = {
    "PENGADUAN": ("pengaduan", "aduan", "keluhan"),
    "ASPIRASI": ("aspirasi", "usul", "saran"),
    "PERMINTAAN_INFORMASI": ("permintaan informasi", "informasi", "permohonan informasi"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """What was recognised, as text; `when` is local to the city and has no zone yet."""

    id: str = ""
    title: str = ""
    body: str = ""
    when: datetime | None = None
    category: str = ""
    report_class: str = ""
    place: str = ""
    is_anonymous: bool = False
    is_confidential: bool = False
    is_conduct: bool = False


def cleaned(text: str) -> str:
    """Text without what no keyboard types: control characters, halves of characters, signs that turn a line."""
    lines = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\N{NO-BREAK SPACE}", " ")
    )
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    return "".join(
        sign
        for sign in lines
        if sign == "\n"
        or (unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn") and sign not in turning)
    )


def field_of(label: str) -> str:
    """Which field a label or a column's name means; '' for one that is not known."""
    words = " ".join(re.sub(r"[_*]+", " ", label).lower().split()).rstrip(":. ")
    return _BY_LABEL.get(words, NOT_USED)


def read_item(text: str) -> Item:
    """One pasted item. Lines such as `Judul: …` are fields; a body goes on until the next such line."""
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    current = rest
    for line in cleaned(text).split("\n"):
        match = _LINE.fullmatch(line)
        name = field_of(match[1]) if match else NOT_USED
        if match and name:
            is_again = name in found and name != PERSON
            current = rest if is_again else found.setdefault(name, [])
            current.append(line.strip() if is_again else match[2].strip())
            current = current if name == "body" or is_again else rest
        else:
            current.append(line.strip())
    values = {name: "\n".join(lines).strip() for name, lines in found.items()}
    values["body"] = _joined(values.get("body", ""), "\n".join(rest).strip())
    if "id" not in values and (hashed := _HASH_ID.search(values["body"])):
        values["id"] = hashed[1]
    return read_fields(values)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def read_fields(values: Mapping[str, str]) -> Item:
    """An item from its fields as text; what a field cannot mean goes into the body."""
    given = {name: cleaned(values.get(name, "")).strip() for name in FIELDS}
    when, lost = read_moment(given["date"]), []
    if given["date"] and when is None:
        lost.append(given["date"])
    tracking = given["id"].lstrip("#").strip()
    if tracking and not _ID.fullmatch(tracking):
        lost.append(tracking)
        tracking = ""
    return Item(
        id=tracking,
        title=" ".join(given["title"].split()),
        body=_joined(given["body"], *lost),
        when=when,
        category=" ".join(given["category"].split()),
        report_class=class_of(given["class"]),
        place=" ".join(given["place"].split()),
        is_anonymous=is_yes(given["anonymous"]),
        is_confidential=is_yes(given["confidential"]),
        is_conduct=is_conduct(given["class"]),
    )


def is_yes(text: str) -> bool:
    return text.strip().lower() in ("ya", "y", "yes", "1", "true", "anonim", "rahasia", "benar")


def is_conduct(text: str) -> bool:
    """*Pengaduan berkadar pengawasan*: about officials' conduct."""
    words = text.lower()
    return "berkadar pengawasan" in words and "tidak berkadar" not in words


def class_of(text: str) -> str:
    words = text.lower()
    found = (code for code, names in CLASSES.items() if any(name in words for name in names))
    return next(found, "")


def read_moment(text: str) -> datetime | None:
    """A day, with an hour if one is said, as Indonesian offices write it; None if it is no moment. Naive."""
    day = read_day(text)
    if day is None:
        return None
    hour = _HOUR.search(_DAY_FIRST.sub(" ", _YEAR_FIRST.sub(" ", text)))
    if hour and int(hour[1]) < 24 and int(hour[2]) < 60:
        return datetime.combine(day, time(int(hour[1]), int(hour[2])))
    return datetime.combine(day, time(8))  # an office opens; the clocks count days


def read_day(text: str) -> date | None:
    text = text[:80]
    try:
        if found := _YEAR_FIRST.search(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.search(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if (found := _IN_WORDS.search(text)) and found[2].lower() in _MONTHS:
            return date(int(found[3]), _MONTHS[found[2].lower()], int(found[1]))
    except ValueError:
        return None
    return None


# ── Files ──────────────────────────────────────────────────────────────────────────────────────────────────


class NotATable(ValueError):
    """The file cannot be read as rows and columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's heading and rows, all of one length."""

    heading: list[str]
    rows: list[list[str]] = field(default_factory=list)


def decoded(data: bytes) -> str:
    """The text of a file, by its mark, else UTF-8, else the Western code page that old spreadsheets write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_table(data: bytes, *, most: int) -> Table:
    """A CSV file with commas, semicolons, tabs or bars. Raises `NotATable` (the message is a code for the caller)."""
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise NotATable("spreadsheet")
    text = decoded(data).replace("\0", "")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in row):
                rows.append([cleaned(cell).strip() for cell in row])
            if len(rows) > most + 1:
                raise NotATable("long")
    except csv.Error:
        raise NotATable("broken") from None
    if len(rows) < 2 or len(rows[0]) < 2 or len(rows[0]) > 100:
        raise NotATable("empty")
    width = len(rows[0])
    return Table(rows[0], [(row + [""] * width)[:width] for row in rows[1:]])


def suggest_mapping(heading: Sequence[str]) -> dict[str, int]:
    """Which column is which field, by its name; a field takes the first that fits."""
    found: dict[str, int] = {}
    for position, label in enumerate(heading):
        name = field_of(label)
        if name in FIELDS and name not in found:
            found[name] = position
    return found


def row_values(row: Sequence[str], mapping: Mapping[str, int]) -> dict[str, str]:
    """A row's fields. Columns that mean none are left out: a file may hold what is nobody's business here."""
    return {name: row[position] for name, position in mapping.items() if 0 <= position < len(row)}


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet shows and does not calculate."""
    return (
        f"'{text}"
        if text.lstrip().startswith(("=", "+", "-", "@")) or (text[:1] in "\t\r\n" and text)
        else text
    )


# ── Suggestions ────────────────────────────────────────────────────────────────────────────────────────────


def _plain(text: str) -> str:
    return f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "


def suggest_category(texts: Iterable[str], words: Mapping[str, Iterable[str]]) -> str:
    """The category whose words a text says most, the earlier texts weighing more; '' if none."""
    score: dict[str, float] = {}
    for weight, text in zip((4.0, 2.0, 1.0), texts, strict=False):
        plain = _plain(text)
        for code, known in words.items():
            hits = sum(len(_plain(word).split()) for word in known if _plain(word) in plain)
            score[code] = score.get(code, 0) + weight * hits
    best = max(score, key=lambda code: score[code], default="")
    return best if best and score[best] > 0 else ""


def match_place(texts: Iterable[str], settlements: Iterable[tuple[str, str, str]]) -> str:
    """The code of the kelurahan or desa that a text names, given (code, name, kecamatan); '' if none or several."""
    rows = [(code, _plain(name), _plain(district)) for code, name, district in settlements]
    for text in texts:
        plain = _plain(text)
        named = [
            row for row in rows
            if any(f"{word}{row[1]}" in plain for word in (" kelurahan", " kel", " desa", " nagari", " ds"))
        ]  # fmt: skip
        found = named or [row for row in rows if row[1] in plain]
        longest = max((len(row[1]) for row in found), default=0)
        found = [row for row in found if len(row[1]) == longest]
        if len(found) > 1:
            found = [row for row in found if row[2] in plain] or found
        if len(found) == 1:
            return found[0][0]
    return ""
