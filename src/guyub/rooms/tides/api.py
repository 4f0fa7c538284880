"""The door to tides: the city's tide gauges, what is expected of them, and at which level each kelurahan stands.

Heights are metres above a gauge's own zero, times UTC, levels `NORMAL < WASPADA < SIAGA < AWAS`. Probabilities are for
officers only, unless an agreement with BMKG is recorded (`may_tell_probability`).
"""

from __future__ import annotations

from guyub.rooms.tides.acting import Refused
from guyub.rooms.tides.fitting import publish_constants
from guyub.rooms.tides.ladder import Level
from guyub.rooms.tides.queries import (
    DayOutlook,
    Hour,
    PlaceLevel,
    StationRow,
    all_stations,
    forecast,
    levels,
    outlook,
)
from guyub.rooms.tides.reference import may_tell_probability
from guyub.rooms.tides.stations import add_station, is_coastal, may_be_coastal, set_datum
from guyub.rooms.tides.thresholds import Survey, set_thresholds

stations = all_stations

__all__ = [
    "DayOutlook",
    "Hour",
    "Level",
    "PlaceLevel",
    "Refused",
    "StationRow",
    "Survey",
    "add_station",
    "forecast",
    "is_coastal",
    "levels",
    "may_be_coastal",
    "may_tell_probability",
    "outlook",
    "publish_constants",
    "set_datum",
    "set_thresholds",
    "stations",
]
