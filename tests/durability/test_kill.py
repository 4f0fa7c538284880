"""Whatever is killed, nothing that was acknowledged is gone and nothing happens twice."""

from __future__ import annotations

import email
import http.client
import json
import re
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests.processes import Installation

REPORTS, SENDERS = 1000, 8
KINDS = ("sampah", "kebisingan", "taman", "halte", "limbah", "pkl", "ternak")


class Sender(threading.Thread):
    """A phone that sends its reports one by one, each again and again until it is acknowledged."""

    def __init__(self, made: Installation, number: int, places: list[str]) -> None:
        super().__init__()
        self.made, self.address, self.places = made, f"127.0.0.{20 + number}", places
        self.acknowledged: dict[str, str] = {}
        self.token = self.cookie = ""
        self.tries = 0
        self.refused: Counter[int] = Counter()

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, bytes, str]:
        phone = http.client.HTTPConnection(
            "127.0.0.1", self.made.port, timeout=10, source_address=(self.address, 0)
        )
        try:
            phone.request(method, path, body or None, {"Host": "bandung.localhost", **headers})
            answer = phone.getresponse()
            return answer.status, answer.read(), answer.getheader("Set-Cookie") or ""
        finally:
            phone.close()

    def run(self) -> None:
        for place in self.places:
            submission = str(uuid.uuid4())
            while submission not in self.acknowledged:
                self.tries += 1
                try:
                    self.send(submission, place)
                except (OSError, http.client.HTTPException):
                    time.sleep(0.1)

    def open_form(self) -> None:
        status, page, cookie = self.ask("GET", "/laporan/baru/")
        if status == 200:
            self.token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1].decode()
            self.cookie = cookie.split(";")[0]

    def send(self, submission: str, place: str) -> None:
        if not self.token:
            return self.open_form()
        fields = {
            "csrfmiddlewaretoken": self.token,
            "submission": submission,
            "report_class": "PENGADUAN",
            "category": place.split("/")[1],
            "body": "Kiriman uji ketahanan, bukan laporan sungguhan dari siapa pun.",
            "place": place.split("/")[0],
            "email": f"{submission}@contoh.test",
        }
        status, content, _ = self.ask(
            "POST",
            "/laporan/baru/",
            urlencode(fields),
            **{
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
                "Cookie": self.cookie,
            },
        )
        if status == 200 and b"number" in content:
            self.acknowledged[submission] = json.loads(content)["number"]
        else:
            self.refused[status] += 1
            time.sleep(0.2)  # as a phone waits, and so that no limit on sending stops it


def rows(made: Installation, sql: str, *params: object) -> list[tuple]:
    with psycopg.connect(made.server.app_url, options="-c search_path=kota_32_73,commons") as connection:
        return connection.execute(sql, params).fetchall()


# Of facts after a certain one: the demo's own reporters are told of theirs.
TOLD = "FROM notices_notice WHERE key LIKE 'reporter:%%' AND substr(key, 10)::bigint > %s"


def settled(made: Installation, since: int, seconds: float = 120) -> bool:
    """Wait until every notice of the senders has gone out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        sent = rows(made, f"SELECT count(*) {TOLD} AND sent_at IS NOT NULL", since)
        if sent[0][0] >= REPORTS:
            return True
        time.sleep(0.5)
    return False


def state_of(made: Installation) -> str:
    sent = rows(made, "SELECT sent_at IS NOT NULL, count(*) FROM notices_notice GROUP BY 1")
    jobs = rows(
        made, "SELECT task_name, status::text, worker_id, count(*) FROM procrastinate_jobs GROUP BY 1, 2, 3"
    )
    return f"worker ended: {made.processes['worker'].poll()}\nsent: {sent}\njobs: {jobs}\n"


@pytest.mark.kill
def test_web_worker_and_database_are_killed_in_turn_while_1000_reports_come_in(made):
    made.start("web")
    made.start("worker")
    codes = [
        code for (code,) in rows(made, "SELECT code FROM places_place WHERE kind = 'WARD' ORDER BY code")
    ]
    there = {row for (row,) in rows(made, "SELECT place_code || '/' || category FROM casework_case")}
    every = [f"{code}/{category}" for category in KINDS for code in codes]
    wanted = [one for one in every if one not in there][:REPORTS]  # else a neighbour's is shown first
    assert len(wanted) == REPORTS
    since = rows(made, "SELECT max(id) FROM ledger_fact")[0][0]
    before = Counter(number for (number,) in rows(made, "SELECT number FROM reports_report"))
    senders = [Sender(made, n, wanted[n::SENDERS]) for n in range(SENDERS)]
    began = time.monotonic()
    for sender in senders:
        sender.start()
    for n, victim in enumerate(("web", "worker", "database") * 2, start=1):
        while sum(len(s.acknowledged) for s in senders) < n / 7 * REPORTS:
            assert any(s.is_alive() for s in senders)
            time.sleep(0.01)
        if victim == "database":
            made.kill_database()
            made.start_database()
        else:
            made.kill(victim)
            made.start(victim)
    print(f"killed after {time.monotonic() - began:.0f} s")
    for sender in senders:
        sender.join(timeout=300)
        assert not sender.is_alive(), sender.refused

    print(f"sent after {time.monotonic() - began:.0f} s in {sum(s.tries for s in senders)} tries")
    acknowledged = {key: number for sender in senders for key, number in sender.acknowledged.items()}
    assert len(acknowledged) == REPORTS
    assert settled(made, since), state_of(made) + made.log("worker")[-3000:]

    print(f"settled after {time.monotonic() - began:.0f} s")
    kept = rows(
        made, "SELECT submission::text, number, id FROM reports_report WHERE number <> ALL(%s)", list(before)
    )
    assert {key: number for key, number, _ in kept} == acknowledged  # every one, once, and no other
    ids = [f"reports.report:{key}" for _, _, key in kept]
    facts = rows(
        made, "SELECT subject, name, count(*) FROM ledger_fact WHERE subject = ANY(%s) GROUP BY 1, 2", ids
    )
    assert {(name, count) for _, name, count in facts} == {
        ("reports.report_submitted", 1),
        ("casework.case_opened", 1),
    }
    assert len(facts) == 2 * REPORTS
    notices = rows(made, f"SELECT uuid::text {TOLD}", since)
    assert len(notices) == REPORTS
    delivered = Counter(message_ids(Path(made.env["GUYUB_DATA"]) / "mail"))
    assert {f"<{key}@bandung.localhost>" for (key,) in notices} <= set(delivered)
    figures = rows(made, "SELECT sum(count) FROM reports_placefigures")[0][0]
    assert figures == rows(made, "SELECT count(*) FROM reports_report WHERE NOT about_conduct")[0][0]


def message_ids(folder: Path) -> list[str]:
    found = []
    for path in folder.glob("*.log"):
        for text in path.read_text().split("-" * 79):
            if text.strip():
                found.append(email.message_from_string(text.strip())["Message-ID"])
    return found
