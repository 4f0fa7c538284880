"""What programs can ask of a city and what it answers, as OpenAPI 3.1: kept by hand, held by tests.

The views were there before and have forms that generators do not know (two forms by one ending, a list in commas), so
the description is written and a test asks every address that it names. In English, as its readers are programs.
"""

from __future__ import annotations

from typing import Any

from guyub.sites.feeds.described_sensors import of_sensors

Tree = dict[str, Any]
VERSION = "1"
STATES = [
    "terbuka",
    "lewat-tenggat",
    "menunggu-verifikasi",
    "ditangani",
    "dijadwalkan",
    "instansi-luar",
    "menunggu-konfirmasi",
    "digabung",
    "keberatan-ditolak",
    "dikonfirmasi",
    "tanpa-tanggapan",
    "tidak-dijawab",
    "tidak-diproses",
]
TIMES = ["masuk-30", "masuk-365", "berakhir-30"]
UPDATE_STATES = [
    "OPEN",
    "REOPEN",
    "CLOSED",
    "FIXED",
    "INVESTIGATING",
    "IN_PROGRESS",
    "ACTION_SCHEDULED",
    "DUPLICATE",
    "NOT_COUNCILS_RESPONSIBILITY",
    "NO_FURTHER_ACTION",
    "INTERNAL_REFERRAL",
]


# ── Small words ────────────────────────────────────────────────────────────────────────────────────────────


def _text(**more: Any) -> Tree:
    return {"type": "string", **more}


def _maybe(kind: str, **more: Any) -> Tree:
    return {"type": [kind, "null"], **more}


def _list(of: Tree) -> Tree:
    return {"type": "array", "items": of}


def _object(required: dict[str, Tree], **optional: Tree) -> Tree:
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}


def _ref(name: str) -> Tree:
    return {"$ref": f"#/components/schemas/{name}"}


def _in(where: str, name: str, schema: Tree, words: str = "") -> Tree:
    said = {"name": name, "in": where, "schema": schema}
    return said | ({"required": True} if where == "path" else {}) | ({"description": words} if words else {})


def _asked(**said: Tree | tuple[Tree, str]) -> list[Tree]:
    """Arguments of an address, none of them compulsory."""
    return [_in("query", name, *(one if isinstance(one, tuple) else (one,))) for name, one in said.items()]


def _answer(words: str, **forms: Tree) -> Tree:
    return {
        "description": words,
        "content": {_TYPES[form]: {"schema": schema} for form, schema in forms.items()},
    }


_TYPES = {
    "json": "application/json",
    "xml": "text/xml",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "atom": "application/atom+xml",
    "cap": "application/cap+xml",
    "html": "text/html",
}
_ANY = {"type": "string"}
_NUMBER = _text(pattern="^[A-Z]{2,5}-[0-9]{4}-[0-9]{6,9}$", examples=["LAP-2026-000123"])
_CODE = _text(pattern="^[0-9.]{2,13}$", examples=["32.73.02.1004"])
_MOMENT = _text(format="date-time")
_FORM = _in("path", "form", _text(enum=["json", "xml"]), "The form of the answer.")


def _problems(*codes: str) -> Tree:
    """Refusals of Open311 and of what is sent as JSON, in the form that was asked for."""
    return {code: {"$ref": f"#/components/responses/{code}"} for code in codes}


def _pages(*codes: str) -> Tree:
    """Refusals of addresses that people open too: a page that says what happened."""
    return {code: _answer("Refused; the page says why.", html=_ANY) for code in codes}


# ── Open311 ────────────────────────────────────────────────────────────────────────────────────────────────

_JURISDICTION = _asked(jurisdiction_id=(_text(), "There is one here; it may be left out."))
_EXTENSIONS = _asked(extensions=(_text(enum=["true", "false"]), "Rows say more than the standard knows."))


