"""Values by MQTT and HTTP: whatever is killed, each is stored once."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction

from guyub.kernel.cities import api as cities
from guyub.launch import broker as brokers
from guyub.rooms.people.clients import add_client
from guyub.rooms.people.models import Organisation
from guyub.rooms.sensing.api import Row, ingest
from guyub.rooms.sensing.models import Datastream
from guyub.rooms.sensing.tests.factories import a_datastream
from tests.processes import CHECKOUT, free_port

MESSAGES, STREAMS = 30_000, 20
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


@pytest.fixture
def scene(committing_city, cluster):
    """A city with datastreams, and how an ingester beside the tests finds it."""
    keys = [a_datastream(kind="sea_level").pk for _ in range(STREAMS)]
    env = {
        k: v for k, v in os.environ.items() if not k.startswith(("GUYUB_", "DATABASE_", "DJANGO_", "PYTEST"))
    }
    env |= {
        "PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}",
        "DJANGO_SETTINGS_MODULE": "guyub.settings.test",
        "DATABASE_URL": cluster.app_url,
        "DATABASE_OWNER_URL": cluster.owner_url,
    }
    with psycopg.connect(cluster.owner_url, autocommit=True) as own:
        own.execute(f"SET search_path TO {committing_city.schema}")
        yield committing_city, keys, env, own


@pytest.fixture
def ingesters():
    """Whatever a test does, none of its ingesters outlives it."""
    made: list[Ingester] = []
    yield lambda *words: made.append(Ingester(*words)) or made[-1]
    for one in made:
        one.kill()


class Ingester:
    def __init__(self, env: dict[str, str], url: str, log: Path, *words: str) -> None:
        self.env, self.words, self.log = env, ["-m", "guyub", "sense", "--broker", url, *words], log
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.words], env=self.env, cwd=CHECKOUT, stdout=log, stderr=log
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def publisher(port: int, name: str):
    from paho.mqtt import client as mqtt

    made = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
    made.max_inflight_messages_set(500)
    made.reconnect_delay_set(min_delay=1, max_delay=1)
    made.connect("127.0.0.1", port)
    made.loop_start()
    return made


def publish_all(client, topic_of, count: int) -> list:
    sent = []
    for n in range(count):
        at = START + timedelta(milliseconds=100 * n)
        payload = f'{{"phenomenonTime": "{at.isoformat()}", "result": {n % 300 / 100}}}'
        sent.append(client.publish(topic_of(n), payload, qos=1))
    return sent


def wait(what, seconds: float, *, of: str = "") -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {of}"
        time.sleep(0.05)


@pytest.mark.kill
def test_ingester_and_broker_are_killed_while_30000_values_come_in(scene, ingesters, tmp_path):
    city, keys, env, own = scene
    began = time.monotonic()

    def count() -> int:
        return own.execute("SELECT count(*) FROM sensing_observation").fetchone()[0]

    with brokers.running(tmp_path / "broker", ack_wait=3) as broker:
        ingester = ingesters(env, broker.url, tmp_path / "sense.log")
        client = publisher(broker.port, "uji-alat")
        wait(
            lambda: _subscribed(client, city.slug, keys[0], count),
            30,
            of="the first value",
        )
        first = count()
        sent = publish_all(
            client, lambda n: f"{city.slug}/v1.1/Datastreams({keys[n % STREAMS]})/Observations", MESSAGES
        )
        kills = 0
        for share in (0.15, 0.35, 0.55):
            wait(lambda share=share: count() >= MESSAGES * share, 120, of=f"{share} of the values")
            ingester.kill()
            kills += 1
            if kills == 2:
                broker.kill()
                broker.start(ack_wait=3)
            ingester.start()
        for one in sent:
            one.wait_for_publish(60)
        wait(lambda: count() >= MESSAGES + first, 120, of="the last values")
        time.sleep(0.5)
        client.disconnect()
        client.loop_stop()
        ingester.process.terminate()
        assert ingester.process.wait(timeout=20) == 0
    assert count() == MESSAGES + first
    counted = own.execute("SELECT sum(count) FROM sensing_latest").fetchone()[0]
    rolled = own.execute("SELECT sum(count) FROM sensing_hour").fetchone()[0]
    assert counted == rolled == MESSAGES + first
    assert own.execute("SELECT count(*) FROM sensing_dead_letter").fetchone()[0] == 0
    print(f"{MESSAGES} values, {kills} ingesters and a broker killed, {time.monotonic() - began:.0f} s")


def _subscribed(client, slug: str, key: int, count) -> bool:
    """A first value has come through: the ingester's session exists, and the broker keeps for it from here on."""
    at = START - timedelta(hours=1)
    client.publish(
        f"{slug}/v1.1/Datastreams({key})/Observations",
        f'{{"phenomenonTime": "{at.isoformat()}", "result": 1}}',
        qos=1,
    )
    time.sleep(0.3)
    return count() > 0


