"""What the checks of reading and filtering look at: the data set of the official suite, made anew on an empty server."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.sensorthings import model
from conformance.sensorthings.asking import NotTried, Server
from conformance.sensorthings.model import KINDS

LEAVES_FIRST = (
    "Observations",
    "FeaturesOfInterest",
    "Datastreams",
    "Sensors",
    "ObservedProperties",
    "HistoricalLocations",
    "Locations",
    "Things",
)
COUNTS = {
    "Things": 2,
    "Locations": 2,
    "FeaturesOfInterest": 2,
    "ObservedProperties": 3,
    "Sensors": 4,
    "Datastreams": 4,
    "HistoricalLocations": 4,
    "Observations": 12,
}


@dataclass
class Scene:
    ids: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in KINDS})


def must_wipe(server: Server) -> None:
    if not server.wipe:
        raise NotTried("needs --wipe: it makes and deletes")


def empty(server: Server) -> None:
    """Delete everything there is."""
    must_wipe(server)
    for name in LEAVES_FIRST:
        for row in server.rows(name):
            found = server.delete(f"{name}({row['@iot.id']})")
            server.must(found.status in (200, 404), f"{found.asked}: {found.status}")


def fill(server: Server) -> None:
    """Two things with two datastreams each; four sensors, three properties; twelve observations of 1 to 12."""
    made = Scene()
    for n in (1, 2):
        streams = [
            model.datastream(
                2 * n - 1 + k,
                Sensor=model.sensor(2 * n - 1 + k),
                ObservedProperty=model.observed(2 * n - 1 + k),
            )
            for k in (0, 1)
        ]
        if n == 2:  # the third property is shared
            streams[1]["ObservedProperty"] = {
                "@iot.id": server.ok("ObservedProperties")["value"][0]["@iot.id"]
            }
        server.make("Things", model.thing(n, Locations=[model.location(n)], Datastreams=streams))
    things, places = _by_name(server, "Things"), _by_name(server, "Locations")
    for here, there in ((0, 1), (1, 0)):
        found = server.patch(f"Things({things[here]})", {"Locations": [{"@iot.id": places[there]}]})
        server.must(found.status == 200, f"{found.asked}: {found.status}: {found.text[:200]}")
    streams_made = _by_name(server, "Datastreams")
    for day in range(1, 13):
        stream = streams_made[(day - 1) // 3]
        server.make(
            f"Datastreams({stream})/Observations",
            model.observation(
                day,
                day,
                resultTime=f"2015-03-{day:02}T01:00:00Z",
                resultQuality="good",
                validTime="2015-01-01T00:00:00Z/2016-01-01T00:00:00Z",
                parameters={"day": day},
            ),
        )
    for name, count in COUNTS.items():
        rows = server.rows(name)
        server.must(len(rows) == count, f"{name}: {len(rows)} were made, not {count}")
        made.ids[name] = [row["@iot.id"] for row in rows]
    server.kept["scene"] = made


def _by_name(server: Server, name: str) -> list[int]:
    return [row["@iot.id"] for row in sorted(server.rows(name), key=lambda row: str(row["name"]))]