def _open311(words: str, json: Tree, *more: Tree, problems: tuple[str, ...] = ()) -> Tree:
    return {
        "summary": words,
        "tags": ["Open311"],
        "parameters": [_FORM, *more, *_JURISDICTION],
        "responses": {"200": _answer("As asked.", json=json, xml=_ANY), **_problems("400", "404", *problems)},
    }


def _sent(words: str, fields: Tree, json: Tree) -> Tree:
    return {
        "summary": words,
        "tags": ["Open311"],
        "parameters": [_FORM],
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": fields} for kind in ("application/x-www-form-urlencoded", "multipart/form-data")},
        },
        "responses": {
            "200": _answer("It was here already.", json=json, xml=_ANY),
            "201": _answer("It is here now.", json=json, xml=_ANY),
            **_problems("400", "403", "404", "413", "429"),
        },
    }  # fmt: skip


_WHERE_AND_WHO = {
    "service_code": _text(description="Of the list of services."),
    "description": _text(maxLength=4000),
    "address_id": _text(description="Code of a kelurahan or desa; or lat and long, or address_string."),
    "address_string": _text(),
    "first_name": _text(),
    "last_name": _text(),
    "email": _text(),
    "phone": _text(),
    "media_url": _text(),
}
_YES_NO = _text(enum=["true", "false"])
_REQUEST_FIELDS = _object(
    {"api_key": _text(), "service_code": _WHERE_AND_WHO["service_code"]},
    **{name: one for name, one in _WHERE_AND_WHO.items() if name != "service_code"},
    lat=_text(examples=["-6.9147"]),
    long=_text(examples=["107.6098"]),
    anonymous=_YES_NO,
    confidential=_YES_NO,
    client_request_id=_text(maxLength=80, description="Your own number: sent again, it stays one report."),
    extensions=_YES_NO,
)
_UPDATE_FIELDS = _object(
    {"api_key": _text(), "update_id": _text(maxLength=80), "service_request_id": _NUMBER},
    status=_text(enum=UPDATE_STATES),
    description=_text(maxLength=4000),
)
_FILTERS = _asked(
    service_request_id=(_text(), "Numbers with commas; they override all else."),
    service_code=(_text(), "Codes with commas."),
    status=_text(enum=["open", "closed", "open,closed"]),
    start_date=(_MOMENT, "With end_date at most 90 days; alone it brings 90."),
    end_date=_MOMENT,
    updated_after=_MOMENT,
    updated_before=_MOMENT,
    bbox=(_text(examples=["107.5,-7,107.7,-6.8"]), "west,south,east,north in degrees."),
    page={"type": "integer", "minimum": 1},
    page_size={"type": "integer", "minimum": 1, "maximum": 1000},
)
_KEY = _in("query", "api_key", _text(), "Given by the city's admin.") | {"required": True}
_WINDOW = _asked(start_date=_MOMENT, end_date=_MOMENT)


def _of_open311() -> Tree:
    root, rows = "/open311/v2", _list(_ref("Request"))
    number = _in("path", "number", _NUMBER)
    return {
        f"{root}/discovery.{{form}}": {"get": _open311("What is served where.", _ref("Discovery"))},
        f"{root}/services.{{form}}": {"get": _open311("What may be reported.", _list(_ref("Service")))},
        f"{root}/services/{{code}}.{{form}}": {
            "get": _open311("What is asked for a service.", _ref("Definition"), _in("path", "code", _text()))
        },
        f"{root}/requests.{{form}}": {
            "get": _open311("Reports as everyone may read them.", rows, *_FILTERS, *_EXTENSIONS),
            "post": _sent("Send a resident's report.", _REQUEST_FIELDS, _list(_ref("Sent"))),
        },
        f"{root}/requests/{{number}}.{{form}}": {"get": _open311("One report.", rows, number, *_EXTENSIONS)},
        f"{root}/tokens/{{token}}.{{form}}": {
            "get": _open311("The number of a token: here they are the same.", _list(_ref("Token")),
                            _in("path", "token", _NUMBER))
        },
        f"{root}/servicerequestupdates.{{form}}": {
            "get": _open311("How reports went on.", _list(_ref("Update")), _KEY, *_WINDOW, problems=("403", "429")),
            "post": _sent("What a reporter says later.", _UPDATE_FIELDS, _list(_ref("UpdateSent"))),
        },
    }  # fmt: skip


