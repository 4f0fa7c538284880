"""SensorThings in the description for programs: its doors. The language behind them is the standard's own (OGC 18-088)."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]
SETS = [
    "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations",
    "FeaturesOfInterest",
]  # fmt: skip
_TEXT: Tree = {"type": "string"}
_MOMENT: Tree = {"type": "string", "format": "date-time"}
_COUNT: Tree = {"type": "integer", "minimum": 0}
_SET: Tree = {"name": "set", "in": "path", "required": True, "schema": {"type": "string", "enum": SETS}}
_KEY: Tree = {"name": "key", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
_OPTIONS: dict[str, tuple[Tree, str]] = {
    "$filter": (_TEXT, "A condition: result gt 1.2 and phenomenonTime ge 2026-11-01T00:00:00Z."),
    "$orderby": (_TEXT, "Properties with asc or desc; a property of a relation, too: Datastream/name."),
    "$top": (_COUNT, "Rows of a page; more are behind @iot.nextLink."),
    "$skip": (_COUNT, "Rows to leave out; follow @iot.nextLink to go far."),
    "$count": ({"type": "boolean"}, "Whether to count; beyond a limit @guyub.countIsAtLeast is said."),
}
_OF_ONE: dict[str, tuple[Tree, str]] = {
    "$select": (_TEXT, "Properties with commas."),
    "$expand": (_TEXT, "Relations with commas, each with options of its own in brackets."),
}
_PROBLEM: Tree = {"type": "object", "properties": {"code": {"type": "integer"}, "message": _TEXT}, "required": ["code", "message"]}  # fmt: skip
_WORDS = {
    "400": "It cannot be right; the message says where.",
    "401": "No key that holds.",
    "404": "There is nothing here, or not for this asker.",
    "413": "Too large.",
    "429": "Too much; Retry-After says when.",
    "503": "It would take too long.",
}


def _asked(options: dict[str, tuple[Tree, str]]) -> list[Tree]:
    return [{"name": name, "in": "query", "schema": schema, "description": words} for name, (schema, words) in options.items()]  # fmt: skip


def _json(words: str, schema: Tree) -> Tree:
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _read(words: str, schema: Tree, *parameters: Tree) -> Tree:
    refusals = {code: _json(_WORDS[code], _PROBLEM) for code in ("400", "401", "404", "503")}
    answers = {"200": _json("As asked.", schema), **refusals}
    return {
        "get": {
            "summary": words,
            "tags": ["SensorThings"],
            "parameters": list(parameters),
            "responses": answers,
        }
    }


def of_sensors() -> Tree:
    root = "/sta/v1.1"
    page = {
        "type": "object",
        "properties": {"value": {"type": "array"}, "@iot.nextLink": _TEXT},
        "required": ["value"],
    }
    entity = {"type": "object"}
    newest = {"kind": (_TEXT, "A kind such as sea_level."), "place": (_TEXT, "Code of a kelurahan or desa.")}
    by_time: dict[str, tuple[Tree, str]] = {
        "by": ({"type": "string", "enum": ["hour", "day"]}, "Hours are of UTC, days of the city."),
        "from": (_MOMENT, "Else a week of hours, a month of days."),
        "until": (_MOMENT, "Exclusive; else now."),
        "all": ({"type": "string", "enum": ["true", "false"]}, "Else of the good values alone."),
    }
    stream = {
        "name": "datastream",
        "in": "query",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
    return {
        root: _read("What is served where.", page),
        f"{root}/Datastreams/latest": _read("The newest value of each datastream.", page, *_asked(newest)),
        f"{root}/Datastreams/buckets": _read(
            "Count, min, max and mean by hour or day.", page, stream, *_asked(by_time)
        ),
        f"{root}/{{set}}": _read("Entities.", page, _SET, *_asked({**_OPTIONS, **_OF_ONE})),
        f"{root}/{{set}}({{key}})": _read("One entity.", entity, _SET, _KEY, *_asked(_OF_ONE)),
        f"{root}/CreateObservations": {"post": _send_many()},
    }


def _send_many() -> Tree:
    reference = {
        "type": "object",
        "properties": {"@iot.id": {"type": "integer", "minimum": 1}},
        "required": ["@iot.id"],
    }
    group = {
        "type": "object",
        "properties": {
            "Datastream": reference,
            "components": {
                "type": "array",
                "items": {"type": "string", "enum": ["phenomenonTime", "result"]},
            },
            "dataArray": {"type": "array", "items": {"type": "array"}},
        },
        "required": ["Datastream", "components", "dataArray"],
    }
    rows = {"type": "array", "items": {"type": ["string", "object"]}}
    return {
        "summary": "Send many values at once, each answered for itself.",
        "tags": ["SensorThings"],
        "security": [{"key": []}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "array", "items": group}}},
        },
        "responses": {
            "201": _json("All are stored; each has its address.", rows),
            "207": _json("Some are; for the others an object says why not.", rows),
            "400": _json("None is.", {"type": ["object", "array"]}),
            **{code: _json(_WORDS[code], _PROBLEM) for code in ("401", "413", "429")},
        },
    }
