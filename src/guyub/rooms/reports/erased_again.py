"""How what was erased or hidden of a report is done again after an older backup has come back.

The list says which report, not what was hidden in it: words that an officer had masked by hand are masked whole until an
officer chooses anew, and a photo that was blurred is no longer public, or gone if its reporter had destroyed it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from guyub.events import reports as events
from guyub.kernel.erasures import repeats
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.rooms.reports import own_data, redacting
from guyub.rooms.reports.models import Report


def _report(payload: dict[str, Any], noted_at: datetime) -> Report | None:
    """The report that was meant: a later one may bear the same id."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("place")
    return rows.filter(pk=payload["report"], submitted_at__lte=noted_at).first()


@repeats(events.PersonErased)
def _person(payload: dict[str, Any], *, noted_at: datetime, at: datetime) -> bool:
    report = _report(payload, noted_at)
    if report is None or report.person_erased_at is not None:
        return False
    own_data.erase_person(report=report, at=at)
    return True


@repeats(events.WordsErased)
def _words(payload: dict[str, Any], *, noted_at: datetime, at: datetime) -> bool:
    """Whatever state the case has come back in: it was decided then."""
    report = _report(payload, noted_at)
    if report is None or own_data.is_erased(report):
        return False
    own_data.erase_words_again(report=report, at=at)
    return True


@repeats(events.ReportHidden)
def _hidden(payload: dict[str, Any], *, noted_at: datetime, at: datetime) -> bool:
    report = _report(payload, noted_at)
    if report is None or not own_data.may_hide(report):
        return False
    own_data.hide(report=report, at=at)
    return True


@repeats(events.MaskingChanged)
def _masked(payload: dict[str, Any], *, noted_at: datetime, at: datetime) -> bool:
    report = _report(payload, noted_at)
    before = redacting.choices_of(report.pk) if report else redacting.Choices()
    if report is None or not payload["hidden"] or len(before.hidden) >= payload["hidden"]:
        return False
    whole = tuple(dict.fromkeys(said.words.strip() for said in redacting.said_in_public(report)))
    chosen = redacting.Choices(before.shown, (*before.hidden, *whole))
    redacting.keep(report.pk, chosen, at=at)
    redacting.apply(report, redacting.form_for(chosen), at=at)
    return True


@repeats(events.PhotoBlurred)
def _blurred(payload: dict[str, Any], *, noted_at: datetime, at: datetime) -> bool:
    """The photo that is back is the one from before; facts of old name none, and there all of the report are meant."""
    report = _report(payload, noted_at)
    if report is None:
        return False
    own = Photo.objects.filter(subject__in=own_data.photo_subjects(report), uploaded_at__lte=noted_at)
    rows = own.filter(uuid=payload["photo"]) if payload.get("photo") else own
    if payload["is_original_kept"]:
        return bool(rows.filter(is_public=True).update(is_public=False))
    found = list(rows)
    files.remove(found)
    return bool(found)
