"""What every page of gotong royong costs with 5,000 organisations and 20,000 offers: the same measure as `run.py`,
fewer reports.

    python benchmarks/needs.py                     5,000 partners, 20,000 offers, 2,000 needs (about a minute to fill)
    python benchmarks/needs.py --offers 100000     does it still hold?
    python benchmarks/needs.py --keep              fill once, measure the same city again next time
    python benchmarks/needs.py --only board        the measures whose name has this in it

The worst need is measured too: of a theme, a place and resources that fit as many offers as possible. Pages that are
remembered for a minute are measured both ways: as nearly everybody gets them, and read anew.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "benchmarks")]

from run import Measure, Visitor, bare, measure, prepare_statistics, report  # noqa: E402

AIM = 15

RESOURCES = (("GOODS", "karung"), ("HOURS", "jam"), ("SKILL", "jam"), ("PLACE", "hari"), ("MONEY", "rupiah"))
LIST = (
    "SELECT id, title, place_code, theme, state, until_on FROM needs_need WHERE published_at IS NOT NULL "
    "AND NOT is_hidden AND state IN ('PUBLISHED', 'TAKEN_UP') ORDER BY published_at DESC, id DESC LIMIT 21"
)
OFFERS = (
    "SELECT o.id, o.what, o.resource, o.amount FROM needs_offer o LEFT JOIN partners_partner p ON p.id = o.partner_id "
    "WHERE o.state = 'ACTIVE' AND (p.id IS NULL OR p.is_verified) ORDER BY o.changed_at DESC, o.id DESC LIMIT 21"
)
PARTNERS = (
    "SELECT slug, name, kind, themes, places FROM partners_partner WHERE status = 'ACTIVE' "
    "ORDER BY is_verified DESC, name, id LIMIT 31"
)
FITTING = (
    "SELECT id, amount, every, themes, places FROM needs_offer WHERE state = 'ACTIVE' AND resource = ANY(%s) "
    "AND (themes @> %s::varchar[] OR themes = '{}') AND places && %s::varchar[] ORDER BY changed_at DESC LIMIT 200"
)


def main() -> None:
    options = argparse.ArgumentParser(description="Measure what needs and offers cost.")
    options.add_argument("--partners", type=int, default=5000)
    options.add_argument("--offers", type=int, default=20_000)
    options.add_argument("--needs", type=int, default=2000)
    options.add_argument("--initiatives", type=int, default=300)
    options.add_argument("--keep", action="store_true", help="keep the filled city for the next run")
    options.add_argument("--only", default="", help="only the measures whose name has this in it")
    chosen = options.parse_args()
    from tests.processes import CHECKOUT, installation

    with contextlib.ExitStack() as stack:
        name = "bench-needs" if chosen.keep else ""
        folder = CHECKOUT / "var" / name if name else Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = stack.enter_context(installation(folder, reports=200, keep=name))
        os.environ.update(made.env)
        import django

        django.setup()
        from guyub.kernel.cities import api as cities

        with cities.inside(cities.get_city_by_slug("bandung")):
            if not filled():
                fill(chosen)
            prepare_statistics()
            print(f"\n{chosen.partners:,} partners, {chosen.offers:,} offers, {chosen.needs:,} needs.")
            wanted = measures()
            report(measure(wanted[:1] + [one for one in wanted[1:] if chosen.only in one.name]))


def filled() -> bool:
    from guyub.rooms.initiatives.models import Initiative

    return Initiative.objects.filter(slug="uji-0").exists()


def fill(sizes: argparse.Namespace) -> None:
    """Partners, offers, needs and initiatives by COPY's nearest kin. The newest need is the one that most offers fit."""
    from django.utils import timezone

    from guyub.rooms.needs.models import Line, Need, Offer
    from guyub.rooms.partners import api as partners
    from guyub.rooms.partners.models import Partner
    from guyub.rooms.people import api as people
    from guyub.rooms.places import api as places

    rng, now = random.Random(1), timezone.now()
    codes = [row.code for row in places.gazetteer().settlements]
    city, themes = places.gazetteer().rows[0].code, [theme.code for theme in partners.themes()]

    def some_places() -> list[str]:
        return [city] if rng.random() < 0.3 else rng.sample(codes, rng.randint(1, 3))

    Partner.objects.bulk_create(
        Partner(
            slug=f"uji-{n}",
            name=f"Mitra Uji {n:05d}",
            kind=rng.choice(["COMMUNITY", "COMPANY", "UNIVERSITY"]),
            is_verified=True,
            verified_at=now,
            verified_how="CITY",
            themes=rng.sample(themes, rng.randint(1, 3)),
            places=some_places(),
            name_key=f"mitra uji {n}",
            search_words=f"mitra uji {n}",
            origin="CITY",
            created_at=now,
            changed_at=now,
        )
        for n in range(sizes.partners)
    )
    owners = list(Partner.objects.filter(slug__startswith="uji-").values_list("pk", "themes", "places"))
    rows = []
    for n in range(sizes.offers):
        owner, own_themes, own_places = rng.choice(owners)
        resource, unit = rng.choice(RESOURCES)
        rows.append(
            Offer(
                partner_id=owner,
                resource=resource,
                what=f"Tawaran uji {n}",
                amount=rng.randint(1, 400),
                unit=unit,
                every=rng.choice(["ONCE", "MONTH"]),
                themes=own_themes if rng.random() < 0.8 else [],
                places=own_places,
                valid_until=(now + timedelta(days=100)).date(),
                made_at=now,
                changed_at=now - timedelta(minutes=n),
            )
        )
    Offer.objects.bulk_create(rows, batch_size=5000)
    office = people.directory().of_settlement(codes[0]) or people.directory().offices[0]
    Need.objects.bulk_create(
        Need(
            year=2026,
            title=f"Kebutuhan uji {n}",
            why="Kata-kata uji yang cukup panjang.",
            place_code=rng.choice(codes),
            theme=rng.choice(themes),
            office_id=office.id,
            state="PUBLISHED",
            until_on=(now + timedelta(days=60)).date(),
            published_at=now - timedelta(hours=n),
            created_at=now,
            changed_at=now,
        )
        for n in range(sizes.needs)
    )
    worst, lines = Need.objects.order_by("-pk").first(), []
    assert worst is not None
    worst.place_code = city
    worst.office_id = people.directory().find_key("pu").id  # type: ignore[union-attr]
    worst.save()
    for need in Need.objects.filter(title__startswith="Kebutuhan uji").values_list("pk", flat=True):
        asked = RESOURCES if need == worst.pk else rng.sample(RESOURCES, 3)
        lines += [
            Line(need_id=need, position=n, resource=resource, purpose="Untuk uji", amount=50, unit=unit)
            for n, (resource, unit) in enumerate(asked, 1)
        ]
    Line.objects.bulk_create(lines, batch_size=5000)
    _give_offers_to("warga", owners[0][0])
    _initiatives(sizes.initiatives, [pk for pk, _themes, _places in owners], office.id)


