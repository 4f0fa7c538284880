"""A list costs one query, and one for each relation expanded in it, however many rows there are."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guyub.rooms.people.clients import add_client
from guyub.rooms.people.models import Organisation
from guyub.rooms.sensing.api import Row, ingest
from guyub.rooms.sensing.tests.factories import NOW, a_datastream
from tests.security.conftest import Browser

pytestmark = pytest.mark.django_db
NEWEST = "$expand=Observations($top=1;$orderby=phenomenonTime desc"
READS = {
    "": 0,
    "Observations?$top=20": 1,
    "Observations?$top=20&$expand=Datastream/Thing/Locations": 4,
    "Datastreams({one})/Observations": 2,
    "Datastreams({one})/Observations?$filter=result gt 1&$count=true": 3,
    f"Datastreams?{NEWEST})": 2,
    f"Datastreams?{NEWEST};$select=phenomenonTime,result)": 2,
    "Datastreams?$expand=Observations($top=3)": 2,
    "Things?$expand=Datastreams($expand=Observations($top=3),Sensor),Locations": 5,
    "Observations?$resultFormat=dataArray": 1,
    "Observations({value})/result/$value": 2,
    "Datastreams/latest": 1,
    "Datastreams/buckets?datastream={one}&by=day": 2,
}
OURS = ("SAVEPOINT", "RELEASE SAVEPOINT", "SELECT set_config")


def asked(browser: Browser, method: str, path: str, **more: object) -> tuple[int, int]:
    """The status, and how many queries went to the tables."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = browser.generic(method, f"/sta/v1.1/{path}", **more)
    return found.status_code, sum(not one["sql"].startswith(OURS) for one in queries)


def test_queries_of_an_answer(city):
    streams = [a_datastream(is_public=True, name=f"Deret {n}") for n in range(12)]
    outcomes = ingest(
        [Row(one.pk, NOW - timedelta(minutes=n), n) for one in streams for n in range(6)], at=NOW
    )
    named = {"one": str(streams[0].pk), "value": str(outcomes[0].id)}
    browser = Browser()
    told = {}
    for path, wanted in READS.items():
        for name, value in named.items():
            path = path.replace("{" + name + "}", value)
        asked(browser, "GET", path)  # rules and the city are remembered from the first
        told[path] = (*asked(browser, "GET", path), wanted)
    assert {path: one for path, one in told.items() if one[:2] != (200, one[2])} == {}


def test_queries_of_sending(city, monkeypatch):
    """A single value of a program that sent lately: one statement, in which all of it stands. For many at once the
    key, whether it may, then what `ingest` asks; for a thousand rows hardly more than for one.
    """
    office = Organisation.objects.exclude(key="").first()
    _, key = add_client(name="Alat", office=office.key, by=None, at=NOW)
    stream = a_datastream(owner=office)
    browser, n = Browser(), 0
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}", "content_type": "application/json"}
    told = []
    for size in (1, 1, 2, 1000):
        rows = [[(NOW - timedelta(seconds=n + k)).isoformat(), k] for k in range(size)]
        n += size
        array = [
            {
                "Datastream": {"@iot.id": stream.pk},
                "components": ["phenomenonTime", "result"],
                "dataArray": rows,
            }
        ]
        single = json.dumps({"phenomenonTime": (NOW - timedelta(days=1, seconds=n)).isoformat(), "result": 1})
        told.append((
            asked(browser, "POST", f"Datastreams({stream.pk})/Observations", data=single, **headers),
            asked(browser, "POST", "CreateObservations", data=json.dumps(array), **headers),
        ))  # fmt: skip
    assert {status for pair in told for status, _ in pair} == {201}
    assert told[1][1] == told[2][1]
    # Whether the month is there is remembered from the first commit on, and a test commits nothing.
    assert [single[1] for single, _ in told[2:]] == [1 + 1, 1 + 1], told
    assert told[3][1][1] <= 10, told  # a large one goes by COPY
