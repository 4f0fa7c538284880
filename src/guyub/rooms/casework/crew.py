"""*Tautan tugas*: a crew without accounts shows its work; the office answers for it.

What comes by a link completes nothing: an officer accepts it or sends it back with a reason, unless the city's
rulebook lets it complete the case at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from django.db import transaction

from guyub.events import Event
from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import end_of_local_day, local_date
from guyub.kernel.cities.api import get_city, signature, signature_fits
from guyub.kernel.compiled import Compiled
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import access, completing
from guyub.rooms.casework.acting import check, locked
from guyub.rooms.casework.capture import Capture, Source
from guyub.rooms.casework.models import Case, CrewLink, CrewProof
from guyub.rooms.casework.rules import Move, State, moves_from

PURPOSE = "crew"
Outcome = CrewProof.Outcome


class Over(StrEnum):
    """Why a link has ended: by hand, by its day, with this crew's own proof, or the case needs no crew any more."""

    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    ACCEPTED = "ACCEPTED"
    NOT_NEEDED = "NOT_NEEDED"


class LinkOver(LookupError):
    """The link has ended; `why` says in which way."""

    def __init__(self, why: Over) -> None:
        super().__init__(why)
        self.why = why


class NothingWaits(LookupError):
    """This proof has been decided on already."""


class TooManyWait(ValueError):
    """The office has to look at what was sent before more is taken."""


def key_of(link: UUID) -> str:
    """The secret part of a crew's address, signed for this city."""
    return f"{link.hex}-{signature(PURPOSE, link.hex)}"


def link_of(key: str) -> CrewLink | None:
    """The link behind a key; None for a key that is not of this city. It may be over: see `ensure_open`."""
    hex_id, _, proof = key.partition("-")
    if len(hex_id) != 32 or not signature_fits(PURPOSE, hex_id, proof):
        return None
    try:
        return CrewLink.objects.select_related("case").filter(uuid=UUID(hex_id)).first()
    except ValueError:
        return None


def ensure_open(link: CrewLink, *, at: datetime) -> None:
    """Raises LinkOver. Once the case is with another office, or finished, the crew's errand is over too."""
    case = link.case
    if link.revoked_at is not None:
        raise LinkOver(Over.REVOKED)
    if case.office_id != link.office_id or not can_be_given(case):
        accepted = CrewProof.objects.filter(link=link, outcome=Outcome.ACCEPTED).exists()
        raise LinkOver(Over.ACCEPTED if accepted else Over.NOT_NEEDED)
    if link.expires_at <= at:
        raise LinkOver(Over.EXPIRED)


def can_be_given(case: Case) -> bool:
    return not case.is_restricted and Move.COMPLETE in moves_from(State(case.state))


def may_give(person: Person, case: Case) -> bool:
    """Whether a person may send a crew: who may complete the case. What is about conduct is no crew's business."""
    return can_be_given(case) and access.may(person, roles.COMPLETE, case)


@transaction.atomic
def make_link(*, case: UUID, crew: str, instruction: str, by: Person, at: datetime) -> CrewLink:
    """Give a crew a link for so many days as the rulebook says. Raises NotAllowed."""
    row = locked(case)
    if not may_give(by, row):
        raise NotAllowed("This person may not give this case to a crew.")
    tz = get_city().tz
    days = rulebook.rule("crew.link_days", on=local_date(at, tz)).value["amount"]
    link = CrewLink.objects.create(
        case=row,
        office_id=row.office_id,
        crew=crew,
        instruction=instruction,
        made_by=by.acting,
        made_at=at,
        expires_at=end_of_local_day(local_date(at, tz) + timedelta(days=days), tz),
    )
    _record(row, events.CrewLinkMade(case=row.pk, office=row.office_id, link=link.pk), by=by, at=at)
    return link


@transaction.atomic
def revoke_link(*, link: UUID, by: Person, at: datetime) -> None:
    """End a link before its day; a second time changes nothing. Raises NotAllowed."""
    row = CrewLink.objects.select_for_update(of=("self",)).select_related("case").get(uuid=link)
    if row.office_id not in by.offices(roles.COMPLETE):
        raise NotAllowed("This person may not end this link.")
    if row.revoked_at is None:
        row.revoked_by, row.revoked_at = by.acting, at
        row.save(update_fields=["revoked_by", "revoked_at"])
        fact = events.CrewLinkRevoked(case=row.case_id, office=row.office_id, link=row.pk)
        _record(row.case, fact, by=by, at=at)


def submission_id(link: CrewLink, sent: UUID) -> UUID:
    """The sender's random id made the link's own, so that nobody can aim at another crew's proof."""
    return uuid5(link.uuid, sent.hex)


def find_sent(link: CrewLink, sent: UUID) -> CrewProof | None:
    return CrewProof.objects.filter(uuid=submission_id(link, sent)).first()


