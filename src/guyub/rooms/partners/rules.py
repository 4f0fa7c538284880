"""Who may count as what, and when a partner is known well enough: plain Python that reads like the regulation.

Legal source: UU 17/2013 jo. UU 16/2017 art. 10-17 and Permendagri 57/2017 (ormas with and without legal form, SKT, the
clocks of completeness). How many vouchers are enough, how many may be founded and how long things take are dated
rules of the rulebook (`partners.*`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Actor(StrEnum):
    """Six classes of which every model of collaboration in use is a folding."""

    GOV_POLITICAL = "GOV_POLITICAL"
    GOV_BUREAUCRACY = "GOV_BUREAUCRACY"
    CIVIL_SOCIETY = "CIVIL_SOCIETY"
    BUSINESS = "BUSINESS"
    ACADEMIA = "ACADEMIA"
    MEDIA = "MEDIA"


def four_actor(actor: Actor) -> Actor:
    """The four actors: head and council, bureaucracy, civil society (with academia and media), business."""
    return Actor.CIVIL_SOCIETY if actor in (Actor.ACADEMIA, Actor.MEDIA) else actor


def helix(actor: Actor) -> str:
    """The five of the pentahelix (ABCGM): academic, business, community, government, media."""
    return {
        Actor.ACADEMIA: "ACADEMIC",
        Actor.BUSINESS: "BUSINESS",
        Actor.CIVIL_SOCIETY: "COMMUNITY",
        Actor.GOV_POLITICAL: "GOVERNMENT",
        Actor.GOV_BUREAUCRACY: "GOVERNMENT",
        Actor.MEDIA: "MEDIA",
    }[actor]


class Kind(StrEnum):
    COMMUNITY = "COMMUNITY"
    COMPANY = "COMPANY"
    UNIVERSITY = "UNIVERSITY"
    MEDIA = "MEDIA"
    AGENCY = "AGENCY"
    RW = "RW"
    RT = "RT"
    PKK = "PKK"
    KARANG_TARUNA = "KARANG_TARUNA"
    LPM = "LPM"


# The bodies of a kelurahan (Permendagri 18/2018): their own people lead them, and they are no offices.
VILLAGE_BODIES = (Kind.RW, Kind.RT, Kind.PKK, Kind.KARANG_TARUNA, Kind.LPM)
# What the city enters and every kelurahan has: lists show it after what people founded.
BY_DECREE = (Kind.AGENCY, *VILLAGE_BODIES)
# What a resident may found by themselves; agencies and village bodies are there by decree and entered by the city.
FOUNDED_BY_RESIDENTS = (Kind.COMMUNITY, Kind.COMPANY, Kind.UNIVERSITY, Kind.MEDIA)

_ACTORS = {
    Kind.COMPANY: Actor.BUSINESS,
    Kind.UNIVERSITY: Actor.ACADEMIA,
    Kind.MEDIA: Actor.MEDIA,
    Kind.AGENCY: Actor.GOV_BUREAUCRACY,
}


def actor_of(kind: str) -> Actor:
    """RT, RW, PKK, Karang Taruna and LPM are civil society, as every community is."""
    return _ACTORS.get(Kind(kind), Actor.CIVIL_SOCIETY)


class Status(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    MERGED = "MERGED"


class LegalForm(StrEnum):
    """How a partner stands in law; none is what most communities have, and it is enough to take part."""

    NONE = "NONE"
    SKT = "SKT"
    YAYASAN = "YAYASAN"
    PERKUMPULAN = "PERKUMPULAN"
    PT = "PT"
    CV = "CV"
    KOPERASI = "KOPERASI"
    UNIVERSITY = "UNIVERSITY"
    SCHOOL = "SCHOOL"
    PRESS = "PRESS"
    DECREE = "DECREE"
    GOVERNMENT = "GOVERNMENT"


class Role(StrEnum):
    LEAD = "PENANGGUNG_JAWAB"
    BOARD = "PENGURUS"
    MEMBER = "ANGGOTA"


MAY_ACT = (Role.LEAD, Role.BOARD)


class Standing(StrEnum):
    """Where the tie between a person and a partner stands."""

    ASKED = "ASKED"
    ACTIVE = "ACTIVE"
    DECLINED = "DECLINED"
    ENDED = "ENDED"


OPEN_STANDINGS = (Standing.ASKED, Standing.ACTIVE)


class Review(StrEnum):
    """Where a request to be verified stands: asked, something is missing, or decided."""

    ASKED = "ASKED"
    LACKING = "LACKING"
    VERIFIED = "VERIFIED"
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"
    WITHDRAWN = "WITHDRAWN"


OPEN_REVIEWS = (Review.ASKED, Review.LACKING)


class How(StrEnum):
    """By whom a partner came to be verified."""

    CITY = "CITY"
    VOUCHED = "VOUCHED"


class Origin(StrEnum):
    RESIDENT = "RESIDENT"
    CITY = "CITY"
    IMPORT = "IMPORT"


def missing(asked: Iterable[str], given: Collection[str]) -> list[str]:
    """The kinds of document that the legal form asks for and that are not there, in the order asked."""
    return [kind for kind in asked if kind not in given]


class NoVouch(StrEnum):
    """Why somebody's word does not count."""

    NOT_VERIFIED = "NOT_VERIFIED"
    OWN = "OWN"
    ALREADY = "ALREADY"
    NOT_NEEDED = "NOT_NEEDED"


