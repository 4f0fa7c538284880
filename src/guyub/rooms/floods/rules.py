"""When sightings of water belong together, when they are believed, and what a gauge says of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

DEEPEST = 300
MOST_PEOPLE = 500
METRES_PER_DEGREE = 111_320
NUMBER = re.compile(r"BJR-[0-9]{4}-[0-9]{6,9}")
CLUSTER_NUMBER = re.compile(r"GNG-[0-9]{4}-[0-9]{6,9}")


class Depth(StrEnum):
    """To where water reaches on a person who stands in it."""

    FOOT = "KAKI"
    CALF = "BETIS"
    KNEE = "LUTUT"
    THIGH = "PAHA"
    WAIST = "PINGGANG"
    CHEST = "DADA"


CENTIMETRES = {
    Depth.FOOT: 10,
    Depth.CALF: 30,
    Depth.KNEE: 50,
    Depth.THIGH: 70,
    Depth.WAIST: 100,
    Depth.CHEST: 130,
}


class Road(StrEnum):
    """What still comes through."""

    ALL = "SEMUA"
    CAR = "MOBIL"
    NONE = "TIDAK"


class Help(StrEnum):
    """What people need."""

    EVACUATION = "EVAKUASI"
    FOOD = "MAKANAN"
    MEDICINE = "OBAT"
    VULNERABLE = "RENTAN"


class State(StrEnum):
    """Where a cluster stands."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    DRY = "DRY"
    CLOSED = "CLOSED"


class Trust(StrEnum):
    """What gauges near by say of a report."""

    UNKNOWN = ""
    SUPPORTED = "SUPPORTED"
    CONTRADICTED = "CONTRADICTED"


class HideReason(StrEnum):
    """Why an officer hides a report from everyone."""

    FALSE = "KELIRU"
    PERSONAL = "PRIBADI"
    UNFIT = "TIDAK_PATUT"
    OTHER_MATTER = "BUKAN_BANJIR"


def report_number(year: int, key: int) -> str:
    return f"BJR-{year}-{key:06d}"


def cluster_number(year: int, key: int) -> str:
    return f"GNG-{year}-{key:06d}"


def key_of(number: str) -> int:
    return int(number.rpartition("-")[2])


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of the city's rulebook."""

    metres: int
    within: timedelta
    voices: int
    networks: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """Water, as one device told it. `device`, `address` and `network` are fingerprints; '' is somebody forgotten."""

    key: int
    at: datetime
    place: str
    depth: int
    lat: float | None = None
    lon: float | None = None
    device: str = ""
    address: str = ""
    network: str = ""
    is_dry: bool = False
    dried_at: datetime | None = None


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Over distances of a city the earth is flat."""
    north = (a[0] - b[0]) * METRES_PER_DEGREE
    east = (a[1] - b[1]) * METRES_PER_DEGREE * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot(north, east)


def linked(a: Sighting, b: Sighting, limits: Limits) -> bool:
    """Whether two sightings are of the same water: near in time, and near in place.

    Who named only a kelurahan stands beside others who did, and beside nobody with a point: a kelurahan is wide.
    """
    if abs(a.at - b.at) > limits.within:
        return False
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return a.lat is None and b.lat is None and a.place == b.place
    return metres_between((a.lat, a.lon), (b.lat, b.lon)) <= limits.metres


def chains(sightings: Sequence[Sighting], limits: Limits) -> list[list[Sighting]]:
    """Sightings in clusters: each is linked with another of its cluster, none with one outside."""
    groups: list[list[Sighting]] = []
    for one in sightings:
        touched = [group for group in groups if any(linked(one, other, limits) for other in group)]
        groups = [group for group in groups if group not in touched]
        groups.append([one, *(other for group in touched for other in group)])
    return groups


def independent(sightings: Iterable[Sighting]) -> int:
    """How many sightings there are of which no two share a device or an address.

    The most that can be chosen so: devices and addresses are matched one to one, whichever order they came in.
    """
    seen: dict[str, set[str]] = {}
    for one in sightings:
        if one.device and one.address:
            seen.setdefault(one.device, set()).add(one.address)
    taken: dict[str, str] = {}

    def give(device: str, tried: set[str]) -> bool:
        for address in sorted(seen[device] - tried):
            tried.add(address)
            if address not in taken or give(taken[address], tried):
                taken[address] = device
                return True
        return False

    return sum(give(device, set()) for device in sorted(seen))


def is_confirmed(sightings: Sequence[Sighting], limits: Limits) -> bool:
    """Enough independent people said so, and not all of them through one network."""
    networks = {one.network for one in sightings if one.network}
    return independent(sightings) >= limits.voices and len(networks) >= limits.networks


@dataclass(frozen=True, slots=True)
class Reach:
    """How deep a cluster is, in centimetres: the median of what is said, and the range."""

    depth: int
    low: int
    high: int


def depth_of(sightings: Iterable[Sighting]) -> Reach | None:
    """None when nobody says any more that there is water."""
    depths = sorted(one.depth for one in sightings if not one.is_dry)
    return Reach(round(median(depths)), depths[0], depths[-1]) if depths else None


def has_dried(sightings: Sequence[Sighting], *, at: datetime, quiet: timedelta) -> bool:
    """Half of those who told of it say that it is gone, or nobody has said anything for long. Water that somebody
    tells of after the last who said that it is gone has come again."""
    if not sightings or at - max(one.at for one in sightings) >= quiet:
        return True
    gone = max((one.dried_at for one in sightings if one.is_dry and one.dried_at), default=None)
    if gone is not None and any(one.at > gone for one in sightings if not one.is_dry):
        return False
    return 2 * sum(one.is_dry for one in sightings) >= len(sightings)


def judge(peaks: Iterable[tuple[float, float]], *, low_percent: int) -> Trust:
    """What gauges say, each by its highest value around a report and the threshold from which it counts as high.

    One high gauge is enough to support; all must be low to contradict, for water also stands where no gauge is.
    """
    seen = list(peaks)
    if any(value >= threshold for value, threshold in seen):
        return Trust.SUPPORTED
    if seen and all(value * 100 <= threshold * low_percent for value, threshold in seen):
        return Trust.CONTRADICTED
    return Trust.UNKNOWN


def lower_threshold(peaks: Mapping[int, float], *, threshold: float, least: int, step: float) -> float | None:
    """The threshold that would have caught all confirmed floods, once so many came while the gauge stood below it.

    `peaks` are by cluster; the answer is rounded down to whole steps. None while there are too few.
    """
    below = [value for value in peaks.values() if value < threshold]
    if len(below) < least:
        return None
    proposed = round(math.floor(min(below) / step + 1e-9) * step, 3)
    return proposed if proposed < threshold else None
