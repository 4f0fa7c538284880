"""Whose fund a person may look at or change. Views load through here, and strangers are told there is no such page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from guyub.kernel.access.api import Person, roles
from guyub.rooms.areafunds import acting
from guyub.rooms.areafunds.models import Activity, Book, Ceiling, ImportDraft, Step
from guyub.rooms.places import api as places
from guyub.rooms.places.api import PlaceRow


def public_place(code: str) -> PlaceRow:
    """A kecamatan, kelurahan or desa, also one that stands no longer: its old money stays readable."""
    row = places.gazetteer().by_code.get(code)
    if row is None or not row.parent_code:
        raise Http404
    return row


def oversees(person: Person, code: str) -> bool:
    """The place's own head, the kecamatan above it, and who sets the city's ceilings look at all of it."""
    if person.can(roles.CEILINGS):
        return True
    return any(own == "" or code == own or code.startswith(f"{own}.") for own in person.places(roles.FUNDS))


def seen_places(person: Person) -> list[PlaceRow]:
    """The kelurahan and desa whose funds a person looks at, by name."""
    return [row for row in places.gazetteer().settlements if oversees(person, row.code)]


def desk_place(person: Person, code: str) -> PlaceRow:
    row = places.gazetteer().by_code.get(code)
    if row is None or not row.is_settlement or not oversees(person, code):
        raise Http404
    return row


def managed_place(person: Person, code: str) -> PlaceRow:
    """A place whose fund this person changes: the very place of their own authority."""
    row = desk_place(person, code)
    if not acting.manages(person, code):
        raise Http404
    return row


def managed_ceiling(person: Person, code: str, key: int) -> Ceiling:
    managed_place(person, code)
    row = Ceiling.objects.select_related("book").filter(pk=key, book__place=code).first()
    if row is None:
        raise Http404
    return row


def book_of(person: Person, code: str, scheme: str, year: int) -> Book:
    desk_place(person, code)
    row = Book.objects.filter(place=code, scheme=scheme, year=year).first()
    if row is None:
        raise Http404
    return row


def public_activity(code: str, uuid: UUID) -> Activity:
    rows = Activity.objects.select_related("ceiling__book").filter(uuid=uuid, ceiling__book__place=code)
    row = rows.first()
    if row is None:
        raise Http404
    return row


def desk_activity(person: Person, uuid: UUID) -> Activity:
    row = Activity.objects.select_related("ceiling__book").filter(uuid=uuid).first()
    if row is None or not oversees(person, row.ceiling.book.place):
        raise Http404
    return row


def managed_activity(person: Person, uuid: UUID) -> Activity:
    row = desk_activity(person, uuid)
    if not acting.manages(person, row.ceiling.book.place):
        raise Http404
    return row


def managed_step(person: Person, uuid: UUID) -> Step:
    row = Step.objects.select_related("activity__ceiling__book").filter(uuid=uuid).first()
    if row is None or not acting.manages(person, row.activity.ceiling.book.place):
        raise Http404
    return row


def own_draft(person: Person, uuid: UUID) -> ImportDraft:
    row = ImportDraft.objects.filter(uuid=uuid, by_id=person.acting).first()
    if row is None:
        raise Http404
    return row
