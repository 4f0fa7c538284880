"""What pages may ask of the database and what they may weigh. Times are measured by `make bench`, never tested."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.api import State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(city, now):
    """Thirty reports with something of each kind, the first of them with answer, photos and proof."""
    crew = factories.add_people()
    made = [
        factories.send(at=now - timedelta(minutes=n), place=crew.place, lat=-6.9, lon=107.6)
        for n in range(32)
    ]
    for report, case in made[1:20]:
        factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    factories.bring_to(State.WORK_DONE, *made[0], by=crew["lurah"], at=now)
    ledger.drain(settled_only=False)
    return crew, made[0][0].number


PAGES = [  # who, address, queries, kilobytes compressed
    ("", "/", 3, 5.0),
    ("", "/laporan/", 2, 6.5),
    ("", "/laporan/?cari=sampah", 3, 6.5),
    ("", "/laporan/?tampil=peta", 0, 5.5),
    ("", "/laporan/peta.json", 1, 2.5),
    ("", "/laporan/peta.json?bbox=107.59,-6.91,107.61,-6.89", 1, 2.5),
    ("", "/laporan/{number}/", 6, 5.0),
    ("", "/laporan/baru/", 0, 12.0),
    ("lurah", "/petugas/", 6, 6.0),
    ("lurah", "/petugas/semua/", 5, 6.0),
    ("lurah", "/petugas/semua/?cari=sampah", 7, 6.0),
    ("lurah", "/petugas/laporan/{number}/", 16, 5.0),
]


@pytest.mark.parametrize(("who", "address", "queries", "kilobytes"), PAGES)
def test_pages_ask_little_and_weigh_little(scene, who, address, queries, kilobytes):
    crew, number = scene
    client = Client(headers=factories.HOST)
    if who:
        client.force_login(crew.account(who), backend=factories.BACKEND)
    address = address.format(number=number)
    client.get(address)  # what a process remembers of the city is read once
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(seen) <= queries, [one["sql"][:120] for one in seen]
    assert len(gzip.compress(answer.content)) <= kilobytes * 1024
