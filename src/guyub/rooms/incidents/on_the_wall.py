"""Incidents on the wall: what goes on at which level, what is undone, who is in shelters and where there is room.

Visitors read of an incident only what the city chose to show. An exercise says LATIHAN wherever it is named.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guyub.events import incidents as events
from guyub.kernel import wall
from guyub.kernel.cities.api import Remembered
from guyub.kernel.ledger.api import RecordedFact
from guyub.kernel.wall import Asked, Layer, Line, Mark, Panel
from guyub.rooms.incidents import models, past, queries
from guyub.rooms.incidents.models import Count
from guyub.rooms.incidents.queries import Incident
from guyub.rooms.incidents.rules import VULNERABLE, Mode, State, number_of
from guyub.rooms.incidents.wording import GROUPS, LEVELS, STATES
from guyub.rooms.places import api as places

NONE = gettext_lazy("Tidak ada insiden yang berlangsung.")
NONE_SHOWN = gettext_lazy("Tidak ada insiden yang diumumkan.")
ASIDE = 0.0022  # degrees between shelters whose kelurahan is all that is known of their place


def _shown(found: list[Incident], asked: Asked) -> list[Incident]:
    return [one for one in found if one.public_address] if asked.for_visitors else found


def past_incidents(asked: Asked) -> Panel | None:
    """The same of a past moment. Eight queries at most."""
    found = _shown(past.incidents_then(at=asked.at), asked)
    return _panel(found, asked) if found or past.had_any(at=asked.at) else None


@wall.panel("insiden", title=gettext_lazy("Insiden"), order=12, past=past_incidents)
def incidents(asked: Asked) -> Panel | None:
    """Those in earnest first, the highest level first. Six queries at most."""
    found = _shown(queries.open_incidents(at=asked.at), asked)
    return _panel(found, asked) if found or models.Incident.objects.exists() else None


def _panel(found: list[Incident], asked: Asked) -> Panel:
    found.sort(key=lambda one: (one.mode != Mode.ACTUAL, one.state != State.OPEN))
    counts = queries.counts_of([one.id for one in found], at=asked.at)
    lines = tuple(_line(one, counts.get(one.id, []), asked) for one in found[: asked.rows])
    none = NONE_SHOWN if asked.for_visitors else NONE
    return Panel(lines, none=none, more=len(found) - len(lines))


def _line(one: Incident, counts: list[Count], asked: Asked) -> Line:
    level, tone = LEVELS.get(one.level, (one.level, "info"))
    drill = "LATIHAN · " if one.mode == Mode.EXERCISE else ""
    work = [] if asked.for_visitors else [one.number, _tasks(one)]
    state = str(STATES[State(one.state)][0]) if one.state != State.OPEN else ""
    return Line(
        text=f"{drill}{level} · {one.title}",
        note=" · ".join(filter(None, (state, *work, _sheltered(counts, asked)))),
        value=ngettext("%(n)d orang", "%(n)d orang", one.displaced) % {"n": one.displaced}
        if one.displaced
        else "",
        tone="overdue" if one.late_tasks and not asked.for_visitors else str(tone),
        url=one.public_address,  # not all who watch may run it
    )


def _tasks(one: Incident) -> str:
    said = ngettext("%(n)d tugas terbuka", "%(n)d tugas terbuka", one.open_tasks) % {"n": one.open_tasks}
    return said + ", " + _("%(n)d terlambat") % {"n": one.late_tasks} if one.late_tasks else said


def _sheltered(counts: list[Count], asked: Asked) -> str:
    """Families, and for those inside each group that needs care first: they overlap, so there is no sum of them, and
    where there is but one, neighbours know who it is."""
    if not counts:
        return ""
    total = queries.totals(counts)
    families = ngettext("%(n)d keluarga mengungsi", "%(n)d keluarga mengungsi", total["families"])
    cared_for = () if asked.for_visitors else VULNERABLE
    groups = [f"{str(GROUPS[name]).lower()} {total[name]}" for name in cared_for if total[name]]
    return ", ".join([families % {"n": total["families"]}, *groups])


def past_shelters(asked: Asked) -> Layer | None:
    """The same of a past moment. Eight queries."""
    return _shelters(_shown(past.incidents_then(at=asked.at), asked), asked)


@wall.layer("insiden", order=50, past=past_shelters)
def shelters(asked: Asked) -> Layer | None:
    """Where people can stay, and for how many more there is room. Six queries."""
    return _shelters(_shown(queries.open_incidents(at=asked.at), asked), asked)


def _shelters(shown: list[Incident], asked: Asked) -> Layer | None:
    found = {one.id: one for one in shown}
    counted = queries.counts_of(found, at=asked.at)
    counts = {one.shelter_id: one for of_one in counted.values() for one in of_one}
    taken: dict[str, int] = {}
    marks = []
    for row in queries.shelters_of(found, at=asked.at):
        place = places.gazetteer().by_code.get(row.place)
        if place is None or place.lat is None or place.lon is None:
            continue
        aside = taken.get(row.place, 0)
        taken[row.place] = aside + 1
        drill = "LATIHAN · " if found[row.incident_id].mode == Mode.EXERCISE else ""
        count = counts.get(row.pk)
        left = row.capacity - count.people if count else None
        tone = "info" if left is None else "done" if left > 0 else "overdue"
        marks.append(
            Mark(
                place.lat,
                place.lon + ASIDE * aside,
                f"{drill}{row.name} · {_room(left, row.capacity)}",
                tone,
                "house",
            )
        )
    keys = {
        "done": _("pengungsian, masih ada tempat"),
        "info": _("pengungsian, belum dihitung"),
        "overdue": _("pengungsian penuh"),
    }
    drawn = {mark.tone for mark in marks}
    key = tuple(("house", tone, words) for tone, words in keys.items() if tone in drawn)
    return Layer(tuple(marks), key=key) if marks else None


def _room(left: int | None, capacity: int) -> str:
    if left is None:
        return _("daya tampung %(n)d") % {"n": capacity}
    return _("sisa %(n)d tempat") % {"n": left} if left > 0 else _("penuh")


# ── The feed ───────────────────────────────────────────────────────────────────────────────────────────────


_named: Remembered[dict[int, str]] = Remembered(dict, seconds=3600)


def _about(fact: RecordedFact) -> str:
    """The number, and LATIHAN before it: neither changes, so an incident is asked for once."""
    key = fact.payload.get("incident")
    if key is None:
        return "LATIHAN" if fact.payload.get("mode") == Mode.EXERCISE else ""
    known = _named()
    if key not in known:
        row = models.Incident.objects.filter(pk=key).values_list("year", "mode").first()
        if row is None:
            return ""
        number = number_of(row[0], key)
        known[key] = f"LATIHAN · {number}" if row[1] == Mode.EXERCISE else number
    return known[key]


wall.tell(
    events.ResponseProposed,
    events.ResponseLapsed,
    events.IncidentOpened,
    events.IncidentContained,
    events.IncidentWorsened,
    events.IncidentClosed,
    events.IncidentReopened,
    events.PlaybookStarted,
    events.HandOverAccepted,
    events.TaskSet,
    events.TaskDone,
    events.PartyCalled,
    events.Assessed,
    events.ShelterOpened,
    events.ShelterCounted,
    events.ShelterClosed,
    events.StatusDecreed,
    events.SituationReported,
    about=_about,
    is_inside=True,
)
