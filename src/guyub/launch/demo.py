"""`guyub demo`: four living cities on this machine, from nothing, by one command; Ctrl-C ends it cleanly."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from guyub.demo.profiles import demo_profiles
from guyub.launch import broker, postgres
from guyub.launch.prepare import OtherKey, prepare

CHECKOUT = Path(__file__).resolve().parents[3]


def run(args: list[str]) -> int:
    from guyub.launch.arguments import parser

    options = parser("demo", "Run the demo cities on this machine.")
    options.add_argument("--port", type=int, default=8000)
    options.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 lets a phone on the same network look, too"
    )
    options.add_argument("--default-city", default="bandung", help="the city of bare addresses")
    options.add_argument("--reports", type=int, default=20_000, help="reports in the largest city")
    options.add_argument(
        "--cities",
        default="",
        metavar="A,B",
        help="only some of bandung, pekalongan, metro, tegal: up sooner, lighter on a small machine",
    )
    options.add_argument(
        "--boundaries",
        type=Path,
        default=os.environ.get("GUYUB_BOUNDARIES") or None,
        help="folder with bandung_kelurahan.geojson and the like; approximate areas are drawn without",
    )
    options.add_argument("--no-simulator", action="store_true", help="add nothing after the start")
    chosen = options.parse_args(args)
    chosen.cities = _among(options, chosen)
    began = time.monotonic()
    try:
        sockets = _sockets(chosen.host, chosen.port)
    except OSError as problem:
        print(f"Port {chosen.port} cannot be used ({problem.strerror}). Choose another: make demo PORT=8080")
        return 1
    try:
        with postgres.unwind_on_sigterm(), _database() as urls:
            _environment(urls, chosen)
            print("Preparing the database …", flush=True)
            prepare(reports=chosen.reports, boundaries=chosen.boundaries, only=chosen.cities)
            with _broker() as url, _children(sockets, chosen, url) as children:
                _await_answer(chosen)
                _say_where(chosen, time.monotonic() - began)
                if url:
                    print(
                        f"  Sensors send by MQTT to {url}, to topics such as pekalongan/v1.1/Observations.\n"
                    )
                return _watch(children)
    except (KeyboardInterrupt, SystemExit):
        pass
    except (postgres.PostgresError, OtherKey) as problem:
        print(problem)
        return 1
    print("\nThe demo has ended; what was done is kept for the next start.")
    return 0


def _among(options: ArgumentParser, chosen: Namespace) -> list[str]:
    """The cities that are wanted, by their slugs; none named are all. Ends with a word on one that there is not."""
    known = [str(profile["slug"]) for profile in demo_profiles()]
    wanted = [one.strip() for one in chosen.cities.split(",") if one.strip()]
    if unknown := [one for one in wanted if one not in known]:
        options.error(f"There is no demo city {unknown[0]}. There are {', '.join(known)}.")
    if wanted and chosen.default_city not in wanted:
        chosen.default_city = wanted[0]
    return wanted


def _sockets(host: str, port: int) -> list[socket.socket]:
    from guyub.launch.serve import listen

    hosts = [host]
    if host == "127.0.0.1" and sys.platform == "linux":
        hosts += ["127.0.0.2", "127.0.0.3", "127.0.0.4"]
    return [listen(one, port) for one in hosts]


@contextmanager
def _database() -> Iterator[tuple[str, str]]:
    """The addresses of the application's and the owner's connection: DATABASE_URL, else a server of our own."""
    if given := os.environ.get("DATABASE_URL"):
        yield given, os.environ.get("DATABASE_OWNER_URL", given)
        return
    with postgres.running(checkout=CHECKOUT) as server:
        yield server.app_url, server.owner_url


def _environment(urls: tuple[str, str], chosen) -> None:
    """Everything the children need, in the environment and nowhere else."""
    data = CHECKOUT / "var" / "demo"
    data.mkdir(parents=True, exist_ok=True)
    keys = data / "keys.json"
    if not keys.exists():
        keys.touch(mode=0o600)
        keys.write_text(json.dumps({name: secrets.token_urlsafe(48) for name in ("secret", "master")}))
    known = json.loads(keys.read_text())
    os.environ.update(
        DJANGO_SETTINGS_MODULE="guyub.settings.demo",
        GUYUB_SECRET_KEY=known["secret"],
        GUYUB_MASTER_KEY=known["master"],
        GUYUB_DATA=str(data),
        GUYUB_STATIC=str(CHECKOUT / "var" / "static"),
        GUYUB_DEFAULT_CITY=chosen.default_city,
        GUYUB_PUBLIC_PORT=f":{chosen.port}",
        DATABASE_URL=urls[0],
        DATABASE_OWNER_URL=urls[1],
    )


@contextmanager
def _broker() -> Iterator[str]:
    """The address of a broker for sensors; '' where it does not start: the demo lives without it."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(broker.running(CHECKOUT / "var" / "demo" / "broker")).url
        except broker.BrokerProblem as problem:
            print(f"No values by MQTT: {problem}")
            url = ""
        yield url


@contextmanager
def _children(
    sockets: list[socket.socket], chosen, broker_url: str
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The web server in this process's sockets, the worker, the simulator, who takes values in; all end with us."""
    numbers = ",".join(str(one.fileno()) for one in sockets)
    commands = [["web", numbers], ["worker"], ["simulator", str(int(not chosen.no_simulator))]]
    if broker_url:
        commands.append(["sense", broker_url])
    made = []
    try:
        for words in commands:
            made.append(
                subprocess.Popen(  # noqa: S603 — our own words only
                    [sys.executable, "-m", "guyub.launch.child", *words],
                    pass_fds=[one.fileno() for one in sockets],
                    start_new_session=True,
                )
            )
        yield made
    finally:
        for child in made:
            child.send_signal(signal.SIGTERM)
        for child in made:
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _await_answer(chosen, seconds: float = 30) -> None:
    """Say nothing of addresses before the first one answers."""
    host = "127.0.0.1" if chosen.host == "0.0.0.0" else chosen.host  # noqa: S104
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{host}:{chosen.port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)


def _say_where(chosen, seconds: float) -> None:
    print(f"\nGuyub is up after {seconds:.1f} s.\n")
    for profile in demo_profiles():
        if chosen.cities and profile["slug"] not in chosen.cities:
            continue
        address = profile["loopback"] if chosen.host == "127.0.0.1" else chosen.host
        print(
            f"  {profile['name']:18} http://{profile['hosts'][0]}:{chosen.port}/   or http://{address}:{chosen.port}/"
        )
    print("\n  Officers and residents of the demo: open /masuk/ and choose one; the code is shown there.")
    mails = CHECKOUT / "var" / "demo" / "mail"
    print(f"  Mails, with the links that go to telephones: {mails.relative_to(CHECKOUT)}/")
    print("  Ctrl-C ends it.\n", flush=True)


def _watch(children: list[subprocess.Popen[bytes]]) -> int:
    """Stay until told to end; if the web server or the worker ends by itself, say so and end with it."""
    while True:
        for name, child in zip(("web server", "worker"), children, strict=False):
            if child.poll() is not None:
                print(f"The {name} ended by itself (code {child.returncode}); its last words stand above.")
                return 1
        time.sleep(1)
