"""The officers' side of agreements: all cooperations, one with its stages, a document with its words and checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.rooms.agreements import access, carrying_out, drafting, queries, reference, rules, standing
from guyub.rooms.agreements.acting import Refused
from guyub.rooms.agreements.models import Document, Party, Version
from guyub.rooms.agreements.rules import State
from guyub.rooms.agreements.web.acts import DOCUMENT_ACTS, Asked
from guyub.rooms.agreements.web.forms import (
    ApprovalForm,
    CooperationForm,
    DoneForm,
    DraftForm,
    Form,
    NewForm,
    PartyForm,
)
from guyub.rooms.agreements.web.public import page_number, pager, words_of
from guyub.rooms.agreements.wording import STAGES
from guyub.ui.fields import with_pages
from guyub.ui.figures import rupiah
from guyub.ui.rows import day_in_words


def done(request: HttpRequest, form: Form, act: Callable[[], object], said: str) -> bool:
    """Do one thing and say so; what is refused is said in the form."""
    try:
        act()
    except Refused as refused:
        form.refuse(refused)
        return False
    except NotAllowed:
        form.add_error(None, _("Ini tidak dapat dilakukan (lagi). Lihat keadaannya sekarang."))
        return False
    messages.success(request, with_pages(said, form))
    return True


def answered(request: HttpRequest, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "agreements/desk/form.html",
        {"lead": "", "tone": "primary", "more": (), **context},
        status=status,
    )


@gate.officer(roles.AGREEMENTS)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What runs out first, then all cooperations with their stage."""
    today, here = reference.today_of(timezone.now()), reverse("desk_agreements")
    rows, has_next = queries.desk_list(number=page_number(request.GET.get("hal", "")), today=today)
    context = {"rows": rows, "soon": queries.running_out(today=today), **pager(request, here, has_next)}
    return render(request, "agreements/desk/list.html", context)


