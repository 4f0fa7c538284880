"""Disposisi inside an office, said case by case or beforehand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import actions, dispositions, queries
from guyub.rooms.casework.models import Assignment, Case
from guyub.rooms.people.models import Grant
from tests import factories

pytestmark = pytest.mark.django_db

UNTIL = date(2027, 6, 1)


@pytest.fixture
def crew(city):
    with override("id"):
        yield factories.add_people()


def office(crew) -> int:
    return crew["lurah"].grants[0].organisation


def standing(crew, now, *, category: str = "*", officer: str = "kasi", by: str = "lurah", until=UNTIL):
    return dispositions.set_standing(
        office=office(crew),
        category=category,
        officer=crew[officer].account,
        nota="ND/12/2026",
        until=until,
        by=crew[by],
        at=now,
    )


def arrives(crew, now, **changes) -> Case:
    return factories.send(at=now, place=crew.place, **changes)[1]


def test_the_head_gives_a_case_to_an_officer_of_the_office(crew, now):
    case = arrives(crew, now)
    dispositions.dispose_case(
        case=case.uuid, officer=crew["kasi"].account, instruction="Cek besok pagi.", by=crew["lurah"], at=now
    )
    case.refresh_from_db()
    assert case.assignee == crew["kasi"].account
    assert queries.assigned(case).instruction == "Cek besok pagi."
    mine = queries.Narrowed(assignee=crew["kasi"].account)
    assert [row.number for row in queries.inbox_rows(person=crew["kasi"], narrowed=mine)] == [case.number]
    told = ledger.tell(ledger.facts_about(case.subject)[-1])
    assert told.public
    assert "Kasi Contoh" not in told.text


def test_only_officers_of_the_office_and_only_by_its_head(crew, now):
    case = arrives(crew, now)
    said = {"case": case.uuid, "instruction": "Segera.", "at": now}
    with pytest.raises(dispositions.NotOfThisOffice):
        dispositions.dispose_case(officer=crew["penghubung"].account, by=crew["lurah"], **said)
    for slug in ("kasi", "camat", "koordinator", "kepala-dinas", "sekda"):
        with pytest.raises(NotAllowed):
            dispositions.dispose_case(officer=crew["kasi"].account, by=crew[slug], **said)


def test_a_case_that_leaves_the_office_leaves_its_officer(crew, now):
    standing(crew, now)
    case = arrives(crew, now)
    assert case.assignee == crew["kasi"].account
    agency = crew["penghubung"].grants[0].organisation
    actions.hand_over(case=case.uuid, to_office=agency, reason="Jalan kota.", by=crew["lurah"], at=now)
    case.refresh_from_db()
    assert case.assignee is None
    actions.hand_over(
        case=case.uuid, to_office=office(crew), reason="Jalan kelurahan.", by=crew["penghubung"], at=now
    )
    case.refresh_from_db()
    assert case.assignee == crew["kasi"].account
    assert Assignment.objects.filter(case=case).count() == 2


def test_the_category_comes_before_all_and_another_office_is_untouched(crew, now):
    standing(crew, now)
    standing(crew, now, category="sampah", officer="lurah")
    assert arrives(crew, now).assignee == crew["lurah"].account
    assert arrives(crew, now, category="pkl").assignee == crew["kasi"].account
    assert factories.send(at=now, place="32.73.01.1001")[1].assignee is None
    assert arrives(crew, now, about_conduct=True).assignee is None


def test_it_ends_with_its_day_with_the_officers_grant_and_by_the_head(crew, now):
    made = standing(crew, now)
    assert arrives(crew, now + timedelta(days=250)).assignee is None
    Grant.objects.filter(account=crew["kasi"].account).update(until=now.date())
    assert arrives(crew, now).assignee is None
    Grant.objects.filter(account=crew["kasi"].account).update(until=None)
    assert arrives(crew, now).assignee == crew["kasi"].account
    with pytest.raises(NotAllowed):
        dispositions.end_standing(standing=made.pk, by=crew["camat"], at=now)
    dispositions.end_standing(standing=made.pk, by=crew["lurah"], at=now)
    dispositions.end_standing(standing=made.pk, by=crew["lurah"], at=now)
    assert arrives(crew, now).assignee is None


def test_a_second_for_the_same_replaces_the_first(crew, now):
    standing(crew, now)
    standing(crew, now, officer="lurah")
    assert arrives(crew, now).assignee == crew["lurah"].account


@pytest.mark.parametrize("slug", ["kasi", "camat", "koordinator", "kepala-dinas", "warga"])
def test_only_the_head_says_so_beforehand(crew, now, slug):
    with pytest.raises(NotAllowed):
        standing(crew, now, by=slug)


def test_a_day_that_is_over_is_refused(crew, now):
    with pytest.raises(ValueError, match="over"):
        standing(crew, now, until=now.date())


def test_the_pages(client, crew):
    at = timezone.now()
    case = arrives(crew, at)
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    url = f"/petugas/laporan/{case.number}/"
    said = {"stamp": case.updated_at.isoformat(), "instruction": "Cek besok pagi."}
    assert (
        client.post(f"{url}disposisi/", {**said, "officer": "0"}, headers=factories.HOST).status_code == 422
    )
    said["officer"] = str(crew["kasi"].account)
    assert client.post(f"{url}disposisi/", said, headers=factories.HOST).status_code == 303
    assert "Kasi Contoh" in client.get(url, headers=factories.HOST).text
    assert "Kasi Contoh" not in client.get(f"/laporan/{case.number}/", headers=factories.HOST).text
    beforehand = {
        "category": "*",
        "officer": f"{office(crew)}:{crew['kasi'].account}",
        "until": "2099-01-01",
        "nota": "ND/1/2026",
    }
    page = "/petugas/disposisi/"
    assert client.post(page, beforehand | {"officer": "1:1"}, headers=factories.HOST).status_code == 422
    assert client.post(page, beforehand, headers=factories.HOST).status_code == 303
    assert "ND/1/2026" in client.get(page, headers=factories.HOST).text
    client.force_login(crew.account("kasi"), backend=factories.BACKEND)
    mine = client.get("/petugas/?milik=saya", headers=factories.HOST).text
    assert case.number in mine
    assert client.get(page, headers=factories.HOST).status_code == 404
