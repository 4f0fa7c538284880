"""A list of partners that the city keeps elsewhere: read, tried, and taken over row by row as somebody chose.

The file is read by `people`, as all tables are. Nothing is written before every row can be; rows that may be an entry
that is there wait for a person to say "the same" or "new".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import partners as events
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.partners import founding, merging, reference
from guyub.rooms.partners.acting import as_city, office_of
from guyub.rooms.partners.founding import Profile, marks_of, profile_of
from guyub.rooms.partners.models import ImportDraft, Partner
from guyub.rooms.partners.rules import (
    Double,
    Kind,
    Known,
    LegalForm,
    Origin,
    doubles,
    folded,
    name_key,
    number_key,
)
from guyub.rooms.partners.wording import KINDS, LEGAL_FORMS
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Column, Row, RowRefused, Table
from guyub.rooms.places import api as places

# One form may not carry more fields than the server takes (settings); 33 communities are a usual list.
MOST_ROWS = 150
TABLE = Table(
    "mitra",
    gettext_lazy("Daftar mitra"),
    gettext_lazy("Komunitas dan mitra yang sudah didata di luar Guyub."),
    MOST_ROWS,
    (
        Column("name", "Nama", True, "Komunitas Contoh Sungai"),
        Column("kind", "Jenis", False, "Komunitas"),
        Column("themes", "Bidang", False, "Sungai dan air bersih; sampah"),
        Column("places", "Wilayah", False, "Kelurahan …; Kecamatan …"),
        Column("founded_year", "Tahun berdiri", False, "2019"),
        Column("active_members", "Anggota aktif", False, "25"),
        Column("routine", "Kegiatan rutin", False, "Bersih sungai tiap Minggu"),
        Column("legal_form", "Bentuk hukum", False, "SKT"),
        Column("legal_number", "Nomor hukum", False, ""),
        Column("legal_until", "Berlaku sampai", False, "2029-12-31"),
        Column("contact_name", "Nama kontak", False, ""),
        Column("contact_phone", "Telepon kontak", False, ""),
        Column("contact_email", "Surel kontak", False, ""),
        Column("website", "Situs", False, ""),
    ),
)
_SHORT_KINDS = {
    "komunitas": Kind.COMMUNITY,
    "ormas": Kind.COMMUNITY,
    "perusahaan": Kind.COMPANY,
    "swasta": Kind.COMPANY,
    "perguruan tinggi": Kind.UNIVERSITY,
    "kampus": Kind.UNIVERSITY,
    "sekolah": Kind.UNIVERSITY,
    "media": Kind.MEDIA,
    "rw": Kind.RW,
    "rt": Kind.RT,
    "pkk": Kind.PKK,
    "karang taruna": Kind.KARANG_TARUNA,
    "lpm": Kind.LPM,
    "instansi": Kind.AGENCY,
    "dinas": Kind.AGENCY,
}


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that can be taken over, and the entries that it may be."""

    line: int
    profile: Profile
    doubles: list[Double]


