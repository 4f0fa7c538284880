"""Instansi luar: a letter to a body that the city cannot order about. The case stays open, and the city's."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import access, deadlines, queries, transitions
from guyub.rooms.casework.acting import check, locked, overtake_proposal, save
from guyub.rooms.casework.models import Case, ExternalBody, Letter
from guyub.rooms.casework.rules import Move, NotPossible, State
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind

LISTED = 40


class NoLetter(LookupError):
    """No letter is prepared, or none waits for a reply."""


class NotAnExternalBody(ValueError):
    """The recipient is no body outside the city."""


@transaction.atomic
def prepare_letter(*, case: UUID, body: int, title: str, words: str, by: Person, at: datetime) -> Letter:
    """Write the letter; one that was not sent yet is written anew. Raises NotAllowed, NotAnExternalBody."""
    row = locked(case)
    if not access.may_prepare_letter(by, row):
        raise NotAllowed("This person may not write a letter about this case.")
    if people.directory().get(body).kind != OrganisationKind.EXTERNAL:
        raise NotAnExternalBody(body)
    letter, _new = Letter.objects.update_or_create(
        case=row,
        sent_at=None,
        defaults={
            "office_id": row.office_id,
            "body_id": body,
            "title": title,
            "words": words,
            "prepared_by": by.acting,
            "prepared_at": at,
        },
    )
    row.updated_at = at
    row.save(update_fields=["updated_at"])
    return letter


@transaction.atomic
def send_letter(*, case: UUID, number: str, dated: date, by: Person, at: datetime) -> Case:
    """The letter is signed and sent under its number. Raises NotAllowed, NotPossible, NoLetter."""
    row = locked(case)
    office = check(by, roles.ANSWER, row)
    letter = queries.letter_prepared(row)
    if row.is_restricted or letter is None:
        raise NoLetter("No letter is prepared.")
    letter.number, letter.dated, letter.sent_by, letter.sent_at = number, dated, by.acting, at
    letter.save()
    overtake_proposal(row, by=by.acting, at=at)
    body = people.directory().get(letter.body_id)
    fact = transitions.send_out(row, body=body, letter=letter.pk, at=at)
    save(row, fact, by=by, office=office, at=at)
    return row


@transaction.atomic
def body_replied(
    *, case: UUID, dated: date, words: str, by: Person, at: datetime, photos: UUID | None = None
) -> Case:
    """The body's reply is put on record, with the photos of a draft; what follows the office says next.

    Raises NotAllowed, NoLetter.
    """
    row = locked(case)
    office = check(by, roles.ANSWER, row)
    if row.state != State.EXTERNAL:
        raise NotPossible(State(row.state), Move.TAKE_BACK)
    letter = _sent(row)
    letter.reply_dated, letter.reply_words = dated, words
    letter.replied_by, letter.replied_at = by.acting, at
    letter.save()
    if photos:
        files.keep(draft=photos, subject=queries.reply_subject(letter))
    row.updated_at = at
    fact = events.BodyReplied(case=row.pk, office=row.office_id, body=letter.body_id, letter=letter.pk)
    save(row, fact, by=by, office=office, at=at)
    return row


@transaction.atomic
def take_back(*, case: UUID, by: Person, at: datetime) -> Case:
    """The city goes on by itself. Raises NotAllowed, NotPossible."""
    row = locked(case)
    office = check(by, roles.ANSWER, row)
    fact = transitions.take_back(row, letter=_sent(row).pk, at=at)
    save(row, fact, by=by, office=office, at=at)
    return row


def _sent(case: Case) -> Letter:
    letter = queries.letter_sent(case)
    if letter is None:
        raise NotPossible(State(case.state), Move.TAKE_BACK)
    return letter


@transaction.atomic
def describe_body(
    *,
    body: int,
    name: str,
    short_name: str,
    address: str,
    email: str,
    channel: str,
    days: int,
    by: Person,
    at: datetime,
) -> None:
    """Write down where a body is reached and how long its replies are waited for. Letters that are out keep their day.

    Raises NotAllowed, NotAnExternalBody.
    """
    if not (by.can(roles.COORDINATE) or by.can(roles.MANAGE_PEOPLE)):
        raise NotAllowed("This person does not keep the addresses of bodies.")
    office = people.directory().get(body)
    if office.kind != OrganisationKind.EXTERNAL:
        raise NotAnExternalBody(body)
    people.rename_organisation(organisation=body, name=name, short_name=short_name)
    known = {"address": address, "email": email, "channel": channel}
    ExternalBody.objects.update_or_create(office_id=body, defaults=known)
    _wait(office.key, days, at=at)
    fact = events.ExternalBodyChanged(body=body, days=days)
    ledger.record(fact, subject=f"casework.body:{body}", at=at, by=by.account)


def _wait(key: str, days: int, *, at: datetime) -> None:
    """The rulebook gets a rule of the body's own from today on, where the one that holds says otherwise."""
    today = local_date(at, get_city().tz)
    now = deadlines.body_days(key, on=today)
    if now.value["amount"] == days:
        return
    rulebook.publish(
        key=f"external.days.{key}",
        value={"amount": days, "unit": "working_day"},
        effective_from=today,
        legal_basis=now.legal_basis,
        confidence="V",
        at=at,
    )


def remind_coordinators(*, at: datetime) -> int:
    """Once a month the coordinators get the list of what lies with bodies outside the city since before the month.

    The notice's key carries the month, so that no restart sends it twice; returns how many were told.
    """
    tz = get_city().tz
    month = local_date(at, tz).replace(day=1)
    if notices.Notice.objects.filter(key__startswith=f"external:{month:%Y-%m}:").exists():
        return 0
    letters = queries.letters_out(before=month)
    if not letters:
        return 0
    with override("id"):
        subject = _("%(n)d laporan masih di instansi luar") % {"n": len(letters)}
        lines = [
            _("%(number)s: %(body)s, surat %(letter)s tanggal %(day)s")
            % {
                "number": one.case.number,
                "body": one.body.short_name,
                "letter": one.number,
                "day": date_format(one.dated, "j M Y") if one.dated else "–",
            }
            for one in letters[:LISTED]
        ]
        if len(letters) > LISTED:
            lines.append(_("dan %(n)s lagi.") % {"n": len(letters) - LISTED})
    told = people.accounts_with(
        roles=queries.holders(roles.COORDINATE), organisation=None, on=local_date(at, tz)
    )
    with transaction.atomic():
        for account in told:
            notices.notify(
                key=f"external:{month:%Y-%m}:{account}",
                recipient=f"account:{account}",
                subject=subject,
                body="\n".join(lines),
                link="/petugas/semua/?keadaan=EXTERNAL",
                at=at,
            )
    return len(told)
