"""What an end brings with it: what is still undone, promises that are released, cases that go back to their desks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import initiatives as events
from guyub.kernel.access.api import roles
from guyub.rooms.casework import api as casework
from guyub.rooms.initiatives import pledging, rules
from guyub.rooms.initiatives.acting import record, tell, today_of
from guyub.rooms.initiatives.models import Initiative, JoinedCase, Pledge, Task
from guyub.rooms.initiatives.rules import Joined, Undone
from guyub.rooms.initiatives.rules import Task as Stage
from guyub.rooms.people import api as people


def undone_of(row: Initiative) -> list[Undone]:
    """What keeps it from being done. Three queries."""
    states = list(Task.objects.filter(initiative=row).values_list("state", flat=True))
    waiting = [one.value for one in rules.WAITING]
    return rules.undone(
        tasks_open=sum(state in (Stage.TODO, Stage.PROVED) for state in states),
        tasks_verified=sum(state == Stage.VERIFIED for state in states),
        pledges_open=Pledge.objects.filter(line__initiative=row, state__in=waiting).count(),
        cases_open=JoinedCase.objects.filter(initiative=row, state=Joined.JOINED).count(),
    )


def release_pledges(row: Initiative, *, by: int, at: datetime) -> None:
    """Nobody owes anything to what was stopped; what was brought stays as it is."""
    open_states = [rules.Pledged.PROMISED.value, rules.Pledged.ACCEPTED.value]
    keys = Pledge.objects.filter(line__initiative=row, state__in=open_states).values_list("pk", flat=True)
    for key in list(keys):
        found = (
            Pledge.objects.select_for_update(of=("self", "line"), no_key=True)
            .select_related("line")
            .get(pk=key)
        )
        amount = pledging.release_for_stop(found, at=at)
        fact = events.PledgeWithdrawn(initiative=row.pk, pledge=found.pk, amount=amount)
        record(fact, initiative=row, by=by, at=at, office=row.office_id)
        with override("id"):
            pledging.tell_giver(row, found, "stopped", _("Prakarsa dihentikan"), row.closing_words, at=at)


def return_cases(row: Initiative, *, at: datetime) -> None:
    """The cases that waited for it go back to their desks, and the desks are told."""
    for joined in JoinedCase.objects.filter(initiative=row, state=Joined.JOINED).order_by("case_id"):
        return_case(row, joined, at=at)


@transaction.atomic
def return_case(row: Initiative, joined: JoinedCase, *, at: datetime) -> None:
    """One case is its desk's again. The caller holds the initiative."""
    case = casework.Case.objects.get(pk=joined.case_id)
    how = Joined.RETURNED
    try:
        casework.actions.lift_schedule(case=case.uuid, because=row.subject, at=at)
    except (casework.NothingToDecide, casework.NotPossible):
        how = Joined.GONE
    end_joined(row, joined, how, at=at)
    if how is Joined.RETURNED:
        _tell_desk(row, case, at=at)


def end_joined(row: Initiative, joined: JoinedCase, how: Joined, *, at: datetime) -> None:
    joined.state, joined.ended_at = how, at
    joined.save(update_fields=["state", "ended_at"])
    fact = events.JoinedCaseEnded(initiative=row.pk, case=joined.case_id, how=how)
    record(fact, initiative=row, by=None, at=at)


def _tell_desk(row: Initiative, case: casework.Case, *, at: datetime) -> None:
    holders = casework.queries.holders(roles.ANSWER)
    officers = people.accounts_with(roles=holders, organisation=case.office_id, on=today_of(at))
    with override("id"):
        tell(
            officers,
            key=f"{row.pk}:returned:{case.pk}",
            subject=_("Kembali ke meja Anda: laporan %(number)s") % {"number": case.number},
            body=_("Prakarsa %(title)s tidak lagi menjawab laporan ini.") % {"title": row.title},
            link=f"/petugas/laporan/{case.number}/?kasus={case.part}",
            at=at,
        )
