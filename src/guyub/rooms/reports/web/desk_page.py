"""What the case page shows: the report, its clocks, its story, and what this person may do now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, Mode, State, Verb
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports import lapor, questions, recategorising, redacting
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.merged import find_into
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.nearby import Similar, similar_for_desk
from guyub.rooms.reports.queries import category_name, label_said
from guyub.rooms.reports.rules import Seen, seen_of
from guyub.rooms.reports.timeline import Reader, Timeline, timeline
from guyub.rooms.reports.web import guess
from guyub.rooms.reports.web import lapor as lapor_web
from guyub.rooms.reports.web.desk_forms import FORMS, DeskForm
from guyub.rooms.reports.web.desk_words import said_of
from guyub.rooms.reports.web.marking import marked
from guyub.ui.rows import Printed, day_in_words, shortened

# always possible, never what a case waits for
ASIDE = frozenset({Verb.NOTE, Verb.DISPOSE, Verb.MERGE, Verb.GATHER, Verb.UNMERGE})
ALIKE = frozenset({Verb.MERGE, Verb.GATHER})
Teller = casework.wording.DueTeller


@dataclass(frozen=True, slots=True)
class Act(Printed):
    """One thing that the person may do: its words, where it is sent, and its form.

    Only the act that stands open has its form and where it is sent; another's come when its link is followed: eight
    forms of which one is used made the page three times as long.
    """

    verb: str
    title: str
    explain: str
    button: str
    tone: str
    unfold: str
    url: str = ""
    form: DeskForm | None = None
    confirm: str = ""
    templates: tuple[casework.answer_templates.Prepared, ...] = ()
    words_id: str = ""


@dataclass(frozen=True, slots=True)
class Clock(Printed):
    """A line of the clocks panel."""

    name: str
    day: str
    words: str
    tone: str = ""


def page(
    *,
    report: Report,
    case: Case,
    person: Person,
    at: datetime,
    used: DeskForm | None = None,
    verb: Verb | None = None,
    office: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Everything for the template as plain values.

    `used` is a form that came back with errors or typed words, `office` one that a hand-over is suggested to.
    """
    tell = casework.wording.DueTeller(at)
    plans = casework.queries.schedules_of(cases=[case.pk])
    pending = next((plan for plan in plans if plan.decision == "PROPOSED"), None)
    siblings = casework.queries.cases_of(subject=case.subject)
    letter, origin = casework.queries.letter_now(case), lapor.find_origin(report)
    lacking = set() if pending else {Verb.DECIDE}
    lacking |= set() if letter and letter.sent_at is None else {Verb.SEND_OUT}
    similar = similar_to(report, case, person, at)
    lacking |= set() if similar and seen_of(report) is Seen.ALL else {Verb.GATHER}
    offered = lapor.offered(origin, casework.access.offered(person, case))
    verbs = [one for one in offered if one not in lacking]
    acts = _acts(report, case, person, at, verbs=verbs, used=used, verb=verb, similar=similar, office=office)
    if len(siblings) > 1:
        part = f"kasus={case.part}"
        acts = [replace(act, url=f"{act.url}?{part}", unfold=f"{act.unfold}&{part}") for act in acts]
    following = casework.queries.next_in_inbox(person=person, besides=case.subject)
    story = timeline(report=report, reader=Reader.OFFICER)
    found = {
        "number": report.number,
        "title": label_said(case.label),
        "state": casework.wording.STATE_LABELS[State(case.state)],
        "tone": casework.wording.STATE_TONES[State(case.state)],
        "marks": _marks(report, case),
        "body": marked(report.body),
        "masking_url": reverse("desk_masking", args=[report.number])
        if redacting.may_choose(person, case) and not (report.about_conduct or report.is_confidential)
        else "",
        "public_body": report.public_body if report.public_body.strip() != report.body.strip() else "",
        "published": tell.day(report.published_at) if report.published_at else "",
        "facts": _facts(report, case, tell),
        "category_url": reverse("desk_category", args=[report.number]) + f"?kasus={case.part}"
        if recategorising.may_correct(person, report, case)
        else "",
        "point": f"{report.lat:.6f},{report.lon:.6f}" if report.lat is not None else "",
        "photos": grid(story.photos, _("Foto pelapor")),
        "blur_links": _blur_links(report, story.photos) if redacting.may_choose(person, case) else [],
        "evidence": _evidence(case, story, tell, person),
        "clocks": _clocks(report, case, tell),
        "pause": _pause(case, tell),
        "is_provisional": case.due_is_provisional and case.is_open,
        "pending": pending and {"reason": pending.reason, "month": day_in_words(pending.target_month, "F Y")},
        "handed": _handed(case, tell) if case.hand_overs else [],
        "letter": _letter(letter, case),
        "assigned": _assigned(case, tell),
        "siblings": _siblings(siblings, case, person, tell) if len(siblings) > 1 else [],
        "similar": [_alike(one) for one in similar],
        "guess": guess.for_desk(report, case, at=at),
        "into": _into(report, person),
        "instruction": casework.queries.instruction_of(case) if case.part > 1 else "",
        "story": _story(story, tell),
        **_parted(acts),
        "crew": _crew(case, person),
        "offers": casework.causes.offers(person, case),
        "lapor": lapor_web.panel(report, case, person, origin),
        "waits_for": "" if any(act.verb not in ASIDE for act in acts) else _waits_for(case),
        "identity_url": _identity_url(report, case, person, shared=len(siblings) > 1),
        "next": following
        and {"url": reverse("desk_report", args=[following.number]), "title": label_said(following.label)},
        "identity": None,
        "conflict": False,
        "wrong": "",
        "lost_words": "",
        **more,
    }
    return found if person.support is None else {**found, **_for_support(report, tell)}


