"""What casework asks of the reports behind its cases."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.functions import Cast, StrIndex, Substr

from guyub.rooms.casework.api import Case
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.reports.map import json_of_map
from guyub.rooms.reports.models import Report


def office_words(subjects: Iterable[str]) -> dict[str, str]:
    """The last note or public answer of an office about each subject. One query."""
    return conversation.last_of_offices(subjects=subjects, audiences=[Audience.OFFICE, Audience.PUBLIC])


def points(subjects: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The points of reports that have one, as their reporters set them. One query."""
    keys = [int(subject.partition(":")[2]) for subject in subjects if subject.startswith("reports.report:")]
    rows = Report.objects.filter(pk__in=keys, lat__isnull=False).values_list("pk", "lat", "lon")
    return {
        f"reports.report:{pk}": (lat, lon) for pk, lat, lon in rows if lat is not None and lon is not None
    }


def published(subjects: Iterable[str]) -> set[str]:
    """Which of the subjects everyone may read. One query."""
    keys = [int(subject.partition(":")[2]) for subject in subjects if subject.startswith("reports.report:")]
    shown = Report.objects.filter(
        pk__in=keys, published_at__isnull=False, is_confidential=False, about_conduct=False
    )
    return {f"reports.report:{pk}" for pk in shown.values_list("pk", flat=True)}


def map_json(cases: QuerySet[Case], address: str) -> str:
    """The reports of cases on a map, written by PostgreSQL; `address` is what a case's own begins with. One query."""
    key = Cast(Substr("subject", StrIndex("subject", Value(":")) + 1), BigIntegerField())
    subjects = cases.filter(kind="report").order_by().annotate(report=key).values("report")
    return json_of_map(Report.objects.filter(pk__in=subjects, lat__isnull=False), address=address)
