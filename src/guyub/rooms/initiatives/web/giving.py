"""Promising, bringing, signing for what was brought, and proving one's own task."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of
from guyub.rooms.initiatives import access, delivering, managing, partnering, pledging, rules, working
from guyub.rooms.initiatives.acting import Refused, address_of
from guyub.rooms.initiatives.models import Line
from guyub.rooms.initiatives.rules import LIVE, Brought
from guyub.rooms.initiatives.web import forms
from guyub.rooms.initiatives.web.acts import GIVER, Act, do
from guyub.rooms.needs import api as needs
from guyub.rooms.needs.api import Resource
from guyub.rooms.partners import api as partners

PORTAL = "ui/portal.html"
PLEDGE = Act(
    gettext_lazy("Berjanji"),
    gettext_lazy("Kirim janji"),
    forms.PledgeForm,
    lambda row, target, said, by, at: pledging.pledge(
        line=target.pk,
        partner=int(said["giver"]) if said["giver"] != forms.SELF else None,
        **{name: said[name] for name in ("amount", "due_on", "words", "is_named", "conflict")},
        by=by,
        at=at,
    ),
    gettext_lazy("Janji terkirim. Penyelenggara akan menjawabnya."),
    explain=gettext_lazy("Uang tidak disimpan di Guyub: serahkan langsung, lalu catat buktinya di sini."),
)
PROVE = Act(
    gettext_lazy("Kirim bukti pekerjaan"),
    gettext_lazy("Kirim bukti"),
    forms.ProveForm,
    lambda row, target, said, by, at: working.prove(task=target.pk, **said, by=by, at=at),
    gettext_lazy("Bukti terkirim. Orang lain dari penyelenggara akan memeriksanya."),
)


@gate.signed_in
def pledge(request: HttpRequest, line: UUID) -> HttpResponse:
    """Promise something on a line, for oneself or for a partner."""
    person = person_of(request)
    row = access.open_line(line)
    choices = givers(person, row)
    back = reverse("own_initiatives") if request.method == "POST" else address_of(row.initiative)
    if not choices:
        messages.info(
            request,
            _(
                "Untuk ini hanya mitra yang dapat berjanji. Daftarkan komunitas Anda, atau ikutlah lewat mitra."
            ),
        )
        return redirect(address_of(row.initiative))
    return do(
        request,
        PLEDGE if row.resource == Resource.MONEY else replace(PLEDGE, explain=""),
        row.initiative,
        row,
        person=person,
        back=back,
        base=PORTAL,
        prepare=lambda form: form.givers(choices),
    )


def givers(person: Person, line: Line) -> list[tuple[str, str]]:
    """In whose name a person may promise on a line: theirs for time and skill, and the partners for which they act."""
    own = [one.partner for one in partners.of_account(account=person.acting)]
    named = [
        (str(card.id), card.name) for card in own if partners.may_act(account=person.acting, partner=card.id)
    ]
    self_too = line.resource in rules.OF_RESIDENTS
    return [*([(forms.SELF, _("Diri sendiri, sebagai warga"))] if self_too else []), *named]


@gate.signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What a person promised, is called to, does and runs."""
    context = managing.own_page(person_of(request), at=timezone.now())
    return render(request, "initiatives/own.html", context)


@gate.signed_in
@require_safe
def own_pledge(request: HttpRequest, pledge: UUID) -> HttpResponse:
    row = access.own_pledge(person_of(request), pledge)
    context = managing.pledge_page(row, at=timezone.now())
    context["acts"] = [(verb, GIVER[verb].title) for verb in context["can"]]
    return render(request, "initiatives/pledge.html", context)


@gate.signed_in
def pledge_act(request: HttpRequest, pledge: UUID, verb: str) -> HttpResponse:
    person = person_of(request)
    row = access.own_pledge(person, pledge)
    if verb not in GIVER:
        raise Http404
    back = reverse("own_pledge", args=[row.uuid])
    return do(request, GIVER[verb], row.line.initiative, row, person=person, back=back, base=PORTAL)


@gate.signed_in
def prove(request: HttpRequest, task: UUID) -> HttpResponse:
    """Whoever does a task shows that it is done."""
    person = person_of(request)
    row = access.task_of(task)
    if not managing.owns_task(person, row):
        raise Http404
    back = reverse("initiative_page", args=[row.initiative.slug])
    return do(request, PROVE, row.initiative, row, person=person, back=back, base=PORTAL)


@gate.signed_in
@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """A partner answers an invitation, or leaves."""
    person, now = person_of(request), timezone.now()
    row = access.readable(person, slug)
    partner, said = request.POST.get("mitra", ""), request.POST.get("jawaban", "")
    if not (partner.isascii() and partner.isdigit() and len(partner) < 18) or said not in (
        "ikut",
        "tidak",
        "keluar",
    ):
        raise Http404
    try:
        if said == "keluar":
            partnering.leave(initiative=row.pk, partner=int(partner), by=person, at=now)
        else:
            partnering.answer(
                initiative=row.pk, partner=int(partner), is_accepted=said == "ikut", by=person, at=now
            )
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Jawaban tersimpan."))
    return redirect("own_initiatives")


@gate.link
def receive(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever received something signs for it by the link that they were given; nobody else knows its address."""
    found = delivering.delivery_of(key)
    if found is None:
        raise Http404
    row, person = access.any_delivery(found.uuid), person_of(request)
    initiative = row.pledge.line.initiative
    wrong = ""
    if request.method == "POST" and row.state == Brought.SENT and initiative.state in LIVE:
        try:
            delivering.receive(delivery=row.pk, by=person if person.account else None, at=timezone.now())
        except Refused as refused:
            wrong = str(refused)
        else:
            messages.success(request, _("Terima kasih, tanda terima Anda tercatat."))
            return redirect(request.path)
    context = {
        "title": initiative.title,
        "public": address_of(initiative),
        "what": row.pledge.line.what,
        "amount": needs.amount_said(row.amount, row.pledge.line.unit),
        "is_waiting": row.state == Brought.SENT and initiative.state in LIVE,
        "wrong": wrong,
    }
    response = render(request, "initiatives/receive.html", context, status=422 if wrong else 200)
    response["Cache-Control"] = "private, no-store"
    return response
