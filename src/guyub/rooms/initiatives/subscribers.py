"""What initiatives do when something happened. Each may run again and has its effect once."""

from __future__ import annotations

from django.utils import timezone

from guyub.events import casework as cases
from guyub.events import initiatives as events
from guyub.kernel import tasks
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.rooms.initiatives import joining
from guyub.rooms.initiatives.rules import Joined


@subscribe(events.TaskProved, events.DeliveryMade, consumer="initiatives.check_proof")
def check_proof(fact: RecordedFact) -> None:
    """Photos are looked at by a job: that takes seconds and memory."""
    tasks.enqueue("initiatives.check_proof", proof=fact.payload["proof"])


@subscribe(events.TaskVerified, consumer="initiatives.complete_cases")
def complete_cases(fact: RecordedFact) -> None:
    """Many cases are completed by a job, each in a transaction of its own."""
    tasks.enqueue("initiatives.complete_cases", task=fact.payload["task"])


@subscribe(
    cases.WorkCompleted,
    cases.CaseHandedOver,
    cases.CaseSentOut,
    cases.CaseRejected,
    cases.CaseMerged,
    consumer="initiatives.let_go",
)
def let_go(fact: RecordedFact) -> None:
    """A case that its office moved another way waits for no initiative."""
    joining.let_go(case=fact.payload["case"], at=timezone.now())


@subscribe(cases.ScheduleDecided, consumer="initiatives.schedule_declined")
def schedule_declined(fact: RecordedFact) -> None:
    """The head of the office did not agree that the case waits for the initiative."""
    if not fact.payload["is_approved"]:
        joining.let_go(case=fact.payload["case"], at=timezone.now(), how=Joined.RETURNED)
