"""Fill the demo cities: first a few hundred reports each, then the rest of the year in batches."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guyub.demo.authority import show_authority
from guyub.demo.history import Historian
from guyub.demo.people import add_demo_neighbourhoods, add_demo_people, demo_officers
from guyub.demo.plan import ReportPlan, busiest, plan, submission_times
from guyub.founding import add_city
from guyub.kernel.cities import api as cities
from guyub.kernel.cities import registry
from guyub.kernel.cities.api import City
from guyub.rooms.places import api as places
from guyub.rooms.reports.rules import number_for

FIRST_SEED, REST_SEED = 1, 2
FIRST, BATCH = 500, 1000
SMALL_CITY = 1500
WITH_NEIGHBOURHOODS = 8  # kelurahan of each city


def demo_profiles() -> list[dict[str, Any]]:
    """The four demo cities as the package describes them."""
    return json.loads((resources.files("guyub.demo") / "data" / "cities.json").read_text("utf-8"))


def set_up_cities() -> None:
    """Create the demo cities that are not there yet, with their accounts."""
    there = {city.slug for city in cities.cities()}
    for profile in demo_profiles():
        if profile["slug"] in there:
            continue
        print(f"  {profile['name']} …", flush=True)
        own = {
            key: profile[key]
            for key in ("colours", "tagline_id", "tagline_en", "about_id", "about_en", "zoom")
        }
        city = add_city(
            code=profile["code"],
            slug=profile["slug"],
            hosts=[*profile["hosts"], profile["loopback"]],
            profile=own,
            at=timezone.now(),
        )
        with cities.inside(city):
            add_demo_people()
            add_demo_neighbourhoods(busiest(city.slug, FIRST_SEED, WITH_NEIGHBOURHOODS))


def take_boundaries(folder: Path) -> None:
    """Import the boundaries of each demo city that has none yet: `bandung_kelurahan.geojson`, else `…_kecamatan…`."""
    for city in cities.each_city():
        given = (folder / f"{city.slug}_{level}.geojson" for level in ("kelurahan", "kecamatan"))
        file = next((one for one in given if one.is_file()), None)
        if file is None or places.gazetteer().boundaries:
            continue
        at = timezone.now()
        try:
            outcome = places.import_boundaries(
                data=file.read_bytes(),
                source=file.name,
                licence="lisensi tidak disebut",
                valid_from=timezone.localdate(at, city.tz),
                at=at,
            )
        except places.CannotImport as problem:
            print(f"  {file.name}: {problem}", flush=True)
        else:
            print(f"  {file.name}: {len(outcome.changed)} boundaries", flush=True)


def first_reports(*, largest: int) -> None:
    """Give each city that has none its first reports, and remember what its whole year will be."""
    for city in cities.each_city():
        if "demo" in city.profile or city.slug not in {p["slug"] for p in demo_profiles()}:
            continue
        total = largest if city.slug == "bandung" else min(SMALL_CITY, largest)
        state = {"now": timezone.now().isoformat(), "total": total, "first": min(FIRST, total), "done": 0}
        with transaction.atomic():
            _reserve_numbers(_numbers(city, state))
            _historian().write(_numbered(city, state, FIRST_SEED))
            show_authority(at=timezone.now())
            registry.save_profile(city, {**city.profile, "demo": state})


def fill_rest() -> None:
    """Write what is left of each city's year, batch by batch; ending in the middle loses nothing."""
    for city in cities.each_city():
        state = city.profile.get("demo")
        if state is None or state["done"] >= state["total"] - state["first"]:
            continue
        historian, left = _historian(), islice(_numbered(city, state, REST_SEED), state["done"], None)
        while batch := list(islice(left, BATCH)):
            with transaction.atomic():
                historian.write(batch)
                state = {**state, "done": state["done"] + len(batch)}
                registry.save_profile(city, {**city.profile, "demo": state})
            _show(city, state)


def _historian() -> Historian:
    officer, head = demo_officers()
    return Historian(officer=officer, head=head)


def _numbers(city: City, state: dict[str, Any]) -> dict[tuple[int, int], str]:
    """A number for each report of both plans, by seed and position: in the order in which they were sent."""
    now = datetime.fromisoformat(state["now"])
    moments = sorted(
        (moment, seed, position)
        for seed, count in _sizes(state).items()
        for position, moment in enumerate(submission_times(city.slug, seed, now, count))
    )
    given: Counter[int] = Counter()
    numbers = {}
    for moment, seed, position in moments:
        year = moment.astimezone(city.tz).year
        given[year] += 1
        numbers[seed, position] = number_for(year=year, count=given[year])
    return numbers


def _sizes(state: dict[str, Any]) -> dict[int, int]:
    return {FIRST_SEED: state["first"], REST_SEED: state["total"] - state["first"]}


def _numbered(city: City, state: dict[str, Any], seed: int) -> Iterator[tuple[ReportPlan, str]]:
    numbers = _numbers(city, state)
    plans = plan(city.slug, seed, datetime.fromisoformat(state["now"]), _sizes(state)[seed])
    return ((one, numbers[seed, position]) for position, one in enumerate(plans))


def _reserve_numbers(numbers: dict[tuple[int, int], str]) -> None:
    counts = Counter(int(number.split("-")[1]) for number in numbers.values())
    with connection.cursor() as cursor:
        for year, count in counts.items():
            cursor.execute("INSERT INTO reports_numbering (year, last) VALUES (%s, %s)", [year, count])


def _show(city: City, state: dict[str, Any]) -> None:
    total = state["total"]
    done = state["first"] + state["done"]
    width = 30 * done // total
    end = "\n" if done >= total else "\r"
    if sys.stdout.isatty() or done >= total:
        print(f"  {city.name:18} {'█' * width}{'░' * (30 - width)} {done:,}/{total:,}", end=end, flush=True)
