"""Following one's own report: behind the secret link, or as a list for whoever has an account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, NotPossible, State
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports import access, actions, merging, own_data, sending
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.emergency import numbers_of
from guyub.rooms.reports.merged import find_into
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.questions import answers_of
from guyub.rooms.reports.timeline import Entry, Reader, timeline
from guyub.rooms.reports.web import flood
from guyub.rooms.reports.web.forms import clean_text
from guyub.rooms.reports.web.rows import category_name, day, moment, own_rows, public_rows
from guyub.rooms.reports.web.uuids import uuid_or_none

WORDS_AT_MOST = 4000
VERBS = ("reply", "confirm", "dispute", "appeal", "different")
NOT_DONE = ("dispute", "appeal")
A_PAGE = 20
NEWEST = 5


# The secret key in the address is the only authority here; no cookie adds any, so a forged request from another
# site gains nothing that its author could not do directly. With "no-referrer" browsers send "Origin: null", which
# Django's check would refuse, and a photo may follow days after the form that held a token.
@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, key: str) -> HttpResponse:
    if request.method == "POST" and request.POST.get("verb") == "relink":
        return guarded(_change_link(request, key))
    try:
        report = access.followed_report(key)
    except Http404:
        return unknown_link(request)
    if request.method == "POST":
        return guarded(_act(request, report, key))
    return guarded(_show(request, report, key))


@gate.link
@csrf_exempt
@require_POST
def add_photo(request: HttpRequest, key: str) -> HttpResponse:
    """A photo that follows the words, from the script. 200 also when it is here already."""
    report = access.followed_report(key)
    upload, photo = request.FILES.get("photo"), uuid_or_none(request.POST.get("uuid", ""))
    if upload is None or photo is None:
        return guarded(JsonResponse({"errors": [_("Foto tidak sampai. Kirim sekali lagi.")]}, status=400))
    try:
        is_new = sending.add_photo(report=report, upload=upload, photo=photo, at=timezone.now())
    except sending.CannotAdd as problem:
        return guarded(JsonResponse({"errors": [str(problem)]}, status=409))
    except files.NotAPhoto as problem:
        return guarded(JsonResponse({"errors": [str(problem)]}, status=422))
    return guarded(JsonResponse({"photo": str(photo), "is_new": is_new}))


def unknown_link(request: HttpRequest, *, of_crew: bool = False) -> HttpResponse:
    """For a link that was cut short or is good no more: which of the two is not known, what to do is."""
    return guarded(render(request, "reports/unknown_link.html", {"of_crew": of_crew}, status=404))


def guarded(response: HttpResponse) -> HttpResponse:
    """The address is a key: it goes into no other site's logs, no index and no shared store."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True)
class Trouble:
    """What a reporter wrote that could not be taken in: it stays in the form."""

    verb: str = ""
    errors: tuple[str, ...] = ()
    words: str = ""
    draft: UUID | None = None
    has_moved_on: bool = False
    part: int | None = None

    @property
    def is_not_done(self) -> bool:
        """Whether it was about work that is not done: a dispute or an appeal."""
        return self.verb in NOT_DONE


def _act(request: HttpRequest, report: Report, key: str) -> HttpResponse:
    """The reporter replies, confirms or disputes."""
    verb = request.POST.get("verb", "")
    verb = verb if verb in VERBS else ""
    if stopped := flood.find_flood(request, "follow", at=timezone.now()):
        return guarded(flood.refuse(request, stopped, typed=clean_text(request.POST.get("words", ""))))
    words, part = clean_text(request.POST.get("words", "")).strip(), _part(request)
    if verb in NOT_DONE and not _can_dispute(report):
        return _show(request, report, key, Trouble(verb, (), words, has_moved_on=True, part=part))
    draft, errors = _keep_photos(request) if verb in NOT_DONE else (None, [])
    errors += _missing(
        verb, words, has_photos=bool(draft and files.Photo.objects.filter(draft=draft).exists())
    )
    if errors:
        return _show(request, report, key, Trouble(verb, tuple(errors), words, draft, part=part))
    try:
        _do(verb, report, words, draft, part, timezone.now())
    except NotPossible:
        return _show(
            request,
            access.followed_report(key),
            key,
            Trouble(verb, (), words, draft, has_moved_on=True, part=part),
        )
    return HttpResponseRedirect(f"{reverse('report_follow', args=[key])}?sesudah={verb}", status=303)


