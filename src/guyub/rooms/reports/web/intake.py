"""Sending a report: one page without account or script, the same page for the script's requests."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guyub.kernel.access import device
from guyub.kernel.access.api import gate, person_of
from guyub.kernel.files import api as files
from guyub.rooms.casework.api import State
from guyub.rooms.places import api as places
from guyub.rooms.reports import access, actions, joining, sending, witnesses
from guyub.rooms.reports.actions import Receipt
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.emergency import all_numbers, numbers_of
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.nearby import BEING_DEALT_WITH, Similar, similar_reports
from guyub.rooms.reports.web import flood, guess
from guyub.rooms.reports.web.filters import NUMBER
from guyub.rooms.reports.web.forms import ReportForm
from guyub.rooms.reports.web.near_form import NearForm
from guyub.rooms.reports.web.rows import similar_rows
from guyub.rooms.reports.web.uuids import uuid_or_none


@gate.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        stopped = flood.find_flood(request, "report", at=timezone.now())
        return _too_many(request, stopped) if stopped else _receive(request)
    draft = uuid_or_none(request.GET.get("draft", ""))
    kept = actions.find_draft(draft, at=timezone.now()) if draft else None
    asked = request.GET
    initial = {
        "submission": uuid4(),
        "category": asked.get("kategori", ""),
        "place": asked.get("tempat", ""),
    }
    form = _form(request, initial={**initial, **(kept or {}), "draft": draft if kept else ""})
    return _show(request, form, draft=draft if kept else None)


def _form(request: HttpRequest, data: Any = None, uploads: Any = None, **kwargs: Any) -> ReportForm:
    return ReportForm(data, uploads, categories=categories().offered, person=person_of(request), **kwargs)


def _show(
    request: HttpRequest,
    form: ReportForm,
    *,
    draft: UUID | None,
    earlier: Receipt | None = None,
    status: int = 422,
) -> HttpResponse:
    form.unfold()
    context = {
        "form": form,
        "kept_photos": files.pictures(draft=draft, may_see=True) if draft else [],
        "most_photos": files.MAX_PHOTOS,
        "numbers": all_numbers(),
        "urgent": numbers_of(form.chosen_category()),
        "earlier": earlier and reverse("report_follow", args=[earlier.follow_key]),
        "map": _map(),
    }
    return render(request, "reports/form.html", context, status=status if form.is_bound else 200)


def _too_many(request: HttpRequest, stopped: flood.Stopped) -> HttpResponse:
    """The form again with all that was typed in it; photos are not taken in during a flood."""
    if not flood.wants_page(request):
        return flood.refuse(request, stopped)
    form = _form(request, request.POST)
    form.add_error(None, stopped.words())
    if request.FILES:
        form.add_error("photos", _("Foto belum tersimpan. Pilih lagi sebelum mengirim."))
    draft = form.cleaned_data.get("draft") or None
    return flood.tell(_show(request, form, draft=draft, status=429), stopped)


def _map() -> dict[str, str]:
    """What the map opens with: the middle of the city, its outline, tiles if the installation has any."""
    south, west, north, east = places.gazetteer().bounds() or (-6.99, 107.55, -6.84, 107.74)
    return {
        "lat": f"{(south + north) / 2:.4f}",
        "lon": f"{(west + east) / 2:.4f}",
        "tiles": settings.GUYUB_TILES,
        "base": reverse("place_outline"),
        "place_at": reverse("place_at") if places.gazetteer().boundaries else "",
    }


def _receive(request: HttpRequest) -> HttpResponse:
    """Look at what was sent; keep it as a draft if it cannot be taken in yet."""
    form, at = _form(request, request.POST, request.FILES), timezone.now()
    # In this order: what is near may be this very report, sent twice and taken in between the two looks.
    has_near = form.is_valid() and _near(form)
    earlier = _find_earlier(form) if form.is_valid() else None
    if earlier and earlier.is_same:
        return _received(request, earlier.receipt)
    if earlier:
        form.renew_submission()
        form.add_error(
            None,
            _(
                "Laporan dari formulir ini sudah terkirim. Untuk mengirim isian ini sebagai laporan baru, kirim sekali lagi."
            ),
        )
    draft, refused = _keep_photos(request, form)
    if refused:
        form.add_error("photos", refused)
    if not form.errors and flood.wants_page(request):
        guess.ask_again(form, at=at)
        if form.is_to_be_asked():
            form.add_error(
                None, _("Satu langkah lagi: jawab pertanyaan di bawah kategori, lalu kirim sekali lagi.")
            )
    if form.errors:
        return _not_yet(request, form, draft, earlier.receipt if earlier else None)
    if has_near:
        kept = actions.keep_draft(values=form.values(), at=at, draft=draft)
        return _go(
            request,
            reverse("report_similar", args=[kept]),
            {"similar": reverse("report_similar", args=[kept])},
        )
    return _submit(request, form, draft)


def _find_earlier(form: ReportForm) -> sending.Earlier | None:
    said = form.cleaned_data
    return sending.find_earlier(submission=said["submission"], body=said["body"], category=said["category"])


def _keep_photos(request: HttpRequest, form: ReportForm) -> tuple[UUID | None, list[str]]:
    """Photos are kept at once, so that a mistake elsewhere in the form does not cost them."""
    at, draft = timezone.now(), form.cleaned_data.get("draft")
    uploads = request.FILES.getlist("photos")
    if uploads:
        draft = actions.keep_draft(values=form.values(), at=at, draft=draft)
    if not draft:
        return None, []
    unwanted = [one for one in map(uuid_or_none, request.POST.getlist("remove")) if one]
    if unwanted:
        sending.remove_photos(draft=draft, photos=unwanted)
    return draft, sending.keep_photos(draft=draft, uploads=uploads, at=at)


def _not_yet(
    request: HttpRequest, form: ReportForm, draft: UUID | None, earlier: Receipt | None
) -> HttpResponse:
    if not flood.wants_page(request):
        found = {"errors": form.errors, "submission": str(form["submission"].value())}
        return JsonResponse(found, status=422)
    form.data["draft"] = str(draft or "")
    return _show(request, form, draft=draft, earlier=earlier)


def _near(form: ReportForm) -> bool:
    """Whether to show reports of neighbours first. What is about conduct is nobody else's business."""
    category, said = form.chosen_category(), form.cleaned_data
    if category is None or category.is_conduct or said["about_conduct"]:
        return False
    return bool(_similar(form))


