"""Signing after the checks, the picture of the signed paper, and the end with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import agreements as events
from guyub.kernel.access.api import Person
from guyub.kernel.files import api as files
from guyub.kernel.files.api import NotAPhoto, Photo
from guyub.rooms.agreements import reference, standing
from guyub.rooms.agreements.acting import Refused, as_officer, locked_document, record
from guyub.rooms.agreements.models import Document
from guyub.rooms.agreements.rules import State, Why


@transaction.atomic
def sign(*, document: int, on: date, place: str, by: Person, at: datetime) -> None:
    """Write down that every party signed. Raises `NotAllowed`, or `Refused` while something stands against it.

    An addendum that is signed moves the last day of what it changes.
    """
    as_officer(by)
    row = locked_document(document, State.DRAFT)
    if on > reference.today_of(at):
        raise Refused(_("Tanggal ini belum tiba."), field="on")
    row.signed_on = on
    if standing.blocking(row, on=reference.today_of(at)):
        raise Refused(_("Naskah ini belum dapat ditandatangani. Lihat pemeriksaannya."), field="on")
    row.starts_on, row.ends_on = row.starts_on or on, row.ends_on or on
    row.state, row.signed_at_place = State.SIGNED, place
    row.save(update_fields=["state", "signed_on", "signed_at_place", "starts_on", "ends_on"])
    fact = events.DocumentSigned(
        cooperation=row.cooperation_id, document=row.pk, kind=row.kind, until=row.ends_on.isoformat()
    )
    record(fact, of=row.cooperation, by=by, at=at)
    if row.kind == "ADDENDUM" and row.under_id:
        _extend(row, by=by, at=at)


def _extend(row: Document, *, by: Person, at: datetime) -> None:
    assert row.under_id is not None
    assert row.ends_on is not None
    changed = Document.objects.get(pk=row.under_id)
    if changed.ends_on != row.ends_on:
        changed.ends_on = row.ends_on
        changed.save(update_fields=["ends_on"])
        fact = events.DocumentExtended(
            cooperation=row.cooperation_id,
            document=changed.pk,
            by_document=row.pk,
            until=row.ends_on.isoformat(),
        )
        record(fact, of=row.cooperation, by=by, at=at)


@transaction.atomic
def add_scan(*, document: int, pictures: Iterable[IO[bytes]], by: Person, at: datetime) -> None:
    """Keep pictures of the signed paper; hostile until they were encoded anew. Raises `Refused`; then nothing is kept."""
    as_officer(by)
    row = locked_document(document, State.SIGNED, State.ENDED)
    sent = list(pictures)
    there = Photo.objects.filter(subject=row.scan).count()
    if not sent:
        raise Refused(_("Lampirkan foto atau pindaian naskahnya."), field="pictures")
    most = reference.amount("scan_pages", on=reference.today_of(at))
    if there + len(sent) > most:
        raise Refused(_("Paling banyak %(n)d halaman.") % {"n": most}, field="pictures")
    for position, upload in enumerate(sent, there):
        try:
            files.store_photo(upload, at=at, subject=row.scan, position=position)
        except NotAPhoto as refused:
            raise Refused(str(refused), field="pictures") from refused
    fact = events.ScanAdded(cooperation=row.cooperation_id, document=row.pk, pages=len(sent))
    record(fact, of=row.cooperation, by=by, at=at)


@transaction.atomic
def end(*, document: int, on: date, why: str, words: str, by: Person, at: datetime) -> None:
    """End a document that is in force, with its reason. Raises `NotAllowed` or `Refused`."""
    as_officer(by)
    row = locked_document(document, State.SIGNED)
    assert row.signed_on is not None
    if not row.signed_on <= on <= reference.today_of(at):
        raise Refused(_("Tanggal ini mendahului penandatanganan atau belum tiba."), field="on")
    row.state, row.ended_on, row.ended_why, row.ended_words = State.ENDED, on, Why(why), words
    row.save(update_fields=["state", "ended_on", "ended_why", "ended_words"])
    fact = events.DocumentEnded(cooperation=row.cooperation_id, document=row.pk, why=why)
    record(fact, of=row.cooperation, by=by, at=at)