# ── Our own ────────────────────────────────────────────────────────────────────────────────────────────────

_LISTED = _asked(
    cari=(_text(), "Words."),
    status=_text(enum=STATES),
    kategori=(_text(pattern="^[a-z0-9-]{1,40}$"), "Code of a category."),
    wilayah=(_CODE, "Code of a kecamatan, kelurahan or desa."),
    waktu=_text(enum=TIMES),
)
_PERIOD = _asked(periode=(_text(), "As the page of figures offers them."))
_SCOPE = [
    _in("path", "kind", _text(enum=["wilayah", "kantor", "kategori"])),
    _in("path", "code", _text(pattern="^[A-Za-z0-9.:-]{1,60}$")),
]


def _read(words: str, form: str, schema: Tree, *asked: Tree, refused: tuple[str, ...] = ("400",)) -> Tree:
    return {
        "get": {
            "summary": words,
            "tags": ["Guyub"],
            "parameters": list(asked),
            "responses": {"200": _answer("As asked.", **{form: schema}), **_pages(*refused)},
        }
    }


def _table(words: str, *asked: Tree, refused: tuple[str, ...]) -> Tree:
    """Rows as CSV or JSON, by the end of the address."""
    found = _read(words, "csv", _ANY, *asked, refused=refused)
    found["get"]["responses"]["200"] = _answer("As asked.", csv=_ANY, json={})
    return found


def _of_ours() -> Tree:
    box = _asked(bbox=(_text(), "west,south,east,north in degrees."))
    number, place = _in("path", "number", _NUMBER), _in("path", "code", _CODE)
    category = _in("path", "category", _text(pattern="^[a-z0-9-]{1,40}$"))
    seal, drawn = (_in("path", name, {"type": "integer", "minimum": 1}) for name in ("number", "seal"))
    around = _asked(wilayah=_CODE)
    refused, none = ("400", "403", "404"), ("404",)
    table = _in("path", "table", _text(pattern="^[a-z-]{1,30}$"))
    form = _in("path", "form", _text(enum=["csv", "json"]), "The form of the answer.")
    alert = _in(
        "path", "identifier", _text(pattern="^[A-Za-z0-9._-]{1,80}$"), "As the feed at /cap/ names it."
    )
    window = _asked(rentang=(_text(enum=["", "hari"]), "`hari`: the last 24 hours, else the last three."))
    return {
        "/api/v1/openapi.json": _read("This description.", "json", {"type": "object"}, refused=()),
        "/kiriman/laporan.json": {"post": _json_report()},
        "/laporan/peta.json": _read("The map's points and counts.", "json", _ref("Map"), *_LISTED, *box),
        "/laporan/unduh.csv": _read("Reports as a table.", "csv", _ANY, *_LISTED, refused=("400", "429")),
        "/laporan/unduh.geojson": _read(
            "Reports as points.", "geojson", _ref("Features"), *_LISTED, refused=("400", "429")
        ),
        "/laporan/{number}/atom": _read("What happens to a report.", "atom", _ANY, number, refused=none),
        "/banjir/peta.json": _read("Where residents tell of water.", "json", _ref("Map"), *window, refused=()),
        "/banjir/data.geojson": _read(
            "Floods of the last day: groups and reports, in cells.", "geojson", _ref("Features"), refused=()
        ),
        "/banjir/atom": _read("Confirmed floods.", "atom", _ANY, refused=()),
        "/cap/{identifier}.xml": _read("A warning as CAP 1.2.", "cap", _ANY, alert, refused=none),
        "/wilayah/{code}/atom": _read("New reports of a place.", "atom", _ANY, place, refused=none),
        "/wilayah/{code}/{category}/atom": _read(
            "New reports of a kind in a place.", "atom", _ANY, place, category, refused=none
        ),
        "/wilayah/batas.json": _read(
            "Boundaries.", "geojson", _ref("Features"), *around, refused=("400", "404")
        ),
        "/kinerja/angka.json": _read("Figures of the city.", "json", _ref("Figures"), *_PERIOD, refused=refused),
        "/kinerja/angka.csv": _read("The same as a table.", "csv", _ANY, *_PERIOD, refused=refused),
        "/kinerja/{kind}/{code}/angka.json": _read(
            "Figures of a place, an office or a category.", "json", _ref("Figures"), *_SCOPE, *_PERIOD, refused=refused
        ),
        "/kinerja/{kind}/{code}/angka.csv": _read(
            "The same as a table.", "csv", _ANY, *_SCOPE, *_PERIOD, refused=refused
        ),
        "/prakarsa/data/{table}.{form}": _table(
            "Initiatives, their lines, promises, deliveries, spending.", table, form, refused=none
        ),
        "/wilayah/dana.{form}": _table("Area funds of the city.", form, refused=none),
        "/wilayah/{code}/dana/data.{form}": _table("Area funds of a place.", place, form, refused=none),
        "/bukti/{number}.json": _read("A seal over what happened.", "json", _ref("Seal"), seal, refused=none),
        "/bukti/undian/{seal}.json": _read("A draw of finished work.", "json", _ref("Draw"), drawn, refused=none),
    }  # fmt: skip


