"""The demo from a checkout of its own: comes up, answers, ends cleanly on Ctrl-C, and keeps what was done."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psycopg
import pytest
from tests.processes import CHECKOUT, free_port

from guyub.launch import postgres

pytestmark = [pytest.mark.kill]


@pytest.fixture
def checkout(tmp_path):
    shutil.copytree(CHECKOUT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    yield tmp_path
    postgres.remove(checkout=tmp_path)


def launch(checkout: Path, port: int, *words: str, **more: str) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GUYUB_", "DATABASE_", "DJANGO_"))}
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "guyub",
            "demo",
            "--port",
            str(port),
            "--reports",
            "30",
            "--no-simulator",
            *words,
        ],
        cwd=checkout,
        env={**env, "PYTHONPATH": str(checkout / "src"), "PYTHONUNBUFFERED": "1", **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def start(checkout: Path, port: int, *words: str, **more: str) -> tuple[subprocess.Popen[str], float]:
    """Start the demo and wait until it says that it is up; returns it with the seconds it took."""
    began = time.monotonic()
    demo = launch(checkout, port, *words, **more)
    said = []
    assert demo.stdout
    for line in demo.stdout:
        said.append(line)
        if "Ctrl-C ends it" in line:
            return demo, time.monotonic() - began
    demo.stdout.close()
    demo.wait()
    raise AssertionError("".join(said))


def cut_short(checkout: Path, port: int) -> None:
    """Start the demo and kill it while it builds its first city."""
    demo = launch(checkout, port)
    assert demo.stdout
    for line in demo.stdout:
        if line.strip().endswith("…") and line.startswith("  "):
            break
    time.sleep(2)
    demo.kill()
    demo.wait()
    demo.stdout.close()


def numbers_at(port: int) -> set[str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/laporan/", timeout=10) as answer:
        assert answer.status == 200
        return set(re.findall(r"LAP-\d{4}-\d{6}", answer.read().decode()))


def cities_of(url: str) -> set[str]:
    with psycopg.connect(url, options="-c search_path=commons") as connection:
        return {slug for (slug,) in connection.execute("SELECT slug FROM cities_city")}


def end(demo: subprocess.Popen[str]) -> None:
    demo.send_signal(signal.SIGINT)
    out, _ = demo.communicate(timeout=180)
    assert demo.returncode == 0, out
    assert "Traceback" not in out
    assert "what was done is kept" in out


def processes_of(checkout: Path) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(checkout / "src").encode() in entry.read_bytes():
                found.append((entry.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return [words for words in found if "guyub" in words]


def test_it_comes_up_even_after_a_start_cut_short_ends_cleanly_and_keeps_what_was_done(checkout):
    port = free_port()
    cut_short(checkout, port)
    demo, first = start(checkout, port)
    before = numbers_at(port)
    assert len(before) > 5
    end(demo)
    assert processes_of(checkout) == []
    demo, second = start(checkout, port)
    assert numbers_at(port) == before
    assert second < first
    end(demo)
    assert processes_of(checkout) == []


def test_it_runs_on_any_postgresql_that_it_is_pointed_at(checkout):
    oldest = Path("/usr/lib/postgresql/15/bin")
    if (oldest / "postgres").exists():
        os.environ["GUYUB_PG_BIN"] = str(oldest)
    try:
        with postgres.throwaway() as server:
            port = free_port()
            urls = {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url}
            # Its tables need not be imagined once more: that PostgreSQL 15 takes each migration is test_blueprint's.
            demo, _ = start(
                checkout,
                port,
                "--cities",
                "bandung",
                GUYUB_BLUEPRINTS=str(CHECKOUT / "var" / "blueprints"),
                **urls,
            )
            assert len(numbers_at(port)) > 5
            assert cities_of(server.app_url) == {"bandung"}
            end(demo)
            assert not (checkout / "var" / "postgres").exists()
    finally:
        os.environ.pop("GUYUB_PG_BIN", None)


def test_a_taken_port_is_said_in_words(checkout):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "guyub", "demo", "--port", port],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout / "src")},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert "cannot be used" in done.stdout
    assert "Traceback" not in done.stderr


def test_only_some_of_the_cities_are_made_and_another_name_is_refused(checkout):
    done = subprocess.run(
        [sys.executable, "-m", "guyub", "demo", "--cities", "bandung,atlantis"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout / "src")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "There is no demo city atlantis" in done.stderr
    assert "tegal" in done.stderr
