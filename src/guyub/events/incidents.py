"""What happens in an incident. Ids and plain values; the words stand in the room's own tables."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("incidents.response_proposed")
@dataclass(frozen=True, kw_only=True)
class ResponseProposed(Event):
    """A warning was issued, so an incident is proposed to people; nothing begins by itself."""

    proposal: int
    warning: int
    kind: str
    level: str
    mode: str


@event("incidents.response_declined")
@dataclass(frozen=True, kw_only=True)
class ResponseDeclined(Event):
    """A person looked at the proposal and opened nothing; why stands with it."""

    proposal: int
    warning: int


@event("incidents.response_lapsed")
@dataclass(frozen=True, kw_only=True)
class ResponseLapsed(Event):
    """The warning ended before anybody decided."""

    proposal: int
    warning: int


@event("incidents.incident_opened")
@dataclass(frozen=True, kw_only=True)
class IncidentOpened(Event):
    """`sources`: how many subjects (a warning, reports, a cluster) it rests on."""

    incident: int
    kind: str
    mode: str
    level: str
    places: int
    sources: int


@event("incidents.source_added")
@dataclass(frozen=True, kw_only=True)
class SourceAdded(Event):
    """Something more that the incident rests on, as the ledger names it."""

    incident: int
    source: str


@event("incidents.incident_contained")
@dataclass(frozen=True, kw_only=True)
class IncidentContained(Event):
    incident: int
    line: int


@event("incidents.incident_worsened")
@dataclass(frozen=True, kw_only=True)
class IncidentWorsened(Event):
    """It was held and is not any more."""

    incident: int
    line: int


@event("incidents.incident_closed")
@dataclass(frozen=True, kw_only=True)
class IncidentClosed(Event):
    incident: int
    line: int


@event("incidents.incident_reopened")
@dataclass(frozen=True, kw_only=True)
class IncidentReopened(Event):
    incident: int
    line: int


@event("incidents.incident_shown")
@dataclass(frozen=True, kw_only=True)
class IncidentShown(Event):
    """The city made a public page of it, or took that back."""

    incident: int
    is_public: bool


@event("incidents.post_taken")
@dataclass(frozen=True, kw_only=True)
class PostTaken(Event):
    """A person holds a post from now on; `account` is who, `before` who held it until now."""

    incident: int
    post: str
    account: int
    before: int | None


@event("incidents.hand_over_written")
@dataclass(frozen=True, kw_only=True)
class HandOverWritten(Event):
    incident: int
    hand_over: int
    post: str
    account: int


@event("incidents.hand_over_accepted")
@dataclass(frozen=True, kw_only=True)
class HandOverAccepted(Event):
    incident: int
    hand_over: int
    post: str
    open_tasks: int
    unread: int


@event("incidents.hand_over_withdrawn")
@dataclass(frozen=True, kw_only=True)
class HandOverWithdrawn(Event):
    incident: int
    hand_over: int
    post: str


@event("incidents.line_written")
@dataclass(frozen=True, kw_only=True)
class LineWritten(Event):
    """A line of the log; `corrects` is the earlier line that it sets right."""

    incident: int
    line: int
    corrects: int | None


@event("incidents.log_read")
@dataclass(frozen=True, kw_only=True)
class LogRead(Event):
    """A person has read the log up to a fact."""

    incident: int
    fact: int


@event("incidents.task_set")
@dataclass(frozen=True, kw_only=True)
class TaskSet(Event):
    """`party` is an office or partner by its code."""

    incident: int
    task: int
    party: str
    due: str


@event("incidents.task_done")
@dataclass(frozen=True, kw_only=True)
class TaskDone(Event):
    incident: int
    task: int


@event("incidents.task_dropped")
@dataclass(frozen=True, kw_only=True)
class TaskDropped(Event):
    incident: int
    task: int
    line: int


@event("incidents.party_called")
@dataclass(frozen=True, kw_only=True)
class PartyCalled(Event):
    """An office or a partner was called; `told`: how many accounts were written to."""

    incident: int
    party: str
    line: int
    told: int


@event("incidents.assessed")
@dataclass(frozen=True, kw_only=True)
class Assessed(Event):
    """A quick assessment; the numbers stand in the room, because the newest version counts."""

    incident: int
    assessment: int
    edition: int


@event("incidents.shelter_opened")
@dataclass(frozen=True, kw_only=True)
class ShelterOpened(Event):
    incident: int
    shelter: int
    capacity: int


@event("incidents.shelter_counted")
@dataclass(frozen=True, kw_only=True)
class ShelterCounted(Event):
    incident: int
    shelter: int
    families: int
    people: int


@event("incidents.shelter_closed")
@dataclass(frozen=True, kw_only=True)
class ShelterClosed(Event):
    incident: int
    shelter: int


@event("incidents.stock_moved")
@dataclass(frozen=True, kw_only=True)
class StockMoved(Event):
    """`amount` is below zero for what went out; `left` is what is there afterwards."""

    incident: int
    item: int
    amount: int
    left: int


@event("incidents.need_stated")
@dataclass(frozen=True, kw_only=True)
class NeedStated(Event):
    """How much of an item the incident needs in all."""

    incident: int
    item: int
    needed: int


@event("incidents.status_decreed")
@dataclass(frozen=True, kw_only=True)
class StatusDecreed(Event):
    """The emergency status of the law; the water may say otherwise."""

    incident: int
    decree: int
    status: str
    first: str
    last: str
    is_extension: bool


@event("incidents.situation_reported")
@dataclass(frozen=True, kw_only=True)
class SituationReported(Event):
    """A numbered report of the situation was made; `digest` is that of what it says."""

    incident: int
    report: int
    number: int
    digest: str


@event("incidents.playbook_started")
@dataclass(frozen=True, kw_only=True)
class PlaybookStarted(Event):
    """The steps of a level were laid out; with a higher one only what came new."""

    incident: int
    kind: str
    level: str
    steps: int


@event("incidents.step_done")
@dataclass(frozen=True, kw_only=True)
class StepDone(Event):
    """`task` or `initiative` is what came of it, if anything did."""

    incident: int
    step: int
    task: int | None
    initiative: int | None


@event("incidents.step_skipped")
@dataclass(frozen=True, kw_only=True)
class StepSkipped(Event):
    incident: int
    step: int
    line: int


@event("incidents.own_step_changed")
@dataclass(frozen=True, kw_only=True)
class OwnStepChanged(Event):
    """The city added a step of its own to a playbook, or took it off."""

    own_step: int
    kind: str
    is_active: bool