@pytest.mark.kill
def test_every_new_value_reaches_who_follows_although_the_teller_and_the_broker_are_killed(
    scene, ingesters, tmp_path
):
    """Whichever way it came in, also of a transaction that commits after later ones; and only what is public."""
    city, keys, env, own = scene
    hidden = keys.pop()
    own.execute("UPDATE sensing_datastream SET is_public = (id <> %s)", [hidden])
    heard: dict[str, list[tuple[int, str]]] = {"one": [], "all": []}

    def hear(_client, _data, message):
        said = json.loads(message.payload)
        below = message.topic.removeprefix(f"{city.slug}/out/v1.1/")
        stream = said["Datastream"]["@iot.id"]
        assert below in ("Observations", f"Datastreams({stream})/Observations")
        heard["all" if below == "Observations" else "one"].append((stream, said["phenomenonTime"]))

    def store(first: int, count: int, streams: list[int]) -> None:
        at = [START + timedelta(minutes=first, milliseconds=10 * n) for n in range(count)]
        rows = [Row(streams[n % len(streams)], at[n], n / 100) for n in range(count)]
        assert {one.state for one in ingest(rows, at=datetime.now(UTC))} == {"stored"}

    def waiting() -> int:
        return own.execute("SELECT count(*) FROM sensing_untold").fetchone()[0]

    def late(begun: threading.Event, go_on: threading.Event) -> None:
        with cities.inside(city), transaction.atomic():
            store(90, 50, keys[:1])
            begun.set()
            go_on.wait(20)
        connection.close()

    with brokers.running(tmp_path / "broker", ack_wait=3) as broker:
        follower = publisher(broker.port, "uji-pengikut")
        follower.on_message = hear
        follower.on_connect = lambda *_: follower.subscribe(f"{city.slug}/out/v1.1/#", 1)
        follower.subscribe(f"{city.slug}/out/v1.1/#", 1)
        teller = ingesters(env, broker.url, tmp_path / "out.log", "--out")
        taker = ingesters(env, broker.url, tmp_path / "in.log")
        wait(lambda: own.execute("SELECT count(*) FROM sensing_outlet").fetchone()[0], 60, of="the outlet")
        store(95, 50, keys[1:])  # its month is made, which the open transaction would hold up
        begun, go_on = threading.Event(), threading.Event()
        held = threading.Thread(target=late, args=(begun, go_on))
        held.start()
        assert begun.wait(20)
        for n in range(30):
            if n in (8, 16):
                wait(lambda n=n: len(heard["all"]) > 50 * n, 60, of="some of them")
            if n == 16:
                wait(lambda: not waiting(), 20, of="a teller with nothing to do")
                broker.kill()
            store(n, 100, [*keys[1:], hidden])
            if n == 16:
                time.sleep(1)  # the teller has read these, and nobody has taken them from it
            if n in (8, 16):
                teller.kill()
            if n == 16:
                broker.start(ack_wait=3)
            if n in (10, 20):
                teller.start()
        go_on.set()
        held.join()
        device = publisher(broker.port, "uji-alat")
        wait(
            lambda: _subscribed(
                device,
                city.slug,
                keys[2],
                lambda: (keys[2], _text(START - timedelta(hours=1))) in heard["one"],
            ),
            60,
            of="a value that came by MQTT",
        )
        stored = {
            (stream, _text(at))
            for stream, at in own.execute(
                "SELECT datastream_id, phenomenon_time FROM sensing_observation WHERE datastream_id <> %s",
                [hidden],
            )
        }
        wait(lambda: set(heard["all"]) == set(heard["one"]) == stored, 60, of="all of them")
        wait(
            lambda: not own.execute("SELECT count(*) FROM sensing_untold").fetchone()[0],
            20,
            of="an empty list",
        )
        follower.disconnect()
        device.disconnect()
        for one in (teller, taker):
            one.process.terminate()
            assert one.process.wait(timeout=20) == 0
    total = own.execute("SELECT count(*) FROM sensing_observation").fetchone()[0]
    assert total == 3000 + 100 + 1, "what goes out does not come in again"
    assert own.execute("SELECT count(*) FROM sensing_dead_letter").fetchone()[0] == 0
    print(f"{len(stored)} values followed, heard {len(heard['all'])} times")


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


MOSQUITTO = """
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 500
autosave_on_changes true
max_queued_messages 0
max_inflight_messages 2000
user root
"""


