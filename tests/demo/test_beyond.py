"""What the demo brings in from beyond the form."""

from __future__ import annotations

import pytest

from guyub.demo.beyond import add_from_beyond
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import appeals, second_look
from guyub.rooms.casework.models import CrewLink, CrewProof, DelayNote
from guyub.rooms.reports import lapor
from guyub.rooms.reports.models import Follow, Merge, Origin, Report
from tests import factories

pytestmark = pytest.mark.django_db


def test_items_and_followers_come_by_real_actions_and_once(city):
    crew = factories.add_people()
    other = "pekalongan"
    from guyub.kernel.cities import api as cities

    with cities.inside(cities.get_city_by_slug(other)):
        factories.add_demo_people()
    for _ in range(2):
        add_from_beyond()
    ledger.drain(settled_only=False)
    for row in Origin.objects.exclude(answered_fact__gt=0):
        subject = f"reports.report:{row.pk}"
        ids = [fact.id for fact in ledger.facts_about(subject) if fact.name == "casework.case_answered"]
        ledger.react("reports.answer_for_lapor", ids)
    assert Origin.objects.count() == 4
    waiting = lapor.not_copied(crew["koordinator"]).values_list("external_id", flat=True)
    assert list(waiting) == ["LPR-DEMO-1002", "LPR-DEMO-1003"]
    assert Follow.objects.count() == 5
    assert Merge.objects.count() == 2
    assert Report.objects.filter(state="MERGED").count() == 1
    assert Follow.objects.filter(confirmed_at__isnull=True).count() == 1
    # One of each state between "done" and truly done.
    assert CrewLink.objects.count() == 2
    assert CrewProof.objects.filter(outcome=CrewProof.Outcome.WAITING).count() == 1
    assert list(appeals.waiting(crew["camat"]).values_list("decided_at", flat=True)) == [None]
    assert second_look.waiting(crew["camat"]).count() == 1
    assert DelayNote.objects.count() == 1
