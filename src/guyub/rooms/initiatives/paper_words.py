"""What stands on a printed paper, as plain values for its template. Papers speak Indonesian."""

from __future__ import annotations

from datetime import date
from importlib import resources
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.kernel import documents
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, get_city
from guyub.rooms.initiatives import papers, partner_year, queries
from guyub.rooms.initiatives.models import Paper
from guyub.rooms.initiatives.rules import State
from guyub.rooms.initiatives.wording import STATES
from guyub.rooms.needs.api import amount_said
from guyub.rooms.partners import api as partners
from guyub.ui.qr import code_of
from guyub.ui.rows import day_in_words

_SUMS = ("promised", "delivered", "verified")
_TEMPLATES = {Paper.Kind.YEAR: "year.typ", Paper.Kind.HOURS: "hours.typ"}


def pdf(paper: Paper, *, name: str = "") -> bytes:
    """The paper as PDF; `name` is a volunteer's, where they wanted it there. Raises `documents.DocumentFailed`."""
    template = (
        resources.files("guyub.rooms.initiatives") / "data" / _TEMPLATES[Paper.Kind(paper.kind)]
    ).read_text("utf-8")
    with override("id"):
        values = year_values(paper) if paper.kind == Paper.Kind.YEAR else hours_values(paper, name=name)
        return documents.pdf(template=template, data=values)


def address_of(paper: Paper) -> str:
    return absolute(reverse("paper", args=[papers.key_of(paper)]))


def title_of(paper: Paper) -> str:
    """A company reports its TJSL; what others did is their record."""
    if paper.kind == Paper.Kind.HOURS:
        return _("Sertifikat Relawan")
    return year_title(partners.card_of(paper.partner).kind if paper.partner else "", paper.year or 0)


def year_title(kind: str, year: int) -> str:
    if kind == partners.Kind.COMPANY:
        return _("Laporan TJSL tahun %(year)d") % {"year": year}
    return _("Catatan karya tahun %(year)d") % {"year": year}


def _shared(paper: Paper) -> dict[str, Any]:
    address = address_of(paper)
    drawn = code_of(address)
    day = day_in_words(local_date(paper.at, get_city().tz))
    return {
        "government": get_city().government_name,
        "title": title_of(paper),
        "issued": _("Diterbitkan %(day)s dari catatan Guyub.") % {"day": day},
        "address": address,
        "check": _("Periksa keasliannya dengan memindai kode atau membuka alamat ini:"),
        "digest_title": _("Sidik isi:"),
        "digest": paper.digest,
        "code": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawn.size} {drawn.size}">'
        f'<rect width="{drawn.size}" height="{drawn.size}" fill="#fff"/><path d="{drawn.path}"/></svg>',
    }


def year_values(paper: Paper) -> dict[str, Any]:
    said = paper.content
    shared = _shared(paper)
    photos = partner_year.photos_of(item["slug"] for item in said["items"])
    return {
        **shared,
        "partner": said["partner"],
        "footer": f"{shared['title']} · {said['partner']}",
        "scan": _("Pindai untuk memeriksa"),
        "totals_title": _("Jumlah seluruhnya"),
        "heads": [_("Dukungan"), _("Dijanjikan"), _("Diserahkan"), _("Terbukti ada")],
        "totals": [[queries.resource_label(row["resource"]), *_amounts(row)] for row in said["totals"]],
        "explained": explained(),
        "items": [_item(item, photos.get(item["slug"], [])) for item in said["items"]],
    }


def explained() -> str:
    return _(
        "Dijanjikan: janji yang diterima tahun ini dan tetap berlaku. Diserahkan dan terbukti: menurut hari "
        "penyerahannya. Nilai rupiah hanya untuk uang; barang dan jam tidak ditaksir. Yang tidak lewat Guyub tidak dihitung."
    )


def _amounts(row: dict[str, Any]) -> list[str]:
    return [amount_said(row[name], row["unit"]) for name in _SUMS]


def _item(item: dict[str, Any], photos: list[tuple[str, bytes]]) -> dict[str, Any]:
    figures = "; ".join(f"{label}: {count}" for label, count in item["figures"])
    state = str(STATES[State(item["state"])])
    return {
        "initiative": item["initiative"],
        "about": " · ".join(filter(None, dict.fromkeys((item["organiser"], item["where"], state)))),
        "lines": [[line_said(line), *_amounts(line)] for line in item["lines"]],
        "figures": _("Penerima manfaat menurut penyelenggara: %(figures)s.") % {"figures": figures}
        if figures
        else "",
        "photos": [[word, list(content)] for word, content in photos],
    }


def line_said(line: dict[str, Any]) -> str:
    return f"{line['what']} ({line['record']})" if line["record"] else str(line["what"])


def hours_values(paper: Paper, *, name: str = "") -> dict[str, Any]:
    said = paper.content
    return {
        **_shared(paper),
        "given": _("Diberikan kepada"),
        "name": name or volunteer(paper),
        "hours": amount_said(said["hours"], "jam"),
        "for_what": _("kerja sukarela: %(what)s") % {"what": said["what"]},
        "initiative": said["initiative"],
        "days": days_said(said),
        "verified": _("Jam kerja diperiksa dan dinyatakan terbukti oleh %(organiser)s.")
        % {"organiser": said["organiser"]},
    }


def volunteer(paper: Paper) -> str:
    """Who did it, without saying who it is."""
    return _("Relawan nomor %(n)d") % {"n": paper.content["number"]}


def days_said(said: dict[str, Any]) -> str:
    first, last = (date.fromisoformat(said[name]) for name in ("first_on", "last_on"))
    if first == last:
        return day_in_words(first)
    return _("%(first)s sampai %(last)s") % {"first": day_in_words(first), "last": day_in_words(last)}
