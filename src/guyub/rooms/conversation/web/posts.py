"""What can be done with one post: its author changes it, readers object to it, those who run the subject moderate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import Person, gate, person_of
from guyub.rooms.conversation import access, queries, reference, threads
from guyub.rooms.conversation.models_threads import Post
from guyub.rooms.conversation.subjects import Page
from guyub.rooms.conversation.web import shown
from guyub.rooms.conversation.web.forms import EditForm, FlagForm, HideForm, TaskForm

LABELS = {
    "ubah": gettext_lazy("Perbaiki pesan"),
    "tarik": gettext_lazy("Tarik pesan"),
    "adukan": gettext_lazy("Adukan pesan"),
    "putusan": gettext_lazy("Tandai sebagai keputusan"),
    "batal-putusan": gettext_lazy("Cabut tanda keputusan"),
    "tugas": gettext_lazy("Jadikan tindak lanjut"),
    "sembunyikan": gettext_lazy("Sembunyikan dengan alasan"),
    "tampilkan": gettext_lazy("Tampilkan kembali"),
    "biarkan": gettext_lazy("Biarkan, tidak ada yang salah"),
}
DONE = {
    "ubah": gettext_lazy("Pesan Anda diperbaiki."),
    "tarik": gettext_lazy("Pesan Anda ditarik."),
    "adukan": gettext_lazy("Terima kasih. Moderator akan memeriksanya; nama Anda tidak disebut."),
    "putusan": gettext_lazy("Ditandai sebagai keputusan."),
    "batal-putusan": gettext_lazy("Tanda keputusan dicabut."),
    "tugas": gettext_lazy("Tindak lanjut dibuat."),
    "sembunyikan": gettext_lazy("Pesan disembunyikan; penulisnya diberi tahu alasannya."),
    "tampilkan": gettext_lazy("Pesan ditampilkan kembali; penulisnya diberi tahu."),
    "biarkan": gettext_lazy("Aduan selesai diperiksa; pesan tetap tampil."),
}
Make = Callable[..., forms.Form]


class _Nothing(forms.Form):
    pass


@gate.acting
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, key: int) -> HttpResponse:
    """One post with its acts; each form names what it does."""
    person = person_of(request)
    row, page = access.post(key, person)
    offered = _offered(row, page, person)
    verb = request.POST.get("aksi", "")
    if request.method != "POST":
        return _show(request, row, page, offered, {})
    if verb not in offered:
        return _show(request, row, page, offered, {}, moved_on=True)
    form = offered[verb](request.POST)
    if form.is_valid() and _do(verb, row, form, person):
        messages.success(request, str(DONE[verb]))
        response = redirect("thread", row.thread.uuid)
        response["Location"] += f"?hal={queries.page_of(row)}#pesan-{row.pk}"
        return response
    return _show(request, row, page, offered, {verb: form})


def _offered(row: Post, page: Page, person: Person) -> dict[str, Make]:
    """What this person may do with the post now."""
    at = timezone.now()
    if person.support is not None:
        return {}
    stands = not (row.hidden_at or row.withdrawn_at)
    reasons, _version = reference.hide_reasons(at=at)
    found: dict[str, Make] = {}
    if threads.may_edit(row, person, at=at):
        found["ubah"] = lambda said=None, **more: EditForm(said, initial={"body": row.body}, **more)
    if threads.may_withdraw(row, person):
        found["tarik"] = _Nothing
    if page.can_moderate:
        found |= _moderating(row, page, reasons, stands=stands)
    elif stands and row.by != person.account:
        found["adukan"] = lambda said=None, **more: FlagForm(said, reasons=reasons, **more)
    return found


def _moderating(row: Post, page: Page, reasons: dict[str, str], *, stands: bool) -> dict[str, Make]:
    if not stands:
        return {"tampilkan": _Nothing} if row.hidden_at else {}
    found: dict[str, Make] = {}
    if not row.decided_at:
        found["putusan"] = _Nothing
    elif not row.task:
        if page.make_task is not None:
            found["tugas"] = lambda said=None, **more: TaskForm(
                said, owners=page.owners(), initial={"what": row.public_body[:300]}, **more
            )
        found["batal-putusan"] = _Nothing
    if row.flags.filter(settled_at__isnull=True).exists():
        found["biarkan"] = _Nothing
    found["sembunyikan"] = lambda said=None, **more: HideForm(said, reasons=reasons, **more)
    return found


def _do(verb: str, row: Post, form: Any, person: Person) -> bool:
    """One action; what it refuses stands at the form."""
    act: dict[str, Callable[..., object]] = {
        "ubah": threads.edit,
        "tarik": threads.withdraw,
        "adukan": threads.flag,
        "putusan": threads.mark_decision,
        "batal-putusan": lambda **said: threads.mark_decision(marked=False, **said),
        "tugas": threads.make_task,
        "sembunyikan": threads.hide,
        "tampilkan": threads.show_again,
        "biarkan": threads.let_stand,
    }
    try:
        act[verb](post=row.pk, **form.cleaned_data, by=person, at=timezone.now())
    except threads.Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _show(
    request: HttpRequest,
    row: Post,
    page: Page,
    offered: dict[str, Make],
    wrong: dict[str, Any],
    *,
    moved_on: bool = False,
) -> HttpResponse:
    person = person_of(request)
    context = {
        "page": page,
        "post": shown.posts([row], person=person, election="")[0],
        "thread": row.thread.uuid,
        "forms": [
            (verb, LABELS[verb], wrong.get(verb) or make(auto_id=f"{verb}-%s"))
            for verb, make in offered.items()
        ],
        "open": next(iter(wrong), ""),
        "moved_on": moved_on,
        "back": _("Kembali ke percakapan"),
    }
    return render(request, "conversation/post.html", context, status=422 if wrong or moved_on else 200)
