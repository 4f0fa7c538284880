"""Other doors in: what a resident said at a counter, by telephone, in a letter, written down by an officer.

It is the resident's report: the officer is on record as who entered it, and never as who reported
(docs/decisions/0030).
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guyub.events import reports as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.cities.api import fingerprint, signature
from guyub.kernel.ledger import api as ledger
from guyub.rooms.reports.actions import Receipt, Submission, follow_key, subject_of, submit_report
from guyub.rooms.reports.models import Origin, Report

BY_OFFICERS = (
    Origin.Channel.COUNTER,
    Origin.Channel.PHONE,
    Origin.Channel.LETTER,
    Origin.Channel.SOCIAL,
)
# Whoever reports by messenger holds number and code too, for when they have lost the link.
WITH_CODE = (*BY_OFFICERS, Origin.Channel.WHATSAPP, Origin.Channel.TELEGRAM)
_LETTERS = 8


class NoConsent(ValueError):
    """Somebody's name or address is not kept unless they agreed."""


@transaction.atomic
def enter_for(*, what: Submission, channel: str, has_consent: bool, by: Person, at: datetime) -> Receipt:
    """Take in what a resident said to an officer, as `submit_report` does; the same submission again changes nothing.

    Raises NotAllowed, NoConsent, and what `submit_report` raises.
    """
    if not by.can(roles.VERIFY):
        raise NotAllowed("Only who may read new reports enters them for residents.")
    if (what.name or what.email or what.phone) and not has_consent:
        raise NoConsent("Ask first.")
    said = Origin.Channel(channel)
    if said not in BY_OFFICERS:
        raise ValueError("Officers do not enter what comes by this channel.")
    receipt = submit_report(what=replace(what, mark=str(said.label)), at=at)
    if receipt.is_new:
        _note(receipt, what, said, has_consent, by, at)
    return receipt


def _note(
    receipt: Receipt, what: Submission, channel: Origin.Channel, has_consent: bool, by: Person, at: datetime
) -> None:
    report = Report.objects.select_related("place").get(number=receipt.number)
    Origin.objects.create(
        report=report,
        channel=channel,
        external_id=fingerprint("door", what.submission.hex)[:40],
        entered_by=by.acting,
        entered_at=at,
    )
    ledger.record(
        events.ReportEntered(report=report.pk, channel=channel, has_consent=has_consent),
        subject=subject_of(report),
        at=at,
        by=by.account,
        on_behalf_of=min(by.offices(roles.VERIFY)),
        place=report.place.code,
    )


def spoken_code(report: UUID) -> str:
    """The reporter's link as eight letters that can be read aloud. Kept nowhere; good only beside the number."""
    signed = base64.urlsafe_b64decode(signature("spoken", report.hex) + "==")
    return base64.b32encode(signed).decode()[:_LETTERS]


def key_by_code(*, number: str, code: str) -> str | None:
    """The key of the follow link, by the number and the code that an officer read aloud; None for any that do not
    belong together. The caller counts how often somebody tries."""
    row = (
        Origin.objects.filter(report__number=number, channel__in=WITH_CODE)
        .values_list("report__uuid", flat=True)
        .first()
    )
    wanted = spoken_code(row or UUID(int=0))
    heard = "".join(sign for sign in code.upper() if sign.isalnum()).translate({48: "O", 49: "I"})
    fits = hmac.compare_digest(wanted.encode(), heard.encode(errors="replace"))
    return follow_key(row) if row and fits else None
