"""The portal's pages of those who look for help or give it: partners' people, and residents with an offer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, gate, person_of
from guyub.rooms.needs import access, asking, listing, offering, publishing, queries, reference, shown
from guyub.rooms.needs.acting import Refused
from guyub.rooms.needs.models import Ask, Offer
from guyub.rooms.needs.rules import WANTED, Answer, Standing
from guyub.rooms.needs.web import managing
from guyub.rooms.needs.web.forms import AnswerForm, NeedForm, OfferForm
from guyub.rooms.needs.web.frame import OWN, attempt, overtaken
from guyub.rooms.needs.wording import ANSWERS, RESOURCES, STANDINGS
from guyub.rooms.partners import api as partners
from guyub.ui.rows import day_in_words


@gate.signed_in
@require_safe
def own_page(request: HttpRequest) -> HttpResponse:
    """What waits for this person's answer, what they and their partners offer and look for, and what fits."""
    person, now = person_of(request), timezone.now()
    cards = access.acting_partners(person)
    offers = access.own_offers(person, cards)
    active = [row for row in offers if row.state == Standing.ACTIVE]
    rows = listing.offer_rows(offers)
    context = {
        "stamp": stamp_field(request),
        "questions": [(one, one.need.title) for one in access.own_questions(person, cards)],
        "offers": [(printed, *_standing(row)) for printed, row in zip(rows, offers, strict=True)],
        "fitting": shown.fitting(active, at=now),
        "needs": listing.need_rows(access.own_partners_needs(person, cards)[: access.MOST]) if cards else [],
        "may_publish": bool(cards),
    }
    return render(request, "needs/own.html", context)


def stamp_field(request: HttpRequest) -> SafeString:
    """The hidden field of the forms, once for all of a page."""
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


def _standing(row: Offer) -> tuple[str, str, str]:
    label, tone = STANDINGS[row.state]  # type: ignore[index]
    return str(label), tone, day_in_words(row.valid_until)


@gate.signed_in
@require_safe
def own_need(request: HttpRequest, number: str) -> HttpResponse:
    return managing.page(request, access.partners_need(person_of(request), number), OWN)


@gate.signed_in
def own_need_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    return managing.act(request, access.partners_need(person_of(request), number), act, OWN)


@gate.signed_in
def own_need_edit(request: HttpRequest, number: str) -> HttpResponse:
    return managing.edit(request, access.partners_need(person_of(request), number), OWN, reach=("",))


@gate.signed_in
def own_need_ask(request: HttpRequest, number: str) -> HttpResponse:
    return managing.ask(request, access.partners_need(person_of(request), number), OWN)


@gate.signed_in
def own_need_new(request: HttpRequest) -> HttpResponse:
    """A partner's people write down what is missing; it is published on its page. `?mitra=` says which partner."""
    person, now = person_of(request), timezone.now()
    cards = {card.slug: card for card in access.acting_partners(person)}
    if not cards:
        return render(request, "needs/no_partner.html")
    named = request.GET.get("mitra", "")
    if named not in cards:
        if len(cards) > 1:
            return render(request, "needs/which_partner.html", {"cards": cards.values()})
        named = next(iter(cards))
    card, asked_more = cards[named], "tambah" in request.POST
    form = NeedForm(request.POST or None, reach=("",), days=reference.amount("lasts", at=now))
    if request.method == "POST" and not asked_more and form.is_valid():
        try:
            row = publishing.draft(wish=form.wish(), by=person, partner=card.id, at=now)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Tersimpan sebagai rancangan. Baca sekali lagi, lalu terbitkan."))
            return redirect("own_need", number=row.number)
    context = {
        "layout": OWN.layout,
        "title": _("Kebutuhan baru dari %(who)s") % {"who": card.name},
        "form": form,
        "back": reverse("own_needs"),
        "cases": [],
        "group": "",
        "left_out": 0,
    }
    status = 422 if request.method == "POST" and not asked_more else 200
    return render(request, "needs/form.html", context, status=status)


