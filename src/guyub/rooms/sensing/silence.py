"""Alarm when a sensor says nothing any more. One open alarm a datastream: the database holds the second one off."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events.sensing import SensorBack, SensorSilent
from guyub.kernel.access.api import ROLES, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import prepared_cursor
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.people import api as people
from guyub.rooms.sensing import reference
from guyub.rooms.sensing.models import Datastream, Silence

_KEEPERS = frozenset(code for code, role in ROLES.items() if roles.SENSORS in role.powers)

_IS_SILENT = (
    "l.phenomenon_time + greatest(make_interval(secs => d.cadence * %(times)s::int), "
    "make_interval(mins => %(least)s::int)) < %(at)s"
)

_OPEN = f"""
    INSERT INTO sensing_silence (datastream_id, since, opened_at)
    SELECT d.id, l.phenomenon_time, %(at)s FROM sensing_datastream d JOIN sensing_latest l ON l.datastream_id = d.id
    WHERE d.cadence IS NOT NULL AND {_IS_SILENT}
    ON CONFLICT (datastream_id) WHERE closed_at IS NULL DO NOTHING RETURNING id"""  # noqa: S608
_CLOSE = f"""
    UPDATE sensing_silence s SET closed_at = %(at)s FROM sensing_datastream d, sensing_latest l
    WHERE s.closed_at IS NULL AND d.id = s.datastream_id AND l.datastream_id = d.id
    AND (d.cadence IS NULL OR NOT {_IS_SILENT}) RETURNING s.id"""  # noqa: S608


@transaction.atomic
def sweep_silence(*, at: datetime) -> tuple[int, int]:
    """Open an alarm for what has fallen silent, close those of what speaks again; returns how many of each."""
    values = {
        "times": reference.amount("silent_after", at=at),
        "least": reference.amount("silent_least", at=at),
        "at": at,
    }
    with prepared_cursor(connection) as cursor:
        cursor.execute(_OPEN, values)
        opened = [key for (key,) in cursor.fetchall()]
        cursor.execute(_CLOSE, values)
        closed = [key for (key,) in cursor.fetchall()]
    for row in _rows(opened):
        event = SensorSilent(
            datastream=row.datastream_id, kind=_kind(row), since=row.since.isoformat(timespec="seconds")
        )
        _record(row, event, at=at)
        _tell(row, at=at)
    for row in _rows(closed):
        minutes = max(int((at - row.since) / timedelta(minutes=1)), 0)
        _record(row, SensorBack(datastream=row.datastream_id, kind=_kind(row), minutes=minutes), at=at)
    return len(opened), len(closed)


def _rows(keys: list[int]) -> list[Silence]:
    if not keys:
        return []
    rows = Silence.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.select_related("datastream__thing", "datastream__observed_property"))


def _kind(row: Silence) -> str:
    return row.datastream.observed_property.code


def _record(row: Silence, event: SensorSilent | SensorBack, *, at: datetime) -> None:
    ledger.record(event, subject=row.datastream.subject, at=at, by=None, place=row.datastream.thing.place)


def _tell(row: Silence, *, at: datetime) -> None:
    """Who keeps sensors at the office that owns it; at none if nobody is named."""
    stream: Datastream = row.datastream
    if stream.owner_id is None:
        return
    told = people.accounts_with(
        roles=_KEEPERS, organisation=stream.owner_id, on=local_date(at, get_city().tz)
    )
    with override("id"):
        since = row.since.astimezone(get_city().tz).strftime("%d-%m-%Y %H.%M")
        subject = _("Sensor diam: %(name)s") % {"name": stream.name}
        body = _("Nilai terakhirnya pukul %(since)s. Periksa alat, listrik, dan sambungannya.") % {
            "since": since
        }
        for account in told:
            notices.notify(
                key=f"sensing.silent:{row.pk}:{account}",
                recipient=f"account:{account}",
                subject=subject,
                body=body,
                at=at,
                link=reverse("desk_sensor", args=[stream.pk]),
            )
