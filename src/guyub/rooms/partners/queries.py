"""Partners as others and pages need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guyub.kernel.compiled import Compiled, CompiledFor
from guyub.rooms.partners.models import Member, Partner
from guyub.rooms.partners.rules import MAY_ACT, OPEN_STANDINGS, Actor, Standing, Status, actor_of
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed, address


@dataclass(frozen=True, slots=True)
class PartnerCard(Printed):
    """A partner as others show it. `is_verified` is true only while it is active; `address` is its page."""

    id: int
    slug: str
    name: str
    kind: str
    actor: Actor
    is_verified: bool
    address: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A partner that a person belongs to, and as what (`rules.Role`)."""

    partner: PartnerCard
    role: str


CARD = ("pk", "slug", "name", "kind", "is_verified", "status")


def made_card(pk: int, slug: str, name: str, kind: str, is_verified: bool, status: str) -> PartnerCard:
    verified = is_verified and status == Status.ACTIVE
    page = f"{address('partner_list')}{slug}/"
    return PartnerCard(pk, slug, name, kind, actor_of(kind), verified, page)


def card_of(row: Partner) -> PartnerCard:
    return made_card(row.pk, row.slug, row.name, row.kind, row.is_verified, row.status)


def get(*, id: int) -> Partner:
    """The partner of an id; of one that was merged, what it became. Raises `Partner.DoesNotExist`."""
    return _became(Partner.objects.select_related("merged_into").get(pk=id))


def find(*, slug: str) -> Partner | None:
    """The partner at an address, or what it became; None if there never was one."""
    row = Partner.objects.select_related("merged_into").filter(slug=slug).first()
    return _became(row) if row else None


def _became(row: Partner) -> Partner:
    while row.merged_into is not None:
        row = row.merged_into
    return row


def by_ids(*, ids: Iterable[int]) -> dict[int, PartnerCard]:
    """Cards by the ids that were asked for; a merged one's is the card of what it became. One query, two after a
    merger."""
    wanted = set(ids)
    rows = {row[0]: row for row in _cards.rows(ids=sorted(wanted))} if wanted else {}
    later = {row[-1] for row in rows.values() if row[-1] is not None} - set(rows)
    while later:
        more = _cards.rows(ids=sorted(later))
        rows |= {row[0]: row for row in more}
        later = {row[-1] for row in more if row[-1] is not None} - set(rows)
    found = {}
    for asked in wanted & set(rows):
        row = rows[asked]
        while row[-1] is not None:
            row = rows[row[-1]]
        found[asked] = made_card(*row[:-1])
    return found


_cards: Compiled[Any] = Compiled(
    lambda ids: Partner.objects.filter(pk__any=ids).values_list(*CARD, "merged_into")
)


def of_account(*, account: int) -> list[Membership]:
    """The partners that a person belongs to and that are not over, by name. One query."""
    return [Membership(made_card(*row[:-1]), row[-1]) for row in _belongs_to.rows(account=account)]


_belongs_to: Compiled[Any] = Compiled(
    lambda account: (
        Member.objects.filter(account_id=account, state=Standing.ACTIVE, partner__ended_at__isnull=True)
        .order_by("partner__name")
        .values_list(*(f"partner__{name}" for name in CARD), "role")
    )
)


def acting_for(*, account: int) -> list[PartnerCard]:
    """The active partners for which a person may speak and act, by name. One query."""
    return [made_card(*row) for row in _acts_for.rows(account=account)]


_acts_for: Compiled[Any] = Compiled(
    lambda account: (
        Member.objects.filter(
            account_id=account,
            account__is_active=True,
            state=Standing.ACTIVE,
            role__in=[role.value for role in MAY_ACT],
            partner__status=Status.ACTIVE,
        )
        .order_by("partner__name")
        .values_list(*(f"partner__{name}" for name in CARD))
    )
)


def may_act(*, account: int, partner: int) -> bool:
    """Whether a person may speak and act for an active partner: who answers for it, or is of its board."""
    return actors(partner).filter(account_id=account, partner__status=Status.ACTIVE).exists()


def representatives(*, partner: int) -> list[int]:
    """The accounts to be told of what concerns a partner. One query."""
    return sorted(actors(partner).values_list("account_id", flat=True))


def tie_of(*, account: int, partner: int) -> Member | None:
    """A person's open tie to a partner: asked, or active."""
    open_ = [one.value for one in OPEN_STANDINGS]
    return Member.objects.filter(account_id=account, partner_id=partner, state__in=open_).first()


def actors(partner: int) -> QuerySet[Member]:
    roles = [role.value for role in MAY_ACT]
    rows = Member.objects.filter(partner_id=partner, state=Standing.ACTIVE, role__in=roles)
    return rows.filter(account__is_active=True)


def covering(place: str) -> list[str] | None:
    """The codes by which a partner counts as active in a place: its own, what lies in it, and what it lies in.

    None for the whole city, where everyone counts. Raises `places.UnknownPlace`.
    """
    return places.gazetteer().around(place)


def active_in(
    *, place: str, theme: str | None = None, verified: bool = True, limit: int = 200
) -> list[PartnerCard]:
    """Partners that work in a place (on a theme), verified ones only unless asked otherwise, by name. One query."""
    codes, rounded = covering(place), -(-limit // 25) * 25  # so that there are few limits to make SQL for
    narrowed = {"codes": codes, "themes": [theme] if theme else None}
    values = {name: value for name, value in narrowed.items() if value is not None}
    return [made_card(*row) for row in _active_in.rows((verified, rounded, *values), **values)[:limit]]


def _active(key: tuple[Any, ...], **values: list[str]) -> QuerySet[Partner, Any]:
    verified, limit = key[:2]
    rows = Partner.objects.verified() if verified else Partner.objects.active()
    if "codes" in values:
        rows = rows.filter(places__has_any=values["codes"])
    if "themes" in values:
        rows = rows.filter(themes__has_any=values["themes"])
    return rows.order_by("-is_verified", "name", "pk").values_list(*CARD)[:limit]


# How many work on a theme or in a place decides how they are best found.
_active_in: CompiledFor[tuple[Any, ...], Any] = CompiledFor(_active, plans_anew=True)
