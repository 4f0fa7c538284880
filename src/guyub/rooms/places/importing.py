"""Take in a file of boundaries: read, match, repair, keep as a new version; or refuse it whole, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

import shapely
from django.db import connection, transaction

from guyub.events.places import BoundariesImported
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places import boundary_files, repairing
from guyub.rooms.places.boundary_files import CannotRead, Feature
from guyub.rooms.places.matching import Known, Matcher, fold
from guyub.rooms.places.models import Boundary, BoundaryImport, Kind
from guyub.rooms.places.queries import Gazetteer, PlaceRow, forget, read
from guyub.rooms.places.repairing import NOTABLE, Area, CannotRepair, Fitted, square_metres

FAR_KM = 20.0
RULE = "places.boundaries"
_LOCK = 0x6B6F7461  # one import of a city at a time


class CannotImport(ValueError):
    """Nothing was changed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `kind` is one of `KINDS`; `row` counts the file's features from 1, 0 for none."""

    kind: str
    words: str
    code: str = ""
    row: int = 0
    square_metres: float = 0.0


KINDS = (
    "unknown",
    "unusable",
    "note",
    "repaired",
    "overlap",
    "gap filled",
    "gap left",
    "missing",
    "adjusted",
)


@dataclass
class Outcome:
    """What an import did, or would do: `boundaries` is the import's id, None for a trial or if nothing changed."""

    matched: list[PlaceRow] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    boundaries: int | None = None

    def of(self, kind: str) -> list[Finding]:
        return [one for one in self.findings if one.kind == kind]


@dataclass
class _Plan:
    """Everything known before the first row is written."""

    outcome: Outcome
    gazetteer: Gazetteer
    standing: dict[str, Boundary]
    areas: dict[str, Area] = field(default_factory=dict)
    derived: set[str] = field(default_factory=set)


def import_boundaries(
    *,
    data: bytes,
    source: str,
    licence: str,
    valid_from: date,
    at: datetime,
    code_property: str = "",
    dry_run: bool = False,
) -> Outcome:
    """Keep the boundaries of a GeoJSON file as the version from a day on. All or nothing, in one transaction.

    With `dry_run` nothing is written. Raises `CannotImport`.
    """
    limits = _limits(valid_from, at)
    try:
        features = boundary_files.read(data, most_bytes=int(limits["largest_file_megabytes"] * 1_000_000))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(current_schema()))", [_LOCK])
            plan = _plan(features, limits, valid_from, code_property)
            if not dry_run and plan.outcome.changed:
                _write(plan, limits, valid_from, source, licence, sha256(data).hexdigest(), at)
    except (CannotRead, CannotRepair) as problem:
        raise CannotImport(str(problem)) from problem
    finally:
        forget()
    return plan.outcome


def _limits(on: date, at: datetime) -> dict[str, float]:
    try:
        return rulebook.rule(RULE, on=on).value
    except rulebook.NoRule:
        rulebook.seed(at=at)  # a city founded before there were such limits
        return rulebook.rule(RULE, on=on).value


def _plan(features: list[Feature], limits: Mapping[str, float], since: date, code_property: str) -> _Plan:
    gazetteer = read(on=since)
    standing = {b.place.code: b for b in Boundary.objects.filter(valid_until=None).select_related("place")}
    late = max((b.valid_from for b in standing.values()), default=since)
    if since < late:
        raise CannotImport(f"The boundaries here hold since {late}; a new version cannot begin on {since}.")
    plan = _Plan(Outcome(), gazetteer, standing)
    raw = _matched(features, plan.outcome, gazetteer, code_property)
    given = _mended(raw, plan.outcome, gazetteer, limits["sliver_square_metres"])
    if not given:
        said = "; ".join(f"feature {f.row}: {f.words}" for f in plan.outcome.findings[:3])
        raise CannotImport(f"No feature of this file is a place of {get_city().name} ({said}).")
    for settled in (True, False):
        level = {code: area for code, area in given.items() if gazetteer.get(code).is_settlement is settled}
        if level:
            _fit(plan, level, limits)
    _derive_districts(plan)
    plan.outcome.changed = sorted(code for code in plan.areas if _differs(plan, code))
    return plan


