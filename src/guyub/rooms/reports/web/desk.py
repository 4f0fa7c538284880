"""The case page of the officers' desk: read the report, then do one thing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel import masking
from guyub.kernel.access.api import NotAllowed, Person, gate, must_prove, person_of, roles
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, Verb
from guyub.rooms.reports import access, actions, lapor, merging
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.web import evidence
from guyub.rooms.reports.web.desk_forms import BodyReplyForm, CompleteForm, DeskForm
from guyub.rooms.reports.web.desk_page import ALIKE, grid, new_form, page, similar_to, words_field
from guyub.rooms.reports.web.desk_words import said_of

IDENTITY = "identitas"
TOO_LATE = (
    casework.NotPossible,
    casework.CaseChanged,
    casework.NothingToDecide,
    casework.dispositions.NotOfThisOffice,
    casework.splitting.CannotSplit,
    casework.referring.NoLetter,
    casework.referring.NotAnExternalBody,
    files.NotAPhoto,
)


@gate.officer(roles.VIEW)
def report(request: HttpRequest, number: str) -> HttpResponse:
    """A report with all that an officer may know of it, and what they may do now (`langkah`: the act that stands
    open; `kantor`: the office that a hand-over is suggested to)."""
    person = person_of(request)
    row, case = _load(request, person, number)
    wanted = next((verb for verb in Verb if verb.value == request.GET.get("langkah")), None)
    office = _number_in(request.GET.get("kantor", ""), digits=9)
    found = page(report=row, case=case, person=person, at=timezone.now(), verb=wanted, office=office)
    return _show(request, found)


@gate.officer(roles.VIEW)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Do one thing. What was typed comes back whenever it cannot be done."""
    person, now = person_of(request), timezone.now()
    row, case = _load(request, person, number)
    if request.method != "POST":
        return redirect(_address(request, number))
    if verb == IDENTITY:
        if asked := must_prove(request):
            return cast(HttpResponse, asked)
        return _show_identity(request, row, case, person, now)
    wanted = _verb(verb)
    form = _bind(request, wanted, row, case, person, now)
    if form.seen() != case.updated_at:
        return _conflict(request, row, case, person, form, wanted, now)
    if wanted not in lapor.offered(lapor.find_origin(row), casework.access.offered(person, case)):
        raise Http404
    if "isi" in request.POST:
        return _with_template(request, row, case, person, form, wanted, now)
    if not form.is_valid():
        return _again(request, row, case, person, form, wanted, now, wrong=wanted.value)
    try:
        with transaction.atomic():
            _lock_first(wanted, row, form)
            casework.actions.expect_unchanged(case=case.uuid, seen=case.updated_at)
            told = _DEEDS[wanted](case.uuid, form.cleaned_data, person, now)
    except NotAllowed:
        raise Http404 from None
    except casework.CannotHandOver:
        form.add_error(None, _("Laporan tidak dapat diteruskan ke kantor itu. Pilih kantor lain."))
        return _again(request, row, case, person, form, wanted, now, wrong=wanted.value)
    except merging.CannotMerge as problem:
        form.add_error(None, str(problem))
        return _again(request, row, case, person, form, wanted, now, wrong=wanted.value)
    except TOO_LATE:
        row, case = _load(request, person, number)
        return _conflict(request, row, case, person, form, wanted, now)
    if wanted is Verb.GATHER:
        _say_gathered(request, cast(list[merging.Gathered], told))
    else:
        messages.success(request, said_of(wanted, report=row, case=case, person=person).done)
    _say_what_is_masked(request, wanted, form.cleaned_data)
    return _see_other(request, person, case)


def _say_what_is_masked(request: HttpRequest, verb: Verb, said: dict[str, Any]) -> None:
    """An office that gives its own telephone number should know that nobody reads it yet."""
    words = said.get(words_field(verb), "")
    if verb in (Verb.ANSWER, Verb.COMPLETE, Verb.SCHEDULE) and masking.find(words):
        messages.info(
            request,
            _(
                "Sebagian dikenali sebagai data pribadi dan disamarkan untuk umum. Bila itu nomor kantor, "
                "tampilkan lewat Penyamaran data pribadi."
            ),
        )


def _load(request: HttpRequest, person: Person, number: str) -> tuple[Report, Case]:
    return access.case_for_desk(person, number, part_of(request))


def part_of(request: HttpRequest) -> int | None:
    """Which part of a shared report the address means, if it says so."""
    return _number_in(request.GET.get("kasus", ""))


def _number_in(said: str, *, digits: int = 4) -> int | None:
    return int(said) if re.fullmatch(rf"[0-9]{{1,{digits}}}", said, re.ASCII) else None


def _address(request: HttpRequest, number: str) -> str:
    part = part_of(request)
    return reverse("desk_report", args=[number]) + ("" if part is None else f"?kasus={part}")