def _change_link(request: HttpRequest, key: str) -> HttpResponse:
    """A new link for whoever holds this one, which then opens nothing. Sent twice it leads to the same new link."""
    asked = uuid_or_none(request.POST.get("kiriman", ""))
    if asked is None:
        return _show(
            request,
            access.followed_report(key),
            key,
            Trouble("", (_("Muat ulang halaman ini lalu coba lagi."),)),
        )
    report = access.report_asked_to_change_link(key, asked)
    new = actions.change_link(report=report, request=asked, at=timezone.now())
    return HttpResponseRedirect(f"{reverse('report_follow', args=[new])}?sesudah=relink", status=303)


def _can_dispute(report: Report) -> bool:
    """Whether an office waits for the reporter's word: asked before photos are kept, which cost disk."""
    cases = casework.queries.cases_of(subject=actions.subject_of(report))
    return any(case.state == State.WORK_DONE for case in cases)


def _do(verb: str, report: Report, words: str, draft: UUID | None, part: int | None, at: datetime) -> None:
    if verb == "reply":
        actions.reply(report=report, words=words, at=at, part=part)
    elif verb == "different":
        merging.say_different(report=report, words=words, at=at)
    elif verb == "confirm":
        actions.confirm(report=report, at=at, part=part)
    elif verb == "appeal":
        actions.appeal(report=report, words=words, draft=draft, at=at, part=part)
    else:
        actions.dispute(report=report, words=words, draft=draft, at=at, part=part)


def _part(request: HttpRequest) -> int | None:
    """Which office's part is meant, where several share a report."""
    said = request.POST.get("bagian", "")
    return int(said) if re.fullmatch(r"[0-9]{1,4}", said) else None


def _missing(verb: str, words: str, *, has_photos: bool) -> list[str]:
    if not verb:
        return [_("Pilih salah satu tombol di halaman ini.")]
    if len(words) > WORDS_AT_MOST:
        return [_("Tulisan Anda terlalu panjang. Paling banyak %(most)s huruf.") % {"most": WORDS_AT_MOST}]
    if verb == "different" and not words:
        return [_("Tulis apa bedanya, agar petugas tidak menggabungkannya lagi.")]
    if verb == "reply" and not words:
        return [_("Tulis jawaban Anda.")]
    if verb == "appeal" and not words:
        return [_("Tulis mengapa Anda berkeberatan.")]
    if verb == "dispute" and not (words or has_photos):
        return [_("Tulis apa yang belum selesai, atau kirim fotonya.")]
    return []


def _keep_photos(request: HttpRequest) -> tuple[UUID | None, list[str]]:
    at, draft = timezone.now(), uuid_or_none(request.POST.get("draft", ""))
    uploads = request.FILES.getlist("photos")
    if uploads:
        draft = actions.keep_draft(values={}, at=at, draft=draft)
    if not draft:
        return None, []
    unwanted = [one for one in map(uuid_or_none, request.POST.getlist("remove")) if one]
    if unwanted:
        sending.remove_photos(draft=draft, photos=unwanted)
    return draft, sending.keep_photos(draft=draft, uploads=uploads, at=at)


def _show(request: HttpRequest, report: Report, key: str, trouble: Trouble | None = None) -> HttpResponse:
    cases = casework.queries.cases_of(subject=actions.subject_of(report))
    story = timeline(report=report, reader=Reader.REPORTER)
    states = {State(case.state) for case in cases}
    photos_may_follow = sending.photos_may_follow(report, at=timezone.now())
    address = reverse("report_follow", args=[key])
    context = {
        "report": report,
        "answers": answers_of(report, public=False),
        "category": category_name(category_of(report)),
        "place": places.gazetteer().get(report.place.code).label,
        "units": _units(report),
        "state": casework.wording.STATE_LABELS[State(report.state)],
        "tone": casework.wording.STATE_TONES[State(report.state)],
        "next": _next(report, cases),
        "others": _others(report, cases),
        "photos": _grid(story.photos),
        "blur_links": _blur_links(story.photos, key),
        "entries": [_line(entry) for entry in story.entries],
        "questions": _questions(report, cases) if State.WAITING_REPORTER in states else [],
        "proofs": _proofs(cases),
        # whoever kept the address of the receipt is not told every time that it was sent
        "just_sent": request.method == "GET"
        and "terkirim" in request.GET
        and State(report.state) is State.RECEIVED,
        "after": request.GET.get("sesudah", "") if request.method == "GET" else "",
        "urgent": numbers_of(category_of(report))
        if category_of(report).is_hazard and "terkirim" in request.GET
        else [],
        "into": _into(report),
        "trouble": trouble,
        "kept_photos": files.pictures(draft=trouble.draft, may_see=True) if trouble and trouble.draft else [],
        "address": request.build_absolute_uri(address),
        "path": address,
        "data_url": reverse("own_data", args=[key]),
        "share": _share(request, report),
        "relink": uuid4(),
        "said_fixed": report.said_fixed,
        "said_same": report.said_same,
        "upload": reverse("report_add_photo", args=[key]) if photos_may_follow else "",
    }
    status = 200 if trouble is None else 409 if trouble.has_moved_on else 422
    return render(request, "reports/follow.html", context, status=status)


