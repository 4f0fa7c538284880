"""The runner against our own server: everything passes. Against a server with a fault: the check of that name fails."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from conformance.open311 import __main__ as command
from conformance.open311.checks import CHECKS, instant, run, written

from tests.open311.conftest import Running, read_body, write_body
from tests.processes import CHECKOUT

Before = Callable[[dict[str, Any]], None]
After = Callable[[dict[str, Any], int, str, bytes], tuple[int, str, bytes]]


def test_our_server_passes_every_check(running):
    done = run(running.tested())
    assert [one for one in done if one[1] != "pass"] == []
    assert len(done) >= 45


def test_what_is_not_let_is_skipped_and_says_why(running):
    server = running.tested(touch=None, publish=None)
    server.key, server.write, server.extensions, server.hidden, server.withheld = "", False, False, (), ()
    done = run(server)
    skipped = {name: reason for name, outcome, reason, _ in done if outcome == "skip"}
    assert not [one for one in done if one[1] == "fail"]
    assert len(skipped) >= 15
    assert all(skipped.values())


def test_the_command_prints_a_line_for_each_check_and_ends_by_them(running, capsys):
    assert command.main([f"{running.url}/open311/v2", "--only", "discovery_in_xml,services_booleans"]) == 0
    assert "2 pass, 0 fail, 0 skipped." in capsys.readouterr().out
    assert command.main(["http://127.0.0.9:9/open311/v2", "--only", "discovery_in_xml"]) == 1
    assert command.main([f"{running.url}/open311/v2", "--only", "updates_need_a_key"]) == 2


def test_it_runs_without_guyub(running):
    """A newcomer needs Python alone."""
    words = ["-I", "-c", f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); "
             "from conformance.open311.__main__ import main; sys.exit(main(sys.argv[1:]))"]  # fmt: skip
    done = subprocess.run(
        [sys.executable, *words, f"{running.url}/open311/v2", "--only", "services_booleans"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


# ── Faults ─────────────────────────────────────────────────────────────────────────────────────────────────


def said(environ: dict[str, Any]) -> dict[str, str]:
    return dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))


def without(*names: str, **instead: str) -> Before:
    """The server overlooks arguments."""

    def before(environ: dict[str, Any]) -> None:
        kept = {name: value for name, value in said(environ).items() if name not in names}
        environ["QUERY_STRING"] = urlencode({**kept, **instead})

    return before


def in_body(old: bytes, new: bytes) -> Before:
    def before(environ: dict[str, Any]) -> None:
        if environ["REQUEST_METHOD"] == "POST":
            write_body(environ, read_body(environ).replace(old, new))

    return before


def at(part: str, change: Callable[[bytes], bytes], *, method: str = "GET") -> After:
    """The body of answers below an address is changed."""

    def after(environ: dict[str, Any], status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
        if part in environ["PATH_INFO"] and environ["REQUEST_METHOD"] == method:
            return status, kind, change(body)
        return status, kind, body

    return after


def swap(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda body: body.replace(old.encode(), new.encode())


def edited(part: str, change: Callable[[Any], Any], *, method: str = "GET") -> After:
    """The JSON of good answers below an address is changed."""

    def after(environ: dict[str, Any], status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
        path = environ["PATH_INFO"]
        if part in path and path.endswith(".json") and environ["REQUEST_METHOD"] == method and status < 300:
            return status, kind, json.dumps(change(json.loads(body))).encode()
        return status, kind, body

    return after


def each(**values: Any) -> Callable[[Any], Any]:
    """Every row gets these; a function makes a value of the old one."""

    def change(rows: Any) -> Any:
        for row in rows:
            for name, value in values.items():
                row[name] = value(row.get(name)) if callable(value) else value
        return rows

    return change


def answered(old: int, new: int, kind: str = "", body: bytes | None = None) -> After:
    """Where one status was right another comes."""

    def after(environ: dict[str, Any], status: int, own: str, own_body: bytes) -> tuple[int, str, bytes]:
        if status != old:
            return status, own, own_body
        return new, kind or own, own_body if body is None else body

    return after


HTML = ("text/html", b"<h1>Not Found</h1>")


def attributes(**values: Any) -> After:
    def change(found: Any) -> Any:
        return {**found, "attributes": each(**values)(found["attributes"])}

    return edited("/services/", change)


def first_row(**values: Any) -> Callable[[Any], Any]:
    return lambda rows: [*each(**values)(rows[:1]), *rows[1:]]


def longer_ago(text: str | None) -> str | None:
    return text and written(instant(text) - timedelta(days=400))


def a_leak(running: Running) -> After:
    return edited("/requests.json", lambda rows: [*rows, {"service_request_id": running.numbers["conduct"]}])


def a_leak_in_extensions(running: Running) -> After:
    number = running.numbers["fresh"]
    return edited(f"/requests/{number}", each(description="Lampu mati."))


def a_point_that_leaks(running: Running) -> After:
    def after(environ: dict[str, Any], status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
        if "bbox" in environ["QUERY_STRING"] and environ["PATH_INFO"].endswith(".json"):
            return status, kind, json.dumps([{"service_request_id": running.numbers["secret"]}]).encode()
        return status, kind, body

    return after


def nul_breaks(environ: dict[str, Any], status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
    return (500, "text/html", b"") if "%00" in environ["QUERY_STRING"] else (status, kind, body)


def jurisdiction_demanded(
    environ: dict[str, Any], status: int, kind: str, body: bytes
) -> tuple[int, str, bytes]:
    return (400, kind, b"[]") if "jurisdiction_id" not in environ["QUERY_STRING"] else (status, kind, body)


def always_ok(environ: dict[str, Any], status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
    """A server that answers everything with a list, as one that is widely used does."""
    if status < 400:
        return status, kind, body
    if environ["PATH_INFO"].endswith(".json"):
        return 200, "application/json; charset=utf-8", b"[]"
    return 200, "text/xml; charset=utf-8", b'<?xml version="1.0" encoding="utf-8"?><service_requests/>'


DISCOVERY_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
FAULTS: list[tuple[str, str, Before | None, After | Callable[[Running], After] | None]] = [
    ("discovery_in_xml", "another root", None, at("discovery.xml", swap("discovery>", "found>"))),
    ("discovery_in_json", "wrapped", None, edited("discovery", lambda found: {"discovery": found})),
    ("discovery_says_everything", "no key_service", None, at("discovery", swap("key_service", "key"))),
    ("discovery_says_everything", "another type", None, at("discovery", swap("production", "live"))),
    ("discovery_changeset_can_be_sorted", "a name", None, edited("discovery", lambda d: {**d, "changeset": "v7"})),
    ("discovery_changeset_follows_the_services", "it stands still", None,
     edited("discovery", lambda d: {**d, "changeset": "2026-01-01 00:00"})),
    ("discovery_leads_to_the_endpoint", "an old address", None, at("discovery", swap("/v2", "/v1"))),
    ("xml_is_declared_and_in_utf8", "application/xml", None,
     lambda e, s, k, b: (s, k.replace("text/xml", "application/xml"), b)),
    ("xml_is_declared_and_in_utf8", "no declaration", None, at(".xml", swap(DISCOVERY_XML, ""))),
    ("xml_has_no_namespace", "a namespace", None, at("services.xml", swap("<services>", '<services xmlns="x:y">'))),
    ("json_is_declared_and_in_utf8", "no charset", None, lambda e, s, k, b: (s, k.partition(";")[0], b)),
    ("json_lists_are_bare_arrays", "wrapped", None, edited("/requests", lambda rows: {"service_requests": rows})),
    ("json_lists_are_bare_arrays", "one without array", None, edited("/requests/", lambda rows: rows[0])),
    ("both_forms_say_the_same", "one less", None, edited("/services.json", lambda rows: rows[1:])),
    ("both_forms_say_the_same", "other words", None, edited("/requests.json", first_row(address="Lain"))),
    ("services_say_everything", "no type", None, edited("/services.json", each(type=None))),
    ("services_say_everything", "twice", None, edited("/services.json", lambda rows: [*rows, rows[0]])),
    ("services_booleans", "text in JSON", None, edited("/services.json", each(metadata="false"))),
    ("services_booleans", "1 in XML", None, at("services.xml", swap("<metadata>true", "<metadata>1"))),
    ("jurisdiction_unknown_is_404", "overlooked", without("jurisdiction_id"), None),
    ("jurisdiction_missing", "demanded", None, jurisdiction_demanded),
    ("definition_behind_metadata", "empty", None, edited("/services/", lambda d: {**d, "attributes": []})),
    ("definition_behind_metadata", "404", None, at("/services/", lambda body: b"{}")),
    ("definition_order", "all first", None, attributes(order=1)),
    ("definition_order", "from 0", None, attributes(order=lambda n: n - 1)),
    ("definition_datatypes", "no values", None, attributes(values=[])),
    ("definition_datatypes", "unknown kind", None, attributes(datatype="list")),
    ("definition_datatypes", "text for required", None, attributes(required="true")),
    ("definition_unknown_is_404", "a page", None, answered(404, 404, *HTML)),
    ("requests_say_what_they_must", "a number", None, edited("/requests", each(service_request_id=17))),
    ("requests_say_what_they_must", "another status", None, edited("/requests", each(status="new"))),
    ("requests_moments_have_zones", "no zone", None,
     edited("/requests", each(requested_datetime=lambda text: text and text.rstrip("Z")))),
    ("requests_points_are_on_earth", "metres", None, edited("/requests", each(lat=9238000.0, long=512000.0))),
    ("requests_by_number_override_filters", "they do not", without("service_request_id"), None),
    ("requests_by_number_override_filters", "500", None, lambda e, s, k, b: (500 if "%2C" in e["QUERY_STRING"] else s, k, b)),
    ("requests_by_status", "overlooked", without("status"), None),
    ("requests_by_status", "one only", None,
     lambda e, s, k, b: (s, k, b"[]" if "open%2Cclosed" in e["QUERY_STRING"] else b)),
    ("requests_by_service", "overlooked", without("service_code"), None),
    ("requests_of_90_days_at_most", "older ones", None,
     edited("/requests.json", each(requested_datetime=longer_ago))),
    ("requests_of_90_days_at_most", "500 for more", None, answered(400, 500)),
    ("requests_by_date", "overlooked", without("start_date", "end_date"), None),
    ("requests_by_date", "another instant by zone", None,
     lambda e, s, k, b: (s, k, b"[]" if "%2B07" in e["QUERY_STRING"] else b)),
    ("requests_with_empty_arguments", "empty is a value", None,
     lambda e, s, k, b: (s, k, b"[]" if "status=&" in e["QUERY_STRING"] + "&" else b)),
    ("requests_with_a_bad_date_are_400", "overlooked", without("start_date"), None),
    ("requests_with_a_bad_date_are_400", "a page", None, answered(400, 400, *HTML)),
    ("request_unknown_is_404", "an empty list", None, always_ok),
    ("request_by_number", "all of them", None, edited("/requests/", lambda rows: rows * 2)),
    ("token_unknown_is_404", "an empty list", None, always_ok),
    ("path_unknown_is_404_in_form", "a page", None, answered(404, 404, *HTML)),
    ("bad_bytes_break_nothing", "NUL breaks", None, nul_breaks),
    ("hidden_reports_leak_nowhere", "in the list", None, a_leak),
    ("hidden_reports_leak_nowhere", "by number", None, answered(404, 200)),
    ("withheld_reports_tell_nothing", "words", None, a_leak_in_extensions),
    ("withheld_reports_tell_nothing", "found by box", None, a_point_that_leaks),
    ("pages_are_disjoint", "overlooked", without("page"), None),
    ("updated_after_finds_what_changed", "overlooked", without("updated_after"), None),
    ("bbox_finds_what_lies_inside", "overlooked", without("bbox"), None),
    ("sending_without_key_is_403", "the list", None, always_ok),
    ("sending_with_a_wrong_key_is_403", "401", None, answered(403, 401)),
    ("sending_without_location_is_400", "500", None, answered(400, 500)),
    ("sending_half_a_point_is_400", "422", None, answered(400, 422)),
    ("sending_without_service_is_400", "404", None, answered(400, 404)),
    ("sending_for_an_unknown_service_is_404", "400", None, answered(404, 400)),
    ("sending_without_a_required_attribute_is_400", "not named", None, at("/requests", swap("gejala", "x"), method="POST")),
    ("sending_without_a_required_attribute_is_400", "taken", None, always_ok),
    ("sending_several_values", "refused", in_body(b"%5B%5D=", b"=zzz"), None),
    ("sending_several_values", "any value is taken", None, always_ok),
    ("sending_gives_a_number_or_a_token", "both", None, edited("/requests", each(token="7"), method="POST")),
    ("sending_gives_a_number_or_a_token", "neither", None,
     edited("/requests", each(service_request_id=None), method="POST")),
    ("sending_gives_a_number_or_a_token", "leads nowhere", None,
     edited("/requests", each(service_request_id="LAP-2026-999999"), method="POST")),
    ("sending_too_many_words", "500", None, answered(400, 500)),
    ("sending_words_of_every_script", "another script is lost", None, at("/requests/", swap("東京", "??"))),
    ("sending_html_shows_none", "shown", None,
     edited("/requests/", each(description=lambda text: f"{text} <script>alert(1)</script>"))),
    ("sending_twice_with_one_number_of_ours", "two reports", in_body(b"client_request_id", b"other"), None),
    ("sending_a_picture", "anything is a picture", None, always_ok),
    ("updates_need_a_key", "open", None, always_ok),
    ("updates_say_everything", "no status", None, edited("servicerequestupdates", lambda rows: [{"update_id": "1"}])),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [pytest.param(name, before, after, id=f"{name}-{what}") for name, what, before, after in FAULTS],
)
def test_each_fault_fails_the_check_of_its_name(running, name, before, after):
    running.faults.before = before
    running.faults.after = (
        after(running) if after in (a_leak, a_leak_in_extensions, a_point_that_leaks) else after
    )
    [(_, outcome, reason, _)] = run(running.tested(), only={name})
    assert outcome == "fail", reason
    assert reason


def test_every_check_has_a_fault_that_it_finds(running):
    run(running.tested(), only={"none"})
    assert set(CHECKS) == {name for name, *_ in FAULTS}
