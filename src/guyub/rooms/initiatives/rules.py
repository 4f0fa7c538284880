"""When an initiative may begin, who may promise what, and why its sums cannot lie: plain Python, without a clock.

Legal source: UU 9/1961 and PP 29/1980 (collecting money or goods from the public, PUB), Permensos 8/2021; which
appeals need no permit is dated data (`appeal_exemptions.*`). Declaring permits and tenders: UU 20/2001 (gratification).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    DRAFT = "DRAFT"
    OPEN = "OPEN"
    RUNNING = "RUNNING"
    DONE = "DONE"
    STOPPED = "STOPPED"


# In these promises are taken, work is proved and cases are joined.
LIVE = (State.OPEN, State.RUNNING)
PUBLIC = (State.OPEN, State.RUNNING, State.DONE, State.STOPPED)
OVER = (State.DONE, State.STOPPED)


class Role(StrEnum):
    """As what a partner takes part."""

    ORGANISER = "PENYELENGGARA"
    PARTNER = "MITRA"
    DOER = "PELAKSANA"
    SUPPORTER = "PENDUKUNG"


class Part(StrEnum):
    """Where a partner's part in an initiative stands."""

    INVITED = "INVITED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    LEFT = "LEFT"


class Likelihood(StrEnum):
    LOW = "RENDAH"
    MIDDLE = "SEDANG"
    HIGH = "TINGGI"


class Consent(StrEnum):
    """Whether the office of the place agreed to what a partner does on public ground or asks of the public."""

    NOT_NEEDED = "NOT_NEEDED"
    ASKED = "ASKED"
    GIVEN = "GIVEN"
    REFUSED = "REFUSED"


def needs_consent(*, organiser_is_partner: bool, on_public_ground: bool, has_appeal: bool) -> bool:
    """An office answers for its own place; a partner asks whoever does."""
    return organiser_is_partner and (on_public_ground or has_appeal)


# ── Sums ───────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Sums:
    """What was promised, taken on, brought, and found to be there: of one promise, or of all on a line.

    Every move changes a promise and its line by the same difference, so that a line is the sum of its promises.
    """

    pledged: int = 0
    accepted: int = 0
    delivered: int = 0
    verified: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.pledged + other.pledged,
            self.accepted + other.accepted,
            self.delivered + other.delivered,
            self.verified + other.verified,
        )

    @property
    def holds(self) -> bool:
        """Nothing is brought that was not taken on, and nothing found that was not brought."""
        return self.pledged >= self.accepted >= self.delivered >= self.verified >= 0

    @property
    def is_brought(self) -> bool:
        return 0 < self.pledged == self.delivered

    @property
    def is_found(self) -> bool:
        return 0 < self.pledged == self.verified


class Pledged(StrEnum):
    """Where a promise stands."""

    PROMISED = "PROMISED"
    ACCEPTED = "ACCEPTED"
    DELIVERED = "DELIVERED"
    VERIFIED = "VERIFIED"
    THANKED = "THANKED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


WAITING = (Pledged.PROMISED, Pledged.ACCEPTED, Pledged.DELIVERED)
KEPT = (Pledged.VERIFIED, Pledged.THANKED)
BROKEN = (Pledged.REFUSED, Pledged.WITHDRAWN)


class Wrong(ValueError):
    """The amounts do not allow this. The text is for programmers; the action says it to people."""


def promise(amount: int) -> Sums:
    if amount < 1:
        raise Wrong("A promise is of something.")
    return Sums(pledged=amount)


def accept(now: Sums) -> Sums:
    return Sums(accepted=now.pledged - now.accepted)


def deliver(now: Sums, amount: int) -> Sums:
    """Part of what was taken on is brought; never more than is left of it."""
    if not 1 <= amount <= now.accepted - now.delivered:
        raise Wrong("More than was taken on, or nothing.")
    return Sums(delivered=amount)


def find(now: Sums, brought: int, found: int) -> Sums:
    """Of what was brought so much is there: what is missing was not brought."""
    if not 0 <= found <= brought <= now.delivered - now.verified:
        raise Wrong("More was found than was brought.")
    return Sums(delivered=found - brought, verified=found)


def take_back(now: Sums, found: int) -> Sums:
    """What was found to be there is not: it was not brought either, and is owed again."""
    if not 1 <= found <= now.verified:
        raise Wrong("So much was never found.")
    return Sums(delivered=-found, verified=-found)


def release(now: Sums) -> Sums:
    """What has not been brought is no longer promised: withdrawn, refused, or the initiative stopped."""
    rest = now.pledged - now.delivered
    return Sums(pledged=-rest, accepted=-(now.accepted - now.delivered))


def state_of(now: Sums) -> Pledged:
    """Where a promise that was taken on stands, by what was brought and found."""
    if now.is_found:
        return Pledged.VERIFIED
    return Pledged.DELIVERED if now.is_brought else Pledged.ACCEPTED


def is_late(state: str, *, due_on: date, today: date, now: Sums) -> bool:
    """A promise that was taken on and whose day has passed before all of it was brought."""
    return state == Pledged.ACCEPTED and now.delivered < now.pledged and today > due_on


# ── Who may promise ────────────────────────────────────────────────────────────────────────────────────────
MONEY, GOODS, HOURS, SKILL = "MONEY", "GOODS", "HOURS", "SKILL"
COLLECTED = frozenset({MONEY, GOODS})  # what the law on collecting from the public is about
OF_RESIDENTS = frozenset({HOURS, SKILL})


