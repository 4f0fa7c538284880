"""The desk of warnings: what waits, drafts, what is in force; writing, asking, following, scoring; roster and log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.events import warnings as events
from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people import api as people
from guyub.rooms.warnings import access, drafting, issuing, queries, roster, rules, scoring, showing
from guyub.rooms.warnings.acting import Refused
from guyub.rooms.warnings.models import Approver, Ask, Chain, Message, Note, Review
from guyub.rooms.warnings.rules import Kind, Mode, Outcome, may_issue_alone
from guyub.rooms.warnings.web import shown
from guyub.rooms.warnings.web.forms import (
    ContentForm,
    ReasonForm,
    ReviewForm,
    RosterForm,
    ScoreForm,
    TextsForm,
)

PAST, LOGGED = 20, 30
_WRITES = ["GET", "HEAD", "POST"]
_officer = gate.officer(roles.WARN, roles.APPROVE_WARNING)


@_officer
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What waits for oneself first, then what is worked on, in force and owed."""
    person, at = person_of(request), timezone.now()
    found = queries.open_warnings()
    mine = {
        row.chain_id
        for row in Message.objects.filter(state="WAITING", chain_id__in=[one.id for one in found])
        if access.can_approve(person, row)
    }
    past = queries.issued_page(limit=PAST)
    context = {
        "mine": _rows([one for one in found if one.id in mine], at),
        "pending": _rows([one for one in found if one.id not in mine and one.state != "ISSUED"], at),
        "held": _rows([one for one in found if one.state == "ISSUED"], at),
        "past": showing.rows(past, at=at, scores=queries.scores_of([one.id for one in past])),
        "reviews": [
            (row.message.chain, showing.moment(row.due_at), row.due_at <= at)
            for row in access.owed_reviews(person)
        ],
        "short_roster": len(roster.standing()) < 2,
        "may_write": person.can(roles.WARN),
    }
    return render(request, "warnings/desk/list.html", context)


def _rows(found: list[queries.Warning_], at: Any) -> list[tuple[showing.Row, Any, bool]]:
    """Each with its state, and whether an update or a cancellation of what is in force waits behind it."""
    printed = showing.rows(found, at=at)
    return [
        (row, shown.STATES[rules.State(one.state)], one.state == rules.State.ISSUED and one.has_pending)
        for row, one in zip(printed, found, strict=True)
    ]


@gate.officer(roles.WARN)
@require_http_methods(_WRITES)
def new(request: HttpRequest) -> HttpResponse:
    """A draft by hand. `kiriman` makes the same form sent twice one warning."""
    person, at = person_of(request), timezone.now()
    form = ContentForm(request.POST if request.method == "POST" else None, at=at)
    sent = request.POST.get("kiriman", "")[:36] or uuid4().hex
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = drafting.draft(
                source=f"desk:{person.acting}:{sent if sent.isalnum() else uuid4().hex}",
                hazard=said["hazard"],
                content=form.content(),
                by=person,
                at=at,
                mode=said["mode"],
                tell_public=said["tell_public"] or said["mode"] == Mode.ACTUAL,
            )
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            form.add_error(None, _("Wilayah ini di luar wewenang Anda."))
        else:
            messages.success(request, _("Rancangan tersimpan. Periksa teksnya, lalu minta persetujuan."))
            return redirect("desk_warning", row.chain.number)
    context = {"form": form, "title": _("Peringatan baru"), "sent": sent, "back": reverse("desk_warnings")}
    return render(request, "warnings/desk/form.html", context, status=422 if form.errors else 200)


@_officer
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    chain, rows = access.desk_chain(person_of(request), number)
    return _page(request, chain, rows)


Forms = dict[str, Any]


def _page(request: HttpRequest, chain: Chain, rows: list[Message], used: Forms | None = None) -> HttpResponse:
    person, at = person_of(request), timezone.now()
    pending, held = access.being_worked_on(chain, rows), access.in_force(rows)
    row = pending or held or rows[-1]
    names = people.names_of(_accounts(chain, rows))
    offered = _offered(person, chain, rows, at)
    context = {
        **shown.content(row),
        "texts": shown.texts(row, at=at),
        "areas": queries.area_names(row.areas),
        "holds": shown.content(held) if held and pending else None,
        "is_draft": row.state == "DRAFT",
        "offered": offered,
        "forms": _forms(offered, used or {}),
        "may_approve": access.can_approve(person, row),
        "asks": [_ask(one, names) for one in Ask.objects.filter(message=row).order_by("pk")],
        "notes": [
            (one.words, names.get(one.by or 0, ""), showing.moment(one.at))
            for one in Note.objects.filter(message=row).order_by("-pk")
        ],
        "entries": showing.timeline(ledger.facts_about(chain.subject), names=names),
        "review": Review.objects.filter(message__in=rows).order_by("-pk").first(),
        "public": reverse("warning_page", args=[chain.number]) if any(r.issued_at for r in rows) else "",
        "minutes": drafting.reference.amount("approve_within", at=at),
    }
    status = 422 if used else 200
    return render(request, "warnings/desk/warning.html", context, status=status)


