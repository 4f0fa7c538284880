"""What a reporter may do with their own data (UU 27/2022): correct, add, hide, take a copy, erase, ask.

The caller has checked that it is the reporter: by the secret link for one report, by the account for all of theirs.
What cannot be undone for a case that an office works on is asked for and decided by an officer in 3 × 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from guyub.events import Event
from guyub.events import reports as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import GrantInForce, NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import CompiledFor
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import State
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.reports import chat_inbox, redacting
from guyub.rooms.reports.actions import label_for, subject_of
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import Answer, DataRequest, Masking, Origin, Report

# Stands where a reporter's words were: data of the city in its own language, not a message of a page.
ERASED = "[dihapus atas permintaan pelapor]"
WITHDRAWN = "ditarik"


class CannotChange(ValueError):
    """The report has gone too far for this. The message is for people."""


# ── What may be done now ───────────────────────────────────────────────────────────────────────────────────


def may_correct(report: Report) -> bool:
    """Until an officer has verified it the words are the reporter's own to change; items of LAPOR! stay as there."""
    unread = report.published_at is None and report.state == State.RECEIVED
    items = Origin.objects.filter(report=report, channel=Origin.Channel.LAPOR)
    return unread and not is_erased(report) and not items.exists()


def may_add(report: Report) -> bool:
    return report.ended_at is None and not may_correct(report)


def may_hide(report: Report) -> bool:
    return not (report.about_conduct or report.is_confidential)


def may_erase_words(report: Report) -> bool:
    """At once where no office works on it (any more); else it is asked for."""
    return not is_erased(report) and (report.ended_at is not None or may_correct(report))


def is_erased(report: Report) -> bool:
    return report.body == ERASED


# ── Doing it ───────────────────────────────────────────────────────────────────────────────────────────────


