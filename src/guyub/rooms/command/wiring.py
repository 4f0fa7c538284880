"""Plug command into the sockets below it. All other rooms are ready: what the feed tells is complete."""

from guyub.kernel import wall
from guyub.kernel.ledger import api as ledger
from guyub.rooms.command import feed, keeping, wording  # noqa: F401
from guyub.rooms.command.parts import cases, sensors, warned  # noqa: F401

ledger.watch(*wall.told())(feed.show)
