"""A public client that is not ours reads and is led by what our server says."""

from __future__ import annotations

import pytest
import requests
from georeport import GeoReport


@pytest.fixture(params=["json", "xml"])
def client(running, request) -> GeoReport:
    return GeoReport(f"{running.url}/open311/v2", api_key=running.key, output_format=request.param)


def test_georeport_reads_services_and_reports(running, client):
    services = {row["service_code"]: row for row in client.get_service_list()}
    assert str(services["lampu-jalan"]["metadata"]).lower() == "true"
    definition = client.get_service_definition("lampu-jalan")
    assert definition["service_code"] == "lampu-jalan"
    rows = client.get_service_requests(status="open")
    numbers = {row["service_request_id"] for row in rows}
    assert running.numbers["published"] in numbers
    assert running.numbers["conduct"] not in numbers
    two = client.get_service_requests(
        service_request_id=f"{running.numbers['published']},{running.numbers['closed']}"
    )
    assert {row["status"] for row in two} == {"open", "closed"}
    one = client.get_service_request(running.numbers["published"])
    assert one["description"] == "Tumpukan sampah & lumpur < 2 m di “gang” naïve 東京."


def test_georeport_reads_what_its_root_and_key_sent(running, client):
    """The client itself cannot send: what it lacks is one form with its own key and address."""
    form = {
        "api_key": client.api_key,
        "service_code": "sampah",
        "address_id": running.place,
        "description": "Dari klien.",
    }
    sent = requests.post(f"{client.root_address}/requests.json", data=form, timeout=10)
    assert sent.status_code == 201
    number = sent.json()[0]["service_request_id"]
    assert client.get_service_request(number)["service_code"] == "sampah"
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request(running.numbers["conduct"])
