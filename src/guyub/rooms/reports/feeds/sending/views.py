"""POST a report as JSON, with a key and the sender's own number for it. Whatever is wrong is said as JSON."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from guyub.kernel.access.api import gate
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.spark import JSON, Problem, answer, refusal
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Client
from guyub.rooms.reports import open311, partners, sending
from guyub.rooms.reports.actions import Receipt
from guyub.rooms.reports.feeds.open311 import limiting
from guyub.rooms.reports.feeds.open311.writing import one_line, read_written
from guyub.rooms.reports.feeds.sending.reading import read_fields
from guyub.rooms.reports.models import Category

MOST_BYTES = 64 * 1024
LONGEST_OWN_ID = 80
_BEARER = "bearer "


def _in_json(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    @functools.wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            if request.method != "POST":
                response = refusal(JSON, Problem(405, _("Alamat ini hanya menerima POST.")))
                response["Allow"] = "POST"
                return response
            return view(request)
        except Problem as problem:
            return refusal(JSON, problem)
        except RequestDataTooBig:
            return refusal(JSON, Problem(413, _("Kiriman terlalu besar.")))
        except UnreadablePostError:
            return refusal(JSON, Problem(400, _("Kiriman ini tidak terbaca.")))

    return answered


# Only the key in the header lets anything in; no cookie counts, so no form token is asked for.
@csrf_exempt
@gate.public
@_in_json
def receive(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    client = _client(request, now)
    own_id = _own_id(request)
    if len(request.body) > MOST_BYTES:
        raise Problem(413, _("Kiriman terlalu besar."))
    receipt = _take_in(request, client, own_id, now)
    people.note_use(client, on=local_date(now, get_city().tz))
    said = {
        "number": receipt.number,
        "follow_url": absolute(reverse("report_follow", args=[receipt.follow_key])),
        "notice": _("Laporan diperiksa petugas sebelum isinya tampil untuk umum."),
    }
    response = answer(JSON, "report", said, status=201 if receipt.is_new else 200)
    response["Cache-Control"] = "no-store"  # the link is its reporter's key
    return response


def _client(request: HttpRequest, now: datetime) -> Client:
    said = request.headers.get("Authorization", "")
    if not said.lower().startswith(_BEARER):
        raise Problem(403, _("Authorization: tulis Bearer dan kuncinya. Kunci diberikan admin kota."))
    words = _("Authorization: kunci ini tidak berlaku.")
    return limiting.holder_of(said[len(_BEARER) :].strip(), request, words=words, at=now)


def _own_id(request: HttpRequest) -> str:
    """The sender's own number makes sending again harmless, so it must be there."""
    own_id = one_line(request.headers.get("Idempotency-Key", ""))
    if not 1 <= len(own_id) <= LONGEST_OWN_ID:
        raise Problem(400, _("Idempotency-Key: isi nomor Anda untuk laporan ini, paling banyak 80 huruf."))
    return own_id


def _take_in(request: HttpRequest, client: Client, own_id: str, now: datetime) -> Receipt:
    fields = read_fields(request.body)
    wanted = read_written(fields, services=open311.services(), client=client, own_id=own_id)
    what = wanted.what
    earlier = sending.find_earlier(submission=what.submission, body=what.body, category=what.category)
    if earlier and not earlier.is_same:
        raise Problem(409, _("Idempotency-Key: sudah dipakai untuk laporan lain."))
    if earlier:
        return earlier.receipt
    try:
        return partners.submit_for_client(what=what, answers=wanted.answers, client=client, at=now)
    except Category.DoesNotExist:  # taken out of use within the minute for which services are remembered
        raise Problem(404, _("service_code: tidak ada. Lihat daftar services.")) from None
