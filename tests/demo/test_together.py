"""Both ends of a promise in the demo: money that a bank confirms, and reporters who are asked when a task was found done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from guyub.demo.initiatives import show_initiatives
from guyub.demo.partners import add_demo_partners
from guyub.rooms.casework.api import State
from guyub.rooms.casework.models import Case
from guyub.rooms.initiatives import joining, matching, owning, working
from guyub.rooms.initiatives.models import JoinedCase, Task
from guyub.rooms.initiatives.rules import Joined
from guyub.rooms.initiatives.rules import Task as Stage
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "days", [0, 2, 5, 6, 39], ids=["Monday", "Wednesday", "Saturday", "Sunday", "New Year"]
)
def test_a_statement_and_reporters_who_are_asked_whatever_the_day(city, monkeypatch, days):
    at = MONDAY + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: at)
    crew = factories.add_people()
    add_demo_partners(at=at)
    show_initiatives(at=at)

    lurah = crew["lurah"]
    owner = owning.office_books(lurah, lurah.grants[0].organisation)
    (match,) = matching.matches(owner)
    assert (match.amount, match.undone_at) == (5_000_000, None)
    waiting, sent = matching.open_lines(owner), matching.open_deliveries(owner)
    assert sorted(one.amount for one in waiting) == [250_000, 1_500_000]
    (pair,) = matching.suggested(waiting, sent, at=at)
    assert not pair.is_certain

    resident = Report.objects.filter(account=crew.account("warga"))
    states = dict(Case.objects.filter(number__in=resident.values("number")).values_list("number", "state"))
    assert sorted(states.values()) == [State.SCHEDULED, State.WORK_DONE, State.WORK_DONE]
    assert JoinedCase.objects.filter(state=Joined.COMPLETED).count() == 2

    task = Task.objects.get(state=Stage.PROVED)
    working.verify_task(task=task.pk, by=lurah, at=at)
    assert joining.complete_cases(task=task.pk, at=at) == 1
    assert set(Case.objects.filter(number__in=states).values_list("state", flat=True)) == {State.WORK_DONE}