def _for_support(report: Report, tell: Teller) -> dict[str, Any]:
    """Support sees how a page works, not what people wrote in confidence: only what anybody may read."""
    open_to_all = report.published_at is not None and not report.is_confidential
    return {
        "title": category_name(category_of(report)),
        "body": report.public_body if open_to_all else _("(isi laporan tidak tampil bagi dukungan)"),
        "public_body": "",
        "facts": [],
        "point": "",
        "photos": [],
        "blur_links": [],
        "evidence": None,
        "handed": [],
        "pending": None,
        "story": _story(timeline(report=report, reader=Reader.PUBLIC), tell) if open_to_all else [],
        **_parted([]),
        "offers": [],
        "similar": [],
        "masking_url": "",
        "category_url": "",
        "crew": None,
        "guess": "",
        "identity_url": "",
        "identity": None,
        "next": None,
    }


def _acts(
    report: Report,
    case: Case,
    person: Person,
    at: datetime,
    *,
    verbs: list[Verb],
    used: DeskForm | None,
    verb: Verb | None,
    similar: list[Similar],
    office: int | None,
) -> list[Act]:
    first = next((one for one in verbs[:1] if one not in ASIDE), None)
    chosen = verb if verb in verbs else first
    made = []
    for one in verbs:
        said = said_of(one, report=report, case=case, person=person)
        act = Act(
            verb=one.value,
            title=said.title,
            explain=said.explain,
            button=said.button,
            tone="danger" if one is Verb.REJECT else "primary",
            unfold=f"?langkah={one.value}",
            confirm=said.confirm,
        )
        if one is chosen:
            more: dict[str, Any] = {"similar": similar} if one in ALIKE else {}
            if one is Verb.HAND_OVER and office is not None:
                more["initial"] = {"office": office, "code": casework.HandOverReason.NOT_OURS}
            form = (
                used
                if used is not None and one is verb
                else new_form(one, report=report, case=case, at=at, **more)
            )
            templates = casework.answer_templates.prepared_for(case=case, person=person, verbs=[one], at=at)
            act = replace(
                act,
                url=reverse("desk_act", args=[report.number, one.value]),
                form=form,
                templates=tuple(templates.get(one, ())),
                words_id=form[words_field(one)].auto_id if templates.get(one) else "",
            )
        made.append(act)
    return made


