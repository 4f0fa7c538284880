"""What reports do when others (or they themselves) acted. Each may run again; each has its effect once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import cast

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from guyub.events import Event
from guyub.events import casework as cases
from guyub.events import reports as events
from guyub.kernel.access.api import ROLES, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, projection, subscribe
from guyub.kernel.notices import api as notices
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports import following, lapor
from guyub.rooms.reports.actions import follow_value
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.chat_inbox import chat_of
from guyub.rooms.reports.merged import merged_into
from guyub.rooms.reports.models import SUBMITTED, DailyFigures, PlaceFigures, Report

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


@projection(
    events.ReportSubmitted,
    events.ReportStateChanged,
    name="reports.daily_figures",
    table="reports_dailyfigures",
)
def count_by_day(facts: Sequence[RecordedFact]) -> None:
    """Keep how many reports came into each state on each day, for a kelurahan and for what it is a part of."""
    tz, change = get_city().tz, Counter[tuple[str, date, str]]()
    for fact in facts:
        if fact.payload["about_conduct"]:
            continue
        state = SUBMITTED if fact.name == events.ReportSubmitted.name else fact.payload["to_state"]
        for place in ("", ".".join(fact.place.split(".")[:3]), fact.place):
            change[place, local_date(fact.occurred_at, tz), state] += 1
    table = DailyFigures._meta.db_table
    rows = sorted((place, day, state, n) for (place, day, state), n in change.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS f (place_code, day, state, count) "  # noqa: S608
            "SELECT * FROM unnest(%s::text[], %s::date[], %s::text[], %s::int[]) "
            "ON CONFLICT (place_code, day, state) DO UPDATE SET count = f.count + excluded.count",
            [[row[column] for row in rows] for column in range(4)],
        )


@subscribe(events.ReportSubmitted, consumer="reports.acknowledge")
def acknowledge(fact: RecordedFact) -> None:
    """Tell the reporter the number and the link; whoever sent it in a chat has read both there."""
    if chat_of(Report.objects.get(pk=fact.payload["report"])):
        return
    with override("id"):
        _tell_reporter(
            fact, _("Laporan Anda %(number)s kami terima"), _("Ikuti dan jawab lewat tautan berikut.")
        )


@subscribe(events.ReportSubmitted, consumer="reports.alert_hazard")
def alert_hazard(fact: RecordedFact) -> None:
    """Danger does not wait for working days: tell the operator and the head of the office on duty at once."""
    event = cast(events.ReportSubmitted, fact.event())
    if event.is_hazard and not event.about_conduct:
        _alert(fact)


@subscribe(events.CategoryCorrected, consumer="reports.alert_corrected_hazard")
def alert_corrected_hazard(fact: RecordedFact) -> None:
    """What turns out to be dangerous is told as if it had been said at once."""
    if cast(events.CategoryCorrected, fact.event()).became_hazard:
        _alert(fact)


def _alert(fact: RecordedFact) -> None:
    report = Report.objects.get(pk=fact.payload["report"])
    office = Case.objects.filter(subject=fact.subject).values_list("office_id", flat=True).first()
    told = whom_to_alert(office=office, on=local_date(timezone.now(), get_city().tz))
    with override("id"):
        where = places.gazetteer().get(fact.place).label
        subject = _("BAHAYA: %(category)s di %(place)s") % {
            "category": category_of(report).name_id,
            "place": where,
        }
        body = _("Laporan %(number)s baru masuk. Buka dan tangani sekarang.") % {"number": report.number}
    for account in told:
        notices.notify(
            key=f"hazard:{fact.id}:{account}",
            recipient=f"account:{account}",
            subject=subject,
            body=body,
            link=f"/petugas/laporan/{report.number}/",
            at=timezone.now(),
        )


def whom_to_alert(*, office: int | None, on: date) -> list[int]:
    """The accounts that hear of a hazard at once: the operators, and who is on duty for the office."""
    operators = frozenset(role.code for role in ROLES.values() if roles.VIEW_HAZARDS in role.powers)
    told = people.accounts_with(roles=operators, organisation=None, on=on)
    if office:
        told += people.accounts_with(roles=ALERTED, organisation=office, on=on)
    return sorted(set(told))


@subscribe(
    cases.CaseAnswered,
    cases.ReporterAsked,
    cases.WorkCompleted,
    cases.CaseExpired,
    cases.CaseRejected,
    cases.ScheduleDecided,
    cases.CaseVerified,
    cases.CaseSentOut,
    events.DataRequestDecided,
    events.CategoryCorrected,
    cases.AppealJudged,
    cases.AppealRisen,
    cases.SecondLookGiven,
    consumer="reports.tell_reporter",
)
def tell_reporter(fact: RecordedFact) -> None:
    """Tell the reporter of what concerns them; their words and the office's stay on the page behind the link."""
    if fact.name == cases.ScheduleDecided.name and not fact.payload["is_approved"]:
        return
    if fact.name == cases.SecondLookGiven.name and fact.payload["fits"]:
        return
    with override("id"):
        subjects = {
            cases.AppealJudged.name: _("Keberatan Anda atas laporan %(number)s diputuskan"),
            cases.AppealRisen.name: _("Keberatan Anda atas laporan %(number)s naik ke kantor di atasnya"),
            cases.SecondLookGiven.name: _("Laporan Anda %(number)s dikerjakan lagi"),
            cases.CaseVerified.name: _("Laporan Anda %(number)s sudah diverifikasi"),
            cases.CaseSentOut.name: _("Laporan Anda %(number)s diteruskan ke instansi luar"),
            cases.CaseAnswered.name: _("Laporan Anda %(number)s dijawab"),
            cases.ReporterAsked.name: _("Petugas bertanya tentang laporan Anda %(number)s"),
            cases.WorkCompleted.name: _("Sudah selesai? Mohon periksa laporan Anda %(number)s"),
            cases.CaseExpired.name: _("Laporan Anda %(number)s ditutup tanpa tanggapan"),
            cases.CaseRejected.name: _("Laporan Anda %(number)s tidak dapat diproses"),
            cases.ScheduleDecided.name: _("Laporan Anda %(number)s dijadwalkan"),
            events.CategoryCorrected.name: _("Kategori laporan Anda %(number)s dibetulkan petugas"),
            events.DataRequestDecided.name: _(
                "Permintaan tentang data Anda di laporan %(number)s diputuskan"
            ),
        }
        _tell_reporter(fact, subjects[fact.name], _("Buka tautan berikut untuk membaca dan menanggapi."))


