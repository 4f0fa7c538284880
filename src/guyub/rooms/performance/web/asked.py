"""What an address of the figures asks for, and whether whoever asks may read it yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from guyub.kernel.access.api import person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.performance import queries
from guyub.rooms.performance.queries import Figures, Rules, Scope, UnknownScope
from guyub.rooms.performance.rules import FIGURES, Figure, Period, internal_until, periods
from guyub.ui.rows import day_in_words


@dataclass(frozen=True, slots=True)
class Asked:
    scope: Scope
    period: Period
    periods: list[Period]
    rules: Rules
    at: datetime
    today: date

    def figures(self) -> Figures:
        return queries.figures(scope=self.scope, period=self.period, least=self.rules.least, at=self.at)

    def address(self, name: str = "", **more: str) -> str:
        """The page of the same scope and period by the end of its route's name: '', '_behind', '_csv', '_json'."""
        return address_of(self.scope.kind, self.scope.code, name, periode=self._said(), **more)

    def of_period(self, period: Period) -> str:
        said = "" if period is self.periods[0] else period.key
        return address_of(self.scope.kind, self.scope.code, periode=said)

    def _said(self) -> str:
        return "" if self.period is self.periods[0] else self.period.key


def address_of(kind: str, code: str, name: str = "", **query: str) -> str:
    path = reverse(f"performance_of{name}", args=[kind, code]) if kind else reverse(f"performance{name}")
    chosen = urlencode({key: value for key, value in query.items() if value})
    return f"{path}?{chosen}" if chosen else path


def read(request: HttpRequest, kind: str, code: str) -> Asked:
    """Raises Http404 for what has no figures, BadRequest for a period that no page of ours offers."""
    at = timezone.now()
    today = local_date(at, get_city().tz)
    rules = queries.rules_on(today)
    offered = periods(today=today, windows=rules.windows)
    wanted = request.GET.get("periode", "") or offered[0].key
    period = next((one for one in offered if one.key == wanted), None)
    if period is None:
        raise BadRequest("There is no such period.")
    try:
        scope = queries.scope_of(kind, code)
    except UnknownScope:
        raise Http404 from None
    return Asked(scope, period, offered, rules, at, today)


def read_figure(request: HttpRequest) -> Figure:
    """Raises BadRequest."""
    figure = FIGURES.get(request.GET.get("angka", ""))
    if figure is None:
        raise BadRequest("There is no such figure.")
    return figure


def kept_inside(request: HttpRequest, asked: Asked, *, status: int = 200) -> HttpResponse | None:
    """During the city's trial everyone but officers is told until when the figures stay inside; `status` for programs."""
    until = internal_until(asked.rules.trial, today=asked.today)
    if until is None or (request.user.is_authenticated and person_of(request).can(roles.VIEW)):
        return None
    return render(request, "performance/trial.html", {"until": day_in_words(until)}, status=status)
