"""Cases on the wall: the key figures with what moved them, open hazards, what is late by place, and the map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import casework as case_events
from guyub.events import reports as report_events
from guyub.kernel import wall
from guyub.kernel.cities.api import Remembered, get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.wall import Asked, Audience, Figure, Layer, Line, Mark, Panel
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import overview
from guyub.rooms.command.parts.said import lasting, number, place_name, short_name
from guyub.rooms.command.rules import arrow
from guyub.rooms.performance import api as performance
from guyub.rooms.reports import api as reports
from guyub.ui.figures import percent

DAY = timedelta(days=1)
ON_THE_MAP = 250
CREWS = 60
KEPT_SECONDS = 2.0
Counts = list[overview.PlaceCount]

_counts: Remembered[dict[str, Counts]] = Remembered(dict, seconds=KEPT_SECONDS)


def counts(at: datetime) -> Counts:
    """The open cases by place, at most two seconds old: three parts of each audience are made of them. One query."""
    kept = _counts()
    if "now" not in kept:
        kept["now"] = overview.by_place(since=at - DAY, at=at)
    return kept["now"]


Then = tuple[list[overview.OpenCase], Counts]
_then: Remembered[dict[datetime, Then]] = Remembered(dict, seconds=KEPT_SECONDS)


def then(at: datetime) -> Then:
    """The cases that were open at a past moment, and how many where: five parts of a page are made of them, and this is
    the dearest question of them all. One query."""
    kept = _then()
    if at not in kept:
        rows = overview.open_then(at=at)
        kept[at] = rows, overview.counted(rows, at=at)
    return kept[at]


# ── Key figures ────────────────────────────────────────────────────────────────────────────────────────────


def past_figures(asked: Asked) -> tuple[Figure, ...]:
    """The same of a past moment, as far as the ledger tells it."""
    return _of_cases(asked, then(asked.at)[1])


@wall.figures("laporan", order=10, past=past_figures)
def figures(asked: Asked) -> tuple[Figure, ...]:
    found = _of_cases(asked, counts(asked.at))
    fixed = _fixed(asked)
    return (*found, fixed) if fixed else found


def _of_cases(asked: Asked, rows: Counts) -> tuple[Figure, ...]:
    came, ended = reports.moved(since=asked.at - DAY, until=asked.at)
    moved = {"came": number(came), "ended": number(ended)}
    cases = reverse("desk_cases")
    opened = Figure(
        label=gettext_lazy("Laporan terbuka"),
        value=number(sum(row.open for row in rows)),
        trend=arrow(came - ended),
        why=_("Dalam 24 jam %(came)s masuk, %(ended)s berakhir.") % moved,
        url=cases,
    )
    return opened, _today(asked, cases), _late(rows, f"{cases}?terlambat=1")


def _today(asked: Asked, url: str) -> Figure:
    midnight = localtime(asked.at, get_city().tz).replace(hour=0, minute=0, second=0, microsecond=0)
    found = reports.arrivals(midnight=midnight, at=asked.at)
    why = _("Biasanya %(usual)s pada jam ini.") % {"usual": number(found.usual, 1)}
    if found.categories:
        code, many = found.categories[0]
        said = {"what": reports.find_category(code) or code, "n": number(many)}
        why += " " + _("Terbanyak: %(what)s (%(n)s).") % said
    return Figure(
        label=gettext_lazy("Masuk hari ini"),
        value=number(found.today),
        trend=arrow(found.today - round(found.usual)),
        why=why,
        url=url,
    )


def _late(rows: Counts, url: str) -> Figure:
    newly = sum(row.newly_late for row in rows)
    most = max(rows, key=lambda row: (row.newly_late, row.late, row.place), default=None)
    why = _("Tidak ada yang baru lewat tenggat dalam 24 jam.")
    if most and most.newly_late:
        said = {"n": number(newly), "place": short_name(most.place)}
        why = _("%(n)s baru lewat tenggat dalam 24 jam, terbanyak di %(place)s.") % said
    elif most and most.late and not newly:
        most = max(rows, key=lambda row: (row.late, row.place))
        why = _("Terbanyak di %(place)s (%(n)s).") % {"place": short_name(most.place), "n": number(most.late)}
    late = sum(row.late for row in rows)
    return Figure(
        label=gettext_lazy("Lewat tenggat"),
        value=number(late),
        trend=arrow(newly) if newly else "",
        why=why,
        tone="overdue" if late else "",
        url=url,
    )


def _fixed(asked: Asked) -> Figure | None:
    """The share that reporters confirmed; during a trial of the city's figures it is for officers alone."""
    now, then, is_inside = performance.city_lately(at=asked.at)
    share, before = now.confirmed, then.confirmed
    if asked.for_visitors and is_inside:
        return None
    said = {"part": number(share.part), "whole": number(share.whole), "days": now.period.number}
    why = _("%(part)s dari %(whole)s yang dinyatakan selesai dalam %(days)s hari.") % said
    if share.percent is not None and before.percent is not None:
        why += " " + _("Sebelumnya %(percent)s.") % {"percent": percent(before.percent)}
    return Figure(
        label=gettext_lazy("Dikonfirmasi pelapor"),
        value="–" if share.percent is None else percent(share.percent),
        trend=arrow(round(share.percent - before.percent))
        if share.percent is not None and before.percent is not None
        else "",
        why=why,
        url=reverse("performance"),
    )


# ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────


def past_hazards(asked: Asked) -> Panel:
    rows, many = then(asked.at)
    return _hazards(overview.hazards_of(rows, limit=asked.rows * 4), many, asked)


@wall.panel("bahaya", title=gettext_lazy("Bahaya terbuka"), order=20, past=past_hazards)
def hazards(asked: Asked) -> Panel:
    """Dangers that somebody must act on, the newest first."""
    return _hazards(overview.hazards(limit=asked.rows * 4), counts(asked.at), asked)


def _hazards(rows: Sequence[overview.OpenCase], many: Counts, asked: Asked) -> Panel:
    found = _shown(rows)
    total = sum(row.hazards for row in many)
    public = (
        casework.published(one.subject for one in found) if asked.audience is Audience.OFFICERS else set()
    )
    names = casework.category_names()
    lines = tuple(_hazard(one, names, public, asked) for one in found[: asked.rows])
    return Panel(
        lines, none=gettext_lazy("Tidak ada laporan bahaya yang terbuka."), more=max(0, total - len(lines))
    )


def _hazard(one: overview.OpenCase, names: dict[str, str], public: set[str], asked: Asked) -> Line:
    state = str(casework.wording.STATE_LABELS[casework.State(one.state)])
    number_of = "" if asked.for_visitors else one.number
    is_late = one.due_at is not None and one.due_at < asked.at
    return Line(
        text=names.get(one.category, one.category),
        note=" · ".join(filter(None, (place_name(one.place), number_of, state))),
        value=lasting(asked.at - one.received_at),
        tone="overdue" if is_late else "hazard",
        url=casework.public_url(one.number) if one.subject in public else "",
    )


def past_late(asked: Asked) -> Panel:
    return _late_places(asked, then(asked.at)[1])


@wall.panel("terlambat", title=gettext_lazy("Wilayah lewat tenggat"), order=30, past=past_late)
def late(asked: Asked) -> Panel:
    """Where most is late. No place is ranked by anything but what waits there now."""
    return _late_places(asked, counts(asked.at))


def _late_places(asked: Asked, rows: Counts) -> Panel:
    found = sorted((row for row in rows if row.late), key=lambda row: (-row.late, row.place))
    lines = tuple(_late_place(row, asked) for row in found[: asked.rows])
    return Panel(lines, none=gettext_lazy("Tidak ada yang lewat tenggat."), more=len(found) - len(lines))


def _late_place(row: overview.PlaceCount, asked: Asked) -> Line:
    assert row.late_since is not None
    return Line(
        text=place_name(row.place),
        note=_("paling lama %(span)s") % {"span": lasting(asked.at - row.late_since)},
        value=number(row.late),
        tone="overdue",
        url=f"{reverse('desk_cases')}?wilayah={row.place}&terlambat=1",
    )


# ── The map ────────────────────────────────────────────────────────────────────────────────────────────────


