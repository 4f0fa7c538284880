"""What happens to reports."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import h3.api.basic_int as h3
from django.db import IntegrityError, connection, transaction
from django.utils.translation import get_language

from guyub.events import reports as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NOBODY, NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city, signature
from guyub.kernel.compiled import ask_prepared
from guyub.kernel.files import api as files
from guyub.kernel.inserting import insert
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports import following, redacting
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.models import Answer, Category, Draft, Report
from guyub.rooms.reports.rules import classification_of, number_for
from guyub.ui.rows import shortened


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a reporter sends. `submission` is a random id made by the sender: sending again changes nothing.

    `place` is the code of a kelurahan or desa; `lat`/`lon` (WGS 84) come together or not at all. `mark` is what
    the inbox says before all else, such as the channel that it came by, `answers` what is said to the category's
    questions, by the question's id.
    """

    submission: UUID
    report_class: str
    category: str
    body: str
    place: str
    about_conduct: bool = False
    rw: str = ""
    rt: str = ""
    landmark: str = ""
    lat: float | None = None
    lon: float | None = None
    is_anonymous: bool = False
    is_confidential: bool = False
    for_neighbour: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    draft: UUID | None = None
    mark: str = ""
    answers: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What the reporter gets back: the number to read aloud and the secret link's key."""

    number: str
    follow_key: str
    is_new: bool = field(compare=False, default=True)


def follow_key(report: UUID, issue: int = 0) -> str:
    """The secret part of the reporter's own link; it is signed for this city and stored nowhere.

    `issue` counts how often the reporter changed it: the key of an earlier issue opens nothing.
    """
    value = follow_value(report, issue)
    return f"{value}-{signature('follow', value)}"


def follow_value(report: UUID, issue: int) -> str:
    """What is signed: a report's id, followed by the number of the issue once there has been another."""
    return f"{report.hex}{issue:04x}" if issue else report.hex


def subject_of(report: Report) -> str:
    return f"reports.report:{report.pk}"


def submit_report(*, what: Submission, by: Person = NOBODY, at: datetime) -> Receipt:
    """Take a report in, route it and start its clocks, all or nothing. Sent twice it is taken once.

    Raises `Category.DoesNotExist`, `places.UnknownPlace`, `rulebook.NoRule`.
    """
    try:
        with transaction.atomic():
            return _submit(what, by, at)
    except IntegrityError:  # the submission's id is unique: most often it is here already
        found = _already(what.submission)
        if found is None:
            raise
        return found


def _already(submission: UUID) -> Receipt | None:
    row = Report.objects.filter(submission=submission).only("number", "uuid", "link_issue").first()
    return Receipt(row.number, follow_key(row.uuid, row.link_issue), is_new=False) if row else None


def _offered(code: str) -> Category:
    found = categories().by_code.get(code)
    if found is None or not found.is_active:
        raise Category.DoesNotExist(code)
    return found


def _submit(what: Submission, by: Person, at: datetime) -> Receipt:
    category = _offered(what.category)
    place = places.gazetteer().get(what.place)
    contact = people.add_contact(
        name=what.name, email=what.email, phone=what.phone, account=by.account, at=at
    )
    about_conduct = what.about_conduct or category.is_conduct
    report = Report(
        submission=what.submission,
        report_class=what.report_class,
        about_conduct=about_conduct,
        category=category,
        body=what.body,
        place_id=place.id,
        rw=what.rw,
        rt=what.rt,
        landmark=what.landmark,
        lat=what.lat,
        lon=what.lon,
        h3_9=cell(what.lat, what.lon),
        is_anonymous=what.is_anonymous,
        is_confidential=what.is_confidential,
        for_neighbour=what.for_neighbour and by.account is not None,
        account_id=by.account,
        contact_id=contact,
        submitted_at=at,
        changed_at=at,
        number=_next_number(at),
        has_answers=bool(what.answers),
    )
    insert(report)
    if what.answers:
        Answer.objects.bulk_create(
            Answer(report=report, attribute_id=attribute, value=value)
            for attribute, values in what.answers
            for value in values
        )
    if what.draft:
        files.keep(draft=what.draft, subject=subject_of(report))
        Draft.objects.filter(uuid=what.draft).delete()
    hidden = about_conduct or what.is_anonymous
    fact = events.ReportSubmitted(
        report=report.pk,
        number=report.number,
        report_class=what.report_class,
        category=category.code,
        about_conduct=about_conduct,
        is_hazard=category.is_hazard,
    )
    ledger.record(
        fact, subject=subject_of(report), at=at, by=None if hidden else by.account, place=place.code
    )
    casework.actions.open_case(
        kind="report",
        subject=subject_of(report),
        number=report.number,
        label=label_for(
            f"{what.mark} · {category.name_id}" if what.mark else category.name_id, what.landmark, what.body
        ),
        classification=classification_of(report_class=what.report_class, about_conduct=about_conduct),
        category=category.code,
        place=place.code,
        is_hazard=category.is_hazard,
        at=at,
        point=None if what.lat is None or what.lon is None else (what.lat, what.lon),
    )
    return Receipt(report.number, follow_key(report.uuid))


