"""Sums never lie: many people at once promise, accept, bring, find, withdraw and spend on one line, to the rupiah."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models import Sum
from django.utils import timezone

from guyub.demo.people import DOMAIN, add_demo_people
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.cities import api as cities
from guyub.rooms.initiatives import delivering, drafting, lines, pledging
from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.delivering import Brings
from guyub.rooms.initiatives.models import Delivery, Initiative, Line, Pledge, Spending
from guyub.rooms.initiatives.rules import Sums
from guyub.rooms.partners import api as partners
from guyub.rooms.partners.models import Partner
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from tests.factories import picture

WORKERS, TURNS = 6, 14
NAMES = ("pledged", "accepted", "delivered", "verified")


@pytest.fixture
def scene(committing_city):
    """A running initiative of the kelurahan with one line of money, and two partners that take part."""
    add_demo_people()
    now, today = timezone.now(), timezone.localdate()
    ids = dict(Account.objects.filter(email__endswith=DOMAIN).values_list("email", "pk"))
    who = {email.partition("@")[0]: people.person(pk, on=today) for email, pk in ids.items()}
    grant = who["lurah"].grants[0]
    plan = drafting.Plan("Uji Bersama", "Uji.", "sosial", (grant.place,))
    row = drafting.draft(plan=plan, by=who["lurah"], at=now, office=grant.organisation)
    wanted = lines.Wanted("MONEY", "Dana", "", 5_000_000)
    line = lines.add_line(initiative=row.pk, wanted=wanted, by=who["lurah"], at=now)
    drafting.open_up(initiative=row.pk, by=who["lurah"], at=now)
    lines.state_exemption(initiative=row.pk, code="gotong-royong", by=who["lurah"], at=now)
    for slug in ("warga", "ketua-rt"):
        partners.found(
            profile=partners.Profile(name=f"Mitra {slug}", places=(grant.place,)), by=who[slug], at=now
        )
    givers = [
        (who[slug], Partner.objects.get(founded_by_id=who[slug].acting).pk) for slug in ("warga", "ketua-rt")
    ]
    return committing_city, row.pk, line, who["lurah"], who["seklur"], givers


def a_turn(dice: random.Random, line: int, lurah: Any, kasi: Any, givers: list[Any]) -> None:
    """One thing that somebody does, whether it is possible now or not."""
    now, today = timezone.now(), timezone.localdate()
    giver, partner = dice.choice(givers)
    amount = dice.randint(1, 900_000)
    keys = list(Pledge.objects.filter(line_id=line).values_list("pk", flat=True))
    key = dice.choice(keys) if keys else None
    what = dice.choice(
        [
            "pledge",
            "pledge",
            "accept",
            "accept",
            "deliver",
            "deliver",
            "find",
            "find",
            "withdraw",
            "spend",
            "back",
            "unfind",
        ]
    )
    if what == "pledge" or key is None:
        due = today + timedelta(days=3)
        pledging.pledge(line=line, amount=amount, due_on=due, by=giver, at=now, partner=partner)
    elif what == "accept":
        pledging.accept(pledge=key, by=lurah, at=now)
    elif what == "deliver":
        found = Pledge.objects.get(pk=key)
        owner = next(person for person, own in givers if own == found.partner_id)
        said = Brings(dice.choice([amount, max(found.accepted - found.delivered, 1)]), today, "")
        made = delivering.deliver(pledge=key, said=said, photos=[picture()], by=owner, at=now)
        delivering.receive(delivery=made.pk, at=now)
    elif what == "withdraw":
        found = Pledge.objects.get(pk=key)
        owner = next(person for person, own in givers if own == found.partner_id)
        pledging.withdraw(pledge=key, words="Uji.", by=owner, at=now)
    elif what == "spend":
        delivering.spend(line=line, amount=amount, what="Uji", on=today, by=lurah, at=now)
    else:
        brought = Delivery.objects.filter(pledge__line_id=line).order_by("?").first()
        if brought is None:
            return
        if what == "find":
            found = dice.randint(1, brought.amount)
            delivering.verify(delivery=brought.pk, found=found, by=kasi, at=now)
        elif what == "unfind":
            delivering.take_back(delivery=brought.pk, words="Uji.", by=lurah, at=now)
        else:
            delivering.send_back(delivery=brought.pk, words="Uji.", by=kasi, at=now)


def test_sums_never_lie_whoever_acts_at_once(scene):
    city, initiative, line, lurah, kasi, givers = scene
    problems: list[BaseException] = []
    watched: list[Line] = []
    done = threading.Event()

    def work(seed: int) -> None:
        dice = random.Random(seed)
        try:
            with cities.inside(city):
                for _turn in range(TURNS):
                    try:
                        a_turn(dice, line, lurah, kasi, givers)
                    except (NotAllowed, Refused):
                        continue  # not possible now: that is the rule, and nothing happened
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    def watch() -> None:
        with cities.inside(city):
            while not done.is_set():
                watched.append(Line.objects.get(pk=line))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(WORKERS)]
    watcher = threading.Thread(target=watch)
    for thread in [watcher, *threads]:
        thread.start()
    for thread in threads:
        thread.join(120)
    done.set()
    watcher.join(10)
    assert problems == []
    dice = random.Random(0)
    for _turn in range(500):  # where chance left nothing verified, the sums would prove nothing
        if Line.objects.get(pk=line).verified:
            break
        with suppress(NotAllowed, Refused):
            a_turn(dice, line, lurah, kasi, givers)
    assert all(row.sums.holds and row.spent <= row.verified for row in watched)
    row = Line.objects.get(pk=line)
    total = Pledge.objects.filter(line=row).aggregate(
        **{f"all_{name}": Sum(name, default=0) for name in NAMES}
    )
    assert row.sums == Sums(*(int(total[f"all_{name}"]) for name in NAMES))
    assert all(one.sums.holds for one in Pledge.objects.filter(line=row))
    spent = Spending.objects.filter(line=row).aggregate(all=Sum("amount", default=0))["all"]
    assert row.spent == spent <= row.verified <= row.amount
    brought = Delivery.objects.filter(pledge__line=row).exclude(state="REFUSED")
    there = sum(one.found if one.state == "VERIFIED" else one.amount for one in brought)
    assert row.delivered == there
    assert row.verified == sum(one.found for one in brought)
    assert row.verified > 0
    drafting.stop(initiative=initiative, words="Uji selesai.", by=lurah, at=timezone.now())
    row.refresh_from_db()
    assert row.pledged == row.accepted == row.delivered
    assert Initiative.objects.get(pk=initiative).state == "STOPPED"
