"""Papers of a partner as pictures: hostile until they were encoded anew, seen by its board and the verifier only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import partners as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.files.api import NotAPhoto, Photo, Picture
from guyub.rooms.partners import reference
from guyub.rooms.partners.acting import Refused, acts_for, locked, record, tell
from guyub.rooms.partners.models import Document, Partner
from guyub.rooms.partners.rules import Status, missing
from guyub.rooms.partners.wording import DOCUMENTS
from guyub.ui.rows import Printed, day_in_words


@dataclass(frozen=True, slots=True)
class Paper(Printed):
    """A document as its board and the verifier see it."""

    id: int
    kind: str
    label: str
    number: str
    until: str
    is_over: bool
    pictures: list[Picture]


@dataclass(frozen=True, slots=True)
class Papers:
    """All documents of a partner, and what its legal form still lacks (papers that ran out do not count)."""

    rows: list[Paper]
    lacking: list[str]


@transaction.atomic
def add(
    *,
    partner: int,
    kind: str,
    number: str,
    valid_until: date | None,
    pictures: Iterable[IO[bytes]],
    by: Person,
    at: datetime,
) -> None:
    """Keep a document with its pictures. Raises `Refused` with words for who sent it; nothing is kept then."""
    account, row = acts_for(by, partner), locked(partner)
    sent = list(pictures)
    if not sent:
        raise Refused(_("Lampirkan foto atau PDF dokumennya."), field="pictures")
    most = reference.amount("pages_of_document", at=at)
    if len(sent) > most:
        raise Refused(_("Paling banyak %(n)d halaman untuk satu dokumen.") % {"n": most}, field="pictures")
    if _kept(partner).count() >= reference.amount("documents_kept", at=at):
        raise Refused(_("Terlalu banyak dokumen. Hapus yang tidak berlaku lagi."), field="kind")
    found = Document.objects.create(
        partner=row, kind=kind, number=number, valid_until=valid_until, added_by_id=account, added_at=at
    )
    for position, upload in enumerate(sent):
        try:
            files.store_photo(upload, at=at, subject=found.subject, position=position)
        except NotAPhoto as refused:
            raise Refused(str(refused), field="pictures") from refused
    fact = events.DocumentAdded(
        partner=row.pk,
        document=found.pk,
        kind=kind,
        valid_until=valid_until.isoformat() if valid_until else "",
    )
    record(fact, partner=row, by=account, at=at)


def _kept(partner: int) -> QuerySet[Document]:
    return Document.objects.filter(partner_id=partner, removed_at__isnull=True)


@transaction.atomic
def remove(*, document: int, by: Person, at: datetime) -> None:
    """Its people take a document away; its pictures are erased at once. Raises `NotAllowed`."""
    found = Document.objects.get(pk=document)
    account, row = acts_for(by, found.partner_id), locked(found.partner_id)
    found = Document.objects.select_for_update().get(pk=document)
    if found.removed_at is not None:
        raise NotAllowed("This document is gone already.")
    found.removed_at, found.number = at, ""
    found.save(update_fields=["removed_at", "number"])
    erase_pictures([found])
    record(events.DocumentRemoved(partner=row.pk, document=found.pk), partner=row, by=account, at=at)


def erase_pictures(rows: Iterable[Document]) -> None:
    files.remove(Photo.objects.filter(subject__in=[row.subject for row in rows]))


def papers(row: Partner, *, at: datetime) -> Papers:
    """For its board and the verifier: their views have asked who looks. Two queries."""
    today = local_date(at, get_city().tz)
    found = list(_kept(row.pk).order_by("kind", "-added_at"))
    seen = files.pictures_of([one.subject for one in found], may_see=True)
    rows = [
        Paper(
            one.pk,
            one.kind,
            str(DOCUMENTS.get(one.kind, one.kind)),
            one.number,
            day_in_words(one.valid_until) if one.valid_until else "",
            one.valid_until is not None and one.valid_until < today,
            seen.get(one.subject, []),
        )
        for one in found
    ]
    holding = {one.kind for one in rows if not one.is_over}
    asked = reference.documents_for(row.legal_form, at=at)
    return Papers(rows, [str(DOCUMENTS[kind]) for kind in missing(asked, holding)])


def remind(*, at: datetime) -> int:
    """Tell the board of papers that run out, twice before the day and once after it; returns how many were told.

    A notice's key says it once, so that looking again does no harm.
    """
    today = local_date(at, get_city().tz)
    first = today + timedelta(days=reference.amount("remind_before", at=at))
    again = today + timedelta(days=reference.amount("remind_again", at=at))
    rows = Document.objects.filter(
        removed_at__isnull=True, valid_until__lte=first, partner__status=Status.ACTIVE
    )
    rows = rows.filter(valid_until__gte=today - timedelta(days=31)).select_related("partner").order_by("pk")
    found = list(rows)
    for one in found:
        assert one.valid_until is not None
        stage = "over" if one.valid_until < today else "again" if one.valid_until <= again else "soon"
        with override("id"), transaction.atomic():
            said = {"kind": DOCUMENTS.get(one.kind, one.kind), "name": one.partner.name}
            said["day"] = date_format(one.valid_until, "j F Y")
            subject = (
                _("%(kind)s %(name)s sudah habis masa berlakunya")
                if stage == "over"
                else _("%(kind)s %(name)s hampir habis")
            )
            body = _("Masa berlakunya sampai %(day)s. Unggah yang baru di halaman mitra Anda.")
            tell(one.partner, f"document:{one.pk}:{stage}", subject % said, body % said, at=at)
    return len(found)


def remind_of_legal_form(*, at: datetime) -> int:
    """The same for the day that the profile names, where no paper of that day was added; returns how many."""
    today = local_date(at, get_city().tz)
    first = today + timedelta(days=reference.amount("remind_before", at=at))
    rows = Partner.objects.active().filter(legal_until__range=(today, first)).order_by("pk")
    rows = rows.exclude(pk__in=Document.objects.filter(valid_until__gte=today).values("partner_id"))
    found = list(rows)
    for row in found:
        assert row.legal_until is not None
        with override("id"), transaction.atomic():
            said = {"name": row.name, "day": date_format(row.legal_until, "j F Y")}
            body = _("Masa berlakunya sampai %(day)s. Unggah yang baru di halaman mitra Anda.")
            subject = _("Bentuk hukum %(name)s hampir habis masa berlakunya")
            tell(row, f"legal:{row.legal_until}", subject % said, body % said, at=at)
    return len(found)
