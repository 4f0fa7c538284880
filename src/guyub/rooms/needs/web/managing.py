"""The pages of one need for those who stand behind it, and for offices that read it: the same on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import NotAllowed, Person, person_of
from guyub.rooms.needs import asking, listing, publishing, queries, reference, shown
from guyub.rooms.needs.acting import Refused, oversees, owns
from guyub.rooms.needs.models import Need, Offer
from guyub.rooms.needs.publishing import LineSaid, Wish
from guyub.rooms.needs.rules import Move, State, Withdrawal, moves_from
from guyub.rooms.needs.sockets import start_address
from guyub.rooms.needs.web.forms import AskForm, MetForm, NeedForm, ProlongForm, WithdrawForm, WordsForm
from guyub.rooms.needs.web.frame import DESK, Side, overtaken
from guyub.rooms.partners import api as partners
from guyub.ui.rows import day_in_words


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is decided about a need: when, by whom, its form, and the action behind it."""

    label: str | Promise
    lead: str | Promise
    move: Move
    states: tuple[State, ...]
    form: type[Any] | None
    do: Callable[[Need, dict[str, Any], Person, datetime], object]
    tone: str = "quiet"
    for_city: bool = False


_WANTED = (State.PUBLISHED, State.TAKEN_UP)
ACTS: dict[str, Act] = {
    "terbitkan": Act(
        gettext_lazy("Terbitkan"),
        gettext_lazy("Semua orang dapat membacanya dan mitra dapat menawarkan bantuan."),
        Move.PUBLISH,
        (State.DRAFT,),
        None,
        lambda row, said, by, at: publishing.publish(need=row.pk, by=by, at=at),
        "primary",
    ),
    "terima": Act(
        gettext_lazy("Terbitkan"),
        gettext_lazy("Semua orang dapat membacanya. Mitranya diberi tahu."),
        Move.RETURN,
        (State.PROPOSED,),
        None,
        lambda row, said, by, at: publishing.accept(need=row.pk, by=by, at=at),
        "primary",
        for_city=True,
    ),
    "kembalikan": Act(
        gettext_lazy("Kembalikan untuk diubah"),
        gettext_lazy("Sebutkan apa yang perlu diubah. Mitranya membaca ini."),
        Move.RETURN,
        (State.PROPOSED,),
        WordsForm,
        lambda row, said, by, at: publishing.give_to_writer(need=row.pk, words=said["words"], by=by, at=at),
        for_city=True,
    ),
    "perpanjang": Act(
        gettext_lazy("Perpanjang"),
        gettext_lazy("Masih dibutuhkan sampai tanggal ini."),
        Move.PROLONG,
        _WANTED,
        ProlongForm,
        lambda row, said, by, at: publishing.prolong(need=row.pk, until_on=said["until_on"], by=by, at=at),
    ),
    "terpenuhi": Act(
        gettext_lazy("Sudah terpenuhi"),
        gettext_lazy("Kebutuhan ini selesai dan tidak dicari lagi."),
        Move.MEET,
        _WANTED,
        MetForm,
        lambda row, said, by, at: publishing.met(need=row.pk, words=said["words"], by=by, at=at),
    ),
    "cari-lagi": Act(
        gettext_lazy("Cari lagi"),
        gettext_lazy("Yang menangkapnya tidak melanjutkan; kebutuhan ini dicari lagi."),
        Move.GIVE_BACK,
        (State.TAKEN_UP,),
        WordsForm,
        lambda row, said, by, at: publishing.reopen(need=row.pk, words=said["words"], by=by, at=at),
    ),
    "tarik": Act(
        gettext_lazy("Tarik"),
        gettext_lazy("Kebutuhan ini tidak dicari lagi. Ajakan yang belum dijawab berakhir."),
        Move.WITHDRAW,
        (State.DRAFT, State.PROPOSED, *_WANTED),
        WithdrawForm,
        lambda row, said, by, at: publishing.withdraw(
            need=row.pk, reason=Withdrawal(said["reason"]), words=said["words"], by=by, at=at
        ),
        "danger",
    ),
    "turunkan": Act(
        gettext_lazy("Turunkan"),
        gettext_lazy("Tidak tampil lagi untuk umum. Mitranya membaca alasan ini."),
        Move.WITHDRAW,
        (State.PROPOSED, *_WANTED),
        WordsForm,
        lambda row, said, by, at: publishing.withdraw(
            need=row.pk, reason=Withdrawal.UNFIT, words=said["words"], by=by, at=at
        ),
        "danger",
        for_city=True,
    ),
}


