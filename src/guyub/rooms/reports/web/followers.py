"""Following without an account: ask, confirm, choose how often, stop; the same page for whoever is signed in."""

from __future__ import annotations

from importlib import resources
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.kernel.notices import api as notices
from guyub.rooms.casework import api as casework
from guyub.rooms.places import api as places
from guyub.rooms.reports import access, following, queries
from guyub.rooms.reports.following import CONFIRM, FOLLOWER, Thing
from guyub.rooms.reports.models import Follow, Follower, Frequency, Report
from guyub.rooms.reports.web import flood
from guyub.rooms.reports.web.filters import NUMBER
from guyub.rooms.reports.web.following import guarded
from guyub.rooms.reports.web.public import absolute
from guyub.rooms.reports.web.uuids import uuid_or_none

MORNING = casework.morning.MORNING


class FollowForm(forms.Form):
    """An address and how often. A place's form also asks about what."""

    use_required_attribute = False
    kategori = forms.ChoiceField(label=gettext_lazy("Tentang"), required=False)
    email = forms.EmailField(
        label=gettext_lazy("Alamat surel"),
        max_length=160,
        help_text=gettext_lazy(
            "Kami kirim satu surat konfirmasi. Alamat disimpan tersandi dan dapat dihapus kapan saja."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Tulis alamat surel Anda.")},
    )
    sering = forms.ChoiceField(
        label=gettext_lazy("Seberapa sering"),
        choices=[one for one in Frequency.choices if one[0] != Frequency.NEVER],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, with_category: bool, signed_in: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if with_category:
            all_of_it = ("", _("Semua laporan di sini"))
            self.fields["kategori"].choices = [all_of_it, *queries.category_choices()]  # type: ignore[attr-defined]
        else:
            del self.fields["kategori"]
        if signed_in:
            del self.fields["email"], self.fields["sering"]


def _report_of(number: str) -> Report:
    if not NUMBER.fullmatch(number):
        raise Http404
    return access.public_report(number)


def _asked_for(request: HttpRequest) -> tuple[Thing, str, str]:
    """What the address names, how it is called, and its own address. Raises Http404."""
    given = request.POST if request.method == "POST" else request.GET
    number, code = given.get("laporan", ""), given.get("wilayah", "")
    if number:
        report = _report_of(number)
        title = (
            f"{queries.name_of(name_id=report.category.name_id, name_en=report.category.name_en)} · {number}"
        )
        return Thing(report=report.pk), title, reverse("report_page", args=[number])
    place = places.gazetteer().by_code.get(code)
    if place is None:
        raise Http404
    page = reverse("place_page", args=[code]) if place.parent_code else reverse("report_list")
    return Thing(place=code), queries.where(code), page


def _with_category(thing: Thing, category: str) -> Thing:
    return Thing(report=thing.report, place=thing.place, category=category if thing.place else "")


@gate.public
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Follow a report or a place: by mail, feed, device or WhatsApp."""
    thing, title, page = _asked_for(request)
    account = person_of(request).account
    options = {"with_category": bool(thing.place), "signed_in": account is not None}
    form = FollowForm(
        request.POST if request.method == "POST" else None, **options, initial=_initial(request, thing)
    )
    if request.method != "POST":
        return _offer(request, form, thing, title, page)
    if stopped := flood.find_flood(request, "subscribe", at=timezone.now()):
        return flood.refuse(request, stopped)
    if not form.is_valid():
        return _offer(request, form, thing, title, page, status=422)
    return _begun(request, _with_category(thing, form.cleaned_data.get("kategori", "")), form, title, page)


def _initial(request: HttpRequest, thing: Thing) -> dict[str, str]:
    asked = request.GET.get("kategori", "")
    return {
        "sering": Frequency.DAILY if thing.place else Frequency.NOW,
        "kategori": asked if thing.place and queries.find_category(asked[:40].replace("\0", "")) else "",
    }


def _begun(request: HttpRequest, thing: Thing, form: FollowForm, title: str, page: str) -> HttpResponse:
    account, at, language = person_of(request).account, timezone.now(), get_language() or "id"
    if account is None:
        sent = form.cleaned_data
        following.ask_to_follow(
            thing=thing, email=sent["email"], frequency=sent["sering"], language=language, at=at
        )
        return render(request, "reports/following/asked.html", {"title": title, "page": page})
    row = following.follower_of_account(account=account, language=language, at=at)
    try:
        following.follow(follower=row, thing=thing, at=at)
        messages.success(request, _("Anda mengikuti %(thing)s.") % {"thing": title})
    except following.TooMany:
        messages.error(request, _("Anda mengikuti terlalu banyak hal. Hentikan beberapa dahulu."))
    return redirect("account_page")


def _offer(
    request: HttpRequest, form: FollowForm, thing: Thing, title: str, page: str, *, status: int = 200
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    address = absolute(page)
    feed = f"{page}atom" if page != reverse("report_list") else f"{reverse('place_list')}{thing.place}/atom"
    context = {
        "form": form,
        "title": title,
        "page": page,
        "report_number": given.get("laporan", ""),
        "place_code": thing.place,
        "feed": absolute(feed),
        "share": "https://wa.me/?text=" + quote(f"{title}\n{address}"),
        "address": address,
        "push_key": notices.push.public_key(at=timezone.now()),
        "signed_in": person_of(request).account is not None,
    }
    return render(request, "reports/following/new.html", context, status=status)


@gate.public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows a line when a push comes. Its address stays, and so does its place at the root."""
    text = (resources.files("guyub.rooms.reports") / "static/reports/worker.js").read_text("utf-8")
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@gate.public
@require_POST
def add_device(request: HttpRequest) -> HttpResponse:
    """From the script: this browser is to be told. Without an account the device is a follower of its own."""
    thing, _title, _page = _asked_for(request)
    if stopped := flood.find_flood(request, "subscribe", at=timezone.now()):
        return flood.refuse(request, stopped)
    category = request.POST.get("kategori", "")
    if category and (not thing.place or queries.find_category(category[:40].replace("\0", "")) is None):
        return JsonResponse({"error": _("Pilihan itu tidak ada.")}, status=422)
    sent = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    account, at, language = person_of(request).account, timezone.now(), get_language() or "id"
    try:
        row = following.follow_on_device(
            account=account, thing=_with_category(thing, category), device=sent, language=language, at=at
        )
    except (notices.push.RefusedDevice, following.TooMany):
        return JsonResponse({"error": _("Peramban ini tidak dapat dikirimi pemberitahuan.")}, status=422)
    return JsonResponse({"manage": reverse("follower_page", args=[following.key_of(FOLLOWER, row.uuid)])})


def _follow_of(key: str) -> Follow:
    uuid = access.signed_uuid(CONFIRM, key)
    row = (
        Follow.objects.select_related("follower", "report__category", "report__place")
        .filter(uuid=uuid)
        .first()
    )
    if row is None:
        raise Http404
    return row


def _follower_of(key: str) -> Follower:
    row = Follower.objects.filter(uuid=access.signed_uuid(FOLLOWER, key)).first()
    if row is None:
        raise Http404
    return row


# The key in the address is the only authority of the next three; see `web/following.py` on forged requests.
@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """A button, so that no program that opens the links of mails says yes in its owner's name."""
    row = _follow_of(key)
    if request.method != "POST":
        return guarded(render(request, "reports/following/confirm.html", {"thing": _said(row)}))
    follower = following.confirm(follow=row.uuid, at=timezone.now())
    target = reverse("follower_page", args=[following.key_of(FOLLOWER, follower.uuid)])
    return guarded(HttpResponseRedirect(f"{target}?sesudah=ya", status=303))


@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """One click, also by the mail program itself (RFC 8058): nothing more is sent; what one follows stays listed."""
    row = _follower_of(key)
    if request.method == "POST":
        following.set_frequency(follower=row, frequency=Frequency.NEVER)
    context = {
        "has_left": request.method == "POST" or row.frequency == Frequency.NEVER,
        "manage": reverse("follower_page", args=[key]),
    }
    return guarded(render(request, "reports/following/leave.html", context))


@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, key: str) -> HttpResponse:
    """What this person follows, how often they are told, and the way out."""
    row = _follower_of(key)
    here = reverse("follower_page", args=[key])
    if request.method != "POST":
        return guarded(_manage(request, row, here))
    after = _change(request, row)
    if after == "hapus":
        return guarded(render(request, "reports/following/erased.html"))
    return guarded(HttpResponseRedirect(f"{here}?sesudah={after}", status=303))


@gate.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account_page(request: HttpRequest) -> HttpResponse:
    """The same for whoever is signed in; heads of offices also choose here about the morning's digest."""
    person, here, at = person_of(request), reverse("account_page"), timezone.now()
    assert person.account is not None
    recipient = f"account:{person.account}"
    row = following.find_follower(person.account)
    if request.method == "POST":
        after = request.POST.get("verb", "")
        if after == "pagi":
            wanted = request.POST.get("pagi") != "ya"
            notices.set_silence(recipient=recipient, topic=MORNING, wanted=wanted, at=at)
        else:
            after = _change(request, row) if row else ""
        return HttpResponseRedirect(f"{here}?sesudah={after}", status=303)
    return _manage(
        request,
        row,
        here,
        name=person.name,
        is_head=casework.morning.is_head(person),
        has_morning=not notices.is_silent(recipient=recipient, topic=MORNING),
    )


def _change(request: HttpRequest, row: Follower) -> str:
    """Do what was asked; returns its name for the page that follows, or nothing if it meant nothing."""
    verb, given = request.POST.get("verb", ""), request.POST
    if verb == "sering" and given.get("sering") in Frequency.values:
        following.set_frequency(follower=row, frequency=given["sering"])
    elif verb == "henti" and (one := uuid_or_none(given.get("hal", ""))):
        following.stop(follower=row, follow=one)
    elif verb == "hapus":
        following.erase(follower=row)
    else:
        return ""
    return verb


def _manage(
    request: HttpRequest,
    row: Follower | None,
    here: str,
    *,
    name: str = "",
    is_head: bool = False,
    has_morning: bool = False,
) -> HttpResponse:
    follows = (
        Follow.objects.filter(follower=row, confirmed_at__isnull=False) if row else Follow.objects.none()
    )
    rows = follows.select_related("report__category", "report__place").order_by("-asked_at", "-pk")
    devices = notices.push.count_devices(following.recipient_of(row)) if row else 0
    context = {
        "here": here,
        "follows": [_said(one) for one in rows],
        "choices": [
            (value, label, row is not None and row.frequency == value) for value, label in Frequency.choices
        ],
        "after": request.GET.get("sesudah", ""),
        "devices": devices,
        "has_mail": bool(row and (row.email or row.account_id)),
        "is_follower": row is not None,
        "account_name": name,
        "is_account": here == reverse("account_page"),
        "is_head": is_head,
        "has_morning": has_morning,
    }
    return render(request, "reports/following/manage.html", context)


def _said(row: Follow) -> dict[str, str]:
    """A followed thing in words, with its address."""
    report = row.report
    if report is not None:
        title = queries.name_of(name_id=report.category.name_id, name_en=report.category.name_en)
        address = "" if report.about_conduct else reverse("report_page", args=[report.number])
        return {
            "id": str(row.uuid),
            "title": f"{title} · {report.number}",
            "where": queries.where(report.place.code),
            "address": address,
        }
    category = queries.find_category(row.category_code) if row.category_code else None
    place = places.gazetteer().by_code.get(row.place_code)
    at_place = place is not None and place.parent_code
    return {
        "id": str(row.uuid),
        "title": queries.where(row.place_code),
        "where": category or _("Semua laporan di sini"),
        "address": reverse("place_page", args=[row.place_code]) if at_place else reverse("report_list"),
    }
