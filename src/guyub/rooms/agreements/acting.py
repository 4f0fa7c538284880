"""What every action on agreements shares: who may, the lock, and the record."""

from __future__ import annotations

from datetime import datetime

from guyub.events import Event
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.agreements.models import Cooperation, Document, Party
from guyub.rooms.agreements.rules import State
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def as_officer(by: Person) -> int:
    """The account of who manages agreements. Raises `NotAllowed` for everybody else."""
    if not by.can(roles.AGREEMENTS):
        raise NotAllowed("This person does not manage agreements.")
    return by.acting


def locked_cooperation(key: int) -> Cooperation:
    return Cooperation.objects.select_for_update().get(pk=key)


def locked_document(key: int, *states: State) -> Document:
    """A document in one of the states; its cooperation is locked until the transaction ends."""
    locked_cooperation(Document.objects.values_list("cooperation_id", flat=True).get(pk=key))
    row = Document.objects.select_related("cooperation", "under").get(pk=key)
    if states and row.state not in states:
        raise NotAllowed("This document is not in a state for that.")
    return row


def record(event: Event, *, of: Cooperation, by: Person | None, at: datetime) -> int:
    """Record what happened; every fact of a cooperation and its documents stands under the cooperation."""
    return ledger.record(
        event,
        subject=of.subject,
        at=at,
        by=by.acting if by else None,
        on_behalf_of=min(by.offices(roles.AGREEMENTS), default=None) if by else None,
    )


def tell(document: Document, key: str, subject: str, body: str, *, at: datetime) -> int:
    """Write to who manages agreements and to who acts for the partners of a document, once each; how many."""
    officers = people.accounts_with(roles=frozenset({"kemitraan"}), organisation=None, on=at.date())
    parties = Party.objects.filter(document=document, partner__isnull=False).values_list("partner", flat=True)
    boards = {account for partner in parties for account in partners.representatives(partner=partner)}
    desk = f"/petugas/kerja-sama/naskah/{document.uuid}/"
    own = f"/kerja-sama/naskah/{document.uuid}/"
    told = 0
    for account, link in [
        *((one, desk) for one in officers),
        *((one, own) for one in boards - set(officers)),
    ]:
        told += notices.notify(
            key=f"agreement:{document.pk}:{key}:{account}",
            recipient=f"account:{account}",
            subject=subject,
            body=body,
            link=link,
            at=at,
        )
    return told
