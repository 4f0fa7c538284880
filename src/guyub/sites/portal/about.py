"""What happens with a report, by which clocks, and what becomes of what people tell about themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.api import wording

CLOCKS = {
    "verify": gettext_lazy("Laporan diverifikasi"),
    "respond": gettext_lazy("Kantor memberi jawaban pertama, sejak diteruskan"),
    "resolve.PERMINTAAN_INFORMASI": gettext_lazy("Permintaan informasi diselesaikan"),
    "resolve.PENGADUAN_TIDAK_BERKADAR_PENGAWASAN": gettext_lazy("Pengaduan diselesaikan"),
    "resolve.ASPIRASI": gettext_lazy("Aspirasi ditanggapi tuntas"),
    "resolve.PENGADUAN_BERKADAR_PENGAWASAN": gettext_lazy("Pengaduan tentang perilaku petugas diselesaikan"),
    "hazard_first_action": gettext_lazy("Bahaya mulai ditangani, siang dan malam"),
    "reporter_reply_window": gettext_lazy("Pelapor menjawab pertanyaan petugas atau memeriksa hasil"),
    "draft_days": gettext_lazy("Laporan yang belum dikirim disimpan"),
    "examine": gettext_lazy("Permintaan verifikasi mitra diperiksa"),
    "complete": gettext_lazy("Mitra melengkapi yang kurang"),
}
DUTIES = {
    "access": gettext_lazy("Warga melihat dan mendapat salinan datanya"),
    "correct": gettext_lazy("Data yang keliru dibetulkan"),
    "withdraw": gettext_lazy("Pemrosesan berhenti sesudah persetujuan ditarik"),
    "restrict": gettext_lazy("Pemrosesan ditunda atau dibatasi"),
    "breach_notice": gettext_lazy("Kebocoran diberitahukan kepada orangnya dan lembaga"),
}


@gate.public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "clocks": clocks(),
        "states": [(wording.STATE_TONES[state], str(label)) for state, label in wording.STATE_LABELS.items()],
    }
    return render(request, "portal/about.html", context)


def clocks() -> list[tuple[str, str, str]]:
    """Each clock of the rulebook in force today: what, how long, and on which legal basis."""
    return list(rules_in_force().values())


def rules_in_force() -> dict[str, tuple[str, str, str]]:
    """The same by the rule's name: clocks of reports, then duties towards people whose data is kept."""
    on = local_date(timezone.now(), get_city().tz)
    families = ("complaint_clocks", "personal_data", "partners")
    rules = {key: rule for one in families for key, rule in rulebook.family(one, on=on).items()}
    return {
        key: (str(label), length(rules[key].value), rules[key].legal_basis)
        for key, label in {**CLOCKS, **DUTIES}.items()
        if key in rules and rules[key].value["amount"] is not None
    }


def length(value: dict[str, Any]) -> str:
    """A rule's amount and unit in words."""
    n = value["amount"]
    words = {
        "working_day": ngettext("%(n)d hari kerja", "%(n)d hari kerja", n),
        "calendar_day": ngettext("%(n)d hari", "%(n)d hari", n),
        "hour": ngettext("%(n)d jam", "%(n)d jam", n),
    }
    return words.get(value["unit"], "%(n)d") % {"n": n}