@transaction.atomic
def send_proof(
    *, link: CrewLink, sent: UUID, words: str, photos: UUID, capture: Capture, at: datetime
) -> CrewProof:
    """Take a crew's proof in, once for each id that its phone made. The caller has checked the key.

    Raises LinkOver, TooManyWait, `files.NotAPhoto` when there is no photo.
    """
    case = locked(link.case.uuid)
    if found := find_sent(link, sent):
        return found
    now = CrewLink.objects.select_related("case").get(pk=link.pk)
    ensure_open(now, at=at)
    today = local_date(at, get_city().tz)
    most = rulebook.rule("crew.most_waiting", on=today).value["amount"]
    if waiting(case).count() >= most:
        raise TooManyWait(case.pk)
    proof = CrewProof.objects.create(
        uuid=submission_id(link, sent), link=now, case=case, words=words, at=at, **capture.as_columns()
    )
    if not files.keep(draft=photos, subject=_subject(proof)):
        raise files.NotAPhoto("A photo of the finished work is needed.")
    fact = events.CrewProofSent(case=case.pk, office=case.office_id, proof=proof.pk)
    _record(case, fact, by=None, at=at)
    if rulebook.rule("crew.completes_at_once", on=today).value["amount"]:
        _accept(proof, case, words=words, by=None, office=now.office_id, at=at)
    return proof


@transaction.atomic
def accept_proof(*, proof: UUID, words: str, by: Person, at: datetime) -> Case:
    """The office takes the crew's proof for its own: the case is completed. Raises NotAllowed, NotPossible, NothingWaits."""
    row, case, office = _waiting(proof, by)
    _accept(row, case, words=words, by=by, office=office, at=at)
    return case


def _accept(
    proof: CrewProof, case: Case, *, words: str, by: Person | None, office: int, at: datetime
) -> None:
    proof.evidence = completing.complete(
        case,
        words=words,
        capture=captured(proof),
        take_photos=lambda subject: files.hand_on(subject=_subject(proof), to=subject),
        by=by,
        office=office,
        at=at,
        given_by=proof.link.made_by,
    )
    proof.outcome, proof.decided_at = Outcome.ACCEPTED, at
    proof.decided_by = by.acting if by else None
    proof.save()


@transaction.atomic
def send_back(*, proof: UUID, reason: str, by: Person, at: datetime) -> None:
    """Not good enough: the crew reads why behind its link. Raises NotAllowed, NothingWaits."""
    row, case, _office = _waiting(proof, by)
    row.outcome, row.reason, row.decided_by, row.decided_at = Outcome.RETURNED, reason, by.acting, at
    row.save()
    fact = events.CrewProofReturned(case=case.pk, office=case.office_id, proof=row.pk)
    _record(case, fact, by=by, at=at)


def _waiting(proof: UUID, by: Person) -> tuple[CrewProof, Case, int]:
    found = CrewProof.objects.select_related("case", "link").get(uuid=proof)
    case = locked(found.case.uuid)
    office = check(by, roles.COMPLETE, case)
    row = CrewProof.objects.select_for_update(of=("self",)).select_related("link").get(pk=found.pk)
    if row.outcome != Outcome.WAITING:
        raise NothingWaits(proof)
    return row, case, office


def waiting(case: Case):  # type: ignore[no-untyped-def]
    """What crews sent about a case that nobody has decided on, oldest first."""
    return CrewProof.objects.filter(case=case, outcome=Outcome.WAITING).select_related("link").order_by("pk")


def count_waiting(case: Case) -> int:
    """How many of them there are; for the case page."""
    return len(_undecided.rows(case=case.pk))


_undecided: Compiled[int] = Compiled(
    lambda case: CrewProof.objects.filter(case_id=case, outcome=Outcome.WAITING).values_list("pk", flat=True)
)


def links_of(case: Case) -> list[CrewLink]:
    """The links of a case, the newest first."""
    return list(CrewLink.objects.filter(case=case).order_by("-pk"))


def sent_by(link: CrewLink) -> list[CrewProof]:
    """What a crew has sent by its link, the newest first."""
    return list(CrewProof.objects.filter(link=link).order_by("-pk"))


def captured(proof: CrewProof) -> Capture:
    return Capture(
        Source(proof.source), proof.taken_at, proof.taken_lat, proof.taken_lon, proof.taken_accuracy
    )


def _subject(proof: CrewProof) -> str:
    return f"casework.crew:{proof.pk}"


def _record(case: Case, fact: Event, *, by: Person | None, at: datetime) -> None:
    ledger.record(
        fact,
        subject=case.subject,
        at=at,
        by=by.account if by else None,
        on_behalf_of=case.office_id,
        place=case.place_code,
    )