def cell(lat: float | None, lon: float | None) -> int | None:
    """The H3 cell of resolution 9 (edge 201 m) of a point."""
    return None if lat is None or lon is None else int(h3.latlng_to_cell(lat, lon, 9))


def label_for(category: str, landmark: str, body: str) -> str:
    """What the inbox shows: the category and where or how it was said."""
    words = landmark or shortened(body, 60)
    return f"{category} · {words}"[:160]


def _next_number(at: datetime) -> str:
    year = local_date(at, get_city().tz).year
    return number_for(year=year, count=ask_prepared(connection, _COUNT_ON, [year])[0][0])


_COUNT_ON = """
INSERT INTO reports_numbering AS n (year, last) VALUES (%s, 1)
ON CONFLICT (year) DO UPDATE SET last = n.last + 1 RETURNING last
"""


def follow_case_change(case: Case, at: datetime) -> None:
    """A case moved: derive the report's public state from all its cases, in the same transaction."""
    report = Report.objects.select_for_update().select_related("place").get(pk=case.subject.partition(":")[2])
    states = [casework.State(c.state) for c in casework.queries.cases_of(subject=case.subject)]
    state = casework.derive(states)
    if state == report.state:
        return
    fact = events.ReportStateChanged(
        report=report.pk, from_state=report.state, to_state=state, about_conduct=report.about_conduct
    )
    report.state = state
    report.ended_at = at if state in casework.ENDED else None
    report.changed_at = at
    changed = ["state", "ended_at", "changed_at"]
    if (
        state is casework.State.WORK_DONE
    ):  # what was said of an earlier completion does not count for this one
        report.said_fixed = report.said_same = 0
        changed += ["said_fixed", "said_same"]
    report.save(update_fields=changed)
    ledger.record(fact, subject=case.subject, at=at, place=report.place.code)


@transaction.atomic
def verify_report(
    *,
    case: UUID,
    public_body: str,
    photos: Iterable[UUID],
    by: Person,
    at: datetime,
    public_landmark: str | None = None,
    shown: Iterable[str] = (),
) -> Case:
    """An officer has read it: publish the words as they may be read and the photos chosen; the clock starts.

    What looks personal in them is masked but for `shown`, which the officer knows to be none. `public_landmark` is
    None where the reporter's own may stand. What is *rahasia* or about conduct is verified and stays unpublished. Raises NotAllowed, NotPossible.
    """
    row = casework.actions.verify_case(case=case, by=by, at=at)
    report = _report_of(row)
    if report.about_conduct or report.is_confidential:
        return row
    report.published_at = report.changed_at = at
    report.edited_body = None if public_body.strip() == report.body.strip() else public_body
    report.edited_landmark = None if public_landmark in (None, report.landmark) else public_landmark
    before = redacting.choices_of(report.pk)
    chosen = redacting.Choices(tuple(dict.fromkeys([*before.shown, *shown])), before.hidden)
    if chosen != before:
        redacting.keep(report.pk, chosen, at=at)
    redacting.dress(report, redacting.form_for(chosen))
    report.save(update_fields=[*redacting.DRESSED, "published_at", "changed_at"])
    files.Photo.objects.filter(subject=subject_of(report), uuid__in=list(photos)).update(is_public=True)
    read, said = (report.public_body, report.public_landmark), (report.body, report.landmark)
    redacted = [text.strip() for text in read] != [text.strip() for text in said]
    fact = events.ReportPublished(report=report.pk, is_redacted=redacted)
    ledger.record(
        fact,
        subject=row.subject,
        at=at,
        by=by.account,
        on_behalf_of=casework.access.speaking_for(by, roles.VERIFY, row),
        place=row.place_code,
    )
    return row


