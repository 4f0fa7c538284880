"""Which report stands for which, as it is now."""

from __future__ import annotations

from guyub.rooms.casework.api import State
from guyub.rooms.reports.models import Merge, Report
from guyub.rooms.reports.rules import Seen, seen_of


def find_into(report: Report) -> Report | None:
    """The report that stands for one now: through a chain to its end. None for what is not merged."""
    found = None
    seen = {report.pk}
    step: int | None = report.pk
    while row := Merge.objects.select_related("into__place").filter(report=step, undone_at=None).first():
        if row.into_id in seen:
            break
        found, step = row.into, row.into_id
        seen.add(row.into_id)
    return found


def find_public_into(report: Report) -> Report | None:
    """Where strangers are told to go on: not from what is *rahasia*, nor to what they may not read."""
    if report.state != State.MERGED or report.is_confidential or report.about_conduct:
        return None
    found = find_into(report)
    return found if found is not None and seen_of(found) is Seen.ALL else None


def merged_into(report: Report) -> list[Report]:
    """All reports that one stands for, also through others. One query for each link of the longest chain."""
    found: dict[int, Report] = {}
    level = [report.pk]
    while level:
        rows = Merge.objects.filter(into__in=level, undone_at=None).select_related("report__place")
        new = [row.report for row in rows if row.report_id not in found and row.report_id != report.pk]
        found |= {one.pk: one for one in new}
        level = [one.pk for one in new]
    return list(found.values())