def _matched(
    features: list[Feature], outcome: Outcome, gazetteer: Gazetteer, code_property: str
) -> dict[str, list[Feature]]:
    matcher = Matcher(_known(gazetteer), _all_successors(gazetteer), get_city().code)
    found: dict[str, list[Feature]] = {}
    for one in features:
        meant = matcher.meant(one.properties, code_property=code_property)
        if meant.problem or one.problem:
            kind, words = ("unknown", meant.problem) if meant.problem else ("unusable", one.problem)
            outcome.findings.append(Finding(kind, words, meant.code, one.row))
            continue
        if meant.note:
            outcome.findings.append(Finding("note", meant.note, meant.code, one.row))
        found.setdefault(meant.code, []).append(one)
    return found


def _known(gazetteer: Gazetteer) -> list[Known]:
    def names(row: PlaceRow | None) -> frozenset[str]:
        return frozenset(fold(one) for one in (row.name, *row.aliases)) if row else frozenset()

    return [
        Known(row.code, names(row), names(gazetteer.by_code.get(row.parent_code)), row.is_settlement)
        for row in (*gazetteer.districts, *gazetteer.settlements)
    ]


def _all_successors(gazetteer: Gazetteer) -> dict[str, tuple[str, ...]]:
    return {old: gazetteer.successors(old) for old in gazetteer.followed_by}


def _mended(
    raw: dict[str, list[Feature]], outcome: Outcome, gazetteer: Gazetteer, sliver: float
) -> dict[str, Area]:
    found = {}
    for code, features in sorted(raw.items()):
        row, place = features[0].row, gazetteer.get(code)
        if len(features) > 1:
            rows = ", ".join(str(one.row) for one in features)
            outcome.findings.append(Finding("note", f"features {rows} are parts of one place", code, row))
        joined = boundary_files.joined(tuple(p for one in features for p in one.polygons))
        area, moved, dropped = repairing.mended(joined, sliver=sliver)
        if area.is_empty:
            outcome.findings.append(Finding("unusable", "no area is left after mending", code, row))
            continue
        if moved >= NOTABLE:
            outcome.findings.append(Finding("repaired", "crossing or doubled lines", code, row, moved))
        if dropped:
            outcome.findings.append(Finding("repaired", f"{dropped} loose slivers dropped", code, row))
        if far := _far_from_middle(area, place):
            outcome.findings.append(Finding("note", f"lies {far:.0f} km from its known middle", code, row))
        outcome.matched.append(place)
        found[code] = area
    return found


def _far_from_middle(area: Area, place: PlaceRow) -> float:
    if place.lat is None or place.lon is None:
        return 0.0
    km = float(area.distance(shapely.Point(place.lon, place.lat))) * 111.3
    return km if km > FAR_KM else 0.0


def _fit(plan: _Plan, level: dict[str, Area], limits: Mapping[str, float]) -> None:
    """Fit new areas together with those of their level that stay, so that the whole city remains one coverage."""
    settled = plan.gazetteer.get(next(iter(level))).is_settlement
    kept = {
        code: shapely.from_wkb(bytes(boundary.area))
        for code, boundary in plan.standing.items()
        if code not in level and not boundary.is_derived and _stays(plan, code, level, settled)
    }
    fit = repairing.fitted({**kept, **level}, gap_metres=limits["gap_metres"])
    _tell(plan, fit)
    plan.areas.update(
        fit.areas
    )  # a neighbour may only gain corners on its line; that too is a new version of it
    for code in fit.areas.keys() & kept.keys():
        moved = square_metres(shapely.symmetric_difference(fit.areas[code], kept[code]))
        if moved >= NOTABLE:
            words = "a neighbour that is not in the file gave way"
            plan.outcome.findings.append(Finding("adjusted", words, code, square_metres=moved))
    _tell_missing(plan, {**kept, **level}, settled)


def _stays(plan: _Plan, code: str, level: Mapping[str, Area], settled: bool) -> bool:
    """Whether a boundary of the same level still counts: an ended place's does until all successors have theirs."""
    row = plan.gazetteer.get(code)
    new = plan.gazetteer.successors(code)
    replaced = not row.stands and bool(new) and all(one in level or one in plan.standing for one in new)
    return row.is_settlement is settled and not replaced