def _into(report: Report) -> dict[str, str] | None:
    """The report that stands for this one now, as its reporter may know it: what everyone reads of it."""
    found = find_into(report) if report.state == State.MERGED else None
    if found is None:
        return None
    return {
        "number": found.number,
        "url": reverse("report_page", args=[found.number]),
        "state": str(casework.wording.STATE_LABELS[State(found.state)]),
        "tone": casework.wording.STATE_TONES[State(found.state)],
    }


def _units(report: Report) -> str:
    return " ".join(
        word for word in (report.rt and f"RT {report.rt}", report.rw and f"RW {report.rw}") if word
    )


def _blur_links(pictures: list[files.Picture], key: str) -> list[tuple[str, str]]:
    name = _("Samarkan foto %(n)d")
    return [
        (reverse("report_blur", args=[key, one.uuid]), name % {"n": n}) for n, one in enumerate(pictures, 1)
    ]


def _grid(pictures: list[files.Picture]) -> list[dict[str, str]]:
    return [
        {"url": one.url, "thumb": one.thumb_url, "alt": _("Foto %(n)s") % {"n": n}, "caption": ""}
        for n, one in enumerate(pictures, 1)
    ]


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "text": entry.text,
        "tone": entry.tone,
        "when": moment(entry.at),
        "datetime": timezone.localtime(entry.at).isoformat(timespec="minutes"),
        "words": entry.words,
        "photos": _grid(entry.photos),
    }


def _questions(report: Report, cases: list[Case]) -> list[dict[str, Any]]:
    """The words that each office waits for an answer to."""
    said = conversation.words_about(subject=actions.subject_of(report), audiences=[Audience.REPORTER])
    asked = [words for words in reversed(said) if words.kind == "question"]
    waiting = [case for case in cases if case.state == State.WAITING_REPORTER]
    newest = asked[0].body if asked else ""
    return [
        {
            **_labelled(case, cases),
            "words": next((words.body for words in asked if words.office == case.office_id), newest),
        }
        for case in waiting
    ]


def _proofs(cases: list[Case]) -> list[dict[str, Any]]:
    """What each office showed of its work, to be set beside the reporter's own photos."""
    found = []
    for case in cases:
        shown = casework.queries.proofs_of(cases=[case.pk]) if case.state == State.WORK_DONE else []
        if shown:
            photos = files.pictures(subject=f"casework.evidence:{shown[-1].id}", may_see=True)
            tell = casework.wording.DueTeller(timezone.now())
            above = casework.appeals.can_appeal(case)
            found.append(
                {
                    **_labelled(case, cases),
                    "appeal_to": above.name if above else "",
                    "is_judged": not case.reporter_due_at,
                    "words": shown[-1].words,
                    "captured": casework.wording.captured(shown[-1], tell),
                    "photos": _grid(photos),
                    "checked": casework.proof_wording.for_public(shown[-1].flagged, shown[-1].findings),
                }
            )
    return found


def _labelled(case: Case, cases: list[Case]) -> dict[str, Any]:
    """Whose part it is; `mark` keeps the ids of several forms apart."""
    return {
        "office": people.directory().get(case.office_id).name,
        "part": case.part if len(cases) > 1 else 0,
        "mark": f"-{case.part}" if case.part > 1 else "",
    }


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next, by whom and by when; `by` is a day in words or empty."""

    text: str
    office: str
    by: str = ""
    is_provisional: bool = False
    is_request: bool = False
    ground: str = ""


def _next(report: Report, cases: list[Case]) -> Next:
    """By the case that the report's public state comes from: the one that lags most."""
    case = _lagging(report, cases)
    text, due = _step(State(report.state), case)
    if report.state == State.REJECTED and own_data.was_withdrawn(report):
        text = _("Laporan ini ditutup karena Anda menariknya.")
    return Next(
        text=text,
        office=people.directory().get(case.office_id).name,
        by=due,
        is_provisional=bool(due) and case.due_is_provisional,
        is_request=case.mode == casework.Mode.REQUEST and case.accepted_at is None,
        ground=casework.wording.ground_words(case),
    )


def _lagging(report: Report, cases: list[Case]) -> Case:
    return next((one for one in cases if one.state == report.state), cases[0])


