"""Rules have dates: what holds on a day is found, what does not exist raises."""

from __future__ import annotations

from datetime import date

import pytest

from guyub.kernel.calendar import YearNotPublished
from guyub.kernel.rulebook import api as rulebook

pytestmark = pytest.mark.django_db


def test_the_version_in_force_on_the_day_is_found(city, now):
    old = rulebook.rule("complaint_clocks.resolve.ASPIRASI", on=date(2026, 11, 20))
    assert old.value["amount"] == 14
    rulebook.publish(
        key="complaint_clocks.resolve.ASPIRASI",
        value={"amount": 30, "unit": "working_day"},
        effective_from=date(2027, 1, 1),
        legal_basis="Perwal contoh",
        confidence="V",
        at=now,
    )
    assert rulebook.rule("complaint_clocks.resolve.ASPIRASI", on=date(2026, 12, 31)) == old
    assert rulebook.rule("complaint_clocks.resolve.ASPIRASI", on=date(2027, 1, 1)).value["amount"] == 30


def test_what_is_not_in_the_book_raises(city):
    with pytest.raises(rulebook.NoRule):
        rulebook.rule("tidak.ada", on=date(2026, 1, 1))
    with pytest.raises(rulebook.NoRule):
        rulebook.rule("complaint_clocks.verify", on=date(1999, 1, 1))


def test_a_year_that_is_not_published_raises_until_it_is(city, now):
    with pytest.raises(YearNotPublished):
        rulebook.calendar().add_working_days(date(2027, 12, 28), 10)
    rulebook.publish(
        key="holidays.2028",
        value=[{"date": "2028-01-03", "name": "Contoh", "kind": "libur_nasional"}],
        effective_from=date(2027, 9, 1),
        legal_basis="SKB contoh",
        confidence="V",
        at=now,
    )
    assert rulebook.calendar().add_working_days(date(2027, 12, 28), 4) == date(2028, 1, 4)


def test_seeding_again_changes_nothing(city, now):
    from guyub.kernel.rulebook.models import Rule

    before = Rule.objects.count()
    rulebook.seed(at=now)
    assert Rule.objects.count() == before
