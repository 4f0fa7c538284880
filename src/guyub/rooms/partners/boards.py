"""Partners as the boards of places and the city's map show them."""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import itemgetter
from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value

from guyub.kernel.compiled import Compiled, CompiledFor
from guyub.rooms.partners.listing import BODIES
from guyub.rooms.partners.models import Partner
from guyub.rooms.partners.queries import CARD, PartnerCard, covering, made_card
from guyub.rooms.partners.rules import VILLAGE_BODIES
from guyub.rooms.partners.wording import SHORT_KINDS


def first_in(*, place: str, limit: int) -> list[PartnerCard]:
    """Some verified partners of a place: those that people founded first, then by name. One query."""
    codes = covering(place)
    found = _first.rows(limit) if codes is None else _first_in.rows(limit, codes=codes)
    return [made_card(*row) for row in found]


def _ordered(limit: int, **narrowed: Any) -> QuerySet[Partner, Any]:
    rows = Partner.objects.verified().filter(**narrowed)
    return rows.order_by("is_by_decree", "name", "pk").values_list(*CARD)[:limit]


_first: CompiledFor[int, Any] = CompiledFor(_ordered)
_first_in: CompiledFor[int, Any] = CompiledFor(lambda limit, codes: _ordered(limit, places__has_any=codes))


Counted = list[tuple[str, tuple[str, ...], int]]


def verified_by_place() -> tuple[Counted, dict[str, set[str]]]:
    """Which verified partners are where: filter of the list, codes that they name, how many; and by code, on what
    somebody works there. One query.
    """
    rows = _verified.rows()
    filters = {kind: _filter_of(kind) for kind in {row[0] for row in rows}}
    counted = Counter(map(itemgetter(0, 2), rows))
    found = [(filters[kind], _parted(codes), n) for (kind, codes), n in counted.items()]
    told = defaultdict[str, set[str]](set)
    for themes, codes in set(map(itemgetter(1, 2), rows)):
        for code in codes.split(","):
            told[code].add(themes)
    parts = {themes: _parted(themes) for themes in set().union(*told.values())}
    return found, {code: set().union(*[parts[one] for one in said]) for code, said in told.items()}


def _parted(said: str) -> tuple[str, ...]:
    return tuple(said.split(",")) if said else ()


def _joined(name: str) -> Func:
    """A list as one text: thousands of lists of codes, which have no comma, cost more to read than to part."""
    return Func(F(name), Value(","), function="array_to_string", output_field=TextField())


_verified: Compiled[tuple[str, str, str]] = Compiled(
    lambda: Partner.objects.verified().order_by().values_list("kind", _joined("themes"), _joined("places"))
)


def _filter_of(kind: str) -> str:
    return BODIES if kind in VILLAGE_BODIES else kind


def kind_labels() -> list[tuple[str, str]]:
    """The kinds as the list filters by them, the bodies of a kelurahan as one, each with a short name."""
    return [(kind.value if kind else BODIES, str(label)) for kind, label in SHORT_KINDS.items()]
