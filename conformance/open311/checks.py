"""The checks of GeoReport v2: reading. Each is named for what it holds; the first words say where it belongs."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.open311.asking import NotTried, Server, expect, expect_refusal

Check = Callable[[Server], None]
CHECKS: dict[str, Check] = {}
FORMS = ("xml", "json")
NOBODY = "tidak-ada-99999"  # a code that no server has
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


def check(function: Check) -> Check:
    CHECKS[function.__name__] = function
    return function


def instant(text: str) -> datetime:
    expect(_ZONED.fullmatch(text), f"{text!r} is no date and time with a zone")
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rows_of(server: Server) -> list[dict[str, Any]]:
    """The default list, asked for once."""
    if "rows" not in server.kept:
        server.kept["rows"] = server.ok("requests.json")
    return server.kept["rows"]


def some_rows(server: Server, n: int = 1) -> list[dict[str, Any]]:
    rows = rows_of(server)
    if len(rows) < n:
        raise NotTried(f"the server shows fewer than {n} reports of the last 90 days")
    return rows


def services_of(server: Server) -> list[dict[str, Any]]:
    if "services" not in server.kept:
        server.kept["services"] = server.ok("services.json")
    return server.kept["services"]


# ── Discovery ──────────────────────────────────────────────────────────────────────────────────────────────


@check
def discovery_in_xml(server: Server) -> None:
    found = server.get("discovery.xml")
    expect(found.status == 200, f"{found.status}, not 200")
    expect(found.xml().tag == "discovery", f"its root is {found.xml().tag}, not discovery")


@check
def discovery_in_json(server: Server) -> None:
    found = server.ok("discovery.json")
    expect(isinstance(found, dict), "no object")
    expect("discovery" not in found, "wrapped in its root, which the JSON form drops")


@check
def discovery_says_everything(server: Server) -> None:
    for form in FORMS:
        found = server.ok(f"discovery.{form}")
        for name in ("changeset", "contact", "key_service", "endpoints"):
            expect(found.get(name), f"{form}: no {name}")
        for endpoint in found["endpoints"]:
            for name in ("specification", "url", "changeset", "type", "formats"):
                expect(endpoint.get(name), f"{form}: an endpoint without {name}")
            expect(endpoint["type"] in ("production", "test"), f"{form}: type is {endpoint['type']}")
            expect("text/xml" in endpoint["formats"], f"{form}: XML, which is required, is not among formats")
        known = [one["specification"] for one in found["endpoints"]]
        expect("http://wiki.open311.org/GeoReport_v2" in known, f"{form}: no endpoint names GeoReport v2")


@check
def discovery_changeset_can_be_sorted(server: Server) -> None:
    said = str(server.ok("discovery.json")["changeset"])
    expect(re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", said), f"{said!r} does not begin with a date and time")


@check
def discovery_changeset_follows_the_services(server: Server) -> None:
    """Unchanged it stays; with `touch` given, a change of a service moves it on."""
    before = server.ok("discovery.json")["changeset"]
    expect(server.ok("discovery.json")["changeset"] == before, "it differs between two readings")
    if server.touch is None:
        raise NotTried("it stays while nothing changes; needs --touch to change a service")
    server.touch()
    after = server.ok("discovery.json")["changeset"]
    expect(after > before, f"{after!r} after a change does not follow {before!r}")


@check
def discovery_leads_to_the_endpoint(server: Server) -> None:
    endpoints = server.ok("discovery.json")["endpoints"]
    urls = [one["url"].rstrip("/") for one in endpoints if "GeoReport_v2" in one["specification"]]
    for url in urls:
        found = Server(url, jurisdiction=server.jurisdiction, timeout=server.timeout).get("services.xml")
        expect(found.status == 200, f"{url}/services.xml: {found.status}")


# ── Form ───────────────────────────────────────────────────────────────────────────────────────────────────

READ = ("discovery", "services", "requests")


@check
def xml_is_declared_and_in_utf8(server: Server) -> None:
    for name in READ:
        found = server.get(f"{name}.xml")
        kind = found.kind.lower().replace(" ", "")
        expect(kind == "text/xml;charset=utf-8", f"{name}: Content-Type is {found.kind}")
        first = found.body[:80].lower()
        expect(first.startswith(b"<?xml"), f"{name}: no XML declaration")
        expect(b"utf-8" in first.partition(b"?>")[0], f"{name}: the declaration names no UTF-8")


@check
def xml_has_no_namespace(server: Server) -> None:
    for name in READ:
        for element in server.get(f"{name}.xml").xml().iter():
            expect(not element.tag.startswith("{") or "GeoReport_v2" in element.tag, f"{name}: {element.tag}")


@check
def json_is_declared_and_in_utf8(server: Server) -> None:
    for name in READ:
        kind = server.get(f"{name}.json").kind.lower().replace(" ", "")
        expect(kind == "application/json;charset=utf-8", f"{name}: Content-Type is {kind}")


@check
def json_lists_are_bare_arrays(server: Server) -> None:
    """Also a list of one; the root is dropped."""
    expect(isinstance(server.ok("services.json"), list), "services: no array")
    expect(isinstance(rows_of(server), list), "requests: no array")
    number = str(some_rows(server)[0]["service_request_id"])
    one = server.ok(f"requests/{number}.json")
    expect(isinstance(one, list) and len(one) == 1, "one request: no array of one")


@check
def both_forms_say_the_same(server: Server) -> None:
    for name in ("services", "requests"):
        in_xml, in_json = server.ok(f"{name}.xml"), server.ok(f"{name}.json")
        expect(len(in_xml) == len(in_json), f"{name}: {len(in_xml)} in XML, {len(in_json)} in JSON")
        for one, other in zip(in_xml, in_json, strict=True):
            for key, value in other.items():
                if not isinstance(value, dict | list):
                    expect(same(one.get(key), value), f"{name}: {key} is {one.get(key)!r} and {value!r}")


def same(in_xml: str | None, in_json: object) -> bool:
    if isinstance(in_json, bool):
        return in_xml == str(in_json).lower()
    if isinstance(in_json, int | float):
        return in_xml is not None and float(in_xml) == in_json
    return (in_xml or "") == (in_json or "")


# ── Services ───────────────────────────────────────────────────────────────────────────────────────────────


@check
def services_say_everything(server: Server) -> None:
    rows = services_of(server)
    expect(rows, "there is no service")
    codes = [str(row.get("service_code")) for row in rows]
    expect(len(set(codes)) == len(codes), "a service_code stands twice")
    for row in rows:
        for name in ("service_code", "service_name", "metadata", "type"):
            expect(row.get(name) is not None, f"{row.get('service_code')}: no {name}")
        expect("description" in row, f"{row['service_code']}: no description")
        expect(row["type"] in ("realtime", "batch", "blackbox"), f"{row['service_code']}: {row['type']}")


@check
def services_booleans(server: Server) -> None:
    for row in server.ok("services.xml"):
        expect(row["metadata"] in ("true", "false"), f"XML: metadata is {row['metadata']!r}")
    for row in services_of(server):
        expect(isinstance(row["metadata"], bool), f"JSON: metadata is {row['metadata']!r}, no boolean")


@check
def jurisdiction_unknown_is_404(server: Server) -> None:
    for form in FORMS:
        expect_refusal(server.get(f"services.{form}", jurisdiction_id="nowhere.invalid"), 404)


@check
def jurisdiction_missing(server: Server) -> None:
    """An endpoint of one needs none named; one of several answers 400."""
    found = server.get("services.json", _with_jurisdiction=False)
    if server.jurisdiction:
        expect_refusal(found, 400)
    else:
        expect(found.status == 200, f"{found.status}, not 200, although it serves one jurisdiction")


def definitions_of(server: Server) -> dict[str, Any]:
    if "definitions" not in server.kept:
        codes = [row["service_code"] for row in services_of(server) if row["metadata"] in (True, "true")]
        server.kept["definitions"] = {code: server.get(f"services/{code}.json") for code in codes[:40]}
    if not server.kept["definitions"]:
        raise NotTried("no service has metadata")
    return server.kept["definitions"]


@check
def definition_behind_metadata(server: Server) -> None:
    """metadata tells the truth: true has attributes, false has none."""
    for code, found in definitions_of(server).items():
        expect(found.status == 200, f"{code}: {found.status}")
        expect(str(found.json().get("service_code")) == str(code), f"{code}: names another service")
        expect(found.json().get("attributes"), f"{code}: metadata is true and there is no attribute")
    for row in [row for row in services_of(server) if row["metadata"] is False][:5]:
        found = server.get(f"services/{row['service_code']}.json")
        attributes = found.json().get("attributes") if found.status == 200 else []
        expect(not attributes, f"{row['service_code']}: metadata is false and there are attributes")


@check
def definition_order(server: Server) -> None:
    for code, found in definitions_of(server).items():
        order = [int(one["order"]) for one in found.json()["attributes"]]
        expect(len(set(order)) == len(order) and min(order) >= 1, f"{code}: order is {order}")


@check
def definition_datatypes(server: Server) -> None:
    kinds = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
    for code, found in definitions_of(server).items():
        for one in found.json()["attributes"]:
            where = f"{code}.{one.get('code')}"
            expect(one.get("datatype") in kinds, f"{where}: datatype is {one.get('datatype')}")
            for name in ("variable", "required"):
                expect(isinstance(one.get(name), bool), f"{where}: {name} is no boolean")
            if str(one["datatype"]).endswith("list"):
                expect(one.get("values"), f"{where}: a list without values")
                for value in one["values"]:
                    expect(value.get("key") and value.get("name"), f"{where}: a value without key or name")


@check
def definition_unknown_is_404(server: Server) -> None:
    for form in FORMS:
        expect_refusal(server.get(f"services/{NOBODY}.{form}"), 404)


# ── Requests ───────────────────────────────────────────────────────────────────────────────────────────────


@check
def requests_say_what_they_must(server: Server) -> None:
    codes = {str(row["service_code"]) for row in services_of(server)}
    for row in some_rows(server):
        number = row.get("service_request_id")
        expect(isinstance(number, str) and number, f"service_request_id is {number!r}, no text")
        expect(row.get("status") in ("open", "closed"), f"{number}: status is {row.get('status')!r}")
        expect(row.get("service_code"), f"{number}: no service_code")
        expect("requested_datetime" in row, f"{number}: no requested_datetime")
    known = [row for row in rows_of(server) if str(row["service_code"]) in codes]
    expect(known, "none of the service_codes is among the services")


@check
def requests_moments_have_zones(server: Server) -> None:
    for row in some_rows(server):
        for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
            if row.get(name):
                instant(row[name])


@check
def requests_points_are_on_earth(server: Server) -> None:
    for row in some_rows(server):
        lat, lon = row.get("lat"), row.get("long")
        expect((lat is None) == (lon is None), f"{row['service_request_id']}: half a point")
        if lat is not None and lon is not None:
            expect(
                abs(float(lat)) <= 90 and abs(float(lon)) <= 180, f"{row['service_request_id']}: {lat}, {lon}"
            )


@check
def requests_by_number_override_filters(server: Server) -> None:
    numbers = [row["service_request_id"] for row in some_rows(server, 2)[:2]]
    found = server.ok(
        "requests.json", service_request_id=",".join(numbers), status="closed", service_code=NOBODY
    )
    expect({row["service_request_id"] for row in found} == set(numbers), f"asked for {numbers}")


@check
def requests_by_status(server: Server) -> None:
    for wanted in ("open", "closed"):
        found = server.ok("requests.json", status=wanted)
        expect(all(row["status"] == wanted for row in found), f"status={wanted} brings others")
    both = server.ok("requests.json", status="open,closed")
    expect(len(both) == len(rows_of(server)), f"status=open,closed brings {len(both)}")


@check
def requests_by_service(server: Server) -> None:
    codes = list(dict.fromkeys(row["service_code"] for row in some_rows(server)))[:2]
    one = server.ok("requests.json", service_code=codes[0])
    expect(one and {row["service_code"] for row in one} == {codes[0]}, f"service_code={codes[0]}")
    if len(codes) > 1:
        two = server.ok("requests.json", service_code=",".join(codes))
        expect({row["service_code"] for row in two} == set(codes), f"service_code={','.join(codes)}")


@check
def requests_of_90_days_at_most(server: Server) -> None:
    """By itself 90 days or 1000 rows; a longer window is refused or cut."""
    rows, oldest = rows_of(server), datetime.now(UTC) - timedelta(days=91)
    expect(len(rows) <= 1000, f"{len(rows)} rows without any limit")
    for row in rows:
        if row.get("requested_datetime"):
            expect(
                instant(row["requested_datetime"]) >= oldest,
                f"{row['service_request_id']} is older than 90 days",
            )
    now = datetime.now(UTC)
    found = server.get("requests.json", start_date=written(now - timedelta(days=400)), end_date=written(now))
    if found.status == 200:
        times = [instant(row["requested_datetime"]) for row in found.json() if row.get("requested_datetime")]
        expect(
            not times or max(times) - min(times) <= timedelta(days=90), "a window of 400 days is given whole"
        )
    else:
        expect_refusal(found, 400)


@check
def requests_by_date(server: Server) -> None:
    """Only what was requested in the window; the same instant in another zone is the same window."""
    timed = [row for row in some_rows(server) if row.get("requested_datetime")]
    if not timed:
        raise NotTried("no report shows when it was requested")
    at = instant(timed[0]["requested_datetime"])
    since, until = at - timedelta(minutes=1), at + timedelta(minutes=1)
    found = server.ok("requests.json", start_date=written(since), end_date=written(until))
    numbers = {row["service_request_id"] for row in found}
    expect(timed[0]["service_request_id"] in numbers, "a report is not in a window around it")
    for row in found:
        expect(row.get("requested_datetime"), "a report without a moment is in a window")
        expect(since <= instant(row["requested_datetime"]) <= until, "a report outside the window")
    shifted = [(one + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S+07:00") for one in (since, until)]
    again = server.ok("requests.json", start_date=shifted[0], end_date=shifted[1])
    expect({row["service_request_id"] for row in again} == numbers, "+07:00 is another window than Z")


@check
def requests_with_empty_arguments(server: Server) -> None:
    found = server.ok(
        "requests.json", service_request_id="", service_code="", start_date="", end_date="", status=""
    )
    expect(len(found) == len(rows_of(server)), "an empty argument is not as if it were absent")


@check
def requests_with_a_bad_date_are_400(server: Server) -> None:
    for form in FORMS:
        expect_refusal(server.get(f"requests.{form}", start_date="kemarin"), 400)


@check
def request_unknown_is_404(server: Server) -> None:
    for form in FORMS:
        expect_refusal(server.get(f"requests/{NOBODY}.{form}"), 404)


@check
def request_by_number(server: Server) -> None:
    row = some_rows(server)[0]
    for form in FORMS:
        found = server.ok(f"requests/{row['service_request_id']}.{form}")
        expect([one["service_request_id"] for one in found] == [row["service_request_id"]], form)


@check
def token_unknown_is_404(server: Server) -> None:
    for form in FORMS:
        expect_refusal(server.get(f"tokens/{NOBODY}.{form}"), 404)


@check
def path_unknown_is_404_in_form(server: Server) -> None:
    for form in FORMS:
        expect_refusal(server.get(f"nothing/here.{form}"), 404)


@check
def bad_bytes_break_nothing(server: Server) -> None:
    bad = ("\x00", "'\"<>&\\", "%ff%fe", "\U0001f4a9" * 50, "9" * 400, ",,,,")
    for text in bad:
        for name in ("service_request_id", "service_code", "status", "start_date", "jurisdiction_id"):
            found = server.get("requests.json", **{name: text})
            expect(found.status < 500, f"{name}={text[:20]!r}: {found.status}")
            expect("json" in found.kind, f"{name}={text[:20]!r}: answered as {found.kind}")
            found.json()


@check
def hidden_reports_leak_nowhere(server: Server) -> None:
    """Neither by list nor by number, token, window, box, or change."""
    if not server.hidden:
        raise NotTried("needs --hidden with numbers that nobody may see")
    now = datetime.now(UTC)
    lists: list[dict[str, str]] = [
        {},
        {"service_request_id": ",".join(server.hidden)},
        {"start_date": written(now - timedelta(days=89)), "end_date": written(now + timedelta(hours=1))},
        {"updated_after": written(now - timedelta(days=365))},
        {"bbox": "-180,-90,180,90"},
        {"extensions": "true"},
    ]
    for query in lists:
        for form in FORMS:
            found = server.get(f"requests.{form}", **query).body.decode()
            for number in server.hidden:
                expect(number not in found, f"{number} by {form} {query or 'list'}")
    for number in server.hidden:
        for path in (f"requests/{number}", f"tokens/{number}"):
            for form in FORMS:
                expect_refusal(server.get(f"{path}.{form}"), 404)


@check
def withheld_reports_tell_nothing(server: Server) -> None:
    """Known to exist, but without words, moment, point or picture, and found by none of them."""
    if not server.withheld:
        raise NotTried("needs --withheld with numbers whose content nobody may see")
    for number in server.withheld:
        for query in ({}, {"extensions": "true"}):
            found = server.get(f"requests/{number}.json", **query)
            if found.status == 404:
                continue
            for row in found.json():
                for name in ("description", "requested_datetime", "lat", "long", "media_url"):
                    expect(not row.get(name), f"{number}: {name} is {row.get(name)!r}")
    now = datetime.now(UTC)
    for query in (
        {"bbox": "-180,-90,180,90"},
        {"start_date": written(now - timedelta(days=89)), "end_date": written(now + timedelta(hours=1))},
        {"updated_after": written(now - timedelta(days=365))},
    ):
        numbers = {row["service_request_id"] for row in server.ok("requests.json", **query)}
        expect(not numbers & set(server.withheld), f"found by {query}")


@check
def pages_are_disjoint(server: Server) -> None:
    server.must_extend()
    some_rows(server, 4)
    first, second = (
        [row["service_request_id"] for row in server.ok("requests.json", page=page, page_size="2")]
        for page in ("1", "2")
    )
    expect(len(first) == len(second) == 2 and not set(first) & set(second), f"{first}, {second}")
    expect_refusal(server.get("requests.json", page="0"), 400)


@check
def updated_after_finds_what_changed(server: Server) -> None:
    server.must_extend()
    timed = [row for row in some_rows(server) if row.get("updated_datetime")]
    if not timed:
        raise NotTried("no report shows when it changed")
    newest = max(instant(row["updated_datetime"]) for row in timed)
    found = server.ok("requests.json", updated_after=written(newest))
    expect(found, "what changed last is not found by its own moment")
    expect(all(instant(row["updated_datetime"]) >= newest for row in found), "older changes are found, too")


@check
def bbox_finds_what_lies_inside(server: Server) -> None:
    server.must_extend()
    placed = [row for row in some_rows(server) if row.get("lat") is not None]
    if not placed:
        raise NotTried("no report shows a point")
    lat, lon = float(placed[0]["lat"]), float(placed[0]["long"])
    around = ",".join(str(one) for one in (lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01))
    found = server.ok("requests.json", bbox=around)
    expect(placed[0]["service_request_id"] in {row["service_request_id"] for row in found}, "not found")
    for row in found:
        expect(row.get("lat") is not None, "a report without a point lies in a box")
        expect(abs(row["lat"] - lat) <= 0.011 and abs(row["long"] - lon) <= 0.011, "a report outside the box")


def run(server: Server, only: set[str] | None = None) -> list[tuple[str, str, str, float]]:
    """Each check's name, `pass`, `fail` or `skip`, the reason, and its milliseconds."""
    from conformance.open311 import sending  # noqa: F401 - its checks stand after these
    from conformance.open311.asking import Broken

    done = []
    for name, one in CHECKS.items():
        if only and name not in only:
            continue
        began = time.monotonic()
        try:
            one(server)
            outcome, reason = "pass", ""
        except NotTried as why:
            outcome, reason = "skip", str(why)
        except Broken as why:
            outcome, reason = "fail", str(why)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as why:
            outcome, reason = (
                "fail",
                f"an answer has another shape than it should: {type(why).__name__} {why}",
            )
        done.append((name, outcome, reason, (time.monotonic() - began) * 1000))
    return done
