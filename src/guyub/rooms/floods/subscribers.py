"""What floods do when they themselves acted. Each may run again; each has its effect once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import floods as events
from guyub.kernel.access.api import ROLES, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.kernel.notices import api as notices
from guyub.rooms.floods import clustering, trusting
from guyub.rooms.floods.models import FloodReport
from guyub.rooms.people import api as people

OPERATORS = frozenset(code for code, role in ROLES.items() if roles.VIEW_HAZARDS in role.powers)
ALERTED = frozenset(code for code, role in ROLES.items() if roles.ALERTED in role.powers)


@subscribe(events.FloodReported, consumer="floods.judge")
def judge(fact: RecordedFact) -> None:
    """Ask the gauges about it now; once all values of its time are in the sweep asks again."""
    with transaction.atomic():
        clustering.lock()
        row = FloodReport.objects.select_related("cluster").filter(pk=fact.payload["report"]).first()
        if row is not None and row.erased_at is None:
            trusting.judge(row, at=fact.occurred_at)


@subscribe(events.FloodReported, consumer="floods.call_help")
def call_help(fact: RecordedFact) -> None:
    """People need help: the operators and who is on duty at the office of the place hear of it at once.

    Told again with the same number of people they are not told again.
    """
    people_in_need = fact.payload["in_need"]
    row = FloodReport.objects.select_related("place").filter(pk=fact.payload["report"]).first()
    if not people_in_need or row is None or row.cluster_id is None or row.erased_at is not None:
        return
    cluster = row.cluster
    assert cluster is not None
    with override("id"):
        subject = _("BAHAYA: %(n)s orang perlu bantuan, banjir di %(place)s") % {
            "n": people_in_need,
            "place": clustering.place_said(row.place.code),
        }
        body = _("Laporan banjir %(number)s, kedalaman sekitar %(depth)s cm. Buka dan tangani sekarang.") % {
            "number": row.number,
            "depth": row.depth_cm,
        }
    for account in whom_to_tell(row.place.code):
        notices.notify(
            key=f"flood-help:{row.pk}:{people_in_need}:{account}",
            recipient=f"account:{account}",
            subject=subject,
            body=body,
            link=f"/petugas/banjir/{cluster.number}/",
            at=timezone.now(),
        )


def whom_to_tell(place: str) -> list[int]:
    on = local_date(timezone.now(), get_city().tz)
    told = people.accounts_with(roles=OPERATORS, organisation=None, on=on)
    if office := people.directory().of_settlement(place):
        told += people.accounts_with(roles=ALERTED, organisation=office.id, on=on)
    return sorted(set(told))
