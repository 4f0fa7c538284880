"""What every action on a partner shares: the lock, the words beside a fact, and who may."""

from __future__ import annotations

from datetime import datetime

from guyub.events import Event
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.partners import queries
from guyub.rooms.partners.models import Member, Note, Partner
from guyub.rooms.partners.rules import Standing, Status


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def locked(partner: int, *, status: tuple[Status, ...] = (Status.ACTIVE,)) -> Partner:
    """The partner's row, held until the transaction ends. Raises `NotAllowed` outside of these states."""
    row = Partner.objects.select_for_update(of=("self",)).get(pk=partner)
    if row.status not in status:
        raise NotAllowed("This partner is not in a state for that.")
    return row


def acts_for(by: Person, partner: int) -> int:
    """The account that acts for a partner. Raises `NotAllowed` for whoever may not."""
    if not queries.may_act(account=by.acting, partner=partner):
        raise NotAllowed("This person does not act for this partner.")
    return by.acting


def is_member(account: int, partner: int) -> bool:
    return Member.objects.filter(partner_id=partner, account_id=account, state=Standing.ACTIVE).exists()


def as_city(by: Person, *, about: int | None = None) -> int:
    """The officer's account. Raises `NotAllowed` for whoever has not the power, and about what is one's own."""
    if not by.can(roles.PARTNERS):
        raise NotAllowed("This person does not verify partners.")
    if about is not None and is_member(by.acting, about):
        raise NotAllowed("Nobody decides on what they belong to.")
    return by.acting


def office_of(by: Person) -> int | None:
    return min(by.offices(roles.PARTNERS), default=None)


def record(event: Event, *, partner: Partner, by: int | None, at: datetime, office: int | None = None) -> int:
    """Record what happened to a partner. Its place is told where it has one and not many."""
    place = partner.places[0] if len(partner.places) == 1 else ""
    return ledger.record(event, subject=partner.subject, at=at, by=by, on_behalf_of=office, place=place)


def keep_words(partner: Partner, kind: str, words: str, *, by: int | None, at: datetime) -> int:
    return Note.objects.create(partner=partner, kind=kind, words=words, by_id=by, at=at).pk


def tell(
    partner: Partner, key: str, subject: str, body: str, *, at: datetime, besides: int | None = None
) -> None:
    """Write to everyone who acts for a partner, once each, but not to who did it."""
    for account in queries.representatives(partner=partner.pk):
        if account != besides:
            tell_one(
                account, f"partner:{partner.pk}:{key}:{account}", subject, body, slug=partner.slug, at=at
            )


def tell_one(account: int, key: str, subject: str, body: str, *, slug: str, at: datetime) -> None:
    notices.notify(
        key=key,
        recipient=f"account:{account}",
        subject=subject,
        body=body,
        link=f"/mitra/{slug}/kelola/",
        at=at,
    )
