"""Which reports a person may see: the only way in which views load them."""

from __future__ import annotations

import re
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from guyub.kernel.access.api import GrantInForce, Person, roles
from guyub.kernel.cities.api import signature_fits
from guyub.kernel.compiled import Compiled, CompiledFor
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.reports.models import Report

_FOLLOW_VALUE = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{4})?")
_NUMBER = re.compile(r"[A-Z]{2,5}-[0-9]{4}-[0-9]{6,9}")


def public() -> QuerySet[Report]:
    """What strangers know to exist. Reports on conduct are not among them."""
    return Report.objects.filter(about_conduct=False).select_related("place")


def public_report(number: str) -> Report:
    """A report by its number, for anyone. Raises Http404."""
    found = _of_number.rows(number=number)
    if not found:
        raise Http404
    return found[0]


_of_number: Compiled[Report] = Compiled(lambda number: public().filter(number=number))


def followed_report(key: str) -> Report:
    """The reporter's own, by the key of the secret link.

    Raises Http404 for a key that is not of this city, or that the reporter has changed since.
    """
    report, issue = _signed_report(key)
    if issue != report.link_issue:
        raise Http404
    return report


def report_asked_to_change_link(key: str, request: UUID) -> Report:
    """A report by its present key, or by the one before if it was this very request that changed it."""
    report, issue = _signed_report(key)
    if issue == report.link_issue or (issue == report.link_issue - 1 and report.link_request == request):
        return report
    raise Http404


def _signed_report(key: str) -> tuple[Report, int]:
    value, _, proof = key.partition("-")
    if not _FOLLOW_VALUE.fullmatch(value) or not signature_fits("follow", value, proof):
        raise Http404
    rows = Report.objects.filter(uuid=UUID(value[:32])).select_related("place")
    return _or_404(rows), int(value[32:] or "0", 16)


def signed_uuid(purpose: str, key: str) -> UUID:
    """The id in a signed link. Raises Http404 for a key that is not of this city and purpose."""
    hex_id, _, proof = key.partition("-")
    if len(hex_id) != 32 or not signature_fits(purpose, hex_id, proof):
        raise Http404
    try:
        return UUID(hex_id)
    except ValueError:
        raise Http404 from None


def own_reports(person: Person) -> QuerySet[Report]:
    """The reports that an account sent."""
    if person.account is None:
        return Report.objects.none()
    return Report.objects.filter(account_id=person.account).select_related("place")


def case_for_desk(person: Person, number: str, part: int | None = None) -> tuple[Report, Case]:
    """A report and the case through which an officer sees it: the part asked for, else that of their own office,
    else the first that is open. Raises Http404 for whoever may not.
    """
    if not _NUMBER.fullmatch(number):
        raise Http404
    own = person.offices(roles.VIEW)
    cases = [
        case for case in _cases_seen.rows(person.grants, number=number) if part is None or case.part == part
    ]
    order = sorted(cases, key=lambda case: (not case.is_open, case.office_id not in own, case.part))
    if not order:
        raise Http404
    case = order[0]
    return _report.rows(id=int(case.subject.partition(":")[2]))[0], case


_cases_seen: CompiledFor[tuple[GrantInForce, ...], Case] = CompiledFor(
    lambda grants, number: casework.access.visible(Person(grants=grants)).filter(kind="report", number=number)
)
_report: Compiled[Report] = Compiled(lambda id: Report.objects.filter(pk=id).select_related("place"))


def _or_404(rows: QuerySet[Report]) -> Report:
    report = rows.first()
    if report is None:
        raise Http404
    return report
