"""The people of a partner as its own board sees them; nobody else does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guyub.rooms.partners.models import Invitation, Member, Partner
from guyub.rooms.partners.rules import Role, Standing
from guyub.rooms.partners.wording import ROLES
from guyub.rooms.people import api as people
from guyub.ui.rows import Printed, day_in_words


@dataclass(frozen=True, slots=True)
class Shown(Printed):
    id: int
    name: str
    role: str
    role_code: str
    words: str
    since: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class Invited(Printed):
    id: int
    role: str
    until: str


def is_lead(row: Partner, account: int) -> bool:
    rows = Member.objects.filter(partner=row, account_id=account, state=Standing.ACTIVE, role=Role.LEAD)
    return rows.exists()


_ORDER = {Role.LEAD: 0, Role.BOARD: 1, Role.MEMBER: 2}


def people_of(row: Partner, account: int) -> dict[str, Any]:
    """Who belongs to a partner, who asks to, and who was invited. Three queries."""
    found = list(
        Member.objects.filter(partner=row, state__in=[Standing.ACTIVE, Standing.ASKED]).order_by("asked_at")
    )
    names = people.names_of([one.account_id for one in found])
    shown = [
        (
            one.state,
            Shown(
                one.pk,
                names.get(one.account_id) or _("Tanpa nama"),
                str(ROLES[Role(one.role)]),
                one.role,
                one.words,
                day_in_words((one.decided_at or one.asked_at).date()),
                one.account_id == account,
            ),
        )
        for one in found
    ]
    members = [person for state, person in shown if state == Standing.ACTIVE]
    invited = Invitation.objects.filter(partner=row, over_at__isnull=True).order_by("until_at")
    return {
        "members": sorted(members, key=lambda person: _ORDER[Role(person.role_code)]),
        "asking": [person for state, person in shown if state == Standing.ASKED],
        "invited": [
            Invited(one.pk, str(ROLES[Role(one.role)]), day_in_words(one.until_at.date())) for one in invited
        ],
    }
