"""Two reports about one thing: one of them stands for both, nobody is lost, and it can be taken back.

What is *rahasia* is merged without a trace where strangers look: its followers and voices do not move and no public
page says where it went; only its reporter is told, behind their own link (docs/decisions/0026).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, MergeReason, NotPossible
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.models import Merge, Origin, Report
from guyub.rooms.reports.rules import Seen, seen_of


class CannotMerge(ValueError):
    """The two cannot be one; the message is for officers."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What became of one of several reports: its number, and why it was left as it was (or '')."""

    number: str
    why_not: str = ""


# ── Merging ────────────────────────────────────────────────────────────────────────────────────────────────


def lock_cases(reports: Iterable[Report]) -> dict[str, list[Case]]:
    """Lock the cases of several reports in one order. Call it first: so two merges never wait for each other."""
    return casework.merging.lock(subjects=[subject_of(report) for report in reports])


@transaction.atomic
def merge_report(*, report: Report, into: Report, reason: MergeReason, by: Person, at: datetime) -> Merge:
    """`into` stands for `report` from now on: who reported, follows or supports the one hears of the other.

    Raises NotAllowed (for whoever has no authority over both), NotPossible, CannotMerge.
    """
    if report.pk == into.pk:
        raise CannotMerge(_("Ini laporan itu sendiri."))
    cases = lock_cases([report, into])
    report.refresh_from_db()
    into.refresh_from_db()
    _check(report, into, cases[subject_of(into)], by)
    row = Merge(report=report, into=into, reason=reason, kept={}, by=by.acting, at=at)
    row.kept = casework.merging.set_aside(cases=cases[subject_of(report)], reason=reason, by=by, at=at)
    with _voices_kept(into):
        row.save()
    _record(row, by=by, at=at)
    return row


def gather(
    *, reports: Iterable[Report], into: Report, reason: MergeReason, by: Person, at: datetime
) -> list[Gathered]:
    """Merge several into one, each for itself: what stands in the way of one does not stop the others.

    The caller has locked the cases of all.
    """
    found = []
    for report in reports:
        try:
            merge_report(report=report, into=into, reason=reason, by=by, at=at)
        except CannotMerge as problem:
            found.append(Gathered(report.number, str(problem)))
        except (NotAllowed, NotPossible):
            found.append(Gathered(report.number, _("keadaannya berubah, atau bukan wewenang Anda")))
        else:
            found.append(Gathered(report.number))
    return found


def _check(report: Report, into: Report, receiving: list[Case], by: Person) -> None:
    if report.about_conduct or into.about_conduct:
        raise NotAllowed("What is about conduct is merged with nothing.")
    if not any(casework.access.may(by, roles.VERIFY, case) for case in receiving):
        raise NotAllowed("This person has no authority over the other report.")
    if into.is_confidential:
        raise CannotMerge(
            _("Laporan tujuan bersifat rahasia. Pelapor lain tidak boleh tahu bahwa laporan itu ada.")
        )
    if into.state == casework.State.MERGED:
        raise CannotMerge(
            _("Laporan tujuan sudah digabung dengan laporan lain. Pilih laporan yang terakhir.")
        )
    if seen_of(into) is not Seen.ALL:
        raise CannotMerge(_("Laporan tujuan belum diverifikasi. Verifikasi dahulu, lalu gabungkan."))
    if not any(casework.merging.may_receive(by, case) for case in receiving):
        raise CannotMerge(_("Laporan tujuan tidak lagi ditangani. Laporan ini mungkin kejadian baru."))
    if Origin.objects.filter(report=report, channel=Origin.Channel.LAPOR).exists():
        raise CannotMerge(_("Laporan dari SP4N-LAPOR! harus dijawab di sana, jadi tidak dapat digabungkan."))


def _record(row: Merge, *, by: Person, at: datetime) -> None:
    merged = events.ReportMerged(report=row.report_id, into=row.into_id, merge=row.pk)
    gathered = events.ReportGathered(
        report=row.into_id, merged=row.report_id, number=row.report.number, is_over=False
    )
    for fact, report in ((merged, row.report), (gathered, row.into)):
        ledger.record(fact, subject=subject_of(report), at=at, by=by.account, place=report.place.code)


# ── Taking it back ─────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def separate_report(*, report: Report, by: Person, at: datetime) -> Merge:
    """An office takes a merge back, however long ago it was. Raises NotAllowed, NotPossible."""
    return _separate(report, by=by, at=at, message=None)


@transaction.atomic
def say_different(*, report: Report, words: str, at: datetime) -> Merge:
    """ "Ini bukan hal yang sama", says its reporter, whom the caller has checked: it is back on the desk.

    Raises NotPossible.
    """
    said = conversation.post(
        subject=subject_of(report),
        audience=Audience.REPORTER,
        kind="reply",
        body=words,
        at=at,
        by=report.account_id,
    )
    return _separate(report, by=None, at=at, message=said)


def _separate(report: Report, *, by: Person | None, at: datetime, message: int | None) -> Merge:
    cases = lock_cases([report])[subject_of(report)]
    row = Merge.objects.select_related("into__place").filter(report=report, undone_at=None).first()
    if row is None:
        raise NotPossible(casework.State(report.state), casework.Move.UNMERGE)
    casework.merging.bring_back(cases=cases, kept=row.kept, by=by, at=at)
    with _voices_kept(row.into):
        row.undone_at, row.undone_by = at, by.acting if by else None
        row.save(update_fields=["undone_at", "undone_by"])
    separated = events.ReportSeparated(report=report.pk, into=row.into_id, merge=row.pk, message=message)
    over = events.ReportGathered(report=row.into_id, merged=report.pk, number=report.number, is_over=True)
    actor = by.account if by else None
    ledger.record(separated, subject=subject_of(report), at=at, by=actor, place=report.place.code)
    ledger.record(over, subject=subject_of(row.into), at=at, by=actor, place=row.into.place.code)
    return row


# ── Voices ───────────────────────────────────────────────────────────────────────────────────────────────────


# Each person once, over a report and all that was merged into it; what is rahasia stays out, with all that hangs on it.
_VOICES = """
WITH RECURSIVE tree (id) AS (
    SELECT %(root)s::bigint
    UNION
    SELECT m.report_id FROM reports_merge m JOIN tree ON m.into_id = tree.id
    JOIN reports_report r ON r.id = m.report_id
    WHERE m.undone_at IS NULL AND NOT r.is_confidential
)
SELECT count(*) FROM (
    SELECT supporter FROM reports_support WHERE report_id IN (SELECT id FROM tree)
    UNION
    SELECT coalesce('account:' || account_id, 'report:' || id) FROM reports_report
    WHERE id IN (SELECT id FROM tree) AND id <> %(root)s
) AS voices WHERE supporter IS DISTINCT FROM (
    SELECT 'account:' || account_id FROM reports_report WHERE id = %(root)s
)
"""


@contextmanager
def _voices_kept(into: Report) -> Iterator[None]:
    """Whatever changes inside, each person is counted once at `into` and at all that stands for it in turn."""
    above = [into.pk]
    while row := Merge.objects.filter(report=above[-1], undone_at=None).first():
        above.append(row.into_id)
    before = [_voices(pk) for pk in above]
    yield
    with connection.cursor() as cursor:
        for pk, earlier in zip(above, before, strict=True):
            cursor.execute(
                "UPDATE reports_report SET supporters = supporters + %s WHERE id = %s",
                [_voices(pk) - earlier, pk],
            )


def _voices(root: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_VOICES, {"root": root})
        return int(cursor.fetchone()[0])
