"""What officers do with sensors: register one, add what it measures, set it, judge a value, let a program send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import Event
from guyub.events import sensing as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.ledger import api as ledger
from guyub.rooms.sensing import checking, observations, quality, reference
from guyub.rooms.sensing.features import default_features
from guyub.rooms.sensing.models import (
    Datastream,
    Judgement,
    Location,
    ObservedProperty,
    Sensor,
    Thing,
    Writer,
)
from guyub.rooms.sensing.placing import place_thing
from guyub.rooms.sensing.quality import Flag, Point
from guyub.rooms.sensing.rules import Verdict

_OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
TYPES = {
    "number": f"{_OM}OM_Measurement",
    "state": f"{_OM}OM_CategoryObservation",
    "link": f"{_OM}OM_Observation",
}


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that is measured: one datastream."""

    kind: str
    name: str
    description: str = ""
    datum: str = ""
    cadence: int | None = None
    is_public: bool = False
    is_simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Measure):
    """A sensor to be registered with its thing. `owner` is the office whose it is; `link` a camera's address."""

    lat: float
    lon: float
    owner: int | None
    link: str = ""


@transaction.atomic
def add_sensor(*, what: Plan, by: Person | None, at: datetime) -> Datastream:
    """A thing at a point with its first datastream. `by` is None for the operator and the demo. Raises `NotAllowed`,
    `Refused`."""
    if by is not None:
        _must_hold(by, what.owner)
    kind = _known_kind(what, at)
    properties = {"link": what.link} if what.link else None
    thing = Thing.objects.create(
        name=what.name, description=what.description or kind.label, properties=properties
    )
    point = {"type": "Point", "coordinates": [what.lon, what.lat]}
    place = Location.objects.create(name=what.name, description=what.description or what.name, location=point)
    place_thing(thing, [place], at=at)
    if not thing.place:
        raise Refused(_("Titik ini tidak terletak di daerah ini."), field="lat")
    return _add(thing, what, kind, owner=what.owner, by=by, at=at)


@transaction.atomic
def add_measure(*, beside: int, what: Measure, by: Person, at: datetime) -> Datastream:
    """Something more that the thing of a datastream measures, for the same office. Raises `NotAllowed`, `Refused`."""
    row = _held(beside, by)
    if row.thing.owner_id is not None:
        _must_hold(by, row.thing.owner_id)
    kind = _known_kind(what, at)
    if kind.result == "link":
        raise Refused(_("Kamera didaftarkan sebagai sensor tersendiri."))
    return _add(row.thing, what, kind, owner=row.owner_id, by=by, at=at)


def _known_kind(what: Measure, at: datetime) -> reference.Kind:
    kind = reference.kinds(at=at).get(what.kind)
    if kind is None:
        raise Refused(_("Jenis sensor ini tidak dikenal."), field="kind")
    return kind


def _add(
    thing: Thing,
    what: Measure,
    kind: reference.Kind,
    *,
    owner: int | None,
    by: Person | None,
    at: datetime,
) -> Datastream:
    row = Datastream.objects.create(
        name=what.name,
        description=what.description or kind.label,
        thing=thing,
        sensor=_sensor(kind),
        observed_property=_observed(kind),
        observation_type=TYPES[kind.result],
        unit_of_measurement={"name": kind.unit[0], "symbol": kind.unit[1], "definition": ""},
        datum=what.datum,
        cadence=what.cadence or kind.cadence,
        is_public=what.is_public,
        is_simulated=what.is_simulated,
        owner_id=owner,
    )
    default_features({row.pk})
    _record(events.SensorAdded(datastream=row.pk, kind=kind.code), row, by=by, at=at)
    return row


def _sensor(kind: reference.Kind) -> Sensor:
    """What measures is not described more closely here; the machine interface can."""
    found = Sensor.objects.filter(name=kind.label, encoding_type="text/plain").order_by("pk").first()
    return found or Sensor.objects.create(
        name=kind.label, description=kind.label, encoding_type="text/plain", metadata=kind.label
    )


def _observed(kind: reference.Kind) -> ObservedProperty:
    found = ObservedProperty.objects.filter(code=kind.code).order_by("pk").first()
    return found or ObservedProperty.objects.create(
        code=kind.code, name=kind.label, description=kind.label, definition=f"urn:guyub:sensing:{kind.code}"
    )


@transaction.atomic
def set_sensor(
    *,
    datastream: int,
    cadence: int | None,
    retention_days: int | None,
    is_public: bool,
    neighbour: int | None,
    drift: float | None,
    by: Person,
    at: datetime,
) -> None:
    """How often it speaks (seconds), how long its values are kept, who may read them, and beside which other it is held.

    `drift` is how far it may move away from its neighbour; None leaves that to the city's rule. Raises `NotAllowed`,
    `Refused`.
    """
    row = _held(datastream, by)
    row.cadence, row.retention_days, row.is_public = cadence, retention_days, is_public
    row.quality_rules = _beside(row, neighbour, drift, at)
    row.save(update_fields=["cadence", "retention_days", "is_public", "quality_rules"])
    _record(events.SensorChanged(datastream=row.pk, is_public=is_public), row, by=by, at=at)


