"""The ledger: nothing without its transaction, nothing rewritten, nothing lost, nothing twice."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError, ProgrammingError

from guyub.events import Event, event
from guyub.events.reports import ReportStateChanged, ReportSubmitted
from guyub.kernel.cities import api as cities
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger import pump, sealing
from guyub.kernel.ledger.models import Cursor, Era, Fact, Receipt, Seal
from guyub.kernel.ledger.recording import NotPlain, OutsideTransaction
from guyub.rooms.reports.models import PlaceFigures


@event("tests.thing_happened")
@dataclass(frozen=True, kw_only=True)
class ThingHappened(Event):
    thing: int
    code: str = ""


done: list[int] = []


@ledger.subscribe(ThingHappened, consumer="tests.note")
def note(fact):
    if fact.payload["code"] == "fail":
        raise RuntimeError("the reaction died half-way")
    if fact.payload["code"] == "again":
        happen(fact.occurred_at, fact.payload["thing"] + 1)
    done.append(fact.payload["thing"])


def happen(now, thing=1, **more):
    return ledger.record(ThingHappened(thing=thing, **more), subject=f"tests.thing:{thing}", at=now)


def test_a_fact_outside_a_transaction_is_refused(committing_city, now):
    with pytest.raises(OutsideTransaction):
        happen(now)
    assert not Fact.objects.filter(name=ThingHappened.name).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Budi Contoh", "0812-3456 7890", "warga@contoh.test", "Jalan; DROP"])
def test_a_fact_carries_no_free_text(city, now, text):
    with pytest.raises(NotPlain):
        happen(now, code=text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_fact SET place = 'x'", "DELETE FROM ledger_fact", "TRUNCATE ledger_fact"]
)
def test_the_application_cannot_rewrite_history(city, now, statement):
    happen(now)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_not_even_the_owner_rewrites_history(committing_city, now):
    with transaction.atomic():
        happen(now)
    for statement in (
        "UPDATE ledger_fact SET place = 'x'",
        "DELETE FROM ledger_fact",
        "TRUNCATE ledger_fact",
    ):
        with pytest.raises(DatabaseError, match="append-only"), connections["owner"].cursor() as cursor:
            cursor.execute(statement)
    connections["owner"].close()


def test_readers_lose_nothing_while_many_write(committing_city, now):
    """Transactions that take their ids early and commit late are what loses events to 'id greater than the last'."""
    ledger.drain()
    seen: list[int] = []
    naive: list[int] = []
    writing = threading.Event()

    def write(worker: int) -> None:
        cities.enter(committing_city)
        rng = random.Random(worker)
        for number in range(40):
            with transaction.atomic():
                happen(now, thing=worker * 1000 + number)
                time.sleep(rng.random() * 0.01)
        connections.close_all()

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()

    def read() -> None:
        last = max(naive, default=0)
        naive.extend(
            Fact.objects.filter(id__gt=last, name=ThingHappened.name)
            .values_list("id", flat=True)
            .order_by("id")
        )
        with transaction.atomic():
            pump._lock_cursor()
            batch = pump._next_batch(settled_only=True, limit=1000)
            seen.extend(fact.payload["thing"] for fact in batch if fact.name == ThingHappened.name)
            if batch:
                pump._move_cursor(batch[-1])

    while any(thread.is_alive() for thread in threads):
        read()
    writing.set()
    read()
    assert sorted(seen) == sorted(worker * 1000 + number for worker in range(4) for number in range(40))
    assert len(seen) == len(set(seen))


def test_a_city_that_moved_delivers_its_next_event(committing_city, now):
    """On a younger server transaction ids are lower than the cursor's: only a new era keeps facts ahead of it."""
    Cursor.objects.filter(name="pump").update(era=1, fact_id=10**9)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_cursor SET txid = '900000000000' WHERE name = 'pump'")
    with transaction.atomic():
        happen(now, thing=1)
    assert ledger.pump_once() == 0
    Era.objects.update(era=2)
    with transaction.atomic():
        happen(now, thing=2)
    assert ledger.pump_once() >= 1


@pytest.mark.django_db
def test_a_reaction_is_applied_once(city, now):
    done.clear()
    fact = happen(now, thing=7)
    assert ledger.react("tests.note", [fact]) == 1
    assert ledger.react("tests.note", [fact]) == 0
    assert done == [7]


@pytest.mark.django_db
def test_what_follows_from_a_fact_names_it_as_its_cause(city, now):
    first = happen(now, 7)
    with ledger.because(first):
        second = happen(now, 8)
        with ledger.because(second):
            third = happen(now, 9)
    causes = dict(Fact.objects.filter(name=ThingHappened.name).values_list("id", "cause"))
    assert causes == {first: None, second: first, third: second}


