"""Who else says whether the work is done: the Ketua RT of the place, and who said before that they have it too.

The head of an RT speaks for that RT. Reports often do not say theirs; then any head in the kelurahan may speak who says
that they have been there and looked, which is told apart.

Their voices are counted and shown. Only where the reporter's time ends without a word does a Ketua RT's count for
more: the work is then confirmed by them, unless anybody says that nothing has changed.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import connection, transaction

from guyub.events import reports as events
from guyub.kernel.access.api import Person
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.models import Report, Support, Witness

Kind = Witness.Kind
ROLE = "ketua_rt"


class NoWitness(ValueError):
    """Neither the Ketua RT of the place nor somebody who had it before the work was declared done."""


class NotLooked(ValueError):
    """The report does not say which RT it lies in, and the head of one has not said that they looked there."""


class NothingToWitness(LookupError):
    """No office says at present that the work is done."""


class Head(StrEnum):
    """What somebody is to a report as the head of an RT or RW."""

    NONE = "NONE"
    PERHAPS = "PERHAPS"  # of the same kelurahan, and nothing says that it is another RT
    OWN = "OWN"


def heads_in(report: Report, person: Person) -> list[int]:
    """The RT and RW in the report's kelurahan that a person heads."""
    return [
        grant.organisation
        for grant in person.grants
        if grant.role == ROLE and grant.place == report.place.code
    ]


def head_of(report: Report, person: Person) -> Head:
    """One query for each RT that the person heads there, and none for anybody else."""
    found = [is_theirs(people.unit_of(unit), rw=report.rw, rt=report.rt) for unit in heads_in(report, person)]
    return next((one for one in (Head.OWN, Head.PERHAPS) if one in found), Head.NONE)


def is_theirs(unit: str, *, rw: str, rt: str) -> Head:
    """Whether a report that says an RW and RT, or neither, lies in a unit ('002/003', or '003' for a whole RW)."""
    own_rt, _slash, own_rw = unit.rpartition("/")
    parts = [(own_rw, rw)] + ([(own_rt, rt)] if own_rt else [])
    if any(own and said and int(own) != int(said) for own, said in parts):
        return Head.NONE
    return Head.OWN if all(said for _own, said in parts) else Head.PERHAPS


def kind_of_witness(
    *, report: Report, person: Person, voice: str, before: datetime, has_looked: bool = False
) -> tuple[Kind, Head]:
    """As whom somebody may speak. Raises NoWitness, NotLooked; the reporter speaks behind their own link."""
    if person.account is not None and person.account == report.account_id:
        raise NoWitness("The reporter speaks for themselves.")
    head = head_of(report, person)
    if head is Head.OWN or (head is Head.PERHAPS and has_looked):
        return Kind.NEIGHBOURHOOD, head
    if Support.objects.filter(report=report, supporter=voice, at__lt=before).exists():
        return Kind.SUPPORTER, head
    if head is Head.PERHAPS:
        raise NotLooked(report.pk)
    raise NoWitness("Nobody who had it too.")


@transaction.atomic
def witness(
    *, report: Report, person: Person, voice: str, is_fixed: bool, at: datetime, has_looked: bool = False
) -> bool:
    """Count a voice once a completion; returns whether it is new. Raises NoWitness, NotLooked, NothingToWitness."""
    row = Report.objects.select_for_update(no_key=True).select_related("place").get(pk=report.pk)
    cases = casework.queries.cases_of(subject=subject_of(row))
    waiting = [case.pk for case in cases if case.state == casework.State.WORK_DONE]
    proofs = casework.queries.proofs_of(cases=waiting)
    if row.state != casework.State.WORK_DONE or not proofs:
        raise NothingToWitness(row.pk)
    kind, head = kind_of_witness(
        report=row, person=person, voice=voice, before=proofs[-1].at, has_looked=has_looked
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_witness (report_id, evidence, voice, kind, is_fixed, at) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [row.pk, proofs[-1].id, voice, kind, is_fixed, at],
        )
        if not cursor.rowcount:
            return False
    row.said_fixed, row.said_same = row.said_fixed + is_fixed, row.said_same + (not is_fixed)
    row.save(update_fields=["said_fixed", "said_same"])
    fact = events.FixWitnessed(
        report=row.pk,
        evidence=proofs[-1].id,
        kind=kind,
        is_fixed=is_fixed,
        is_rt_known=head is not Head.PERHAPS,
    )
    ledger.record(fact, subject=subject_of(row), at=at, place=row.place.code)
    return True


def confirmed_by(case: Case) -> str:
    """Who else than the reporter confirmed the newest completion of a case; empty if anybody said otherwise."""
    proofs = casework.queries.proofs_of(cases=[case.pk])
    if not proofs:
        return ""
    said = Witness.objects.filter(report_id=case.subject.partition(":")[2], evidence=proofs[-1].id)
    voices = set(said.values_list("kind", "is_fixed"))
    if any(not is_fixed for _kind, is_fixed in voices):
        return ""
    return str(Kind.NEIGHBOURHOOD.value) if (Kind.NEIGHBOURHOOD.value, True) in voices else ""