@subscribe(events.ReportMerged, consumer="reports.tell_of_merge")
def tell_of_merge(fact: RecordedFact) -> None:
    """The reporter learns where their report goes on, and that they may say it is another matter."""
    report, into = (Report.objects.get(pk=fact.payload[key]) for key in ("report", "into"))
    with override("id"):
        subject = _("Laporan Anda %(number)s digabung dengan %(into)s") % {
            "number": report.number,
            "into": into.number,
        }
        body = _(
            "Hal yang sama sudah dilaporkan. Anda tetap dikabari. Bila ternyata bukan hal yang sama, katakan lewat "
            "tautan berikut dan laporan Anda diperiksa sendiri lagi."
        )
        _notify_reporter(report, f"reporter:{fact.id}", subject, body)


@subscribe(events.ReportSeparated, consumer="reports.tell_of_separation")
def tell_of_separation(fact: RecordedFact) -> None:
    """An office took the merge back; a reporter who asked for it saw the answer at once."""
    if fact.payload["message"] is None:
        with override("id"):
            _tell_reporter(
                fact,
                _("Laporan Anda %(number)s ditangani sendiri lagi"),
                _("Penggabungan dengan laporan lain dibatalkan. Ikuti lewat tautan berikut."),
            )


def _tell_reporter(fact: RecordedFact, subject: str, body: str) -> None:
    report = Report.objects.get(pk=fact.subject.partition(":")[2])
    _notify_reporter(report, f"reporter:{fact.id}", subject % {"number": report.number}, body)


def _notify_reporter(report: Report, key: str, subject: str, body: str) -> None:
    recipient = _recipient_of(report)
    if recipient is None:
        return
    notices.notify(
        key=key,
        recipient=recipient,
        subject=subject,
        body=body,
        link=f"/laporan/ikuti/{notices.to_be_signed('follow', follow_value(report.uuid, report.link_issue))}/",
        at=timezone.now(),
    )


def _recipient_of(report: Report) -> str | None:
    """Where the reporter hears: in the chat in which they reported, else by account or contact."""
    if report.account_id:
        return f"account:{report.account_id}"
    if chat := chat_of(report):
        return f"chat:{chat}"
    return f"contact:{report.contact_id}" if report.contact_id else None


# What followers hear, in the words that follow a report's number. A place's followers hear of what is new there and
# of what was done, not of each step between.
_HAPPENINGS: dict[type[Event], Promise] = {
    events.ReportPublished: gettext_lazy("sudah diperiksa dan ditampilkan"),
    cases.CaseAnswered: gettext_lazy("kantor menjawab"),
    cases.ScheduleDecided: gettext_lazy("pekerjaannya dijadwalkan"),
    cases.WorkCompleted: gettext_lazy("kantor menyatakan pekerjaan selesai"),
    cases.FixConfirmed: gettext_lazy("pelapor menyatakan selesai"),
    cases.FixDisputed: gettext_lazy("dibuka kembali, pelapor menyatakan belum selesai"),
    cases.CaseExpired: gettext_lazy("ditutup tanpa tanggapan pelapor"),
    cases.CaseRejected: gettext_lazy("tidak dapat diproses"),
    events.ReportMerged: gettext_lazy("digabung dengan laporan lain tentang hal yang sama"),
    events.ReportSeparated: gettext_lazy("tidak lagi digabung dengan laporan lain"),
}
_HEARD_BY_THE_PLACE = (events.ReportPublished.name, cases.WorkCompleted.name)


@subscribe(*_HAPPENINGS, consumer="reports.tell_followers")
def tell_followers(fact: RecordedFact) -> None:
    """Tell whoever follows: the number, the category and what happened, as any stranger may read it."""
    if fact.name == cases.ScheduleDecided.name and not fact.payload["is_approved"]:
        return
    report = Report.objects.select_related("category", "place").get(pk=fact.subject.partition(":")[2])
    if report.about_conduct:
        return
    is_open = report.published_at is not None and not report.is_confidential
    following.tell_followers(
        fact=fact.id,
        report=report,
        with_place=is_open and fact.name in _HEARD_BY_THE_PLACE,
        words=_WORDS[fact.name],
        state=casework.wording.STATE_LABELS[casework.State(report.state)],
        at=timezone.now(),
    )


_WORDS = {kind.name: words for kind, words in _HAPPENINGS.items()}
_ALSO_FOR_REPORTERS: dict[type[Event], Promise] = {
    cases.CaseSentOut: gettext_lazy("diteruskan ke instansi luar"),
    cases.CaseTakenBack: gettext_lazy("ditangani kantor lagi, tidak menunggu instansi luar"),
}
_WORDS_FOR_REPORTERS = {kind.name: words for kind, words in {**_HAPPENINGS, **_ALSO_FOR_REPORTERS}.items()}


@subscribe(*_HAPPENINGS, *_ALSO_FOR_REPORTERS, consumer="reports.tell_merged_reporters")
def tell_merged_reporters(fact: RecordedFact) -> None:
    """Whoever reported what was merged into this report hears all of it, by the link of their own report.

    A person who reported the same thing twice is told once.
    """
    if fact.name == cases.ScheduleDecided.name and not fact.payload["is_approved"]:
        return
    report = Report.objects.get(pk=fact.subject.partition(":")[2])
    told = set(following.marks_of_reporter(report))
    for one in merged_into(report):
        marks = following.marks_of_reporter(one)
        if told.isdisjoint(marks):
            _tell_merged_reporter(fact, one, report)
        told.update(marks)


def _tell_merged_reporter(fact: RecordedFact, merged: Report, report: Report) -> None:
    with override("id"):
        subject = _("Laporan Anda %(number)s digabung dengan %(into)s: %(words)s") % {
            "number": merged.number,
            "into": report.number,
            "words": _WORDS_FOR_REPORTERS[fact.name],
        }
        body = _("Buka tautan berikut untuk membaca dan menanggapi.")
        _notify_reporter(merged, f"merged:{fact.id}:{merged.pk}", subject, body)


@subscribe(*lapor.ANSWERS, consumer="reports.answer_for_lapor")
def answer_for_lapor(fact: RecordedFact) -> None:
    """An answer to an item of SP4N-LAPOR! waits until somebody has carried it there."""
    if fact.payload.get("is_approved", True):
        lapor.note_answer(fact=fact)
