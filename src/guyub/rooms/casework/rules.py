"""The common states of a case and the moves between them: plain Python that reads like the regulation.

Legal source: PermenPANRB 62/2018 as operated by SP4N-LAPOR! (verification, forwarding, follow-up, closing);
"selesai dikerjakan" is kept apart from "selesai" because closed has to mean fixed, and a report that was closed
because a question stayed unanswered is not called finished at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    RECEIVED = "RECEIVED"
    FORWARDED = "FORWARDED"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING_REPORTER = "WAITING_REPORTER"
    SCHEDULED = "SCHEDULED"
    EXTERNAL = "EXTERNAL"
    WORK_DONE = "WORK_DONE"
    MERGED = "MERGED"
    APPEAL_REFUSED = "APPEAL_REFUSED"
    CONFIRMED = "CONFIRMED"
    NO_RESPONSE = "NO_RESPONSE"
    UNANSWERED = "UNANSWERED"
    REJECTED = "REJECTED"


class Move(StrEnum):
    VERIFY = "VERIFY"
    ANSWER = "ANSWER"
    HAND_OVER = "HAND_OVER"
    ASK = "ASK"
    REPLY = "REPLY"
    SCHEDULE = "SCHEDULE"
    LIFT = "LIFT"
    SEND_OUT = "SEND_OUT"
    TAKE_BACK = "TAKE_BACK"
    COMPLETE = "COMPLETE"
    CONFIRM = "CONFIRM"
    DISPUTE = "DISPUTE"
    APPEAL = "APPEAL"
    REFUSE_APPEAL = "REFUSE_APPEAL"
    FIND_WANTING = "FIND_WANTING"
    EXPIRE = "EXPIRE"
    REJECT = "REJECT"
    MERGE = "MERGE"
    UNMERGE = "UNMERGE"


class Verb(StrEnum):
    """What an officer can do to a case, in the words of the desk's addresses; in the order in which it is
    offered.
    """

    ACCEPT = "terima"
    RETURN = "kembalikan"
    VERIFY = "verifikasi"
    DECIDE = "putuskan"
    ANSWER = "jawab"
    COMPLETE = "selesaikan"
    DISPOSE = "disposisi"
    HAND_OVER = "teruskan"
    SPLIT = "bagi"
    LETTER = "surat"
    SEND_OUT = "kirim-surat"
    BODY_REPLY = "balasan"
    TAKE_BACK = "tarik"
    ASK = "tanya"
    SCHEDULE = "jadwalkan"
    ESCALATE = "naikkan"
    EXPLAIN_DELAY = "keterlambatan"
    MERGE = "gabung"
    GATHER = "himpun"
    UNMERGE = "pisahkan"
    REJECT = "tolak"
    NOTE = "catat"


class Classification(StrEnum):
    """The four classes of SP4N-LAPOR!."""

    OVERSIGHT = "PENGADUAN_BERKADAR_PENGAWASAN"
    COMPLAINT = "PENGADUAN_TIDAK_BERKADAR_PENGAWASAN"
    ASPIRATION = "ASPIRASI"
    INFO_REQUEST = "PERMINTAAN_INFORMASI"


class HandOverReason(StrEnum):
    """Why an office gives a case to another, by code."""

    NOT_OURS = "bukan-wewenang"
    WRONG_CATEGORY = "salah-kategori"
    WRONG_PLACE = "salah-lokasi"
    ANOTHER_NEEDED = "perlu-kantor-lain"
    OTHER = "lainnya"


class Mode(StrEnum):
    """An office of the city is given an order; a desa, which governs itself, receives a request."""

    ORDER = "ORDER"
    REQUEST = "REQUEST"


OPEN = frozenset(
    {
        State.RECEIVED,
        State.FORWARDED,
        State.IN_PROGRESS,
        State.WAITING_REPORTER,
        State.SCHEDULED,
        State.EXTERNAL,
    }
)
ENDED = frozenset(
    {
        State.MERGED,
        State.CONFIRMED,
        State.NO_RESPONSE,
        State.APPEAL_REFUSED,
        State.UNANSWERED,
        State.REJECTED,
    }
)
# Not while a body outside the city has a letter about it, nor once the reporter is asked whether the work is done.
CAN_BE_MERGED = (
    State.RECEIVED,
    State.FORWARDED,
    State.IN_PROGRESS,
    State.WAITING_REPORTER,
    State.SCHEDULED,
)
WORKABLE = (State.FORWARDED, State.IN_PROGRESS, State.SCHEDULED)

MOVES: Mapping[tuple[State, Move], State] = {
    (State.RECEIVED, Move.VERIFY): State.FORWARDED,
    (State.RECEIVED, Move.HAND_OVER): State.RECEIVED,
    (State.RECEIVED, Move.ASK): State.WAITING_REPORTER,
    (State.RECEIVED, Move.REJECT): State.REJECTED,
    **{(state, Move.ANSWER): State.IN_PROGRESS for state in (State.FORWARDED, State.IN_PROGRESS)},
    (State.SCHEDULED, Move.ANSWER): State.SCHEDULED,
    **{(state, Move.HAND_OVER): State.FORWARDED for state in WORKABLE},
    **{(state, Move.ASK): State.WAITING_REPORTER for state in (State.FORWARDED, State.IN_PROGRESS)},
    **{(state, Move.SCHEDULE): State.SCHEDULED for state in (State.FORWARDED, State.IN_PROGRESS)},
    # What the work was put off for will not come: it is the office's again.
    (State.SCHEDULED, Move.LIFT): State.IN_PROGRESS,
    **{(state, Move.SEND_OUT): State.EXTERNAL for state in WORKABLE},
    (State.EXTERNAL, Move.ANSWER): State.EXTERNAL,
    (State.EXTERNAL, Move.TAKE_BACK): State.IN_PROGRESS,
    (State.EXTERNAL, Move.COMPLETE): State.WORK_DONE,
    **{(state, Move.COMPLETE): State.WORK_DONE for state in WORKABLE},
    **{(state, Move.REJECT): State.REJECTED for state in (State.FORWARDED, State.IN_PROGRESS)},
    **{(state, Move.MERGE): State.MERGED for state in CAN_BE_MERGED},
    (State.WAITING_REPORTER, Move.EXPIRE): State.UNANSWERED,
    (State.WORK_DONE, Move.CONFIRM): State.CONFIRMED,
    (State.WORK_DONE, Move.DISPUTE): State.IN_PROGRESS,
    (State.WORK_DONE, Move.EXPIRE): State.NO_RESPONSE,
    # The office above judges an appeal: the work is done again (as after a dispute), or stands for good.
    (State.WORK_DONE, Move.APPEAL): State.WORK_DONE,
    (State.WORK_DONE, Move.REFUSE_APPEAL): State.APPEAL_REFUSED,
    # A second person found the work wanting; what nobody confirmed may have been closed meanwhile.
    **{(state, Move.FIND_WANTING): State.IN_PROGRESS for state in (State.WORK_DONE, State.NO_RESPONSE)},
}
# A reply leads back to where the question was asked, which the case remembers.
_REPLY_LEADS_TO = frozenset({State.RECEIVED, State.FORWARDED, State.IN_PROGRESS})


class NotPossible(ValueError):
    """The move does not exist from the case's present state."""

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(f"{move} is not possible from {state}")
        self.state, self.move = state, move


