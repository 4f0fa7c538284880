"""Personal data in what people write: found, marked for officers, and masked in what everyone may read.

`lokal.samaran` knows the numbers of Indonesia (which regions, dates and operators there are). Around it stands what
matters in a report: any long number that is not plainly something else, plates of all areas, addresses written to
escape a machine. A miss is somebody's telephone in public, a false alarm one tick of an officer: so in doubt, masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["LABELS", "Part", "Span", "find", "mark", "mask", "same"]

# These words stand in published text itself, in the language in which reports are written, so they are no messages.
LABELS = {
    "NIK": "NIK",
    "KK": "nomor KK",
    "PHONE": "nomor telepon",
    "PLATE": "pelat nomor",
    "EMAIL": "surel",
    "ACCOUNT": "akun",
    "BANK": "nomor rekening",
    "DOCUMENT": "nomor dokumen",
    "NUMBER": "nomor",
    "HAND": "",
}
_KINDS = {
    "NIK": "NIK",
    "KK": "KK",
    "PHONE": "PHONE",
    "PLATE": "PLATE",
    "EMAIL": "EMAIL",
    "BANK_ACCOUNT": "BANK",
    "CARD": "BANK",
    **dict.fromkeys(("NPWP", "PASSPORT", "SIM", "NIP", "BPJS", "NISN", "AKTA"), "DOCUMENT"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Where something personal stands, and what kind it is (a key of `LABELS`)."""

    start: int
    end: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; `kind` is empty where it is nobody's."""

    text: str
    kind: str = ""

    @property
    def label(self) -> str:
        return LABELS.get(self.kind, "")


# Letters of all areas on plates (Perkap 7/2021); some stand for a service, which is nobody's.
_AREAS: list[str] = str.split(
    "A AA AB AD AE AG B BA BB BD BE BG BH BK BL BM BN BP D DA DB DC DD DE DG DH DK DL DM DN DP DR DS DT DW E EA "
    "EB ED F G H K KB KH KT KU L M N P PA PB PG PS PT R S T W Z"
)
_PLATE = re.compile(
    rf"(?<![\w/.-])(?:{'|'.join(sorted(_AREAS, key=len, reverse=True))})(?:[ .-]?)(?P<n>[1-9]\d{{0,3}})(?:[ .-]?)"
    r"(?P<tail>[A-Z]{1,3})(?![\w/])",
    re.IGNORECASE,
)
_VEHICLE = re.compile(
    r"\b(?:plat|pelat|nopol|no\.? ?pol(?:isi)?|tnkb|mobil|motor|truk|truck|angkot|bus|pick-?up|sepeda motor|kendaraan|"
    r"avanza|xenia|pajero|fortuner|beat|vario|scoopy|mio|nmax|innova|brio|agya|ayla|grand ?max|elf)\b[^\n.;]{0,30}$",
    re.IGNORECASE,
)
_NO_VEHICLE = re.compile(
    r"\b(?:blok|blk|kav(?:ling)?|gang|gg|no|nomor|tiang|lantai|lt|unit|kamar|ruko|rumah|jalur|rute|koridor|km|tower|"
    r"gedung|kelas|sta|panel|gardu)[. ]*$",
    re.IGNORECASE,
)
# Two small words between digits that sentences are full of: "d 3 di", "b 2 an".
_SMALL_WORDS = frozenset(
    [
        "di",
        "ke",
        "dan",
        "per",
        "jam",
        "km",
        "kg",
        "cm",
        "mm",
        "m",
        "rb",
        "rt",
        "rw",
        "org",
        "kk",
        "st",
        "nd",
        "rd",
        "th",
        "pm",
        "am",
        "an",
        "is",
        "ok",
        "ya",
        "no",
        "id",
        "kw",
        "va",
        "mw",
        "hp",
        "lt",
        "bh",
        "pcs",
        "kl",
        "lbr",
    ]
)

