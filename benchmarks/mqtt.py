"""How many values a second go from devices through a broker into committed rows, each acknowledged after its commit.

    python benchmarks/mqtt.py [--messages 40000] [--streams 200] [--rounds 3]

Four devices publish with QoS 1, as fast as the broker takes it, through NATS (JetStream in files) and through Mosquitto
(set as docs/run/sensing.md says; left out where it is not installed), to one and to two ingesters. *Steady* is from the
first committed rows to the last while they publish; *backlog* is the same when all messages wait at the broker before
the ingesters start. *CPU* is that of all ingesters together for a message: on a shared machine it says more than the
clock. The devices write packets that are ready made, so that they hardly count.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

DEVICES, WINDOW = 4, 500
WAYS = {"one ingester": [[]], "two, half each": [["--part", "1/2"], ["--part", "2/2"]]}
SHARED = {"two, shared": [["--name", "a", "--share", "g"], ["--name", "b", "--share", "g"]]}


def main() -> None:
    options = argparse.ArgumentParser(description="Measure values by MQTT.")
    options.add_argument("--messages", type=int, default=40_000)
    options.add_argument("--streams", type=int, default=200)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default="", help="nats or mosquitto")
    chosen = options.parse_args()
    from benchmarks import sensing

    from guyub.launch import postgres

    with postgres.throwaway(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        urls = {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url}
        os.environ.update(urls, DJANGO_SETTINGS_MODULE="guyub.settings.test")
        city = sensing._city()
        from guyub.kernel.cities import api as cities

        with cities.inside(city):
            streams = sensing._streams()[: chosen.streams]
            scene = Scene(city.slug, streams, urls, Path(folder))
            print(
                f"{'messages/s, medians':40}{'steady':>10}{'CPU µs':>10}{'backlog':>10}{'CPU µs':>10}",
                flush=True,
            )
            for name, broker in (("nats", nats), ("mosquitto", mosquitto)):
                if chosen.only in ("", name):
                    measure(scene, name, broker, chosen.messages, chosen.rounds)


def _cpu(pids: list[int]) -> float:
    found = 0.0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        found += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def measure(scene: Scene, name: str, broker: Callable[[Path], Any], count: int, rounds: int) -> None:
    if name == "mosquitto" and not _mosquitto():
        print("Mosquitto is not installed here: left out.")
        return
    ways = WAYS | (SHARED if name == "mosquitto" else {})
    for words, each in ways.items():
        steady, backlog = [], []
        for n in range(rounds):
            folder = scene.folder / f"{name}-{len(each)}-{words[-1]}-{n}"
            with broker(folder) as port:
                ingesters = [scene.ingester(port, more) for more in each]
                scene.wait_for_all(port)
                steady.append(scene.timed(count, ingesters, lambda port=port: scene.publish(port, count)))
                for one in ingesters:
                    one.send_signal(signal.SIGTERM)
                    one.wait()
                scene.publish(port, count)
                ready = [scene.ingester(port, more) for more in each]
                backlog.append(scene.timed(count, ready, lambda: None))
                for one in ready:
                    one.send_signal(signal.SIGTERM)
                    one.wait()
        each_way = [
            statistics.median(column) for way in (steady, backlog) for column in zip(*way, strict=True)
        ]
        print(f"{name + ', ' + words:40}" + "".join(f"{one:10,.0f}" for one in each_way), flush=True)


class Scene:
    def __init__(self, slug: str, streams: list[int], urls: dict[str, str], folder: Path) -> None:
        self.slug, self.streams, self.folder = slug, streams, folder
        self.env = os.environ | urls | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        self.at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)

    def ingester(self, port: int, more: list[str]) -> subprocess.Popen[bytes]:
        words = ["-m", "guyub", "sense", "--broker", f"mqtt://127.0.0.1:{port}", *more]
        return subprocess.Popen([sys.executable, *words], env=self.env, cwd=ROOT)

    def packets(self, count: int) -> list[bytes]:
        """QoS 1, each of a time that no message before had."""
        made = []
        for n in range(count):
            self.at += timedelta(milliseconds=20)
            topic = (
                f"{self.slug}/v1.1/Datastreams({self.streams[n % len(self.streams)]})/Observations".encode()
            )
            payload = b'{"phenomenonTime": "%s", "result": %.2f}' % (
                self.at.isoformat().encode(),
                n % 300 / 100,
            )
            body = len(topic).to_bytes(2, "big") + topic + (n % 60000 + 1).to_bytes(2, "big") + payload
            made.append(b"\x32" + _length(len(body)) + body)
        return made

    def publish(self, port: int, count: int) -> None:
        """By four devices at once; returns when the broker has acknowledged all."""
        packets = self.packets(count)
        threads = [
            threading.Thread(target=_device, args=(port, f"alat-{n}", packets[n::DEVICES]))
            for n in range(DEVICES)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    def wait_for_all(self, port: int) -> None:
        """A value of each datastream has come through: every ingester has subscribed."""
        before, deadline = self.count(), time.monotonic() + 60
        while self.count() < before + 2 * len(self.streams):
            assert time.monotonic() < deadline, "the ingesters take nothing"
            self.publish(port, len(self.streams))
            time.sleep(1)
        time.sleep(1)

    def timed(
        self, count: int, ingesters: list[subprocess.Popen[bytes]], send: Callable[[], None]
    ) -> tuple[float, float]:
        """Messages a second from the first committed rows to the last, and what each cost the ingesters."""
        pids = [one.pid for one in ingesters]
        before, deadline = self.count(), time.monotonic() + 300
        sending = threading.Thread(target=send)
        sending.start()
        while (first := self.count()) == before:
            time.sleep(0.005)
            assert time.monotonic() < deadline, "the ingesters take nothing"
        began, used = time.perf_counter(), _cpu(pids)
        while (now := self.count()) < before + count:
            time.sleep(0.02)
            assert time.monotonic() < deadline, f"{before + count - now} values are lacking"
        taken, used = time.perf_counter() - began, _cpu(pids) - used
        sending.join()
        done = max(before + count - first, 1)
        return done / taken, 1_000_000 * used / done

    def count(self) -> int:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(sum(count), 0) FROM sensing_latest")
            return int(cursor.fetchone()[0])


def _length(size: int) -> bytes:
    low, high = size & 127, size >> 7
    return bytes([low | 128, high]) if high else bytes([low])


def _device(port: int, name: str, packets: list[bytes]) -> None:
    """Publish with at most so many unacknowledged. Every acknowledgement is four bytes."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        body = b"\x00\x04MQTT\x04\x02\x00\x3c" + len(name).to_bytes(2, "big") + name.encode()
        line.sendall(b"\x10" + _length(len(body)) + body)
        assert line.recv(4)[3] == 0
        sent = acknowledged = 0
        while acknowledged < 4 * len(packets):
            if room := min(WINDOW - (sent - acknowledged // 4), len(packets) - sent):
                line.sendall(b"".join(packets[sent : sent + room]))
                sent += room
            acknowledged += len(line.recv(65536))


@contextmanager
def nats(folder: Path) -> Iterator[int]:
    from guyub.launch import broker

    with broker.running(folder) as running:
        yield running.port


def _mosquitto() -> str | None:
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    from tests.durability.test_sensors import mosquitto as running

    with running(folder) as port:
        yield port


if __name__ == "__main__":
    main()
