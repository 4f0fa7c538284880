"""For those who keep forums: enter one, seat its members, see what is undone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.forums import access, actions, queries, reference
from guyub.rooms.forums.web.forms import CharterForm, EndForm, MemberForm, SeatForm
from guyub.rooms.meetings import api as meetings

_WRITES = ["GET", "HEAD", "POST"]


@gate.officer(roles.FORUMS)
@require_safe
def forum_list(request: HttpRequest) -> HttpResponse:
    today, cards = reference.today(timezone.now()), queries.forums()
    undone = meetings.count_undone(subjects=[card.subject for card in cards], on=today)
    rows = [
        (
            card,
            reverse("desk_forum" if not card.ended else "forum", args=[card.slug]),
            *undone.get(card.subject, (0, 0)),
        )
        for card in cards
    ]
    kinds = [
        (one.name, f"{reverse('desk_forum_new')}?macam={one.code}", one.legal_basis)
        for one in reference.kinds(on=today).values()
    ]
    return render(request, "forums/desk/list.html", {"rows": rows, "kinds": kinds})


@gate.officer(roles.FORUMS)
@require_http_methods(_WRITES)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a forum that a decree has made; the form begins with what such a forum usually says."""
    at = timezone.now()
    kinds = reference.kinds(on=reference.today(at))
    kind = kinds.get(request.GET.get("macam", ""), next(iter(kinds.values())))
    form = CharterForm(request.POST or None, initial=CharterForm.of_kind(kind))
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.found_forum(kind=kind.code, charter=form.charter(), by=person_of(request), at=at)
        except actions.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Forum tersimpan. Sekarang tambahkan anggotanya."))
            return redirect("desk_forum", row.slug)
    return _form(
        request,
        form,
        title=kind.name,
        lead=_("Dasar: %(basis)s.") % {"basis": kind.legal_basis},
        button=_("Simpan forum"),
        back=reverse("desk_forums"),
    )


@gate.officer(roles.FORUMS)
@require_safe
def forum(request: HttpRequest, slug: str) -> HttpResponse:
    row = access.forum_to_keep(slug)
    today = reference.today(timezone.now())
    private = {one.pk: one.representative for one in row.members.filter(until__isnull=True)}
    context = {
        "forum": row,
        "members": [
            (one, private.get(one.id, ""), reverse("desk_member", args=[slug, one.id]))
            for one in queries.members_of(row)
        ],
        "meetings": meetings.of_subject(subject=row.subject)[:12],
        "undone": meetings.open_follow_up(subject=row.subject, on=today),
        "plan": reverse("meeting_plan", args=[row.subject]),
        "talk": reverse("thread_new", args=[row.subject]),
        "flags": reverse("desk_flags"),
    }
    return render(request, "forums/desk/forum.html", context)


@gate.officer(roles.FORUMS)
@require_http_methods(_WRITES)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    row = access.forum_to_keep(slug)
    form = CharterForm(request.POST or None, initial=CharterForm.said(row))
    if request.method == "POST" and form.is_valid():
        actions.change_forum(forum=row.pk, charter=form.charter(), by=person_of(request), at=timezone.now())
        messages.success(request, _("Tersimpan."))
        return redirect("desk_forum", slug)
    return _form(request, form, title=_("Ubah keterangan forum"), button=_("Simpan"), back=_desk(slug))


@gate.officer(roles.FORUMS)
@require_http_methods(_WRITES)
def end(request: HttpRequest, slug: str) -> HttpResponse:
    row = access.forum_to_keep(slug)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_forum(
            forum=row.pk, reason=form.cleaned_data["reason"], by=person_of(request), at=timezone.now()
        )
        messages.success(request, _("Forum berakhir. Catatannya tetap dapat dibaca."))
        return redirect("desk_forums")
    lead = _("Forum tidak rapat lagi. Anggota, keputusan, dan tindak lanjutnya tetap dapat dibaca umum.")
    return _form(
        request, form, title=_("Akhiri forum"), lead=lead, button=_("Akhiri forum"), back=_desk(slug)
    )


@gate.officer(roles.FORUMS)
@require_http_methods(_WRITES)
def seat(request: HttpRequest, slug: str) -> HttpResponse:
    """A partner or an office takes a seat."""
    row = access.forum_to_keep(slug)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.seat_member(
                forum=row.pk,
                party=said["party"],
                seat=said["seat"],
                representative=said["representative"],
                by=person_of(request),
                at=timezone.now(),
            )
        except actions.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Anggota ditambahkan."))
            return redirect("desk_forum", slug)
    return _form(request, form, title=_("Tambah anggota"), button=_("Tambah anggota"), back=_desk(slug))


@gate.officer(roles.FORUMS)
@require_http_methods(_WRITES)
def member(request: HttpRequest, slug: str, key: int) -> HttpResponse:
    """Another seat, somebody else who stands for it, or the end of it."""
    row = access.member(access.forum_to_keep(slug), key)
    ends = request.POST.get("aksi") == "keluar"
    form = MemberForm(None if ends else request.POST or None, initial=MemberForm.said(row))
    if request.method == "POST" and (ends or form.is_valid()):
        who: dict[str, Any] = {"member": row.pk, "by": person_of(request), "at": timezone.now()}
        try:
            if ends:
                actions.end_member(**who)
            else:
                actions.change_member(**form.cleaned_data, **who)
        except actions.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Tersimpan."))
            return redirect("desk_forum", slug)
    sitting = next(one for one in queries.members_of(row.forum) if one.id == row.pk)
    return _form(
        request,
        form,
        title=sitting.name,
        button=_("Simpan"),
        back=_desk(slug),
        leave=_("Keluarkan dari forum"),
    )


def _desk(slug: str) -> str:
    return reverse("desk_forum", args=[slug])


def _form(
    request: HttpRequest, form: Any, *, title: str, button: str, back: str, lead: str = "", leave: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "back": back, "lead": lead, "leave": leave}
    return render(request, "forums/desk/form.html", context, status=422 if request.method == "POST" else 200)
