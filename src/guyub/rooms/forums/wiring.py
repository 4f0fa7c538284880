"""Plug forums into the sockets of meetings and conversations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from guyub.kernel import parties
from guyub.kernel.access.api import Person, roles
from guyub.rooms.conversation import api as conversation
from guyub.rooms.forums import queries, reference, wording  # noqa: F401
from guyub.rooms.forums.models import Forum
from guyub.rooms.meetings import api as meetings
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people

PREFIX = "forums.forum"
# Who is told what concerns an office that sits in a forum.
_TOLD = frozenset(
    {"kepala_opd", "penghubung", "camat", "lurah", "sekda", "inspektur", "dewan", "kemitraan", "koordinator"}
)


def _forum(key: int) -> Forum | None:
    return Forum.objects.filter(pk=key).first()


def _keeps(row: Forum, person: Person) -> bool:
    return person.can(roles.FORUMS) and person.support is None and row.ended_at is None


def _agencies() -> tuple[str, ...]:
    kinds = (
        people.OrganisationKind.AGENCY,
        people.OrganisationKind.SECRETARIAT,
        people.OrganisationKind.COORDINATOR,
    )
    known = people.directory()
    return tuple(parties.party("office", one.id) for kind in kinds for one in known.of_kind(kind))


def _acts_for(code: str, person: Person) -> bool:
    """Officers act for their office, people of a partner's board for the partner."""
    office, partner = parties.key_of(code, "office"), parties.key_of(code, "partner")
    if office is not None:
        return any(grant.organisation == office and grant.powers for grant in person.grants)
    if partner is None or person.account is None:
        return False
    return partners.may_act(account=person.account, partner=partner)


def _accounts_of(code: str) -> Iterable[int]:
    office, partner = parties.key_of(code, "office"), parties.key_of(code, "partner")
    if office is not None:
        today = reference.today(timezone.now())
        return people.accounts_with(roles=_TOLD, organisation=office, on=today)
    return partners.representatives(partner=partner) if partner is not None else []


def _meets(key: int, person: Person) -> meetings.Subject | None:
    row = _forum(key)
    if row is None:
        return None
    return meetings.Subject(
        title=row.name,
        address=reverse("forum", args=[row.slug]),
        can_read=True,
        can_run=_keeps(row, person),
        members=lambda: [meetings.Member(one.party, one.actor) for one in queries.members_of(row)],
        may_owe=_agencies(),
        answers_for=lambda code: _acts_for(code, person),
        accounts_of=_accounts_of,
        quorum_percent=reference.quorum_percent(on=reference.today(timezone.now())),
        opens_with_follow_up=True,
    )


def _talks(key: int, person: Person) -> conversation.Page | None:
    row = _forum(key)
    if row is None:
        return None

    def make_task(*, what: str, owner: str, due_on: date, by: Person, at: datetime) -> conversation.Task:
        made = meetings.follow_up(subject=row.subject, what=what, owner=owner, due_on=due_on, by=by, at=at)
        return conversation.Task(
            f"meetings.follow_up:{made.pk}", reverse("meeting_follow_up", args=[made.uuid])
        )

    def owners() -> list[tuple[str, str]]:
        known = parties.cards([*(one.party for one in queries.members_of(row)), *_agencies()])
        return sorted(((code, card.name) for code, card in known.items()), key=lambda pair: pair[1].lower())

    return conversation.Page(
        title=row.name,
        address=reverse("forum", args=[row.slug]),
        can_read=True,
        can_write=row.ended_at is None,
        can_moderate=_keeps(row, person),
        make_task=make_task,
        owners=owners,
    )


meetings.register_subject(PREFIX, _meets)
conversation.register_subject(PREFIX, _talks)
