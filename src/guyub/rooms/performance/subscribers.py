"""Keep the rows that figures are counted from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import connection

from guyub.events import casework as cases
from guyub.events import reports as events
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, projection
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, State
from guyub.rooms.performance.models import Duty
from guyub.rooms.performance.rules import FINISHED, WATCHED_UNTIL_THE_END
from guyub.rooms.reports import api as reports

_COLUMNS = {
    "case": "bigint",
    "office": "bigint",
    "is_held": "bool",
    "report": "bigint",
    "is_shown": "bool",
    "place_code": "text",
    "category": "text",
    "state": "text",
    "received_on": "date",
    "until_on": "date",
    "paused_days": "int",
    "paused_on": "date",
    "was_reopened": "bool",
    "late_from": "timestamptz",
}


@projection(
    events.ReportPublished,
    events.ReportWithdrawn,
    events.ReportHidden,
    cases.CaseOpened,
    cases.CaseVerified,
    cases.CaseAnswered,
    cases.CaseHandedOver,
    cases.ReporterAsked,
    cases.ReporterReplied,
    cases.ScheduleDecided,
    cases.CaseSentOut,
    cases.CaseTakenBack,
    cases.WorkCompleted,
    cases.FixConfirmed,
    cases.FixDisputed,
    cases.CaseExpired,
    cases.CaseRejected,
    cases.CaseSplit,
    cases.CaseMerged,
    cases.CaseUnmerged,
    cases.SecondLookGiven,
    cases.AppealMade,
    cases.AppealJudged,
    cases.DeadlinesRecomputed,
    cases.CaseRecategorised,
    cases.ActUndone,
    name="performance.duties",
    table="performance_duty",
)
def keep_duties(facts: Sequence[RecordedFact]) -> None:
    """Write the rows of every case that something happened to anew, from the case as it stands.

    An undo tells what was taken back and not what stood before, so the case itself is asked. Read late, it is only
    newer: the fact that made it so is still to come and writes the same rows.
    """
    refresh(fact.subject for fact in facts)


def refresh(subjects: Iterable[str]) -> None:
    """Write the rows of reports' cases; a report that its reporter hid from everyone has none. Five queries for any number."""
    known = {int(one.partition(":")[2]): one for one in subjects if one.startswith("reports.report:")}
    shown = reports.shown_of(known)
    if hidden := known.keys() - shown.keys():
        Duty.objects.filter(report__in=hidden).delete()
    touched = list(Case.objects.filter(subject__in=[known[report] for report in shown], is_restricted=False))
    if touched:
        _write(list(_rows(touched, shown)), [case.pk for case in touched])


def _rows(touched: list[Case], shown: dict[int, bool]) -> Iterator[tuple[object, ...]]:
    tz, given_away = get_city().tz, casework.past.given_away([case.pk for case in touched])
    for case in touched:
        report = int(case.subject.partition(":")[2])
        until = _until(case)
        for office in sorted({case.office_id, *given_away.get(case.pk, ())}):
            yield (
                case.pk,
                office,
                office == case.office_id,
                report,
                shown[report],
                case.place_code,
                case.category,
                case.state,
                local_date(case.received_at, tz),
                until and local_date(until, tz),
                case.paused_days,
                case.paused_at and local_date(case.paused_at, tz),
                case.reopened > 0,
                late_from(case),
            )


def _until(case: Case) -> datetime | None:
    """When a case stopped running: with the work once the reporter had their say, or with an end without work."""
    if case.state in FINISHED:
        return case.completed_at
    return case.ended_at if case.state in WATCHED_UNTIL_THE_END else None


def late_from(case: Case) -> datetime | None:
    """From when a running case is late: by the deadline that runs from receipt, which no hand-over moves.

    Scheduled work is late after its month, a letter after the body's days. While a question waits for the reporter
    nothing becomes late that was not.
    """
    state = State(case.state)
    if state in (State.SCHEDULED, State.EXTERNAL):
        return case.due_at
    if state is State.WAITING_REPORTER:
        was_late = case.paused_at is not None and case.resolve_due_at < case.paused_at
        return case.resolve_due_at if was_late else None
    running = state in (State.RECEIVED, State.FORWARDED, State.IN_PROGRESS)
    return case.resolve_due_at if running else None


def _write(rows: list[tuple[object, ...]], touched: list[int]) -> None:
    """Put the rows in place of those that these cases had, sorted so that two writers never wait for each other."""
    rows.sort(key=lambda row: (row[0], row[1]))
    names, table = ", ".join(f'"{name}"' for name in _COLUMNS), Duty._meta.db_table
    kinds = ", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in list(_COLUMNS)[2:])
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM {table} WHERE "case" = ANY(%s) AND ("case", office) NOT IN '  # noqa: S608
            "(SELECT * FROM unnest(%s::bigint[], %s::bigint[]))",
            [touched, [row[0] for row in rows], [row[1] for row in rows]],
        )
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT * FROM unnest({kinds}) "  # noqa: S608
            f'ON CONFLICT ("case", office) DO UPDATE SET {changed}',
            [[row[column] for row in rows] for column in range(len(_COLUMNS))],
        )
