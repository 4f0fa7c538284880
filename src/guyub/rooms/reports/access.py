"""Which reports a person may see: the only way in which views load them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import signature_fits
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.reports.models import Report


def public() -> QuerySet[Report]:
    """What strangers know to exist. Reports on conduct are not among them."""
    return Report.objects.filter(about_conduct=False).select_related("place")


def public_report(number: str) -> Report:
    """A report by its number, for anyone. Raises Http404."""
    return _or_404(public().filter(number=number))


def followed_report(key: str) -> Report:
    """The reporter's own, by the key of the secret link. Raises Http404 for a key that is not of this city."""
    hex_id, _, proof = key.partition("-")
    if len(hex_id) != 32 or not signature_fits("follow", hex_id, proof):
        raise Http404
    try:
        uuid = UUID(hex_id)
    except ValueError:
        raise Http404 from None
    return _or_404(Report.objects.filter(uuid=uuid).select_related("place"))


def own_reports(person: Person) -> QuerySet[Report]:
    """The reports that an account sent."""
    if person.account is None:
        return Report.objects.none()
    return Report.objects.filter(account_id=person.account).select_related("place")


def case_for_desk(person: Person, number: str) -> tuple[Report, Case]:
    """A report and the case through which an officer sees it. Raises Http404 for whoever may not."""
    case = (
        casework.access.visible(person)
        .filter(kind="report", number=number)
        .order_by("-is_open", "-pk")
        .first()
    )
    if case is None:
        raise Http404
    report = Report.objects.select_related("place").get(pk=case.subject.partition(":")[2])
    return report, case


def _or_404(rows: QuerySet[Report]) -> Report:
    report = rows.first()
    if report is None:
        raise Http404
    return report
