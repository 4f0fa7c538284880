"""The door to partners."""

from __future__ import annotations

from guyub.rooms.partners.acting import Refused
from guyub.rooms.partners.boards import (
    first_in,
    kind_labels,
    verified_by_place,
)
from guyub.rooms.partners.desk_list import count_waiting
from guyub.rooms.partners.founding import Profile, found
from guyub.rooms.partners.models import Partner
from guyub.rooms.partners.queries import (
    Membership,
    PartnerCard,
    acting_for,
    active_in,
    by_ids,
    card_of,
    find,
    get,
    may_act,
    of_account,
    representatives,
)
from guyub.rooms.partners.reference import Theme, themes
from guyub.rooms.partners.rules import Actor, Kind, Role, actor_of, four_actor, helix
from guyub.rooms.partners.sockets import Delivered, Tie, records_of, register_record, register_ties
from guyub.rooms.partners.verifying import verify
from guyub.rooms.partners.wording import ACTORS

__all__ = [
    "ACTORS",
    "Actor",
    "Delivered",
    "Kind",
    "Membership",
    "Partner",
    "PartnerCard",
    "Profile",
    "Refused",
    "Role",
    "Theme",
    "Tie",
    "acting_for",
    "active_in",
    "actor_of",
    "by_ids",
    "card_of",
    "count_waiting",
    "find",
    "first_in",
    "found",
    "four_actor",
    "get",
    "helix",
    "kind_labels",
    "may_act",
    "of_account",
    "records_of",
    "register_record",
    "register_ties",
    "representatives",
    "themes",
    "verified_by_place",
    "verify",
]
