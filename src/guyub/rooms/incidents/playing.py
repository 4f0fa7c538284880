"""The steps of a playbook: laid out by level, each done or skipped with a reason; the city adds steps of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import incidents as events
from guyub.kernel import parties
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.incidents import reference, tasking
from guyub.rooms.incidents.acting import Refused, add_line, known_party, locked, needs_words, record
from guyub.rooms.incidents.models import Incident, OwnStep, RunStep
from guyub.rooms.incidents.rules import CALLED, LEVELS, StepKind, StepState, is_at_least, steps_for
from guyub.rooms.initiatives import api as initiatives
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people


def lay_out(row: Incident, *, level: str, by: int, at: datetime) -> int:
    """Lay out the steps of a level that were not there before; the incident is at the highest level so far."""
    had = frozenset(RunStep.objects.filter(incident=row).values_list("code", flat=True))
    new = [
        RunStep(
            incident=row,
            code=one.code,
            level=one.level,
            step=one.kind,
            what=one.what,
            party=_party_of(one.office),
            theme=one.theme,
            template=one.template,
            minutes=one.minutes,
            due_at=at + timedelta(minutes=one.minutes) if one.minutes else None,
        )
        for one in steps_for(reference.playbook(row.kind, at=at), level=level, had=had)
    ]
    new += [one for one in _own_steps(row, level, at) if one.code not in had]
    RunStep.objects.bulk_create(new)
    is_higher = LEVELS.index(level) > LEVELS.index(row.level)
    if is_higher:
        row.level = level
        row.save(update_fields=["level"])
    if new or is_higher:  # a level that asks for no step is a fact all the same
        fact = events.PlaybookStarted(incident=row.pk, kind=row.kind, level=level, steps=len(new))
        record(fact, row=row, by=by, at=at)
    return len(new)


def _party_of(office: str) -> str:
    found = people.directory().find_key(office) if office else None
    return parties.party("office", found.id) if found else ""


def _own_steps(row: Incident, level: str, at: datetime) -> Iterable[RunStep]:
    for one in OwnStep.objects.filter(kind=row.kind, ended_at__isnull=True).order_by("pk"):
        if is_at_least(level, one.level):
            yield RunStep(
                incident=row,
                code=f"kota-{one.pk}",
                level=one.level,
                step=one.step,
                what=one.what,
                party=one.party,
                template=one.template,
                minutes=one.minutes,
                due_at=at + timedelta(minutes=one.minutes) if one.minutes else None,
            )


@transaction.atomic
def raise_level(*, incident: int, level: str, by: Person, at: datetime) -> int:
    """Lay out what a level asks for, by hand. Raises `NotAllowed`, `Refused`. Returns how many steps came new."""
    row = locked(incident, by=by)
    if level not in CALLED:
        raise Refused(_("Pilih tingkat: Waspada, Siaga, atau Awas."), field="level")
    return lay_out(row, level=level, by=by.acting, at=at)


def _open_step(step: int, row: Incident) -> RunStep:
    found = RunStep.objects.filter(pk=step, incident=row).first()
    if found is None or found.state != StepState.OPEN:
        raise Refused(_("Langkah ini sudah dijawab."), field="step")
    return found


@transaction.atomic
def do_step(*, incident: int, step: int, by: Person, at: datetime) -> RunStep:
    """Carry a step out: a task is given, somebody is called, an initiative is opened, or it is noted as done.

    Raises `NotAllowed`, `Refused`.
    """
    row = locked(incident, by=by)
    found = _open_step(step, row)
    if found.step == StepKind.TASK:
        _give_task(row, found, by, at)
    elif found.step == StepKind.CALL:
        _call(row, found, by, at)
    elif found.step == StepKind.INITIATIVE:
        _open_initiative(row, found, by, at)
    found.state, found.settled_at, found.settled_by = StepState.DONE.value, at, by.acting
    found.save()
    fact = events.StepDone(incident=row.pk, step=found.pk, task=found.task_id, initiative=found.initiative)
    record(fact, row=row, by=by.acting, at=at)
    return found


def _give_task(row: Incident, found: RunStep, by: Person, at: datetime) -> None:
    if not found.party:
        raise Refused(
            _("Kantor untuk langkah ini tidak ada di kota ini. Beri tugas sendiri, lalu lewati langkah ini.")
        )
    due = at + timedelta(minutes=found.minutes or 60)
    found.task = tasking.give(row, party=found.party, what=found.what, due_at=due, by=by.acting, at=at)


def _call(row: Incident, found: RunStep, by: Person, at: datetime) -> None:
    codes = [found.party] if found.party else _on_theme(row, found.theme)
    if not codes:
        raise Refused(
            _(
                "Belum ada mitra terverifikasi untuk tema ini di wilayah insiden. Hubungi sendiri, lalu lewati langkah ini."
            )
        )
    for code in codes:
        tasking.ring(row, party=code, words=found.what, by=by.acting, at=at)


def _on_theme(row: Incident, theme: str) -> list[str]:
    """The verified partners that work on a theme where the incident is."""
    found = {
        one.id
        for place in row.places
        for one in partners.active_in(place=place, theme=theme or None, limit=30)
    }
    return [parties.party("partner", key) for key in sorted(found)]


def _open_initiative(row: Incident, found: RunStep, by: Person, at: datetime) -> None:
    if row.is_exercise:
        raise Refused(
            _("Dalam latihan prakarsa tidak dibuka sungguhan. Lewati langkah ini dengan alasan latihan.")
        )
    try:
        made = initiatives.open_from_template(
            template=found.template, place=row.places[0], by=by, at=at, cause=row.subject
        )
    except initiatives.Refused as refused:
        raise Refused(str(refused)) from refused
    except NotAllowed:
        raise Refused(
            _(
                "Prakarsa dibuka oleh yang berwenang menjalankannya, misalnya BPBD, camat, atau lurah setempat."
            )
        ) from None
    found.initiative = made.pk


@transaction.atomic
def skip_step(*, incident: int, step: int, reason: str, by: Person, at: datetime) -> None:
    """Leave a step out, with a reason in the log. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    found = _open_step(step, row)
    found.reason = needs_words(reason)
    found.state, found.settled_at, found.settled_by = StepState.SKIPPED.value, at, by.acting
    found.save()
    line = add_line(row, f"{found.what} {found.reason}", by=by.acting, at=at)
    record(events.StepSkipped(incident=row.pk, step=found.pk, line=line.pk), row=row, by=by.acting, at=at)


