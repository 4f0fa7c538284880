"""Plug partners into the sockets below them, and into its own."""

from __future__ import annotations

from collections.abc import Iterable

from guyub.kernel.parties import Card, party, provide_parties
from guyub.rooms.partners import belonging, keeping, subscribers, tasks, wording  # noqa: F401
from guyub.rooms.partners.network import vouches_since
from guyub.rooms.partners.queries import by_ids
from guyub.rooms.partners.sockets import register_ties


def _party_cards(ids: Iterable[int]) -> dict[int, Card]:
    """Partners as parties of meetings and conversations. One query, two after a merger."""
    return {
        key: Card(party("partner", key), card.name, card.actor, card.address)
        for key, card in by_ids(ids=ids).items()
    }


provide_parties("partner", _party_cards)
register_ties(vouches_since)
