"""Partners are called, answer, and leave."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.initiatives import rules
from guyub.rooms.initiatives.acting import Refused, as_organiser, locked, record, tell
from guyub.rooms.initiatives.models import Participant, Pledge
from guyub.rooms.initiatives.rules import LIVE, Part, Role, State
from guyub.rooms.partners import api as partners
from guyub.rooms.partners.api import Partner


@transaction.atomic
def invite(*, initiative: int, partner: int, role: str, by: Person, at: datetime) -> None:
    """The organiser calls a partner to take part as something. Raises `NotAllowed`, `Refused`."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    account = as_organiser(by, row)
    found = Partner.objects.active().filter(pk=partner).first()
    if found is None or Role(role) is Role.ORGANISER:
        raise NotAllowed("This partner cannot be called as that.")
    part = Participant.objects.filter(initiative=row, partner=found).first()
    if part is not None and part.state in (Part.INVITED, Part.ACCEPTED):
        raise Refused(_("Mitra ini sudah diundang atau sudah ikut."), field="partner")
    part = part or Participant(initiative=row, partner=found)
    part.role, part.state, part.invited_by_id, part.invited_at = role, Part.INVITED, account, at
    part.answered_by_id = part.answered_at = None
    part.save()
    fact = events.PartnerInvited(initiative=row.pk, partner=found.pk, role=role)
    key = record(fact, initiative=row, by=account, at=at, office=row.office_id)
    with override("id"):
        tell(
            partners.representatives(partner=found.pk),
            key=f"{row.pk}:invited:{key}",
            subject=_("Undangan: %(title)s") % {"title": row.title},
            body=_("%(partner)s diundang ikut dalam prakarsa ini. Jawab di halaman Prakarsa saya.")
            % {"partner": found.name},
            link="/prakarsa/saya/",
            at=at,
            besides=account,
        )


@transaction.atomic
def answer(*, initiative: int, partner: int, is_accepted: bool, by: Person, at: datetime) -> None:
    """Who acts for the partner says whether it takes part. Raises `NotAllowed`."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    if not partners.may_act(account=by.acting, partner=partner):
        raise NotAllowed("This person does not act for this partner.")
    part = Participant.objects.filter(initiative=row, partner_id=partner, state=Part.INVITED).first()
    if part is None:
        raise NotAllowed("Nothing waits for an answer.")
    part.state = Part.ACCEPTED if is_accepted else Part.DECLINED
    part.answered_by_id, part.answered_at = by.acting, at
    part.save(update_fields=["state", "answered_by", "answered_at"])
    fact = events.PartDecided(initiative=row.pk, partner=partner, is_accepted=is_accepted)
    record(fact, initiative=row, by=by.acting, at=at)


@transaction.atomic
def leave(*, initiative: int, partner: int, by: Person, at: datetime) -> None:
    """A partner takes part no longer; what it promised it keeps or withdraws first. Raises `NotAllowed`, `Refused`."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    if not partners.may_act(account=by.acting, partner=partner):
        raise NotAllowed("This person does not act for this partner.")
    part = Participant.objects.filter(initiative=row, partner_id=partner, state=Part.ACCEPTED).first()
    if part is None or part.role == Role.ORGANISER:
        raise NotAllowed("This partner has no part that it could leave.")
    waiting = [one.value for one in rules.WAITING]
    if Pledge.objects.filter(line__initiative=row, partner_id=partner, state__in=waiting).exists():
        raise Refused(_("Penuhi atau tarik dahulu janji yang masih terbuka."))
    part.state, part.answered_by_id, part.answered_at = Part.LEFT, by.acting, at
    part.save(update_fields=["state", "answered_by", "answered_at"])
    fact = events.PartEnded(initiative=row.pk, partner=partner)
    record(fact, initiative=row, by=by.acting, at=at)