def _parted(acts: list[Act]) -> dict[str, Any]:
    """The act that stands open, if any, and those above and below it."""
    place = next((n for n, act in enumerate(acts) if act.form is not None), len(acts))
    return {
        "before": acts[:place],
        "opened": acts[place] if place < len(acts) else None,
        "after": acts[place + 1 :],
    }


def similar_to(report: Report, case: Case, person: Person, at: datetime) -> list[Similar]:
    """Reports that may be the same, for whoever could merge them; one query."""
    merging = casework.merging
    if person.support is not None or not (
        merging.may_merge(person, case) or merging.may_receive(person, case)
    ):
        return []
    return similar_for_desk(report=report, grants=person.grants, at=at)


def words_field(verb: Verb) -> str:
    """The field that takes prepared words."""
    return "reason" if verb is Verb.SCHEDULE else "words"


def new_form(verb: Verb, *args: Any, report: Report, case: Case, at: datetime, **more: Any) -> DeskForm:
    if verb is Verb.SCHEDULE:
        more["today"] = local_date(at, get_city().tz)
    return FORMS[verb](*args, report=report, case=case, verb=verb, **more)


def _marks(report: Report, case: Case) -> list[tuple[str, str]]:
    """Badges (tone, word) for what an officer must know before anything else."""
    marks = [
        ("hazard", gettext_lazy("Bahaya"), case.is_hazard),
        ("overdue", gettext_lazy("Tentang perilaku petugas"), report.about_conduct),
        ("overdue", gettext_lazy("Dinaikkan"), case.escalated_to_id is not None),
        ("info", gettext_lazy("Permohonan"), case.mode == Mode.REQUEST),
        ("info", gettext_lazy("Anonim"), report.is_anonymous),
        ("info", gettext_lazy("Rahasia"), report.is_confidential),
        ("info", gettext_lazy("Disampaikan Ketua RT/RW"), report.for_neighbour),
        ("overdue", gettext_lazy("Dibuka kembali"), case.reopened > 0),
    ]
    return [(tone, str(word)) for tone, word, holds in marks if holds]


def _facts(report: Report, case: Case, tell: Teller) -> list[tuple[str, str]]:
    place = places.gazetteer().get(report.place.code)
    category = category_name(category_of(report))
    units = [f"RT {report.rt}" if report.rt else "", f"RW {report.rw}" if report.rw else ""]
    office = people.directory().by_id.get(case.office_id)
    rows = [
        (_("Ditangani"), office.name if office else ""),
        (_("Pemilik"), casework.wording.ground_words(case)),
        (_("Tempat"), f"{place.label}, Kec. {place.district}" if place.district else place.label),
        (_("RT/RW"), " ".join(filter(None, units))),
        (_("Patokan"), report.landmark),
        (_("Jenis"), str(casework.wording.CLASS_LABELS[casework.Classification(case.classification)])),
        (_("Kategori"), category),
        *((one.question, one.answer) for one in questions.answers_of(report, public=False)),
        (_("Diterima"), tell.moment(report.submitted_at)),
        (_("Juga mengalami"), _("%(n)d warga") % {"n": report.supporters} if report.supporters else ""),
    ]
    return [(name, value) for name, value in rows if value]


def grid(shown: Iterable[files.Picture], name: str) -> list[dict[str, str]]:
    """Photos for the photo grid."""
    return [
        {
            "url": photo.url,
            "thumb": photo.thumb_url,
            "alt": f"{name} {n}",
            "caption": "" if "?s=" in photo.url else _("Tampil untuk umum"),
        }
        for n, photo in enumerate(shown, 1)
    ]


def _blur_links(report: Report, shown: Iterable[files.Picture]) -> list[tuple[str, str]]:
    """Where each of the reporter's photos can be made unreadable in part."""
    name = _("Samarkan foto %(n)d")
    return [
        (reverse("desk_blur", args=[report.number, photo.uuid]), name % {"n": n})
        for n, photo in enumerate(shown, 1)
    ]