def _initiatives(many: int, partners: list[int], office: int) -> None:
    """Open initiatives, each with five partners, five lines of which two are promised, and tasks."""
    from django.utils import timezone

    from guyub.rooms.initiatives.models import Initiative, Line, Participant, Pledge, Task
    from guyub.rooms.partners import api
    from guyub.rooms.places import api as places

    rng, now = random.Random(2), timezone.now()
    codes = [row.code for row in places.gazetteer().settlements]
    themes = [theme.code for theme in api.themes()]
    Initiative.objects.bulk_create(
        Initiative(
            slug=f"uji-{n}",
            title=f"Prakarsa uji {n}",
            purpose="Kata-kata uji yang cukup panjang.",
            theme=rng.choice(themes),
            places=[rng.choice(codes)],
            office_id=office if n % 2 else None,
            partner_id=None if n % 2 else partners[n],
            state=rng.choice(["OPEN", "RUNNING"]),
            starts_on=now.date(),
            ends_on=(now + timedelta(days=30)).date(),
            created_at=now,
            opened_at=now - timedelta(hours=n),
            changed_at=now,
        )
        for n in range(many)
    )
    made = list(
        Initiative.objects.filter(slug__startswith="uji-").order_by("pk").values_list("pk", flat=True)
    )
    joined = {pk: rng.sample(partners, 5) for pk in made}
    Participant.objects.bulk_create(
        Participant(
            initiative_id=pk,
            partner_id=partner,
            role="PELAKSANA",
            state="ACCEPTED",
            invited_at=now,
            answered_at=now,
        )
        for pk, own in joined.items()
        for partner in own
    )
    Line.objects.bulk_create(
        Line(
            initiative_id=pk,
            position=n,
            resource=resource,
            what="Untuk uji",
            amount=50,
            unit=unit,
            pledged=20 if n < 3 else 0,
        )
        for pk in made
        for n, (resource, unit) in enumerate(RESOURCES, 1)
    )
    lines = Line.objects.filter(initiative__in=made, position__lt=3).values_list("pk", "initiative_id")
    Pledge.objects.bulk_create(
        Pledge(
            line_id=line,
            partner_id=joined[pk][0],
            promised=20,
            pledged=20,
            due_on=(now + timedelta(days=9)).date(),
            first_due_on=(now + timedelta(days=9)).date(),
            has_conflict=False,
            made_at=now,
            changed_at=now,
        )
        for line, pk in lines
    )
    Task.objects.bulk_create(
        Task(
            initiative_id=pk,
            partner_id=joined[pk][n],
            title=f"Tugas uji {n}",
            due_on=(now + timedelta(days=9)).date(),
        )
        for pk in made
        for n in range(3)
    )


def _give_offers_to(slug: str, partner: int) -> None:
    """The demo's resident acts for one of the partners, so that their own page has something on it."""
    from django.utils import timezone

    from guyub.rooms.partners.models import Member
    from guyub.rooms.people.models import Account

    account, now = Account.objects.get(email=f"{slug}@demo.guyub.example"), timezone.now()
    Member.objects.create(
        partner_id=partner, account=account, role="PENGURUS", state="ACTIVE", asked_at=now, decided_at=now
    )


