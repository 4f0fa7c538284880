"""A need is taken up by an initiative: its lines are copied, and it hears what became of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.utils.translation import gettext as _

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed
from guyub.rooms.initiatives import lines
from guyub.rooms.initiatives.acting import Refused, address_of, record
from guyub.rooms.initiatives.models import Initiative, Task
from guyub.rooms.needs import api as needs

PREFIX = "needs.need"


def need_of(row: Initiative) -> int | None:
    """The need that an initiative answers, if it answers one."""
    prefix, _sep, key = row.cause.partition(":")
    return int(key) if prefix == PREFIX and key.isdigit() else None


def copy_lines(row: Initiative, need: int, *, by: int, at: datetime) -> None:
    """What the need asks for, line by line; and one task where the template gave none."""
    for line in needs.lines(need=need):
        wanted = lines.Wanted(
            resource=line.resource,
            what=line.purpose[:120],
            unit=line.unit,
            amount=line.amount,
            needed_on=line.until_on,
        )
        lines.add(row, wanted, by=by, at=at)
    if not Task.objects.filter(initiative=row).exists():
        task = Task.objects.create(
            initiative=row,
            title=needs.get(id=need).title,
            due_on=row.ends_on,
            office_id=row.office_id,
            partner_id=row.partner_id,
        )
        record(events.TaskSet(initiative=row.pk, task=task.pk), initiative=row, by=by, at=at)


def take_up(row: Initiative, *, by: int, at: datetime) -> None:
    """Everyone reads that somebody works on the need. Raises `Refused` if somebody else does already."""
    need = need_of(row)
    if need is None:
        return
    try:
        needs.took_up(need=need, subject=row.subject, by=by, at=at, address=address_of(row))
    except NotAllowed:
        raise Refused(_("Kebutuhan ini sudah dikerjakan prakarsa lain atau sudah tidak dicari.")) from None


def met(row: Initiative, *, by: int, at: datetime) -> None:
    need = need_of(row)
    if need is not None:
        with suppress(NotAllowed):  # whoever stands behind it may have said so first
            needs.met_through(need=need, subject=row.subject, by=by, at=at)


def give_back(row: Initiative, *, by: int, at: datetime) -> None:
    need = need_of(row)
    if need is not None:
        with suppress(NotAllowed):
            needs.gave_back(need=need, subject=row.subject, words=row.closing_words, by=by, at=at)