def _evidence(case: Case, story: Timeline, tell: Teller, person: Person) -> dict[str, Any] | None:
    """The newest proof of finished work, and what the computer found about it."""
    proofs = [(proof, shown) for proof, shown in story.proofs if proof.case == case.pk]
    if not proofs:
        return None
    newest, shown = proofs[-1]
    others = casework.proving.others_of(newest.findings, person=person)
    after, before = grid(shown, _("Bukti pekerjaan")), grid(story.photos, _("Foto pelapor"))
    return {
        "words": newest.words,
        "when": tell.moment(newest.at),
        "captured": casework.wording.captured(newest, tell),
        "photos": after,
        "pair": (before[0], after[0]) if before and after else (),
        "checked": casework.proof_wording.for_officers(newest.flagged, newest.findings, others=others),
    }


def _clocks(report: Report, case: Case, tell: Teller) -> list[Clock]:
    """The three clocks of the rulebook, and the hours that danger gives."""
    terms = case.terms
    verified = report.published_at or case.forwarded_at
    finished = case.completed_at or case.ended_at
    rows = []
    if case.is_hazard:
        first = case.received_at + timedelta(hours=terms["hazard_hours"])
        rows.append(_clock(_("Tindakan pertama"), first, verified, case, tell, by_hour=True))
    rows.append(_clock(_("Verifikasi"), case.verify_due_at, verified or case.ended_at, case, tell))
    if case.respond_due_at:
        rows.append(
            _clock(_("Jawaban pertama"), case.respond_due_at, case.answered_at or finished, case, tell)
        )
    else:
        rows.append(Clock(_("Jawaban pertama"), _("mulai setelah diverifikasi"), ""))
    rows.append(_clock(_("Penyelesaian"), case.resolve_due_at, finished, case, tell))
    if case.state == State.EXTERNAL and case.due_at:
        rows.append(_clock(_("Balasan instansi"), case.due_at, None, case, tell))
    return rows


def _clock(
    name: str, due_at: datetime, done_at: datetime | None, case: Case, tell: Teller, *, by_hour: bool = False
) -> Clock:
    day = tell.moment(due_at) if by_hour else tell.day(due_at)
    if done_at is not None:
        if done_at <= due_at:
            return Clock(name, day, _("tepat waktu, %(day)s") % {"day": tell.day(done_at)})
        return Clock(name, day, _("terlambat, baru %(day)s") % {"day": tell.day(done_at)}, "late")
    if case.paused_at is not None and case.paused_at <= due_at:
        return Clock(name, day, _("jam berhenti"))
    due = tell.due(due_at, provisional=case.due_is_provisional)
    return Clock(name, day, due.words, due.tone)


def _pause(case: Case, tell: Teller) -> str:
    if case.paused_at is None:
        return ""
    until = tell.day(case.reporter_due_at) if case.reporter_due_at else ""
    return _(
        "Jam berhenti sejak %(since)s: menunggu jawaban pelapor. Tanpa jawaban sampai %(until)s, "
        "laporan ditutup."
    ) % {"since": tell.day(case.paused_at), "until": until}


def _handed(case: Case, tell: Teller) -> list[dict[str, str]]:
    names = people.directory().by_id

    def name(office: int) -> str:
        return names[office].name if office in names else "–"

    return [
        {
            "from": name(d.from_office),
            "to": name(d.to_office),
            "code": str(casework.wording.HAND_OVER_REASONS[casework.HandOverReason(d.code)]),
            "reason": d.reason,
            "wanted": name(d.wanted) if d.wanted else "",
            "when": tell.moment(d.at),
        }
        for d in casework.queries.dispositions_of(cases=[case.pk])
    ]


def _letter(row: Any, case: Case) -> dict[str, Any] | None:
    """The letter to a body outside the city: where it is, and what came back."""
    return row and {
        "body": row.body.name,
        "number": row.number,
        "day": day_in_words(row.dated, "j M Y") if row.dated else "",
        "reply": row.reply_words,
        "photos": grid(
            files.pictures(subject=casework.queries.reply_subject(row), may_see=True), _("Surat balasan")
        )
        if row.replied_at
        else [],
        "reply_day": day_in_words(row.reply_dated, "j M Y") if row.reply_dated else "",
        "url": reverse("desk_letter", args=[case.number]) + f"?kasus={case.part}",
    }


