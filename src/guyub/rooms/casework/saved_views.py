"""Lists that officers keep under a name: their own, and those that the head of their office shares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count, IntegerField, Q, Value

from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.compiled import Compiled
from guyub.rooms.casework.access import inbox, visible
from guyub.rooms.casework.models import SavedView
from guyub.rooms.casework.queries import Narrowed

MOST = 12


class TooMany(ValueError):
    """More views than fit beside each other."""


class NameTaken(ValueError):
    """The person keeps another list under this name."""


_seen_by: Compiled[SavedView] = Compiled(
    lambda account, offices: SavedView.objects.filter(Q(account=account) | Q(office__any=offices)).order_by(
        "created_at", "id"
    )
)


def seen_by(person: Person) -> list[SavedView]:
    """A person's own views and those shared with an office at which they sit, in the order of keeping."""
    return _seen_by.rows(account=person.acting, offices=sorted(person.offices(roles.VIEW)))


def counts(*, person: Person, narrowed: Mapping[int, tuple[str, Narrowed]]) -> dict[int, int]:
    """How many cases each view holds now, by its id. One query for all."""
    parts = []
    for view, (kind, narrow) in narrowed.items():
        rows = inbox(person) if kind == SavedView.List.INBOX else visible(person)
        part = narrow.applied(rows).order_by().annotate(view=Value(view, output_field=IntegerField()))
        parts.append(part.values("view").annotate(n=Count("pk")).values_list("view", "n"))
    if not parts:
        return {}
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {**dict.fromkeys(narrowed, 0), **dict(found)}


@transaction.atomic
def keep(*, by: Person, name: str, kind: str, query: str, at: datetime) -> SavedView:
    """Keep a list under a name. The same name for the same list is the same view. Raises NameTaken, TooMany."""
    own = SavedView.objects.select_for_update().filter(account=by.acting)
    known = own.filter(name=name).first()
    if known and (known.list, known.query) != (kind, query):
        raise NameTaken(name)
    if not known and own.count() >= MOST:
        raise TooMany
    return known or SavedView.objects.create(
        account=by.acting, name=name, list=kind, query=query, created_at=at
    )


def _own(view: int, by: Person) -> SavedView:
    row = SavedView.objects.select_for_update().filter(pk=view, account=by.acting).first()
    if row is None:
        raise NotAllowed("This person keeps no such view.")
    return row


@transaction.atomic
def remove(*, view: int, by: Person) -> None:
    """Raises NotAllowed for another's."""
    _own(view, by).delete()


@transaction.atomic
def begin_with(*, view: int, by: Person, yes: bool) -> None:
    """Begin the day with this list, or with the plain inbox again. Raises NotAllowed."""
    row = _own(view, by)
    SavedView.objects.filter(account=by.acting, is_default=True).update(is_default=False)
    if yes and row.list == SavedView.List.INBOX:
        row.is_default = True
        row.save(update_fields=["is_default"])


def headed(person: Person) -> list[int]:
    """The offices with which this person may share a view: those that they head."""
    return sorted(person.offices(roles.APPROVE_SCHEDULE))


@transaction.atomic
def share(*, view: int, by: Person, yes: bool) -> None:
    """Show a view to everyone of the office that this person heads, or no longer. Raises NotAllowed."""
    row, offices = _own(view, by), headed(by)
    if not offices:
        raise NotAllowed("Only the head of an office shares a view.")
    row.office_id = offices[0] if yes else None
    row.save(update_fields=["office"])
