"""What people may do with their data, where, and how long what is kept: for everyone to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel import retention
from guyub.kernel.access.api import gate
from guyub.sites.portal.about import DUTIES, length, rules_in_force


@gate.public
@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    rules = rules_in_force()
    context = {"kept": kept(), "clocks": [rules[key] for key in DUTIES if key in rules]}
    return render(request, "portal/personal_data.html", context)


def kept() -> list[tuple[str, str, str]]:
    """Each class with its time and the legal basis; what is kept for good is said too."""
    at = timezone.now()
    known, drafts = retention.rules(at=at), rules_in_force().get("draft_days")
    rows = [(_("Laporan yang belum dikirim"), drafts[1], drafts[2])] if drafts else []
    since = _("%(days)s sejak %(since)s")
    rows += [
        (
            str(one.title),
            since % {"days": length(known[one.key].value), "since": one.since},
            known[one.key].legal_basis,
        )
        for one in retention.classes()
        if one.key in known
    ]
    return [
        *rows,
        (
            _("Laporan tanpa nama, dengan kata dan foto yang ditampilkan"),
            _("seterusnya, sebagai arsip"),
            "UU 43/2009",
        ),
        (
            _("Buku catatan peristiwa: nomor dan kode, tanpa nama dan tanpa kata"),
            _("seterusnya, agar tidak dapat diubah diam-diam"),
            "UU 43/2009",
        ),
    ]