def hide_again(case: Case, *, since: datetime, by: Person, at: datetime) -> None:
    """Verification was taken back: what it has published since is hidden again, in the transaction that puts the
    case back.
    """
    report = _report_of(case)
    if report.published_at is None or report.published_at < since:
        return
    report.public_body, report.public_landmark, report.published_at = "", "", None
    report.changed_at = at
    report.edited_body = report.edited_landmark = None
    report.save(update_fields=[*redacting.DRESSED, "published_at", "changed_at"])
    files.Photo.objects.filter(subject=subject_of(report)).update(is_public=False)
    ledger.record(
        events.ReportWithdrawn(report=report.pk),
        subject=case.subject,
        at=at,
        by=by.account,
        on_behalf_of=case.office_id,
        place=case.place_code,
    )


def _report_of(case: Case) -> Report:
    return Report.objects.get(pk=case.subject.partition(":")[2])


def _speak(
    case: Case, power: str, *, audience: Audience, kind: str, words: str, by: Person, at: datetime
) -> int:
    """Words in the name of the office for which this person acts. Raises NotAllowed."""
    return conversation.post(
        subject=case.subject,
        audience=audience,
        kind=kind,
        body=words,
        at=at,
        office=casework.access.speaking_for(by, power, case),
        by=by.account,
        form=redacting.form_of(int(case.subject.partition(":")[2])),
    )


@transaction.atomic
def answer_report(*, case: UUID, words: str, by: Person, at: datetime) -> Case:
    """The office answers in public; what is *rahasia* or about conduct only the reporter reads.

    Raises NotAllowed, NotPossible.
    """
    row = Case.objects.get(uuid=case)
    report = _report_of(row)
    hidden = report.about_conduct or report.is_confidential
    audience = Audience.REPORTER if hidden else Audience.PUBLIC
    said = _speak(row, roles.ANSWER, audience=audience, kind="answer", words=words, by=by, at=at)
    return casework.actions.answer_case(case=case, message=said, by=by, at=at)


@transaction.atomic
def ask_reporter(*, case: UUID, words: str, by: Person, at: datetime) -> Case:
    """The office asks the reporter; only the two of them read it. Raises NotAllowed, NotPossible."""
    row = Case.objects.get(uuid=case)
    said = _speak(row, roles.ANSWER, audience=Audience.REPORTER, kind="question", words=words, by=by, at=at)
    return casework.actions.ask_reporter(case=case, message=said, by=by, at=at)


@transaction.atomic
def note_inside(*, case: UUID, words: str, by: Person, at: datetime) -> int:
    """A note that only officers who see the case can read, in the name of the office that writes it.

    The same words sent twice in a row are kept once. Raises NotAllowed.
    """
    row = Case.objects.get(uuid=case)
    if not casework.access.may(by, roles.NOTE, row):
        raise NotAllowed("This person may not write notes on this case.")
    speaking = casework.access.speaking_for(by, roles.NOTE, row)
    before = conversation.words_about(subject=row.subject, audiences=[Audience.OFFICE])
    if before and (before[-1].office, before[-1].body) == (speaking, words):
        return before[-1].id
    return conversation.post(
        subject=row.subject,
        audience=Audience.OFFICE,
        kind="note",
        body=words,
        at=at,
        office=speaking,
        by=by.account,
    )


@transaction.atomic
def complete_report(
    *,
    case: UUID,
    words: str,
    photos: UUID,
    by: Person,
    at: datetime,
    capture: casework.Capture = casework.NOT_SAID,
    submission: UUID | None = None,
) -> Case:
    """The office shows the finished work; the reporter is asked. Raises NotAllowed, NotPossible, `files.NotAPhoto`."""
    row = casework.actions.complete_case(
        case=case, words=words, photos=photos, by=by, at=at, capture=capture, submission=submission
    )
    show_proof(row)
    return row


