"""The door to people."""

from __future__ import annotations

from guyub.rooms.people.actions import add_account, add_contact, add_organisation, give_grant
from guyub.rooms.people.models import OrganisationKind
from guyub.rooms.people.queries import (
    Directory,
    Identity,
    Neighbourhood,
    Office,
    UnknownOffice,
    accounts_with,
    directory,
    forget,
    identity,
    neighbourhoods,
    person,
)
from guyub.rooms.people.seeds import seed_organisations

__all__ = [
    "Directory",
    "Identity",
    "Neighbourhood",
    "Office",
    "OrganisationKind",
    "UnknownOffice",
    "accounts_with",
    "add_account",
    "add_contact",
    "add_organisation",
    "directory",
    "forget",
    "give_grant",
    "identity",
    "neighbourhoods",
    "person",
    "seed_organisations",
]