def acts_now(person: Person, row: Need) -> list[tuple[str, Act]]:
    """What this person may decide in the state that a need is in; the actions themselves refuse the rest."""
    owner, city = owns(person, row), oversees(person, row)
    return [
        (code, act)
        for code, act in ACTS.items()
        if row.state in act.states and (city if act.for_city else owner)
    ]


def page(request: HttpRequest, row: Need, side: Side) -> HttpResponse:
    """All of one need for who decides on it, with the offers that fit it."""
    person, now = person_of(request), timezone.now()
    owner, open_ = owns(person, row), row.state in _WANTED
    lines, asks = queries.lines(need=row.pk), shown.asks_of(row)
    found = shown.suggested(row, lines=lines, asks=asks, at=now) if open_ else []
    status, tone = listing.state_said(row)
    context = {
        "layout": side.layout,
        "home": side.home,
        "row": row,
        "status": status,
        "tone": tone,
        "publisher": queries.publishers([row]).get(row.pk, ""),
        "place": listing.place_said(row.place_code),
        "theme": listing.theme_labels().get(row.theme, ""),
        "until": day_in_words(row.until_on) if row.until_on else "",
        "look_due": day_in_words(row.look_due_on) if row.look_due_on else "",
        "lines": shown.lines_shown(lines),
        "behind": shown.behind(row),
        "acts": [(side.act(row, code), act) for code, act in acts_now(person, row)],
        "edit": side.edit(row) if owner and Move.CHANGE in moves_from(row.state) else "",
        "ask": side.ask(row) if owner and open_ else "",
        "start": start_address(row.number, at_desk=side is DESK)
        if owner and row.state == State.PUBLISHED
        else "",
        "is_open": open_,
        "is_public": row.published_at is not None
        and not row.is_hidden
        and row.state not in ("DRAFT", "PROPOSED"),
        "suggested": found,
        "partners": shown.unasked_partners(
            row, besides=[one.partner for one in found if one.partner], asks=asks
        )
        if open_
        else [],
        "questions": shown.questions(asks),
        "entries": shown.entries(row, inside=True),
    }
    return render(request, "needs/manage.html", context)


def act(request: HttpRequest, row: Need, code: str, side: Side) -> HttpResponse:
    """One decision: what it means, the reason where one is due, and then the deed."""
    person, now = person_of(request), timezone.now()
    chosen = dict(acts_now(person, row)).get(code)
    if chosen is None:
        raise Http404
    form = chosen.form(request.POST or None) if chosen.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        done = _done(request, form, lambda said: chosen.do(row, said, person, now))
        if done is not None:
            if done:
                messages.success(request, _said_after(row))
            return redirect(side.page(row))
    context = {"layout": side.layout, "row": row, "act": chosen, "form": form, "back": side.page(row)}
    return render(request, "needs/act.html", context, status=422 if request.method == "POST" else 200)


def _said_after(row: Need) -> str:
    row.refresh_from_db()
    if row.state == State.PROPOSED:
        return _("Dikirim ke kantor wilayah, yang membacanya paling lambat %(day)s.") % {
            "day": day_in_words(row.look_due_on) if row.look_due_on else ""
        }
    return _("Tersimpan.")


