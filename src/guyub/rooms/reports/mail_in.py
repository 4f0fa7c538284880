"""Reports by mail. Where kelurahan and kind are plain it is a report at once; else its sender gets a link to the form,
filled with what was read, so that nothing half-known enters (docs/decisions/0030).

Whoever a mail says that it is from opens nothing by it: no report that is here is ever touched.
"""

from __future__ import annotations

import enum
import io
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import reports as events
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import fingerprint, get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.limits import api as limits
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.reports import sending
from guyub.rooms.reports.actions import Submission, find_draft, keep_draft, subject_of, submit_report
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.lapor import Suggester
from guyub.rooms.reports.lapor_rules import Item, cleaned
from guyub.rooms.reports.mail_rules import Letter, read_letter
from guyub.rooms.reports.models import Draft, Origin, Report, ReportClass

MOST_BYTES = 25 * 1024 * 1024
LEAST_LETTERS, MOST_LETTERS = 10, 4000


class Outcome(enum.Enum):
    """What became of a mail."""

    REPORT = "a report"
    DRAFT = "a link to complete it was sent"
    AGAIN = "it was here already"
    AUTOMATIC = "a machine wrote it; nobody is answered"
    UNREADABLE = "no mail that can be read, or nobody to answer"
    TOO_MANY = "too many from this sender; try later"


def receive(*, raw: bytes, at: datetime) -> Outcome:
    """Take one mail in; the same mail again changes nothing."""
    letter = read_letter(raw)
    if letter is None or not letter.sender or len(raw) > MOST_BYTES:
        return Outcome.UNREADABLE
    if letter.is_automatic:
        return Outcome.AUTOMATIC
    submission = UUID(fingerprint("mail", letter.id)[:32])
    if _was_here(submission):
        return Outcome.AGAIN
    if _is_flood(letter, at):
        return Outcome.TOO_MANY
    with override("id"), transaction.atomic():
        return _take_in(letter, submission, at)


def _was_here(submission: UUID) -> bool:
    earlier = sending.find_earlier(submission=submission, body="", category="")
    return earlier is not None or notices.was_told(key=_key(submission))


def _key(submission: UUID) -> str:
    return f"mail:{submission.hex}"


def _is_flood(letter: Letter, at: datetime) -> bool:
    try:
        rule = rulebook.rule("sending_limits.mail", on=local_date(at, get_city().tz)).value
    except rulebook.NoRule:  # none is no limit, and `guyub check` says so
        return False
    window = timedelta(seconds=rule["window_seconds"])
    sender = {"sender": letter.sender.lower()}
    return limits.count("mail", sender, window=window, at=at)["sender"].n > rule["sender"]


def _take_in(letter: Letter, submission: UUID, at: datetime) -> Outcome:
    body = _body(letter)
    category, place = Suggester()(Item(title=cleaned(letter.subject), body=body))
    known = categories().by_code.get(category)
    draft = _keep(letter, submission, body, category, place, at)
    is_whole = LEAST_LETTERS <= len(body) <= MOST_LETTERS and place and known and not known.is_conduct
    if not is_whole or letter.is_reply:
        if _ask_to_complete(letter, submission, draft, at):
            return Outcome.DRAFT
        sending.drop_draft(draft)
        return Outcome.AGAIN
    receipt = submit_report(
        what=Submission(
            submission=submission,
            report_class=ReportClass.COMPLAINT,
            category=category,
            body=body,
            place=place,
            name=cleaned(letter.name),
            email=letter.sender,
            draft=draft,
            mark=str(Origin.Channel.MAIL.label),
        ),
        at=at,
    )
    if not receipt.is_new:
        sending.drop_draft(draft)
        return Outcome.AGAIN
    _note(receipt.number, submission, at)
    return Outcome.REPORT


def _body(letter: Letter) -> str:
    subject, body = cleaned(letter.subject).strip(), cleaned(letter.body).strip()
    return body if body.startswith(subject) else f"{subject}\n\n{body}".strip()


def _keep(letter: Letter, submission: UUID, body: str, category: str, place: str, at: datetime) -> UUID:
    """What was read as the form would keep it; what is only guessed is chosen there and can be changed."""
    values = {
        "submission": str(submission),
        "report_class": ReportClass.COMPLAINT.value,
        "body": body[:8000],
        "category": category,
        "place": place,
        "name": cleaned(letter.name),
        "email": letter.sender,
    }
    draft = keep_draft(values=values, at=at)
    uploads = []
    for picture in letter.pictures:
        upload = io.BytesIO(picture.data)
        upload.name = picture.name
        uploads.append(upload)
    sending.keep_photos(draft=draft, uploads=uploads, at=at)
    return draft


def _ask_to_complete(letter: Letter, submission: UUID, draft: UUID, at: datetime) -> bool:
    """Send the link once; returns whether it is new."""
    words = _(
        "Surel Anda sampai, tetapi belum menjadi laporan: kelurahan atau jenisnya belum jelas bagi kami. Buka tautan "
        "berikut, periksa isinya, lalu kirim. Bila bukan Anda yang menulis, abaikan; isinya terhapus sendiri."
    )
    if letter.is_reply:
        words = _(
            "Balasan surel tidak dicatat pada laporan yang sudah ada. Untuk menjawab, buka tautan laporan itu. Bila ini "
            "hal baru, buka tautan berikut, periksa isinya, lalu kirim."
        )
    return notices.notify(
        key=_key(submission),
        recipient=f"draft:{draft.hex}",
        subject=_("Lengkapi laporan Anda"),
        body=words,
        link=f"/laporan/baru/?draft={draft}",
        at=at,
    )


def find_address(recipient: str) -> str | None:
    """Where the mail of `draft:…` goes: whoever wrote what is kept in it."""
    draft = Draft.objects.filter(uuid=recipient.partition(":")[2]).first()
    kept = find_draft(draft.uuid, at=draft.created_at) if draft else None
    return (kept or {}).get("email") or None


def _note(number: str, submission: UUID, at: datetime) -> None:
    report = Report.objects.select_related("place").get(number=number)
    Origin.objects.create(
        report=report,
        channel=Origin.Channel.MAIL,
        external_id=fingerprint("door", submission.hex)[:40],
        entered_at=at,
    )
    fact = events.ReportEntered(report=report.pk, channel=Origin.Channel.MAIL, has_consent=True)
    ledger.record(fact, subject=subject_of(report), at=at, place=report.place.code)