def after(state: State, move: Move, *, asked_in: State | None = None) -> State:
    """The state that a move leads to. Raises `NotPossible`."""
    if move is Move.REPLY and state is State.WAITING_REPORTER and asked_in in _REPLY_LEADS_TO:
        return asked_in
    try:
        return MOVES[state, move]
    except KeyError:
        raise NotPossible(state, move) from None


def moves_from(state: State) -> frozenset[Move]:
    """What can happen to a case in this state."""
    found = {move for (origin, move) in MOVES if origin is state}
    if state is State.WAITING_REPORTER:
        found.add(Move.REPLY)
    if state is State.MERGED:
        found.add(Move.UNMERGE)
    return frozenset(found)


class Rung(StrEnum):
    """Who hears of a case when its office lets the deadline pass, one after another."""

    DISTRICT = "KECAMATAN"
    AGENCY = "DINAS"
    SECRETARY = "SEKDA"


def ladder(office_kind: str, *, mode: Mode) -> tuple[Rung, ...]:
    """The rungs above an office: kelurahan, kecamatan, agency, Sekda. Of a desa's request only the kecamatan
    is told: the city does not order a desa about.
    """
    if mode == Mode.REQUEST:
        return (Rung.DISTRICT,)
    if office_kind == "WARD":
        return tuple(Rung)
    if office_kind == "DISTRICT":
        return (Rung.AGENCY, Rung.SECRETARY)
    return (Rung.SECRETARY,)


class MergeReason(StrEnum):
    """Why two reports are one, by code."""

    SAME_THING = "hal-yang-sama"
    SENT_TWICE = "terkirim-dua-kali"
    SAME_CAUSE = "satu-penyebab"


class DelayReason(StrEnum):
    """Why an office is late, by code."""

    STAFF = "kekurangan-petugas"
    MATERIAL = "menunggu-bahan"
    BUDGET = "menunggu-anggaran"
    OTHERS = "menunggu-pihak-lain"
    WEATHER = "cuaca"
    OVERLOOKED = "terlewat"
    OTHER = "lainnya"


def coordinator_decides(*, hand_overs: int, limit: int, chooser_coordinates: bool) -> bool:
    """Whether the next hand-over goes to the coordinator whatever office was chosen.

    So it is from the `limit`th on: offices that cannot agree are heard no further, and what the coordinator
    then chooses stands, because whoever gives it back gives it back to the coordinator.
    """
    return not chooser_coordinates and hand_overs + 1 >= limit


_NUMBER = re.compile(r"(?:([A-Z]{2,5})-?)?(?:(\d{4})-)?(\d{1,9})")
YEARS_BACK = 10


def numbers_meant(text: str, *, prefixes: Iterable[str], year: int) -> list[str]:
    """The case numbers that somebody may mean by `LAP-2026-000123`, `2026-123` or just `123`.

    The newest year comes first. Empty for a text that is no number.
    """
    found = _NUMBER.fullmatch("".join(text.upper().split()))
    if found is None:
        return []
    prefix, said_year, count = found.groups()
    years = [int(said_year)] if said_year else range(year, year - YEARS_BACK, -1)
    return [f"{p}-{y}-{int(count):06d}" for p in ([prefix] if prefix else prefixes) for y in years]


@dataclass(frozen=True, slots=True)
class Terms:
    """The clocks that a case was opened with, in working days unless said otherwise.

    Verification and resolution run from receipt, the first answer from forwarding, then the reporter's time.
    """

    verify: int
    respond: int
    resolve: int
    reporter: int
    hazard_hours: int
    versions: tuple[int, ...] = ()

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Terms:
        return cls(**{**values, "versions": tuple(values["versions"])})


def derive(states: list[State]) -> State:
    """The public state of a subject from those of its cases: it is as far as the one that lags most.

    A rejected case counts only if all are rejected. A merged one stands before those that ended otherwise: the
    reader has to be told where it goes on.
    """
    order = list(State)
    living: list[State] = [state for state in states if state is not State.REJECTED] or [State("REJECTED")]
    return min(living, key=order.index)
