"""Where an office is found and when it is open: filled in by its head or the table, read by everybody."""

from __future__ import annotations

import pytest

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people import api as people
from guyub.rooms.people import importing
from guyub.rooms.people.actions import describe_office
from guyub.rooms.people.tables import TABLES, read, sample_csv
from tests import factories
from tests.factories import HOST

pytestmark = pytest.mark.django_db
TABLE, PAGE = TABLES["kantor"], "/petugas/wewenang/kantor/"
SAID = {"address": "Jalan <b>Contoh</b> 1", "phone": "(022) 123-456", "hours": "Senin–Jumat 8.00–15.00"}


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def sit(client, crew):
    def at(slug: str):
        client.force_login(crew.account(slug), backend=factories.BACKEND)
        return client

    return at


def take(rows, now):
    content = sample_csv(TABLE, rows=rows)
    return importing.run(read(content, table=TABLE), table=TABLE, by=None, at=now, apply=True)


def test_a_head_fills_it_in_and_residents_read_it_on_the_place(sit, crew, client):
    assert sit("lurah").post(PAGE, SAID, headers=HOST).status_code == 303
    office = people.directory().of_settlement(crew.place)
    assert (office.address, office.phone) == (SAID["address"], SAID["phone"])
    assert ledger.facts_about(f"people.office:{office.id}")[0].payload == {"office": office.id}
    client.logout()
    html = client.get(f"/wilayah/{crew.place}/", headers=HOST).text
    for words in ("Jalan &lt;b&gt;Contoh", "(022) 123-456", "Senin–Jumat 8.00–15.00"):
        assert words in html


def test_only_the_head_and_only_what_makes_sense(sit, crew, now):
    assert sit("kasi").post(PAGE, SAID, headers=HOST).status_code == 404
    other = people.directory().find_key("pu")
    with pytest.raises(NotAllowed):
        describe_office(office=other.id, address="", phone="", hours="", by=crew["lurah"], at=now)
    sit("lurah").post(f"{PAGE}?kantor={other.id}", SAID, headers=HOST)
    assert people.directory().find_key("pu").address == ""
    for wrong in ({"phone": "telepon saja"}, {"address": "a" * 201}, {"hours": "b" * 121}):
        assert sit("lurah").post(PAGE, {**SAID, **wrong}, headers=HOST).status_code == 422


def test_the_table_of_offices_reads_back_and_empty_cells_leave_what_is_there(crew, now):
    rows = importing.taker_of(TABLE).present(now)
    same = take(rows, now)
    assert (same.problems, same.changed, same.unchanged) == ([], 0, len(rows))
    ward = next(row for row in rows if row["kind"] == "Kelurahan")
    assert take([{**ward, "address": "Jalan Contoh 2", "hours": "Senin"}], now).changed == 1
    assert take([{**ward, "phone": "022-1"}], now).changed == 1
    office = people.directory().find_key(ward["key"])
    assert (office.address, office.phone, office.hours) == ("Jalan Contoh 2", "022-1", "Senin")
    wrong = take([{**ward, "phone": "0" * 41}], now)
    assert [problem.column for problem in wrong.problems] == ["Telepon"]
