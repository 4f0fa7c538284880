"""For those who run a subject's meetings: call one, and write down who came, what was said, decided and agreed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import Person, gate, person_of
from guyub.rooms.meetings import access, actions, queries, rules
from guyub.rooms.meetings.models import Meeting, State
from guyub.rooms.meetings.subjects import Subject
from guyub.rooms.meetings.web import shown
from guyub.rooms.meetings.web.forms import (
    ChangeForm,
    DecideForm,
    FollowUpForm,
    HoldForm,
    MinutesForm,
    PlanForm,
    ReasonForm,
)


@gate.acting
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, subject: str) -> HttpResponse:
    """Call a meeting; its members are invited at once."""
    person = person_of(request)
    found = access.runnable(subject, person)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = actions.plan(
            subject=subject, kind=form.cleaned_data["kind"], **form.planned(), by=person, at=timezone.now()
        )
        messages.success(request, _("Rapat direncanakan dan undangannya dikirim."))
        return redirect("meeting", row.uuid)
    status = 422 if request.method == "POST" else 200
    return render(request, "meetings/plan.html", {"subject": found, "form": form}, status=status)


@gate.acting
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page on which a meeting is run; each of its forms names what it does."""
    person = person_of(request)
    row, subject = access.meeting_to_run(uuid, person)
    verb = request.POST.get("aksi", "")
    offered = _offered(row, subject)
    if request.method != "POST":
        return _show(request, row, subject, offered, {})
    if verb not in offered:
        return _show(request, row, subject, offered, {}, moved_on=True)
    form = offered[verb](request.POST)
    if form.is_valid() and _do(verb, row, form, person):
        messages.success(request, str(DONE[verb]))
        return redirect("meeting_run", uuid)
    return _show(request, row, subject, offered, {verb: form})


Make = Callable[..., Any]
LABELS = {
    "hadir": gettext_lazy("Simpan kehadiran"),
    "notulen": gettext_lazy("Simpan notulen"),
    "putus": gettext_lazy("Simpan keputusan"),
    "tugas": gettext_lazy("Tambah tindak lanjut"),
    "sah": gettext_lazy("Sahkan notulen"),
    "ubah": gettext_lazy("Simpan perubahan"),
    "batal": gettext_lazy("Batalkan rapat"),
}
HEADINGS = {
    "hadir": gettext_lazy("Kehadiran"),
    "notulen": gettext_lazy("Notulen"),
    "putus": gettext_lazy("Keputusan"),
    "tugas": gettext_lazy("Tindak lanjut"),
    "sah": gettext_lazy("Pengesahan"),
    "ubah": gettext_lazy("Ubah waktu, tempat, dan agenda"),
    "batal": gettext_lazy("Pembatalan"),
}
DONE = {
    "hadir": gettext_lazy("Kehadiran tersimpan."),
    "notulen": gettext_lazy("Notulen tersimpan."),
    "putus": gettext_lazy("Keputusan tersimpan."),
    "tugas": gettext_lazy("Tindak lanjut ditambahkan; penanggung jawabnya diberi tahu."),
    "sah": gettext_lazy("Notulen disahkan dan sekarang dibaca umum."),
    "ubah": gettext_lazy("Perubahan tersimpan dan diberitahukan."),
    "batal": gettext_lazy("Rapat dibatalkan dan anggota diberi tahu."),
}


def _offered(row: Meeting, subject: Subject) -> dict[str, Make]:
    """What can be done with the meeting now, each with its form."""
    items = queries.agenda_of(row)
    if row.state == State.CANCELLED:
        return {}
    found: dict[str, Make] = {}
    if not row.approved_at and timezone.now() >= row.starts_at:
        found["hadir"] = lambda said=None, **more: HoldForm(
            said, members=_members(row, subject), initial=_came(row), **more
        )
    if row.state == State.PLANNED:
        found["ubah"] = lambda said=None, **more: ChangeForm(
            said, initial=ChangeForm.said(row, items), **more
        )
        found["batal"] = ReasonForm
        return found
    approved = bool(row.approved_at)
    found["notulen"] = lambda said=None, **more: MinutesForm(said, items=items, approved=approved, **more)
    if actions.quorum_of(row)[2]:
        numbers = list(row.decisions.values_list("number", flat=True))
        found["putus"] = lambda said=None, **more: DecideForm(
            said, numbers=numbers, approved=approved, **more
        )
    found["tugas"] = lambda said=None, **more: FollowUpForm(said, subject=subject, **more)
    if not approved:
        found["sah"] = lambda said=None, **more: _Nothing(said, **more)
    return found


class _Nothing(ReasonForm):
    reason = None  # type: ignore[assignment]


def _members(row: Meeting, subject: Subject) -> list[str]:
    kept = list(row.attendance.order_by("pk").values_list("party", flat=True))
    return kept or [member.party for member in subject.members()]


def _came(row: Meeting) -> dict[str, Any]:
    return {
        "came": list(row.attendance.filter(came=True).values_list("party", flat=True)),
        "others": row.others,
    }


def _do(verb: str, row: Meeting, form: Any, person: Person) -> bool:
    """One action; what it refuses stands at the form."""
    said = form.cleaned_data
    who: dict[str, Any] = {"meeting": row.uuid, "by": person, "at": timezone.now()}
    try:
        if verb == "hadir":
            actions.hold(came=said["came"], others=said["others"], **who)
        elif verb == "notulen":
            actions.record_minutes(bodies=form.bodies(), reason=said.get("reason", ""), **who)
        elif verb == "putus":
            actions.decide(**form.decided(), **who)
        elif verb == "tugas":
            actions.follow_up(subject=row.subject, **said, **who)
        elif verb == "sah":
            actions.approve(**who)
        elif verb == "ubah":
            actions.change(**form.planned(), **who)
        else:
            actions.cancel(reason=said["reason"], **who)
    except (actions.NotNow, rules.NoQuorum, rules.WrongCount) as refused:
        form.add_error(None, _in_words(refused))
        return False
    return True


def _in_words(refused: Exception) -> str:
    if isinstance(refused, rules.NoQuorum):
        return _("Kuorum tidak tercapai, maka rapat ini tidak dapat mengambil keputusan.")
    if isinstance(refused, rules.WrongCount):
        return _(
            "Jumlah suara tidak cocok: yang setuju harus lebih banyak, dan semuanya tidak lebih dari yang hadir."
        )
    return str(refused)


def _show(
    request: HttpRequest,
    row: Meeting,
    subject: Subject,
    offered: dict[str, Make],
    wrong: dict[str, Any],
    *,
    moved_on: bool = False,
) -> HttpResponse:
    forms = [
        (verb, HEADINGS[verb], LABELS[verb], wrong.get(verb) or make(auto_id=f"{verb}-%s"))
        for verb, make in offered.items()
    ]
    context = {
        **shown.page(row, subject, person_of(request)),
        "forms": forms,
        "open": next(iter(wrong), ""),
        "moved_on": moved_on,
    }
    return render(request, "meetings/run.html", context, status=422 if wrong or moved_on else 200)