@contextmanager
def mosquitto(folder: Path):
    """Set as docs/run/sensing.md says."""
    port = free_port()
    folder.mkdir()
    (folder / "mosquitto.conf").write_text(MOSQUITTO.format(port=port, folder=folder))
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    with (folder / "mosquitto.log").open("wb") as log:
        process = subprocess.Popen([program, "-c", str(folder / "mosquitto.conf")], stdout=log, stderr=log)
    try:
        wait(lambda: _listens(port), 10, of="Mosquitto")
        yield port
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.kill
@pytest.mark.skipif(
    not shutil.which("mosquitto", path="/usr/sbin:/usr/bin"), reason="Mosquitto is not installed here"
)
def test_two_ingesters_share_one_subscription_and_one_is_killed(scene, ingesters, tmp_path):
    """The other broker that is documented: what the killed one held comes to it again when it is back."""
    city, keys, env, own = scene
    total = 4000

    def count() -> int:
        return own.execute("SELECT count(*) FROM sensing_observation").fetchone()[0]

    with mosquitto(tmp_path / "mosquitto") as port:
        pair = [
            ingesters(
                env, f"mqtt://127.0.0.1:{port}", tmp_path / f"{name}.log", "--name", name, "--share", "guyub"
            )
            for name in ("uji-a", "uji-b")
        ]
        client = publisher(port, "uji-alat")
        wait(lambda: _subscribed(client, city.slug, keys[0], count), 120, of="the first value")
        time.sleep(1)  # the other one has subscribed as well
        first = count()
        sent = publish_all(
            client, lambda n: f"{city.slug}/v1.1/Datastreams({keys[n % STREAMS]})/Observations", total
        )
        wait(lambda: count() > total / 4, 60, of="a quarter")
        pair[0].kill()
        pair[0].start()
        for one in sent:
            one.wait_for_publish(30)
        wait(lambda: count() >= total + first, 120, of=f"all, of which {count()} came")
        client.disconnect()
        client.loop_stop()
        for one in pair:
            one.process.terminate()
            one.process.wait(timeout=20)
    assert count() == total + first


class Device(threading.Thread):
    """Posts values of its own datastream, the next when the one before was answered, until the server is gone."""

    def __init__(self, port: int, host: str, key: str, stream: int) -> None:
        super().__init__()
        self.port, self.host, self.key, self.stream = port, host, key, stream
        self.acknowledged: list[datetime] = []
        self.first = START

    def run(self) -> None:
        headers = {
            "Host": self.host,
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
        }
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line,
        ):
            while True:
                self.first += timedelta(milliseconds=100)
                body = f'{{"phenomenonTime": "{self.first.isoformat()}", "result": 1}}'
                line.request("POST", f"/sta/v1.1/Datastreams({self.stream})/Observations", body, headers)
                answer = line.getresponse()
                answer.read()
                if answer.status == 201:
                    self.acknowledged.append(self.first)


@pytest.mark.kill
def test_the_web_server_is_killed_while_values_are_posted(scene, tmp_path):
    """Each value that was answered with 201 is there, once; those that come together share their statements."""
    city, keys, env, own = scene
    office = Organisation.objects.exclude(key="").first()
    Datastream.objects.update(owner=office)
    _, key = add_client(name="Alat uji", office=office.key, by=None, at=START)
    devices: list[Device] = []
    for round_ in range(2):
        port = free_port()
        with (tmp_path / "web.log").open("ab") as log:
            web = subprocess.Popen(
                [sys.executable, "-m", "guyub", "serve", "--port", str(port)], env=env, cwd=CHECKOUT, stdout=log, stderr=log
            )  # fmt: skip
        try:
            wait(lambda port=port: _listens(port), 30, of="the web server")
            begun = [Device(port, city.hosts[0], key, stream) for stream in keys]
            for one in begun:
                one.first += timedelta(minutes=30 * round_)
                one.start()
            devices += begun
            wait(lambda begun=begun: sum(len(one.acknowledged) for one in begun) > 600, 60, of="600 values")
        finally:
            web.kill()
            web.wait()
        for one in begun:
            one.join()
    there = {
        tuple(row)
        for row in own.execute("SELECT datastream_id, phenomenon_time FROM sensing_observation").fetchall()
    }
    said = {(one.stream, time) for one in devices for time in one.acknowledged}
    assert len(said) > 1200
    assert said <= there
    assert len(there) <= len(said) + len(devices), "at most one of each device was stored and not answered"
    counted = own.execute(
        "SELECT sum(count), (SELECT sum(count) FROM sensing_hour) FROM sensing_latest"
    ).fetchone()
    assert counted == (len(there), len(there))
