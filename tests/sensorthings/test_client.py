"""A public client that is not ours describes, sends, reads and pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import frost_sta_client as fsc
import pytest
from geojson import Point

pytestmark = pytest.mark.filterwarnings("ignore:furl.pathstr:DeprecationWarning")  # the client's own


@pytest.fixture
def service(running):
    return fsc.SensorThingsService(running.root, auth_handler=fsc.AuthHandler("alat", running.key))


def test_frost_client_creates_reads_and_pages(service):
    unit = fsc.UnitOfMeasurement(name="meter", symbol="m", definition="ucum:m")
    thing = fsc.Thing(name="Pos pantau klien", description="uji", properties={"nomor": 7})
    thing.locations = [
        fsc.Location(name="Muara", description="uji", location=Point((109.68, -6.86)), encoding_type="application/geo+json")
    ]  # fmt: skip
    service.create(thing)
    assert thing.id
    stream = fsc.Datastream(
        name="Tinggi muka air", description="uji", observation_type="urn:m", unit_of_measurement=unit, thing=thing,
        sensor=fsc.Sensor(name="S", description="s", encoding_type="application/pdf", metadata="https://example.org/s.pdf"),
        observed_property=fsc.ObservedProperty(name="P", definition="urn:p", description="p"),
    )  # fmt: skip
    service.create(stream)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    service.create(fsc.Observation(phenomenon_time=begin.isoformat(), result=0.5, datastream=stream))
    array = fsc.model.ext.data_array_value.DataArrayValue()
    array.components = {array.Property.PHENOMENON_TIME, array.Property.RESULT}
    array.datastream = stream
    for n in range(1, 250):
        at = begin + timedelta(minutes=10 * n)
        array.add_observation(fsc.Observation(phenomenon_time=at.isoformat(), result=n, datastream=stream))
    document = fsc.model.ext.data_array_document.DataArrayDocument()
    document.add_data_array_value(array)
    made = service.observations().create(document)
    assert len(made) == 249

    found = (
        service.things().query().filter("name eq 'Pos pantau klien'").expand("Datastreams,Locations").list()
    )
    one = found.entities[0]
    assert one.properties == {"nomor": 7}
    assert one.datastreams.entities[0].id == stream.id
    results = [row.result for row in service.datastreams().find(stream.id).get_observations().query().orderby("phenomenonTime", "ASC").list()]  # fmt: skip
    assert results == [0.5, *range(1, 250)]  # three pages of at most a hundred

    one = service.things().find(thing.id)
    one.name = "Pos pantau lain"
    service.update(one)
    assert service.things().find(thing.id).name == "Pos pantau lain"
    service.delete(one)
    assert not service.things().query().filter(f"id eq {thing.id}").list().entities
