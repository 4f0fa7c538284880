"""Which category a text speaks of, how surely, and by which words: plain Python, without Django or numpy.

Two ways, side by side. *Keywords*: what people call a category, from its own row; works on the first day. *Learnt*:
a linear model over words and letters of words, trained elsewhere (`learning.py`) and read here from a small file,
because a web process has no room for the library that trains it.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

FORMAT = 1
LONGEST = 2000  # letters of a text that are read
GRAMS = (3, 4)
_MARK, _FEWEST = "#", 3
FEW_TELL = 0.3  # what nothing says: one word that many claim is no suggestion

# Said in any report, in writing, in chat, in Javanese and Sundanese: they tell nothing of what it is about.
_LITTLE = frozenset(
    [
        "yang",
        "yg",
        "dan",
        "di",
        "ke",
        "dari",
        "dr",
        "ini",
        "itu",
        "ada",
        "tidak",
        "tdk",
        "ga",
        "gak",
        "nggak",
        "enggak",
        "ora",
        "teu",
        "sudah",
        "sdh",
        "udah",
        "dah",
        "wis",
        "geus",
        "belum",
        "blm",
        "saya",
        "sy",
        "kami",
        "kita",
        "aku",
        "kuring",
        "anda",
        "mereka",
        "dia",
        "pak",
        "bapak",
        "bu",
        "ibu",
        "mas",
        "mbak",
        "kang",
        "teh",
        "mang",
        "min",
        "admin",
        "mohon",
        "tolong",
        "minta",
        "dengan",
        "dgn",
        "untuk",
        "utk",
        "buat",
        "pada",
        "pd",
        "juga",
        "jg",
        "karena",
        "krn",
        "karna",
        "gara",
        "akan",
        "bisa",
        "bs",
        "dapat",
        "dong",
        "ya",
        "yah",
        "sih",
        "deh",
        "kok",
        "nih",
        "lah",
        "atau",
        "jadi",
        "jd",
        "kalau",
        "kalo",
        "klo",
        "kl",
        "saja",
        "aja",
        "sekali",
        "banget",
        "bgt",
        "pisan",
        "terus",
        "trus",
        "lagi",
        "lg",
        "sama",
        "sm",
        "oleh",
        "agar",
        "supaya",
        "segera",
        "seperti",
        "spt",
        "kayak",
        "kaya",
        "hari",
        "minggu",
        "bulan",
        "tahun",
        "kemarin",
        "kemaren",
        "tadi",
        "sejak",
        "sampai",
        "sampe",
        "nganti",
        "masih",
        "msh",
        "sangat",
        "terima",
        "kasih",
        "trims",
        "makasih",
        "selamat",
        "pagi",
        "siang",
        "sore",
        "malam",
        "assalamualaikum",
        "wr",
        "wb",
        "salam",
        "hormat",
        "depan",
        "dekat",
        "sebelah",
        "rt",
        "rw",
        "kelurahan",
        "kecamatan",
        "desa",
        "kampung",
        "jl",
        "jln",
        "gg",
        "no",
        "nomor",
        "tiap",
        "setiap",
        "semua",
        "para",
        "warga",
        "orang",
        "lebih",
        "habis",
        "dalam",
        "neng",
        "ning",
        "nang",
        "ing",
        "iki",
        "kuwi",
        "sing",
        "lan",
        "karo",
        "ku",
        "kana",
        "nu",
        "teh",
        "mah",
        "ka",
        "euy",
        "atuh",
        "ieu",
        "eta",
        "deui",
    ]
)
_TAILS = ("nya", "kan", "lah", "kah", "ne", "an")
_DOUBLED = re.compile(r"(\w)\1{2,}")
_TWICE = re.compile(r"(?<=[a-z])2\b")  # "anak2" is how "anak-anak" is typed
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its commonest endings; `letters_of` bridges what is left of spelling and forms."""
    for tail in _TAILS:
        if word.endswith(tail) and len(word) - len(tail) >= 4:
            return word[: -len(tail)]
    return word


def said(text: str) -> list[tuple[str, str]]:
    """The words of a text that may tell something: (stem, as written). Whatever holds a digit is left out."""
    plain = _TWICE.sub("", _DOUBLED.sub(r"\1", unicodedata.normalize("NFKD", text[:LONGEST]).lower()))
    found = []
    for word in _WORD.findall(plain):
        if word.isalpha() and len(word) >= _FEWEST and word not in _LITTLE:
            found.append((stem(word), word))
    return found


@lru_cache(maxsize=4096)
def letters_of(word: str) -> tuple[str, ...]:
    """Runs of letters, so that "lobang" still speaks like "lubang"."""
    edged = f"^{word}$"
    runs = {edged[i : i + n] for n in GRAMS for i in range(len(edged) - n + 1)}
    return tuple(sorted(_MARK + run for run in runs))


def features(text: str) -> dict[str, list[str]]:
    """Each feature of a text, with the written words that bear it."""
    found: dict[str, list[str]] = {}
    for word, written in said(text):
        for one in (word, *letters_of(word)):
            bearers = found.setdefault(one, [])
            if written not in bearers:
                bearers.append(written)
    return found


@dataclass(frozen=True, slots=True)
class Guess:
    """A category that a text may mean, from 0 to 1 how surely, and the words that spoke for it, as written."""

    code: str
    sure: float
    words: tuple[str, ...] = ()


