"""Rules have dates: what holds on a day is found, what does not exist raises."""

from __future__ import annotations

from datetime import date

import pytest

from guyub.kernel.calendar import YearNotPublished
from guyub.kernel.checks.city import packaged as packaged_rules
from guyub.kernel.rulebook import api
from guyub.kernel.rulebook import api as rulebook
from guyub.kernel.rulebook.models import Rule

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
    before = Rule.objects.count()
    rulebook.seed(at=now)
    assert Rule.objects.count() == before


def test_an_older_city_gets_what_it_lacks_and_keeps_what_is_its_own(city, now, monkeypatch):
    """It was founded before some rules were packaged, has changed one in place, and published another of its own."""
    Rule.objects.filter(key__in=["second_look.appeal_rise_days", "desk.undo_window"]).delete()
    Rule.objects.filter(key="duplicates.threshold").update(value={"amount": 70, "unit": "percent"})
    rulebook.publish(
        key="complaint_clocks.verify", value={"amount": 2, "unit": "working_day"}, effective_from=date(2026, 9, 1),
        legal_basis="Perwal contoh", confidence="C", at=now,
    )  # fmt: skip
    newer = Rule(
        key="complaint_clocks.verify", value={"amount": 9}, effective_from=date(2026, 12, 1), added_at=now,
        legal_basis="Rilis baru", confidence="V",
    )  # fmt: skip
    packaged = {**api._packaged(), (newer.key, newer.effective_from): newer}
    monkeypatch.setattr(api, "_packaged", lambda: dict(packaged))
    said = packaged_rules(at=now)
    assert (said.level, "desk.undo_window, second_look.appeal_rise_days" in said.says) == ("fault", True)

    assert rulebook.seed(at=now) == 2
    on = date(2027, 1, 4)
    assert rulebook.rule("desk.undo_window", on=on).value
    assert rulebook.rule("duplicates.threshold", on=on).value["amount"] == 70
    assert rulebook.rule("complaint_clocks.verify", on=on).value["amount"] == 2
    said = packaged_rules(at=now)
    assert (said.level, "complaint_clocks.verify" in said.says) == ("warning", True)
    assert rulebook.seed(at=now) == 0

    Rule.objects.filter(legal_basis="Perwal contoh").delete()
    assert rulebook.seed(at=now) == 1  # of a rule that is as it was packaged the next version is taken
    assert packaged_rules(at=now).level == "ok"
