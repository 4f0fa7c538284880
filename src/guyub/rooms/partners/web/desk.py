"""The officers' side: what waits to be verified, all partners, and what the city decides about one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.partners import (
    access,
    bodies,
    desk_list,
    documents,
    founding,
    membership,
    merging,
    timeline,
    verifying,
)
from guyub.rooms.partners.acting import Refused, is_member
from guyub.rooms.partners.founding import profile_of
from guyub.rooms.partners.models import Merge, Partner
from guyub.rooms.partners.profile import standing_in_words
from guyub.rooms.partners.rules import How, Review, Role, Status
from guyub.rooms.partners.web.filters import Filters, page_number
from guyub.rooms.partners.web.forms import (
    BodiesForm,
    LackingForm,
    LeadForm,
    MergeForm,
    ProfileForm,
    ReasonForm,
    RegisterForm,
)
from guyub.rooms.partners.web.frame import attempt
from guyub.rooms.partners.wording import KINDS, LEGAL_FORMS, WHY
from guyub.ui.rows import day_in_words


@gate.officer(roles.PARTNERS)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What waits, by its clock; below it all partners."""
    filters, number = Filters.read(request.GET), page_number(request.GET.get("hal", ""))
    here, now = reverse("desk_partners"), timezone.now()
    page = desk_list.page_of(filters.wanted(), number=number)
    context = {
        "waiting": desk_list.waiting(at=now),
        "filters": filters,
        "fields": filters.fields(),
        "said": filters.said(),
        "rows": page.rows,
        "total": page.total,
        "here": here,
        "previous": here + filters.query(hal=str(number - 1)) if number > 1 else "",
        "next": here + filters.query(hal=str(number + 1)) if page.has_next else "",
        "position": _("Halaman %(n)s") % {"n": number},
    }
    return render(request, "partners/desk/list.html", context)


@gate.officer(roles.PARTNERS)
@require_safe
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All of one partner that the verifier needs, and what may be done now."""
    person, now = person_of(request), timezone.now()
    row = access.city_partner(person, uuid)
    status, tone = standing_in_words(row)
    found = verifying.open_examination(row.pk)
    is_own = is_member(person.acting, row.pk)
    mergers = Merge.objects.filter(kept=row, undone_at__isnull=True).select_related("gone").order_by("-at")
    context = {
        "row": row,
        "status": status,
        "tone": tone,
        "kind": KINDS[row.kind],  # type: ignore[index]
        "legal_form": LEGAL_FORMS[row.legal_form],  # type: ignore[index]
        "legal_until": day_in_words(row.legal_until) if row.legal_until else "",
        "papers": documents.papers(row, at=now),
        "examination": found,
        "is_lacking": found is not None and found.state == Review.LACKING,
        "due": day_in_words(found.due_on) if found else "",
        "is_own": is_own,
        "acts": [] if is_own else _acts_now(row, found is not None and found.state == Review.ASKED),
        "alike": [(one, WHY[why]) for one, why in merging.perhaps_the_same(row)],  # type: ignore[index]
        "mergers": [(one, merging.may_undo(one, at=now)) for one in mergers],
        "people": desk_list.people_in_short(row),
        "entries": timeline.entries(row),
    }
    return render(request, "partners/desk/page.html", context)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the city decides about a partner: its form, and the action behind it."""

    label: str | Promise
    lead: str | Promise
    form: type[Any] | None
    do: Callable[[Partner, dict[str, Any], Person, datetime], object]
    tone: str = "quiet"


def _merge(row: Partner, said: dict[str, Any], by: Person, at: datetime) -> None:
    kept = Partner.objects.filter(slug=said["kept"].strip().strip("/").split("/")[-1]).first()
    if kept is None:
        raise Refused(_("Tidak ada mitra dengan alamat ini."), field="kept")
    merging.merge(kept=kept.pk, gone=row.pk, words=said["words"], by=by, at=at)