@gate.signed_in
def offer_new(request: HttpRequest) -> HttpResponse:
    """Offer something, in one's own name or a partner's; `?untuk=` is a need that it should fit."""
    person, now = person_of(request), timezone.now()
    cards = access.acting_partners(person)
    form = OfferForm(request.POST or None, cards=cards, initial=_meant_for(request, cards))
    if request.method == "POST" and form.is_valid():
        try:
            offering.offer(gift=form.gift(), partner=form.partner, by=person, at=now)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Tawaran Anda tercatat. Yang membutuhkan mengajak Anda lewat Guyub."))
            return redirect("own_needs")
    context = {"title": _("Tawarkan bantuan"), "form": form}
    return render(request, "needs/offer_form.html", context, status=422 if request.method == "POST" else 200)


def _meant_for(request: HttpRequest, cards: list[partners.PartnerCard]) -> dict[str, Any]:
    """What the form begins with: theme and place of a need that somebody read, the only partner one acts for."""
    initial: dict[str, Any] = {"who": str(cards[0].id) if len(cards) == 1 else "saya"}
    row = queries.find(number=request.GET.get("untuk", ""))
    if row is None or row.state not in WANTED:
        return initial
    first = queries.lines(need=row.pk)[:1]
    initial |= {"themes": [row.theme], "place_1": row.place_code}
    return initial | ({"resource": first[0].resource, "unit": first[0].unit} if first else {})


@gate.signed_in
def offer_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Whoever made an offer writes it anew."""
    person, now = person_of(request), timezone.now()
    row = access.own_offer(person, uuid)
    form = OfferForm(request.POST or None, cards=[], gift=offering.gift_of(row), fixed=True)
    if request.method == "POST" and form.is_valid():
        try:
            offering.change(offer=row.pk, gift=form.gift(), by=person, at=now)
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            messages.warning(request, overtaken())
            return redirect("own_needs")
        else:
            messages.success(request, _("Tersimpan."))
            return redirect("own_needs")
    context = {"title": _("Ubah tawaran"), "form": form}
    return render(request, "needs/offer_form.html", context, status=422 if request.method == "POST" else 200)


_OFFER_ACTS = {
    "jeda": offering.pause,
    "lanjut": offering.resume,
    "perbarui": offering.renew,
    "akhiri": offering.end,
}


@gate.signed_in
@require_POST
def offer_act(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """Rest, go on, renew or end an offer: one button each."""
    person, now = person_of(request), timezone.now()
    row, do = access.own_offer(person, uuid), _OFFER_ACTS.get(act)
    if do is None:
        raise Http404
    attempt(request, lambda: do(offer=row.pk, by=person, at=now), _("Tersimpan."))
    return redirect("own_needs")


@gate.signed_in
def question(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Somebody asks for help: what for, in which words, and the answer."""
    person, now = person_of(request), timezone.now()
    asked = access.own_question(person, uuid)
    unit = shown.unit_of(asked)
    form = AnswerForm(request.POST or None, unit=unit)
    may = asked.answer == Answer.OPEN and asked.need.state in WANTED
    if request.method == "POST" and may and form.is_valid():
        said = form.cleaned_data
        try:
            asking.answer(
                ask=asked.pk,
                yes=said["answer"] == "YES",
                amount=said["amount"],
                words=said["words"],
                by=person,
                at=now,
            )
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            messages.warning(request, overtaken())
            return redirect("question", uuid=uuid)
        else:
            messages.success(request, _("Jawaban Anda sudah sampai."))
            return redirect("question", uuid=uuid)
    return render(
        request,
        "needs/question.html",
        {**_question(asked), "form": form, "may_answer": may},
        status=422 if request.method == "POST" else 200,
    )


def _question(asked: Ask) -> dict[str, Any]:
    label, tone = ANSWERS[Answer(asked.answer)]
    row = asked.need
    return {
        "asked": asked,
        "row": row,
        "state": label,
        "tone": tone,
        "publisher": queries.publishers([row]).get(row.pk, ""),
        "place": listing.place_said(row.place_code),
        "lines": shown.lines_shown(queries.lines(need=row.pk)),
        "resource": RESOURCES[asked.line.resource] if asked.line else "",  # type: ignore[index]
        "is_public": row.published_at is not None and not row.is_hidden,
    }
