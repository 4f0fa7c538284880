"""How soon an event reaches the last of many screens, and what a screen weighs.

    python benchmarks/live.py [--watchers 5000] [--events 20]

Starts a server of its own, opens that many streams from another process, and commits events from a third. Prints the
time from the commit to the first and to the last screen (medians and the worst), the server's memory for each screen
and its CPU for each event; beside it the server's limit: the same bytes written to as many bare sockets.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.processes import Installation, installation  # noqa: E402

PUBLISH = """
import json, sys, time, django
django.setup()
from django.db import transaction
from django.utils import timezone
from guyub.kernel.cities import api as cities
from guyub.kernel.live import api as live
with cities.inside(cities.get_city_by_slug("bandung")):
    print(live.token("dinding", at=timezone.now()), flush=True)
    for ask in sys.stdin:
        with transaction.atomic():
            live.publish("dinding", "coba", {"n": int(ask), "words": "x" * 150}, at=timezone.now())
        print(time.monotonic(), flush=True)
"""


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(name)))


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def watch(port: int, token: str, watchers: int, pipe) -> None:
    """Open the streams and say when each event reached the first and the last of them."""
    loop = asyncio.get_running_loop()
    arrived: list[float] = []

    class Stream(asyncio.Protocol):
        def connection_made(self, transport):
            words = f"GET /live/dinding?t={token} HTTP/1.1\r\nHost: bandung.localhost:{port}\r\n\r\n"
            transport.write(words.encode())

        def data_received(self, data):
            if b"data: " in data:
                arrived.append(time.monotonic())
            elif b"retry" in data:
                opened.append(1)

    opened: list[int] = []
    kept = []
    for start in range(0, watchers, 200):
        made = [loop.create_connection(Stream, "127.0.0.1", port) for _ in range(min(200, watchers - start))]
        kept += await asyncio.gather(*made)
        while len(opened) < len(kept):
            await asyncio.sleep(0.005)
    pipe.send("open")
    while await asyncio.to_thread(pipe.recv) != "end":
        arrived.clear()
        pipe.send("ready")
        while len(arrived) < watchers:
            await asyncio.sleep(0.002)
        pipe.send((min(arrived), max(arrived)))


def client(port: int, token: str, watchers: int, pipe) -> None:
    asyncio.run(watch(port, token, watchers, pipe))


async def bare(watchers: int) -> float:
    """Seconds to write an event of the same size to as many sockets, with nothing around it."""
    streams: list[asyncio.Transport] = []

    class Keep(asyncio.Protocol):
        def connection_made(self, transport):
            streams.append(transport)

    server = await asyncio.get_running_loop().create_server(Keep, "127.0.0.1", 0, backlog=512)
    port = server.sockets[0].getsockname()[1]
    kept = [await asyncio.open_connection("127.0.0.1", port) for _ in range(watchers)]
    await asyncio.sleep(0.5)
    began = time.process_time()
    for stream in streams:
        stream.write(b"x" * 230)
    spent = time.process_time() - began
    for _, writer in kept:
        writer.close()
    server.close()
    return spent


def measure(made: Installation, watchers: int, events: int) -> None:
    made.start("web")
    pid = made.processes["web"].pid
    publisher = subprocess.Popen(
        [sys.executable, "-c", PUBLISH],
        env=made.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert publisher.stdin
    assert publisher.stdout
    token = publisher.stdout.readline().strip()
    empty = _status(pid, "VmRSS")
    here, there = multiprocessing.Pipe()
    screens = multiprocessing.Process(target=client, args=(made.port, token, watchers, there))
    began = time.monotonic()
    screens.start()
    assert here.recv() == "open"
    opened = time.monotonic() - began
    full = _status(pid, "VmRSS")
    first, last, spent = [], [], []
    for number in range(events):
        here.send("event")
        assert here.recv() == "ready"
        before = cpu_seconds(pid)
        publisher.stdin.write(f"{number}\n")
        publisher.stdin.flush()
        committed = float(publisher.stdout.readline())
        soonest, latest = here.recv()
        first.append((soonest - committed) * 1000)
        last.append((latest - committed) * 1000)
        time.sleep(0.4)
        spent.append((cpu_seconds(pid) - before) * 1000)
    here.send("end")
    screens.join(timeout=10)
    publisher.stdin.close()
    publisher.wait(timeout=10)
    limit = asyncio.run(bare(min(watchers, 5000))) * 1000
    threads = _status(pid, "Threads")
    print(json.dumps({"watchers": watchers, "events": events}))
    print(f"all open after          {opened:8.1f} s, {threads} threads")
    print(
        f"memory                  {empty / 1024:8.1f} MB before, {(full - empty) / watchers:.1f} kB a screen"
    )
    print(f"commit → first screen   {statistics.median(first):8.1f} ms median, {max(first):.1f} worst")
    print(f"commit → last screen    {statistics.median(last):8.1f} ms median, {max(last):.1f} worst")
    print(f"server CPU an event     {statistics.median(spent):8.1f} ms; bare sockets {limit:.1f} ms")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--watchers", type=int, default=5000)
    options.add_argument("--events", type=int, default=20)
    chosen = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        installation(Path(folder), reports=20, durable=True) as made,
    ):
        measure(made, chosen.watchers, chosen.events)


if __name__ == "__main__":
    main()
