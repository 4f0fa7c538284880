"""The entities of the standard: what each says, in which columns that stands, and where each leads. Plain Python.

In the SQL `{t}` is the entity's own row. A relation to one is a column of the row; a relation to many is a condition on
the other's row `{c}` and this one's id `{p}`. `public` is what a stranger may see: only what hangs on a public
datastream, so that of a private one not even its thing or its place shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a value is, for comparing and for writing."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    JSON = "json"
    TIME = "time"
    SPAN = "span"  # of two columns; without the second an instant
    RESULT = "result"  # of three columns, exactly one of which is filled
    DAY = "day"
    CLOCK = "clock"
    DURATION = "duration"
    SHAPE = "shape"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Property:
    """`sql` names its columns; `shown_null` is said although it is empty."""

    name: str
    kind: Kind
    sql: tuple[str, ...]
    shown_null: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """To one: `column` of this row holds the other's id. To many: `join` is the condition."""

    name: str
    target: str
    column: str = ""
    join: str = ""

    @property
    def is_many(self) -> bool:
        return not self.column


@dataclass(frozen=True, slots=True)
class Entity:
    set: str
    one: str
    table: str
    properties: dict[str, Property]
    relations: dict[str, Relation]
    public: str
    owned: str = "{t}.owner_id = {office}"
    joins: tuple[tuple[str, str], ...] = ()  # a prefix of columns, and the join that brings it


def _named(*more: Property) -> dict[str, Property]:
    all_of = (
        Property("name", Kind.TEXT, ("{t}.name",)),
        Property("description", Kind.TEXT, ("{t}.description",)),
        *more,
    )
    return {one.name: one for one in all_of}


def _relations(*those: Relation) -> dict[str, Relation]:
    return {one.name: one for one in those}


_PROPERTIES = Property("properties", Kind.JSON, ("{t}.properties",))
_CODED = Property("encodingType", Kind.TEXT, ("{t}.encoding_type",))
# Whoever reads of simulated values must see it in every answer.
_MARKED = Property(
    "properties",
    Kind.JSON,
    ("""(CASE WHEN {t}.is_simulated THEN coalesce({t}.properties, '{{}}') || '{{"simulated": true}}'
         ELSE {t}.properties END)""",),
)  # fmt: skip
_PUBLIC_OF = "EXISTS (SELECT FROM sensing_datastream v WHERE v.{column} = {{t}}.{own} AND v.is_public)"


def _public_of(column: str, own: str = "id") -> str:
    return _PUBLIC_OF.format(column=column, own=own)


