"""What casework asks of the reports behind its cases."""

from __future__ import annotations

from collections.abc import Iterable

from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.reports.models import Category, Report
from guyub.rooms.reports.queries import name_of


def category_names() -> dict[str, str]:
    """The names of all categories by code, closed ones too. One query."""
    rows = Category.objects.values_list("code", "name_id", "name_en")
    return {code: name_of(name_id=name_id, name_en=name_en) for code, name_id, name_en in rows}


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