def _locked(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("place").get(pk=report.pk)


def _record(report: Report, fact: Event, *, at: datetime) -> None:
    """The reporter's own doing is recorded without an actor: the ledger does not say who reported."""
    ledger.record(fact, subject=subject_of(report), at=at, place=report.place.code)


@transaction.atomic
def correct_words(*, report: Report, body: str, landmark: str, at: datetime) -> None:
    """Change what nobody has verified yet. Raises CannotChange."""
    row = _locked(report)
    if not may_correct(row):
        raise CannotChange(_("Laporan sudah diperiksa petugas. Tambahkan keterangan sebagai gantinya."))
    row.body, row.landmark = body, landmark
    row.save(update_fields=["body", "landmark"])
    casework.actions.relabel(
        subject=subject_of(row), label=label_for(category_of(row).name_id, landmark, body)
    )
    _record(row, events.ReportCorrected(report=row.pk), at=at)


@transaction.atomic
def add_words(*, report: Report, words: str, at: datetime) -> None:
    """More for the office to know. Raises CannotChange."""
    row = _locked(report)
    if row.ended_at is not None:
        raise CannotChange(_("Laporan ini sudah berakhir. Kirim laporan baru bila masih terjadi."))
    said = conversation.post(
        subject=subject_of(row), audience=Audience.REPORTER, kind="addition", body=words, at=at
    )
    _record(row, events.WordsAdded(report=row.pk, message=said), at=at)


@transaction.atomic
def correct_contact(*, report: Report, name: str, email: str, phone: str, at: datetime) -> None:
    """How the reporter is reached from now on."""
    row = _locked(report)
    row.contact_id = people.correct_contact(
        contact=row.contact_id, name=name, email=email, phone=phone, account=row.account_id, at=at
    )
    row.save(update_fields=["contact"])
    _record(row, events.ContactCorrected(report=row.pk), at=at)


@transaction.atomic
def hide(*, report: Report, at: datetime) -> None:
    """Out of everyone's sight, for good: it becomes *rahasia*, whatever was published of it."""
    row = _locked(report)
    if not may_hide(row):
        return
    row.is_confidential, row.hidden_at, row.changed_at = True, at, at
    row.public_body, row.public_landmark = "", ""
    row.save(update_fields=["is_confidential", "hidden_at", "changed_at", "public_body", "public_landmark"])
    for subject in photo_subjects(row):
        files.publish(subject, public=False)
    _record(row, events.ReportHidden(report=row.pk, state=row.state), at=at)


def photo_subjects(report: Report) -> list[str]:
    """Whose photos belong to a report: its own, its reporter's later ones, and the proofs of work."""
    cases = [case.pk for case in casework.queries.cases_of(subject=subject_of(report))]
    proofs = casework.queries.proofs_of(cases=cases)
    return [*_own_photo_subjects(report), *(f"casework.evidence:{proof.id}" for proof in proofs)]


def _own_photo_subjects(report: Report) -> list[str]:
    said = conversation.words_about(subject=subject_of(report), audiences=[Audience.REPORTER])
    return [subject_of(report), *(f"conversation.message:{words.id}" for words in said if not words.office)]


@transaction.atomic
def erase_person(*, report: Report, at: datetime) -> None:
    """Name, contact and account leave the report, with all that was written to them; what was said stays."""
    row = _locked(report)
    if row.person_erased_at is not None:
        return
    contact = row.contact_id
    row.contact = row.account = None
    row.person_erased_at = at
    row.save(update_fields=["contact", "account", "person_erased_at"])
    conversation.forget_author(subject=subject_of(row))
    chat_inbox.forget_chat_of(row)
    if contact:
        notices.forget_recipient(f"contact:{contact}")
        people.erase_contact(contact)
    _record(row, events.PersonErased(report=row.pk), at=at)


@transaction.atomic
def erase_words(*, report: Report, at: datetime) -> None:
    """The reporter's words and photos. Raises CannotChange while an office works on it."""
    row = _locked(report)
    if not may_erase_words(row):
        raise CannotChange(_("Kantor sedang menanganinya. Ajukan permintaan; petugas memutuskannya."))
    _erase_words(row, at=at)


@transaction.atomic
def erase_words_again(*, report: Report, at: datetime) -> None:
    """After an older backup has come back: it was decided before, whatever the office was doing then."""
    _erase_words(_locked(report), at=at)


def _erase_words(row: Report, *, at: datetime) -> None:
    """What is public of it stays without them: number, category, place, what offices did."""
    files.remove(Photo.objects.filter(subject__in=_own_photo_subjects(row)))
    row.body, row.landmark, row.edited_body, row.edited_landmark = ERASED, "", None, None
    is_public = row.published_at is not None and not row.is_confidential
    row.public_body, row.public_landmark = (ERASED if is_public else ""), ""
    row.has_answers, row.changed_at = False, at
    row.save(update_fields=["body", "landmark", "has_answers", "changed_at", *redacting.DRESSED])
    Masking.objects.filter(report=row).delete()
    Answer.objects.filter(report=row).delete()
    conversation.erase_words(subject=subject_of(row), words=ERASED)
    casework.actions.relabel(subject=subject_of(row), label=category_of(row).name_id)
    _record(row, events.WordsErased(report=row.pk), at=at)


# ── The book of requests ───────────────────────────────────────────────────────────────────────────────────

# Which right of the law each kind of request is, for its clock in the rulebook.
_CLOCKS = {
    DataRequest.Kind.WITHDRAW: "withdraw",
    DataRequest.Kind.ERASE: "withdraw",
    DataRequest.Kind.OTHER: "correct",
}


@transaction.atomic
def ask(*, report: Report, kind: str, words: str, at: datetime) -> DataRequest:
    """Ask for what an officer decides; asked again while it waits it is one request. Withdrawing hides at once."""
    row = _locked(report)
    wanted = DataRequest.Kind(kind)
    waiting = DataRequest.objects.filter(report=row, kind=wanted, decided_at__isnull=True).first()
    if waiting:
        return waiting
    rule = rulebook.rule(f"personal_data.{_CLOCKS[wanted]}", on=local_date(at, get_city().tz)).value
    made = DataRequest.objects.create(
        report=row, kind=wanted, words=words, asked_at=at, due_at=at + timedelta(hours=rule["amount"])
    )
    _record(row, events.DataRequested(report=row.pk, request=made.pk, kind=wanted.value), at=at)
    if wanted is DataRequest.Kind.WITHDRAW:
        hide(report=row, at=at)
    return made


def requests_for(person: Person) -> QuerySet[DataRequest]:
    """The requests that a person decides: the coordinator's, and on conduct the Inspektorat's."""
    if not (person.can(roles.COORDINATE) or person.can(roles.OVERSIGHT)):
        return DataRequest.objects.none()
    rows = DataRequest.objects.select_related("report__category", "report__place")
    if not person.can(roles.COORDINATE):
        rows = rows.filter(report__about_conduct=True)
    if not person.can(roles.OVERSIGHT):
        rows = rows.filter(report__about_conduct=False)
    return rows


def count_waiting(person: Person) -> int:
    """For the desk's menu."""
    if not (person.can(roles.COORDINATE) or person.can(roles.OVERSIGHT)):
        return 0
    return sum(_how_many_wait.rows(person.grants))


_how_many_wait: CompiledFor[tuple[GrantInForce, ...], int] = CompiledFor(
    lambda grants: (
        requests_for(Person(grants=grants))
        .filter(decided_at__isnull=True)
        .values("report__about_conduct")
        .annotate(n=Count("pk"))
        .values_list("n", flat=True)
    )
)


def was_withdrawn(report: Report) -> bool:
    """Whether its reporter asked that the report be withdrawn, and it was."""
    return DataRequest.objects.filter(
        report=report, kind=DataRequest.Kind.WITHDRAW, decision=DataRequest.Decision.GRANTED
    ).exists()


def requests_of(report: Report) -> QuerySet[DataRequest]:
    return DataRequest.objects.filter(report=report).order_by("asked_at", "pk")


@transaction.atomic
def decide(*, request: int, grant: bool, reason: str, by: Person, at: datetime) -> DataRequest:
    """An officer grants or refuses, with words for the reporter. Raises NotAllowed."""
    row = requests_for(by).select_for_update(of=("self",)).filter(pk=request).first()
    if row is None:
        raise NotAllowed("This person does not decide this request.")
    if row.decided_at is not None:
        return row
    row.decision = DataRequest.Decision.GRANTED if grant else DataRequest.Decision.REFUSED
    row.reason, row.decided_at, row.decided_by = reason, at, by.acting
    power = roles.OVERSIGHT if row.report.about_conduct else roles.COORDINATE
    row.office = min(by.offices(power))
    row.save()
    fact = events.DataRequestDecided(report=row.report_id, request=row.pk, kind=row.kind, is_granted=grant)
    ledger.record(
        fact, subject=subject_of(row.report), at=at, by=by.account, on_behalf_of=row.office,
        place=row.report.place.code,
    )  # fmt: skip
    if grant:
        _carry_out(row, by=by, at=at)
    return row


def _carry_out(row: DataRequest, *, by: Person, at: datetime) -> None:
    report = _locked(row.report)
    if row.kind == DataRequest.Kind.WITHDRAW:
        _close_cases(report, row.reason, by=by, at=at)
    if row.kind == DataRequest.Kind.ERASE and not is_erased(report):
        _erase_words(report, at=at)


def _close_cases(report: Report, words: str, *, by: Person, at: datetime) -> None:
    """Work that nobody has begun ends; what an office has finished already stays as it is."""
    for case in casework.queries.cases_of(subject=subject_of(report)):
        if casework.Verb.REJECT not in casework.access.offered(by, case):
            continue
        said = conversation.post(
            subject=case.subject, audience=Audience.REPORTER, kind="rejection", body=words, at=at,
            office=casework.access.speaking_for(by, roles.VERIFY, case), by=by.account,
        )  # fmt: skip
        casework.actions.reject_case(case=case.uuid, reason=WITHDRAWN, message=said, by=by, at=at)


# ── An account ─────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def erase_account(*, person: Person, reports: Iterable[Report], at: datetime) -> None:
    """A resident's account, with who they are in all their reports. Raises `people.HasAuthority` for officers."""
    account = person.acting
    for report in reports:
        erase_person(report=report, at=at)
    notices.forget_recipient(f"account:{account}")
    people.erase_account(account, at=at)


# ── Who looked ─────────────────────────────────────────────────────────────────────────────────────────────


def looks_at(report: Report) -> list[tuple[datetime, str]]:
    """When an office looked at who the reporter is, and which; no officer is named."""
    offices = people.directory().by_id
    return [
        (fact.occurred_at, offices[fact.on_behalf_of].name if fact.on_behalf_of in offices else _("kantor"))
        for fact in ledger.facts_about(subject_of(report))
        if fact.name == events.IdentityViewed.name
    ]


@transaction.atomic
def note_copy(*, report: Report, at: datetime) -> None:
    """The reporter took a copy of all that is kept."""
    _record(report, events.DataGiven(report=report.pk), at=at)
