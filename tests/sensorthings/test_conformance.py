"""The runner against our own server: all is kept. Against a server with a fault: the check of that name fails."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from conformance.sensorthings import __main__ as command
from conformance.sensorthings.asking import CHECKS
from conformance.sensorthings.running import BUILT_FOR, prepare, run, run_one

from tests.processes import CHECKOUT

Before = Callable[[dict[str, Any]], None]
After = Callable[[dict[str, Any], int, str, bytes], tuple[int, str, bytes]]


def test_our_server_keeps_every_promise(running):
    done = run(running.tested())
    assert [one for one in done if one.outcome != "pass"] == []
    assert sum(one.right for one in done) > 12_000


def test_without_leave_nothing_is_made(running):
    server = running.tested(wipe=False, authorization="")
    done = run(server, {"write", "extension"})
    assert {one.outcome for one in done} == {"skip"}
    assert all(one.wrong for one in done)


def test_it_runs_without_guyub_and_ends_by_what_it_found(running, capsys):
    """A newcomer needs Python alone."""
    words = ["-I", "-c", f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); "
             "from conformance.sensorthings.__main__ import main; sys.exit(main(sys.argv[1:]))"]  # fmt: skip
    done = subprocess.run(
        [sys.executable, *words, running.root, "--only", "root_lists_every_set"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert command.main(["http://127.0.0.10:9/sta/v1.1", "--only", "root_lists_every_set"]) == 1
    assert command.main([running.root, "--only", "top"]) == 2
    assert "needs --wipe" in capsys.readouterr().out


# ── Faults ─────────────────────────────────────────────────────────────────────────────────────────────────


def without(*names: str) -> Before:
    """The server overlooks options."""

    def before(environ: dict[str, Any]) -> None:
        said = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
        environ["QUERY_STRING"] = urlencode([(name, value) for name, value in said if name[1:] not in names])

    return before


def edited(change: Callable[[Any], Any], where: str = "", method: str = "GET") -> After:
    """The JSON of good answers is changed, where the address fits."""

    def after(environ: dict[str, Any], status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
        fits = environ["REQUEST_METHOD"] == method and re.search(where, environ["PATH_INFO"])
        if not fits or status >= 300 or not kind.startswith("application/json") or not body:
            return status, kind, body
        return status, kind, json.dumps(change(json.loads(body))).encode()

    return after


def answered(old: int, new: int, method: str = "") -> After:
    """Where one status was right another comes."""

    def after(environ: dict[str, Any], status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
        fits = status == old and method in ("", environ["REQUEST_METHOD"])
        return (new if fits else status), kind, body

    return after


def rows(**values: Any) -> Callable[[Any], Any]:
    """Every entity in an answer gets these; a function makes a value of the old one, None takes it out."""

    def change(tree: Any) -> Any:
        for row in tree.get("value", [tree]):
            for name, value in values.items():
                name = name.replace("iot_", "@iot.")
                if value is None:
                    row.pop(name, None)
                elif name in row:
                    row[name] = value(row[name]) if callable(value) else value
        return tree

    return change


def nothing_found(environ: dict[str, Any], status: int, kind: str, body: bytes) -> tuple[int, str, bytes]:
    """What a filter finds is nothing: there it passes, here it must not."""
    if "filter=" in environ["QUERY_STRING"] and status == 200:
        return status, kind, b'{"value": []}'
    return status, kind, body


def not_deleted(environ: dict[str, Any]) -> None:
    if environ["REQUEST_METHOD"] == "DELETE":
        environ["REQUEST_METHOD"] = "GET"


def one_more(name: str) -> Callable[[Any], Any]:
    return lambda tree: {**tree, "value": [*tree["value"], {"name": name, "url": "x"}]}


def off_by_one(tree: Any) -> Any:
    return {**tree, "@iot.count": tree["@iot.count"] + 1} if "@iot.count" in tree else tree


def fewer_sets(tree: Any) -> Any:
    return {**tree, "value": tree["value"][1:]} if "serverSettings" in tree else tree


FAULTS: list[tuple[str, str, Before | None, After | None]] = [
    ("root_lists_every_set", "one is missing", None, edited(fewer_sets)),
    ("root_lists_every_set", "one of its own", None, edited(one_more("Latest"), r"v1.1/?$")),
    ("root_says_what_it_conforms_to", "it does not", None, edited(lambda t: {"value": t["value"]}, r"v1.1/?$")),
    ("sets_can_be_read", "no links", None, edited(rows(iot_selfLink=None))),
    ("entities_can_be_read", "other words alone", None, edited(rows(name="x"), r"\(\d+\)$")),
    ("missing_is_404", "400", None, answered(404, 400)),
    ("properties_and_values", "more than one key", None, edited(lambda t: {**t, "more": 1}, r"\)/[a-zA-Z]+$")),
    ("paths_lead_everywhere_to_depth_4", "$ref says more", None, edited(rows(iot_selfLink=None), r"\$ref$")),
    ("paths_lead_everywhere_to_depth_4", "404", None, answered(200, 404)),
    ("a_path_holds_only_what_hangs_together", "anything hangs", None, answered(404, 200)),
    ("top", "overlooked", without("top"), None),
    ("skip", "overlooked", without("skip"), None),
    ("count", "off by one", None, edited(off_by_one)),
    ("count", "counted unasked", None, edited(lambda t: {"@iot.count": 4, **t} if "value" in t else t)),
    ("select", "overlooked", without("select"), None),
    ("orderby", "overlooked", without("orderby"), None),
    ("filters_compare_every_property", "overlooked", without("filter"), None),
    ("filters_compare_every_property", "nothing found", None, nothing_found),
    ("results_are_compared_by_the_type_asked", "overlooked", without("filter"), None),
    ("order_of_the_options", "count of all", None, edited(off_by_one)),
    ("expand", "overlooked", without("expand"), None),
    ("expand_to_two_levels", "overlooked", without("expand"), None),
    ("expand_takes_options_of_its_own", "overlooked", without("expand"), None),
    ("filters_go_over_relations", "nothing found", None, nothing_found),
    ("what_cannot_be_asked_is_400", "200", None, answered(400, 200)),
    ("filter_functions_find_what_they_should", "nothing found", None, nothing_found),
    ("pages_show_every_row_once", "the same page again", without("skiptoken"), None),
    ("data_arrays_are_read", "overlooked", without("resultFormat"), None),
    ("data_arrays_are_made", "201 for refused rows", None, answered(207, 201)),
    ("the_same_row_twice_is_said", "201", None, answered(409, 201)),
    ("batches", "all of it fails", None, answered(200, 500, "POST")),
    ("invalid_deep_inserts_leave_nothing", "422", None, answered(400, 422)),
    ("each_entity_can_be_made", "200", None, answered(201, 200)),
    ("an_observation_finds_its_feature", "no feature", None, edited(rows(feature={}))),
    ("result_time_is_kept_or_null", "another", None, edited(rows(resultTime="2020-01-01T00:00:00Z"))),
    ("results_keep_their_type", "all text", None, edited(rows(result=str))),
    ("deep_inserts", "lost words", None, edited(rows(definition="x", description="x"))),
    ("invalid_posts", "201", None, answered(400, 201)),
    ("patch_changes_only_what_it_names", "204", None, answered(200, 204, "PATCH")),
    ("patch_with_entities_inside_is_400", "200", None, answered(400, 200)),
    ("patch_of_missing_is_404", "200", None, answered(404, 200)),
    ("delete_takes_along_what_hangs_on_it", "nothing goes", not_deleted, None),
    ("delete_of_missing_is_404", "200", None, answered(404, 200)),
    ("sets_cannot_be_patched_or_deleted", "200", None, answered(405, 200)),
]  # fmt: skip


def test_each_check_finds_its_fault(running):
    """What is only read finds the scene that was made once; what writes begins with an empty server."""
    known = {name: (group, function) for group, name, function in CHECKS}
    assert {name for name, *_ in FAULTS} == set(known)
    server, scene, missed = running.tested(), "", []
    for name, words, before, after in sorted(FAULTS, key=lambda one: BUILT_FOR.index(known[one[0]][0]) if known[one[0]][0] in BUILT_FOR else 9):  # fmt: skip
        group, function = known[name]
        running.faults.before = running.faults.after = None
        wanted = "built" if group in BUILT_FOR else "empty"
        if scene != wanted or group == "extension":
            assert prepare(server, wanted) == []
            scene = wanted
        running.faults.before, running.faults.after = before, after
        done = run_one(server, group, name, function)
        if done.outcome != "fail":
            missed.append((name, words, done.outcome))
    running.faults.before = running.faults.after = None
    assert prepare(server, "empty") == []
    assert missed == []