def past_map(asked: Asked) -> Layer:
    """How many were open where then; for those inside also, as points, the most urgent of what everyone could read by
    then. Where crews were is told by no fact."""
    rows, counted = then(asked.at)
    many = {row.place: row.open for row in counted}
    if asked.for_visitors:
        return Layer(counts=many)
    urgent = [
        *overview.hazards_of(rows, limit=ON_THE_MAP // 2),
        *overview.most_urgent_of(rows, limit=ON_THE_MAP),
    ]
    return _layer(urgent, [], _published_then(urgent, asked.at), many, asked)


def _published_then(rows: Sequence[overview.OpenCase], at: datetime) -> set[str]:
    """What everyone could read by a moment and can still: nothing that was withdrawn is drawn again."""
    subjects = casework.published(one.subject for one in rows)
    kinds = (report_events.ReportPublished, report_events.ReportWithdrawn)
    newest = {fact.subject: fact.name for fact in ledger.facts_of(*kinds, subjects=subjects, until=at)}
    return {subject for subject, name in newest.items() if name == report_events.ReportPublished.name}


@wall.layer("laporan", order=20, past=past_map)
def on_the_map(asked: Asked) -> Layer:
    """How many are open where; and for those inside the most urgent as points, with crews on their way.

    A screen without a sign-in draws only what everyone may read.
    """
    many = {row.place: row.open for row in counts(asked.at)}
    if asked.for_visitors:
        return Layer(counts=many)
    urgent = [*overview.hazards(limit=ON_THE_MAP // 2), *overview.most_urgent(limit=ON_THE_MAP)]
    out = overview.errands(at=asked.at, limit=CREWS)
    return _layer(urgent, out, _drawable([*urgent, *out], asked), many, asked)


def _layer(
    urgent: Sequence[overview.OpenCase],
    out: Sequence[overview.OpenCase],
    drawn: set[str],
    many: dict[str, int],
    asked: Asked,
) -> Layer:
    points = casework.points(drawn)
    names = casework.category_names()
    cases = [
        _mark(one, points[one.subject], names, asked)
        for one in _once(urgent)
        if one.subject in points and one.subject in drawn
    ]
    crews = [
        Mark(*points[one.subject], label=_("Regu bertugas"), tone="info", shape="ring")
        for one in _once(out)
        if one.subject in points and one.subject in drawn
    ]
    return Layer(tuple(cases[:ON_THE_MAP][::-1] + crews), many, key=_key(cases, crews))


def _key(cases: Sequence[Mark], crews: Sequence[Mark]) -> tuple[tuple[str, str, str], ...]:
    """What the points that are drawn mean."""
    words = {
        "hazard": _("bahaya"),
        "overdue": _("lewat tenggat"),
        "waiting": _("menunggu"),
        "progress": _("ditangani"),
        "scheduled": _("dijadwalkan"),
    }
    drawn = {mark.tone for mark in cases}
    found = tuple(("dot", tone, said) for tone, said in words.items() if tone in drawn)
    return (*found, ("ring", "info", _("regu bertugas"))) if crews else found


def _mark(one: overview.OpenCase, point: tuple[float, float], names: dict[str, str], asked: Asked) -> Mark:
    is_late = one.due_at is not None and one.due_at < asked.at
    tone = (
        "hazard"
        if one.is_hazard
        else "overdue"
        if is_late
        else casework.wording.STATE_TONES[casework.State(one.state)]
    )
    return Mark(*point, label=f"{names.get(one.category, one.category)} · {one.number}", tone=tone)


def _drawable(rows: Sequence[overview.OpenCase], asked: Asked) -> set[str]:
    subjects = {one.subject for one in rows}
    if asked.audience is Audience.SCREEN:
        return casework.published(subjects)
    return subjects - reports.kept_back(subjects)


def _shown(rows: Sequence[overview.OpenCase]) -> list[overview.OpenCase]:
    hidden = reports.kept_back({one.subject for one in rows})
    return [one for one in _once(rows) if one.subject not in hidden]


def _once(rows: Sequence[overview.OpenCase]) -> list[overview.OpenCase]:
    return list({one.subject: one for one in rows}.values())


wall.tell(
    report_events.ReportSubmitted,
    case_events.CaseVerified,
    case_events.CaseHandedOver,
    case_events.RequestAccepted,
    case_events.ScheduleDecided,
    case_events.WorkCompleted,
    case_events.FixConfirmed,
    case_events.FixDisputed,
    case_events.CaseEscalated,
    case_events.CaseTakenBack,
    case_events.SecondLookGiven,
)
