"""A second person looks at proofs of work that were flagged or drawn by lot. Only that person's word has an effect."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import drawing, transitions
from guyub.rooms.casework.acting import locked, save
from guyub.rooms.casework.models import (
    Assignment,
    Case,
    CrewLink,
    CrewProof,
    Draw,
    Evidence,
    SecondLook,
)
from guyub.rooms.casework.rules import Mode, Move, State, moves_from

Verdict = SecondLook.Verdict
SEALS_AT_ONCE = 20


class NothingToLookAt(LookupError):
    """Somebody has looked already, or the case has moved on."""


def needs_second_look(evidence: Evidence) -> bool:
    """Whether the checks of its photos flagged a proof; without a finding there is none."""
    return evidence.flagged is True


@transaction.atomic
def consider(*, evidence: int, at: datetime) -> bool:
    """Ask for a second look at a proof that was flagged; call it when the checks are done. Returns whether it asks.

    Run again it asks no second time.
    """
    row = Evidence.objects.select_related("case").get(pk=evidence)
    if not needs_second_look(row) or row.case.is_restricted:
        return False
    return _ask(row, flagged=True, at=at)


def _ask(row: Evidence, *, drawn: bool = False, flagged: bool = False, at: datetime) -> bool:
    case = locked(row.case.uuid)
    if not _can_be_looked_at(case) or newest_proof(case) != row.pk:
        return False
    look, is_new = SecondLook.objects.get_or_create(
        evidence=row,
        defaults={"case": case, "is_drawn": drawn, "is_flagged": flagged, "asked_at": at},
    )
    if not is_new:
        look.is_drawn, look.is_flagged = look.is_drawn or drawn, look.is_flagged or flagged
        look.save(update_fields=["is_drawn", "is_flagged"])
        return False
    fact = events.SecondLookAsked(case=case.pk, evidence=row.pk, is_drawn=drawn, is_flagged=flagged)
    ledger.record(fact, subject=case.subject, at=at, place=case.place_code)
    return True


def _can_be_looked_at(case: Case) -> bool:
    """What the reporter confirmed is settled; what ended for want of an answer is not."""
    return Move.FIND_WANTING in moves_from(State(case.state))


def newest_proof(case: Case) -> int | None:
    return Evidence.objects.filter(case=case).order_by("-pk").values_list("pk", flat=True).first()


# ---- the draw ----------------------------------------------------------------------------------------------------


def draw_due(*, at: datetime) -> int:
    """Draw under each seal that has not been drawn from; returns how many. Done twice it has one effect.

    A city that begins now begins with its newest seal: nobody was told of a draw before.
    """
    last = Draw.objects.order_by("-seal").values_list("seal", flat=True).first()
    newest = ledger.seals(limit=1 if last is None else SEALS_AT_ONCE)
    done = 0
    for seal in sorted(newest, key=lambda one: one.number):
        if last is None or seal.number > last:
            done += _draw(seal.number, seal.hash, at=at)
    return done


@transaction.atomic
def _draw(number: int, seal_hash: str, *, at: datetime) -> int:
    seal = ledger.find_seal(number)
    assert seal is not None
    facts = ledger.facts_under(seal, kind=events.WorkCompleted)
    proofs = [fact.payload["evidence"] for fact in facts]
    rows = Evidence.objects.filter(pk__in=proofs, case__is_restricted=False).select_related("case")
    rates, entries = _rates(at=at), []
    for row in rows.order_by("pk"):
        case = row.case
        percent = drawing.percent_of(rates, category=case.category, is_hazard=case.is_hazard)
        found = drawing.digits(seal_hash=seal_hash, number=case.number, part=case.part, evidence=row.pk)
        drawn = drawing.is_drawn(found, percent=percent)
        entries.append([case.number, case.part, row.pk, percent, found, drawn])
        if drawn:
            _ask(row, drawn=True, at=at)
    made = Draw.objects.bulk_create(
        [Draw(seal=number, seal_hash=seal_hash, at=at, entries=entries)], ignore_conflicts=True
    )
    return len(made)


def _rates(*, at: datetime) -> dict[str, int]:
    found = rulebook.family("second_look.percent", on=local_date(at, get_city().tz))
    return {key: int(rule.value["amount"]) for key, rule in found.items()}


def draws(*, before: int | None = None, limit: int = 30) -> list[Draw]:
    """The draws that had anything to draw from, the newest first."""
    rows = Draw.objects.exclude(entries=[]).order_by("-seal")
    return list((rows.filter(seal__lt=before) if before is not None else rows)[:limit])


def find_draw(seal: int) -> Draw | None:
    return Draw.objects.filter(seal=seal).first()


# ---- the second person -------------------------------------------------------------------------------------------


def waiting(person: Person) -> QuerySet[SecondLook]:
    """The looks that this person may give: of their own office or one above, and not at their own work."""
    own = person.offices(roles.SECOND_LOOK)
    if not own or person.account is None:
        return SecondLook.objects.none()
    reach = Q(case__office__in=own)
    if person.can(roles.VIEW_ALL):
        reach = Q()
    else:
        for place in person.places(roles.VIEW_AREA):
            reach |= Q(case__place_code__startswith=place, case__mode=Mode.ORDER)
        reach |= Q(case__escalated_to__in=own & person.offices(roles.ESCALATED))
    rows = SecondLook.objects.filter(
        reach, decided_at=None, case__is_restricted=False, case__state__in=_STATES
    )
    newer = Evidence.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("evidence"))
    rows = rows.exclude(Exists(newer))
    return (
        _without_own_work(rows, person.account).select_related("case", "evidence").order_by("asked_at", "pk")
    )


_STATES = tuple(state for state in State if Move.FIND_WANTING in moves_from(state))


def _without_own_work(rows: QuerySet[SecondLook], account: int) -> QuerySet[SecondLook]:
    """Who did the work, recorded it, sent the crew or accepted its proof looks at something else."""
    given = CrewLink.objects.filter(case=OuterRef("case"), made_by=account)
    accepted = CrewProof.objects.filter(case=OuterRef("case"), decided_by=account)
    charged = Assignment.objects.filter(case=OuterRef("case"), officer=account)
    return (
        rows.annotate(shown_by=Coalesce("evidence__by", 0))
        .exclude(shown_by=account)
        .exclude(Exists(given))
        .exclude(Exists(accepted))
        .exclude(Exists(charged))
    )


@transaction.atomic
def give(*, look: int, verdict: str, message: int, by: Person, at: datetime) -> Case:
    """A second person's verdict: what does not fit is worked on again, by the clock that ran all along.

    Raises NotAllowed, NothingToLookAt, NotPossible.
    """
    found = SecondLook.objects.select_related("case").get(pk=look)
    case = locked(found.case.uuid)
    row = SecondLook.objects.select_for_update(of=("self",)).get(pk=look)
    if row.decided_at is not None or not _can_be_looked_at(case):
        raise NothingToLookAt(look)
    if not waiting(by).filter(pk=look).exists():
        raise NotAllowed("This person is no second person here.")
    own = by.offices(roles.SECOND_LOOK)
    office = case.office_id if case.office_id in own else min(own)
    row.verdict, row.message, row.by, row.office, row.decided_at = verdict, message, by.acting, office, at
    row.save()
    fact = events.SecondLookGiven(
        case=case.pk, office=office, evidence=row.evidence_id, fits=verdict == Verdict.FITS, message=message
    )
    if verdict == Verdict.FITS:
        case.updated_at = at
    else:
        transitions.find_wanting(case, at=at)
    save(case, fact, by=by, office=office, at=at)
    return case
