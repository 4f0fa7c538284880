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
    rename_organisation,
)
from guyub.rooms.people.clients import (
    Client,
    add_client,
    client_names,
    clients,
    end_client,
    find_client,
    note_use,
)
from guyub.rooms.people.granting import Basis, GrantRefused, give_grant
from guyub.rooms.people.importing import Names, RowRefused, Taker, import_file, register_table
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
    offices_with_officers,
    person,
)
from guyub.rooms.people.seeds import seed_organisations
from guyub.rooms.people.setup import Found, Standing, step
from guyub.rooms.people.tables import TABLES, CannotRead, Column, Row, Table

__all__ = [
    "TABLES",
    "Basis",
    "CannotRead",
    "Client",
    "Column",
    "Directory",
    "Found",
    "GrantRefused",
    "HasAuthority",
    "Identity",
    "Names",
    "Neighbourhood",
    "Office",
    "OrganisationKind",
    "Row",
    "RowRefused",
    "Standing",
    "Table",
    "Taker",
    "UnknownOffice",
    "accounts_with",
    "add_account",
    "add_admin",
    "add_client",
    "add_contact",
    "add_organisation",
    "client_names",
    "clients",
    "correct_contact",
    "directory",
    "end_client",
    "erase_account",
    "erase_contact",
    "find_client",
    "forget",
    "give_grant",
    "identity",
    "import_file",
    "names_of",
    "neighbourhoods",
    "note_use",
    "offices_with_officers",
    "person",
    "register_table",
    "rename_organisation",
    "seed_organisations",
    "step",
]
