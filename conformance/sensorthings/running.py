"""The order of the checks: what is only read first, then an empty server that is filled, asked and emptied again."""

from __future__ import annotations

import time

from conformance.sensorthings import extending, filtering, reading, writing  # noqa: F401 - they name their checks
from conformance.sensorthings.asking import CHECKS, Broken, Check, Done, NotTried, Server
from conformance.sensorthings.scene import empty, fill

BUILT_FOR = ("core", "filter", "extension")
GROUPS = ("core", "filter", "extension", "write")


def run(server: Server, only: set[str] | None = None) -> list[Done]:
    """All checks, or those of these names or groups; on a server that may be wiped each group finds its own scene."""
    done: list[Done] = []
    scene = ""
    for group, name, function in sorted(CHECKS, key=lambda one: GROUPS.index(one[0])):
        if only and name not in only and group not in only:
            continue
        wanted = "built" if group in BUILT_FOR else "empty"
        if server.wipe and scene != wanted:
            done += prepare(server, wanted)
            scene = wanted
        done.append(run_one(server, group, name, function))
    if server.wipe and done:
        done += prepare(server, "empty")
    server.hang_up()
    return done


def prepare(server: Server, wanted: str) -> list[Done]:
    """Empty the server, and fill it where a group needs that. Said only where it goes wrong."""

    def made(server: Server) -> None:
        empty(server)
        if wanted == "built":
            fill(server)

    found = run_one(server, "scene", wanted, made)
    return [found] if found.outcome == "fail" else []


def run_one(server: Server, group: str, name: str, function: Check) -> Done:
    server.right, server.wrong = 0, []
    begun = time.perf_counter()
    outcome = "pass"
    try:
        function(server)
    except NotTried as reason:
        return Done(group, name, "skip", server.right, (str(reason),), 0)
    except Broken as problem:
        if str(problem) not in server.wrong:
            server.wrong.append(str(problem))
    except (KeyError, TypeError, IndexError, ValueError, AttributeError) as problem:
        server.wrong.append(f"an answer of another shape: {type(problem).__name__} {problem}")
    if server.wrong:
        outcome = "fail"
    return Done(group, name, outcome, server.right, tuple(server.wrong), (time.perf_counter() - begun) * 1000)
