"""The letter to a body outside the city, as PDF. It carries what is public of the report, and nobody's name."""

from __future__ import annotations

from importlib import resources
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from django.views.decorators.http import require_safe

from guyub.kernel import documents
from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.reports import access
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.queries import where
from guyub.rooms.reports.web.desk import part_of


@gate.officer(roles.VIEW)
@require_safe
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """The letter that is prepared or, if there is none, the one that was sent last."""
    report, case = access.case_for_desk(person_of(request), number, part_of(request))
    row = casework.queries.letter_prepared(case) or casework.queries.letter_sent(case)
    if row is None:
        raise Http404
    template = (resources.files("guyub.rooms.reports") / "data" / "letter.typ").read_text("utf-8")
    with override("id"):
        page = reverse("report_page", args=[report.number])
        values = words_of(report, case, row, address=request.build_absolute_uri(page))
        made = documents.pdf(template=template, data=values)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="surat-{report.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def words_of(report: Report, case: Case, row: Any, *, address: str) -> dict[str, Any]:
    """Everything that the letter says, as plain values."""
    city, known = get_city(), dict((o.id, b) for o, b in casework.queries.bodies())
    body = known.get(row.body_id)
    office = people.directory().by_id.get(row.office_id)
    published = bool(report.published_at) and not report.is_confidential
    shown = files.pictures(subject=subject_of(report), may_see=False) if published else []
    spot = f"{report.lat:.5f}, {report.lon:.5f}" if published and report.lat is not None else ""
    landmark = report.public_landmark if published else ""
    facts = [
        ("Kategori", report.category.name_id),
        ("Tempat", where(report.place.code)),
        ("Patokan", landmark),
        ("Titik", spot),
        ("Diterima", _day(local_date(report.submitted_at, city.tz))),
        ("Foto", _photos(len(shown))),
    ]
    due = casework.queries.letter_due(case, row, at=timezone.now())
    return {
        "government": city.government_name,
        "office": office.name if office else "",
        "city": city.name.removeprefix("Kota ").removeprefix("Kabupaten "),
        "number": row.number or "....................",
        "day": _day(row.dated) if row.dated else "....................",
        "title": row.title,
        "report": report.number,
        "body": row.body.name,
        "address": body.address if body else "",
        "facts": [list(fact) for fact in facts if fact[1]],
        "report_words": report.public_body if published else "",
        "words": row.words,
        "due": _day(local_date(due, city.tz)),
        "address_public": address,
        "signs": _signs(office) if office else "",
    }


def _photos(count: int) -> str:
    """The public photos by the numbers that they have on the report's page: `Foto 1, 2, dan 3 …`."""
    if not count:
        return ""
    numbers = [str(n) for n in range(1, count + 1)]
    said = (
        numbers[0]
        if count == 1
        else ", ".join(numbers[:-1]) + (", dan " if count > 2 else " dan ") + numbers[-1]
    )
    return f"Foto {said} di halaman laporan"


def _signs(office: people.Office) -> str:
    """Who signs for an office: Lurah Dago, Camat Coblong, Kepala Dinas …"""
    kinds = people.OrganisationKind
    titles = {kinds.WARD: ("Kelurahan", "Lurah"), kinds.DISTRICT: ("Kecamatan", "Camat")}
    word, title = titles.get(kinds(office.kind), ("", "Kepala "))
    return office.name.replace(word, title, 1) if word else title + office.name


def _day(day: Any) -> str:
    return date_format(day, "j F Y")