def _verb(text: str) -> Verb:
    try:
        return Verb(text)
    except ValueError:
        raise Http404 from None


def _see_other(request: HttpRequest, person: Person, case: Case) -> HttpResponse:
    """To the case, or to the inbox when it went where this person does not see."""
    still = casework.access.visible(person).filter(pk=case.pk).exists()
    found = redirect(_address(request, case.number)) if still else redirect("desk_inbox")
    found.status_code = 303
    return found


Deed = Callable[[UUID, dict[str, Any], Person, datetime], object]
_DEEDS: dict[Verb, Deed] = {
    Verb.ACCEPT: lambda case, said, by, at: casework.actions.accept_request(case=case, by=by, at=at),
    Verb.RETURN: lambda case, said, by, at: casework.actions.return_request(
        case=case, code=said["code"], reason=said["reason"], by=by, at=at
    ),
    Verb.VERIFY: lambda case, said, by, at: actions.verify_report(
        case=case,
        public_body=said.get("public_body", ""),
        public_landmark=said.get("public_landmark"),
        photos=map(UUID, said.get("photos", ())),
        shown=said.get("shown", ()),
        by=by,
        at=at,
    ),
    Verb.DECIDE: lambda case, said, by, at: casework.actions.decide_schedule(
        case=case, approve=said["decision"] == "setuju", by=by, at=at
    ),
    Verb.ANSWER: lambda case, said, by, at: actions.answer_report(
        case=case, words=said["words"], by=by, at=at
    ),
    Verb.COMPLETE: lambda case, said, by, at: actions.complete_report(
        case=case,
        words=said["words"],
        photos=said["draft"],
        capture=evidence.capture_of(said, at=at),
        by=by,
        at=at,
    ),
    Verb.HAND_OVER: lambda case, said, by, at: casework.actions.hand_over(
        case=case, to_office=said["office"], code=said["code"], reason=said["reason"], by=by, at=at
    ),
    Verb.DISPOSE: lambda case, said, by, at: casework.dispositions.dispose_case(
        case=case, officer=said["officer"], instruction=said["instruction"], by=by, at=at
    ),
    Verb.SPLIT: lambda case, said, by, at: casework.splitting.split_case(
        case=case, to_office=said["office"], instruction=said["instruction"], by=by, at=at
    ),
    Verb.LETTER: lambda case, said, by, at: casework.referring.prepare_letter(
        case=case, body=said["body"], title=said["title"], words=said["words"], by=by, at=at
    ),
    Verb.SEND_OUT: lambda case, said, by, at: casework.referring.send_letter(
        case=case, number=said["number"], dated=said["dated"], by=by, at=at
    ),
    Verb.BODY_REPLY: lambda case, said, by, at: casework.referring.body_replied(
        case=case, dated=said["dated"], words=said["words"], photos=said["draft"], by=by, at=at
    ),
    Verb.TAKE_BACK: lambda case, said, by, at: casework.referring.take_back(case=case, by=by, at=at),
    Verb.ASK: lambda case, said, by, at: actions.ask_reporter(case=case, words=said["words"], by=by, at=at),
    Verb.SCHEDULE: lambda case, said, by, at: casework.actions.propose_schedule(
        case=case, reason=said["reason"], target_month=said["month"], by=by, at=at
    ),
    Verb.ESCALATE: lambda case, said, by, at: casework.escalation.escalate(
        case=case, reason=said["reason"], by=by, at=at
    ),
    Verb.EXPLAIN_DELAY: lambda case, said, by, at: casework.escalation.explain_delay(
        case=case, code=said["code"], words=said["words"], by=by, at=at
    ),
    Verb.MERGE: lambda case, said, by, at: merging.merge_report(
        report=_report_of(case), into=_into(said["number"], by), reason=said["reason"], by=by, at=at
    ),
    Verb.GATHER: lambda case, said, by, at: merging.gather(
        reports=Report.objects.select_related("place").filter(number__in=said["numbers"]).order_by("pk"),
        into=_report_of(case),
        reason=said["reason"],
        by=by,
        at=at,
    ),
    Verb.UNMERGE: lambda case, said, by, at: merging.separate_report(report=_report_of(case), by=by, at=at),
    Verb.REJECT: lambda case, said, by, at: actions.reject_report(
        case=case, reason=said["reason"], words=said["words"], by=by, at=at
    ),
    Verb.NOTE: lambda case, said, by, at: actions.note_inside(case=case, words=said["words"], by=by, at=at),
}


def _report_of(case: UUID) -> Report:
    subject = Case.objects.values_list("subject", flat=True).get(uuid=case)
    return Report.objects.select_related("place").get(pk=subject.partition(":")[2])