def show_proof(case: Case) -> None:
    """What the office showed of its work may be seen by whoever may read the report."""
    report = _report_of(case)
    if report.published_at and not report.is_confidential:
        for proof in casework.queries.proofs_of(cases=[case.pk]):
            files.publish(f"casework.evidence:{proof.id}")


@transaction.atomic
def reject_report(*, case: UUID, reason: str, words: str, by: Person, at: datetime) -> Case:
    """It cannot be processed; the reporter is told why. Raises NotAllowed, NotPossible."""
    row = Case.objects.get(uuid=case)
    said = _speak(row, roles.VERIFY, audience=Audience.REPORTER, kind="rejection", words=words, by=by, at=at)
    return casework.actions.reject_case(case=case, reason=reason, message=said, by=by, at=at)


def _own_cases(report: Report, state: casework.State, part: int | None) -> list[Case]:
    """The cases of a report that wait in a state: the one part that is meant, or all."""
    cases = casework.queries.cases_of(subject=subject_of(report))
    found = [case for case in cases if case.state == state and part in (None, case.part)]
    if not found:
        raise casework.NotPossible(casework.State(report.state), casework.Move.REPLY)
    return found


@transaction.atomic
def reply(*, report: Report, words: str, at: datetime, part: int | None = None) -> None:
    """The reporter answers the office's question. The caller has checked the link or the account. Raises NotPossible."""
    case = _own_cases(report, casework.State.WAITING_REPORTER, part)[0]
    said = conversation.post(
        subject=case.subject,
        audience=Audience.REPORTER,
        kind="reply",
        body=words,
        at=at,
        by=report.account_id,
    )
    casework.actions.reporter_replied(case=case.uuid, message=said, at=at)


@transaction.atomic
def confirm(*, report: Report, at: datetime, part: int | None = None) -> None:
    """The reporter confirms the fix: one office's part, or all that are finished.

    The caller has checked that it is the reporter. Raises NotPossible.
    """
    for case in _own_cases(report, casework.State.WORK_DONE, part):
        casework.actions.confirm_fix(case=case.uuid, at=at)


@transaction.atomic
def dispute(
    *, report: Report, words: str, draft: UUID | None = None, at: datetime, part: int | None = None
) -> None:
    """ "Belum selesai", with words or a photo: the case opens again. Raises NotPossible, ValueError for neither."""
    if not words.strip() and not (draft and files.Photo.objects.filter(draft=draft).exists()):
        raise ValueError("Say what is not finished, or show it.")
    case = _own_cases(report, casework.State.WORK_DONE, part)[0]
    said = _not_done(report, case, words, draft, at)
    casework.actions.dispute_fix(case=case.uuid, message=said, at=at)


def _not_done(report: Report, case: Case, words: str, draft: UUID | None, at: datetime) -> int:
    said = conversation.post(
        subject=case.subject,
        audience=Audience.REPORTER,
        kind="dispute",
        body=words,
        at=at,
        by=report.account_id,
    )
    if draft:
        files.keep(draft=draft, subject=f"conversation.message:{said}")
    return said


@transaction.atomic
def appeal(
    *, report: Report, words: str, draft: UUID | None = None, at: datetime, part: int | None = None
) -> None:
    """*Keberatan*: declared done again, and still it is not; the office above judges, once. Raises NotPossible."""
    cases = _own_cases(report, casework.State.WORK_DONE, part)
    case = next((one for one in cases if casework.appeals.can_appeal(one)), cases[0])
    said = _not_done(report, case, words, draft, at)
    casework.appeals.appeal(case=case.uuid, message=said, at=at)


@transaction.atomic
def judge_appeal(
    *, appeal: casework.appeals.Appeal, decision: str, words: str, by: Person, at: datetime
) -> Case:
    """The office above decides, in public where the report is. Raises NotAllowed, `casework.appeals.NothingToJudge`."""
    report = _report_of(appeal.case)
    hidden = report.about_conduct or report.is_confidential or report.published_at is None
    said = conversation.post(
        subject=appeal.case.subject,
        audience=Audience.REPORTER if hidden else Audience.PUBLIC,
        kind="answer",
        body=words,
        at=at,
        office=appeal.to_office_id,
        by=by.account,
    )
    return casework.appeals.decide(appeal=appeal.pk, decision=decision, answer=said, by=by, at=at)


