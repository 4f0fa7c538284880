"""What everyone may read of the city's agreements, and what a partner's people see of their own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.kernel.cities.api import absolute
from guyub.kernel.files import api as files
from guyub.rooms.agreements import access, paper, queries, reference, rules, standing
from guyub.rooms.agreements.models import Document
from guyub.rooms.agreements.rules import State


def page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def pager(request: HttpRequest, here: str, has_next: bool) -> dict[str, str]:
    number = page_number(request.GET.get("hal", ""))
    return {
        "previous": f"{here}?hal={number - 1}" if number > 1 else "",
        "next": f"{here}?hal={number + 1}" if has_next else "",
        "position": _("Halaman %(n)s") % {"n": number},
    }


@gate.public
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """With whom the city agreed on what, until when."""
    today, here = reference.today_of(timezone.now()), reverse("agreement_list")
    rows, has_next = queries.public_list(number=page_number(request.GET.get("hal", "")), today=today)
    context = {
        "rows": rows,
        "canonical": absolute(here),
        "mine": person_of(request).account is not None,
        **pager(request, here, has_next),
    }
    return render(request, "agreements/list.html", context)


@gate.public
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One cooperation: what is agreed, with whom, until when, and what was delivered. No drafts."""
    row = access.public_cooperation(slug)
    context = {
        "row": row,
        "shown": queries.public_page(row, today=reference.today_of(timezone.now())),
        "entries": queries.entries(row, public=True),
        "canonical": absolute(reverse("agreement_page", args=[row.slug])),
    }
    return render(request, "agreements/page.html", context)


@gate.signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The documents of the partners that one acts for."""
    found = access.own_documents(person_of(request)).order_by("-pk")[:100]
    rows = queries.document_rows(found, today=reference.today_of(timezone.now()))
    return render(request, "agreements/own.html", {"rows": [row for _key, row in rows]})


@gate.signed_in
@require_safe
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A document for its parties: its newest words, what is owed, and the signed paper."""
    row = access.own_document(person_of(request), uuid)
    return render(request, "agreements/document.html", words_of(row))


def words_of(row: Document) -> dict[str, object]:
    """What the parties and the desk both see of a document."""
    today = reference.today_of(timezone.now())
    version, labels = standing.newest(row), reference.clause_labels(on=today)
    return {
        "row": row,
        "shown": queries.document_rows([row], today=today)[0][1],
        "version": version.number,
        "clauses": [
            (labels.get(code, code), text, rules.is_written(text))
            for code, text in standing.in_order(row, version, on=today).items()
        ],
        "scans": files.pictures(subject=row.scan, may_see=True),
        "is_draft": row.state == State.DRAFT,
        "evaluations": queries.evaluations(row),
    }


@gate.signed_in
@require_safe
def pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The document as PDF, for its parties and the desk."""
    row = access.own_document(person_of(request), uuid)
    made = paper.pdf(row, on=reference.today_of(timezone.now()))
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="naskah-{row.uuid}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
