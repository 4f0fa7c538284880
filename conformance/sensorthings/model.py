"""The entities of the standard, as far as the checks need them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One entity set: what each of its entities must say, and where each must lead."""

    set: str
    one: str
    properties: tuple[str, ...]
    relations: tuple[str, ...]
    json: tuple[str, ...] = ()  # of them, what holds JSON and cannot be compared
    times: tuple[str, ...] = ()


KINDS = {
    kind.set: kind
    for kind in (
        Kind("Things", "Thing", ("name", "description"), ("Datastreams", "HistoricalLocations", "Locations")),
        Kind(
            "Locations",
            "Location",
            ("name", "description", "encodingType", "location"),
            ("HistoricalLocations", "Things"),
            json=("location",),
        ),
        Kind("HistoricalLocations", "HistoricalLocation", ("time",), ("Thing", "Locations"), times=("time",)),
        Kind(
            "Datastreams",
            "Datastream",
            ("name", "description", "unitOfMeasurement", "observationType"),
            ("Thing", "Sensor", "ObservedProperty", "Observations"),
            json=("unitOfMeasurement",),
        ),
        Kind("Sensors", "Sensor", ("name", "description", "encodingType", "metadata"), ("Datastreams",)),
        Kind("ObservedProperties", "ObservedProperty", ("name", "definition", "description"), ("Datastreams",)),
        Kind(
            "Observations",
            "Observation",
            ("phenomenonTime", "result", "resultTime"),
            ("Datastream", "FeatureOfInterest"),
            times=("phenomenonTime", "resultTime"),
        ),
        Kind(
            "FeaturesOfInterest",
            "FeatureOfInterest",
            ("name", "description", "encodingType", "feature"),
            ("Observations",),
            json=("feature",),
        ),
    )
}  # fmt: skip
BY_NAME = {kind.set: kind for kind in KINDS.values()} | {kind.one: kind for kind in KINDS.values()}
GEOJSON = "application/vnd.geo+json"


def is_many(relation: str) -> bool:
    return relation in KINDS


# ── What is sent ───────────────────────────────────────────────────────────────────────────────────────────


def thing(n: int = 1, **more: object) -> dict[str, object]:
    return {"name": f"thing {n}", "description": f"thing of test {n}", "properties": {"reference": f"t{n}", "number": n}, **more}  # fmt: skip


def location(n: int = 1, **more: object) -> dict[str, object]:
    return {
        "name": f"location {n}",
        "description": f"location of test {n}",
        "encodingType": GEOJSON,
        "location": {"type": "Point", "coordinates": [106.0 + n, -6.0 - n]},
        **more,
    }


def sensor(n: int = 1, **more: object) -> dict[str, object]:
    return {
        "name": f"sensor {n}",
        "description": f"sensor of test {n}",
        "encodingType": "application/pdf",
        "metadata": f"https://example.org/sensor-{n}.pdf",
        **more,
    }


def observed(n: int = 1, **more: object) -> dict[str, object]:
    return {
        "name": f"property {n}",
        "definition": f"https://example.org/property-{n}",
        "description": f"property of test {n}",
        **more,
    }


def datastream(n: int = 1, **more: object) -> dict[str, object]:
    return {
        "name": f"datastream {n}",
        "description": f"datastream of test {n}",
        "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        "unitOfMeasurement": {"name": f"unit {n}", "symbol": f"u{n}", "definition": f"ucum:U{n}"},
        **more,
    }


def feature(n: int = 1, **more: object) -> dict[str, object]:
    return {
        "name": f"feature {n}",
        "description": f"feature of test {n}",
        "encodingType": GEOJSON,
        "feature": {"type": "Point", "coordinates": [108.0 + n, -7.0]},
        **more,
    }


def observation(day: int, result: object, **more: object) -> dict[str, object]:
    return {"phenomenonTime": f"2015-03-{day:02}T00:00:00Z", "result": result, **more}
