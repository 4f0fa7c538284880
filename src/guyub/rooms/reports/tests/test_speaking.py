"""In whose name an officer speaks, and what of a report they let everyone read."""

from __future__ import annotations

import pytest
from tests import factories

from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.models import Schedule
from guyub.rooms.conversation.models import Message
from guyub.rooms.reports import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(city):
    return factories.add_people()


def test_a_coordinator_speaks_in_the_coordinators_name(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    lurah, coordinator = crew["lurah"], crew["koordinator"]
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=lurah, at=now)
    actions.answer_report(case=case.uuid, words="Kami ingatkan kelurahannya.", by=coordinator, at=now)
    own = coordinator.grants[0].organisation
    said = Message.objects.get(kind="answer")
    fact = ledger.facts_about(case.subject)[-2]
    assert (said.office, fact.on_behalf_of, fact.payload["office"]) == (own, own, own)
    assert case.office_id != own


def test_an_officer_masks_the_landmark_as_well_as_the_words(client, crew, now):
    report, case = factories.send(at=now, place=crew.place, landmark="depan rumah Pak Contoh nomor 7")
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    path = f"/petugas/laporan/{report.number}/"
    assert "depan rumah Pak Contoh nomor 7" in client.get(path, headers=factories.HOST).content.decode()
    sent = client.post(
        f"{path}verifikasi/",
        {
            "stamp": case.updated_at.isoformat(),
            "public_body": "Sampah menumpuk di depan gang.",
            "public_landmark": "depan gang",
        },
        headers=factories.HOST,
    )
    assert sent.status_code in (302, 303)
    client.logout()
    page = client.get(f"/laporan/{report.number}/", headers=factories.HOST).content.decode()
    assert "depan gang" in page
    assert "Pak Contoh" not in page


def test_a_proposal_falls_when_the_work_is_done_without_it(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=crew["kasi"], at=now)
    from guyub.rooms.casework import api as casework

    casework.actions.propose_schedule(
        case=case.uuid, reason="Menunggu anggaran.", target_month=now.date(), by=crew["kasi"], at=now
    )
    factories.finished(case, by=crew["kasi"], at=now)
    assert Schedule.objects.get(case=case).decision == Schedule.Decision.DECLINED
