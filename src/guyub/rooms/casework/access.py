"""Which cases a person may see and move. A case about officials' conduct is the Inspektorat's alone."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.casework import ladder
from guyub.rooms.casework.models import Case, HandOver
from guyub.rooms.casework.rules import OPEN, WORKABLE, Mode, Move, State, Verb, moves_from

ACCEPT = "case.accept"
_COORDINATOR_MAY = frozenset({roles.VERIFY, roles.HAND_OVER, roles.NOTE, roles.ANSWER})
_AREA_MAY = frozenset({roles.HAND_OVER, roles.NOTE})
_RISEN_MAY = frozenset({roles.HAND_OVER, roles.NOTE})
_HAZARD_MAY = frozenset({roles.HAND_OVER, roles.NOTE})
_BEFORE_ACCEPTING = frozenset({ACCEPT, roles.HAND_OVER, roles.NOTE})
_NEEDS: dict[Verb, tuple[Move | None, str]] = {
    Verb.VERIFY: (Move.VERIFY, roles.VERIFY),
    Verb.DECIDE: (Move.SCHEDULE, roles.APPROVE_SCHEDULE),
    Verb.ANSWER: (Move.ANSWER, roles.ANSWER),
    Verb.SEND_OUT: (Move.SEND_OUT, roles.ANSWER),
    Verb.BODY_REPLY: (Move.TAKE_BACK, roles.ANSWER),
    Verb.TAKE_BACK: (Move.TAKE_BACK, roles.ANSWER),
    Verb.COMPLETE: (Move.COMPLETE, roles.COMPLETE),
    Verb.DISPOSE: (None, roles.DISPOSE),
    Verb.HAND_OVER: (Move.HAND_OVER, roles.HAND_OVER),
    Verb.ASK: (Move.ASK, roles.ANSWER),
    Verb.SCHEDULE: (Move.SCHEDULE, roles.ANSWER),
    Verb.MERGE: (Move.MERGE, roles.VERIFY),
    Verb.GATHER: (None, roles.VERIFY),
    Verb.UNMERGE: (Move.UNMERGE, roles.VERIFY),
    Verb.REJECT: (Move.REJECT, roles.VERIFY),
    Verb.NOTE: (None, roles.NOTE),
}


def visible(person: Person) -> QuerySet[Case]:
    """The cases that a person may look at."""
    if not person.can(roles.VIEW):
        return Case.objects.none()
    own = person.offices(roles.VIEW)
    ordinary = Q(office__in=own)
    if person.can(roles.VIEW_ALL):
        ordinary = Q()
    else:
        ordinary |= Q(Exists(HandOver.objects.filter(case=OuterRef("pk"), from_office__in=own)))
        for place in person.places(roles.VIEW_AREA):
            ordinary |= Q(place_code__startswith=place)
        if person.can(roles.VIEW_HAZARDS):
            ordinary |= Q(is_hazard=True)
        if told := person.offices(roles.ESCALATED):
            ordinary |= Q(escalated_to__in=told)
    allowed = Q(is_restricted=False) & ordinary
    overseen = person.offices(roles.OVERSIGHT)
    if overseen:
        allowed |= Q(is_restricted=True, office__in=overseen)
    return Case.objects.filter(allowed)


def inbox(person: Person) -> QuerySet[Case]:
    """What waits on this person's own offices or has risen to them, and hazards for whoever is on duty."""
    own = Q(office__in=person.offices(roles.VIEW))
    if person.can(roles.VIEW_HAZARDS):
        own |= Q(is_hazard=True)
    if told := person.offices(roles.ESCALATED):
        own |= Q(escalated_to__in=told)
    overseen = person.offices(roles.OVERSIGHT)
    restricted = Q(is_restricted=False) | Q(is_restricted=True, office__in=overseen)
    return Case.objects.filter(own & restricted, is_open=True)


def may(person: Person, power: str, case: Case) -> bool:
    """Whether a person may do something to a case now. `ACCEPT` is a desa's taking on of a request."""
    if case.mode == Mode.REQUEST and case.accepted_at is None and power not in _BEFORE_ACCEPTING:
        return False
    held = roles.VERIFY if power == ACCEPT else power
    if case.is_restricted:
        return case.office_id in person.offices(roles.OVERSIGHT) & person.offices(held)
    if case.office_id in person.offices(held):
        return True
    if person.can(roles.COORDINATE) and power in _COORDINATOR_MAY:
        return True
    if power == roles.NOTE and person.can(roles.VIEW_ALL) and person.can(roles.NOTE):
        return True
    if power in _AREA_MAY and any(case.place_code.startswith(p) for p in person.places(roles.VIEW_AREA)):
        return True
    if power in _RISEN_MAY and case.escalated_to_id in person.offices(roles.ESCALATED) & person.offices(held):
        return True
    return case.is_hazard and person.can(roles.VIEW_HAZARDS) and power in _HAZARD_MAY


