"""Residents' floods on the wall: where water was confirmed, how deep it is, and where people need help.

Points are cells, as everyone sees them. Who needs help only those inside read; visitors see kelurahan. Of a past moment
all see kelurahan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guyub.events import floods as events
from guyub.kernel import wall
from guyub.kernel.wall import Asked, Audience, Layer, Line, Mark, Panel
from guyub.rooms.floods import past
from guyub.rooms.floods.models import Cluster
from guyub.rooms.floods.past import ClusterThen
from guyub.rooms.floods.queries import FloodCluster, clusters
from guyub.rooms.floods.rules import State
from guyub.rooms.floods.wording import STATES
from guyub.rooms.places import api as places

WET = (State.OPEN, State.CONFIRMED)
Water = FloodCluster | ClusterThen


def _label(code: str) -> str:
    row = places.gazetteer().by_code.get(code)
    return row.label if row else code


def past_floods(asked: Asked) -> Panel | None:
    """The same of a past moment. Three queries at most."""
    found = [one for one in past.clusters_then(at=asked.at) if one.state in WET]
    return _panel(found, asked) if found or past.had_any(at=asked.at) else None


@wall.panel("banjir", title=gettext_lazy("Banjir menurut warga"), order=16, past=past_floods)
def floods(asked: Asked) -> Panel | None:
    """Who needs help first, then what is confirmed, then the deepest. Two queries at most."""
    found = [one for one in clusters(at=asked.at) if one.state in WET]
    if not found and not Cluster.objects.exists():
        return None
    return _panel(found, asked)


def _panel(found: Sequence[Water], asked: Asked) -> Panel:
    lines = _by_place(found) if asked.for_visitors else [_line(one) for one in _urgent(found)]
    shown = tuple(lines[: asked.rows])
    none = gettext_lazy("Tidak ada banjir yang sedang dilaporkan.")
    return Panel(shown, none=none, more=len(lines) - len(shown))


def _urgent(found: Iterable[Water]) -> list[Water]:
    return sorted(found, key=lambda one: (-one.in_need, one.state != State.CONFIRMED, -one.depth))


def _line(one: Water) -> Line:
    told = ngettext("%(n)d laporan", "%(n)d laporan", one.reports) % {"n": one.reports}
    help_ = _("%(n)d perlu pertolongan") % {"n": one.in_need} if one.in_need else ""
    return Line(
        text=_label(one.place),
        note=" · ".join(filter(None, (help_, str(STATES[one.state][0]), told))),
        value=f"{one.depth} cm",
        tone="hazard" if one.in_need or one.state == State.CONFIRMED else "waiting",
        # Not all who watch may manage it.
        url=reverse("flood_page", args=[one.number]) if one.has_page else "",
    )


def _by_place(found: Iterable[Water]) -> list[Line]:
    """Confirmed water alone, by kelurahan: the deepest there."""
    deepest = _deepest(found)
    rows = sorted(deepest.items(), key=lambda row: (-row[1], row[0]))
    return [
        Line(_label(code), str(STATES[State.CONFIRMED][0]), f"{depth} cm", "hazard") for code, depth in rows
    ]


def _deepest(found: Iterable[Water]) -> dict[str, int]:
    deepest: dict[str, int] = {}
    for one in found:
        if one.state == State.CONFIRMED:
            deepest[one.place] = max(deepest.get(one.place, 0), one.depth)
    return deepest


def past_map(asked: Asked) -> Layer | None:
    """What was confirmed then, in the middle of its kelurahan. Two queries."""
    return _layer(_middles(one for one in past.clusters_then(at=asked.at) if one.state == State.CONFIRMED))


@wall.layer("banjir", order=40, past=past_map)
def on_the_map(asked: Asked) -> Layer | None:
    """What is confirmed: for visitors a drop in the middle of its kelurahan. One query."""
    found = [one for one in clusters(at=asked.at) if one.state == State.CONFIRMED]
    marks = (
        _middles(found) if asked.for_visitors else [_mark(one, asked) for one in found if one.lat is not None]
    )
    return _layer(marks)


def _layer(marks: list[Mark]) -> Layer | None:
    return Layer(tuple(marks), key=(("drop", "hazard", _("banjir dipastikan")),)) if marks else None


def _mark(one: FloodCluster, asked: Asked) -> Mark:
    said = [_label(one.place), f"{one.depth} cm"]
    if one.in_need and asked.audience is Audience.OFFICERS:
        said.append(_("%(n)d perlu pertolongan") % {"n": one.in_need})
    return Mark(one.lat or 0.0, one.lon or 0.0, " · ".join(said), "hazard", "drop")


def _middles(found: Iterable[Water]) -> list[Mark]:
    known = places.gazetteer().by_code
    return [
        Mark(row.lat, row.lon, f"{row.label} · {depth} cm", "hazard", "drop")
        for code, depth in _deepest(found).items()
        if (row := known.get(code)) and row.lat is not None and row.lon is not None
    ]


wall.tell(
    events.ClusterConfirmed,
    events.ClusterReturned,
    events.ClusterDried,
    about=lambda fact: _("Banjir"),
)
