"""What everyone may read: the list of partners and each one's page."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, get_city
from guyub.rooms.partners import access, listing, profile, queries, reference, verifying
from guyub.rooms.partners.models import Partner
from guyub.rooms.partners.rules import MAY_ACT, Standing, Status
from guyub.rooms.partners.web.filters import Filters, page_number


@gate.public
@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    """All partners that are active, by words, kind, theme and place."""
    filters, number = Filters.read(request.GET), page_number(request.GET.get("hal", ""))
    page, here = listing.page_of(filters.wanted(), number=number), reverse("partner_list")
    context = {
        "filters": filters,
        "fields": filters.fields(),
        "kept": filters.besides_words(),
        "said": filters.said(),
        "rows": page.rows,
        "total": page.total,
        "here": here,
        "canonical": absolute(here),
        "previous": here + filters.query(hal=str(number - 1)) if number > 1 else "",
        "next": here + filters.query(hal=str(number + 1)) if page.has_next else "",
        "position": _("Halaman %(n)s") % {"n": number},
    }
    return render(request, "partners/list.html", context)


@gate.public
@require_safe
def partner_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One partner. The address of one that was merged leads to what it became."""
    row = access.public_partner(slug)
    address = reverse("partner_page", args=[row.slug])
    if row.slug != slug:
        return redirect(address, permanent=True)
    now = timezone.now()
    context = {
        "partner": profile.shown(row, since=first_day_of_ties(at=now)),
        "canonical": absolute(address),
        "slug": row.slug,
        **_mine(row, person_of(request).account),
    }
    return render(request, "partners/page.html", context)


def _mine(row: Partner, account: int | None) -> dict[str, object]:
    """What this person is to the partner; nothing is asked for strangers."""
    mine: dict[str, object] = {"standing": "", "acts": False, "may_vouch": False, "stands": False}
    if account is None or row.status != Status.ACTIVE:
        return mine
    own = queries.tie_of(account=account, partner=row.pk)
    if own is not None:
        return mine | {"standing": own.state, "acts": own.state == Standing.ACTIVE and own.role in MAY_ACT}
    return mine | {
        "may_vouch": not row.is_verified and bool(verifying.may_speak_for(account, row)),
        "stands": verifying.stands_for(row.pk, account),
    }


def first_day_of_ties(*, at: datetime) -> date:
    """How far back the network looks."""
    today = local_date(at, get_city().tz)
    year = today.year - reference.amount("network_years", at=at)
    return today.replace(year=year, day=min(today.day, 28))
