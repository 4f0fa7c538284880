"""Fill the demo cities: first a few hundred reports each, then the rest of the year in batches."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guyub.demo.agreements import add_demo_agreements
from guyub.demo.authority import show_authority
from guyub.demo.floods import add_demo_floods
from guyub.demo.forums import add_demo_forum
from guyub.demo.funds import add_demo_funds
from guyub.demo.history import Historian
from guyub.demo.incidents import show_incidents
from guyub.demo.initiatives import show_initiatives
from guyub.demo.needs import show_needs
from guyub.demo.partners import add_demo_partners
from guyub.demo.people import add_demo_neighbourhoods, add_demo_people, demo_officers
from guyub.demo.plan import ReportPlan, busiest, plan, submission_times
from guyub.demo.profiles import demo_profiles
from guyub.demo.sensors import add_demo_sensors
from guyub.demo.warnings import show_warnings
from guyub.founding import add_city
from guyub.kernel.cities import api as cities
from guyub.kernel.cities import registry
from guyub.kernel.cities.api import City
from guyub.rooms.places import api as places
from guyub.rooms.reports.rules import number_for

FIRST_SEED, REST_SEED = 1, 2
FIRST, BATCH = 500, 1000
SMALL_CITY = 1500
SET_UP = "demo_is_set_up"  # in a demo city's profile: False until it has all its accounts and examples
WITH_NEIGHBOURHOODS = 8  # kelurahan of each city


def set_up_cities(only: Collection[str] = ()) -> None:
    """Create the demo cities that are not there yet, with their accounts: all four, or `only` some by their slugs.

    One whose start was cut short is made anew: half a city would never become whole.
    """
    _clear_halves()
    there = {city.slug for city in cities.cities()}
    for profile in demo_profiles():
        if profile["slug"] in there or (only and profile["slug"] not in only):
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
            profile={**own, SET_UP: False},
            at=timezone.now(),
        )
        with cities.inside(city):
            add_demo_people()
            add_demo_neighbourhoods(busiest(city.slug, FIRST_SEED, WITH_NEIGHBOURHOODS))
            with transaction.atomic():
                add_demo_partners(at=timezone.now())
                add_demo_funds(at=timezone.now())
                add_demo_agreements(at=timezone.now())
                add_demo_sensors(at=timezone.now())
                registry.save_profile(city, {**city.profile, SET_UP: True})


def _clear_halves() -> None:
    """Drop what the demo began and did not finish; whatever was made otherwise bears no such mark."""
    for city in cities.cities():
        if city.profile.get(SET_UP) is False:
            print(f"  {city.name}: begun anew, because its first start was cut short", flush=True)
            registry.drop_city(city)


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
            show_needs(at=timezone.now())
            show_warnings(at=timezone.now())
            show_incidents(at=timezone.now())
            add_demo_forum(at=timezone.now())
            show_initiatives(at=timezone.now())
            add_demo_floods(at=timezone.now())
            registry.save_profile(city, {**city.profile, "demo": state})


def fill_rest(*, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Write what is left of each city's year, batch by batch; ending in the middle loses nothing. Between the
    batches something else has its turn: the sea does not wait for a year to be told."""
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
            meanwhile()


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