class BadModel(ValueError):
    """What was kept is not a model, or not one of this format."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of words and letters for each category. `scale` makes numbers of the bytes, `heat` calibrates."""

    codes: tuple[str, ...]
    rows: Mapping[str, int]
    weights: bytes  # a signed byte for each feature and category
    scale: float
    base: tuple[float, ...]
    heat: float

    def pack(self) -> bytes:
        said = {
            "format": FORMAT,
            "codes": self.codes,
            "features": sorted(self.rows, key=lambda one: self.rows[one]),
            "weights": b64encode(self.weights).decode(),
            "scale": self.scale,
            "base": self.base,
            "heat": self.heat,
        }
        return zlib.compress(json.dumps(said, ensure_ascii=False).encode(), 9)

    @classmethod
    def unpack(cls, packed: bytes) -> Model:
        """Raises BadModel."""
        try:
            said = json.loads(zlib.decompress(packed))
            if said["format"] != FORMAT:
                raise BadModel(f"Format {said['format']} is not known here.")
            rows = {one: row for row, one in enumerate(said["features"])}
            model = cls(
                tuple(said["codes"]),
                rows,
                b64decode(said["weights"]),
                float(said["scale"]),
                tuple(said["base"]),
                float(said["heat"]),
            )
        except (zlib.error, ValueError, KeyError, TypeError) as problem:
            raise BadModel(str(problem)) from None
        if len(model.weights) != len(rows) * len(model.codes) or len(model.base) != len(model.codes):
            raise BadModel("Its parts do not fit together.")
        return model

    def rank(self, text: str, *, most: int = 3) -> list[Guess]:
        """The likeliest categories, likeliest first; nothing for a text of which no word is known."""
        found = features(text)
        known = [one for one in found if one in self.rows]
        if not known:
            return []
        shares = softmax([value / self.heat for value in self.values(known, of=len(found))])
        best = sorted(range(len(shares)), key=lambda i: -shares[i])[:most]
        return [Guess(self.codes[i], shares[i], self._spoke(i, known, found)) for i in best]

    def values(self, known: Iterable[str], *, of: int) -> list[float]:
        """What the known features say for each category, by the length of the whole text; not yet calibrated."""
        step = self.scale / math.sqrt(of)
        return [base + total * step for base, total in zip(self.base, self._sums(known), strict=True)]

    def _sums(self, known: Iterable[str]) -> list[int]:
        width, weights = len(self.codes), memoryview(self.weights).cast("b")
        sums = [0] * width
        for one in known:
            start = self.rows[one] * width
            sums = [a + b for a, b in zip(sums, weights[start : start + width], strict=True)]
        return sums

    def _spoke(self, code: int, known: Iterable[str], found: Mapping[str, list[str]]) -> tuple[str, ...]:
        """At most three words that weigh for this category; letters count for the words that bear them."""
        width, weights = len(self.codes), memoryview(self.weights).cast("b")
        spoke: dict[str, float] = {}
        for one in known:
            weight = weights[self.rows[one] * width + code]
            for word in found[one]:
                spoke[word] = spoke.get(word, 0.0) + weight / len(found[one])
        best = sorted((word for word in spoke if spoke[word] > 0), key=lambda word: (-spoke[word], word))[:3]
        return tuple(word for word in best if spoke[word] * 4 >= spoke[best[0]])


def softmax(values: Sequence[float]) -> list[float]:
    top = max(values)
    parts = [math.exp(value - top) for value in values]
    whole = sum(parts)
    return [part / whole for part in parts]


@dataclass(frozen=True, slots=True)
class Keywords:
    """The words of the categories themselves. A word that several categories claim says less of each."""

    phrases: Mapping[str, Sequence[tuple[str, ...]]]
    claims: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Mapping[str, Iterable[str]]) -> Keywords:
        """From what each category is called, by its code."""
        phrases = {code: [_telling(one) for one in known] for code, known in words.items()}
        claims: dict[str, int] = {}
        for known in phrases.values():
            for word in {word for phrase in known for word in phrase}:
                claims[word] = claims.get(word, 0) + 1
        return cls({code: [one for one in known if one] for code, known in phrases.items()}, claims)

    def rank(self, text: str, *, most: int = 3) -> list[Guess]:
        """The categories of which most is said, most first. `sure` is a share of what was said, not calibrated."""
        heard = said(text)
        there, order = dict(heard), [word for word, _ in heard]
        scored = {}
        for code, phrases in self.phrases.items():
            hit = {word for phrase in phrases if _follows(phrase, order) for word in phrase}
            if hit:
                scored[code] = (sum(map(self._tells, hit)), hit)
        whole = sum(weight for weight, _ in scored.values()) + FEW_TELL
        best = sorted(scored, key=lambda code: -scored[code][0])[:most]
        return [
            Guess(code, scored[code][0] / whole, tuple(sorted(there[word] for word in scored[code][1]))[:3])
            for code in best
        ]

    def _tells(self, word: str) -> float:
        """1 for a word of one category alone, 0 for one that all of them claim."""
        return 1 - math.log(self.claims[word]) / math.log(max(2, len(self.phrases)))


def _telling(phrase: str) -> tuple[str, ...]:
    """The words of a phrase. One left over of several ("jalan" of "jalan RT") says something else than they did."""
    words = tuple(word for word, _ in said(phrase))
    return words if len(words) > 1 or len(phrase.split()) == 1 else ()


def _follows(phrase: Sequence[str], words: Iterable[str]) -> bool:
    """Whether a text has the words of a phrase in their order: "lampu mati" is a lamp, "mati lampu" a blackout."""
    rest = iter(words)
    return all(word in rest for word in phrase)