def _accounts(chain: Chain, rows: list[Message]) -> set[int]:
    facts = ledger.facts_about(chain.subject)
    asked = Ask.objects.filter(message__in=rows).values_list("account", flat=True)
    return {fact.actor for fact in facts if fact.actor} | set(asked)


def _ask(one: Ask, names: dict[int, str]) -> dict[str, Any]:
    said = {
        "": (_("belum menjawab"), "waiting"),
        "APPROVED": (_("menyetujui"), "confirmed"),
        "SENT_BACK": (_("mengembalikan"), "rejected"),
        "LAPSED": (_("tidak perlu menjawab lagi"), "info"),
    }[one.answer]
    return {
        "name": names.get(one.account, "–"),
        "said": said[0],
        "tone": said[1],
        "at": showing.moment(one.asked_at),
    }


# ── What may be done now ───────────────────────────────────────────────────────────────────────────────────


def _offered(person: Person, chain: Chain, rows: list[Message], at: Any) -> list[str]:
    """The acts that the page offers: by whom, and in which state."""
    row, held = access.being_worked_on(chain, rows), access.in_force(rows)
    writes, found = person.can(roles.WARN), []
    if row is not None:
        if writes and row.state == "DRAFT":
            found.append("minta")
        if access.can_approve(person, row):
            found += ["setujui", "kembalikan"]
        if writes and may_issue_alone(level=row.level, is_observed=row.is_observed, kind=row.kind):
            found.append("kirim")
        found.append("batal")
        if held is not None and writes and row.kind != Kind.CANCEL:
            found.append("cabut")
    elif held is not None and writes:
        found.append("cabut")
    sent = [one for one in rows if one.issued_at]
    if writes and sent and chain.closed_at and min(one.onset for one in sent) <= at:
        found.append("nilai")
    if person.can(roles.APPROVE_WARNING) and _owed(person, rows):
        found.append("tinjau")
    return found


def _owed(person: Person, rows: list[Message]) -> Review | None:
    return access.owed_reviews(person).filter(message__in=rows).first()


_FORMS: dict[str, Callable[..., Any]] = {
    "kembalikan": ReasonForm,
    "batal": ReasonForm,
    "cabut": ReasonForm,
    "nilai": ScoreForm,
    "tinjau": ReviewForm,
}


def _forms(offered: list[str], used: Forms) -> list[tuple[str, str, str, Any]]:
    labels = {
        "kembalikan": (_("Kembalikan untuk diubah"), _("Kembalikan dengan alasan")),
        "batal": (_("Tidak jadi dikirim"), _("Batalkan rancangan")),
        "cabut": (
            _("Cabut yang berlaku; rancangan ini tidak jadi dikirim")
            if "batal" in offered
            else _("Cabut peringatan"),
            _("Susun pencabutan"),
        ),
        "nilai": (_("Nilai ketepatannya"), _("Simpan penilaian")),
        "tinjau": (_("Tinjau yang dikirim sendiri"), _("Simpan tinjauan")),
    }
    return [(act, *labels[act], used.get(act) or _FORMS[act](prefix=act)) for act in offered if act in _FORMS]


@_officer
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """One act on a warning, if it is offered now; what was overtaken is said and is no error."""
    person, at = person_of(request), timezone.now()
    chain, rows = access.desk_chain(person, number)
    if act not in _ACTS:
        raise Http404
    form = _FORMS[act](request.POST, prefix=act) if act in _FORMS else None
    if act not in _offered(person, chain, rows, at):
        messages.warning(request, _overtaken())
        return redirect("desk_warning", number)
    if form is not None and not form.is_valid():
        return _page(request, chain, rows, {act: form})
    try:
        done = _ACTS[act](request, chain, rows, form.cleaned_data if form else {}, person, at)
    except Refused as refused:
        messages.warning(request, str(refused))
    except (NotAllowed, IntegrityError):
        messages.warning(request, _overtaken())
    else:
        messages.success(request, done)
    return redirect("desk_warning", number)


def _overtaken() -> str:
    return _("Ini tidak dapat dilakukan (lagi). Keadaannya sekarang terlihat di bawah.")


