"""What reports do when others (or they themselves) acted. Each may run again; each has its effect once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import cast

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import casework as cases
from guyub.events import reports as events
from guyub.kernel.access.api import ROLES, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, projection, subscribe
from guyub.kernel.notices import api as notices
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import PlaceFigures, Report

ALERTED = frozenset(role.code for role in ROLES.values() if roles.ALERTED in role.powers)


@projection(
    events.ReportSubmitted,
    events.ReportStateChanged,
    name="reports.place_figures",
    table="reports_placefigures",
)
def count_by_place(facts: Sequence[RecordedFact]) -> None:
    """Keep the number of reports per place and state. Reports on conduct are not counted in public."""
    change: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        if fact.payload["about_conduct"]:
            continue
        if fact.name == events.ReportSubmitted.name:
            change[fact.place, "RECEIVED"] += 1
        else:
            change[fact.place, fact.payload["from_state"]] -= 1
            change[fact.place, fact.payload["to_state"]] += 1
    rows = sorted((place, state, n) for (place, state), n in change.items() if n)
    if not rows:
        return
    table = PlaceFigures._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS f (place_code, state, count) "  # noqa: S608
            "SELECT * FROM unnest(%s::text[], %s::text[], %s::int[]) "
            "ON CONFLICT (place_code, state) DO UPDATE SET count = f.count + excluded.count",
            [[r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]],
        )


@subscribe(events.ReportSubmitted, consumer="reports.acknowledge")
def acknowledge(fact: RecordedFact) -> None:
    """Tell the reporter the number and the link."""
    with override("id"):
        _tell_reporter(
            fact, _("Laporan Anda %(number)s kami terima"), _("Ikuti dan jawab lewat tautan berikut.")
        )


@subscribe(events.ReportSubmitted, consumer="reports.alert_hazard")
def alert_hazard(fact: RecordedFact) -> None:
    """Danger does not wait for working days: tell the operator and the head of the office on duty at once."""
    event = cast(events.ReportSubmitted, fact.event())
    if not event.is_hazard or event.about_conduct:
        return
    report = Report.objects.get(pk=event.report)
    office = Case.objects.filter(subject=fact.subject).values_list("office_id", flat=True).first()
    today = local_date(timezone.now(), get_city().tz)
    operators = frozenset(role.code for role in ROLES.values() if roles.VIEW_HAZARDS in role.powers)
    told = people.accounts_with(roles=operators, organisation=None, on=today)
    if office:
        told += people.accounts_with(roles=ALERTED, organisation=office, on=today)
    with override("id"):
        where = places.gazetteer().get(fact.place).label
        subject = _("BAHAYA: %(category)s di %(place)s") % {
            "category": category_of(report).name_id,
            "place": where,
        }
        body = _("Laporan %(number)s baru masuk. Buka dan tangani sekarang.") % {"number": report.number}
    for account in sorted(set(told)):
        notices.notify(
            key=f"hazard:{fact.id}:{account}",
            recipient=f"account:{account}",
            subject=subject,
            body=body,
            link=f"/petugas/laporan/{report.number}/",
            at=timezone.now(),
        )


@subscribe(
    cases.CaseAnswered,
    cases.ReporterAsked,
    cases.WorkCompleted,
    cases.CaseExpired,
    cases.CaseRejected,
    cases.ScheduleDecided,
    cases.CaseVerified,
    consumer="reports.tell_reporter",
)
def tell_reporter(fact: RecordedFact) -> None:
    """Tell the reporter of what concerns them; their words and the office's stay on the page behind the link."""
    if fact.name == cases.ScheduleDecided.name and not fact.payload["is_approved"]:
        return
    with override("id"):
        subjects = {
            cases.CaseVerified.name: _("Laporan Anda %(number)s sudah diverifikasi"),
            cases.CaseAnswered.name: _("Laporan Anda %(number)s dijawab"),
            cases.ReporterAsked.name: _("Petugas bertanya tentang laporan Anda %(number)s"),
            cases.WorkCompleted.name: _("Sudah selesai? Mohon periksa laporan Anda %(number)s"),
            cases.CaseExpired.name: _("Laporan Anda %(number)s ditutup tanpa tanggapan"),
            cases.CaseRejected.name: _("Laporan Anda %(number)s tidak dapat diproses"),
            cases.ScheduleDecided.name: _("Laporan Anda %(number)s dijadwalkan"),
        }
        _tell_reporter(fact, subjects[fact.name], _("Buka tautan berikut untuk membaca dan menanggapi."))


def _tell_reporter(fact: RecordedFact, subject: str, body: str) -> None:
    report = Report.objects.get(pk=fact.subject.partition(":")[2])
    if report.contact_id is None and report.account_id is None:
        return
    recipient = f"account:{report.account_id}" if report.account_id else f"contact:{report.contact_id}"
    notices.notify(
        key=f"reporter:{fact.id}",
        recipient=recipient,
        subject=subject % {"number": report.number},
        body=body,
        link=f"/laporan/ikuti/{notices.to_be_signed('follow', report.uuid.hex)}/",
        at=timezone.now(),
    )
