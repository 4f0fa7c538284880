"""What programs of others do for residents: the same actions as on the pages, with the program on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.cities.api import fingerprint
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.api import State
from guyub.rooms.people.api import Client
from guyub.rooms.reports.actions import (
    Receipt,
    Submission,
    confirm,
    dispute,
    reply,
    subject_of,
    submit_report,
)
from guyub.rooms.reports.models import Attribute, ClientUpdate, Report, Sent

OVER = ("CLOSED", "FIXED")


class CannotUpdate(ValueError):
    """The report does not wait for these words now. The message is for people."""


def submission_of(client: Client, own_id: str) -> UUID:
    """The id of a submission that a program numbers itself: the same number is the same submission, for it alone."""
    return UUID(fingerprint("open311", f"{client.id}:{own_id}")[:32])


@transaction.atomic
def submit_for_client(
    *, what: Submission, answers: Iterable[tuple[Attribute, list[str]]], client: Client, at: datetime
) -> Receipt:
    """Take in what a program sends, as `submit_report` does, with its answers. Raises as `submit_report` does."""
    said = tuple((attribute.pk, tuple(values)) for attribute, values in answers)
    receipt = submit_report(what=replace(what, answers=said), at=at)
    if receipt.is_new:
        report = Report.objects.select_related("place").get(number=receipt.number)
        Sent.objects.create(report=report, client_id=client.id)
        fact = events.SentByClient(report=report.pk, client=client.id)
        ledger.record(fact, subject=subject_of(report), at=at, place=report.place.code)
    return receipt


@transaction.atomic
def update_for_client(
    *, client: Client, own_id: str, number: str, status: str, words: str, at: datetime
) -> bool:
    """What the reporter says through the program that sent the report: answers a question, confirms, or disputes.

    `own_id` is the program's number for it: again it changes nothing, and False comes back.
    Raises `Report.DoesNotExist` for what came another way, `CannotUpdate`.
    """
    mine = Sent.objects.filter(client=client.id).values("report")
    report = Report.objects.select_for_update(no_key=True).get(number=number, pk__in=mine)
    row, is_new = ClientUpdate.objects.get_or_create(
        client_id=client.id, external_id=own_id, defaults={"report": report, "at": at}
    )
    if not is_new:
        if row.report_id != report.pk:
            raise CannotUpdate(_("Nomor kiriman ini sudah dipakai untuk laporan lain."))
        return False
    if report.state == State.WORK_DONE and status in OVER:
        confirm(report=report, at=at)
    elif report.state == State.WORK_DONE and words:
        dispute(report=report, words=words, at=at)
    elif report.state == State.WAITING_REPORTER and words:
        reply(report=report, words=words, at=at)
    else:
        raise CannotUpdate(
            _(
                "Laporan ini tidak sedang menunggu kata pelapor. Pelapor menjawab bila petugas bertanya, dan "
                "menyatakan selesai atau belum bila kantor menyatakan pekerjaan selesai."
            )
        )
    return True
