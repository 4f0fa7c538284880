"""GeoReport v2 at its addresses. Whatever is wrong is said in the form that was asked for, never as a page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from guyub.kernel.access.api import gate
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.spark import (
    JSON,
    TYPES,
    Problem,
    answer,
    form_of,
    refusal,
    written,
)
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Client
from guyub.rooms.reports import access, actions, open311, partners, sending
from guyub.rooms.reports.feeds.open311 import arguments, limiting
from guyub.rooms.reports.feeds.open311.writing import Written, read_update, read_written
from guyub.rooms.reports.models import Attribute, Category, Report
from guyub.rooms.reports.open311 import Asked, Services
from guyub.rooms.reports.queries import category_name, name_of

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
View = Callable[..., HttpResponseBase]


def machine(*methods: str) -> Callable[[View], View]:
    """A view for programs: its form by the address's ending, errors in that form. Only a key lets anything be sent,
    so no cookie could be abused and no form token is asked for."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def answered(request: HttpRequest, form: str = "", **kwargs: Any) -> HttpResponseBase:
            try:
                form = form or form_of(request.path)
                if form not in TYPES:
                    raise Problem(404, _("Alamat berakhir dengan .xml atau .json."))
                if request.method not in methods:
                    return _not_allowed(form, methods)
                arguments.check_jurisdiction(_jurisdiction(request))
                return view(request, form, **kwargs)
            except Problem as problem:
                return refusal(form_of(request.path), problem)
            except Http404:
                return refusal(form_of(request.path), Problem(404, _("Tidak ada di sini.")))
            except (RequestDataTooBig, TooManyFilesSent):
                return refusal(form_of(request.path), Problem(413, _("Kiriman terlalu besar.")))
            except (SuspiciousOperation, MultiPartParserError):
                return refusal(form_of(request.path), Problem(400, _("Kiriman ini tidak terbaca.")))

        return csrf_exempt(gate.public(answered))

    return wrap


READS = ("GET", "HEAD")
NONE = ("[]", "<service_requests></service_requests>")


def _not_allowed(form: str, methods: tuple[str, ...]) -> HttpResponse:
    response = refusal(form, Problem(405, _("Cara ini tidak dilayani di alamat ini.")))
    response["Allow"] = ", ".join(methods)
    return response


def _jurisdiction(request: HttpRequest) -> str:
    given = request.GET.get("jurisdiction_id", "")
    if not given and request.method == "POST":
        given = request.POST.get("jurisdiction_id", "")
    return given.strip()


# ── What may be reported ───────────────────────────────────────────────────────────────────────────────────


@machine(*READS)
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    changed_at = open311.read_services().changed_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    root = absolute(reverse("open311_discovery", args=[form])).rpartition("/")[0]
    endpoint = {
        "specification": SPECIFICATION,
        "url": root,
        "changeset": changed_at,
        "type": "test" if settings.DEMO else "production",
        "formats": [kind.partition(";")[0] for kind in TYPES.values()],
    }
    page = absolute(reverse("developers"))
    tree = {
        "changeset": changed_at,
        "contact": _("%(government)s. Cara memakai: %(page)s")
        % {"government": get_city().government_name, "page": page},
        "key_service": _("Kunci diberikan admin kota; caranya di %(page)s#kunci") % {"page": page},
        "endpoints": [endpoint],
    }
    return answer(form, "discovery", tree)


@machine(*READS)
def service_list(request: HttpRequest, form: str) -> HttpResponse:
    found = open311.read_services()
    return answer(form, "services", [_service(row, found) for row in found.categories])


def _service(row: Category, found: Services) -> dict[str, Any]:
    words = name_of(name_id=row.words_id, name_en=row.words_en)
    return {
        "service_code": row.code,
        "service_name": category_name(row),
        "description": name_of(name_id=row.hint_id, name_en=row.hint_en),
        "metadata": row.pk in found.attributes,
        "type": "realtime",
        "keywords": ",".join(part.strip().replace(",", " ") for part in words.split(";") if part.strip()),
        "group": name_of(name_id=row.group_id, name_en=row.group_en),
    }


@machine(*READS)
def definition(request: HttpRequest, form: str, code: str) -> HttpResponse:
    found = open311.read_services()
    row = found.find(code)
    if row is None:
        raise Problem(404, _("service_code: tidak ada. Lihat daftar services."))
    asked = [_attribute(n, one) for n, one in enumerate(found.attributes.get(row.pk, []), 1)]
    return answer(form, "service_definition", {"service_code": row.code, "attributes": asked})


def _attribute(order: int, one: Attribute) -> dict[str, Any]:
    found = {
        "variable": True,
        "code": one.code,
        "datatype": one.datatype,
        "required": one.is_required,
        "datatype_description": name_of(name_id=one.hint_id, name_en=one.hint_en),
        "order": order,
        "description": name_of(name_id=one.name_id, name_en=one.name_en),
    }
    if one.datatype in open311.LISTS:
        found["values"] = [
            {"key": choice["key"], "name": name_of(name_id=choice["name_id"], name_en=choice["name_en"])}
            for choice in one.values
        ]
    return found


# ── Reports ────────────────────────────────────────────────────────────────────────────────────────────────