def _tell(plan: _Plan, fit: Fitted) -> None:
    add = plan.outcome.findings.append
    for one in fit.overlaps:
        words = f"{one.smaller} and {one.larger} overlapped; {one.smaller}, the smaller, keeps the ground"
        add(Finding("overlap", words, one.smaller, square_metres=one.square_metres))
    for size in fit.filled:
        add(Finding("gap filled", "given to the neighbour with the longest border", square_metres=size))
    for size in fit.left_open:
        add(Finding("gap left", "too wide to be a mistake of drawing", square_metres=size))
    for code in fit.emptied:
        add(Finding("unusable", "all its ground is claimed by smaller areas", code))


def _tell_missing(plan: _Plan, there: Mapping[str, Area], settled: bool) -> None:
    rows = plan.gazetteer.settlements if settled else plan.gazetteer.districts
    for row in rows:
        if row.code not in there:
            plan.outcome.findings.append(Finding("missing", f"{row.label} has no boundary", row.code))


def _derive_districts(plan: _Plan) -> None:
    """A kecamatan without a boundary of its own is its kelurahan and desa joined, once all have one."""
    for district in plan.gazetteer.districts:
        own = plan.standing.get(district.code)
        below = [row.code for row in plan.gazetteer.within(district.code)]
        if district.code in plan.areas or (own is not None and not own.is_derived):
            continue
        if not below or not any(code in plan.areas for code in below):
            continue
        areas = [plan.areas.get(code) or _standing_area(plan, code) for code in below]
        if all(areas):
            plan.areas[district.code] = repairing.polygonal(shapely.union_all(areas))
            plan.derived.add(district.code)


def _standing_area(plan: _Plan, code: str) -> Area | None:
    found = plan.standing.get(code)
    return shapely.from_wkb(bytes(found.area)) if found else None


def _differs(plan: _Plan, code: str) -> bool:
    old = _standing_area(plan, code)
    return old is None or not old.normalize().equals_exact(plan.areas[code].normalize(), 0)


def _write(
    plan: _Plan,
    limits: Mapping[str, float],
    since: date,
    source: str,
    licence: str,
    digest: str,
    at: datetime,
) -> None:
    changed = plan.outcome.changed
    counts = Counter(one.kind for one in plan.outcome.findings)
    taken = BoundaryImport.objects.create(
        source=source,
        licence=licence,
        digest=digest,
        imported_at=at,
        valid_from=since,
        findings=[{"kind": kind, "count": counts[kind]} for kind in KINDS if counts[kind]],
    )
    gone = [code for code in plan.standing if _is_replaced(plan, code)]
    Boundary.objects.filter(place__code__in=[*changed, *gone], valid_until=None).update(valid_until=since)
    Boundary.objects.bulk_create(
        Boundary(
            place_id=plan.gazetteer.get(code).id,
            taken_from=taken,
            is_derived=code in plan.derived,
            area=shapely.to_wkb(plan.areas[code]),
            square_metres=round(square_metres(plan.areas[code]), 1),
            valid_from=since,
        )
        for code in changed
    )
    _draw(limits["drawn_to_metres"])
    plan.outcome.boundaries = taken.pk
    city = get_city().code
    fact = BoundariesImported(
        boundaries=taken.pk, digest=digest, changed=len(changed), valid_from=since.isoformat()
    )
    ledger.record(fact, subject=f"places.boundaries:{taken.pk}", at=at, place=city)


def _is_replaced(plan: _Plan, code: str) -> bool:
    row, new = plan.gazetteer.get(code), plan.gazetteer.successors(code)
    return not row.stands and bool(new) and all(one in plan.areas or one in plan.standing for one in new)


def _draw(to_metres: float) -> None:
    """What pages show of the standing boundaries, made anew for each level: a changed line is its neighbours' too."""
    standing = list(Boundary.objects.filter(valid_until=None).select_related("place"))
    for district in (True, False):
        level = {b.place.code: b for b in standing if (b.place.kind == Kind.DISTRICT) is district}
        drawn = repairing.drawings(
            {code: shapely.from_wkb(bytes(b.area)) for code, b in level.items()}, to_metres=to_metres
        )
        for code, drawing in drawn.items():
            boundary = level[code]
            boundary.drawing, boundary.neighbours = drawing.geometry, list(drawing.neighbours)
            boundary.label_lat, boundary.label_lon = drawing.lat, drawing.lon
        Boundary.objects.bulk_update(
            level.values(), ["drawing", "neighbours", "label_lat", "label_lon"], batch_size=200
        )
