"""The head's morning: one notice a working day with what is new and late, for whoever wants it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guyub.kernel.notices import api as notices
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import api as casework
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 07.30 in Bandung


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def new(crew):
    """A report of Friday afternoon, after that morning's notice."""
    report, _ = factories.send(at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC), place=crew.place)
    return report


def mornings(account):
    return Notice.objects.filter(recipient=f"account:{account}", key__startswith="morning:")


def test_a_head_is_told_once_on_a_working_morning(crew, new):
    late, _ = factories.send(at=MONDAY - timedelta(days=20), place=crew.place)
    assert casework.morning.tell_heads(at=MONDAY) == 1
    assert casework.morning.tell_heads(at=MONDAY + timedelta(hours=3)) == 0
    row = mornings(crew["lurah"].account).get()
    assert "1 laporan baru, 1 lewat tenggat" in row.subject
    assert new.number in row.body
    assert late.number in row.body
    assert "gang" not in row.body  # numbers only: the words stay behind the sign-in
    assert (
        Notice.objects.filter(recipient=f"account:{crew['kasi'].account}", key__startswith="morning").count()
        == 0
    )


@pytest.mark.parametrize(
    "at",
    [
        MONDAY - timedelta(hours=1),  # 06.30
        MONDAY - timedelta(days=1),  # Sunday
        datetime(2026, 12, 25, 1, 0, tzinfo=UTC),  # Christmas
    ],
)
def test_not_before_the_hour_and_on_no_day_off(crew, new, at):
    assert casework.morning.tell_heads(at=at) == 0


def test_nothing_new_and_nothing_late_is_no_notice(crew, new):
    assert casework.morning.tell_heads(at=MONDAY) == 1
    assert casework.morning.tell_heads(at=MONDAY + timedelta(days=1)) == 0


def test_what_was_handed_over_is_new_to_the_office_that_got_it(crew, new):
    case = casework.Case.objects.get(number=new.number)
    agency = crew["kepala-dinas"].grants[0].organisation
    casework.actions.verify_case(case=case.uuid, by=crew["lurah"], at=MONDAY)
    casework.actions.hand_over(
        case=case.uuid, to_office=agency, reason="Bukan urusan kelurahan.", by=crew["lurah"], at=MONDAY
    )
    casework.morning.tell_heads(at=MONDAY + timedelta(days=1))
    assert mornings(crew["kepala-dinas"].account).count() == 1


def test_who_wants_none_gets_none_and_can_change_it(client, crew, new):
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    assert 'name="pagi" value="ya" checked' in client.get("/akun/", headers=factories.HOST).text
    client.post("/akun/", {"verb": "pagi"}, headers=factories.HOST)
    assert notices.is_silent(recipient=f"account:{crew['lurah'].account}", topic="morning")
    assert casework.morning.tell_heads(at=MONDAY) == 0
    client.post("/akun/", {"verb": "pagi", "pagi": "ya"}, headers=factories.HOST)
    assert casework.morning.tell_heads(at=MONDAY) == 1


def test_a_resident_is_not_offered_it(client, crew):
    client.force_login(crew.account("warga"), backend=factories.BACKEND)
    assert 'name="pagi"' not in client.get("/akun/", headers=factories.HOST).text
