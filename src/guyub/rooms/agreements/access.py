"""Which agreements a person may see or change. Views load through here; strangers are told there is no such page."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from guyub.kernel.access.api import Person, roles
from guyub.rooms.agreements.models import Cooperation, Document, Duty, Party
from guyub.rooms.agreements.rules import State
from guyub.rooms.partners import api as partners

OFFER = "SURAT_PENAWARAN"


def agreed() -> QuerySet[Document]:
    """What everyone may know of: signed and not merely offered."""
    return Document.objects.exclude(state=State.DRAFT).exclude(kind=OFFER)


def public_cooperation(slug: str) -> Cooperation:
    row = Cooperation.objects.filter(slug=slug, pk__in=agreed().values("cooperation")).first()
    if row is None:
        raise Http404
    return row


def desk_cooperation(person: Person, uuid: UUID) -> Cooperation:
    row = Cooperation.objects.select_related("office").filter(uuid=uuid).first()
    if row is None or not person.can(roles.AGREEMENTS):
        raise Http404
    return row


def _document(uuid: UUID) -> Document:
    row = Document.objects.select_related("cooperation", "under").filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def desk_document(person: Person, uuid: UUID) -> Document:
    if not person.can(roles.AGREEMENTS):
        raise Http404
    return _document(uuid)


def own_documents(person: Person) -> QuerySet[Document]:
    """Documents of which a partner is a side for which this person acts."""
    own = [one.partner.id for one in partners.of_account(account=person.acting)]
    acting = [key for key in own if partners.may_act(account=person.acting, partner=key)]
    sides = Party.objects.filter(partner__in=acting)
    return Document.objects.select_related("cooperation", "under").filter(pk__in=sides.values("document"))


def own_document(person: Person, uuid: UUID) -> Document:
    """A document for its partner's people or for who manages agreements."""
    if person.can(roles.AGREEMENTS):
        return _document(uuid)
    row = own_documents(person).filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def desk_party(person: Person, uuid: UUID, key: int) -> Party:
    row = Party.objects.filter(pk=key, document=desk_document(person, uuid)).first()
    if row is None:
        raise Http404
    return row


def desk_duty(person: Person, uuid: UUID, key: int) -> Duty:
    row = Duty.objects.filter(pk=key, document=desk_document(person, uuid)).first()
    if row is None:
        raise Http404
    return row