def _into(number: str, person: Person) -> Report:
    """The report that somebody named; one that they do not see is not told apart from one that is not there."""
    if not casework.access.visible(person).filter(kind="report", number=number).exists():
        raise merging.CannotMerge(_("Laporan dengan nomor itu tidak ada, atau bukan wewenang Anda."))
    return Report.objects.select_related("place").get(number=number)


def _lock_first(verb: Verb, row: Report, form: DeskForm) -> None:
    """What acts on several reports locks all of them before anything else, in one order."""
    if verb in ALIKE:
        numbers = form.cleaned_data.get("numbers") or [form.cleaned_data["number"]]
        merging.lock_cases([row, *Report.objects.filter(number__in=numbers)])


def _say_gathered(request: HttpRequest, found: list[merging.Gathered]) -> None:
    done = [one.number for one in found if not one.why_not]
    if done:
        messages.success(request, _("Digabung ke sini: %(numbers)s.") % {"numbers": ", ".join(done)})
    for one in found:
        if one.why_not:
            said = {"number": one.number, "why": one.why_not}
            messages.warning(request, _("%(number)s tidak digabung: %(why)s.") % said)


def _bind(
    request: HttpRequest, verb: Verb, row: Report, case: Case, person: Person, at: datetime
) -> DeskForm:
    if verb not in _WITH_PHOTOS:
        more = {"similar": similar_to(row, case, person, at)} if verb in ALIKE else {}
        return new_form(verb, request.POST, report=row, case=case, at=at, **more)
    if not casework.access.may(person, _WITH_PHOTOS[verb], case):
        raise Http404
    return _bind_with_photos(request, verb, row, case, at)


# What is sent with photos, and the power without which none is stored.
_WITH_PHOTOS = {Verb.COMPLETE: roles.COMPLETE, Verb.BODY_REPLY: roles.ANSWER}


def _bind_with_photos(request: HttpRequest, verb: Verb, row: Report, case: Case, at: datetime) -> DeskForm:
    """Photos are stored before anything else is looked at, so that an error in the words does not lose
    them.
    """
    kept = evidence.keep_photos(request, {"photos_for": f"{verb}:{case.uuid}"}, at=at)
    form = new_form(verb, kept.data, report=row, case=case, at=at, kept=kept.count)
    for words in kept.problems:
        form.add_error("photos", words)
    return form


def _again(
    request: HttpRequest,
    row: Report,
    case: Case,
    person: Person,
    form: DeskForm,
    verb: Verb,
    at: datetime,
    *,
    status: int = 422,
    **more: Any,
) -> HttpResponse:
    if isinstance(form, CompleteForm | BodyReplyForm) and form.kept:
        shown = files.pictures(draft=UUID(form["draft"].value()), may_see=True)
        more["kept_photos"] = grid(shown, _("Foto tersimpan"))
    found = page(report=row, case=case, person=person, at=at, used=form, verb=verb, **more)
    return _show(request, found, status=status)


def _with_template(
    request: HttpRequest, row: Report, case: Case, person: Person, form: DeskForm, verb: Verb, at: datetime
) -> HttpResponse:
    """Put prepared words below what was typed and show the form again; nothing is sent and nothing is lost."""
    prepared = casework.answer_templates.prepared_for(case=case, person=person, verbs=[verb], at=at)
    chosen = request.POST.get("templat", "")
    text = next((one.text for one in prepared.get(verb, ()) if one.id == chosen), "")
    name, said = words_field(verb), {key: form.data.get(key, "") for key in form.fields}
    typed = str(said.get(name, "")).strip()
    said[name] = typed if text in typed else "\n\n".join(filter(None, (typed, text)))
    more = {"kept": form.kept} if isinstance(form, CompleteForm | BodyReplyForm) else {}
    filled = new_form(verb, initial=said, report=row, case=case, at=at, **more)
    return _again(request, row, case, person, filled, verb, at, status=200)


def _conflict(
    request: HttpRequest, row: Report, case: Case, person: Person, form: DeskForm, verb: Verb, at: datetime
) -> HttpResponse:
    """Somebody acted meanwhile: the fresh page, with what was typed in its form or, if that is gone, beside
    it.
    """
    form.freshen()
    still = verb in casework.access.offered(person, case)
    words = "" if still else form.typed()
    return _again(request, row, case, person, form, verb, at, status=409, conflict=True, lost_words=words)


def _show_identity(
    request: HttpRequest, row: Report, case: Case, person: Person, at: datetime
) -> HttpResponse:
    """Who the reporter is, once, in this answer only; that it was looked at is recorded."""
    try:
        found = actions.view_identity(case=case.uuid, by=person, at=at)
    except NotAllowed:
        raise Http404 from None
    return _show(request, page(report=row, case=case, person=person, at=at, identity=found))


def _show(request: HttpRequest, found: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, "reports/desk/case.html", {"kept_photos": [], **found}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
