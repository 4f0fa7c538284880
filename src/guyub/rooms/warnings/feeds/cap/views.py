"""CAP 1.2 for programs: an Atom feed of what was issued of late, and each document as it was issued."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import override
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import absolute, get_city
from guyub.rooms.warnings import queries, reference, words
from guyub.rooms.warnings.cap import making
from guyub.rooms.warnings.models import Message

CAP_TYPE = "application/cap+xml"
SHOWN_FOR = timedelta(days=30)
MOST = 100


@gate.public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What was issued in the last month, the newest first: alerts, updates and cancellations, exercises marked."""
    at = timezone.now()
    rows = Message.objects.filter(issued_at__gt=at - SHOWN_FOR).exclude(cap="").select_related("chain")
    with override("id"):
        made = Atom1Feed(
            title=f"Peringatan dini {get_city().name}",
            link=absolute(reverse("warning_list")),
            feed_url=absolute(reverse("cap_feed")),
            description="",
            author_name=reference.authority(at=at).name_id,
            language="id",
        )
        for row in rows.order_by("-issued_at")[:MOST]:
            _add(made, row)
    return _open(made.writeString("utf-8"), "application/atom+xml; charset=utf-8", seconds=30)


def _add(made: Atom1Feed, row: Message) -> None:
    name = making.identifier_of(row.chain, row.serial)
    text = words.texts_of(row).get(("WEB", "id"), "")
    label = reference.hazards(at=row.issued_at or row.drafted_at)[row.chain.hazard].label("id")
    made.add_item(
        title=making.headline(row, label, "id"),
        link=absolute(reverse("cap_document", args=[name])),
        description=text,
        unique_id=f"urn:guyub:cap:{name}",
        pubdate=row.issued_at,
        updateddate=row.issued_at,
    )


@gate.public
@require_safe
def document(request: HttpRequest, identifier: str) -> HttpResponse:
    """One document, as it was issued and for ever. What was never issued does not exist."""
    read = making.read_identifier(identifier)
    chain = queries.find_chain(read[0]) if read else None
    row = (
        Message.objects.filter(chain=chain, serial=read[1], issued_at__isnull=False).first()
        if chain and read
        else None
    )
    if row is None or not row.cap:
        raise Http404
    return _open(row.cap, f"{CAP_TYPE}; charset=utf-8", seconds=3600)


def _open(text: str, kind: str, *, seconds: int) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"  # public data, and no cookie opens more of it
    return response