def _similar(form: ReportForm) -> list[Similar]:
    said = form.cleaned_data
    return similar_reports(
        category=said["category"],
        place=said["place"],
        text=f"{said['body']} {said['landmark']}",
        lat=said["lat"],
        lon=said["lon"],
        at=timezone.now(),
    )


@gate.public
@never_cache
@require_POST
def near(request: HttpRequest) -> HttpResponse:
    """What may be the same as a form that is still being filled, for the script: a part of a page, or nothing.

    Sent in a body, not in an address: what somebody is about to say stands in no log.
    """
    if flood.find_flood(request, "near", at=timezone.now()):
        return _nothing()
    form = NearForm(request.POST)
    if not form.is_valid():
        return _nothing()
    found = similar_reports(**form.cleaned_data, at=timezone.now())
    return render(request, "reports/_near.html", {"near": similar_rows(found)}) if found else _nothing()


def _nothing() -> HttpResponse:
    return HttpResponse(status=204)


def _submit(request: HttpRequest, form: ReportForm, draft: UUID | None) -> HttpResponse:
    what = form.as_submission(draft=draft)
    return _received(request, actions.submit_report(what=what, by=person_of(request), at=timezone.now()))


def _received(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    address = reverse("report_follow", args=[receipt.follow_key])
    upload = reverse("report_add_photo", args=[receipt.follow_key])
    answer = {"number": receipt.number, "follow": address, "upload": upload}
    return device.remember(request, _go(request, f"{address}?terkirim=1", answer))


def _go(request: HttpRequest, address: str, answer: dict[str, str]) -> HttpResponse:
    """On to another page, by 303 so that going back sends nothing again; the script is told where."""
    if not flood.wants_page(request):
        return JsonResponse(answer)
    return HttpResponseRedirect(address, status=303)


@gate.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def similar(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Neighbours' reports of the same kind nearby. Whoever holds the draft's random id may go on with it."""
    values = actions.find_draft(draft, at=timezone.now())
    if values is None:
        return _sent_already(request)
    form = _form(request, values)
    if not form.is_valid():
        return _show(request, form, draft=draft)
    if request.method == "POST":
        stopped = flood.find_flood(request, "report", at=timezone.now())
        return flood.refuse(request, stopped, kept=True) if stopped else _submit(request, form, draft)
    context = {
        "draft": draft,
        "submission": values.get("submission", ""),
        "near": similar_rows(_similar(form)),
        "photos": len(files.pictures(draft=draft, may_see=True)),
        "urgent": numbers_of(form.chosen_category()),
    }
    response = render(request, "reports/similar.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _sent_already(request: HttpRequest) -> HttpResponse:
    """Pressing twice sends once: the draft is gone because its report is here."""
    submission = uuid_or_none(request.POST.get("submission", ""))
    earlier = sending.find_earlier(submission=submission, body="", category="") if submission else None
    if earlier is None:
        raise Http404
    return _received(request, earlier.receipt)


@gate.public
@require_POST
def support(request: HttpRequest, number: str) -> HttpResponse:
    """ "Saya juga mengalami": a voice for a report that is there, and no second report."""
    if stopped := flood.find_flood(request, "support", at=timezone.now()):
        return flood.refuse(request, stopped)
    if not NUMBER.fullmatch(number):
        raise Http404
    report, draft = access.public_report(number), uuid_or_none(request.POST.get("draft", ""))
    if State(report.state) in BEING_DEALT_WITH:
        _join(request, report, draft)
    else:
        messages.info(
            request, _("Laporan ini tidak lagi ditangani. Jika masih Anda alami, kirim laporan baru.")
        )
    if draft:
        sending.drop_draft(draft)
    return device.remember(request, redirect("report_page", number=report.number))


def _join(request: HttpRequest, report: Report, draft: UUID | None) -> None:
    """A voice; from the form also with what was written there, if its sender wants that, and with their address."""
    at, kept = timezone.now(), None
    actions.support(report=report, supporter=device.supporter_of(request), at=at)
    if draft:
        kept = actions.find_draft(draft, at=at)
    if kept is None or draft is None:
        messages.success(request, _("Terima kasih. Suara Anda dihitung pada laporan ini."))
        return
    if "tambahan" in request.POST:
        joining.add_to_report(report=report, words=str(kept.get("body", "")), draft=draft, at=at)
        messages.success(request, _("Terima kasih. Suara dan keterangan Anda sampai ke petugas laporan ini."))
    else:
        messages.success(request, _("Terima kasih. Suara Anda dihitung pada laporan ini."))
    if joining.follow_by_mail(report=report, email=str(kept.get("email", "")), by=person_of(request), at=at):
        messages.info(request, _("Agar dikabari, buka surel yang baru kami kirim dan tekan tombolnya."))


@gate.public
@require_POST
def witness(request: HttpRequest, number: str) -> HttpResponse:
    """ "Sudah selesai" or "masih sama", from who has it too and from the Ketua RT of the place."""
    if stopped := flood.find_flood(request, "support", at=timezone.now()):
        return flood.refuse(request, stopped)
    if not NUMBER.fullmatch(number):
        raise Http404
    report, said = access.public_report(number), request.POST.get("kata", "")
    if report.published_at is None or report.is_confidential:
        raise Http404
    if said not in ("selesai", "sama"):
        messages.info(request, _("Pilih salah satu: sudah selesai, atau masih sama."))
        return redirect("report_page", number=report.number)
    _say_witness(request, report, is_fixed=said == "selesai")
    return device.remember(request, redirect("report_page", number=report.number))


def _say_witness(request: HttpRequest, report: Report, *, is_fixed: bool) -> None:
    try:
        is_new = witnesses.witness(
            report=report,
            person=person_of(request),
            voice=device.supporter_of(request),
            is_fixed=is_fixed,
            has_looked=request.POST.get("melihat") == "ya",
            at=timezone.now(),
        )
    except witnesses.NotLooked:
        messages.info(
            request,
            _(
                "Laporan ini tidak menyebut RT-nya. Centang bahwa Anda sudah melihat ke tempatnya, lalu pilih lagi."
            ),
        )
    except witnesses.NothingToWitness:
        messages.info(request, _("Sekarang tidak ada pekerjaan yang menunggu penilaian pada laporan ini."))
    except witnesses.NoWitness:
        messages.info(
            request,
            _(
                "Hanya yang menyatakan mengalami sebelum pekerjaan selesai, dan Ketua RT setempat, yang dihitung."
            ),
        )
    else:
        said = (
            _("Terima kasih. Suara Anda dihitung.") if is_new else _("Suara Anda sudah dihitung sebelumnya.")
        )
        messages.success(request, said)