def may_prepare_letter(person: Person, case: Case) -> bool:
    """Whether a person may write to a body outside the city: who may answer, about what is not restricted."""
    return State(case.state) in WORKABLE and not case.is_restricted and may(person, roles.ANSWER, case)


def may_split(person: Person, case: Case) -> bool:
    """Whether a person may give another office a part: who may hand it over, once it is verified.

    Not what is restricted; and a desa orders no offices of the city about.
    """
    return (
        State(case.state) in WORKABLE
        and not case.is_restricted
        and not (case.mode == Mode.REQUEST and case.office_id in person.offices(roles.HAND_OVER))
        and may(person, roles.HAND_OVER, case)
    )


def may_escalate(person: Person, case: Case) -> bool:
    """Whether a person may take a case up: its own office, while it has to act and somebody is above it."""
    return (
        case.is_open
        and not case.is_restricted
        and case.due_at is not None
        and case.state != State.EXTERNAL
        and case.office_id in person.offices(roles.HAND_OVER)
        and may(person, roles.ANSWER, case)
        and any(ladder.offices_above(case))
    )


def may_explain_delay(person: Person, case: Case) -> bool:
    """Whether a person may say why a case is late: its own office, once for each time that it rose."""
    said = case.delay_explained_at
    return (
        case.is_open
        and case.escalated_at is not None
        and (said is None or said < case.escalated_at)
        and case.office_id in person.offices(roles.NOTE)
    )


def offered(person: Person, case: Case) -> list[Verb]:
    """What this person may do to the case now: what the rule allows from its state and access allows to them.

    A desa does not order offices of the city about: instead of handing over it gives the request back.
    `DECIDE` further needs a proposal, `SEND_OUT` a letter and `GATHER` reports to gather, which the caller knows.
    """
    possible = moves_from(State(case.state))
    found = {
        verb
        for verb, (move, power) in _NEEDS.items()
        if move in possible | {None} and may(person, power, case)
    }
    if case.is_restricted:
        found -= {Verb.HAND_OVER, Verb.SEND_OUT, Verb.MERGE, Verb.GATHER}
    if State(case.state) not in OPEN or case.forwarded_at is None:
        found.discard(Verb.GATHER)
    if may_prepare_letter(person, case):
        found.add(Verb.LETTER)
    if not case.is_open:
        found.discard(Verb.DISPOSE)
    if may_split(person, case):
        found.add(Verb.SPLIT)
    if may_escalate(person, case):
        found.add(Verb.ESCALATE)
    if may_explain_delay(person, case):
        found.add(Verb.EXPLAIN_DELAY)
    if case.mode == Mode.REQUEST and case.office_id in person.offices(roles.VERIFY):
        if case.accepted_at is None and case.is_open:
            found.add(Verb.ACCEPT)
        if Verb.HAND_OVER in found:
            found = found - {Verb.HAND_OVER} | {Verb.RETURN}
    return [verb for verb in Verb if verb in found]


def speaking_for(person: Person, power: str, case: Case) -> int:
    """The office in whose name a person acts: the case's own if they hold the power there, else their own.

    Raises `NotAllowed` for whoever holds it nowhere.
    """
    held = person.offices(roles.VERIFY if power == ACCEPT else power)
    if not held:
        raise NotAllowed("This person speaks for no office here.")
    return case.office_id if case.office_id in held else min(held)


def may_see_identity(person: Person, case: Case, *, is_anonymous: bool) -> bool:
    """Whether a person may ask who the reporter is: the handling office, and for *anonim* the coordinator
    only.
    """
    if case.is_restricted:
        return not is_anonymous and case.office_id in person.offices(roles.OVERSIGHT)
    if is_anonymous:
        return person.can(roles.IDENTITY_ANONYMOUS)
    return case.office_id in person.offices(roles.IDENTITY) or person.can(roles.IDENTITY_ANONYMOUS)
