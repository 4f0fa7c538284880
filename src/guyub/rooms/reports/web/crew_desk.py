"""*Tautan tugas* on the desk: give a crew its link, end it, and decide on what the crew sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.reports import access, errands
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.queries import label_said
from guyub.rooms.reports.web.desk_page import grid
from guyub.rooms.reports.web.uuids import uuid_or_none
from guyub.ui.qr import code_of

crew = casework.crew
_REQUIRED = {"required": gettext_lazy("Bagian ini perlu diisi.")}


class LinkForm(forms.Form):
    use_required_attribute = False
    crew = forms.CharField(
        label=gettext_lazy("Untuk regu"),
        help_text=gettext_lazy("Misalnya: Regu PHL saluran, UPTD Utara."),
        min_length=3,
        max_length=80,
        error_messages=_REQUIRED,
    )
    instruction = forms.CharField(
        label=gettext_lazy("Petunjuk"),
        help_text=gettext_lazy(
            "Regu membacanya tanpa masuk. Jangan menulis nama, nomor, atau rumah pelapor."
        ),
        min_length=5,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=_REQUIRED,
    )


class ProofForm(forms.Form):
    """One field for both answers: the words of the completion, or why it goes back."""

    use_required_attribute = False
    words = forms.CharField(
        label=gettext_lazy("Kata untuk pelapor bila diterima, atau alasan untuk regu bila dikembalikan"),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Bagian ini perlu diisi."),
            "min_length": gettext_lazy("Tulis sedikitnya %(limit_value)d huruf."),
        },
    )


@gate.officer(roles.VIEW)
def crew_page(request: HttpRequest, number: str) -> HttpResponse:
    """The links of a case and what came by them, for who may complete it."""
    person, now = person_of(request), timezone.now()
    report, case = access.case_for_desk(person, number, _part(request))
    if case.is_restricted or not casework.access.may(person, roles.COMPLETE, case):
        raise Http404
    if request.method != "POST":
        return _show(request, report, case, now)
    try:
        return _act(request, report, case, person, now)
    except NotAllowed:
        raise Http404 from None
    except (crew.NothingWaits, casework.NotPossible):
        messages.error(request, _("Keadaan laporan sudah berubah. Yang tampil di sini keadaan terbaru."))
        return _back(case)


def _act(request: HttpRequest, report: Report, case: Case, person: Person, at: datetime) -> HttpResponse:
    verb, which = request.POST.get("lakukan", ""), uuid_or_none(request.POST.get("id", ""))
    if verb == "buat":
        form = LinkForm(request.POST)
        if not form.is_valid():
            return _show(request, report, case, at, making=form)
        crew.make_link(case=case.uuid, **form.cleaned_data, by=person, at=at)
        messages.success(request, _("Tautan dibuat. Kirimkan kepada regu."))
        return _back(case)
    if verb == "cabut" and which and any(link.uuid == which for link in crew.links_of(case)):
        crew.revoke_link(link=which, by=person, at=at)
        messages.success(request, _("Tautan dicabut. Siapa pun yang membukanya diberi tahu sudah berakhir."))
        return _back(case)
    if verb in ("terima", "kembalikan"):
        return _decide(request, report, case, person, at, verb, which)
    raise Http404


def _decide(
    request: HttpRequest, report: Report, case: Case, person: Person, at: datetime, verb: str, which: Any
) -> HttpResponse:
    form = ProofForm(request.POST)
    known = {proof.uuid: proof for link in crew.links_of(case) for proof in crew.sent_by(link)}
    if which not in known:
        raise Http404
    if form.is_valid() and verb == "kembalikan" and _is_the_crews_own(form, known[which]):
        form.add_error("words", _("Ini kata regu sendiri. Tulis apa yang harus diulang."))
    if not form.is_valid():
        return _show(request, report, case, at, deciding=(which, form))
    words = form.cleaned_data["words"]
    if verb == "terima":
        errands.accept_proof(proof=which, words=words, by=person, at=at)
        messages.success(
            request, _("Bukti diterima; pekerjaan dinyatakan selesai. Pelapor diminta mengonfirmasi.")
        )
        found = redirect(reverse("desk_report", args=[case.number]) + f"?kasus={case.part}")
        found.status_code = 303
        return found
    crew.send_back(proof=which, reason=words, by=person, at=at)
    messages.success(request, _("Bukti dikembalikan. Regu membaca alasannya di tautannya."))
    return _back(case)


def _is_the_crews_own(form: ProofForm, proof: Any) -> bool:
    """The field is filled with what the crew wrote: sent back unchanged it would tell them nothing."""
    return " ".join(form.cleaned_data["words"].split()) == " ".join(proof.words.split())


def _part(request: HttpRequest) -> int | None:
    said = request.GET.get("kasus", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 4 else None


def _back(case: Case) -> HttpResponse:
    found = redirect(reverse("desk_crew", args=[case.number]) + f"?kasus={case.part}")
    found.status_code = 303
    return found


def _show(
    request: HttpRequest,
    report: Report,
    case: Case,
    at: datetime,
    *,
    making: LinkForm | None = None,
    deciding: tuple[Any, ProofForm] | None = None,
) -> HttpResponse:
    tell = casework.wording.DueTeller(at)
    days = rulebook.rule("crew.link_days", on=local_date(at, get_city().tz)).value["amount"]
    context = {
        "number": case.number,
        "title": label_said(case.label),
        "back": reverse("desk_report", args=[case.number]) + f"?kasus={case.part}",
        "here": reverse("desk_crew", args=[case.number]) + f"?kasus={case.part}",
        "can_make": crew.can_be_given(case),
        "days": days,
        "form": making or LinkForm(),
        "waiting": [_proof(proof, tell, deciding) for proof in crew.waiting(case)],
        "reporter_photos": grid(files.pictures(subject=case.subject, may_see=True), _("Foto pelapor")),
        "links": [_link(request, link, case, tell, at) for link in crew.links_of(case)],
    }
    wrong = bool(deciding or (making and making.errors))
    response = render(request, "reports/crew/desk.html", context, status=422 if wrong else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _proof(proof: Any, tell: casework.wording.DueTeller, deciding: Any) -> dict[str, Any]:
    used = deciding[1] if deciding and deciding[0] == proof.uuid else None
    return {
        "id": str(proof.uuid),
        "crew": proof.link.crew,
        "words": proof.words,
        "when": tell.moment(proof.at),
        "captured": casework.wording.captured(proof, tell),
        "photos": grid(
            files.pictures(subject=f"casework.crew:{proof.pk}", may_see=True), _("Bukti pekerjaan")
        ),
        "form": used or ProofForm(initial={"words": proof.words}, auto_id=f"bukti-{proof.pk}-%s"),
    }


def _link(
    request: HttpRequest, link: Any, case: Case, tell: casework.wording.DueTeller, at: datetime
) -> dict[str, Any]:
    """A link with its address as long as it is open; afterwards only that there was one."""
    try:
        link.case = case
        crew.ensure_open(link, at=at)
    except crew.LinkOver:
        return {"crew": link.crew, "is_open": False, "until": tell.day(link.revoked_at or link.expires_at)}
    address = request.build_absolute_uri(reverse("crew_errand", args=[crew.key_of(link.uuid)]))
    text = _(
        "Tugas %(number)s untuk %(crew)s, sampai %(day)s. Buka, kerjakan, kirim fotonya: %(address)s"
    ) % {
        "number": case.number,
        "crew": link.crew,
        "day": tell.day(link.expires_at),
        "address": address,
    }
    return {
        "id": str(link.uuid),
        "crew": link.crew,
        "instruction": link.instruction,
        "is_open": True,
        "until": tell.day(link.expires_at),
        "address": address,
        "share": f"https://wa.me/?{urlencode({'text': text})}",
        "code": code_of(address),
    }