def _beside(row: Datastream, neighbour: int | None, drift: float | None, at: datetime) -> dict[str, Any]:
    """The datastream's own rules with this neighbour. Raises `Refused`."""
    rules = {key: value for key, value in row.quality_rules.items() if key not in ("neighbour", "drift")}
    if neighbour is None:
        return rules
    if neighbour not in {one.pk for one in alike(row)}:
        raise Refused(_("Pilih sensor lain yang sejenis."), field="neighbour")
    rules["neighbour"] = neighbour
    if drift is not None:
        rules["drift"] = drift
    if reference.tests_for(row.observed_property.code, rules, at=at).drift is None:
        raise Refused(_("Daerah belum punya aturan untuk jenis ini. Tulis batasnya."), field="drift")
    return rules


def alike(row: Datastream) -> list[Datastream]:
    """The other datastreams beside which its numbers may be held, by name: of the same kind in the same unit."""
    if row.observation_type != TYPES["number"]:
        return []
    code = row.observed_property.code
    same = {"observed_property__code": code} if code else {"observed_property": row.observed_property_id}
    rows = Datastream.objects.filter(**same, observation_type=row.observation_type).exclude(pk=row.pk)
    unit = row.unit_of_measurement.get("symbol")
    found = rows.select_related("thing").order_by("name", "pk")
    return [one for one in found if one.unit_of_measurement.get("symbol") == unit]


@transaction.atomic
def judge(
    *, datastream: int, time: datetime, verdict: Verdict, reason: str, by: Person, at: datetime
) -> None:
    """Say of a value that it is bad or good, or leave it to the tests again. Raises `NotAllowed`, `Refused`."""
    row = _held(datastream, by)
    observations.lock([row.pk])
    point = checking.point_at(row.pk, time)
    if point is None:
        raise Refused(_("Nilai ini sudah tidak ada."))
    flags = point.flags & ~quality.BY_PEOPLE | _SAID[verdict]
    checking.write_flags(row.pk, [(Point(time, point.value, point.flags), int(flags))])
    Judgement.objects.create(
        datastream=row, time=time, verdict=verdict.value, reason=reason, by_id=by.acting, at=at
    )
    said = time.astimezone(UTC).isoformat(timespec="seconds")
    _record(events.ValueJudged(datastream=row.pk, time=said, verdict=verdict.value), row, by=by, at=at)


_SAID = {Verdict.BAD: Flag.OFFICER_BAD, Verdict.GOOD: Flag.OFFICER_GOOD, Verdict.TESTS: 0}


@transaction.atomic
def add_writer(*, datastream: int, client: int, by: Person, at: datetime) -> None:
    """Let a program send values of this sensor's thing. Raises `NotAllowed`."""
    row = _held(datastream, by)
    _writer, is_new = Writer.objects.get_or_create(
        client_id=client, thing_id=row.thing_id, defaults={"made_at": at, "made_by_id": by.acting}
    )
    if is_new:
        _record(events.WriterAdded(thing=row.thing_id, client=client), row, by=by, at=at)


@transaction.atomic
def remove_writer(*, datastream: int, client: int, by: Person, at: datetime) -> None:
    row = _held(datastream, by)
    gone, _each = Writer.objects.filter(client=client, thing=row.thing_id).delete()
    if gone:
        _record(events.WriterRemoved(thing=row.thing_id, client=client), row, by=by, at=at)


def may_write(*, client: int, datastream: int) -> bool:
    """Whether a program may send values of a datastream: its thing's, or all."""
    rows = Writer.objects.filter(client=client)
    return (rows.filter(thing__isnull=True) | rows.filter(thing__datastreams=datastream)).exists()


def keeps(by: Person, owner: int | None) -> bool:
    """Whoever keeps sensors at the office that owns it; what nobody owns, whoever keeps any."""
    offices = by.offices(roles.SENSORS)
    return bool(offices) if owner is None else owner in offices


def _must_hold(by: Person, owner: int | None) -> None:
    if not keeps(by, owner):
        raise NotAllowed("This person does not keep the sensors of this office.")


def _held(datastream: int, by: Person) -> Datastream:
    row = (
        Datastream.objects.select_related("thing", "observed_property")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=datastream)
    )
    _must_hold(by, row.owner_id)
    return row


def _record(event: Event, row: Datastream, *, by: Person | None, at: datetime) -> None:
    ledger.record(
        event,
        subject=row.subject,
        at=at,
        by=by.acting if by else None,
        on_behalf_of=row.owner_id if by else None,
        place=row.thing.place,
    )
