"""How good forecasts of the sea are, beside persistence and climatology, from rolling origins over a year.

    python benchmarks/tides.py                     the series of a real port's tide where it is present, and an invented one
    python benchmarks/tides.py --days 120          shorter (the fit gets this many days, as many are forecast)

The tide comes from a file of hourly heights (GUYUB_TIDE, else ../shared/data/tide) or from the demo's invented
constants; weather with a seed is added to both. Then the gauge gets faults: missing days, spikes, a stuck sentinel,
a stuck value, drift. The forecaster sees only what the faulty gauge says; errors are counted against what was so.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src")]

from guyub.demo import sea  # noqa: E402
from guyub.rooms.tides import harmonics, residuals, skill  # noqa: E402
from guyub.rooms.tides.harmonics import Constants  # noqa: E402
from guyub.rooms.tides.residuals import Memory  # noqa: E402

FILE = Path(
    os.environ.get(
        "GUYUB_TIDE", ROOT.parent / "shared/data/tide/jakarta_astronomical_hourly_2024_2026.csv.gz"
    )
)
LATITUDE = -6.1
FAULTS = {
    "no faults": sea.Faults(),
    "gaps": sea.Faults(gaps=12),
    "spikes": sea.Faults(spikes=120),
    "stuck sentinel": sea.Faults(sentinels=8),
    "stuck value": sea.Faults(stuck=8),
    "drift 15 cm": sea.Faults(drift=0.15),
    "all of them": sea.Faults(gaps=8, spikes=80, sentinels=4, stuck=4, drift=0.10),
}


@dataclass(frozen=True)
class Result:
    name: str
    seconds: float
    rejected: int
    skill: skill.Skill


def real_tide(days: int) -> list[tuple[datetime, float]] | None:
    """The hourly tide of the file; None where it is absent."""
    if not FILE.exists():
        return None
    with gzip.open(FILE, "rt", encoding="ascii") as file:
        rows = list(csv.reader(file))[1 : days * 24 + 1]
    return [(datetime.fromisoformat(moment.replace("Z", "+00:00")), float(height)) for moment, height in rows]


def invented_tide(days: int) -> list[tuple[datetime, float]]:
    names, amplitudes, phases = zip(*sea.TIDE, strict=True)
    times = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(days * 24)]
    heights = harmonics.predict(times, Constants(names, amplitudes, phases, 0.6, LATITUDE))
    return list(zip(times, heights, strict=True))


def measure(
    tide: list[tuple[datetime, float]], faults: sea.Faults, *, name: str, seed: int, every: int = 25
) -> Result:
    """Fit on the first half of what the faulty gauge says, forecast through the second."""
    times = [moment for moment, _height in tide]
    true = [
        height + more for (_moment, height), more in zip(tide, sea.weather(len(tide), seed=seed), strict=True)
    ]
    half = len(tide) // 2
    # Faults of the fit's half, and of the hours in which the forecaster looks at the gauge.
    said = sea.measured(true[:half], faults, seed=seed + 1) + sea.measured(true[half:], faults, seed=seed + 2)
    good = [(moment, value) for moment, value in zip(times, said, strict=True) if math.isfinite(value)]
    began = time.perf_counter()
    found = harmonics.fit([row for row in good if row[0] < times[half]], latitude=LATITUDE)
    seconds = time.perf_counter() - began
    level = harmonics.predict(times, found.constants)
    memory = Memory()
    # Quality control flags what a gauge repeats or cannot mean; the same limits stand in for it here.
    seen = [
        value if math.isfinite(value) and abs(value - height) < 0.6 and not same else math.nan
        for value, height, same in zip(said, level, harmonics.stuck(said), strict=True)
    ]
    left = [
        value - height if math.isfinite(value) else None
        for value, height in zip(seen[:half], level[:half], strict=True)
    ]
    spread = residuals.measure(left, level[:half], memory=memory)
    months, hours = sea.months_and_hours(times)
    result = skill.roll(
        truth=true,
        observed=seen,
        tide=level,
        hour_of=hours,
        month_of=months,
        first=half,
        every=every,
        spread=spread,
        memory=memory,
    )
    return Result(name, seconds, found.rejected, result)


def say(title: str, results: list[Result]) -> None:
    print(f"\n{title}")
    print(
        f"{'gauge':16}{'fit s':>7}{'out':>6} | RMSE cm over 7 days (first day): forecast, tide alone, yesterday again, "
        "month's usual | daily top > P90, lead 1: POD/FAR forecast >30 %, tide alone, yesterday again"
    )
    for one in results:
        cm = [
            f"{one.skill.rmse[name] * 100:5.1f} ({one.skill.rmse_first[name] * 100:4.1f})"
            for name in skill.METHODS
        ]
        days = [_days(one.skill.days[name][0]) for name in ("forecast", "tide", "persistence")]
        events = one.skill.days["forecast"][0]
        print(
            f"{one.name:16}{one.seconds:7.1f}{one.rejected:6} | {'  '.join(cm)} | {'  '.join(days)}  "
            f"({events.hits + events.misses} of {one.skill.origins} days; lead 5: {_days(one.skill.days['forecast'][4])})"
        )


def _days(counts: skill.Counts) -> str:
    pod, far = (f"{value:.2f}" if value is not None else "–" for value in (counts.pod, counts.far))
    return f"{pod}/{far}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--days", type=int, default=365, help="days of the fit, and as many that are forecast"
    )
    parser.add_argument("--seed", type=int, default=7)
    said = parser.parse_args()
    real = real_tide(said.days * 2)
    if real is None:
        print(f"skipped: the tide of a real port ({FILE.name} is absent)")
    for title, tide in (
        ("tide of a real port, with weather", real),
        ("invented tide", invented_tide(said.days * 2)),
    ):
        if tide is not None:
            say(title, [measure(tide, faults, name=name, seed=said.seed) for name, faults in FAULTS.items()])


if __name__ == "__main__":
    main()
