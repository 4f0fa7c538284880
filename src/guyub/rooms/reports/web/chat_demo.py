"""The demo's own messenger: one page on which one writes as a resident would on WhatsApp, and reads what they read.

It is there in the demo alone, for whoever sits at the machine: elsewhere it would make reports that nobody sent.
"""

from __future__ import annotations

import re
from uuid import uuid4

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import gate
from guyub.rooms.reports import chat_inbox
from guyub.rooms.reports.chat_rules import Incoming
from guyub.rooms.reports.messengers import Local, find_messenger
from guyub.rooms.reports.models import Origin
from guyub.rooms.reports.web.forms import TextField

NUMBER = "620000000000"
_POINT = re.compile(r"\s*(-?[0-9]{1,2}[.][0-9]{1,15})\s*[,; ]\s*(-?[0-9]{1,3}[.][0-9]{1,15})\s*")


class MessageForm(forms.Form):
    use_required_attribute = False
    text = TextField(
        label=gettext_lazy("Pesan"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    point = TextField(label=gettext_lazy("Lokasi (lintang, bujur)"), required=False, max_length=60)
    photo = forms.FileField(label=gettext_lazy("Foto"), required=False)


@gate.loopback
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: HttpRequest) -> HttpResponse:
    messenger = find_messenger(Origin.Channel.WHATSAPP) if settings.DEMO else None
    if not isinstance(messenger, Local):
        raise Http404
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        _say(form, messenger)
        return redirect("chat_demo")
    said = [{"who": who, "text": text} for who, text in messenger.lines(NUMBER)[-40:]]
    return render(request, "reports/chat_demo.html", {"form": MessageForm(), "said": said})


def _say(form: MessageForm, messenger: Local) -> None:
    said, upload = form.cleaned_data, form.cleaned_data["photo"]
    point, name = _POINT.fullmatch(said["point"]), ""
    messenger.note(NUMBER, "warga", said["text"] or said["point"] or "(foto)")
    if upload:
        name = f"{uuid4().hex}.bin"
        (messenger.folder / name).write_bytes(upload.read())
    told = Incoming(
        id=uuid4().hex,
        address=NUMBER,
        text=said["text"],
        photo=name,
        lat=float(point[1]) if point else None,
        lon=float(point[2]) if point else None,
    )
    chat_inbox.chat_here(said=told, messenger=messenger, at=timezone.now())
    if name:
        (messenger.folder / name).unlink(missing_ok=True)
