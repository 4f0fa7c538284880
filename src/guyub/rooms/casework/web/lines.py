"""Rows of lists as plain values: everything is looked up and said before the template's loop begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from guyub.rooms.casework.kinds import kind_of
from guyub.rooms.casework.queries import InboxRow
from guyub.rooms.casework.rules import OPEN, Mode, State
from guyub.rooms.casework.wording import CLASS_LABELS, STATE_LABELS, STATE_TONES, Due, DueTeller
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed


@dataclass(frozen=True, slots=True)
class Line(Printed):
    """One row of a list of cases, ready to print."""

    url: str
    number: str
    title: str
    place: str
    klass: str
    office: str
    state: str
    tone: str
    is_hazard: bool
    is_request: bool
    is_escalated: bool
    is_new: bool
    received: str
    changed: str
    clock: str
    clock_tone: str


def lines(
    rows: Iterable[InboxRow], *, at: datetime, with_office: bool, without_words: bool = False
) -> list[Line]:
    """Rows said in the current language. `with_office` names the office, for people who see several.

    `without_words` leaves out what the reporter wrote, for whoever helps with the screens alone.
    """
    tell, offices, where = DueTeller(at), people.directory(), place_names()
    states = {state.value: str(label) for state, label in STATE_LABELS.items()}
    tones = {state.value: tone for state, tone in STATE_TONES.items()}
    classes = {kind.value: str(label) for kind, label in CLASS_LABELS.items()}
    waiting, addresses = _waiting(), _Addresses()
    found = []
    for row in rows:
        due = _due(row, tell, waiting)
        office = offices.by_id.get(row.office) if with_office else None
        found.append(
            Line(
                url=addresses.of(row),
                number=row.number,
                title=row.number if without_words else kind_of(row.kind).label_said(row.label),
                place=where.get(row.place_code, row.place_code),
                klass=classes[row.classification],
                office=office.short_name if office else "",
                state=states[row.state],
                tone=tones[row.state],
                is_hazard=row.is_hazard,
                is_request=row.mode == Mode.REQUEST,
                is_escalated=row.escalated_to is not None,
                is_new=row.state == State.RECEIVED,
                received=tell.day(row.received_at),
                changed=tell.day(row.updated_at),
                clock=due.words,
                clock_tone=due.tone,
            )
        )
    return found


class _Addresses:
    """Where rows lead: each kind is asked once, with a word in the number's place."""

    WORD = "NUMBER"

    def __init__(self) -> None:
        self.patterns: dict[str, str] = {}

    def of(self, row: InboxRow) -> str:
        if row.kind not in self.patterns:
            self.patterns[row.kind] = kind_of(row.kind).desk_url(self.WORD)
        part = f"?kasus={row.part}" if row.part > 1 else ""
        return self.patterns[row.kind].replace(self.WORD, row.number) + part


def place_names() -> dict[str, str]:
    """'Kelurahan X, Kec. Y' by code."""
    return {
        row.code: f"{row.label}, Kec. {row.district}" if row.district else row.label
        for row in places.gazetteer().rows
    }


def _waiting() -> dict[str, Due]:
    return {State.WAITING_REPORTER: Due(_("jam berhenti")), State.WORK_DONE: Due(_("menunggu pelapor"))}


def _due(row: InboxRow, tell: DueTeller, waiting: dict[str, Due]) -> Due:
    if row.due_at is not None and row.state in OPEN:
        return tell.due(row.due_at, provisional=row.due_is_provisional)
    return waiting.get(row.state, Due(""))
