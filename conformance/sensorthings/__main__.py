"""Hold a server against OGC SensorThings 1.1 and print what it does and does not."""

from __future__ import annotations

import argparse
import sys

from conformance.sensorthings.asking import Done, Server
from conformance.sensorthings.running import run

SHOWN = 6


def main(words: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="python -m conformance.sensorthings", description=__doc__)
    options.add_argument("url", help="the service root, such as https://host/sta/v1.1")
    options.add_argument("--bearer", default="", help="a key, sent as Authorization: Bearer")
    options.add_argument("--basic", default="", help="user:password, sent as Authorization: Basic")
    options.add_argument(
        "--wipe",
        action="store_true",
        help="DELETE everything there, then make and test: never a city at work",
    )
    options.add_argument(
        "--extensions", action="store_true", help="dataArray, batch, filter functions, paging, too"
    )
    options.add_argument("--only", default="", help="names of checks or groups, with commas")
    said = options.parse_args(words)
    more = {"wipe": said.wipe, "extensions": said.extensions}
    if said.basic:
        server = Server.basic(said.url, said.basic, **more)
    else:
        server = Server(said.url, authorization=f"Bearer {said.bearer}" if said.bearer else "", **more)
    return report(run(server, {part.strip() for part in said.only.split(",") if part.strip()}))


def report(done: list[Done]) -> int:
    """Print it; 0 if nothing failed, 1 if something did, 2 if nothing could be checked."""
    for one in done:
        print(
            f"{one.outcome:5} {one.group:9} {one.name:44} {one.right:5} right {len(one.wrong):4} wrong {one.ms:7.0f} ms"
        )
        for words in one.wrong[:SHOWN]:
            print(f"        {words}")
        if len(one.wrong) > SHOWN:
            print(f"        and {len(one.wrong) - SHOWN} more")
    right, wrong = (
        sum(one.right for one in done),
        sum(len(one.wrong) for one in done if one.outcome == "fail"),
    )
    skipped = sum(one.outcome == "skip" for one in done)
    print(f"\n{right} promises kept, {wrong} broken; {skipped} of {len(done)} checks skipped.")
    if any(one.outcome == "fail" for one in done):
        return 1
    return 0 if any(one.outcome == "pass" for one in done) else 2


if __name__ == "__main__":
    sys.exit(main())
