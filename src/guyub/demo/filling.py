"""Fill the demo cities."""

from __future__ import annotations

import json
import random
import uuid
from datetime import timedelta
from importlib import resources
from typing import Any

from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.rooms.places import api as places
from guyub.rooms.reports import api as reports


def demo_profiles() -> list[dict[str, Any]]:
    """The four demo cities as the package describes them."""
    return json.loads((resources.files("guyub.demo") / "data" / "cities.json").read_text("utf-8"))


def set_up_cities() -> None:
    """Create the demo cities that are not there yet, with their accounts."""
    from guyub.demo.people import add_demo_people
    from guyub.launch.city import add_city

    there = {city.slug for city in cities.cities()}
    for profile in demo_profiles():
        if profile["slug"] in there:
            continue
        print(f"  {profile['name']} …", flush=True)
        own = {key: profile[key] for key in ("colours", "tagline_id", "tagline_en", "about_id", "about_en", "zoom")}
        city = add_city(
            code=profile["code"],
            slug=profile["slug"],
            hosts=[*profile["hosts"], profile["loopback"]],
            profile=own,
            at=timezone.now(),
        )
        with cities.inside(city):
            add_demo_people()


def first_reports(count: int) -> None:
    """Placeholder life through the actions until the filler of a year's life takes over."""
    from guyub.rooms.reports.models import Report

    for _city in cities.each_city():
        if Report.objects.exists():
            continue
        rng = random.Random(7)  # noqa: S311
        settlements = [p for p in places.gazetteer().settlements if p.lat]
        for n in range(60):
            place = rng.choice(settlements)
            reports.submit_report(
                what=reports.Submission(
                    submission=uuid.UUID(int=rng.getrandbits(128), version=4),
                    report_class="PENGADUAN",
                    category=rng.choice(["sampah", "jalan-berlubang", "lampu-jalan", "banjir", "pohon-tumbang"]),
                    body=f"Contoh laporan nomor {n}: mohon diperiksa, sudah beberapa hari begini.",
                    place=place.code,
                    landmark="dekat pos ronda",
                    lat=place.lat + rng.gauss(0, 0.002),
                    lon=place.lon + rng.gauss(0, 0.002),
                ),
                at=timezone.now() - timedelta(hours=n * 5),
            )