@dataclass(slots=True)
class Tried:
    """What a list would do. With a single problem nothing of it can be taken over."""

    candidates: list[Candidate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def keep(content: bytes, *, by: Person, at: datetime) -> ImportDraft:
    """Read a file and keep its rows, encrypted, until somebody has chosen. Raises `people.CannotRead`."""
    officer = as_city(by)
    rows = people.read(content, table=TABLE)
    return ImportDraft.objects.create(rows=json.dumps([asdict(row) for row in rows]), by_id=officer, at=at)


def rows_of(draft: ImportDraft) -> list[Row]:
    return [Row(one["line"], one["values"], tuple(one["formulas"])) for one in json.loads(draft.rows)]


def forget_drafts(*, at: datetime) -> int:
    hours = reference.amount("import_kept", at=at)
    return ImportDraft.objects.filter(at__lt=at - timedelta(hours=hours)).delete()[0]


def try_rows(rows: list[Row]) -> Tried:
    """What each row says, what is wrong with it, and which entries it may be. Nothing is written. One query."""
    tried, known = Tried(), merging.known()
    seen: dict[str, int] = {}
    for row in rows:
        try:
            said = _profile(row)
            key = name_key(said.name)
            if key in seen:
                raise RowRefused("name", _("Sama dengan baris %(line)d.") % {"line": seen[key]})
            seen[key] = row.line
        except RowRefused as refused:
            tried.problems.append(Problem(row.line, TABLE.heading(refused.column), str(refused)))
            continue
        marks = marks_of(email=said.contact_email, phone=said.contact_phone)
        own = Known(0, key, number_key(said.legal_number), frozenset(marks))
        tried.candidates.append(Candidate(row.line, said, doubles(own, known)[:3]))
    return tried


@transaction.atomic
def apply(*, draft: ImportDraft, choices: Mapping[int, str], by: Person, at: datetime) -> tuple[int, int]:
    """Take the rows over: by line `new`, `skip`, or the id of the entry that it is; how many were added and changed.

    A row that may be an entry and has no choice raises `Undecided`; problems raise it too. Then nothing is written.
    """
    officer = as_city(by)
    if ImportDraft.objects.select_for_update().filter(pk=draft.pk).first() is None:
        return 0, 0  # sent twice: the first has taken it over
    tried = try_rows(rows_of(draft))
    if tried.problems:
        raise Undecided
    added = changed = 0
    for one in tried.candidates:
        choice = choices.get(one.line, "" if one.doubles else "new")
        if choice == "new":
            founding.register(profile=one.profile, by=by, origin=Origin.IMPORT, at=at)
            added += 1
        elif choice in {str(double.id) for double in one.doubles}:
            changed += _complete(int(choice), one.profile, by=by, at=at)
        elif choice != "skip":
            raise Undecided
    if added or changed:
        fact = events.ListImported(added=added, changed=changed)
        ledger.record(fact, subject="partners.list:mitra", at=at, by=officer, on_behalf_of=office_of(by))
    draft.delete()
    return added, changed


class Undecided(Exception):
    """A row may be an entry that is there, and nobody said whether it is."""


_FILLED = (
    "routine",
    "founded_year",
    "active_members",
    "website",
    "legal_number",
    "legal_until",
    "contact_name",
    "contact_email",
    "contact_phone",
)


def _complete(partner: int, said: Profile, *, by: Person, at: datetime) -> bool:
    """What the entry lacks is filled in; what it says of itself stays. Whether anything changed."""
    row = Partner.objects.get(pk=partner)
    own = profile_of(row)
    more: dict[str, Any] = {
        name: getattr(said, name) for name in _FILLED if not getattr(own, name) and getattr(said, name)
    }
    if own.legal_form == LegalForm.NONE and said.legal_form != LegalForm.NONE:
        more["legal_form"] = said.legal_form
    more["themes"] = tuple(dict.fromkeys([*own.themes, *said.themes]))
    whole = get_city().code
    if said.places != (whole,):
        more["places"] = tuple(dict.fromkeys([*own.places, *said.places]))
    new = replace(own, **more)
    if new == own:
        return False
    founding.change_profile(partner=partner, profile=new, by=by, at=at)
    return True


# ── A row's cells ──────────────────────────────────────────────────────────────────────────────────────────
def _profile(row: Row) -> Profile:
    if row.formulas:
        raise RowRefused(row.formulas[0], _("Sel ini berisi rumus. Tulis nilainya saja."))
    said = row.values
    for name, longest in (
        ("name", 160),
        ("routine", 400),
        ("legal_number", 80),
        ("contact_name", 120),
        ("contact_phone", 40),
    ):
        if len(said[name]) > longest:
            raise RowRefused(name, _("Terlalu panjang."))
    if len(folded(said["name"])) < 3:
        raise RowRefused("name", _("Tulis namanya, paling sedikit tiga huruf."))
    return Profile(
        said["name"],
        kind=_kind(said["kind"]),
        routine=said["routine"],
        founded_year=_number(said, "founded_year", 1800, 2100),
        active_members=_number(said, "active_members", 0, 10_000_000),
        website=_website(said["website"]),
        themes=_themes(said["themes"]),
        places=_places(said["places"]),
        legal_form=_legal_form(said["legal_form"]),
        legal_number=said["legal_number"],
        legal_until=_day(said["legal_until"]),
        contact_name=said["contact_name"],
        contact_email=_email(said["contact_email"]),
        contact_phone=said["contact_phone"],
    )


def _parts(text: str) -> list[str]:
    return [part for part in (one.strip() for one in re.split(r"[;,|]", text)) if part]


def _kind(text: str) -> Kind:
    if not text:
        return Kind.COMMUNITY
    known = {folded(str(label)): kind for kind, label in KINDS.items()} | _SHORT_KINDS
    known |= {kind.value.lower(): kind for kind in Kind}
    if folded(text) not in known and text.lower() not in known:
        said = ", ".join(_SHORT_KINDS)
        raise RowRefused("kind", _("Jenis tidak dikenal. Pilih: %(names)s.") % {"names": said})
    return known.get(folded(text)) or known[text.lower()]


def _themes(text: str) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for theme in reference.themes():
        known[folded(theme.label)] = known[folded(theme.code)] = theme.code
    for code in list(known):
        known.setdefault(code.split()[0], known[code])
    found = []
    for part in _parts(text):
        code = known.get(folded(part), "")
        if not code:
            said = "; ".join(theme.label for theme in reference.themes())
            raise RowRefused(
                "themes", _("“%(part)s” tidak dikenal. Pilih: %(names)s.") % {"part": part, "names": said}
            )
        found.append(code)
    return tuple(dict.fromkeys(found))


def _places(text: str) -> tuple[str, ...]:
    found = []
    for part in _parts(text):
        bare = re.sub(r"^(kelurahan|kel\.?|kecamatan|kec\.?|desa)\s+", "", part, flags=re.IGNORECASE)
        rows = [row for row in places.gazetteer().search(bare) if row.stands]
        same = [row for row in rows if folded(row.name) == folded(bare) or row.code == bare]
        if "kec" in part.lower().split(".")[0].split()[0]:
            same = [row for row in same if not row.is_settlement] or same
        if part.lower().startswith("kel"):
            same = [row for row in same if row.is_settlement] or same
        if len(same) != 1:
            raise RowRefused("places", _wrong_place(part, same or rows))
        found.append(same[0].code)
    return tuple(dict.fromkeys(found)) or (get_city().code,)


def _wrong_place(part: str, rows: list[places.PlaceRow]) -> str:
    if not rows:
        return _("Wilayah “%(part)s” tidak ada di daerah ini.") % {"part": part}
    said = ", ".join(f"{row.label} ({row.code})" for row in rows[:4])
    return _("Ada beberapa: %(names)s. Tulis kodenya.") % {"names": said}


def _legal_form(text: str) -> LegalForm:
    if not text:
        return LegalForm.NONE
    known = {folded(str(label)): form for form, label in LEGAL_FORMS.items()}
    known |= {form.value.lower(): form for form in LegalForm} | {
        "tidak ada": LegalForm.NONE,
        "belum": LegalForm.NONE,
    }
    found = known.get(folded(text))
    if found is None:
        said = ", ".join(str(label) for label in LEGAL_FORMS.values())
        raise RowRefused("legal_form", _("Bentuk tidak dikenal. Pilih: %(names)s.") % {"names": said})
    return found


def _number(said: Mapping[str, str], column: str, least: int, most: int) -> int | None:
    text = said[column].replace(".", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise RowRefused(column, _("Tulis angka saja."))
    return int(text)


def _day(text: str) -> date | None:
    if not text:
        return None
    day = people.parsed_date(text)
    if day is None:
        raise RowRefused("legal_until", _("Tanggal tidak terbaca. Tulis seperti 2026-01-31 atau 31/01/2026."))
    return day


def _email(text: str) -> str:
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise RowRefused("contact_email", _("Alamat surel tidak benar.")) from None
    return text.lower()


def _website(text: str) -> str:
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise RowRefused("website", _("Alamat situs tidak benar.")) from None
    return address[:200]


def choices_in_words() -> dict[str, list[str]]:
    """What may be written where, for the second sheet of the sample."""
    return {
        "Jenis": list(_SHORT_KINDS),
        "Bidang": [theme.label for theme in reference.themes()],
        "Bentuk hukum": [str(label) for label in LEGAL_FORMS.values()],
    }