def _pending(chain: Chain, rows: list[Message]) -> Message:
    row = access.being_worked_on(chain, rows)
    if row is None:
        raise NotAllowed("Nothing is being worked on.")
    return row


def _do_ask(request: HttpRequest, chain: Chain, rows: list[Message], said: Any, by: Person, at: Any) -> str:
    asked = issuing.ask_approval(message=_pending(chain, rows).pk, by=by, at=at)
    name = people.names_of([asked.account]).get(asked.account, "")
    return _("Persetujuan diminta kepada %(name)s lewat tautan.") % {"name": name}


def _do_approve(
    request: HttpRequest, chain: Chain, rows: list[Message], said: Any, by: Person, at: Any
) -> str:
    version = request.POST.get("teks", "")
    texts = int(version) if version.isascii() and version.isdigit() and len(version) < 5 else 0
    issuing.approve(message=_pending(chain, rows).pk, texts=texts, by=by, at=at)
    return _("Disetujui dan dikirim.")


def _do_send_back(
    request: HttpRequest, chain: Chain, rows: list[Message], said: Any, by: Person, at: Any
) -> str:
    issuing.send_back(message=_pending(chain, rows).pk, reason=said["reason"], by=by, at=at)
    return _("Dikembalikan. Penyusunnya diberi tahu.")


def _do_alone(request: HttpRequest, chain: Chain, rows: list[Message], said: Any, by: Person, at: Any) -> str:
    issuing.issue_alone(message=_pending(chain, rows).pk, by=by, at=at)
    return _("Dikirim. Orang kedua meninjaunya dalam 24 jam.")


def _do_reject(
    request: HttpRequest, chain: Chain, rows: list[Message], said: Any, by: Person, at: Any
) -> str:
    drafting.reject(message=_pending(chain, rows).pk, reason=said["reason"], by=by, at=at)
    return _("Rancangan dibatalkan. Tidak ada yang dikirim.")


def _do_cancel(
    request: HttpRequest, chain: Chain, rows: list[Message], said: Any, by: Person, at: Any
) -> str:
    drafting.draft_cancel(warning=chain.pk, reason=said["reason"], by=by, at=at)
    return _("Pencabutan tersusun. Minta persetujuan agar terkirim.")


def _do_score(request: HttpRequest, chain: Chain, rows: list[Message], said: Any, by: Person, at: Any) -> str:
    scoring.score(
        warning=chain.pk, outcome=Outcome(said["outcome"]), evidence={}, words=said["words"], by=by, at=at
    )
    return _("Penilaian tersimpan dan terbuka untuk umum.")


def _do_review(
    request: HttpRequest, chain: Chain, rows: list[Message], said: Any, by: Person, at: Any
) -> str:
    owed = _owed(by, rows)
    if owed is None:
        raise NotAllowed("Nothing is owed.")
    right = said["was_right"] == "ya"
    issuing.review(message=owed.message_id, was_right=right, words_said=said["words"], by=by, at=at)
    return _("Tinjauan tersimpan.")


_ACTS: dict[str, Callable[..., str]] = {
    "minta": _do_ask,
    "setujui": _do_approve,
    "kembalikan": _do_send_back,
    "kirim": _do_alone,
    "batal": _do_reject,
    "cabut": _do_cancel,
    "nilai": _do_score,
    "tinjau": _do_review,
}


# ── Content and words ──────────────────────────────────────────────────────────────────────────────────────


