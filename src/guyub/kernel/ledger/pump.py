"""One pump per city: reads facts in order, updates projections, hands side effects to jobs.

Facts are read by (era, transaction, id) and only below the server's horizon: no transaction that is still open
can put a fact before what was read. Imported history is counted by projections, and nobody reacts to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from guyub.events import Event
from guyub.kernel import tasks
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.recording import RecordedFact, because, facts_by_id, select_facts

BATCH = 2000
CURSOR = "pump"
REDRIVE = "redrive"
GIVE_UP_AFTER = timedelta(days=7)

_AFTER = "(era, txid, id) > ((SELECT era FROM c), (SELECT txid FROM c), (SELECT fact_id FROM c))"
_SETTLED = "(era < (SELECT era FROM ledger_era) OR txid < pg_snapshot_xmin(pg_current_snapshot()))"

Reaction = Callable[[RecordedFact], None]
Projection = Callable[[Sequence[RecordedFact]], None]


@dataclass(frozen=True)
class _Consumer:
    name: str
    react: Reaction


_reactions: dict[str, list[_Consumer]] = defaultdict(list)
_consumers: dict[str, _Consumer] = {}
_watchers: list[tuple[frozenset[str], Callable[[Sequence[RecordedFact]], None]]] = []
_projections: dict[str, tuple[frozenset[str], Projection, str]] = {}


def subscribe(*kinds: type[Event], consumer: str) -> Callable[[Reaction], Reaction]:
    """React to facts, in a job of its own, applied once: the effect and its receipt commit together."""

    def register(react: Reaction) -> Reaction:
        if consumer in _consumers:
            raise ValueError(f"The consumer name {consumer} is taken.")
        _consumers[consumer] = _Consumer(consumer, react)
        for kind in kinds:
            _reactions[kind.name].append(_consumers[consumer])
        return react

    return register


def projection(*kinds: type[Event], name: str, table: str) -> Callable[[Projection], Projection]:
    """Keep a table that can be dropped and rebuilt from the facts: called with each batch, in the pump's own
    transaction."""

    def register(apply: Projection) -> Projection:
        if name in _projections:
            raise ValueError(f"The projection name {name} is taken.")
        _projections[name] = (frozenset(kind.name for kind in kinds), apply, table)
        return apply

    return register


def watch(
    *kinds: type[Event],
) -> Callable[[Callable[[Sequence[RecordedFact]], None]], Callable[[Sequence[RecordedFact]], None]]:
    """Be shown new facts in order, in the pump's own transaction, once and never again: for screens.

    Imported history is not shown. What fails here stops the pump: it may only write a row of its own.
    """

    def register(show: Callable[[Sequence[RecordedFact]], None]) -> Callable[[Sequence[RecordedFact]], None]:
        _watchers.append((frozenset(kind.name for kind in kinds), show))
        return show

    return register


def pump_once(*, settled_only: bool = True, limit: int = BATCH) -> int:
    """Move on by one batch in the current city; returns how many facts were read.

    `settled_only=False` also reads this transaction's own facts; only tests that never commit need it.
    """
    with transaction.atomic():
        _lock_cursor()
        _build_new_projections()
        batch = _next_batch(settled_only=settled_only, limit=limit)
        if not batch:
            return 0
        _project(batch)
        _defer_reactions(batch)
        _move_cursor(batch[-1])
        _show(batch)
    return len(batch)


def drain(*, settled_only: bool = True) -> int:
    """Pump until nothing is left; returns how many facts were read."""
    total = 0
    while read := pump_once(settled_only=settled_only):
        total += read
    return total


def rebuild() -> int:
    """Empty every projection and count all facts anew, without reacting to any; returns the number of facts.

    Runs in one transaction under the cursor's lock, so that the pump waits and nothing is counted twice.
    """
    with transaction.atomic():
        _lock_cursor()
        return _rebuild(list(_projections))


def _rebuild(names: Sequence[str]) -> int:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DELETE FROM {_projections[name][2]}")  # noqa: S608
    wanted = sorted(set().union(*(_projections[name][0] for name in names)))
    last, total = 0, 0
    condition = (
        "WHERE id > %s AND name = ANY(%s) AND EXISTS (SELECT FROM ledger_cursor c "
        "WHERE c.name = 'pump' AND (ledger_fact.era, ledger_fact.txid, ledger_fact.id) <= (c.era, c.txid, c.fact_id)) "
        "ORDER BY id LIMIT %s"
    )
    while batch := select_facts(condition, [last, wanted, BATCH]):
        _project(batch, names)
        last, total = batch[-1].id, total + len(batch)
    return total


_known_to_be_built: set[tuple[str, str]] = set()


def _build_new_projections() -> None:
    """A projection that came with an upgrade counts the city's past before it goes on: its mark is a cursor's row.

    Looked up once by each process and city. All workers of an upgrade are started anew, so that none of the old
    ones moves the cursor past facts that the new projection has not seen.
    """
    schema = get_city().schema
    unsure = [name for name in _projections if (schema, name) not in _known_to_be_built]
    if not unsure:
        return
    marks = {f"projection:{name}": name for name in unsure}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_cursor (name, era, txid, fact_id) SELECT unnest(%s::text[]), 0, '0', 0 "
            "ON CONFLICT DO NOTHING RETURNING name",
            [list(marks)],
        )
        new = [marks[row[0]] for row in cursor.fetchall()]
    if new:
        _rebuild(new)
    transaction.on_commit(lambda: _known_to_be_built.update((schema, name) for name in unsure))


def redrive(*, at: datetime, older_than: timedelta = timedelta(minutes=5)) -> int:
    """Ask again for what should have been done by now and was not, so that an emptied queue loses nothing.

    A cursor of its own stands where every reaction has its receipt; returns how many were asked for again.
    """
    again = 0
    with transaction.atomic():
        start = _redrive_start()
        wanted = sorted({name for name, consumers in _reactions.items() if consumers})
        facts = select_facts(
            "WHERE id > %s AND recorded_at BETWEEN %s AND %s AND NOT imported AND name = ANY(%s) ORDER BY id LIMIT %s",
            [start, at - GIVE_UP_AFTER, at - older_than, wanted, BATCH],
        )
        done = _received([fact.id for fact in facts])
        reached, behind = start, False
        for fact in facts:
            lacking = [c.name for c in _reactions[fact.name] if (c.name, fact.id) not in done]
            for consumer in lacking:
                tasks.enqueue("ledger.react", consumer=consumer, fact_ids=[fact.id])
            again += len(lacking)
            behind = behind or bool(lacking)
            reached = reached if behind else fact.id
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_cursor SET fact_id = %s WHERE name = %s", [reached, REDRIVE])
    return again


def _redrive_start() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_cursor (name, era, txid, fact_id) VALUES (%s, 0, '0', 0) ON CONFLICT DO NOTHING",
            [REDRIVE],
        )
        cursor.execute("SELECT fact_id FROM ledger_cursor WHERE name = %s FOR UPDATE", [REDRIVE])
        return int(cursor.fetchone()[0])


def _received(fact_ids: list[int]) -> set[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT consumer, fact_id FROM ledger_receipt WHERE fact_id = ANY(%s)", [fact_ids])
        return set(cursor.fetchall())


def react(consumer: str, fact_ids: Iterable[int]) -> int:
    """Apply a consumer to facts, each in a transaction with its receipt; returns how many were new."""
    chosen = _consumers[consumer]
    applied = 0
    for fact in facts_by_id(fact_ids):
        with transaction.atomic():
            if _receive(consumer, fact.id):
                with because(fact.id):
                    chosen.react(fact)
                applied += 1
    return applied


def _receive(consumer: str, fact_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_receipt (consumer, fact_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [consumer, fact_id],
        )
        return bool(cursor.rowcount)


def _lock_cursor() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_cursor WHERE name = %s FOR UPDATE", [CURSOR])
        if cursor.fetchone() is None:
            cursor.execute(
                "INSERT INTO ledger_cursor (name, era, txid, fact_id) VALUES (%s, 0, '0', 0) ON CONFLICT DO NOTHING",
                [CURSOR],
            )


def _next_batch(*, settled_only: bool, limit: int) -> list[RecordedFact]:
    settled = f"AND {_SETTLED}" if settled_only else ""
    where = f"""
        WHERE id IN (
            WITH c AS (SELECT era, txid, fact_id FROM ledger_cursor WHERE name = %s)
            SELECT id FROM ledger_fact WHERE {_AFTER} {settled} ORDER BY era, txid, id LIMIT %s)
        ORDER BY era, ledger_fact.txid, id
    """  # noqa: S608
    return select_facts(where, [CURSOR, limit])


def _project(batch: Sequence[RecordedFact], names: Iterable[str] | None = None) -> None:
    """Let projections count a batch: all of them, if none is named."""
    for kinds, apply, _ in map(_projections.__getitem__, names or _projections):
        chosen = [fact for fact in batch if fact.name in kinds]
        if chosen:
            apply(chosen)


def _show(batch: Sequence[RecordedFact]) -> None:
    for kinds, show in _watchers:
        chosen = [fact for fact in batch if fact.name in kinds and not fact.imported]
        if chosen:
            show(chosen)


def _defer_reactions(batch: Sequence[RecordedFact]) -> None:
    wanted: dict[str, list[int]] = defaultdict(list)
    for fact in batch:
        if fact.imported:
            continue
        for consumer in _reactions.get(fact.name, ()):
            wanted[consumer.name].append(fact.id)
    for name, ids in wanted.items():
        for start in range(0, len(ids), 100):
            tasks.enqueue("ledger.react", consumer=name, fact_ids=ids[start : start + 100])


def _move_cursor(last: RecordedFact) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_cursor SET era = %s, txid = %s::text::xid8, fact_id = %s WHERE name = %s",
            [last.era, last.txid, last.id, CURSOR],
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """The session whose open writing transaction is the oldest of the server."""

    seconds: float
    pid: int
    role: str
    database: str
    application: str


def horizon_holder() -> Holder | None:
    """Who holds readers back, this very session left out; None if nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - xact_start)::float, pid, coalesce(usename, ''), "
            "coalesce(datname, ''), application_name FROM pg_stat_activity "
            "WHERE backend_xid IS NOT NULL AND xact_start IS NOT NULL AND pid <> pg_backend_pid() "
            "ORDER BY xact_start LIMIT 1"
        )
        row = cursor.fetchone()
        return Holder(*row) if row else None