def measures() -> list[Measure]:
    from django.utils import timezone

    from guyub.rooms.needs import suggesting
    from guyub.rooms.needs.models import Need
    from guyub.rooms.places import api as places

    anyone, resident = Visitor(), Visitor("warga@demo.guyub.example")
    agency, verifier = Visitor("penghubung@demo.guyub.example"), Visitor("kemitraan@demo.guyub.example")
    written = Need.objects.filter(title__startswith="Kebutuhan uji")
    usual, worst = written.get(title="Kebutuhan uji 7"), written.order_by("-pk")[0]
    place, theme, now = usual.place_code, usual.theme, timezone.now()
    kecamatan = places.gazetteer().by_code[place].parent_code
    fitting = bare(FITTING, ["GOODS", "HOURS", "SKILL"], [theme], [place, worst.place_code])
    narrowed = f"?tema={theme}&jenis=HOURS&wilayah={place}"
    known = f"?tema={theme}&jenis=COMMUNITY&wilayah={kecamatan}"
    board = f"/wilayah/{place}/gotong-royong/"
    found = [
        Measure("bare handler (/healthz)", anyone.get("/healthz"), times=50),
        Measure("gotong royong", anyone.get("/gotong-royong/"), AIM),
        Measure("gotong royong, read anew", anew(anyone.get("/gotong-royong/"))),
        Measure("board of a kelurahan", anyone.get(board), AIM),
        Measure("board of a kelurahan, anew", anew(anyone.get(board))),
        Measure("board of a kecamatan", anyone.get(f"/wilayah/{kecamatan}/gotong-royong/"), AIM),
        Measure("partners", anyone.get("/mitra/"), AIM, bare(PARTNERS)),
        Measure("partners, narrowed", anyone.get(f"/mitra/{known}"), AIM, bare(PARTNERS)),
        Measure("partners, page 100", anyone.get("/mitra/?hal=100"), AIM, bare(PARTNERS)),
        Measure("partners, two words", anyone.get("/mitra/?cari=mitra+0042"), AIM, bare(PARTNERS)),
        Measure("page of a partner", anyone.get("/mitra/uji-1/"), AIM),
        Measure("network", anyone.get("/mitra/jejaring/"), AIM),
        Measure("network, read anew", anew(anyone.get("/mitra/jejaring/"))),
        Measure("network of a kecamatan", anyone.get(f"/mitra/jejaring/?wilayah={kecamatan}"), AIM),
        Measure("own partners", resident.get("/mitra/saya/"), AIM),
        Measure("own partner's summary", resident.get("/mitra/uji-0/kelola/"), AIM),
        Measure("needs", anyone.get("/kebutuhan/"), AIM, bare(LIST)),
        Measure("needs, narrowed", anyone.get(f"/kebutuhan/{narrowed}"), AIM, bare(LIST)),
        Measure("needs, page 40", anyone.get("/kebutuhan/?hal=40"), AIM, bare(LIST)),
        Measure("page of a need", anyone.get(f"/kebutuhan/{usual.number}/"), AIM),
        Measure("offers", anyone.get("/tawaran/"), AIM, bare(OFFERS)),
        Measure("offers, narrowed", anyone.get(f"/tawaran/{narrowed}"), AIM, bare(OFFERS)),
        Measure("offers, page 50", anyone.get("/tawaran/?hal=50"), AIM, bare(OFFERS)),
        Measure("own offers, needs that fit", resident.get("/tawaran/saya/"), AIM, bare(LIST)),
        Measure("matching alone", lambda: len(suggesting.offers_for(usual, at=now)), AIM, fitting),
        Measure(
            "matching alone, worst need", lambda: len(suggesting.offers_for(worst, at=now)), AIM, fitting
        ),
        Measure("desk: worst need, matches", agency.get(f"/petugas/kebutuhan/{worst.number}/"), AIM, fitting),
        Measure("desk: needs", agency.get("/petugas/kebutuhan/"), AIM),
        Measure("desk: gotong royong", agency.get("/petugas/gotong-royong/"), AIM),
        Measure("desk: partners", verifier.get("/petugas/mitra/"), AIM, bare(PARTNERS)),
        Measure("desk: initiatives", agency.get("/petugas/prakarsa/"), AIM),
        Measure("initiatives", anyone.get("/prakarsa/"), AIM),
        Measure("initiatives of a kecamatan", anyone.get(f"/prakarsa/?wilayah={kecamatan}"), AIM),
        Measure("page of an initiative", anyone.get("/prakarsa/uji-0/"), AIM),
        Measure("own promises and parts", resident.get("/prakarsa/saya/"), AIM),
    ]
    for one in found[1:]:
        one.times = 5
    return found


def anew(call: Callable[[], int]) -> Callable[[], int]:
    """A page as the first visitor of the minute gets it."""
    from guyub.kernel.cities import api as cities
    from guyub.rooms.partners.web import network
    from guyub.sites.portal import standing, together

    kept = [standing._everywhere, network._kept, *together._said.values()]

    def forgetting() -> int:
        cities.enter(cities.get_city_by_slug("bandung"))
        for one in kept:
            one.forget()
        return call()

    return forgetting


if __name__ == "__main__":
    main()
