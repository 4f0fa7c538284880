"""The tide of a gauge as harmonic constants: fitted on good hours, kept as plain values, predicted without a new fit.

Plain numbers, no Django. UTide and numpy load when a job calls, never with the web. Heights are metres, times UTC.
The fit is ordinary least squares without a trend (a fitted trend runs away when it is carried on: UTide, issue 118)
and without confidence intervals, with nodal corrections. Quality control flags what a gauge got wrong before the fit
reads it; what slips through is thrown out here, so that one stuck sensor does not spoil every warning of a year.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Series = Sequence[tuple[datetime, float]]

LONGEST_SAME = (
    7  # hourly readings that may be equal in a row: at neap tide some are, a stuck gauge gives more
)
ROUNDS = 3  # fits, until hardly anything more is thrown out
RAYLEIGH = 0.95  # 365 days are a year: by the strict 1 the seasonal tide would be missed for six hours' want
SLOW_HOURS = 49  # what the sea does over two days is no spike


class TooLittle(ValueError):
    """There are not enough good hours for a fit."""


class OtherPort(ValueError):
    """Constants of one port say nothing of another. `args[0]` is a code: NAME or DISTANCE."""


@dataclass(frozen=True, slots=True)
class Constants:
    """Amplitudes (metres) and Greenwich phase lags (degrees) about a mean, at a latitude."""

    names: tuple[str, ...]
    amplitudes: tuple[float, ...]
    phases: tuple[float, ...]
    mean: float
    latitude: float

    def as_json(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "amplitudes": [round(value, 5) for value in self.amplitudes],
            "phases": [round(value, 3) for value in self.phases],
            "mean": round(self.mean, 5),
            "latitude": round(self.latitude, 5),
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Constants:
        return cls(
            tuple(said["names"]),
            tuple(map(float, said["amplitudes"])),
            tuple(map(float, said["phases"])),
            float(said["mean"]),
            float(said["latitude"]),
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """Constants with how well they describe the hours they were made of."""

    constants: Constants
    good: int
    rejected: int
    rmse: float
    days: float


def fit(series: Series, *, latitude: float, least_days: int = 30) -> Fit:
    """Fit constants on hourly heights. Raises `TooLittle` below `least_days` of good hours."""
    import numpy as np

    times = np.array([moment.replace(tzinfo=None) for moment, _height in series], dtype="datetime64[s]")
    heights = np.array([height for _moment, height in series], dtype=float)
    good = _plausible(heights) & ~stuck(heights)
    for _round in range(ROUNDS):
        _refuse_short(times[good], least_days)
        constants = _solve(times[good], heights[good], latitude)
        residual = heights - _height(times, constants)
        kept = good & ~_spikes(residual, good)
        news, good = int(good.sum() - kept.sum()), kept
        if news * 1000 <= len(heights):
            break
    left = residual[good]
    span = (times[good][-1] - times[good][0]) / np.timedelta64(1, "D")
    rmse = math.sqrt(float((left**2).mean()))
    return Fit(constants, int(good.sum()), int((~good).sum()), rmse, float(span))


def predict(times: Sequence[datetime], constants: Constants) -> list[float]:
    """The tide at these moments, from stored constants alone."""
    import numpy as np

    moments = np.array([moment.replace(tzinfo=None) for moment in times], dtype="datetime64[s]")
    return [float(value) for value in _height(moments, constants)] if len(moments) else []


def _refuse_short(times: Any, least_days: int) -> None:
    import numpy as np

    hours = least_days * 24
    if len(times) < hours * 0.8 or times[-1] - times[0] < np.timedelta64(int(hours * 0.98), "h"):
        raise TooLittle


def _solve(times: Any, heights: Any, latitude: float) -> Constants:
    import utide
    from threadpoolctl import threadpool_limits

    # On a busy machine several threads wait for each other by spinning: a fit took 40 s in place of one.
    with threadpool_limits(1):
        found = utide.solve(
            times,
            heights,
            lat=latitude,
            method="ols",
            conf_int="none",
            nodal=True,
            trend=False,
            Rayleigh_min=RAYLEIGH,
            verbose=False,
        )
    return Constants(
        tuple(str(name) for name in found.name),
        tuple(float(value) for value in found.A),
        tuple(float(value) for value in found.g),
        float(found.mean),
        latitude,
    )


def _height(times: Any, constants: Constants) -> Any:
    """UTide's own reconstruction, given what it would have kept of a fit."""
    import numpy as np
    import utide
    from threadpoolctl import threadpool_limits
    from utide.utilities import Bunch

    index = utide.constit_index_dict
    options = {
        "twodim": False,
        "notrend": True,
        "nodiagn": True,
        "nodsatlint": False,
        "nodsatnone": False,
        "gwchlint": False,
        "gwchnone": False,
        "prefilt": [],
    }
    lind = np.array([index[name] for name in constants.names], dtype=int)
    kept = Bunch(
        name=np.array(constants.names),
        A=np.array(constants.amplitudes),
        g=np.array(constants.phases),
        mean=constants.mean,
        aux=Bunch(
            opt=options,
            reftime=0.0,
            frq=utide.ut_constants.const.freq[lind],
            lind=lind,
            lat=constants.latitude,
        ),
    )
    with threadpool_limits(1):
        return utide.reconstruct(times, kept, verbose=False).h


