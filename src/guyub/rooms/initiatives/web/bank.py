"""Bank statements beside deliveries of money: for the officers of an office at its desk, for a partner's own people.

The same pages stand at two addresses, because officers pass the desk's gate with its second factor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.initiatives import banking, matching, owning
from guyub.rooms.initiatives.acting import Refused, today_of
from guyub.rooms.initiatives.models import Match, StatementDraft
from guyub.rooms.initiatives.owning import Owner
from guyub.rooms.initiatives.web import bank_shown
from guyub.rooms.initiatives.web.bank_forms import LayoutForm, StatementForm, UndoForm
from guyub.rooms.people import api as people

View = Callable[..., HttpResponse]
LARGEST = 9_223_372_036_854_775_807


def at_desk(view: View) -> Callable[..., HttpResponseBase]:
    @gate.officer(roles.COLLABORATE)
    def of_office(request: HttpRequest, office: int, **more: Any) -> HttpResponse:
        return view(request, owning.office_books(person_of(request), office), **more)

    return of_office


def of_partner(view: View) -> Callable[..., HttpResponseBase]:
    @gate.signed_in
    def own(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        return view(request, owning.partner_books(person_of(request), slug), **more)

    return own


def _show(
    request: HttpRequest, owner: Owner, template: str, page: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    frame = "ui/desk.html" if owner.office else "ui/portal.html"
    response = render(request, template, {**page, "owner": owner, "frame": frame}, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def books(request: HttpRequest, owner: Owner) -> HttpResponse:
    """What came in, what givers say they sent, what belongs together, and what is left on both sides."""
    page = bank_shown.books(owner, at=timezone.now())
    return _show(request, owner, "initiatives/bank/books.html", page)


def layout(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Say under which headings a statement holds what."""
    form = LayoutForm(request.POST or None, layout=banking.layout_of(owner))
    if request.method == "POST" and form.is_valid():
        try:
            banking.set_layout(owner=owner, layout=form.layout(), by=person_of(request), at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Judul kolom disimpan."))
            return redirect(f"{owner.address}kirim/")
    status = 422 if request.method == "POST" else 200
    return _show(request, owner, "initiatives/bank/layout.html", {"form": form}, status=status)


def send(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Send a statement; it is read and shown, and nothing changes yet."""
    if banking.layout_of(owner) is None:
        return redirect(f"{owner.address}kolom/")
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(people.MAX_BYTES + 1)
            draft = banking.keep(content, owner=owner, by=person_of(request), at=timezone.now())
        except (people.CannotRead, Refused) as problem:
            form.add_error("file", str(problem))
        else:
            return redirect(f"{owner.address}periksa/{draft.uuid}/")
    status = 422 if request.method == "POST" else 200
    return _show(request, owner, "initiatives/bank/send.html", {"form": form}, status=status)


def try_out(request: HttpRequest, owner: Owner, draft: UUID) -> HttpResponse:
    """What the statement would add, row by row; then it is taken over whole."""
    person, now = person_of(request), timezone.now()
    row = StatementDraft.objects.filter(owner.of(), uuid=draft, by_id=person.acting).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            added = banking.take_over(draft=row, owner=owner, by=person, at=now)
        except banking.NotGood:
            pass  # the page says which rows are wrong
        else:
            said = ngettext("%(n)d baris rekening baru.", "%(n)d baris rekening baru.", added)
            messages.success(request, said % {"n": added} if added else _("Tidak ada baris baru."))
            return redirect(owner.address)
    tried = banking.try_draft(row, owner=owner, today=today_of(now))
    page = bank_shown.tried(tried)
    status = 422 if request.method == "POST" else 200
    return _show(request, owner, "initiatives/bank/try.html", page, status=status)


@require_POST
def match(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Lay lines beside deliveries: those that were chosen, or all pairs that are certain."""
    person, now = person_of(request), timezone.now()
    if "pasti" in request.POST:
        done = matching.match_certain(owner=owner, by=person, at=now)
        said = ngettext("%(n)d pasang dicocokkan.", "%(n)d pasang dicocokkan.", done) % {"n": done}
        messages.success(request, said)
        return redirect(owner.address)
    try:
        lines, deliveries = _chosen(request, "baris"), _chosen(request, "serahan")
        matching.match(owner=owner, lines=lines, deliveries=deliveries, by=person, at=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Sudah dicocokkan."))
    return redirect(owner.address)


def _chosen(request: HttpRequest, name: str) -> list[int]:
    texts = request.POST.getlist(name)
    if not all(text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST for text in texts):
        raise Refused(_("Pilihan ini tidak dikenal. Muat ulang halaman ini."))
    return sorted({int(text) for text in texts})


def undo(request: HttpRequest, owner: Owner, match: UUID) -> HttpResponse:
    """Take a match back, and say why."""
    row = Match.objects.filter(owner.of(), uuid=match, undone_at__isnull=True).first()
    if row is None:
        raise Http404
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            words, person = form.cleaned_data["words"], person_of(request)
            matching.undo(owner=owner, match=match, words=words, by=person, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Pencocokan dibatalkan; pemberi dan pengurus diberi tahu."))
            return redirect(owner.address)
    page = {"form": form, "match": bank_shown.match(row)}
    return _show(
        request, owner, "initiatives/bank/undo.html", page, status=422 if request.method == "POST" else 200
    )
