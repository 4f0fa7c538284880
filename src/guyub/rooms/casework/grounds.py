"""Asking what lies at a case's point. A city without rules for its layers is asked nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

from guyub.events import casework as events
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.ground import DISTRICT, WARD, LayerRule, Near, Said, Verdict, judge
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import Classification
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Office
from guyub.rooms.places import api as places

FAMILY = "asset_owners"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ground:
    """A verdict, and the office that gets the case for it, if any."""

    verdict: Verdict
    office: Office | None

    @property
    def said(self) -> Said:
        """Where the owner's office is not there the table's office forwards it."""
        found = self.verdict.said
        return Said.HINT if found is Said.DECIDED and self.office is None else found

    def kept(self) -> dict[str, Any]:
        """What the case remembers, because layers change."""
        near = (self.verdict.nearest, *self.verdict.rivals[:2])
        return {
            "said": self.said.value,
            "key": self.verdict.key,
            "rule": self.verdict.version,
            "near": [
                {"layer": one.layer, "name": one.name, "owner": one.owner, "metres": round(one.metres), "source": one.source}
                for one in near
            ],
        }  # fmt: skip

    def fact(self, case: Case) -> events.CaseGrounded:
        return events.CaseGrounded(
            case=case.pk,
            office=case.office_id,
            rule=self.verdict.version,
            asset=self.verdict.nearest.id,
            metres=round(self.verdict.nearest.metres),
            outcome=self.said.value,
        )


def rules_for(category: str, *, on: date) -> list[LayerRule]:
    """The layers' rules that speak of a category on a day; a rule that cannot be read is left out, and told."""
    found = []
    for layer, rule in rulebook.family(FAMILY, on=on).items():
        try:
            read = LayerRule.of(layer, rule.value, rule.version)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            _log.warning("rule %s.%s cannot be read: %r", FAMILY, layer, problem)
            continue
        if category in read.categories:
            found.append(read)
    return found


def find_ground(
    *, category: str, classification: Classification, place: str, point: tuple[float, float] | None, on: date
) -> Ground | None:
    """What lies at a point says of whose it is. Conduct is the Inspektorat's wherever it happened."""
    if point is None or classification is Classification.OVERSIGHT:
        return None
    rules = rules_for(category, on=on)
    if not rules:
        return None
    lat, lon = point
    near = places.near_assets(
        layers=[rule.layer for rule in rules],
        lat=lat,
        lon=lon,
        metres=max(rule.metres + rule.apart for rule in rules),
    )
    verdict = judge(
        [Near(one.id, one.layer, one.name, one.owner, one.metres, one.source) for one in near], rules
    )
    if verdict is None:
        return None
    return Ground(verdict, _office(verdict, place) if verdict.said is Said.DECIDED else None)


def _office(verdict: Verdict, place: str) -> Office | None:
    offices = people.directory()
    if verdict.key == WARD:
        return offices.of_settlement(place)
    if verdict.key == DISTRICT:
        return offices.of_district(place)
    return offices.find_key(verdict.key)