def _siblings(siblings: list[Case], case: Case, person: Person, tell: Teller) -> list[dict[str, Any]]:
    """All parts of a report that several offices share; a link where this person may go."""
    seen = set(casework.access.visible(person).filter(subject=case.subject).values_list("pk", flat=True))
    offices = people.directory().by_id
    here = reverse("desk_report", args=[case.number])
    return [
        {
            "office": offices[one.office_id].name if one.office_id in offices else "–",
            "state": casework.wording.STATE_LABELS[State(one.state)],
            "tone": casework.wording.STATE_TONES[State(one.state)],
            "clock": tell.due(one.due_at).words if one.due_at else "",
            "url": f"{here}?kasus={one.part}" if one.pk in seen and one.pk != case.pk else "",
            "is_this": one.pk == case.pk,
        }
        for one in siblings
    ]


def _assigned(case: Case, tell: Teller) -> dict[str, str] | None:
    found = casework.queries.assigned(case)
    if found is None:
        return None
    return {
        "officer": found.officer,
        "instruction": found.instruction,
        "nota": found.nota,
        "when": tell.moment(found.at),
    }


def _alike(one: Similar) -> dict[str, Any]:
    return {
        "number": one.number,
        "url": reverse("desk_report", args=[one.number]),
        "state": casework.wording.STATE_LABELS[one.state],
        "tone": casework.wording.STATE_TONES[one.state],
        "words": shortened(one.words, 140),
        "reasons": " · ".join(one.reasons),
    }


def _into(report: Report, person: Person) -> dict[str, str] | None:
    """The report that stands for this one; a link where this person may go."""
    found = find_into(report) if report.state == State.MERGED else None
    if found is None:
        return None
    may_go = casework.access.visible(person).filter(number=found.number).exists()
    return {"number": found.number, "url": reverse("desk_report", args=[found.number]) if may_go else ""}


def _story(story: Timeline, tell: Teller) -> list[dict[str, Any]]:
    """The whole timeline, the newest line last."""
    return [
        {
            "title": entry.text,
            "tone": entry.tone,
            "when": tell.moment(entry.at),
            "datetime": entry.at.isoformat(timespec="minutes"),
            "words": entry.words,
            "photos": grid(entry.photos, _("Foto")),
            "by": _("tidak tampil untuk umum") if entry.is_private else "",
        }
        for entry in story.entries
    ]


def _waits_for(case: Case) -> str:
    """Why there is nothing to do, and who is next."""
    state = State(case.state)
    if not case.is_open:
        return _("Laporan ini sudah berakhir.")
    if state is State.WORK_DONE:
        return _("Pelapor diminta mengonfirmasi. Tidak ada yang perlu Anda lakukan sekarang.")
    if state is State.WAITING_REPORTER:
        return _("Pelapor diminta menjawab. Tidak ada yang perlu Anda lakukan sekarang.")
    office = people.directory().by_id.get(case.office_id)
    return _("Ditangani %(office)s. Anda dapat membacanya.") % {"office": office.name} if office else ""


def _crew(case: Case, person: Person) -> dict[str, Any] | None:
    """The way to a crew's links, and how many of its proofs wait; none for whoever may not complete the case."""
    if not casework.crew.may_give(person, case):
        return None
    return {
        "url": reverse("desk_crew", args=[case.number]) + f"?kasus={case.part}",
        "waiting": casework.crew.count_waiting(case),
    }


def _identity_url(report: Report, case: Case, person: Person, *, shared: bool) -> str:
    """Where to ask who the reporter is, for whoever may and if there is anything to see."""
    if not (report.account_id or report.contact_id):
        return ""
    if not casework.access.may_see_identity(person, case, is_anonymous=report.is_anonymous):
        return ""
    return reverse("desk_act", args=[report.number, "identitas"]) + (f"?kasus={case.part}" if shared else "")
