"""An initiative as the subject of meetings and conversations: who reads, who runs them, who can owe something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from guyub.kernel import parties
from guyub.kernel.access.api import Person, roles
from guyub.rooms.conversation import api as conversation
from guyub.rooms.initiatives import working
from guyub.rooms.initiatives.acting import is_organiser, officers_of
from guyub.rooms.initiatives.models import Initiative, Participant
from guyub.rooms.initiatives.rules import LIVE, Part, State
from guyub.rooms.meetings import api as meetings
from guyub.rooms.partners import api as partners

PREFIX = "initiatives.initiative"


def _find(key: int) -> Initiative | None:
    """Drafts are nobody's subject yet."""
    return Initiative.objects.filter(pk=key, opened_at__isnull=False).first()


def members_of(row: Initiative) -> list[str]:
    """The organiser and the partners that take part, as codes. One query."""
    joined = Participant.objects.filter(initiative=row, state=Part.ACCEPTED).order_by("pk")
    own = [parties.party("office", row.office_id)] if row.office_id is not None else []
    return [*own, *(parties.party("partner", key) for key in joined.values_list("partner_id", flat=True))]


def _acts_for(code: str, person: Person) -> bool:
    office, partner = parties.key_of(code, "office"), parties.key_of(code, "partner")
    if office is not None:
        return office in person.offices(roles.COLLABORATE)
    if partner is None or person.account is None:
        return False
    return partners.may_act(account=person.account, partner=partner)


def _accounts_of(code: str) -> Iterable[int]:
    office, partner = parties.key_of(code, "office"), parties.key_of(code, "partner")
    if office is not None:
        return officers_of(office, at=timezone.now())
    return partners.representatives(partner=partner) if partner is not None else []


def meets(key: int, person: Person) -> meetings.Subject | None:
    row = _find(key)
    if row is None:
        return None
    return meetings.Subject(
        title=row.title,
        address=reverse("initiative_page", args=[row.slug]),
        can_read=True,
        can_run=is_organiser(person, row) and row.state in LIVE,
        members=lambda: [meetings.Member(code) for code in members_of(row)],
        answers_for=lambda code: _acts_for(code, person),
        accounts_of=_accounts_of,
        opens_with_follow_up=True,
    )


def talks(key: int, person: Person) -> conversation.Page | None:
    """A decision becomes a task of the initiative, where a partner that takes part or the organiser owns it."""
    row = _find(key)
    if row is None:
        return None

    def make_task(*, what: str, owner: str, due_on: date, by: Person, at: datetime) -> conversation.Task:
        partner = parties.key_of(owner, "partner")
        made = working.set_task(
            initiative=row.pk, title=what[:160], due_on=due_on, partner=partner, by=by, at=at
        )
        return conversation.Task(f"initiatives.task:{made}", reverse("initiative_page", args=[row.slug]))

    def owners() -> list[tuple[str, str]]:
        known = parties.cards(members_of(row))
        return sorted(((code, card.name) for code, card in known.items()), key=lambda pair: pair[1].lower())

    return conversation.Page(
        title=row.title,
        address=reverse("initiative_page", args=[row.slug]),
        can_read=True,
        can_write=row.state != State.STOPPED,
        can_moderate=is_organiser(person, row) and row.state in LIVE,
        make_task=make_task,
        owners=owners,
    )