# ── The city's own steps ───────────────────────────────────────────────────────────────────────────────────


def _may_write(by: Person) -> int:
    """Playbooks hold in the whole city, so only who runs incidents everywhere writes them."""
    if "" not in by.places(roles.INCIDENTS):
        raise NotAllowed("Playbooks are the whole city's.")
    return by.acting


@transaction.atomic
def add_own_step(
    *,
    kind: str,
    level: str,
    step: str,
    what: str,
    party: str,
    template: str,
    minutes: int,
    by: Person,
    at: datetime,
) -> OwnStep:
    """The city adds a step; incidents that go on already keep what was laid out. Raises `NotAllowed`, `Refused`."""
    account = _may_write(by)
    if step in (StepKind.TASK, StepKind.CALL):
        known_party(party)
    if step == StepKind.INITIATIVE and template not in {one.code for one in initiatives.templates(at=at)}:
        raise Refused(_("Pilih templat prakarsa."), field="template")
    made = OwnStep.objects.create(
        kind=kind,
        level=level,
        step=StepKind(step).value,
        what=what,
        party=party if step in (StepKind.TASK, StepKind.CALL) else "",
        template=template if step == StepKind.INITIATIVE else "",
        minutes=minutes,
        added_at=at,
        added_by=account,
    )
    _record_own(made, account, at)
    return made


@transaction.atomic
def end_own_step(*, own_step: int, by: Person, at: datetime) -> None:
    """Take a step of the city's own off. Raises `NotAllowed`."""
    account = _may_write(by)
    row = OwnStep.objects.select_for_update().get(pk=own_step)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        _record_own(row, account, at)


def _record_own(row: OwnStep, by: int, at: datetime) -> None:
    fact = events.OwnStepChanged(own_step=row.pk, kind=row.kind, is_active=row.ended_at is None)
    ledger.record(fact, subject=f"incidents.own_step:{row.pk}", at=at, by=by, place=get_city().code)
