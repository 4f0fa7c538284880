"""The categories of the city, read once a minute: some forty rows that nearly every page needs."""

from __future__ import annotations

from guyub.kernel.cities.api import Remembered
from guyub.rooms.reports.models import Category, Report


class Categories:
    """All categories of one city, in their order. The rows are shared: nobody changes them."""

    def __init__(self, rows: list[Category]) -> None:
        self.rows = rows
        self.by_id = {row.pk: row for row in rows}
        self.by_code = {row.code: row for row in rows}

    @property
    def offered(self) -> list[Category]:
        """Those that residents may choose today."""
        return [row for row in self.rows if row.is_active]

    @property
    def public(self) -> list[Category]:
        """Those of which strangers see reports: conduct is left out."""
        return [row for row in self.rows if not row.is_conduct]


categories = Remembered(lambda: Categories(list(Category.objects.order_by("position", "id"))), seconds=60)


def category_of(report: Report) -> Category:
    """The category of a report."""
    return category_with(report.category_id)


def category_with(id: int) -> Category:
    """A category by its id; one that was added within the last minute is looked for once more."""
    if id not in categories().by_id:
        categories.forget()
    return categories().by_id[id]
