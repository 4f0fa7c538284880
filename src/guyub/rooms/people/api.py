"""The door to people."""

from __future__ import annotations

from guyub.rooms.people.accounts import add_admin
from guyub.rooms.people.actions import (
    HasAuthority,
    add_account,
    add_contact,
    add_organisation,
    correct_contact,
    erase_account,
    erase_contact,
)
from guyub.rooms.people.granting import Basis, GrantRefused, give_grant
from guyub.rooms.people.importing import import_file
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
    names_of,
    neighbourhoods,
    person,
)
from guyub.rooms.people.seeds import seed_organisations
from guyub.rooms.people.tables import TABLES, CannotRead

__all__ = [
    "TABLES",
    "Basis",
    "CannotRead",
    "Directory",
    "GrantRefused",
    "HasAuthority",
    "Identity",
    "Neighbourhood",
    "Office",
    "OrganisationKind",
    "UnknownOffice",
    "accounts_with",
    "add_account",
    "add_admin",
    "add_contact",
    "add_organisation",
    "correct_contact",
    "directory",
    "erase_account",
    "erase_contact",
    "forget",
    "give_grant",
    "identity",
    "import_file",
    "names_of",
    "neighbourhoods",
    "person",
    "seed_organisations",
]
