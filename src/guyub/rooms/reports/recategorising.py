"""An officer corrects what a report is about. Its reporter is told why; whose matter it now is, is suggested, never
decided in silence; doing it again takes it back (docs/decisions/0034).

What is about conduct stays out of it, either way: few may know of such a report, and no slip may show it to more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people.api import Office
from guyub.rooms.reports import redacting
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.categories import categories, category_of
from guyub.rooms.reports.models import Category, Correction, Report


class CannotCorrect(ValueError):
    """The report is not, or cannot be, about that; the message is for officers."""


@dataclass(frozen=True)
class Corrected:
    """The case as it is now, and the office whose matter it seems to be, where that is another."""

    case: Case
    office: Office | None


def may_correct(person: Person, report: Report, case: Case) -> bool:
    return not report.about_conduct and casework.recategorising.may_recategorise(person, case)


def choices_for(report: Report) -> list[Category]:
    """What a report can be about instead."""
    return [row for row in categories().offered if not row.is_conduct and row.pk != report.category_id]


@transaction.atomic
def correct_category(
    *, case: UUID, seen: str, category: str, words: str, by: Person, at: datetime
) -> Corrected:
    """Put a report under another category. `seen` is the one that the officer saw it under.

    Raises NotAllowed, CannotCorrect.
    """
    row = Case.objects.get(uuid=case)
    report = Report.objects.select_for_update(of=("self",)).get(pk=row.subject.partition(":")[2])
    if not may_correct(by, report, row):
        raise NotAllowed("This person does not say what this report is about.")
    before, wanted = category_of(report), categories().by_code.get(category)
    if before.code != seen:
        raise CannotCorrect(_("Kategorinya sudah dibetulkan orang lain. Periksa dahulu."))
    if wanted is None or report.about_conduct or wanted not in choices_for(report):
        raise CannotCorrect(_("Kategori itu tidak dapat dipilih untuk laporan ini."))
    row = casework.recategorising.recategorise(
        case=row,
        category=wanted.code,
        label=row.label.replace(before.name_id, wanted.name_id, 1),
        is_hazard=wanted.is_hazard,
        by=by,
        at=at,
    )
    report.category, report.changed_at = wanted, at
    report.save(update_fields=["category", "changed_at"])
    _record(report, row, before, wanted, words, by=by, at=at)
    point = None if report.lat is None or report.lon is None else (report.lat, report.lon)
    return Corrected(row, casework.recategorising.suggested_office(row, point=point, at=at))


def _record(
    report: Report, case: Case, before: Category, wanted: Category, words: str, *, by: Person, at: datetime
) -> None:
    is_open = report.published_at is not None and not report.is_confidential
    office = casework.access.speaking_for(by, roles.VERIFY, case)
    said = conversation.post(
        subject=subject_of(report),
        audience=Audience.PUBLIC if is_open else Audience.REPORTER,
        kind="correction",
        body=words,
        at=at,
        office=office,
        by=by.account,
        form=redacting.form_of(report.pk),
    )
    Correction.objects.create(
        report=report, from_category=before, to_category=wanted, message=said, by=by.acting, at=at
    )
    fact = events.CategoryCorrected(
        report=report.pk,
        from_category=before.code,
        to_category=wanted.code,
        became_hazard=wanted.is_hazard and not before.is_hazard,
        message=said,
    )
    ledger.record(
        fact,
        subject=subject_of(report),
        at=at,
        by=by.account,
        on_behalf_of=office,
        place=case.place_code,
    )


def newest_corrections() -> dict[int, datetime]:
    """When each report that was corrected was corrected last. One query."""
    return dict(Correction.objects.order_by("at").values_list("report", "at"))