@dataclass(frozen=True, slots=True)
class Word:
    """A vouch that stands: for which partner it was given, and by whom."""

    partner: int
    account: int


def may_vouch(
    *,
    account: int,
    speaks_for: int,
    speaks_for_verified: bool,
    about: int,
    about_verified: bool,
    members_of_about: Collection[int],
    standing: Iterable[Word],
) -> NoVouch | None:
    """Why a person may not vouch, or None: a verified partner's word counts once, a person's word once, and
    nobody vouches for what they belong to."""
    words = list(standing)
    if about_verified:
        return NoVouch.NOT_NEEDED
    if speaks_for == about or account in members_of_about:
        return NoVouch.OWN
    if not speaks_for_verified:
        return NoVouch.NOT_VERIFIED
    if any(word.partner == speaks_for or word.account == account for word in words):
        return NoVouch.ALREADY
    return None


def is_vouched(standing: Iterable[Word], *, needed: int) -> bool:
    """Whether enough different people of enough different partners stand for it."""
    words = list(standing)
    return min(len({word.partner for word in words}), len({word.account for word in words})) >= needed


def can_leave(role: str, *, others_active: int) -> bool:
    """Whoever answers for a partner hands that over first, unless nobody else is left."""
    return role != Role.LEAD or others_active == 0


# ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────
# What people write before or after a name and leave out as often. A name of nothing else keeps it.
_TITLES = {
    *(
        "yayasan",
        "yys",
        "perkumpulan",
        "pt",
        "cv",
        "tbk",
        "persero",
        "ud",
        "koperasi",
        "komunitas",
        "kelompok",
    ),
    *("forum", "organisasi", "ormas", "lsm", "lembaga", "paguyuban", "himpunan", "ikatan", "perhimpunan"),
    *("kota", "kabupaten", "kab", "di", "dan", "the", "of"),
}
SURE, PERHAPS = 1.0, 0.75


def folded(text: str) -> str:
    """Letters and digits of a text, small and without accents, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def name_key(name: str) -> str:
    """What is left of a name when how it is dressed is left out: "Yayasan Sungai Bersih" and "sungai-bersih"."""
    words = folded(name).split()
    core = [word for word in words if word not in _TITLES]
    return " ".join(core or words)


def number_key(number: str) -> str:
    """A legal number without what clerks put between its parts."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def likeness(first: str, second: str) -> float:
    """How alike two name keys are, from 0 to 1: the same words in another order are the same, else by how many of
    their runs of three letters they share (Dice). A list is compared with the whole registry, so this is quick.
    """
    one, other = _runs(first), _runs(second)
    if not one or not other:
        return 0.0
    if len(first) == len(second) and sorted(first.split()) == sorted(second.split()):
        return SURE
    return 2 * len(one & other) / (len(one) + len(other))


@lru_cache(maxsize=20_000)
def _runs(key: str) -> frozenset[str]:
    padded = f" {key} "
    return frozenset(padded[n : n + 3] for n in range(len(padded) - 2)) if key else frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the registry, or a row of a file, as far as matching needs it."""

    id: int
    name_key: str
    number_key: str = ""
    contacts: frozenset[str] = frozenset()


class Why(StrEnum):
    NUMBER = "NUMBER"
    NAME = "NAME"
    CONTACT = "CONTACT"
    ALIKE = "ALIKE"


@dataclass(frozen=True, slots=True)
class Double:
    """An entry that may be the same, and what speaks for it."""

    id: int
    why: Why


_STRENGTH = {Why.NUMBER: 3, Why.NAME: 2, Why.CONTACT: 1, Why.ALIKE: 0}


def doubles(row: Known, known: Iterable[Known], *, alike: float = PERHAPS) -> list[Double]:
    """The entries that may be the same as a row, the surest first. What is right is for a person to say."""
    found = [Double(one.id, why) for one in known if one.id != row.id and (why := _same(row, one, alike))]
    return sorted(found, key=lambda double: (-_STRENGTH[double.why], double.id))


def _same(row: Known, other: Known, alike: float) -> Why | None:
    if row.number_key and row.number_key == other.number_key:
        return Why.NUMBER
    if row.name_key and row.name_key == other.name_key:
        return Why.NAME
    if row.contacts & other.contacts:
        return Why.CONTACT
    return Why.ALIKE if likeness(row.name_key, other.name_key) >= alike else None


def slug_of(text: str, taken: Collection[str], *, longest: int = 60) -> str:
    """An address made of a name, numbered where it is taken."""
    base = folded(text).replace(" ", "-")[:longest].strip("-") or "mitra"
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