def _json_report() -> Tree:
    point = {"type": ["number", "string", "null"]}
    yes_no = {"type": ["boolean", "string", "null"]}
    fields = _object(
        {"service_code": _WHERE_AND_WHO["service_code"]},
        **{name: one for name, one in _WHERE_AND_WHO.items() if name != "service_code"},
        lat=point,
        long=point,
        anonymous=yes_no,
        confidential=yes_no,
        attributes={"type": "object"},
    ) | {"additionalProperties": False}
    own = _in("header", "Idempotency-Key", _text(minLength=1, maxLength=80, pattern="^[A-Za-z0-9._-]+$"))
    return {
        "summary": "Send a resident's report.",
        "tags": ["Guyub"],
        "security": [{"key": []}],
        "parameters": [own | {"required": True}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": fields}}},
        "responses": {
            "200": _answer("It was here already.", json=_ref("Received")),
            "201": _answer("It is here now.", json=_ref("Received")),
            **{
                code: _answer("Refused; each sentence says why.", json=_list(_ref("Error")))
                for code in ("400", "403", "404", "409", "413", "429")
            },
        },
    }


# ── What answers look like ─────────────────────────────────────────────────────────────────────────────────

_COUNT = {"type": "integer", "minimum": 0}


def _schemas() -> Tree:
    degree, text = _maybe("number"), _text()
    outline = {
        "service_request_id": _NUMBER, "status": _text(enum=["open", "closed"]), "status_notes": text,
        "service_name": text, "service_code": text, "address": text, "address_id": text,
    }  # fmt: skip
    shown = (
        "description",
        "agency_responsible",
        "requested_datetime",
        "updated_datetime",
        "zipcode",
        "media_url",
    )
    more = _object({"state": text, "place_code": text, "url": text, "supporters": _maybe("integer")})
    chosen = _object({"code": text, "values": _list(_object({"key": text, "name": text}))})
    note = _object({"datetime": _MOMENT, "description": text, "type": text})
    pin = _object(
        {"n": _NUMBER, "lat": {"type": "number"}, "lon": {"type": "number"}, **dict.fromkeys("tswu", text)}
    )
    cell = _object({"lat": {"type": "number"}, "lon": {"type": "number"}, "n": _COUNT})
    figure = {
        "kunci": text, "angka": text, "nilai": _maybe("number"), "satuan": text, "bagian": _maybe("integer"),
        "keseluruhan": _maybe("integer"), "arti": text, "daftar": _maybe("string"),
    }  # fmt: skip
    curve: dict[str, Tree] = dict.fromkeys(
        ("hari_kerja", "dikonfirmasi", "tanpa_tanggapan", "masih_diamati", "persen_selesai"), _COUNT
    )
    head = dict.fromkeys(("tentang", "masa", "sejak", "sampai_sebelum", "dihitung_pada"), text)
    service = dict.fromkeys(
        ("service_code", "service_name", "description", "type", "keywords", "group"), text
    )
    question: dict[str, Tree] = {
        "variable": {"type": "boolean"}, "required": {"type": "boolean"}, "order": _COUNT,
        **dict.fromkeys(("code", "datatype", "datatype_description", "description"), text),
    }  # fmt: skip
    completion: dict[str, Tree] = {
        "number": _NUMBER,
        "part": _COUNT,
        "evidence": _COUNT,
        "percent": _COUNT,
        "digits": text,
    }
    hashes = dict.fromkeys(("city", "sealed_at", "root", "previous", "hash"), text)
    return {
        "Error": _object({"code": text, "description": text}),
        "Discovery": _object({"changeset": text, "contact": text, "key_service": text, "endpoints": _list(_object(
            {**dict.fromkeys(("specification", "url", "changeset", "type"), text), "formats": _list(text)}))}),
        "Service": _object({**service, "metadata": {"type": "boolean"}}),
        "Definition": _object({"service_code": text, "attributes": _list(_object(
            question, values=_list(_object({"key": text, "name": text}))))}),
        "Request": _object({**outline, **dict.fromkeys(shown, _maybe("string")), "lat": degree, "long": degree},
            extended_attributes=more, attributes=_list(chosen), notes=_list(note)),
        "Sent": _object({"service_request_id": _NUMBER, "service_notice": text, "account_id": _maybe("string")},
            extended_attributes=_object({"follow_url": text})),
        "Token": _object({"service_request_id": _NUMBER, "token": _NUMBER}),
        "Update": _object({"update_id": text, "service_request_id": _NUMBER,
            "status": _text(enum=UPDATE_STATES), "updated_datetime": _MOMENT, "description": text}),
        "UpdateSent": _object({"update_id": text, "service_request_id": _NUMBER}),
        "Received": _object({"number": _NUMBER, "follow_url": text, "notice": text}),
        "Map": _object({"reports": _list(pin), "cells": _list(cell)}),
        "Features": _object({"type": _text(const="FeatureCollection"), "features": _list({"type": "object"})}),
        "Figures": _object({**head, "paling_sedikit_untuk_persen": _COUNT, "aturan": {"type": "object"},
            "angka": _list(_object(figure)), "kurva": _list(_object(curve))}),
        "Seal": _object({**hashes, "number": _COUNT, "count": _COUNT, "leaves": _list(text)}),
        "Draw": _object({"city": text, "seal": _COUNT, "seal_hash": text, "drawn_at": text,
            "completions": _list(_object({**completion, "drawn": {"type": "boolean"}}))}),
    }  # fmt: skip


_REFUSED = {
    "400": "Something in it cannot be right; all of it is said.",
    "403": "No key that holds.",
    "404": "There is no such thing here.",
    "413": "Too large.",
    "429": "Too much; Retry-After says when.",
}


def description(*, title: str, origin: str) -> Tree:
    """The whole of it for one city."""
    refusals = {code: _answer(words, json=_list(_ref("Error")), xml=_ANY) for code, words in _REFUSED.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION},
        "servers": [{"url": origin}],
        "paths": {**_of_open311(), **_of_ours(), **of_sensors()},
        "components": {
            "schemas": _schemas(),
            "responses": refusals,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }
