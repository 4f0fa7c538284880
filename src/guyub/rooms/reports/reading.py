"""One report as a stranger reads it: all of it once published, before that its outline and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, State
from guyub.rooms.people import api as people
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.merged import find_public_into
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.queries import category_name, in_words, published, where
from guyub.rooms.reports.questions import Answered, answers_of
from guyub.rooms.reports.rules import Seen, seen_of
from guyub.rooms.reports.timeline import Entry, Reader, Timeline, timeline
from guyub.ui.rows import Printed, day_in_words

STATE_MEANS = {
    State.RECEIVED: gettext_lazy("Menunggu diperiksa petugas, lalu diteruskan ke kantor yang berwenang."),
    State.FORWARDED: gettext_lazy("Sudah diperiksa; kantor yang berwenang belum menjawab."),
    State.IN_PROGRESS: gettext_lazy("Kantor sudah menjawab dan sedang menanganinya."),
    State.WAITING_REPORTER: gettext_lazy("Petugas bertanya kepada pelapor dan menunggu jawabannya."),
    State.SCHEDULED: gettext_lazy("Pekerjaan belum dilakukan: menunggu anggaran atau giliran."),
    State.EXTERNAL: gettext_lazy(
        "Bukan wewenang pemerintah kota: kantor sudah menyurati instansi yang berwenang. Belum selesai."
    ),
    State.WORK_DONE: gettext_lazy(
        "Kantor menyatakan pekerjaan selesai. Pelapor belum menyatakan apakah benar begitu."
    ),
    State.MERGED: gettext_lazy(
        "Hal yang sama sudah dilaporkan; penanganannya dilanjutkan pada laporan lain. Laporan ini sendiri tidak "
        "dihitung selesai."
    ),
    State.APPEAL_REFUSED: gettext_lazy(
        "Pelapor berkeberatan; kantor di atasnya menilai pekerjaan selesai dan menuliskan alasannya."
    ),
    State.CONFIRMED: gettext_lazy(
        "Pelapor, atau Ketua RT setempat bila pelapor tidak menanggapi, memeriksa dan menyatakan masalahnya selesai."
    ),
    State.NO_RESPONSE: gettext_lazy(
        "Kantor menyatakan selesai, tetapi pelapor tidak menanggapi sampai batas waktu. "
        "Selesainya tidak dipastikan siapa pun."
    ),
    State.UNANSWERED: gettext_lazy(
        "Ditutup karena pertanyaan petugas tidak dijawab sampai batas waktu. "
        "Tidak ada pekerjaan yang dinyatakan selesai."
    ),
    State.REJECTED: gettext_lazy("Tidak dapat diproses; alasannya tertulis di perjalanan laporan."),
}
_DONE = (State.WORK_DONE, State.APPEAL_REFUSED, State.CONFIRMED, State.NO_RESPONSE)
PAUSED_BECAUSE = {casework.transitions.WAITING_FOR_REPORTER: gettext_lazy("menunggu jawaban pelapor")}
# An outline shows no timeline.
_OUTLINE_MEANS = {State.REJECTED: gettext_lazy("Tidak dapat diproses; alasannya dibaca pelapornya.")}
# In these states nothing public says yet whether an officer has verified the report.
_MAYBE_UNVERIFIED = (State.RECEIVED, State.WAITING_REPORTER, State.REJECTED, State.UNANSWERED, State.MERGED)
CLASS_NAMES = {
    "PENGADUAN": gettext_lazy("Pengaduan"),
    "ASPIRASI": gettext_lazy("Aspirasi"),
    "PERMINTAAN_INFORMASI": gettext_lazy("Permintaan informasi"),
}


@dataclass(frozen=True, slots=True)
class Duty(Printed):
    """An office that must act, and its clock in words; `tone` is empty or `overdue`."""

    office: str
    clock: str
    tone: str = ""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Plan(Printed):
    """*Dijadwalkan*: why, by whom, until when, and who decided."""

    reason: str
    office: str
    month: str
    decided: str
    cause: casework.causes.Cause | None = None


@dataclass(frozen=True, slots=True)
class Outline(Printed):
    """All that everyone may know of an unpublished report, and in words why no more."""

    number: str
    title: str
    where: str
    place_code: str
    status: str
    tone: str
    means: str
    why: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class Step(Printed):
    """A line of the timeline, ready to print."""

    title: str
    tone: str
    when: str
    datetime: str
    words: str
    photos: list[dict[str, str]]
    by: str = ""  # strangers are told the office in the title


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Printed):
    """All of a published report that a stranger may read. `map_address` is empty without a point."""

    number: str
    title: str
    where: str
    place_code: str
    status: str
    tone: str
    means: str
    kind: str
    words: str
    landmark: str
    map_address: str
    reporter: str
    day: str
    supporters: int
    takes_support: bool
    takes_witness: bool
    said_fixed: int
    said_same: int
    photos: list[dict[str, str]]
    duties: list[Duty]
    plans: list[Plan]
    steps: list[Step]
    proof: list[dict[str, str]]
    checked: casework.proof_wording.Checked | None
    answers: list[Answered]
    stands_for: list[str]
    into: str = ""


def read(report: Report, *, at: datetime) -> Outline | Reading:
    """What a stranger sees of a report that `access.public` gave. Six queries at most, two more if it is merged."""
    into = find_public_into(report)
    goes_on = into.number if into else ""
    if seen_of(report) is Seen.ALL:
        return replace(_reading(report, at), into=goes_on)
    return replace(_outline(report), into=goes_on)


def title_of(report: Report) -> str:
    return category_name(category_of(report))


def _outline(report: Report) -> Outline:
    state = State(report.state)
    if report.is_confidential and state not in _MAYBE_UNVERIFIED:
        why = _("Isi laporan ini dirahasiakan.")
    else:
        why = _(
            "Isi laporan hanya ditampilkan bila sudah diverifikasi petugas "
            "dan pelapor tidak memintanya dirahasiakan."
        )
    return Outline(
        number=report.number,
        title=title_of(report),
        where=where(report.place.code),
        place_code=report.place.code,
        status=str(casework.wording.STATE_LABELS[state]),
        tone=casework.wording.STATE_TONES[state],
        means=str(_OUTLINE_MEANS.get(state, STATE_MEANS[state])),
        why=why,
    )


def _reading(report: Report, at: datetime) -> Reading:
    state, title = State(report.state), title_of(report)
    cases = casework.queries.cases_of(subject=subject_of(report))
    story = timeline(report=report, reader=Reader.PUBLIC)
    steps = [_step(entry) for entry in story.entries]
    return Reading(
        number=report.number,
        title=title,
        where=where(report.place.code),
        place_code=report.place.code,
        status=str(casework.wording.STATE_LABELS[state]),
        tone=casework.wording.STATE_TONES[state],
        means=str(STATE_MEANS[state]),
        kind=str(CLASS_NAMES[report.report_class]),
        words=report.public_body,
        landmark=report.public_landmark,
        map_address=_map_address(report),
        reporter=_("anonim") if report.is_anonymous else _("warga"),
        day=_day(report.submitted_at),
        supporters=report.supporters,
        takes_support=report.ended_at is None,
        takes_witness=state is State.WORK_DONE,
        said_fixed=report.said_fixed,
        said_same=report.said_same,
        photos=_printed_photos(story.photos, _("Foto laporan: %(title)s") % {"title": title}),
        duties=[_duty(case, at) for case in cases],
        plans=_plans(cases) if state is State.SCHEDULED else [],
        steps=steps,
        proof=_proof(steps) if state in _DONE else [],
        checked=_checked(story) if state in _DONE else None,
        answers=answers_of(report, public=True),
        stands_for=_stands_for(story.gathered),
    )


def _stands_for(gathered: list[str]) -> list[str]:
    """Of the reports that were merged into one, those that a stranger may read."""
    if not gathered:
        return []
    rows = published(Report.objects.filter(number__in=gathered))
    return list(rows.order_by("number").values_list("number", flat=True))


def _proof(steps: list[Step]) -> list[dict[str, str]]:
    """The photos of the work as it was last shown, to be set beside the reporter's own."""
    return next((step.photos for step in reversed(steps) if step.photos), [])


def _checked(story: Timeline) -> casework.proof_wording.Checked | None:
    """What the computer found about the proof that was shown last; nothing of one without public photos."""
    shown = [proof for proof, photos in story.proofs if photos]
    return casework.proof_wording.for_public(shown[-1].flagged, shown[-1].findings) if shown else None


def _day(at: datetime) -> str:
    return in_words(local_date(at, get_city().tz))


def _month(day: date) -> str:
    return day_in_words(day, "F Y")


def _map_address(report: Report) -> str:
    if report.lat is None:
        return ""
    point = f"{report.lat:.5f}", f"{report.lon:.5f}"
    return "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=18/{0}/{1}".format(*point)


def _printed_photos(pictures: list[files.Picture], words: str) -> list[dict[str, str]]:
    many = len(pictures) > 1
    return [
        {"url": p.url, "thumb": p.thumb_url, "alt": f"{words} ({n})" if many else words, "caption": ""}
        for n, p in enumerate(pictures, start=1)
    ]


def _step(entry: Entry) -> Step:
    local = entry.at.astimezone(get_city().tz)
    return Step(
        title=entry.text,
        tone=entry.tone,
        when=f"{in_words(local.date())}, {local:%H.%M}",
        datetime=local.isoformat(timespec="minutes"),
        words=entry.words,
        photos=_printed_photos(entry.photos, entry.text),
    )


def _duty(case: Case, at: datetime) -> Duty:
    office = _office(case.office_id)
    state = State(case.state)
    if case.ended_at:
        return Duty(office, _day(case.ended_at), is_closed=True)
    if case.paused_at:
        reason = PAUSED_BECAUSE.get(case.pause_reason, case.pause_reason)
        words = _("jam berhenti sejak %(day)s: %(reason)s")
        return Duty(office, words % {"day": _day(case.paused_at), "reason": reason})
    if state is State.WORK_DONE and case.reporter_due_at:
        words = _("pelapor dapat menanggapi sampai %(day)s")
        return Duty(office, words % {"day": _day(case.reporter_due_at)})
    if state is State.WORK_DONE:
        return Duty(office, _("keberatan pelapor sedang diputuskan kantor di atasnya"))
    if state is State.SCHEDULED and case.due_at:
        tone = "overdue" if case.due_at < at else ""
        return Duty(office, _("dijadwalkan selesai %(month)s") % {"month": _month(_local(case.due_at))}, tone)
    if state is State.EXTERNAL:
        return _outside(office, case, at)
    return Duty(office, *_running(case, at))


def _outside(office: str, case: Case, at: datetime) -> Duty:
    """Where a case lies that the city cannot finish by itself."""
    letter = casework.queries.letter_sent(case)
    if letter is None or case.due_at is None:
        return Duty(office, *_running(case, at))
    words = _("disurati ke %(body)s, nomor %(number)s tanggal %(sent)s; balasan ditunggu sampai %(day)s")
    said = {
        "body": letter.body.name,
        "number": letter.number,
        "sent": in_words(letter.dated) if letter.dated else "",
        "day": _day(case.due_at),
    }
    return Duty(office, words % said, "overdue" if case.due_at < at else "")


def _local(at: datetime) -> datetime:
    return at.astimezone(get_city().tz)


def _running(case: Case, at: datetime) -> tuple[str, str]:
    """The words and tone of a clock that runs."""
    day = {"day": _day(case.resolve_due_at)}
    if case.resolve_due_at < at:
        return _("lewat tenggat penyelesaian: seharusnya %(day)s") % day, "overdue"
    if case.due_at and case.due_at < at:
        due = {"day": _day(case.due_at)}
        if case.state == State.RECEIVED:
            return _("lewat tenggat verifikasi: seharusnya %(day)s") % due, "overdue"
        return _("lewat tenggat jawaban: seharusnya %(day)s") % due, "overdue"
    if case.due_is_provisional:
        return _("ditargetkan selesai %(day)s (perkiraan: libur tahun itu belum ditetapkan)") % day, ""
    return _("ditargetkan selesai %(day)s") % day, ""


def _office(office: int) -> str:
    try:
        return people.directory().get(office).name
    except people.UnknownOffice:
        return _("kantor yang sudah tidak ada")


def _plans(cases: list[Case]) -> list[Plan]:
    """The schedule in force of each case that waits; an office's later decision replaces its earlier."""
    waiting = [case.pk for case in cases if case.state == State.SCHEDULED]
    approved = {
        plan.office: (plan, plan.decided_at)
        for plan in casework.queries.schedules_of(cases=waiting)
        if plan.decision == "APPROVED" and plan.decided_at
    }
    causes = casework.causes.shown(plan.because for plan, _decided in approved.values())
    return [
        Plan(
            reason=plan.public_reason,
            cause=causes.get(plan.because),
            office=_office(plan.office),
            month=_month(plan.target_month),
            decided=_("Kepala %(office)s, %(day)s")
            % {"office": _office(plan.office), "day": _day(decided_at)},
        )
        for plan, decided_at in approved.values()
    ]
