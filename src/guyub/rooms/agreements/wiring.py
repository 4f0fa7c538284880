"""Plug agreements into the sockets below them."""

from guyub.rooms.agreements import keeping, queries, tasks, wording  # noqa: F401
from guyub.rooms.partners import api as partners

partners.register_record(queries.record_of)
partners.register_ties(queries.ties_since)
