"""A partner's own pages: for who acts for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.rooms.partners import (
    access,
    documents,
    founding,
    membership,
    people_shown,
    reference,
    timeline,
    verifying,
)
from guyub.rooms.partners.acting import Refused
from guyub.rooms.partners.founding import profile_of
from guyub.rooms.partners.models import Document, Invitation, Member, Partner
from guyub.rooms.partners.rules import Review, Role, Status
from guyub.rooms.partners.web.forms import DocumentForm, InviteForm, ProfileForm, ReasonForm
from guyub.rooms.partners.web.frame import attempt, frame
from guyub.ui.fields import with_pages
from guyub.ui.rows import day_in_words


@gate.signed_in
@require_safe
def summary(request: HttpRequest, slug: str) -> HttpResponse:
    """How it stands, what comes next, and what happened."""
    person, now = person_of(request), timezone.now()
    row = access.own_partner(person, slug)
    found = verifying.open_examination(row.pk)
    page = {
        **frame(row, "summary"),
        "is_suspended": row.status == Status.SUSPENDED,
        "lacking": documents.papers(row, at=now).lacking,
        "examination": found,
        "is_lacking": found is not None and found.state == Review.LACKING,
        "due": day_in_words(found.due_on) if found else "",
        "vouched": len(verifying.standing_words(row.pk)),
        "needed": reference.amount("vouchers_needed", at=now),
        "entries": timeline.entries(row),
        "is_lead": people_shown.is_lead(row, person.acting),
    }
    return render(request, "partners/manage.html", page)


@gate.signed_in
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Say anew what the partner is and does."""
    person = person_of(request)
    row = access.own_partner(person, slug)
    form = ProfileForm(request.POST or None, profile=profile_of(row))
    page = {**frame(row, "profile"), "form": form}
    if request.method != "POST":
        return render(request, "partners/profile.html", page)
    if form.is_valid():
        said, now = form.profile(), timezone.now()
        attempt(
            request,
            lambda: founding.change_profile(partner=row.pk, profile=said, by=person, at=now),
            _("Tersimpan."),
        )
        return redirect("partner_manage", slug=row.slug)
    return render(request, "partners/profile.html", page, status=422)


@gate.signed_in
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who belongs to it, who asks to, who was invited; and inviting."""
    person, now = person_of(request), timezone.now()
    row = access.own_partner(person, slug)
    is_lead = people_shown.is_lead(row, person.acting)
    form = InviteForm(request.POST or None, may_board=is_lead)
    if request.method == "POST" and form.is_valid():
        try:
            membership.invite(
                partner=row.pk, email=form.cleaned_data["email"], role=form.chosen(), by=person, at=now
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Undangan dikirim."))
            return redirect("partner_people", slug=row.slug)
    page = {
        **frame(row, "people"),
        "form": form,
        "is_lead": is_lead,
        **people_shown.people_of(row, person.acting),
    }
    return render(request, "partners/people.html", page, status=422 if request.method == "POST" else 200)


@require_POST
def _member(request: HttpRequest, slug: str, member: int) -> HttpResponse:
    """One thing about one person: accept, decline, let go, or another role."""
    person, now = person_of(request), timezone.now()
    row = access.own_partner(person, slug)
    found = Member.objects.filter(pk=member, partner=row).first()
    if found is None:
        raise Http404
    acts: dict[str, Any] = {
        "terima": lambda: membership.decide(member=found.pk, accept=True, by=person, at=now),
        "tolak": lambda: membership.decide(member=found.pk, accept=False, by=person, at=now),
        "keluarkan": lambda: membership.remove(member=found.pk, by=person, at=now),
        "pengurus": lambda: membership.change_role(member=found.pk, role=Role.BOARD, by=person, at=now),
        "anggota": lambda: membership.change_role(member=found.pk, role=Role.MEMBER, by=person, at=now),
        "serahkan": lambda: membership.change_role(member=found.pk, role=Role.LEAD, by=person, at=now),
    }
    act = acts.get(request.POST.get("tindakan", ""))
    if act is None:
        messages.warning(request, _("Pilih apa yang hendak dilakukan."))
    else:
        attempt(request, act, _("Tersimpan."))
    return redirect("partner_people", slug=row.slug)


@require_POST
def _uninvite(request: HttpRequest, slug: str, invitation: int) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    row = access.own_partner(person, slug)
    if not Invitation.objects.filter(pk=invitation, partner=row).exists():
        raise Http404
    attempt(
        request,
        lambda: membership.withdraw_invitation(invitation=invitation, by=person, at=now),
        _("Undangan dibatalkan."),
    )
    return redirect("partner_people", slug=row.slug)


@gate.signed_in
def papers(request: HttpRequest, slug: str) -> HttpResponse:
    """The papers of a partner and adding one."""
    person, now = person_of(request), timezone.now()
    row = access.own_partner(person, slug)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.add(partner=row.pk, by=person, at=now, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            said = _("Dokumen tersimpan. Hanya pengurus dan pemeriksa yang melihatnya.")
            messages.success(request, with_pages(said, form))
            return redirect("partner_documents", slug=row.slug)
    page = {**frame(row, "documents"), "form": form, "papers": documents.papers(row, at=now)}
    return render(request, "partners/documents.html", page, status=422 if request.method == "POST" else 200)


@require_POST
def _unpaper(request: HttpRequest, slug: str, document: int) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    row = access.own_partner(person, slug)
    if not Document.objects.filter(pk=document, partner=row).exists():
        raise Http404
    attempt(request, lambda: documents.remove(document=document, by=person, at=now), _("Dokumen dihapus."))
    return redirect("partner_documents", slug=row.slug)


@require_POST
def _ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the city to verify, or say that what was missing is there now."""
    person, now = person_of(request), timezone.now()
    row = access.own_partner(person, slug)
    attempt(
        request,
        lambda: verifying.ask(partner=row.pk, by=person, at=now),
        _("Permintaan verifikasi terkirim."),
    )
    return redirect("partner_manage", slug=row.slug)


@gate.signed_in
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """The end of a partner, by who answers for it."""
    person, now = person_of(request), timezone.now()
    row: Partner = access.own_partner(person, slug)
    if not people_shown.is_lead(row, person.acting):
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        attempt(
            request,
            lambda: founding.close(partner=row.pk, words=words, by=person, at=now),
            _("%(name)s ditutup.") % {"name": row.name},
        )
        return redirect("own_partners")
    page = {**frame(row, "summary"), "form": form}
    return render(request, "partners/close.html", page, status=422 if request.method == "POST" else 200)


member = gate.signed_in(_member)
uninvite = gate.signed_in(_uninvite)
unpaper = gate.signed_in(_unpaper)
ask = gate.signed_in(_ask)
