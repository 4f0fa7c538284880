"""The demo goes on living: after the year is filled, residents report and offices act, through the actions."""

from __future__ import annotations

import logging
import random
import time
import uuid
from datetime import datetime

from django.db import connections, transaction
from django.utils import timezone

from guyub.demo import words
from guyub.demo.filling import fill_rest
from guyub.demo.floods import add_demo_floods, tell_of_rob
from guyub.demo.people import officer_of as officer_of
from guyub.demo.plan import plan
from guyub.demo.sensors import send_due
from guyub.demo.tides import measure_now, show_sea
from guyub.kernel.cities import api as cities
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, State
from guyub.rooms.people import api as people
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Category, Report

log = logging.getLogger("guyub.simulator")

PAUSE_SECONDS = (6, 18)
STEPS = (State.RECEIVED, State.FORWARDED, State.WORK_DONE)


def live(*, go_on: bool) -> None:
    """Fill the sea and the rest of the year, then add a little now and then until ended."""
    for _city in cities.each_city():
        show_sea(at=timezone.now())
        with transaction.atomic():
            add_demo_floods(at=timezone.now())
    fill_rest(meanwhile=send_values if go_on else lambda: None)
    rng = random.Random()  # noqa: S311 — the simulator's present need not repeat
    while go_on:
        time.sleep(rng.uniform(*PAUSE_SECONDS))
        try:
            send_values()
            with cities.inside(rng.choice([c for c in cities.cities() if "demo" in c.profile])):
                report_something(rng, at=timezone.now())
                move_something(rng, at=timezone.now())
        except Exception:
            log.exception("the simulator stumbled and goes on")
            connections.close_all()
    connections.close_all()


def send_values() -> None:
    """What all simulated sensors measured until now, and what people tell of the water."""
    for _city in cities.each_city():
        measure_now(at=timezone.now())
        send_due(at=timezone.now())
        tell_of_rob(at=timezone.now())


def report_something(rng: random.Random, *, at: datetime) -> str:
    """One new report, as a resident of the entered city would send it; returns its number."""
    idea = next(plan(cities.get_city().slug, rng.randrange(10**9), at, 1))
    receipt = actions.submit_report(
        what=actions.Submission(
            submission=uuid.uuid4(),
            report_class=idea.report_class,
            category=idea.category,
            body=idea.text,
            place=idea.place_code,
            about_conduct=idea.conduct,
            rw=idea.rw,
            rt=idea.rt,
            landmark=idea.landmark,
            lat=idea.lat,
            lon=idea.lon,
            is_anonymous=idea.anonymous,
            is_confidential=idea.confidential,
        ),
        at=at,
    )
    return receipt.number


def move_something(rng: random.Random, *, at: datetime) -> str | None:
    """One step of one case that has waited a while: verify it, answer it, or let the reporter confirm."""
    state = rng.choice(STEPS)
    waiting = Case.objects.filter(kind="report", state=state, is_restricted=False).order_by("updated_at")
    case = next(iter(waiting[rng.randrange(5) :][:1]), None)
    if case is None:
        return None
    if state is State.WORK_DONE:
        actions.confirm(report=Report.objects.get(pk=case.subject.partition(":")[2]), at=at)
        return case.number
    officer = officer_of(case)
    if case.mode == casework.Mode.REQUEST and case.accepted_at is None:
        casework.actions.accept_request(case=case.uuid, by=officer, at=at)
    if state is State.RECEIVED:
        report = Report.objects.get(pk=case.subject.partition(":")[2])
        actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=officer, at=at)
    else:
        office = people.directory().get(case.office_id)
        said = words.answer_text(rng, Category.objects.get(code=case.category).code, office.name)
        actions.answer_report(case=case.uuid, words=said, by=officer, at=at)
    return case.number