@pytest.mark.django_db
def test_a_reaction_s_facts_name_what_it_reacted_to(city, now):
    first = happen(now, 10, code="again")
    ledger.react("tests.note", [first])
    assert list(Fact.objects.filter(subject="tests.thing:11").values_list("cause", flat=True)) == [first]


def test_a_reaction_that_dies_leaves_no_receipt(committing_city, now):
    with transaction.atomic():
        fact = happen(now, thing=8, code="fail")
    with pytest.raises(RuntimeError):
        ledger.react("tests.note", [fact])
    assert not Receipt.objects.exists()


def test_emptying_the_queue_loses_nothing(committing_city, now):
    done.clear()
    with transaction.atomic():
        happen(now, thing=9)
    ledger.drain()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM commons.procrastinate_jobs WHERE status = 'todo'")
        cursor.execute("SELECT now() + interval '10 minutes'")  # it was recorded at the database's own time
        (later,) = cursor.fetchone()
    assert ledger.redrive(at=later) >= 1
    run_jobs()
    assert done == [9]
    assert ledger.redrive(at=later) == 0


def run_jobs() -> None:
    """Do what is queued, as the worker would, one by one."""
    from guyub.kernel import tasks

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM commons.procrastinate_jobs WHERE status = 'todo' RETURNING args")
        jobs = [row[0] for row in cursor.fetchall()]
    import json

    for job in jobs:
        given = json.loads(job) if isinstance(job, str) else job
        tasks._work[given["name"]](**given["values"])


@pytest.mark.django_db
def test_a_projection_rebuilt_is_the_same(city, now):
    place = "32.73.02.1004"
    for number in range(5):
        submitted = ReportSubmitted(
            report=number, number=f"LAP-2026-{number}", report_class="PENGADUAN", category="sampah",
            about_conduct=number == 0, is_hazard=False,
        )  # fmt: skip
        ledger.record(submitted, subject=f"reports.report:{number}", at=now, place=place)
    moved = ReportStateChanged(report=1, from_state="RECEIVED", to_state="FORWARDED", about_conduct=False)
    ledger.record(moved, subject="reports.report:1", at=now, place=place)
    ledger.drain(settled_only=False)
    before = dict(PlaceFigures.objects.values_list("state", "count"))
    assert before == {"RECEIVED": 3, "FORWARDED": 1}
    ledger.rebuild()
    assert dict(PlaceFigures.objects.values_list("state", "count")) == before


def seal_some(now, numbers):
    with transaction.atomic():
        for number in numbers:
            happen(now, thing=number)
    return ledger.seal(at=now)


def test_sealed_history_is_checked_and_a_forgery_is_found(committing_city, now, monkeypatch):
    monkeypatch.setattr("guyub.kernel.ledger.sealing.AT_A_TIME", 2)  # more pieces than one
    while ledger.seal(at=now):
        pass
    first = seal_some(now, range(3))
    second = seal_some(now, range(3, 5))
    assert (first.count, second.count) == (3, 2)
    assert second.previous == first.hash
    assert ledger.verify().broken is None
    assert ledger.seal(at=now) is None
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_fact DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_fact SET place = '00' WHERE subject = 'tests.thing:1'")
    connections["owner"].close()
    verdict = ledger.verify()
    assert verdict.broken == first.number
    assert "changed" in verdict.reason


def test_a_forged_seal_breaks_the_chain(committing_city, now):
    seal_some(now, range(2))
    last = seal_some(now, range(2, 4))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_seal DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_seal SET previous = repeat('a', 64) WHERE number = %s", [last.number])
    connections["owner"].close()
    assert ledger.verify().broken == last.number
    assert Seal.objects.count() >= 2


def test_a_merkle_root_follows_its_recipe():
    import hashlib

    leaves = [hashlib.sha256(bytes([n])).hexdigest() for n in range(3)]
    pair = hashlib.sha256(b"\1" + bytes.fromhex(leaves[0]) + bytes.fromhex(leaves[1])).digest()
    assert sealing.merkle_root(leaves) == hashlib.sha256(b"\1" + pair + bytes.fromhex(leaves[2])).hexdigest()
    assert sealing.merkle_root([]) == "0" * 64


@pytest.mark.django_db
def test_a_projection_that_came_with_an_upgrade_counts_the_past_once(city, now, monkeypatch):
    for thing in range(3):
        happen(now, thing)
    ledger.drain(settled_only=False)
    counted: list[int] = []
    kinds = frozenset({ThingHappened.name})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE tests_counted (n int) ON COMMIT DROP")
    new = (kinds, lambda facts: counted.extend(fact.payload["thing"] for fact in facts), "tests_counted")
    monkeypatch.setitem(pump._projections, "tests.counted", new)
    happen(now, 3)
    ledger.drain(settled_only=False)
    ledger.drain(settled_only=False)
    assert counted == [0, 1, 2, 3]
