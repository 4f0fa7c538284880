"""Many at once through the front door of real processes: hand-overs of one case, an upgrade under load."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlencode

import psycopg
import pytest

from tests.processes import CHECKOUT, Installation

TOGETHER = 200
SECRET = "a" * 32  # a form's token is this cookie's own value
SCENE = """
import json, uuid, django; django.setup()
from datetime import timedelta
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from guyub.kernel.cities import api as cities
from guyub.rooms.casework import api as casework
from guyub.rooms.people.models import Account
from tests.factories import BACKEND, send
with cities.inside(cities.get_city_by_slug("bandung")):
    report, case = send(at=timezone.now() - timedelta(hours=1))
    sessions = []
    for n in range(20):
        user = Account.objects.get(email="koordinator@demo.guyub.example")
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        sessions.append(session.session_key)
    targets = [office.id for office in casework.queries.hand_over_targets(case).agencies[:8]]
    print(json.dumps({"number": report.number, "stamp": case.updated_at.isoformat(), "case": case.pk,
                      "sessions": sessions, "targets": targets}))
"""


def ask(made: Installation, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", made.port, timeout=60)
    try:
        line.request(method, path, body or None, {"Host": "bandung.localhost", **headers})
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def rows(made: Installation, sql: str, *params: object) -> list[tuple]:
    with psycopg.connect(made.server.owner_url, options="-c search_path=kota_32_73,commons") as connection:
        return connection.execute(sql, params).fetchall()


@pytest.mark.kill
def test_of_200_hand_overs_of_one_case_one_wins_and_the_others_are_told(made):
    made.start("web")
    scene = json.loads(made.run("-c", SCENE).splitlines()[-1])
    found: list[tuple[int, bytes]] = [(0, b"")] * TOGETHER
    start = threading.Barrier(TOGETHER)

    def hand_over(n: int) -> None:
        fields = {
            "csrfmiddlewaretoken": SECRET,
            "stamp": scene["stamp"],
            "office": scene["targets"][n % len(scene["targets"])],
            "code": "bukan-wewenang",
            "reason": f"Alasan nomor {n}: kewenangan dinas ini.",
        }
        cookie = f"guyub_csrf={SECRET}; guyub_sesi={scene['sessions'][n % 20]}"
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        start.wait()
        path = f"/petugas/laporan/{scene['number']}/teruskan/"
        found[n] = ask(made, "POST", path, urlencode(fields), **kind)

    threads = [threading.Thread(target=hand_over, args=(n,)) for n in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert Counter(status for status, _ in found) == {303: 1, 409: TOGETHER - 1}, made.log("web")[-2000:]
    for n, (status, page) in enumerate(found):
        assert status == 303 or f"Alasan nomor {n}:".encode() in page  # nothing that was typed is lost
    winner = next(n for n, (status, _) in enumerate(found) if status == 303)
    given = rows(made, "SELECT to_office_id, reason FROM casework_handover WHERE case_id = %s", scene["case"])
    assert given == [
        (scene["targets"][winner % len(scene["targets"])], f"Alasan nomor {winner}: kewenangan dinas ini.")
    ]
    facts = rows(
        made,
        "SELECT count(*) FROM ledger_fact WHERE name = 'casework.case_handed_over' AND subject = "
        "(SELECT subject FROM casework_case WHERE id = %s)",
        scene["case"],
    )
    assert facts == [(1,)]


class Visitor(threading.Thread):
    """Somebody who reads and sends all the while; notes every answer that is none."""

    def __init__(self, made: Installation, n: int, ended: threading.Event) -> None:
        super().__init__()
        self.made, self.n, self.ended = made, n, ended
        self.answers: Counter[int] = Counter()
        self.failed: list[str] = []

    def run(self) -> None:
        while not self.ended.is_set():
            for path in ("/", "/laporan/", "/wilayah/", "/laporan/baru/", "/laporan/LAP-0000-000000/dukung/"):
                posts = path.endswith("dukung/")
                cookie = {
                    "Cookie": f"guyub_csrf={SECRET}",
                    "Content-Type": "application/x-www-form-urlencoded",
                }
                try:
                    body = f"csrfmiddlewaretoken={SECRET}" if posts else ""
                    status, _ = ask(self.made, "POST" if posts else "GET", path, body, **cookie)
                except (OSError, http.client.HTTPException) as problem:
                    self.failed.append(f"{path}: {problem!r}")
                    continue
                self.answers[status] += 1
                if status >= 500:
                    self.failed.append(f"{path}: {status}")


def start_web_on(made: Installation, held: socket.socket) -> None:
    """As systemd does: the socket is opened and kept by somebody else and handed over as number 3."""
    words = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
    command = [sys.executable, "-c", words, str(held.fileno()), "-m", "guyub", "serve", "--systemd"]
    with (made.folder / "web.log").open("ab") as log:
        made.processes["web"] = subprocess.Popen(
            command,
            env={**made.env, "LISTEN_FDS": "1"},
            cwd=CHECKOUT,
            pass_fds=[held.fileno()],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@pytest.mark.kill
def test_an_upgrade_under_load_fails_no_request(made):
    """Tables first, while the old program answers; then the web process is replaced behind its open socket."""
    held = socket.create_server(("127.0.0.1", made.port), backlog=512)
    held.set_inheritable(True)
    start_web_on(made, held)
    made.wait_for_web()
    ended = threading.Event()
    visitors = [Visitor(made, n, ended) for n in range(4)]
    for visitor in visitors:
        visitor.start()
    time.sleep(2)
    before = sum(sum(v.answers.values()) for v in visitors)
    made.env["DJANGO_SETTINGS_MODULE"] = "tests.durability.newer.settings"
    made.env["PYTHONPATH"] += os.pathsep + str(CHECKOUT)
    printed = made.run("-m", "guyub", "migrate")
    during = sum(sum(v.answers.values()) for v in visitors) - before
    again = made.run("-m", "guyub", "migrate")
    time.sleep(1)
    failed_by_migrating = [failed for v in visitors for failed in v.failed]
    old = made.processes["web"]
    old.send_signal(signal.SIGTERM)
    old.wait(20)
    start_web_on(made, held)
    made.wait_for_web()
    time.sleep(2)
    ended.set()
    for visitor in visitors:
        visitor.join(60)
    held.close()

    assert "2 cities were brought up to date" in printed
    assert "All cities are up to date" in again
    assert during > 20
    assert failed_by_migrating == []
    assert rows(made, "SELECT count(newer) FROM reports_report")[0][0] > 0
    failed = [failed for v in visitors for failed in v.failed]
    # A connection that was taken from the socket and not yet read is closed with the process: the proxy in front asks
    # again. No answer is an error, and nobody is refused.
    assert [one for one in failed if "refused" in one.lower() or "50" in one.split(": ")[1][:2]] == []
    assert len(failed) <= len(visitors)