@gate.officer(roles.WARN)
@require_http_methods(_WRITES)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Level, area and time of a draft; or, of what is in force, the update that shall follow it."""
    person, at = person_of(request), timezone.now()
    chain, rows = access.desk_chain(person, number)
    row, held = access.being_worked_on(chain, rows), access.in_force(rows)
    base = row or held
    if base is None or (row is not None and (row.state != "DRAFT" or row.kind == Kind.CANCEL)):
        messages.warning(request, _overtaken())
        return redirect("desk_warning", number)
    form = ContentForm(request.POST if request.method == "POST" else None, at=at, new=False, row=base)
    if request.method == "POST" and form.is_valid():
        try:
            if row is not None:
                drafting.change(message=row.pk, content=form.content(), by=person, at=at)
            else:
                drafting.draft_update(warning=chain.pk, content=form.content(), by=person, at=at)
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            messages.warning(request, _overtaken())
            return redirect("desk_warning", number)
        else:
            messages.success(request, _("Tersimpan. Teksnya disusun ulang menurut isian ini."))
            return redirect("desk_warning", number)
    title = _("Ubah rancangan") if row is not None else _("Pembaruan peringatan")
    context = {"form": form, "title": title, "sent": "", "back": reverse("desk_warning", args=[number])}
    return render(request, "warnings/desk/form.html", context, status=422 if form.errors else 200)


@gate.officer(roles.WARN)
@require_http_methods(_WRITES)
def texts(request: HttpRequest, number: str) -> HttpResponse:
    """Other words in the place of the ready ones."""
    person, at = person_of(request), timezone.now()
    chain, rows = access.desk_chain(person, number)
    row = access.being_worked_on(chain, rows)
    if row is None or row.state != "DRAFT":
        messages.warning(request, _overtaken())
        return redirect("desk_warning", number)
    form = TextsForm(request.POST if request.method == "POST" else None, texts=shown.texts(row, at=at))
    if request.method == "POST" and form.is_valid():
        try:
            wrong = drafting.change_texts(message=row.pk, bodies=form.bodies(), by=person, at=at)
        except NotAllowed:
            messages.warning(request, _overtaken())
            return redirect("desk_warning", number)
        if not wrong:
            messages.success(request, _("Teks tersimpan."))
            return redirect("desk_warning", number)
        form.blame({key: shown.said(found) for key, found in wrong.items()})
    context = {**shown.content(row), "form": form, "back": reverse("desk_warning", args=[number])}
    return render(request, "warnings/desk/texts.html", context, status=422 if form.errors else 200)


# ── Roster and log ─────────────────────────────────────────────────────────────────────────────────────────


@_officer
@require_http_methods(_WRITES)
def roster_page(request: HttpRequest) -> HttpResponse:
    """Who is asked to approve, in which order and when."""
    person, at = person_of(request), timezone.now()
    standing = roster.standing()
    form = None
    if person.can(roles.APPROVE_WARNING):
        taken = {one.account for one in standing}
        given = request.POST if request.method == "POST" and "tambah" in request.POST else None
        form = RosterForm(given, taken=taken, at=at)
    if request.method == "POST":
        if form is None:
            raise Http404
        if _change_roster(request, form, person, at):
            return redirect("warning_roster")
    names = people.names_of([one.account for one in standing])
    able = set(roster.holders(roles.APPROVE_WARNING, at=at))
    context = {
        "rows": [_place(one, names, able, at) for one in standing],
        "form": form,
        "minutes": drafting.reference.amount("approve_within", at=at),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "warnings/desk/roster.html", context, status=status)


def _place(one: Approver, names: dict[int, str], able: set[int], at: Any) -> dict[str, Any]:
    whole = one.from_hour == 0 and one.until_hour == 24
    return {
        "id": one.pk,
        "name": names.get(one.account, "–"),
        "hours": _("sepanjang hari") if whole else f"{one.from_hour:02d}.00–{one.until_hour:02d}.00",
        "now": roster.is_on_duty(one, at=at),
        "able": one.account in able,
    }


def _change_roster(request: HttpRequest, form: RosterForm, person: Person, at: Any) -> bool:
    said = request.POST.get("naik") or request.POST.get("keluar") or ""
    key = int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0
    try:
        if "naik" in request.POST:
            roster.raise_up(approver=key, by=person, at=at)
        elif "keluar" in request.POST:
            roster.remove(approver=key, by=person, at=at)
        elif form.is_valid():
            given = form.cleaned_data
            roster.put(
                account=int(given["account"]),
                from_hour=given["from_hour"],
                until_hour=given["until_hour"],
                by=person,
                at=at,
            )
        else:
            return False
    except Refused as refused:
        form.refuse(refused)
        return False
    except (NotAllowed, Approver.DoesNotExist):
        messages.warning(request, _overtaken())
        return True
    messages.success(request, _("Daftar tersimpan."))
    return True


@_officer
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Who did what when, over the newest warnings and the roster; from the ledger."""
    chains = list(Chain.objects.order_by("-pk")[:LOGGED])
    kinds = [
        one
        for one in vars(events).values()
        if isinstance(one, type) and getattr(one, "name", "").startswith("warnings.")
    ]
    subjects = {one.subject: one.number for one in chains} | {roster.SUBJECT: _("Daftar penyetuju")}
    facts = ledger.facts_of(*kinds, subjects=subjects)
    named = {fact.actor for fact in facts if fact.actor} | {
        fact.payload["account"] for fact in facts if "account" in fact.payload
    }
    names = people.names_of(named)
    told = [(subjects[fact.subject], showing.timeline([fact], names=names)) for fact in facts[::-1]]
    context = {"entries": [(about, entry[0]) for about, entry in told if entry][:300]}
    return render(request, "warnings/desk/log.html", context)
