"""A document as PDF, set from its clauses in the order of its kind. Drafts say that they are one."""

from __future__ import annotations

from datetime import date
from importlib import resources
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.kernel import documents
from guyub.kernel.cities.api import get_city
from guyub.rooms.agreements import reference, rules, standing
from guyub.rooms.agreements.models import Document, Party
from guyub.rooms.agreements.rules import Authority, State
from guyub.ui.figures import rupiah


def pdf(row: Document, *, on: date) -> bytes:
    """The newest version, in Indonesian as the law asks. Raises `documents.DocumentFailed`."""
    template = (resources.files("guyub.rooms.agreements") / "data" / "document.typ").read_text("utf-8")
    with override("id"):
        return documents.pdf(template=template, data=words_of(row, on=on))


def words_of(row: Document, *, on: date) -> dict[str, Any]:
    """Everything that the document says, as plain values."""
    kind, labels, version = (
        reference.kinds(on=on)[row.kind],
        reference.clause_labels(on=on),
        standing.newest(row),
    )
    sides = list(Party.objects.filter(document=row).order_by("position"))
    return {
        "government": get_city().government_name,
        "kind": kind.label,
        "title": row.title,
        "draft": _("RANCANGAN versi %(n)d") % {"n": version.number} if row.state == State.DRAFT else "",
        "sides": [_side(side) for side in sides],
        "clauses": [
            [labels[code], version.clauses.get(code, "").strip() or rules.GAP] for code in kind.clauses
        ],
        "scope": list(row.scope),
        "cost": rupiah(row.cost) if row.cost else "",
        "term": _term(row),
        "signed": " ".join(
            part for part in (row.signed_at_place, _day(row.signed_on) if row.signed_on else "") if part
        ),
    }


def _side(side: Party) -> dict[str, str]:
    by = f"{side.post} (Surat Kuasa {side.proxy})" if side.authority == Authority.PROXY else side.post
    return {"name": side.name, "number": side.number or "…", "post": by, "signatory": side.signatory or "…"}


def _term(row: Document) -> str:
    if row.starts_on is None or row.ends_on is None:
        return ""
    return _("%(first)s sampai dengan %(last)s") % {"first": _day(row.starts_on), "last": _day(row.ends_on)}


def _day(day: date) -> str:
    return date_format(day, "j F Y")