def _others(report: Report, cases: list[Case]) -> list[tuple[str, str]]:
    """The other offices that each have a part of the report, and how far they are."""
    named = _lagging(report, cases)
    return [
        (people.directory().get(one.office_id).name, str(casework.wording.STATE_LABELS[State(one.state)]))
        for one in cases
        if one.pk != named.pk
    ]


def _step(state: State, case: Case) -> tuple[str, str]:
    if state is State.RECEIVED and case.is_hazard and case.due_at:
        return _("Kantor memeriksa laporan bahaya ini segera."), moment(case.due_at)
    if state is State.WORK_DONE and not case.reporter_due_at:
        return _("Keberatan Anda sedang diputuskan kantor di atasnya."), ""
    if state is State.SCHEDULED:
        return _("Pekerjaan sudah dijadwalkan, dengan bulan sasaran di bawah ini."), _month(case)
    texts: dict[State, tuple[str, datetime | None]] = {
        State.RECEIVED: (
            _("Kantor memeriksa apakah laporan lengkap dan memang urusannya."),
            case.verify_due_at,
        ),
        State.FORWARDED: (_("Kantor memberi jawaban pertama."), case.respond_due_at),
        State.IN_PROGRESS: (_("Kantor mengerjakan dan menunjukkan hasilnya."), case.resolve_due_at),
        State.WAITING_REPORTER: (
            _("Kantor menunggu jawaban Anda. Tanpa jawaban, laporan ditutup."),
            case.reporter_due_at,
        ),
        State.EXTERNAL: (
            _("Kantor sudah menyurati instansi yang berwenang dan menunggu balasannya. Belum selesai."),
            case.due_at,
        ),
        State.WORK_DONE: (_("Anda yang menentukan: sudah selesai atau belum."), case.reporter_due_at),
        State.MERGED: (
            _("Hal yang sama sudah dilaporkan. Penanganannya berlanjut di sana dan Anda tetap dikabari."),
            None,
        ),
        State.APPEAL_REFUSED: (
            _("Keberatan Anda ditolak; alasannya ada di bawah. Keputusan ini akhir."),
            None,
        ),
        State.CONFIRMED: (_("Laporan ini selesai dan sudah dikonfirmasi."), None),
        State.NO_RESPONSE: (_("Laporan ini ditutup tanpa tanggapan Anda."), None),
        State.UNANSWERED: (
            _(
                "Laporan ini ditutup karena pertanyaan petugas tidak dijawab. Kirim laporan baru bila masih terjadi."
            ),
            None,
        ),
        State.REJECTED: (_("Laporan ini tidak dapat diproses. Alasannya ada di bawah."), None),
    }
    text, due = texts[state]
    return text, day(due) if due else ""


def _month(case: Case) -> str:
    plans = casework.queries.schedules_of(cases=[case.pk])
    plan = next((one for one in reversed(plans) if one.decision == "APPROVED"), None)
    return date_format(plan.target_month, "F Y") if plan else ""


def _share(request: HttpRequest, report: Report) -> str:
    """A WhatsApp link that shares the public page, never this one. Not for what its reporter wants unseen."""
    if report.about_conduct or report.is_confidential:
        return ""
    public = request.build_absolute_uri(reverse("report_page", args=[report.number]))
    words = _("Laporan %(number)s: %(category)s.") % {
        "number": report.number,
        "category": category_name(category_of(report)),
    }
    return f"https://wa.me/?{urlencode({'text': f'{words} {public}'})}"


@gate.signed_in
@require_safe
def own_reports(request: HttpRequest) -> HttpResponse:
    """What an account has sent; a Ketua RT finds the way to the reports of the kelurahan, too."""
    person = person_of(request)
    page = Paginator(access.own_reports(person).order_by("-submitted_at", "-pk"), A_PAGE).get_page(
        request.GET.get("hal")
    )
    areas = [grant.place for grant in person.grants if grant.role == "ketua_rt" and grant.place]
    context = {
        "rows": own_rows(page.object_list),
        "total": page.paginator.count,
        "previous": f"?hal={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"?hal={page.next_page_number()}" if page.has_next() else "",
        "position": _("Halaman %(n)s dari %(all)s") % {"n": page.number, "all": page.paginator.num_pages},
        "areas": [_around(code) for code in areas],
    }
    return render(request, "reports/own.html", context)


def _around(code: str) -> dict[str, Any]:
    """What is new in a Ketua RT's kelurahan, as everyone may read it."""
    newest = access.public().filter(place__code=code).order_by("-submitted_at", "-pk")[:NEWEST]
    label = places.gazetteer().get(code).label
    return {"url": reverse("place_page", args=[code]), "label": label, "rows": public_rows(newest)}
