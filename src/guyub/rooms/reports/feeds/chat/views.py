"""Messengers call here: their signature is looked at, what they bring is kept, and the worker answers.

A closed door is no address at all. Whatever a rightly signed call holds is answered with 200: a messenger that hears
anything else sends it again for days.
"""

from __future__ import annotations

import hmac
import json

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from guyub.kernel.access.api import gate
from guyub.rooms.reports import chat_inbox
from guyub.rooms.reports.door_settings import BadSettings
from guyub.rooms.reports.messengers import Messenger, WhatsApp, find_messenger
from guyub.rooms.reports.models import Origin


# Only the signature lets anything in; no cookie counts, so no form token is asked for.
@csrf_exempt
@gate.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def whatsapp(request: HttpRequest) -> HttpResponse:
    messenger = _find(Origin.Channel.WHATSAPP)
    if request.method == "POST":
        return _receive(request, Origin.Channel.WHATSAPP, messenger)
    return _shake_hands(request, messenger)


@csrf_exempt
@gate.public
@never_cache
@require_POST
def telegram(request: HttpRequest) -> HttpResponse:
    return _receive(request, Origin.Channel.TELEGRAM, _find(Origin.Channel.TELEGRAM))


def _find(channel: str) -> Messenger:
    try:
        messenger = find_messenger(channel)
    except BadSettings:
        messenger = None
    if messenger is None:
        raise Http404
    return messenger


def _shake_hands(request: HttpRequest, messenger: Messenger) -> HttpResponse:
    """Meta asks once whether the address is ours: by a word that only we two know."""
    shown = request.GET.get("hub.verify_token", "")
    if not isinstance(messenger, WhatsApp) or request.GET.get("hub.mode") != "subscribe":
        return HttpResponse(status=403)
    if not hmac.compare_digest(messenger.verify_token.encode(), shown.encode(errors="replace")):
        return HttpResponse(status=403)
    return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain; charset=utf-8")


def _receive(request: HttpRequest, channel: str, messenger: Messenger) -> HttpResponse:
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        return HttpResponse(status=413)
    if not messenger.is_theirs(body, request.headers):
        return HttpResponse(status=403)
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        tree = None
    for said in messenger.read(tree):
        chat_inbox.take_in(channel=channel, said=said, at=timezone.now())
    return HttpResponse("{}", content_type="application/json")
