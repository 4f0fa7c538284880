"""What happens to reports of floods."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("floods.flood_reported")
@dataclass(frozen=True, kw_only=True)
class FloodReported(Event):
    """Somebody says that there is water, or says it `again` of the same place; `in_need` people need help."""

    report: int
    depth: int
    in_need: int
    again: bool


@event("floods.flood_gone")
@dataclass(frozen=True, kw_only=True)
class FloodGone(Event):
    """Who told of water says that it is gone."""

    report: int


@event("floods.flood_hidden")
@dataclass(frozen=True, kw_only=True)
class FloodHidden(Event):
    """An officer hid a report from everyone, for a coded reason."""

    report: int
    reason: str


@event("floods.flood_shown")
@dataclass(frozen=True, kw_only=True)
class FloodShown(Event):
    """A hidden report may be seen again."""

    report: int


@event("floods.flood_erased")
@dataclass(frozen=True, kw_only=True)
class FloodErased(Event):
    """Who sent a report had it erased."""

    report: int


@event("floods.depth_corrected")
@dataclass(frozen=True, kw_only=True)
class DepthCorrected(Event):
    """An officer corrected how deep the water is, in centimetres."""

    report: int
    was: int
    depth: int


@event("floods.photo_let")
@dataclass(frozen=True, kw_only=True)
class PhotoLet(Event):
    """An officer let everyone see a report's photo (or no longer)."""

    report: int
    public: bool


@event("floods.photo_blurred")
@dataclass(frozen=True, kw_only=True)
class PhotoBlurred(Event):
    """An officer made parts of a report's photo unreadable for everyone."""

    report: int


@event("floods.cluster_confirmed")
@dataclass(frozen=True, kw_only=True)
class ClusterConfirmed(Event):
    """Enough independent people told of the same water, or an officer confirms it."""

    cluster: int
    reports: int
    depth: int
    by_officer: bool


@event("floods.cluster_counted")
@dataclass(frozen=True, kw_only=True)
class ClusterCounted(Event):
    """What a cluster's reports say together is not what it was: so many that count, so deep in centimetres, and
    `in_need` people need help."""

    cluster: int
    reports: int
    depth: int
    in_need: int


@event("floods.cluster_doubted")
@dataclass(frozen=True, kw_only=True)
class ClusterDoubted(Event):
    """Reports were hidden or erased, and too few independent ones are left."""

    cluster: int


@event("floods.cluster_joined")
@dataclass(frozen=True, kw_only=True)
class ClusterJoined(Event):
    """A report showed that two clusters are one: this one goes on as the other."""

    cluster: int
    into: int


@event("floods.cluster_dried")
@dataclass(frozen=True, kw_only=True)
class ClusterDried(Event):
    """The water is gone, say people, silence or an officer."""

    cluster: int
    by_officer: bool


@event("floods.cluster_returned")
@dataclass(frozen=True, kw_only=True)
class ClusterReturned(Event):
    """Water is told of anew where it had gone."""

    cluster: int


@event("floods.cluster_closed")
@dataclass(frozen=True, kw_only=True)
class ClusterClosed(Event):
    """Nothing more is expected of a cluster: how many reports, how deep at its end, in centimetres."""

    cluster: int
    reports: int
    depth: int
    confirmed: bool


@event("floods.work_asked")
@dataclass(frozen=True, kw_only=True)
class WorkAsked(Event):
    """An officer made a cluster a report for an office to work on."""

    cluster: int
    number: str


@event("floods.threshold_doubted")
@dataclass(frozen=True, kw_only=True)
class ThresholdDoubted(Event):
    """So many confirmed floods came while a gauge stood below its threshold: a lower one is proposed, in the text of a
    decimal number and the gauge's unit."""

    doubt: int
    datastream: int
    clusters: int
    threshold: str
    proposed: str


@event("floods.threshold_settled")
@dataclass(frozen=True, kw_only=True)
class ThresholdSettled(Event):
    """An officer put a proposal aside, taken up or not."""

    doubt: int
    datastream: int
    taken: bool