ENTITIES: dict[str, Entity] = {
    one.set: one
    for one in (
        Entity(
            "Things",
            "Thing",
            "sensing_thing",
            _named(_PROPERTIES),
            _relations(
                Relation("Datastreams", "Datastreams", join="{c}.thing_id = {p}"),
                Relation(
                    "HistoricalLocations", "HistoricalLocations", join="{c}.thing_id = {p}"
                ),
                Relation(
                    "Locations",
                    "Locations",
                    join="{c}.id IN (SELECT location_id FROM sensing_thing_location WHERE thing_id = {p})",
                ),
            ),
            public=_public_of("thing_id"),
        ),
        Entity(
            "Locations",
            "Location",
            "sensing_location",
            _named(_CODED, Property("location", Kind.JSON, ("{t}.location",)), _PROPERTIES),
            _relations(
                Relation(
                    "Things",
                    "Things",
                    join="{c}.id IN (SELECT thing_id FROM sensing_thing_location WHERE location_id = {p})",
                ),
                Relation(
                    "HistoricalLocations",
                    "HistoricalLocations",
                    join="{c}.id IN (SELECT historicallocation_id FROM sensing_historical_location_location "
                    "WHERE location_id = {p})",
                ),
            ),
            public="(EXISTS (SELECT FROM sensing_thing_location w JOIN sensing_datastream v USING (thing_id) "
            "WHERE w.location_id = {t}.id AND v.is_public) "
            "OR EXISTS (SELECT FROM sensing_historical_location_location w "
            "JOIN sensing_historical_location h ON h.id = w.historicallocation_id "
            "JOIN sensing_datastream v USING (thing_id) WHERE w.location_id = {t}.id AND v.is_public))",
        ),
        Entity(
            "HistoricalLocations",
            "HistoricalLocation",
            "sensing_historical_location",
            {"time": Property("time", Kind.TIME, ("{t}.time",))},
            _relations(
                Relation("Thing", "Things", column="thing_id"),
                Relation(
                    "Locations",
                    "Locations",
                    join="{c}.id IN (SELECT location_id FROM sensing_historical_location_location "
                    "WHERE historicallocation_id = {p})",
                ),
            ),
            public=_public_of("thing_id", "thing_id"),
            owned="EXISTS (SELECT FROM sensing_thing v WHERE v.id = {t}.thing_id AND v.owner_id = {office})",
        ),
        Entity(
            "Datastreams",
            "Datastream",
            "sensing_datastream",
            _named(
                Property("observationType", Kind.TEXT, ("{t}.observation_type",)),
                Property("unitOfMeasurement", Kind.JSON, ("{t}.unit_of_measurement",)),
                Property("observedArea", Kind.JSON, ("{t}.observed_area",)),
                Property("phenomenonTime", Kind.SPAN, ("{t}_l.first_time", "{t}_l.last_time")),
                Property("resultTime", Kind.SPAN, ("{t}_l.first_result_time", "{t}_l.last_result_time")),
                _MARKED,
            ),
            _relations(
                Relation("Thing", "Things", column="thing_id"),
                Relation("Sensor", "Sensors", column="sensor_id"),
                Relation("ObservedProperty", "ObservedProperties", column="observed_property_id"),
                Relation("Observations", "Observations", join="{c}.datastream_id = {p}"),
            ),
            public="{t}.is_public",
            joins=(("{t}_l.", "LEFT JOIN sensing_latest {t}_l ON {t}_l.datastream_id = {t}.id"),),
        ),
        Entity(
            "Sensors",
            "Sensor",
            "sensing_sensor",
            _named(_CODED, Property("metadata", Kind.JSON, ("{t}.metadata",)), _PROPERTIES),
            _relations(Relation("Datastreams", "Datastreams", join="{c}.sensor_id = {p}")),
            public=_public_of("sensor_id"),
        ),
        Entity(
            "ObservedProperties",
            "ObservedProperty",
            "sensing_observed_property",
            _named(Property("definition", Kind.TEXT, ("{t}.definition",)), _PROPERTIES),
            _relations(Relation("Datastreams", "Datastreams", join="{c}.observed_property_id = {p}")),
            public=_public_of("observed_property_id"),
        ),
        Entity(
            "Observations",
            "Observation",
            "sensing_observation",
            {
                one.name: one
                for one in (
                    Property("phenomenonTime", Kind.SPAN, ("{t}.phenomenon_time", "{t}.phenomenon_end")),
                    Property(
                        "result", Kind.RESULT, ("{t}.result_num", "{t}.result_text", "{t}.result_json")
                    ),
                    Property("resultTime", Kind.TIME, ("{t}.result_time",), shown_null=True),
                    Property("resultQuality", Kind.JSON, ("{t}.result_quality",)),
                    Property("validTime", Kind.SPAN, ("{t}.valid_from", "{t}.valid_until")),
                    Property("parameters", Kind.JSON, ("{t}.parameters",)),
                )
            },
            _relations(
                Relation("Datastream", "Datastreams", column="datastream_id"),
                Relation("FeatureOfInterest", "FeaturesOfInterest", column="foi_id"),
            ),
            public="EXISTS (SELECT FROM sensing_datastream v WHERE v.id = {t}.datastream_id AND v.is_public)",
            owned="EXISTS (SELECT FROM sensing_datastream v WHERE v.id = {t}.datastream_id AND v.owner_id = {office})",
        ),
        Entity(
            "FeaturesOfInterest",
            "FeatureOfInterest",
            "sensing_feature",
            _named(_CODED, Property("feature", Kind.JSON, ("{t}.feature",)), _PROPERTIES),
            _relations(
                Relation(
                    "Observations",
                    "Observations",
                    join="{c}.foi_id = {p} AND {c}.datastream_id IN "
                    "(SELECT datastream_id FROM sensing_feature_use WHERE feature_id = {p})",
                )
            ),
            public="EXISTS (SELECT FROM sensing_feature_use u JOIN sensing_datastream v ON v.id = u.datastream_id "
            "WHERE u.feature_id = {t}.id AND v.is_public)",
        ),
    )
}  # fmt: skip
BY_ONE = {entity.one: entity for entity in ENTITIES.values()}