_EMAIL = re.compile(
    r"[\w.+-]+(?: (?:dot|titik) [\w+-]+)? ?(?:@|[\[(] ?(?:at|et) ?[\])]|\bat\b) ?[\w-]+(?: ?(?:\.|[\[(] ?(?:dot|titik) ?[\])]|\b(?:dot|titik)\b) ?[a-z]{2,12}\b)+",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:ig|instagram|insta|tiktok|tik tok|telegram|tele|twitter|facebook|fb|threads)\b[ :=(]{0,3}"
    r"(?P<name>@[\w.]{3,30}\w)|(?P<link>\b(?:instagram\.com|tiktok\.com|facebook\.com|fb\.com|t\.me|twitter\.com)/@?[\w.]{3,40}\w)",
    re.IGNORECASE,
)
_FAMILY_CARD = re.compile(r"\b(?:kk|kartu keluarga)\b[^\d\n]{0,25}$", re.IGNORECASE)
_PHONE_WORD = re.compile(
    r"\b(?:telp|telepon|telpon|tlp|tel|phone|hp|handphone|wa|whatsapp|hub|hubungi|call|kontak|contact|cp|sms)\b[^\d\n]{0,25}$",
    re.IGNORECASE,
)

_RUN = re.compile(r"(?<![\w/-])\+?\(?\d(?:[ ().\u2010-\u2015-]{0,2}\d){5,24}(?!\w)")
_SHORT_PHONE = re.compile(r"(?<![\w/-])\d{3,4}[ -]\d{3,4}(?!\w)")
_HARMLESS = re.compile(
    "|".join(
        (
            r"-?\b\d{1,3}[.,]\d{4,}\b(?![.\d])",  # a coordinate
            r"\b(?:rp|idr)\.? ?\d[\d.,]*",  # money
            r"(?<![\d.])[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?(?![.\d])",  # a large figure
            r"\b\d{4}-\d{2}-\d{2}(?:[ T]\d{1,2}[.:]\d{2}(?:[.:]\d{2})?)?\b",  # a day, perhaps with a time
            r"\b\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?: +\d{1,2}[.:]\d{2})?\b(?![.-]?\d)",
            r"\b(?:19|20)\d{2} ?[-/\u2013] ?(?:19|20)\d{2}\b",  # from year to year
            r"\b\d{1,2}[.:]\d{2} ?(?:-|\u2013|s/?d|sampai) ?\d{1,2}[.:]\d{2}\b",  # from hour to hour
            r"\b[A-Z]{2,6}-\d{4}-\d{6,9}\b",  # a report's own number
            r"(?<![\d.])[1-9]\d{0,2}(?:\.\d{1,5}){3,}\b",  # a code in steps: a region's, an asset's, of a machine
            r"(?<![\d.])\d{2}\.\d{2}\.\d{2}\b(?![\d.-])",
            r"\d+\.(?:jpe?g|png|webp|mp4|pdf)\b",  # a file's name
        )
    ),
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\d|@|\bat\b|\bnol\b|\bkosong\b|\bdelapan\b|\.com/|t\.me/", re.IGNORECASE)


def find(text: str) -> list[Span]:
    """All that looks personal, in the order of the text; nothing overlaps."""
    if not _MAYBE.search(text):
        return []
    plain = _plain(text)
    harmless = [found.span() for found in _HARMLESS.finditer(plain)]
    found = [*_emails(plain), *_known(plain), *_accounts(plain), *_runs(plain, harmless), *_plates(plain)]
    return [Span(start, end, kind, text[start:end]) for start, end, kind in _apart(found)]


def mask(text: str, *, shown: Iterable[str] = (), hidden: Iterable[str] = ()) -> str:
    """The text as everyone may read it: `shown` are false alarms, `hidden` words that somebody marked by hand."""
    return "".join(
        f"[{part.label} disamarkan]" if part.label else "[disamarkan]" if part.kind else part.text
        for part in mark(text, shown=shown, hidden=hidden)
    )


def mark(text: str, *, shown: Iterable[str] = (), hidden: Iterable[str] = ()) -> list[Part]:
    """The text in pieces, what is personal by itself."""
    kept = {same(value) for value in shown}
    spans = [(one.start, one.end, one.kind) for one in find(text) if same(one.value) not in kept]
    spans += [(start, end, "HAND") for words in hidden for start, end in _places(text, words)]
    parts, last = [], 0
    for start, end, kind in _apart(spans, longest_first=False):
        parts += [Part(text[last:start]), Part(text[start:end], kind)]
        last = end
    return [part for part in [*parts, Part(text[last:])] if part.text]


def same(value: str) -> str:
    """By which a value is known again however it is spaced."""
    return re.sub(r"[\W_]+", "", value).lower()


def _places(text: str, words: str) -> list[tuple[int, int]]:
    """Where words stand as whole words, however they are spaced."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    if not pattern:
        return []
    return [found.span() for found in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)]


def _plain(text: str) -> str:
    """The same text, letter for letter, with every kind of digit, dash and blank as its plain one."""
    made = text
    if not text.isascii():
        made = "".join(str(_digit(letter)) if _digit(letter) is not None else letter for letter in made)
        made = re.sub(r"[\u00a0\u2000-\u200d\u202f\u2060\ufeff]", " ", made)
        made = re.sub(r"[\u2010-\u2015\u2212]", "-", made)
    made = re.sub(r"(?<=\d)[oO](?=\d)|(?<!\w)[oO](?=8\d)", "0", made)
    return re.sub(r"(?<=\d)[lI](?=\d)", "1", made)


def _digit(letter: str) -> int | None:
    return int(letter) if letter.isdecimal() and not "0" <= letter <= "9" else None


def _apart(
    spans: Iterable[tuple[int, int, str]], *, longest_first: bool = True
) -> list[tuple[int, int, str]]:
    """Spans of which none overlaps another: the first found wins, but joined with what hangs out of it."""
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(spans, key=lambda one: (one[0], -one[1])) if not longest_first else spans:
        over = [one for one in kept if one[0] < end and start < one[1]]
        if over:
            first = over[0]
            kept = [one for one in kept if one not in over]
            start, end = min(start, *(o[0] for o in over)), max(end, *(o[1] for o in over))
            kind = first[2]
        kept.append((start, end, kind))
    return sorted(kept)


def _emails(text: str) -> list[tuple[int, int, str]]:
    return [
        (*found.span(), "EMAIL") for found in _EMAIL.finditer(text) if "@" in found[0] or _spelt_out(found[0])
    ]


def _spelt_out(words: str) -> bool:
    """`budi at gmail dot com`, but not a sentence with the English word in it."""
    return re.search(r"(?:dot|titik|\.) ?[\])]? ?(?:com|id|net|org|co)$", words, re.IGNORECASE) is not None


def _known(text: str) -> list[tuple[int, int, str]]:
    """What `lokal.samaran` finds. Loaded when the first text is looked through: pages are shown without it."""
    from lokal.samaran import detect_pii

    found = detect_pii(text, types=_KINDS)  # type: ignore[arg-type]
    return [(one.start, one.end, _KINDS[one.type]) for one in found if one.type != "PLATE"]


def _accounts(text: str) -> list[tuple[int, int, str]]:
    return [
        (*found.span("name" if found["name"] else "link"), "ACCOUNT") for found in _ACCOUNT.finditer(text)
    ]


def _runs(text: str, harmless: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Long numbers that are nothing harmless: nine digits or more, or seven beside a word for a telephone."""
    found = []
    for one in _RUN.finditer(_blanked(text, harmless)):
        count = sum(letter.isdigit() for letter in one[0])
        before = text[max(0, one.start() - 40) : one.start()]
        is_phone = bool(_PHONE_WORD.search(before))
        if count >= 9 or (count >= 6 and is_phone):
            found.append((*one.span(), _kind_of_run(one[0], count, before, is_phone=is_phone)))
    return found


def _kind_of_run(run: str, count: int, before: str, *, is_phone: bool) -> str:
    digits = re.sub(r"\D", "", run)
    if count == 16:
        return "KK" if _FAMILY_CARD.search(before) else "NIK"
    if is_phone or (9 <= count <= 14 and re.match(r"0|62[2-9]", digits)):
        return "PHONE"
    return "NUMBER"


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with spans made into letters, so that no number reaches across them."""
    for start, end in spans:
        text = text[:start] + "x" * (end - start) + text[end:]
    return text


def _plates(text: str) -> list[tuple[int, int, str]]:
    return [(*found.span(), "PLATE") for found in _PLATE.finditer(text) if _is_plate(found, text)]


def _is_plate(found: re.Match[str], text: str) -> bool:
    """Capitals as on a plate, or any letters beside a word for a vehicle; not a house, block or pole."""
    before = text[max(0, found.start() - 45) : found.start()]
    if _VEHICLE.search(before):
        return found["tail"].lower() not in _SMALL_WORDS or found[0].isupper()
    if _NO_VEHICLE.search(before) or not found[0].isupper() or found["tail"].lower() in _SMALL_WORDS:
        return False
    return len(found["n"]) >= 3 or len(found["tail"]) >= 2
