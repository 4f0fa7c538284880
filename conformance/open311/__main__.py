"""Hold a server against GeoReport v2 and print what it does and does not."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter

from conformance.open311.asking import Server
from conformance.open311.checks import run


def main(words: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(prog="python -m conformance.open311", description=__doc__)
    options.add_argument("url", help="where services.xml lies, such as https://host/open311/v2")
    options.add_argument("--key", default="", help="an API key")
    options.add_argument("--write", action="store_true", help="send reports, too: never to a city at work")
    options.add_argument("--extensions", action="store_true", help="check what servers commonly add, too")
    options.add_argument("--jurisdiction", default="", help="for an endpoint that serves several")
    options.add_argument("--lat", default="", help="a point inside, for what is sent")
    options.add_argument("--long", default="")
    options.add_argument("--service", default="", help="a service without required attributes")
    options.add_argument("--hidden", default="", help="numbers that nobody may see, with commas")
    options.add_argument("--withheld", default="", help="numbers whose content nobody may see, with commas")
    options.add_argument("--touch", default="", help="a command that changes a service")
    options.add_argument("--publish", default="", help="a command that publishes the report named to it")
    options.add_argument("--only", default="", help="names of checks, with commas")
    said = options.parse_args(words)
    server = Server(
        said.url.rstrip("/"),
        key=said.key,
        jurisdiction=said.jurisdiction,
        write=said.write,
        extensions=said.extensions,
        place={"lat": said.lat, "long": said.long} if said.lat and said.long else {},
        service=said.service,
        hidden=_parts(said.hidden),
        withheld=_parts(said.withheld),
    )
    if said.touch:
        server.touch = lambda: _run(said.touch)
    if said.publish:
        server.publish = lambda number: _run(said.publish, number)
    return report(run(server, set(_parts(said.only))))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _run(command: str, *more: str) -> None:
    subprocess.run([*command.split(), *more], check=True)


def report(done: list[tuple[str, str, str, float]]) -> int:
    """Print it; 0 if nothing failed, 1 if something did, 2 if nothing could be checked."""
    for name, outcome, reason, ms in done:
        print(f"{outcome:5} {name:48} {ms:6.0f} ms  {reason}".rstrip())
    counts = Counter(outcome for _, outcome, _, _ in done)
    print(f"\n{counts['pass']} pass, {counts['fail']} fail, {counts['skip']} skipped.")
    return 1 if counts["fail"] else 0 if counts["pass"] else 2


if __name__ == "__main__":
    sys.exit(main())
