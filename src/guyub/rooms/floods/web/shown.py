"""Floods as pages print them: words made here, so that templates hold none of the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.ledger.api import Sentence
from guyub.rooms.floods.clustering import place_said
from guyub.rooms.floods.models import FloodReport
from guyub.rooms.floods.queries import FloodCluster
from guyub.rooms.floods.rules import Help, Road, State, Trust
from guyub.rooms.floods.wording import HELPS, ROADS, STATES, TRUSTS
from guyub.ui.rows import Printed


def moment(at: datetime) -> str:
    return date_format(localtime(at, get_city().tz), "j F Y, H.i")


@dataclass(frozen=True, slots=True)
class ClusterShown(Printed):
    number: str
    url: str
    title: str
    place: str
    depth: str
    span: str
    state: str
    tone: str
    trust: str
    trust_tone: str
    reports: str
    heard: str
    in_need: int


def cluster(row: FloodCluster, *, route: str = "flood_page") -> ClusterShown:
    status, tone = STATES[row.state]
    trust, trust_tone = trust_said(row.trust)
    where = place_said(row.place)
    return ClusterShown(
        number=row.number,
        url=reverse(route, args=[row.number]),
        title=_("Sekitar %(depth)s cm di %(place)s") % {"depth": row.depth, "place": where},
        place=where,
        depth=f"{row.depth} cm",
        span="" if row.low == row.high else f"{row.low}–{row.high} cm",
        state=str(status),
        tone=tone,
        trust=trust,
        trust_tone=trust_tone,
        reports=ngettext("%(n)s laporan", "%(n)s laporan", row.reports) % {"n": row.reports},
        heard=moment(row.heard_at),
        in_need=row.in_need if row.state in (State.OPEN, State.CONFIRMED) else 0,
    )


def trust_said(trust: Trust) -> tuple[str, str]:
    words, tone = TRUSTS.get(trust, ("", ""))
    return str(words), tone


@dataclass(frozen=True, slots=True)
class ReportShown(Printed):
    number: str
    url: str
    title: str
    place: str
    depth: str
    corrected: bool
    road: str
    said: str
    since: str
    words: str
    is_gone: bool
    trust: str
    trust_tone: str
    photos: list[dict[str, str]]
    in_need: int
    needs: str
    hidden: bool


def report(row: FloodReport, pictures: Iterable[files.Picture], *, inside: bool = False) -> ReportShown:
    """`inside` is for officers: the words as they were written."""
    trust, tone = trust_said(Trust(row.trust))
    where = place_said(row.place.code)
    return ReportShown(
        number=row.number,
        url=reverse("flood_page", args=[row.number]),
        title=_("Sekitar %(depth)s cm di %(place)s") % {"depth": row.depth_cm, "place": where},
        place=where,
        depth=f"{row.depth_cm} cm",
        corrected=row.depth_cm != row.said_cm,
        road=str(ROADS[Road(row.road)]) if row.road else "",
        said=moment(row.said_at),
        since=moment(row.since_at) if row.since_at else "",
        words=row.words if inside else row.public_words,
        is_gone=row.dry_at is not None,
        trust=trust,
        trust_tone=tone,
        photos=[
            {
                "url": one.url,
                "thumb": one.thumb_url,
                "alt": _("Foto banjir di %(place)s") % {"place": where},
                "caption": "",
            }
            for one in pictures
        ],
        in_need=row.in_need,
        needs=", ".join(str(HELPS[Help(one)]) for one in row.needs),
        hidden=row.hidden_at is not None,
    )


def reports(rows: list[FloodReport], *, inside: bool = False) -> list[ReportShown]:
    found = files.pictures_of([row.subject for row in rows], may_see=inside)
    return [report(row, found.get(row.subject, []), inside=inside) for row in rows]


@dataclass(frozen=True, slots=True)
class Entry(Printed):
    title: str
    tone: str
    when: str
    datetime: str


def entries(said: list[Sentence]) -> list[Entry]:
    return [Entry(one.text, one.tone, moment(one.at), one.at.isoformat()) for one in said]