def horizon_age_seconds() -> float:
    """How long the oldest open writing transaction of the server has been holding readers back, in seconds."""
    holder = horizon_holder()
    return holder.seconds if holder else 0.0


def pump_lag_seconds() -> float:
    """How long the first fact that the pump of the current city has not read has waited, in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH c AS (SELECT era, txid, fact_id FROM ledger_cursor WHERE name = %s) "  # noqa: S608
            f"SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float FROM ledger_fact "
            f"WHERE {_AFTER} ORDER BY era, txid, id LIMIT 1",
            [CURSOR],
        )
        row = cursor.fetchone()
        return max(0.0, float(row[0])) if row else 0.0


def stopped_consumers(*, at: datetime, older_than: timedelta = timedelta(minutes=10)) -> dict[str, int]:
    """Consumers without a receipt for facts that the pump read long ago, with how many; a bounded look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fact_id FROM ledger_cursor WHERE name = %s", [REDRIVE])
        row = cursor.fetchone()
    wanted = sorted({name for name, consumers in _reactions.items() if consumers})
    facts = select_facts(
        "WHERE id > %s AND recorded_at BETWEEN %s AND %s AND NOT imported AND name = ANY(%s) ORDER BY id LIMIT %s",
        [row[0] if row else 0, at - GIVE_UP_AFTER, at - older_than, wanted, BATCH],
    )
    done = _received([fact.id for fact in facts])
    lacking: dict[str, int] = defaultdict(int)
    for fact in facts:
        for consumer in _reactions[fact.name]:
            if (consumer.name, fact.id) not in done:
                lacking[consumer.name] += 1
    return dict(lacking)


@tasks.task("ledger.react")
def _react_task(*, consumer: str, fact_ids: list[int]) -> None:
    react(consumer, fact_ids)
