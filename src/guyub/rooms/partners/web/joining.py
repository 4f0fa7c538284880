"""Asking to join, leaving, taking an invitation, and standing for another partner."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guyub.kernel.access.api import gate, person_of
from guyub.rooms.partners import access, membership, verifying
from guyub.rooms.partners.acting import Refused
from guyub.rooms.partners.models import Member, Partner
from guyub.rooms.partners.rules import OPEN_STANDINGS
from guyub.rooms.partners.web.forms import JoinForm
from guyub.rooms.partners.web.frame import attempt
from guyub.rooms.partners.wording import ROLES


@gate.signed_in
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to join. What was written stays when it is not taken."""
    row, form = access.active_partner(slug), JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership.ask_to_join(
                partner=row.pk,
                words=form.cleaned_data["words"],
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Terkirim. Pengurus %(name)s diberi tahu.") % {"name": row.name})
            return redirect("own_partners")
    status = 422 if request.method == "POST" else 200
    return render(request, "partners/join.html", {"row": row, "form": form}, status=status)


@require_POST
def _leave(request: HttpRequest, slug: str) -> HttpResponse:
    row = _where_i_belong(request, slug)
    person, now = person_of(request), timezone.now()
    attempt(
        request,
        lambda: membership.leave(partner=row.pk, by=person, at=now),
        _("Anda tidak lagi bergabung dengan %(name)s.") % {"name": row.name},
    )
    return redirect("own_partners")


leave = gate.signed_in(_leave)


def _where_i_belong(request: HttpRequest, slug: str) -> Partner:
    open_ = [one.value for one in OPEN_STANDINGS]
    rows = Member.objects.filter(partner__slug=slug, account_id=person_of(request).acting, state__in=open_)
    found = rows.select_related("partner").first()
    if found is None:
        raise Http404
    return found.partner


@gate.link
def invitation(request: HttpRequest, key: str) -> HttpResponseBase:
    """Take an invitation: whoever holds the link signs in first, so that somebody can be said to have joined."""
    now = timezone.now()
    found = membership.open_invitation(key, at=now)
    if found is None:
        raise Http404
    person = person_of(request)
    if person.account is None:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    if request.method == "POST":
        done = _("Anda bergabung dengan %(name)s.") % {"name": found.partner.name}
        attempt(
            request,
            lambda: membership.accept_invitation(invitation=found.pk, by=person, at=now),
            done,
        )
        return redirect("own_partners")
    page = {"row": found.partner, "role": ROLES[found.role]}  # type: ignore[index]
    return render(request, "partners/invitation.html", page)


@gate.signed_in
def vouch(request: HttpRequest, slug: str) -> HttpResponse:
    """Stand for another partner in the name of one's own, or take that back."""
    row, person, now = access.active_partner(slug), person_of(request), timezone.now()
    speakers = verifying.may_speak_for(person.acting, row)
    stands = verifying.stands_for(row.pk, person.acting)
    if not speakers and not stands:
        raise Http404
    if request.method == "POST":
        if stands:
            attempt(
                request,
                lambda: verifying.withdraw_vouch(partner=row.pk, by=person, at=now),
                _("Jaminan Anda ditarik."),
            )
            return redirect("partner_page", slug=row.slug)
        chosen = next((card for card in speakers if str(card.id) == request.POST.get("atas_nama", "")), None)
        if chosen is not None:
            attempt(
                request,
                lambda: verifying.vouch(partner=row.pk, speaks_for=chosen.id, by=person, at=now),
                _("Jaminan Anda tercatat."),
            )
            return redirect("partner_page", slug=row.slug)
        messages.warning(request, _("Pilih atas nama mitra mana Anda menjamin."))
    status = 422 if request.method == "POST" else 200
    page = {"row": row, "speakers": speakers, "stands": stands}
    return render(request, "partners/vouch.html", page, status=status)
