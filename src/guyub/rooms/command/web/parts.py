"""Parts of the wall as pieces of a page, kept for all screens of an audience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from guyub.kernel.cities.api import get_city
from guyub.kernel.wall import Asked, Audience
from guyub.rooms.command import courses, drawing, feed, making, rules
from guyub.ui.rows import Printed

FIGURES, MAP, FEED = "angka", "peta", "umpan"
FEED_ROWS = 6


def asked_for(audience: Audience, *, at: datetime) -> Asked:
    """For whom, of when, and with how many rows."""
    return Asked(audience, at, making.room(audience, at=at).rows)


def part(key: str, asked: Asked) -> SafeString:
    """A part as it stands, at most two seconds old; nothing for what this audience or city has not."""
    return making.kept(f"part:{key}", asked, lambda: _rendered(key, asked, past=False))


def past_part(key: str, asked: Asked) -> SafeString:
    """The same of a past moment."""
    return _rendered(key, asked, past=True)


@dataclass(frozen=True, slots=True)
class Slot(Printed):
    """A list in its place: how many columns it takes."""

    key: str
    span: int
    html: SafeString


def page(asked: Asked) -> dict[str, Any]:
    """Every part of a whole page."""
    slots = making.slots(asked.audience, at=asked.at)
    found = [(key, width, part(key, asked)) for key, width in slots]
    return {
        "figures": part(FIGURES, asked),
        "map": part(MAP, asked),
        "feed": part(FEED, asked),
        **laid_out(found),
    }


def past_page(asked: Asked) -> dict[str, Any]:
    """The same of a past moment. The form above takes the room of a row."""
    listed = making.panels(asked, past=True)
    rows = max(1, rules.layout(sum(one.width for one in listed)).rows - 1)
    found = [(one.key, one.width, _panel(one.cut(rows), past=True)) for one in listed]
    return {
        "figures": past_part(FIGURES, asked),
        "map": past_part(MAP, asked),
        "feed": past_part(FEED, asked),
        **laid_out(found),
    }


def laid_out(found: Sequence[tuple[str, int, SafeString]]) -> dict[str, Any]:
    widths = [width for _key, width, _html in found]
    layout = rules.layout(sum(widths))
    spans = layout.spans(widths)
    panels = [Slot(key, span, html) for (key, _width, html), span in zip(found, spans, strict=True)]
    return {"panels": panels, "layout": layout.name}


def _rendered(key: str, asked: Asked, *, past: bool) -> SafeString:
    if key == FIGURES:
        found: dict[str, Any] = {"figures": making.figures(asked, past=past)}
        found["lists"] = (
            "" if past else " ".join(key for key, _w in making.slots(asked.audience, at=asked.at))
        )
        return _template("_figures", asked, past, found)
    if key == MAP:
        return _map(asked, past)
    if key == FEED:
        tell = feed.then if past else feed.newest
        return _template("_feed", asked, past, {"lines": tell(asked, limit=FEED_ROWS)})
    one = making.panel(key, asked)
    return _panel(one, past) if one else mark_safe("")


def _map(asked: Asked, past: bool) -> SafeString:
    base = drawing.drawing()
    if base is None:
        return mark_safe("")
    over = drawing.over(base, making.layers(asked, past=past))
    return _template(
        "_map",
        asked,
        past,
        {"width": str(base.width), "height": str(base.height), "names": base.names, "over": over},
    )


def _panel(one: making.Listed, past: bool) -> SafeString:
    drawn = [courses.drawn(course) for course in one.panel.courses]
    found = {"key": one.key, "title": one.title, "panel": one.panel, "courses": drawn}
    found |= _made(one.made_at, past)
    return mark_safe(render_to_string("command/_panel.html", found))


def _template(name: str, asked: Asked, past: bool, found: dict[str, Any]) -> SafeString:
    return mark_safe(render_to_string(f"command/{name}.html", {**found, **_made(asked.at, past)}))


def _made(at: datetime, past: bool) -> dict[str, Any]:
    return {
        "made": "" if past else f"{localtime(at, get_city().tz):%H.%M.%S}",
        "made_at": str(int(at.timestamp())),
    }