ACTS: dict[str, Act] = {
    "verifikasi": Act(
        gettext_lazy("Verifikasi"),
        gettext_lazy("Profil lengkapnya tampil untuk umum, dan pengurusnya dapat menjamin mitra lain."),
        None,
        lambda row, said, by, at: verifying.verify(partner=row.pk, by=by, at=at),
        "primary",
    ),
    "lengkapi": Act(
        gettext_lazy("Minta melengkapi"),
        gettext_lazy("Sebutkan apa yang kurang. Pengurusnya diberi tahu batas waktunya."),
        LackingForm,
        lambda row, said, by, at: verifying.ask_completion(partner=row.pk, words=said["words"], by=by, at=at),
    ),
    "tolak": Act(
        gettext_lazy("Tolak verifikasi"),
        gettext_lazy("Pengurusnya membaca alasan ini dan boleh meminta lagi."),
        ReasonForm,
        lambda row, said, by, at: verifying.refuse(partner=row.pk, words=said["words"], by=by, at=at),
        "danger",
    ),
    "akhiri": Act(
        gettext_lazy("Akhiri verifikasi"),
        gettext_lazy("Berlaku juga untuk yang dijamin mitra lain. Pengurusnya membaca alasan ini."),
        ReasonForm,
        lambda row, said, by, at: verifying.end_verification(
            partner=row.pk, words=said["words"], by=by, at=at
        ),
        "danger",
    ),
    "undang": Act(
        gettext_lazy("Undang penanggung jawab"),
        gettext_lazy("Yang menerima undangan menjadi penanggung jawab; yang lama menjadi pengurus."),
        LeadForm,
        lambda row, said, by, at: membership.invite(
            partner=row.pk, email=said["email"], role=Role.LEAD, by=by, at=at
        ),
    ),
    "gabung": Act(
        gettext_lazy("Gabungkan dengan entri lain"),
        gettext_lazy("Orang dan dokumennya pindah ke entri itu. Dapat dibatalkan dalam beberapa waktu."),
        MergeForm,
        _merge,
    ),
    "nonaktif": Act(
        gettext_lazy("Nonaktifkan sementara"),
        gettext_lazy("Tidak tampil untuk umum dan tidak dapat bertindak sampai diaktifkan lagi."),
        ReasonForm,
        lambda row, said, by, at: founding.suspend(partner=row.pk, words=said["words"], by=by, at=at),
        "danger",
    ),
    "aktif": Act(
        gettext_lazy("Aktifkan kembali"),
        gettext_lazy("Tampil dan dapat bertindak lagi."),
        ReasonForm,
        lambda row, said, by, at: founding.resume(partner=row.pk, words=said["words"], by=by, at=at),
    ),
    "tutup": Act(
        gettext_lazy("Tutup mitra"),
        gettext_lazy("Tidak dapat dibuka lagi. Yang pernah dikerjakannya tetap tercatat."),
        ReasonForm,
        lambda row, said, by, at: founding.close(partner=row.pk, words=said["words"], by=by, at=at),
        "danger",
    ),
}


def _acts_now(row: Partner, asked: bool) -> list[tuple[str, Act]]:
    """What may be decided in the state that a partner is in; the actions themselves refuse the rest."""
    chosen: list[str] = []
    if row.status == Status.ACTIVE:
        if row.verified_how != How.CITY:
            chosen.append("verifikasi")
        chosen += ["lengkapi", "tolak"] if asked else []
        chosen += ["akhiri"] if row.is_verified else []
        chosen += ["undang", "gabung", "nonaktif"]
    if row.status == Status.SUSPENDED:
        chosen += ["aktif", "akhiri"] if row.is_verified else ["aktif"]
    if row.status in (Status.ACTIVE, Status.SUSPENDED):
        chosen.append("tutup")
    return [(code, ACTS[code]) for code in chosen]


