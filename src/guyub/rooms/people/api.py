"""The door to people."""

from __future__ import annotations

from guyub.rooms.people.actions import add_account, add_contact, add_organisation
from guyub.rooms.people.granting import Basis, GrantRefused, give_grant
from guyub.rooms.people.models import OrganisationKind
from guyub.rooms.people.queries import (
    Directory,
    Identity,
    Office,
    UnknownOffice,
    accounts_with,
    directory,
    forget,
    identity,
    person,
)
from guyub.rooms.people.seeds import seed_organisations

__all__ = [
    "Basis",
    "Directory",
    "GrantRefused",
    "Identity",
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
    "person",
    "seed_organisations",
]
