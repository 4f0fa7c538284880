"""Which initiatives a person may see or run. Views load through here, and strangers are told there is no such page."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from guyub.kernel.access.api import Person, roles
from guyub.rooms.initiatives import pledging, queries
from guyub.rooms.initiatives.acting import is_organiser
from guyub.rooms.initiatives.models import Delivery, Initiative, Line, Participant, Pledge, Task
from guyub.rooms.initiatives.rules import LIVE, Part
from guyub.rooms.partners import api as partners


def readable(person: Person, slug: str) -> Initiative:
    """An initiative that a person may read: every opened one; a draft its organiser, whoever was asked to consent,
    and partners that were called."""
    row = _find(slug)
    if row.opened_at is None and not (is_organiser(person, row) or _is_asked(person, row)):
        raise Http404
    return row


def _find(slug: str) -> Initiative:
    row = Initiative.objects.select_related("partner").filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def _is_asked(person: Person, row: Initiative) -> bool:
    if row.consent_office_id is not None and row.consent_office_id in person.offices(roles.COLLABORATE):
        return True
    if person.account is None:
        return False
    called = Participant.objects.filter(initiative=row, state__in=[Part.INVITED, Part.ACCEPTED])
    own = [one.partner.id for one in partners.of_account(account=person.account)]
    return called.filter(partner__in=own).exists()


def run_by(person: Person, slug: str) -> Initiative:
    """An initiative that this person runs."""
    row = _find(slug)
    if not is_organiser(person, row):
        raise Http404
    return row


def consent_asked(person: Person, slug: str) -> Initiative:
    """An initiative about which this person's office was asked."""
    row = _find(slug)
    if row.consent_office_id not in person.offices(roles.COLLABORATE):
        raise Http404
    return row


def open_line(uuid: UUID) -> Line:
    """A line on which promises are taken."""
    row = Line.objects.select_related("initiative").filter(uuid=uuid, initiative__state__in=LIVE).first()
    if row is None:
        raise Http404
    return row


def own_pledge(person: Person, uuid: UUID) -> Pledge:
    """A promise that this person made, or that a partner made for which they act."""
    row = Pledge.objects.select_related("line__initiative", "partner").filter(uuid=uuid).first()
    if row is None or person.account is None or person.account not in pledging.givers_of(row):
        raise Http404
    return row


def pledge_to(person: Person, uuid: UUID) -> Pledge:
    """A promise to an initiative that this person runs, or on which they decide as head of the place's office."""
    row = Pledge.objects.select_related("line__initiative", "partner").filter(uuid=uuid).first()
    if row is None or not may_decide(person, row):
        raise Http404
    return row


def may_decide(person: Person, row: Pledge) -> bool:
    initiative = row.line.initiative
    return is_organiser(person, initiative) or (
        row.has_conflict and pledging.may_decide_conflict(person, initiative)
    )


def delivery_to(person: Person, uuid: UUID) -> Delivery:
    row = Delivery.objects.select_related("pledge__line__initiative").filter(uuid=uuid).first()
    if row is None or not is_organiser(person, row.pledge.line.initiative):
        raise Http404
    return row


def any_delivery(uuid: UUID) -> Delivery:
    row = (
        Delivery.objects.select_related("pledge__line__initiative", "pledge__partner")
        .filter(uuid=uuid)
        .first()
    )
    if row is None:
        raise Http404
    return row


def task_of(uuid: UUID) -> Task:
    row = Task.objects.select_related("initiative").filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def at_desk(person: Person) -> QuerySet[Initiative]:
    """What an officer has to do with: their offices' own, what asks them for consent, and what is in their places."""
    offices = person.offices(roles.COLLABORATE)
    own = Q(office__in=offices) | Q(consent_office__in=offices)
    seen = Q(opened_at__isnull=False) & _in_places(person)
    return Initiative.objects.filter(own | seen)


def _in_places(person: Person) -> Q:
    codes: set[str] = set()
    for scope in person.places(roles.COLLABORATE):
        found = queries.codes_of(scope) if scope else None
        if found is None:
            return Q()
        codes |= set(found)
    return Q(places__overlap=sorted(codes))