@transaction.atomic
def change_link(*, report: Report, request: UUID, at: datetime) -> str:
    """Give the reporter a new link and end the old one; returns the new key. The caller has checked the old.

    `request` is made by the page that asks: asking again, because the answer was lost, gives the same new link.
    """
    row = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    if row.link_request != request:
        row.link_issue, row.link_request = row.link_issue + 1, request
        row.save(update_fields=["link_issue", "link_request"])
        ledger.record(events.LinkChanged(report=row.pk), subject=subject_of(row), at=at)
    return follow_key(row.uuid, row.link_issue)


@transaction.atomic
def support(*, report: Report, supporter: str, at: datetime) -> bool:
    """ "Saya juga mengalami": counted once a person or device; returns whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_support (report_id, supporter, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [report.pk, supporter, at],
        )
        if not cursor.rowcount:
            return False
        cursor.execute(_ONE_MORE, {"report": report.pk, "supporter": supporter})
    ledger.record(events.ReportSupported(report=report.pk), subject=subject_of(report), at=at)
    kind, _, account = supporter.partition(":")
    if kind == "account":
        _follow_what_one_supports(report, int(account), at)
    return True


# Who supported a report that was merged into this one is counted here already.
_ONE_MORE = """
UPDATE reports_report SET supporters = supporters + 1 WHERE id = %(report)s AND NOT EXISTS (
    WITH RECURSIVE below (id) AS (
        SELECT m.report_id FROM reports_merge m JOIN reports_report r ON r.id = m.report_id
        WHERE m.into_id = %(report)s AND m.undone_at IS NULL AND NOT r.is_confidential
        UNION
        SELECT m.report_id FROM reports_merge m JOIN below ON m.into_id = below.id
        WHERE m.undone_at IS NULL
    )
    SELECT FROM reports_support WHERE supporter = %(supporter)s AND report_id IN (SELECT id FROM below)
)
"""


def _follow_what_one_supports(report: Report, account: int, at: datetime) -> None:
    """Whoever suffers the same and has an account is told how it goes; they can end it at any time."""
    row = following.follower_of_account(account=account, language=get_language() or "id", at=at)
    with contextlib.suppress(following.TooMany):
        following.follow(follower=row, thing=following.Thing(report=report.pk), at=at)


@transaction.atomic
def view_identity(*, case: UUID, by: Person, at: datetime) -> people.Identity:
    """Show an officer who the reporter is, and record that they looked. Raises NotAllowed."""
    row = Case.objects.get(uuid=case)
    report = _report_of(row)
    if not casework.access.may_see_identity(by, row, is_anonymous=report.is_anonymous):
        raise NotAllowed("This person may not see who reported.")
    power = roles.OVERSIGHT if row.is_restricted else roles.IDENTITY
    ledger.record(
        events.IdentityViewed(report=report.pk),
        subject=row.subject,
        at=at,
        by=by.account,
        on_behalf_of=casework.access.speaking_for(by, power, row),  # the coordinator looks as such
        place=row.place_code,
    )
    return people.identity(account=report.account_id, contact=report.contact_id)


def keep_draft(*, values: dict[str, Any], at: datetime, draft: UUID | None = None) -> UUID:
    """Keep a half-filled form for the days that the rulebook gives; returns the draft's id."""
    days = rulebook.rule("complaint_clocks.draft_days", on=local_date(at, get_city().tz)).value["amount"]
    row = Draft.objects.filter(uuid=draft).first() if draft else None
    row = row or Draft(created_at=at)
    row.values, row.expires_at = json.dumps(values), at + timedelta(days=days)
    row.save()
    return row.uuid


def find_draft(draft: UUID, *, at: datetime) -> dict[str, Any] | None:
    """The values of a draft that is still kept."""
    row = Draft.objects.filter(uuid=draft, expires_at__gt=at).first()
    return json.loads(row.values) if row else None


def drop_expired_drafts(*, at: datetime) -> int:
    """Remove old drafts with their photos; returns how many."""
    old = list(Draft.objects.filter(expires_at__lte=at).values_list("uuid", flat=True)[:500])
    files.remove(files.Photo.objects.filter(draft__in=old))
    Draft.objects.filter(uuid__in=old).delete()
    return len(old)
