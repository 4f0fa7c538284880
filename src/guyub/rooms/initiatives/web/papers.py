"""Papers: a partner's year, a volunteer's hours, and the public page on which everyone checks one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel import documents
from guyub.kernel.access.api import NotAllowed, Person, gate, person_of
from guyub.kernel.cities.api import get_city
from guyub.rooms.initiatives import owning, paper_words, papers, partner_year, queries
from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.models import Paper
from guyub.rooms.needs.api import amount_said
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people


@gate.signed_in
@require_safe
def years(request: HttpRequest, slug: str) -> HttpResponse:
    """The years of a partner of which there is something to report."""
    owner = owning.partner_books(person_of(request), slug)
    assert owner.partner is not None
    kind = partners.by_ids(ids=[owner.partner])[owner.partner].kind
    page = {
        "name": owner.name,
        "partner": reverse("partner_page", args=[slug]),
        "years": [
            (paper_words.year_title(kind, year), reverse("partner_year", args=[slug, year]))
            for year in partner_year.years_of(owner.partner)
        ],
    }
    return render(request, "initiatives/papers/years.html", page)


@gate.signed_in
def year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """What a partner did in a year; to give it out as a paper is to keep what it says."""
    person, now = person_of(request), timezone.now()
    owner = owning.partner_books(person, slug)
    assert owner.partner is not None
    if year not in partner_year.years_of(owner.partner):
        raise Http404
    if request.method == "POST":
        try:
            made = papers.issue_year(partner=owner.partner, year=year, by=person, at=now)
        except (Refused, NotAllowed):
            raise Http404 from None
        messages.success(request, _("Dokumen diterbitkan. Siapa pun dapat memeriksanya di halaman ini."))
        return redirect("paper", key=papers.key_of(made))
    kind = partners.by_ids(ids=[owner.partner])[owner.partner].kind
    page = {
        **_year(partner_year.content(owner.partner, year)),
        "heading": paper_words.year_title(kind, year),
        "name": owner.name,
        "years": reverse("partner_years", args=[slug]),
    }
    return render(request, "initiatives/papers/year.html", page)


def _year(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "explained": paper_words.explained(),
        "totals": [(queries.resource_label(row["resource"]), *_sums(row)) for row in said["totals"]],
        "items": [
            {
                "title": item["initiative"],
                "url": reverse("initiative_page", args=[item["slug"]]),
                "where": item["where"],
                "organiser": item["organiser"],
                "lines": [(paper_words.line_said(line), *_sums(line)) for line in item["lines"]],
                "figures": item["figures"],
            }
            for item in said["items"]
        ],
    }


def _sums(row: dict[str, Any]) -> list[str]:
    return [amount_said(row[name], row["unit"]) for name in ("promised", "delivered", "verified")]


@gate.signed_in
def hours(request: HttpRequest) -> HttpResponse:
    """A volunteer's own hours, and a certificate of them, named or not as they say."""
    person = person_of(request)
    rows = papers.hours_of(person.acting)
    if request.method == "POST":
        chosen = next((row for row in rows if str(row.uuid) == request.POST.get("janji")), None)
        if chosen is None:
            raise Http404
        is_named = request.POST.get("nama") == "ya"
        made = papers.issue_hours(pledge=chosen.pk, is_named=is_named, by=person, at=timezone.now())
        return redirect("paper", key=papers.key_of(made))
    page = {
        "rows": [
            {
                "key": str(row.uuid),
                "title": row.line.initiative.title,
                "url": reverse("initiative_page", args=[row.line.initiative.slug]),
                "what": row.line.what,
                "amount": amount_said(row.verified, row.line.unit),
            }
            for row in rows
        ]
    }
    return render(request, "initiatives/papers/hours.html", page)


def _found(key: str) -> Paper:
    row = papers.find(key)
    if row is None:
        raise Http404
    return row


def _may_print(person: Person, row: Paper) -> bool:
    if person.account is None:
        return False
    if row.kind == Paper.Kind.YEAR:
        return partners.may_act(account=person.account, partner=row.partner_id or 0)
    return row.pledge is not None and row.pledge.account_id == person.account


@gate.public
@require_safe
def verify(request: HttpRequest, key: str) -> HttpResponse:
    """The same totals as on the paper, the seal over it, and whether it is still valid. It names no volunteer."""
    row, person = _found(key), person_of(request)
    checked = papers.check(row)
    page = {
        "heading": paper_words.title_of(row),
        "checked": checked,
        "seal": f"{reverse('proof')}?sebelum={checked.seal + 1}" if checked.seal else "",
        "digest": row.digest,
        "issued": date_format(row.at.astimezone(get_city().tz), "j F Y, H.i"),
        "withdrawn": date_format(row.withdrawn_at.astimezone(get_city().tz), "j F Y")
        if row.withdrawn_at
        else "",
        "is_year": row.kind == Paper.Kind.YEAR,
        "print": reverse("paper_pdf", args=[key]) if _may_print(person, row) else "",
        **(_of_year(row) if row.kind == Paper.Kind.YEAR else _of_hours(row)),
    }
    response = render(request, "initiatives/papers/verify.html", page)
    response["X-Robots-Tag"] = "noindex"
    return response


def _of_year(row: Paper) -> dict[str, Any]:
    return {"name": row.content["partner"], **_year(row.content)}


def _of_hours(row: Paper) -> dict[str, Any]:
    said = row.content
    facts = [
        (_("Untuk"), paper_words.volunteer(row)),
        (_("Jam"), amount_said(said["hours"], "jam")),
        (_("Prakarsa"), said["initiative"]),
        (_("Hari"), paper_words.days_said(said)),
        (_("Diperiksa oleh"), said["organiser"]),
    ]
    return {"name": said["initiative"], "facts": facts}


@gate.signed_in
@require_safe
def as_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """The paper itself, for whom it is about."""
    row, person = _found(key), person_of(request)
    if not _may_print(person, row) or row.withdrawn_at is not None:
        raise Http404
    names = people.names_of([person.acting]) if row.is_named else {}
    try:
        content = paper_words.pdf(row, name=str(names.get(person.acting, "")))
    except documents.DocumentFailed:
        messages.error(request, _("Dokumen belum dapat dibuat. Coba lagi sebentar."))
        return redirect("paper", key=key)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"tjsl-{row.year}" if row.kind == Paper.Kind.YEAR else f"relawan-{row.content['number']}"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
