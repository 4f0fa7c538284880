"""Which warnings a person may open. Views load through here; strangers are told that nothing is there."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from guyub.kernel.access.api import Person, roles
from guyub.rooms.warnings import queries
from guyub.rooms.warnings.acting import reaches
from guyub.rooms.warnings.models import Chain, Message, Review
from guyub.rooms.warnings.rules import PENDING, State, may_approve


def public_chain(number: str) -> tuple[Chain, list[Message]]:
    """A warning that was ever in force, with the messages that were. Raises Http404."""
    chain = queries.find_chain(number)
    rows = [row for row in queries.messages(chain) if row.issued_at] if chain else []
    if chain is None or not rows:
        raise Http404
    return chain, rows


def desk_chain(person: Person, number: str) -> tuple[Chain, list[Message]]:
    """A warning in whatever state, for those who draft or approve in its area. Raises Http404."""
    chain = queries.find_chain(number)
    rows = queries.messages(chain) if chain else []
    if chain is None or not any(
        reaches(person, row.areas, power) for row in rows for power in (roles.WARN, roles.APPROVE_WARNING)
    ):
        raise Http404
    return chain, rows


def being_worked_on(chain: Chain, rows: list[Message]) -> Message | None:
    return next((row for row in rows if row.state in PENDING), None)


def in_force(rows: list[Message]) -> Message | None:
    return next((row for row in rows if row.state == State.ISSUED), None)


def can_approve(person: Person, row: Message) -> bool:
    """Whether this is the second person that a message waits for."""
    hands = [one for one in (row.touched_by, row.asked_by) if one is not None]
    return (
        row.state == State.WAITING
        and person.account is not None
        and reaches(person, row.areas, roles.APPROVE_WARNING)
        and may_approve(approver=person.account, author=row.author, others=hands)
    )


def owed_reviews(person: Person) -> QuerySet[Review]:
    """What one person sent alone and this one may look at."""
    rows = Review.objects.filter(done_at__isnull=True).select_related("message__chain").order_by("due_at")
    if not person.can(roles.APPROVE_WARNING):
        return rows.none()
    return rows.exclude(message__issued_by=person.account)


def count_waiting(person: Person) -> int:
    """How much waits for this person: messages to approve, and reviews owed. One query where there is anything to count."""
    if not person.can(roles.APPROVE_WARNING):
        return 0
    waiting = Message.objects.filter(state=State.WAITING)
    return sum(can_approve(person, row) for row in waiting) + owed_reviews(person).count()
