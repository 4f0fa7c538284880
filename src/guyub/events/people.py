"""What happens to accounts and grants."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("people.grant_given", version=2)
@dataclass(frozen=True, kw_only=True)
class GrantGiven(Event):
    """`kind`, the days (`until` exclusive) and the grant on which it rests are told since version 2."""

    grant: int
    account: int
    role: str
    organisation: int
    kind: str = "DEFINITIVE"
    since: str = ""
    until: str = ""
    source: int | None = None


@event("people.grant_ended")
@dataclass(frozen=True, kw_only=True)
class GrantEnded(Event):
    """`cause`: revoked, expired, source-ended, base-ended or account-closed."""

    grant: int
    account: int
    role: str
    organisation: int
    kind: str
    cause: str


@event("people.account_closed")
@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    account: int


@event("people.account_erased")
@dataclass(frozen=True, kw_only=True)
class AccountErased(Event):
    """A resident's account was erased on their own request."""

    account: int


@event("people.second_factor_reset")
@dataclass(frozen=True, kw_only=True)
class SecondFactorReset(Event):
    account: int


@event("people.support_opened")
@dataclass(frozen=True, kw_only=True)
class SupportOpened(Event):
    """`until` is the moment at which it ends by itself."""

    access: int
    account: int
    until: str


@event("people.support_ended")
@dataclass(frozen=True, kw_only=True)
class SupportEnded(Event):
    """`cause`: ended or expired."""

    access: int
    account: int
    cause: str


@event("people.office_described")
@dataclass(frozen=True, kw_only=True)
class OfficeDescribed(Event):
    """The head of an office wrote down where it is found and when it is open."""

    office: int


@event("people.table_imported")
@dataclass(frozen=True, kw_only=True)
class TableImported(Event):
    table: str
    added: int
    changed: int


@event("people.client_added")
@dataclass(frozen=True, kw_only=True)
class ClientAdded(Event):
    """A program of an office (or, without one, of a partner) was given a key."""

    client: int
    organisation: int | None = None


@event("people.client_ended")
@dataclass(frozen=True, kw_only=True)
class ClientEnded(Event):
    client: int
