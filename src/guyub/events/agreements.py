"""What happens to the city's cooperations and their documents."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("agreements.cooperation_begun")
@dataclass(frozen=True, kw_only=True)
class CooperationBegun(Event):
    cooperation: int
    kind: str


@event("agreements.stage_reached")
@dataclass(frozen=True, kw_only=True)
class StageReached(Event):
    cooperation: int
    stage: str


@event("agreements.approval_recorded")
@dataclass(frozen=True, kw_only=True)
class ApprovalRecorded(Event):
    """`of`: COUNCIL or MINISTRY."""

    cooperation: int
    of: str


@event("agreements.document_drafted")
@dataclass(frozen=True, kw_only=True)
class DocumentDrafted(Event):
    cooperation: int
    document: int
    kind: str


@event("agreements.version_written")
@dataclass(frozen=True, kw_only=True)
class VersionWritten(Event):
    cooperation: int
    document: int
    number: int


@event("agreements.document_signed")
@dataclass(frozen=True, kw_only=True)
class DocumentSigned(Event):
    """`until`: the last day on which it is in force."""

    cooperation: int
    document: int
    kind: str
    until: str


@event("agreements.document_extended")
@dataclass(frozen=True, kw_only=True)
class DocumentExtended(Event):
    """An addendum moved the last day of another document."""

    cooperation: int
    document: int
    by_document: int
    until: str


@event("agreements.scan_added")
@dataclass(frozen=True, kw_only=True)
class ScanAdded(Event):
    cooperation: int
    document: int
    pages: int


@event("agreements.duty_added")
@dataclass(frozen=True, kw_only=True)
class DutyAdded(Event):
    cooperation: int
    document: int
    duty: int
    due_on: str


@event("agreements.duty_done")
@dataclass(frozen=True, kw_only=True)
class DutyDone(Event):
    cooperation: int
    document: int
    duty: int


@event("agreements.document_evaluated")
@dataclass(frozen=True, kw_only=True)
class DocumentEvaluated(Event):
    """`result`: CONTINUE, IMPROVE or STOP."""

    cooperation: int
    document: int
    evaluation: int
    result: str


@event("agreements.document_ended")
@dataclass(frozen=True, kw_only=True)
class DocumentEnded(Event):
    cooperation: int
    document: int
    why: str