@machine(*READS, "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """The list, or a report that a program sends."""
    if request.method == "POST":
        return _receive(request, form)
    asked = arguments.read_asked(request.GET, open311.services())
    return _reports(request, form, asked, now=timezone.now())


def _reports(
    request: HttpRequest, form: str, asked: Asked, *, now: datetime, is_one: bool = False
) -> HttpResponse:
    said = arguments.Arguments(request.GET)
    extended = said.yes("extensions")
    said.done()
    if extended:
        rows = open311.extended_rows(asked, at=now, notes=is_one)
        if is_one and not rows:
            raise _no_such_report()
        return answer(form, "service_requests", rows)
    write = open311.requests_json if form == JSON else open311.requests_xml
    text = write(asked, at=now)
    if is_one and text in NONE:
        raise _no_such_report()
    return written(form, text)


@machine(*READS)
def one_request(request: HttpRequest, form: str, number: str) -> HttpResponse:
    if not arguments.NUMBER.fullmatch(number):
        raise _no_such_report()
    return _reports(request, form, Asked(numbers=(number,)), now=timezone.now(), is_one=True)


@machine(*READS)
def token(request: HttpRequest, form: str, token: str) -> HttpResponse:
    """Numbers are given at once, so a number is its own token: whoever asks by it is answered."""
    if not arguments.NUMBER.fullmatch(token) or not access.public().filter(number=token).exists():
        raise _no_such_report()
    return answer(form, "service_requests", [{"service_request_id": token, "token": token}])


def _no_such_report() -> Problem:
    """Said of what is not there and of what strangers do not know to exist alike."""
    return Problem(404, _("Tidak ada laporan dengan nomor ini."))


def _receive(request: HttpRequest, form: str) -> HttpResponse:
    now = timezone.now()
    client = limiting.client_of(request, at=now)
    own_id = request.POST.get("client_request_id", "") or request.headers.get("Idempotency-Key", "")
    wanted = read_written(request.POST, services=open311.services(), client=client, own_id=own_id)
    earlier = wanted.own_id and sending.find_earlier(
        submission=wanted.what.submission, body=wanted.what.body, category=wanted.what.category
    )
    if earlier and not earlier.is_same:
        raise Problem(400, _("client_request_id: sudah dipakai untuk laporan lain."))
    receipt = earlier.receipt if earlier else _take_in(request, wanted, client, now)
    people.note_use(client, on=local_date(now, get_city().tz))
    row: dict[str, Any] = {
        "service_request_id": receipt.number,
        "service_notice": _("Laporan diperiksa petugas sebelum isinya tampil untuk umum."),
        "account_id": None,
    }
    said = arguments.Arguments(request.POST)
    if said.yes("extensions"):
        follow = absolute(reverse("report_follow", args=[receipt.follow_key]))
        row["extended_attributes"] = {"follow_url": follow}
    return answer(form, "service_requests", [row], status=201 if receipt.is_new else 200)


def _take_in(request: HttpRequest, wanted: Written, client: Client, now: datetime) -> actions.Receipt:
    """Photos first: one that cannot be kept is said, and nothing of the report remains."""
    uploads = [*request.FILES.getlist("media"), *request.FILES.getlist("media[]")]
    what = wanted.what
    if uploads:
        draft = actions.keep_draft(values={}, at=now)
        if refused := sending.keep_photos(draft=draft, uploads=uploads, at=now):
            sending.drop_draft(draft)
            raise Problem(400, *(f"media: {words}" for words in refused))
        what = replace(what, draft=draft)
    try:
        return partners.submit_for_client(what=what, answers=wanted.answers, client=client, at=now)
    except Category.DoesNotExist:  # taken out of use within the minute for which services are remembered
        raise Problem(404, _("service_code: tidak ada. Lihat daftar services.")) from None


# ── Updates: for whoever has a key ─────────────────────────────────────────────────────────────────────────


@machine(*READS, "POST")
def updates(request: HttpRequest, form: str) -> HttpResponse:
    """How reports went on; or what a reporter says through the program that sent the report."""
    now = timezone.now()
    client = limiting.client_of(request, at=now)
    if request.method == "POST":
        return _update(request, form, client, now)
    said = arguments.Arguments(request.GET)
    since, until = said.read("start_date", arguments.moment), said.read("end_date", arguments.moment)
    if since and until and not timedelta(0) <= until - since <= timedelta(days=open311.DAYS):
        said.wrong.append(_("start_date sampai end_date: paling lama %(n)d hari.") % {"n": open311.DAYS})
    said.done()
    until = until or now
    since = since or until - timedelta(days=1)
    return answer(form, "service_request_updates", open311.updates(since=since, until=until))


def _update(request: HttpRequest, form: str, client: Client, now: datetime) -> HttpResponse:
    said = read_update(request.POST)
    try:
        is_new = partners.update_for_client(
            client=client,
            own_id=said.own_id,
            number=said.number,
            status=said.status,
            words=said.words,
            at=now,
        )
    except Report.DoesNotExist:
        raise Problem(404, _("Aplikasi ini tidak mengirim laporan dengan nomor ini.")) from None
    except partners.CannotUpdate as refused:
        raise Problem(400, str(refused)) from None
    rows = [{"update_id": said.own_id, "service_request_id": said.number}]
    return answer(form, "service_request_updates", rows, status=201 if is_new else 200)


@machine(*READS, "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
def unknown(request: HttpRequest, form: str, rest: str) -> HttpResponse:
    raise Problem(404, _("Tidak ada di sini. Alamat yang ada: lihat discovery.xml."))
