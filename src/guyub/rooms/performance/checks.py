"""What an operator should know of the figures: how long a trial keeps them inside."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.calendar import local_date
from guyub.kernel.checks.api import Result, check, fault, ok, warning
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.performance.rules import LONGEST_TRIAL, internal_until
from guyub.ui.rows import day_in_words

NEEDED = ("least_cases", "windows")


@check("performance.trial", title=gettext_lazy("Angka kinerja"))
def trial(*, at: datetime) -> Result:
    """The rules of the figures are there, and a trial is no longer than promised."""
    today = local_date(at, get_city().tz)
    rules = rulebook.family("performance", on=today)
    if any(name not in rules for name in NEEDED):
        return fault(
            _("Aturan angka kinerja belum ada: halamannya tidak dapat dibuka."),
            _("Jalankan `guyub city seed %(city)s`.") % {"city": get_city().slug},
        )
    said = rules["trial"].value if "trial" in rules else None
    until = internal_until(said, today=today)
    if said and date.fromisoformat(said["ends_on"]) - date.fromisoformat(said["begins_on"]) > LONGEST_TRIAL:
        return warning(
            _("Masa uji coba angka kinerja ditulis lebih dari 90 hari; sesudah 90 hari angka tetap terbuka."),
            _("Perbaiki `performance.trial` dengan `guyub rulebook publish`."),
        )
    if until:
        return ok(_("Masa uji coba: angka terbuka mulai %(day)s.") % {"day": day_in_words(until, "j F Y")})
    return ok(_("Angka terbuka untuk umum."))
