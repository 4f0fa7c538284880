"""The demo shows routing and authority by the actions themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guyub.demo.authority import show_authority
from guyub.demo.history import Historian
from guyub.demo.people import add_demo_people, demo_officers
from guyub.demo.plan import plan
from guyub.rooms.casework.models import Case, Escalation, Letter, RouteChange, StandingDisposition
from guyub.rooms.casework.rules import State

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def test_each_example_is_there(city):
    add_demo_people()
    officer, head = demo_officers()
    plans = plan("bandung", 5, NOW, 60)
    Historian(officer=officer, head=head).write((one, f"LAP-2026-{n:06d}") for n, one in enumerate(plans, 1))
    show_authority(at=NOW + timedelta(hours=1))
    assert RouteChange.objects.get().status == "SUBMITTED"
    assert StandingDisposition.objects.count() == 1
    assert Escalation.objects.get().case.escalated_to_id
    assert Case.objects.filter(part=2).count() == 1
    assert Letter.objects.get().number
    assert Case.objects.filter(state=State.EXTERNAL).count() == 1


def test_a_case_that_nobody_is_left_above_is_no_example_of_rising(city):
    """Which ones are long overdue differs from day to day; a demo that is started on a Sunday comes up too."""
    add_demo_people()
    officer, head = demo_officers()
    plans = plan("bandung", 5, NOW, 60)
    Historian(officer=officer, head=head).write((one, f"LAP-2026-{n:06d}") for n, one in enumerate(plans, 1))
    Case.objects.update(escalated_rung="SEKDA")
    show_authority(at=NOW + timedelta(hours=1))
    assert not Escalation.objects.exists()
    assert Case.objects.filter(part=2).count() == 1
    assert Letter.objects.get().number


def test_a_city_without_cases_gets_what_needs_none(city):
    add_demo_people()
    show_authority(at=NOW)
    assert RouteChange.objects.count() == 1
    assert not Case.objects.exists()


def test_history_that_is_brought_in_sets_off_no_storm(city):
    from guyub.rooms.casework import escalation

    add_demo_people()
    officer, head = demo_officers()
    historian = Historian(officer=officer, head=head)
    historian.now = NOW
    plans = plan("bandung", 5, NOW, 100)
    historian.write((one, f"LAP-2026-{n:06d}") for n, one in enumerate(plans, 1))
    assert Case.objects.filter(is_open=True, due_at__lt=NOW).exists()
    assert escalation.escalate_due(at=NOW) == 0
    assert Case.objects.filter(escalate_at__gt=NOW).exists()
