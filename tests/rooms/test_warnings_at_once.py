"""Several at the same moment: one warning goes out once, and one source opens one."""

from __future__ import annotations

import threading

from django.db import connections

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.cities import api as cities
from guyub.kernel.ledger import api as ledger
from guyub.rooms.warnings import issuing
from guyub.rooms.warnings.models import Chain, Message
from tests.rooms.test_warnings import Scene


def test_two_approvers_at_once_issue_once(committing_city):
    scene = Scene()
    row = scene.draft(by=scene.sari)
    issuing.ask_approval(message=row.pk, by=scene.sari, at=scene.at)
    outcomes, start = [], threading.Barrier(4)

    def together(act) -> None:
        with cities.inside(committing_city):
            start.wait()
            try:
                act()
                outcomes.append("done")
            except NotAllowed:
                outcomes.append("late")
            finally:
                connections.close_all()

    def approving(who):
        return lambda: issuing.approve(message=row.pk, texts=1, by=who, at=scene.at)

    def run(acts) -> None:
        threads = [threading.Thread(target=together, args=(act,)) for act in acts]
        [one.start() for one in threads]
        [one.join() for one in threads]

    run([approving(who) for who in (scene.rini, scene.budi) * 2])
    assert sorted(outcomes) == ["done", "late", "late", "late"]
    assert len([one for one in ledger.facts_about(row.chain.subject) if one.name.endswith("issued")]) == 1
    outcomes.clear()
    run([lambda: scene.draft(source="uji:sekali")] * 4)
    assert outcomes == ["done"] * 4
    assert Chain.objects.filter(source="uji:sekali").count() == 1
    assert Message.objects.filter(chain__source="uji:sekali").count() == 1