def _plausible(heights: Any) -> Any:
    """Neither missing nor a sentinel far from where this sea ever is."""
    import numpy as np

    found = np.isfinite(heights)
    if not found.any():
        return found
    middle = np.median(heights[found])
    spread = max(float(np.median(np.abs(heights[found] - middle))), 0.02)
    with np.errstate(invalid="ignore"):
        return found & (np.abs(heights - middle) < 8 * spread)


def stuck(row: Any) -> Any:
    """Which hourly readings stand in a run that is equal for longer than water stands still."""
    import numpy as np

    heights = np.asarray(row, dtype=float)
    if not len(heights):
        return np.zeros(0, dtype=bool)

    change = np.flatnonzero(np.diff(heights) != 0) + 1
    edges = np.concatenate(([0], change, [len(heights)]))
    lengths = np.diff(edges)
    return np.repeat(lengths > LONGEST_SAME, lengths)


def _spikes(residual: Any, good: Any) -> Any:
    """Where the residual leaves what it is over two days: spikes and jumps of the gauge."""
    import numpy as np

    index = np.flatnonzero(good)
    kept = residual[index]
    half = SLOW_HOURS // 2
    padded = np.pad(kept, half, mode="edge")
    slow = np.median(np.lib.stride_tricks.sliding_window_view(padded, SLOW_HOURS), axis=1)
    local = np.abs(kept - slow)
    limit = max(5 * 1.4826 * float(np.median(local)), 0.12)
    found = np.zeros(len(residual), dtype=bool)
    found[index[local > limit]] = True
    return found


# ── Published constants, for a gauge that is too young for a fit ───────────────────────────────────────────


# The constituents that tables of ports give, by the names that they share with UTide; others are left out.
USUAL = frozenset(
    [
        "SA",
        "SSA",
        "MM",
        "MSF",
        "MF",
        "2Q1",
        "SIG1",
        "Q1",
        "RHO1",
        "O1",
        "NO1",
        "CHI1",
        "PI1",
        "P1",
        "S1",
        "K1",
        "PSI1",
        "PHI1",
        "THE1",
        "J1",
        "SO1",
        "OO1",
        "2N2",
        "MU2",
        "N2",
        "NU2",
        "M2",
        "LDA2",
        "L2",
        "T2",
        "S2",
        "R2",
        "K2",
        "ETA2",
        "MO3",
        "M3",
        "SO3",
        "MK3",
        "SK3",
        "MN4",
        "M4",
        "SN4",
        "MS4",
        "MK4",
        "S4",
        "SK4",
        "2MN6",
        "M6",
        "2MS6",
        "2SM6",
        "M8",
        "H1",
        "H2",
        "2SM2",
        "MSN2",
    ]
)
_OTHER_NAMES = {
    "LAM2": "LDA2",
    "RHO": "RHO1",
    "M1": "NO1",
    "LAMBDA2": "LDA2",
    "SIGMA1": "SIG1",
    "THETA1": "THE1",
}


def published(
    said: dict[str, Any], *, port: str, latitude: float, longitude: float, most_km: float
) -> Constants:
    """Constants that somebody published for this very port.

    `said` has `port`, `latitude`, `longitude` and `constituents` of `name`, `amplitude` (metres), `phase` (degrees,
    Greenwich). Raises `OtherPort` when it is another port, `ValueError` for what cannot be read.
    """
    if not same_port(str(said["port"]), port):
        raise OtherPort("NAME")
    here = float(said["latitude"]), float(said["longitude"])
    if not kilometres(*here, latitude, longitude) <= most_km:
        raise OtherPort("DISTANCE")
    rows = [
        (
            _OTHER_NAMES.get(name := str(one["name"]).upper(), name),
            float(one["amplitude"]),
            float(one["phase"]),
        )
        for one in said["constituents"]
        if float(one["amplitude"]) > 0
    ]
    rows = [row for row in rows if row[0] in USUAL]
    if len(rows) < 4 or not all(
        math.isfinite(value) and abs(value) < 1000 for row in rows for value in row[1:]
    ):
        raise ValueError("These are no constants of a tide.")
    names, amplitudes, phases = zip(*rows, strict=True)
    if len(set(names)) < len(names) or max(amplitudes) > 10:
        raise ValueError("These are no constants of a tide.")
    return Constants(names, amplitudes, phases, 0.0, latitude)


def same_port(one: str, other: str) -> bool:
    """Whether two names mean one port: without case, accents, punctuation and words such as "Pelabuhan"."""
    return bool(_plain(one)) and _plain(one) == _plain(other)


_COMMON = {"pelabuhan", "pel", "port", "of", "stasiun", "pasang", "surut", "pasut", "tide", "gauge", "kota"}


def _plain(name: str) -> tuple[str, ...]:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return tuple(sorted(set(re.findall(r"[a-z0-9]+", bare)) - _COMMON))


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """How far two places are apart on the ground."""
    one, two = math.radians(lat), math.radians(other_lat)
    half = (
        math.sin((two - one) / 2) ** 2
        + math.cos(one) * math.cos(two) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    )
    return 12742 * math.asin(math.sqrt(min(1.0, half)))