class Basis(StrEnum):
    """By what right money or goods are asked of the public."""

    PERMIT = "IZIN"
    EXEMPT = "DIKECUALIKAN"


@dataclass(frozen=True, slots=True)
class Appeal:
    """The permit (with its days) or the exemption that an appeal stands on.

    `narrow` are exemptions for a neighbourhood only, at most one kelurahan or desa.
    """

    basis: Basis
    since: date | None = None
    until: date | None = None
    narrow: bool = False


def appeal_holds(appeal: Appeal | None, *, today: date, settlements: int) -> bool:
    """Whether the public may be asked for money or goods today. `settlements`: in how many kelurahan or desa it is;
    0 for a kecamatan or the whole city."""
    if appeal is None:
        return False
    if appeal.basis is Basis.EXEMPT:
        return settlements == 1 or not appeal.narrow
    return bool(appeal.since and appeal.until and appeal.since <= today <= appeal.until)


class Giver(StrEnum):
    NAMED = "NAMED"  # a partner that takes part
    PARTNER = "PARTNER"
    RESIDENT = "RESIDENT"


def may_pledge(giver: Giver, resource: str, *, is_appeal: bool) -> bool:
    """Whoever takes part may promise anything. Others money and goods only on a lawful appeal; a resident gives
    time and skill, for which nobody needs a permit."""
    if giver is Giver.NAMED:
        return True
    if giver is Giver.RESIDENT:
        return resource in OF_RESIDENTS
    return is_appeal if resource in COLLECTED else True


class NoAccept(StrEnum):
    NOT_A_HEAD = "NOT_A_HEAD"
    NO_REASON = "NO_REASON"


def why_not_accept(*, has_conflict: bool, is_head: bool, reason: str) -> NoAccept | None:
    """Who waits for a permit or bids in a tender gives only if a head takes it on and says why."""
    if not has_conflict:
        return None
    if not is_head:
        return NoAccept.NOT_A_HEAD
    return None if reason.strip() else NoAccept.NO_REASON


class NoVerify(StrEnum):
    GAVE = "GAVE"
    BROUGHT = "BROUGHT"
    NOT_RECEIVED = "NOT_RECEIVED"
    NOT_HANDED_OVER = "NOT_HANDED_OVER"


def why_not_verify(
    *, account: int, givers: Collection[int], brought_by: int | None, is_received: bool, is_handed_over: bool
) -> NoVerify | None:
    """Nobody finds what they gave or brought themselves, and nothing is found that nobody received; what becomes the
    government's has its record of hand-over first."""
    if account in givers:
        return NoVerify.GAVE
    if account == brought_by:
        return NoVerify.BROUGHT
    if not is_received:
        return NoVerify.NOT_RECEIVED
    return None if is_handed_over else NoVerify.NOT_HANDED_OVER


# ── The end ────────────────────────────────────────────────────────────────────────────────────────────────
class Task(StrEnum):
    TODO = "TODO"
    PROVED = "PROVED"
    VERIFIED = "VERIFIED"
    DROPPED = "DROPPED"


class Brought(StrEnum):
    """Where a delivery stands: brought, signed for by who received it, found there or not."""

    SENT = "SENT"
    RECEIVED = "RECEIVED"
    VERIFIED = "VERIFIED"
    REFUSED = "REFUSED"


UNDECIDED = (Brought.SENT, Brought.RECEIVED)


class Undone(StrEnum):
    TASKS = "TASKS"
    PLEDGES = "PLEDGES"
    CASES = "CASES"
    NO_WORK = "NO_WORK"


def undone(*, tasks_open: int, tasks_verified: int, pledges_open: int, cases_open: int) -> list[Undone]:
    """What keeps an initiative from being done: every task is verified, every promise kept or ended."""
    found = [
        (Undone.NO_WORK, not tasks_verified and not tasks_open),
        (Undone.TASKS, tasks_open > 0),
        (Undone.PLEDGES, pledges_open > 0),
        (Undone.CASES, cases_open > 0),
    ]
    return [what for what, holds in found if holds]


class Joined(StrEnum):
    """Where a case that was answered by joining it stands."""

    JOINED = "JOINED"
    COMPLETED = "COMPLETED"
    RETURNED = "RETURNED"
    GONE = "GONE"  # its office or its reporter ended it another way


# ── Figures without people ─────────────────────────────────────────────────────────────────────────────────
_PERSONAL = frozenset(
    [
        "nik",
        "kk",
        "nama",
        "name",
        "alamat",
        "address",
        "telepon",
        "telp",
        "hp",
        "wa",
        "phone",
        "surel",
        "email",
        "lahir",
        "ttl",
        "nis",
        "nisn",
        "nip",
        "rekening",
        "foto",
        "photo",
        "sidik",
        "suami",
        "istri",
        "ayah",
        "ibu_kandung",
        "pasien",
        "peserta_nama",
    ]
)


def is_personal(field: str) -> bool:
    """Whether the name of a field asks who somebody is; only figures of many may be kept where that is guarded."""
    words = re.split(r"[^a-z]+", field.lower())
    return bool(_PERSONAL & {*words, "_".join(words)})


def shown_count(count: int, *, least: int) -> int | None:
    """A figure as the public may read it: None for so few people that one could be known by it."""
    return count if count == 0 or count >= least else None


CAN_BE_JOINED = ("FORWARDED", "IN_PROGRESS")
