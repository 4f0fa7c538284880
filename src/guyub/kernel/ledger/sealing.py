"""Seal the ledger: a Merkle root over the facts between two horizons, chained to the seal before.

The chain is over seals and never over rows, which would make each writer wait for the last. Anyone who holds a
seal's published leaves can compute its root again; anyone who holds an older seal can see whether history stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from guyub.events import Event
from guyub.kernel.ledger.models import Seal
from guyub.kernel.ledger.recording import RecordedFact, select_facts

EMPTY = "0" * 64
AT_A_TIME = 1000  # facts
LIMIT = 20_000


@dataclass(frozen=True)
class Verdict:
    """What checking the chain found: `broken` names the first seal that does not fit."""

    seals: int
    facts: int
    broken: int | None = None
    reason: str = ""


def leaf(fact: RecordedFact) -> str:
    """The hash of one fact, over a canonical JSON of all its columns but the time of writing."""
    text = json.dumps(
        [
            fact.id,
            fact.era,
            fact.txid,
            fact.name,
            fact.version,
            fact.occurred_at.isoformat(),
            fact.actor,
            fact.on_behalf_of,
            fact.subject,
            fact.place,
            fact.salt,
            fact.payload,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(b"\0" + text.encode()).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over leaves in order; an odd one out is carried up alone. Nothing at all gives 64 zeros."""
    level = [bytes.fromhex(one) for one in leaves]
    if not level:
        return EMPTY
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [
            hashlib.sha256(b"\1" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
    return level[0].hex()


def chain_hash(*, number: int, root: str, previous: str, count: int) -> str:
    return hashlib.sha256(f"{number}:{count}:{root}:{previous}".encode()).hexdigest()


def seal(*, at: datetime) -> Seal | None:
    """Seal what has settled since the last seal; None if nothing has."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT era FROM ledger_era FOR UPDATE")  # one sealer at a time
        last = Seal.objects.order_by("-number").first()
        facts = _facts_after(last)
        if not facts:
            return None
        number = last.number + 1 if last else 1
        previous = last.hash if last else EMPTY
        root = merkle_root([leaf(fact) for fact in facts])
        start = (last.to_era, last.to_txid, last.to_id) if last else (-1, "0", 0)
        end = facts[-1]
        return Seal.objects.create(
            number=number,
            from_era=start[0],
            from_txid=start[1],
            from_id=start[2],
            to_era=end.era,
            to_txid=end.txid,
            to_id=end.id,
            count=len(facts),
            root=root,
            previous=previous,
            hash=chain_hash(number=number, root=root, previous=previous, count=len(facts)),
            sealed_at=at,
        )


def sealed_facts(one: Seal) -> Iterator[RecordedFact]:
    """The facts under a seal, in the order of their leaves; some at a time, since a day may have very many."""
    after = (one.from_era, str(one.from_txid), one.from_id)
    while True:
        piece = select_facts(
            "WHERE (era, txid, id) > (%s, %s::text::xid8, %s) AND (era, txid, id) <= (%s, %s::text::xid8, %s) "
            "ORDER BY era, ledger_fact.txid, id LIMIT %s",
            [*after, one.to_era, str(one.to_txid), one.to_id, AT_A_TIME],
        )
        yield from piece
        if len(piece) < AT_A_TIME:
            return
        after = (piece[-1].era, piece[-1].txid, piece[-1].id)


def facts_under(one: Seal, *, kind: type[Event]) -> list[RecordedFact]:
    """The facts of a kind under a seal, in order. One query."""
    return select_facts(
        "WHERE (era, txid, id) > (%s, %s::text::xid8, %s) AND (era, txid, id) <= (%s, %s::text::xid8, %s) "
        "AND name = %s ORDER BY era, ledger_fact.txid, id",
        [
            *(one.from_era, str(one.from_txid), one.from_id),
            *(one.to_era, str(one.to_txid), one.to_id),
            kind.name,
        ],
    )


def seals(*, before: int | None = None, limit: int = 50) -> list[Seal]:
    """The newest seals, newest first; `before` goes on from a number."""
    rows = Seal.objects.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return list(rows[:limit])


def seals_over(facts: Iterable[RecordedFact]) -> dict[int, Seal]:
    """The seal under which each fact lies, by the fact's id; facts not sealed yet are left out. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, (SELECT min(s.number) FROM ledger_seal s "
            "WHERE (s.to_era, s.to_txid, s.to_id) >= (f.era, f.txid, f.id)) FROM ledger_fact f WHERE f.id = ANY(%s)",
            [[fact.id for fact in facts]],
        )
        numbers = {fact: number for fact, number in cursor.fetchall() if number is not None}
    known = Seal.objects.in_bulk(set(numbers.values()))
    return {fact: known[number] for fact, number in numbers.items()}


def find_seal(number: int) -> Seal | None:
    return Seal.objects.filter(number=number).first()


def leaves_of(one: Seal) -> list[str]:
    """The hashes of the facts under a seal, in order: what outsiders need, and nothing that they could read."""
    return [leaf(fact) for fact in sealed_facts(one)]


def stands(one: Seal) -> bool:
    """Whether the facts under this one seal still are as they were sealed."""
    leaves = leaves_of(one)
    root = merkle_root(leaves)
    return (one.count, one.root, one.hash) == (
        len(leaves),
        root,
        chain_hash(number=one.number, root=root, previous=one.previous, count=len(leaves)),
    )


def has_unsealed(last: Seal) -> bool:
    """Whether anything has happened since a seal."""
    return bool(
        select_facts(
            "WHERE (era, txid, id) > (%s, %s::text::xid8, %s) LIMIT 1",
            [last.to_era, str(last.to_txid), last.to_id],
        )
    )


def verify() -> Verdict:
    """Compute every seal again from the facts and follow the chain."""
    previous, total, number = EMPTY, 0, 0
    for number, one in enumerate(Seal.objects.order_by("number"), start=1):
        leaves = leaves_of(one)
        total += len(leaves)
        root = merkle_root(leaves)
        fits = (
            (one.previous == previous, "the seal before it is another one"),
            (one.count == len(leaves), f"it was sealed over {one.count} facts, there are {len(leaves)}"),
            (one.root == root, "a fact under it was changed"),
            (
                one.hash == chain_hash(number=one.number, root=root, previous=previous, count=one.count),
                "its hash does not fit",
            ),
        )
        for good, reason in fits:
            if not good:
                return Verdict(seals=number, facts=total, broken=one.number, reason=reason)
        previous = one.hash
    return Verdict(seals=number, facts=total)


def _facts_after(last: Seal | None) -> list[RecordedFact]:
    settled = "(era < (SELECT era FROM ledger_era) OR txid < pg_snapshot_xmin(pg_current_snapshot()))"
    start = (last.to_era, str(last.to_txid), last.to_id) if last else (-1, "0", 0)
    return select_facts(
        f"WHERE (era, txid, id) > (%s, %s::text::xid8, %s) AND {settled} "
        "ORDER BY era, ledger_fact.txid, id LIMIT %s",
        [*start, LIMIT],
    )
