"""Plug initiatives into the sockets below them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel.access.api import Person, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.conversation import api as conversation
from guyub.rooms.initiatives import (  # noqa: F401
    belonging,
    keeping,
    queries,
    rules,
    subscribers,
    talking,
    tasks,
    wording,
)
from guyub.rooms.meetings import api as meetings
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners


def _offer(person: Person, case: casework.Case) -> casework.Offer | None:
    """An officer may answer a case by an initiative where they answer for it."""
    able = (
        case.state in rules.CAN_BE_JOINED
        and not case.is_restricted
        and person.can(roles.COLLABORATE)
        and casework.access.may(person, roles.ANSWER, case)
    )
    if not able:
        return None
    return casework.Offer(_("Jawab lewat prakarsa"), reverse("desk_join_case", args=[case.uuid]))


def _start(number: str, at_desk: bool) -> str:
    return f"{reverse('desk_initiative_new' if at_desk else 'initiative_new')}?kebutuhan={number}"


needs.register_start(_start)
casework.register_cause(
    "initiatives.initiative", casework.CauseKind(shown=queries.causes_shown, offer=_offer)
)
partners.register_record(queries.record_of)
partners.register_ties(queries.ties_since)
meetings.register_subject(talking.PREFIX, talking.meets)
conversation.register_subject(talking.PREFIX, talking.talks)