def _done(request: HttpRequest, form: Any, do: Callable[[dict[str, Any]], object]) -> bool | None:
    """Do it: True if done, False if it was overtaken, None if the form says what is wrong."""
    try:
        do(form.cleaned_data if form is not None else {})
    except Refused as refused:
        if form is not None:
            form.refuse(refused)
            return None
        messages.warning(request, str(refused))
        return False
    except (NotAllowed, IntegrityError):
        messages.warning(request, overtaken())
        return False
    return True


def wish_of(row: Need) -> Wish:
    """What a need says now."""
    lines = tuple(
        LineSaid(one.resource, one.purpose, one.amount, one.unit, one.until_on)
        for one in queries.lines(need=row.pk)
    )
    return Wish(row.title, row.why, row.place_code, row.theme, lines, row.until_on)


def edit(request: HttpRequest, row: Need, side: Side, *, reach: tuple[str, ...]) -> HttpResponse:
    """Whoever stands behind a need writes it anew."""
    person, now = person_of(request), timezone.now()
    if not owns(person, row) or Move.CHANGE not in moves_from(row.state):
        raise Http404
    days = reference.amount("lasts", at=now)
    form = NeedForm(request.POST or None, reach=reach, wish=wish_of(row), days=days)
    asked_more = "tambah" in request.POST
    if request.method == "POST" and not asked_more and form.is_valid():
        done = _done(
            request, form, lambda said: publishing.change(need=row.pk, wish=form.wish(), by=person, at=now)
        )
        if done is not None:
            if done:
                messages.success(request, _said_after(row))
            return redirect(side.page(row))
    context = {
        "layout": side.layout,
        "title": _("Ubah kebutuhan"),
        "form": form,
        "back": side.page(row),
        "cases": [],
        "group": "",
        "left_out": 0,
    }
    return render(request, "needs/form.html", context, status=_status(request, asked_more))


def _status(request: HttpRequest, asked_more: bool) -> int:
    return 422 if request.method == "POST" and not asked_more else 200


def ask(request: HttpRequest, row: Need, side: Side) -> HttpResponse:
    """Write to whoever made an offer, or to a partner that works here. They answer through the platform."""
    person, now = person_of(request), timezone.now()
    if not owns(person, row) or row.state not in _WANTED:
        raise Http404
    offer, card = _whom(request, row)
    rows = queries.lines(need=row.pk)
    fit = next((str(one.id) for one in rows if offer is not None and one.resource == offer.resource), "")
    form = AskForm(request.POST or None, lines=[(one.id, one.purpose) for one in rows], initial={"line": fit})
    if request.method == "POST" and form.is_valid():
        done = _done(
            request,
            form,
            lambda said: asking.ask(
                need=row.pk,
                offer=offer.pk if offer else None,
                partner=card.id if card and offer is None else None,
                line=form.line_id,
                words=said["words"],
                by=person,
                at=now,
            ),
        )
        if done is not None:
            if done:
                messages.success(request, _("Ajakan terkirim. Jawabannya tampil di halaman ini."))
            return redirect(side.page(row))
    context = {
        "layout": side.layout,
        "row": row,
        "form": form,
        "who": card.name if card else _("Seorang warga"),
        "what": offer.what if offer else "",
        "back": side.page(row),
    }
    return render(request, "needs/ask.html", context, status=422 if request.method == "POST" else 200)


def _whom(request: HttpRequest, row: Need) -> tuple[Offer | None, partners.PartnerCard | None]:
    """The offer or the partner that an address names; nothing is there for what may not be asked."""
    said = request.GET.get("tawaran", "")
    if said:
        offer = Offer.objects.shown().filter(uuid=_uuid(said)).first()
        if offer is None or (offer.partner_id is not None and offer.partner_id == row.partner_id):
            raise Http404
        return offer, partners.card_of(partners.get(id=offer.partner_id)) if offer.partner_id else None
    named = request.GET.get("mitra", "")
    partner = partners.find(slug=named) if named.isprintable() and len(named) <= 80 else None
    if partner is None or not partner.counts_as_verified or partner.pk == row.partner_id:
        raise Http404
    return None, partners.card_of(partner)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