@gate.officer(roles.AGREEMENTS)
def new(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    form = NewForm(request.POST or None, on=reference.today_of(now))
    if request.method == "POST" and form.is_valid():
        made: list[Any] = []

        def act() -> None:
            made.append(drafting.begin(by=person, at=now, **form.cleaned_data))

        if done(request, form, act, _("Kerja sama mulai disiapkan.")):
            return redirect("desk_agreement", uuid=made[0].uuid)
    back = reverse("desk_agreements")
    return answered(request, form=form, title=_("Siapkan kerja sama"), back=back, button=_("Simpan"))


@gate.officer(roles.AGREEMENTS)
@require_safe
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One cooperation: how far it came, what the next stage asks for, its documents."""
    now = timezone.now()
    row = access.desk_cooperation(person_of(request), uuid)
    today = reference.today_of(now)
    documents = Document.objects.filter(cooperation=row).order_by("pk")
    following = rules.next_stage(standing.stages_of(row), row.stage)
    lacks = rules.lacks(row.stage, standing.reached(row, at=now))
    context = {
        "row": row,
        "type": reference.types(on=today)[row.kind],
        "stages": queries.stages(row),
        "following": STAGES[following][0] if following else "",
        "lacks": STAGES[row.stage][1] if lacks else "",
        "documents": [one for _key, one in queries.document_rows(documents, today=today)],
        "is_public": any(one.state != State.DRAFT and one.kind != access.OFFER for one in documents),
        "council": day_in_words(row.council_on) if row.council_on else "",
        "entries": queries.entries(row, public=False),
    }
    return render(request, "agreements/desk/page.html", context)


@gate.officer(roles.AGREEMENTS)
def describe(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = person_of(request)
    row = access.desk_cooperation(person, uuid)
    form = CooperationForm(request.POST or None, row=row)
    back = reverse("desk_agreement", args=[row.uuid])
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            drafting.describe(cooperation=row.pk, by=person, **form.cleaned_data)

        if done(request, form, act, _("Tersimpan.")):
            return redirect(back)
    return answered(request, form=form, title=row.title, back=back, button=_("Simpan"))


@gate.officer(roles.AGREEMENTS)
def approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    row = access.desk_cooperation(person, uuid)
    names = ("council_number", "council_on", "ministry_number")
    form = ApprovalForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    back = reverse("desk_agreement", args=[row.uuid])
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            drafting.approve(cooperation=row.pk, by=person, at=now, **form.cleaned_data)

        if done(request, form, act, _("Tersimpan.")):
            return redirect(back)
    lead = _("DPRD menyetujui bila kerja sama membebani daerah dan biayanya belum ada dalam APBD berjalan.")
    return answered(request, form=form, title=_("Persetujuan"), lead=lead, back=back, button=_("Simpan"))


@gate.officer(roles.AGREEMENTS)
def draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A new document, its clauses begun."""
    person, now = person_of(request), timezone.now()
    row = access.desk_cooperation(person, uuid)
    form = DraftForm(request.POST or None, row=row, on=reference.today_of(now))
    if request.method == "POST" and form.is_valid():
        made: list[Any] = []

        def act() -> None:
            made.append(drafting.draft(cooperation=row.pk, by=person, at=now, **form.cleaned_data))

        if done(request, form, act, _("Rancangan dibuat.")):
            return redirect("desk_agreement_document", uuid=made[0].uuid)
    back = reverse("desk_agreement", args=[row.uuid])
    return answered(request, form=form, title=_("Naskah baru"), back=back, button=_("Buat rancangan"))


@require_POST
def _advance(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Go on to the next stage."""
    person, now = person_of(request), timezone.now()
    row = access.desk_cooperation(person, uuid)
    try:
        new_stage = drafting.reach_next(cooperation=row.pk, by=person, at=now)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Tahap: %(stage)s") % {"stage": STAGES[new_stage][0]})
    return redirect("desk_agreement", uuid=row.uuid)


@gate.officer(roles.AGREEMENTS)
@require_safe
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One document: its words, its parties, what stands against signing it, what is owed under it."""
    row = access.desk_document(person_of(request), uuid)
    today = reference.today_of(timezone.now())
    due = queries.evaluation_due(row, today=today)
    context = {
        **words_of(row),
        "parties": Party.objects.filter(document=row).order_by("position"),
        "findings": queries.findings(row, today=today) if row.state == State.DRAFT else [],
        "is_signed": row.state == State.SIGNED,
        "evaluate_since": day_in_words(due) if due else "",
        "cost": rupiah(row.cost) if row.cost else "",
    }
    return render(request, "agreements/desk/document.html", context)


@gate.officer(roles.AGREEMENTS)
@require_safe
def versions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The versions of a document, and what changed in one."""
    row = access.desk_document(person_of(request), uuid)
    found = list(Version.objects.filter(document=row).order_by("-number")[:100])
    number = page_number(request.GET.get("versi", str(found[0].number)))
    chosen = next((one for one in found if one.number == number), found[0])
    before = next((one for one in found if one.number == chosen.number - 1), None)
    today = reference.today_of(timezone.now())
    labels = reference.clause_labels(on=today)
    changes = [
        (labels.get(code, code), rules.difference(before.clauses.get(code, "") if before else "", text))
        for code, text in standing.in_order(row, chosen, on=today).items()
        if before is None or before.clauses.get(code, "") != text
    ]
    here = reverse("desk_agreement_versions", args=[row.uuid])
    context = {
        "row": row,
        "versions": [
            {
                "address": f"{here}?versi={one.number}",
                "number": one.number,
                "words": one.words,
                "on": day_in_words(reference.today_of(one.at)),
                "is_chosen": one is chosen,
            }
            for one in found
        ],
        "number": chosen.number,
        "changes": changes,
    }
    return render(request, "agreements/desk/versions.html", context)


@gate.officer(roles.AGREEMENTS)
def act(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """One thing about a document: its words, terms, signature, scan, duties, evaluation or end."""
    person, now = person_of(request), timezone.now()
    row = access.desk_document(person, uuid)
    chosen = DOCUMENT_ACTS.get(act)
    if chosen is None or row.state not in chosen.states:
        raise Http404
    asked = Asked(row, person, now)
    form = chosen.form(request, asked)
    back = reverse("desk_agreement_document", args=[row.uuid])
    sent = request.method == "POST" and form.is_valid()
    if sent and done(request, form, lambda: chosen.do(form, asked), _("Tersimpan.")):
        return redirect(back)
    return answered(
        request,
        form=form,
        title=chosen.label,
        lead=chosen.lead,
        back=back,
        button=chosen.label,
        tone=chosen.tone,
    )


@gate.officer(roles.AGREEMENTS)
def party(request: HttpRequest, uuid: UUID, key: int) -> HttpResponse:
    """Say anew who a party of a draft is, or take it out."""
    person = person_of(request)
    found = access.desk_party(person, uuid, key)
    row = found.document
    if row.state != State.DRAFT:
        raise Http404
    back = reverse("desk_agreement_document", args=[uuid])
    if request.method == "POST" and "keluarkan" in request.POST:
        drafting.remove_party(party=found.pk, by=person)
        messages.success(request, _("Pihak dikeluarkan dari rancangan."))
        return redirect(back)
    form = PartyForm.about(request.POST or None, found)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            drafting.set_party(document=row.pk, party=found.pk, said=form.side(), by=person)

        if done(request, form, act, _("Tersimpan.")):
            return redirect(back)
    return answered(
        request,
        form=form,
        title=found.name,
        back=back,
        button=_("Simpan"),
        more=("keluarkan", _("Keluarkan")),
    )


@gate.officer(roles.AGREEMENTS)
def duty(request: HttpRequest, uuid: UUID, key: int) -> HttpResponse:
    """Write down that a duty was done."""
    person, now = person_of(request), timezone.now()
    found = access.desk_duty(person, uuid, key)
    if found.done_on is not None or found.document.state == State.DRAFT:
        raise Http404
    form, back = DoneForm(request.POST or None), reverse("desk_agreement_document", args=[uuid])
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            carrying_out.deliver(duty=found.pk, by=person, at=now, **form.cleaned_data)

        if done(request, form, act, _("Tersimpan.")):
            return redirect(back)
    return answered(request, form=form, title=found.what, back=back, button=_("Catat dipenuhi"))


advance = gate.officer(roles.AGREEMENTS)(_advance)