@gate.officer(roles.PARTNERS)
def act(request: HttpRequest, uuid: UUID, act: str) -> HttpResponse:
    """One decision: what it means, the reason where one is due, and then the deed."""
    person, now = person_of(request), timezone.now()
    row = access.city_partner(person, uuid)
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    form = chosen.form(request.POST or None) if chosen.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        said = form.cleaned_data if form is not None else {}
        try:
            chosen.do(row, said, person, now)
        except Refused as refused:
            if form is None:
                messages.warning(request, str(refused))
                return redirect("desk_partner", uuid=row.uuid)
            form.refuse(refused)
        except NotAllowed:
            messages.warning(
                request, _("Ini tidak dapat dilakukan (lagi). Lihat keadaannya sekarang di bawah.")
            )
            return redirect("desk_partner", uuid=row.uuid)
        else:
            messages.success(request, _("Tersimpan. Pengurusnya diberi tahu."))
            return redirect("desk_partner", uuid=row.uuid)
    context = {"row": row, "act": chosen, "form": form}
    return render(request, "partners/desk/act.html", context, status=422 if request.method == "POST" else 200)


@gate.officer(roles.PARTNERS)
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The city corrects what an entry says; the partner's people see that it was changed."""
    person = person_of(request)
    row = access.city_partner(person, uuid)
    if row.status != Status.ACTIVE:
        raise Http404
    form = ProfileForm(request.POST or None, profile=profile_of(row))
    if request.method == "POST" and form.is_valid():
        said, now = form.profile(), timezone.now()
        attempt(
            request,
            lambda: founding.change_profile(partner=row.pk, profile=said, by=person, at=now),
            _("Tersimpan."),
        )
        return redirect("desk_partner", uuid=row.uuid)
    page = {
        "form": form,
        "title": row.name,
        "button": _("Simpan"),
        "back": reverse("desk_partner", args=[uuid]),
    }
    return render(request, "partners/desk/form.html", page, status=422 if request.method == "POST" else 200)


@gate.officer(roles.PARTNERS)
def new(request: HttpRequest) -> HttpResponse:
    """The city enters a partner; its people are invited afterwards."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = founding.register(profile=form.profile(), by=person_of(request), at=timezone.now())
        messages.success(request, _("%(name)s terdaftar.") % {"name": row.name})
        return redirect("desk_partner", uuid=row.uuid)
    page = {
        "form": form,
        "title": _("Daftarkan mitra"),
        "button": _("Daftarkan"),
        "back": reverse("desk_partners"),
    }
    return render(request, "partners/desk/form.html", page, status=422 if request.method == "POST" else 200)


@gate.officer(roles.PARTNERS)
def register_bodies(request: HttpRequest) -> HttpResponse:
    """Agencies, and PKK, Karang Taruna, LPM and RW of a kecamatan, as far as they are not there yet."""
    person, now, form = person_of(request), timezone.now(), BodiesForm(request.POST or None)
    made = None
    if "instansi" in request.POST:
        made, form = bodies.register_agencies(by=person, at=now), BodiesForm()
    elif request.method == "POST" and form.is_valid():
        made = bodies.register_bodies(district=form.cleaned_data["district"], by=person, at=now)
    if made is not None:
        messages.success(request, _("%(n)d mitra ditambahkan.") % {"n": made})
        return redirect("desk_partner_bodies")
    status = 422 if request.method == "POST" else 200
    return render(request, "partners/desk/bodies.html", {"form": form}, status=status)


@require_POST
def _undo(request: HttpRequest, merge: int) -> HttpResponse:
    found = Merge.objects.filter(pk=merge).select_related("kept").first()
    if found is None:
        raise Http404
    person, now = person_of(request), timezone.now()
    attempt(request, lambda: merging.undo(merge=merge, by=person, at=now), _("Penggabungan dibatalkan."))
    return redirect("desk_partner", uuid=found.kept.uuid)


undo = gate.officer(roles.PARTNERS)(_undo)
