"""A report's way from phone to answered, by the actions alone."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.api import Case
from guyub.rooms.reports import actions
from guyub.rooms.reports.api import Submission
from guyub.rooms.reports.models import Report

pytestmark = pytest.mark.django_db


def submission(**changes):
    values = dict(
        submission=uuid.uuid4(),
        report_class="PENGADUAN",
        category="sampah",
        body="Sampah menumpuk di depan gang sejak tiga hari, baunya sampai ke rumah.",
        place="32.73.02.1004",
        landmark="depan gang",
    )
    return Submission(**{**values, **changes})


def test_a_report_gets_a_number_an_office_and_clocks(city, now):
    receipt = actions.submit_report(what=submission(), at=now)
    report = Report.objects.get(number=receipt.number)
    case = Case.objects.get(number=receipt.number)
    assert receipt.number == "LAP-2026-000001"
    assert case.office.key == "kelurahan:32.73.02.1004"
    assert f"{case.verify_due_at:%Y-%m-%d}" == "2026-11-25"
    assert report.state == "RECEIVED"
    names = [fact.name for fact in ledger.facts_about(actions.subject_of(report))]
    assert names == ["reports.report_submitted", "casework.case_opened"]


def test_sending_again_changes_nothing(city, now):
    what = submission()
    first = actions.submit_report(what=what, at=now)
    again = actions.submit_report(what=what, at=now + timedelta(minutes=5))
    assert first == again
    assert again.is_new is False
    assert Report.objects.count() == 1
