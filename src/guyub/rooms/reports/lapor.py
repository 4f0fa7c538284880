"""SP4N-LAPOR! without double work: items enter once under their own number, answers leave by copying, and a list says
which have not left yet. There is no interface between the two systems; people carry the words (docs/decisions)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import casework as cases
from guyub.events import reports as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import fingerprint, get_city
from guyub.kernel.compiled import Compiled
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.api import RecordedFact
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, State, Verb
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports import redacting
from guyub.rooms.reports.actions import Submission, subject_of, submit_report
from guyub.rooms.reports.lapor_rules import Item, match_place, suggest_category
from guyub.rooms.reports.models import Category, Origin, Report

LAPOR = Origin.Channel.LAPOR
# What the reporter should read there, and so waits to be copied.
ANSWERS = (
    cases.CaseAnswered,
    cases.WorkCompleted,
    cases.CaseRejected,
    cases.ScheduleDecided,
    cases.CaseExpired,
)


class WrongDate(ValueError):
    """The item's day lies ahead or too far back."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an item: its report's number, and whether it was not here before."""

    number: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An item that is ready to enter. `received_at` (UTC) is LAPOR!'s own moment: the clocks run from it."""

    external_id: str
    body: str
    report_class: str
    category: str
    place: str
    received_at: datetime
    landmark: str = ""
    about_conduct: bool = False
    is_anonymous: bool = False
    is_confidential: bool = False


# ── Entering ───────────────────────────────────────────────────────────────────────────────────────────────


def oldest_day(at: datetime) -> datetime:
    """Before this moment an item's date is more likely wrong than right (rulebook `lapor.oldest`)."""
    days = rulebook.rule("lapor.oldest", on=local_date(at, get_city().tz)).value["amount"]
    return at - timedelta(days=days)


def enter_item(*, item: Wanted, by: Person, at: datetime) -> Entered:
    """Bring an item of SP4N-LAPOR! in as a report, routed and with its clocks; the same number again changes nothing.

    Raises NotAllowed, WrongDate, `Category.DoesNotExist`, `places.UnknownPlace`.
    """
    if not by.can(roles.COORDINATE):
        raise NotAllowed("Only the coordinator enters items of another channel.")
    if not oldest_day(at) <= item.received_at <= at:
        raise WrongDate(item.received_at)
    found = find_entered(item.external_id)
    if found is None:
        try:
            with transaction.atomic():
                return _enter(item, by, at)
        except IntegrityError:
            found = find_entered(item.external_id)
            if found is None:
                raise
    return Entered(found, is_new=False)


def find_entered(external_id: str) -> str | None:
    """The number of the report that an item became."""
    rows = Origin.objects.filter(channel=LAPOR, external_id=external_id)
    return rows.values_list("report__number", flat=True).first()


def entered_among(external_ids: list[str]) -> dict[str, str]:
    """Which of these items are here already, with their reports' numbers. One query."""
    rows = Origin.objects.filter(channel=LAPOR, external_id__in=external_ids)
    return dict(rows.values_list("external_id", "report__number"))


def _enter(item: Wanted, by: Person, at: datetime) -> Entered:
    # The id by which a sender may send again is a secret, so it follows from the number under the city's own key.
    submission = UUID(fingerprint("lapor", item.external_id)[:32])
    what = Submission(
        submission=submission,
        report_class=item.report_class,
        category=item.category,
        body=item.body,
        place=item.place,
        landmark=item.landmark,
        about_conduct=item.about_conduct,
        is_anonymous=item.is_anonymous,
        is_confidential=item.is_confidential,
        mark="LAPOR!",
    )
    number = submit_report(what=what, at=item.received_at).number
    report = Report.objects.select_related("place").get(number=number)
    Origin.objects.create(
        report=report, channel=LAPOR, external_id=item.external_id, entered_by=by.acting, entered_at=at
    )
    ledger.record(
        events.LaporItemEntered(report=report.pk, external_id=item.external_id),
        subject=subject_of(report),
        at=at,
        by=by.account,
        on_behalf_of=min(by.offices(roles.COORDINATE)),
        place=report.place.code,
    )
    return Entered(number, is_new=True)


_origins: Compiled[Origin] = Compiled(lambda report: Origin.objects.filter(report_id=report, channel=LAPOR))


def find_origin(report: Report) -> Origin | None:
    """The item of LAPOR! that a report is; None for what came by another door."""
    return next(iter(_origins.rows(report=report.pk)), None)


def external_id_of(report: Report) -> str:
    """The item's number in LAPOR!, '' for a report of our own."""
    origin = find_origin(report)
    return origin.external_id if origin else ""


# ── Suggestions ────────────────────────────────────────────────────────────────────────────────────────────


class Suggester:
    """A category and a place that an item seems to mean, '' for what cannot be told. Reads the categories once."""

    def __init__(self) -> None:
        rows = list(Category.objects.filter(is_active=True))
        self.names = {row.code: row.name_id for row in rows}
        self._known = {row.code: [*filter(None, row.words_id.split("; ")), row.name_id] for row in rows}
        self._places = [(row.code, row.name, row.district) for row in places.gazetteer().settlements]

    def __call__(self, item: Item) -> tuple[str, str]:
        body = item.body[:4000]
        category = suggest_category([item.category, item.title, body], self._known)
        return category, match_place([item.place, item.title, body], self._places)


def moment_of(item: Item, at: datetime) -> datetime | None:
    """When LAPOR! received an item. A day without an hour that is today's lies at most now."""
    if item.when is None:
        return None
    when = item.when.replace(tzinfo=get_city().tz)
    is_today = item.when.date() == local_date(at, get_city().tz)
    return min(when, at) if is_today else when


def body_of(item: Item) -> str:
    """The title is said first unless the body begins with it."""
    if not item.title or item.body.startswith(item.title):
        return item.body
    return f"{item.title}\n\n{item.body}" if item.body else item.title


def landmark_of(item: Item) -> str:
    return item.place[:160]


# ── What an office may do with it ──────────────────────────────────────────────────────────────────────────


def offered(origin: Origin | None, verbs: list[Verb]) -> list[Verb]:
    """The reporter of an item cannot be asked through us: LAPOR! keeps who they are."""
    return [verb for verb in verbs if not (origin and verb is Verb.ASK)]


def may_copy(person: Person, case: Case) -> bool:
    return casework.access.may(person, roles.ANSWER, case)


def may_record_reaction(person: Person, case: Case) -> bool:
    if State(case.state) is not State.WORK_DONE:
        return False
    held = roles.OVERSIGHT if case.is_restricted else roles.COORDINATE
    return person.can(held) and casework.access.may(person, roles.ANSWER, case)


@transaction.atomic
def record_reaction(*, case: UUID, reaction: str, words: str, by: Person, at: datetime) -> None:
    """The coordinator writes down what the reporter said in LAPOR!: 'confirm' or 'dispute' (then with words).

    Raises NotAllowed, NotPossible, ValueError.
    """
    row = Case.objects.get(uuid=case)
    report = Report.objects.select_related("place").get(pk=row.subject.partition(":")[2])
    if find_origin(report) is None or not may_record_reaction(by, row):
        raise NotAllowed("This is not theirs to record.")
    if reaction not in ("confirm", "dispute") or (reaction == "dispute" and not words.strip()):
        raise ValueError("Say what the reporter said.")
    said = 0
    if words.strip():
        said = conversation.post(
            subject=row.subject, audience=Audience.REPORTER, kind=reaction, body=words, at=at, by=by.account
        )
    if reaction == "confirm":
        casework.actions.confirm_fix(case=case, at=at)
    else:
        casework.actions.dispute_fix(case=case, message=said, at=at)
    fact = events.LaporReactionRecorded(
        report=report.pk, reaction=reaction, message=said if reaction == "confirm" else 0
    )
    office = casework.access.speaking_for(by, roles.ANSWER, row)
    ledger.record(
        fact, subject=row.subject, at=at, by=by.account, on_behalf_of=office, place=report.place.code
    )


# ── Carrying answers back ──────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def note_answer(*, fact: RecordedFact) -> None:
    """An office said something that the reporter should read: it waits to be copied. May run again, in any order."""
    rows = Origin.objects.select_for_update().filter(pk=int(fact.subject.partition(":")[2]))
    origin = rows.filter(channel=LAPOR).first()
    if origin is None or fact.id <= max(origin.copied_fact, origin.answered_fact):
        return
    origin.answered_fact, origin.answered_at = fact.id, fact.occurred_at
    origin.waiting_since = origin.waiting_since or fact.occurred_at
    origin.save(update_fields=["answered_fact", "answered_at", "waiting_since"])


@dataclass(frozen=True, slots=True)
class Answer:
    """The words to paste, and the newest fact that they tell of (0 if nothing was said yet)."""

    text: str
    through: int


def answer_of(report: Report, origin: Origin) -> Answer:
    """What LAPOR!'s reporter should read: who said what, and the state. Nothing that only officers know.

    In Indonesian whatever the officer's language: it goes to a resident.
    """
    subject = subject_of(report)
    said = conversation.words_by_id(subject=subject, audiences=[Audience.PUBLIC, Audience.REPORTER])
    found = casework.queries.cases_of(subject=subject)
    proofs = {one.id: one for one in casework.queries.proofs_of(cases=[case.pk for case in found])}
    plans = {one.id: one for one in casework.queries.schedules_of(cases=[case.pk for case in found])}
    wanted = {kind.name for kind in ANSWERS}
    form = redacting.form_of(report.pk)  # what is pasted there may be read by everyone there
    parts, through = [], 0
    with override("id"):
        for fact in ledger.facts_about(subject):
            if fact.name in wanted and (words := _words_of(fact, said, proofs, plans)):
                parts.append(form(words))
                through = max(through, fact.id)
        state = casework.wording.STATE_LABELS[State(report.state)]
        head = _("Laporan SP4N-LAPOR! %(id)s, tercatat di %(government)s dengan nomor %(number)s.") % {
            "id": origin.external_id,
            "government": get_city().government_name,
            "number": report.number,
        }
        text = "\n\n".join([head, *parts, _("Status: %(state)s.") % {"state": state}])
    return Answer(text, through)


def _words_of(fact: RecordedFact, said: dict, proofs: dict, plans: dict) -> str:
    """One answer with its office and day; '' for a proposal that was declined."""
    payload = fact.payload
    words = ""
    if "message" in payload and payload["message"] in said:
        words = said[payload["message"]].body
    elif fact.name == cases.WorkCompleted.name and payload["evidence"] in proofs:
        words = _("Pekerjaan dinyatakan selesai: %(words)s") % {"words": proofs[payload["evidence"]].words}
    elif fact.name == cases.ScheduleDecided.name:
        plan = plans.get(payload["schedule"])
        if not payload["is_approved"] or plan is None:
            return ""
        month = date_format(plan.target_month, "F Y")
        words = _("Pekerjaan dijadwalkan %(month)s: %(reason)s") % {"month": month, "reason": plan.reason}
    elif fact.name == cases.CaseExpired.name:
        words = _("Laporan ditutup karena tidak ada tanggapan pelapor sampai batas waktu.")
    office = people.directory().by_id.get(payload.get("office", 0))
    day = date_format(local_date(fact.occurred_at, get_city().tz), "j F Y")
    return f"{office.name if office else get_city().government_name}, {day}:\n{words}" if words else ""


@transaction.atomic
def mark_copied(*, case: UUID, through: int, by: Person, at: datetime) -> bool:
    """Somebody pasted the answers up to a fact into LAPOR!; what was said after it goes on waiting.

    Returns whether that is new. Raises NotAllowed, ValueError for a fact that is no answer of this report.
    """
    row = Case.objects.get(uuid=case)
    if not may_copy(by, row):
        raise NotAllowed("This person does not answer this case.")
    rows = Origin.objects.select_for_update().filter(channel=LAPOR)
    origin = rows.filter(pk=int(row.subject.partition(":")[2])).first()
    names = {kind.name for kind in ANSWERS}
    answers = [
        fact
        for fact in ledger.facts_about(row.subject)
        if fact.name in names and fact.payload.get("is_approved", True)
    ]
    if origin is None or through not in {fact.id for fact in answers}:
        raise ValueError("There is no such answer.")
    if through <= origin.copied_fact:
        return False
    later = [fact for fact in answers if through < fact.id <= origin.answered_fact]
    origin.copied_fact, origin.copied_at, origin.copied_by = through, at, by.acting
    origin.waiting_since = later[0].occurred_at if later else None
    origin.save()
    ledger.record(
        events.LaporAnswerCopied(report=origin.pk, through=through),
        subject=row.subject,
        at=at,
        by=by.account,
        on_behalf_of=casework.access.speaking_for(by, roles.ANSWER, row),
        place=row.place_code,
    )
    return True


def name_of_copier(origin: Origin) -> str:
    """Who copied last, for the officers who see the case."""
    return people.identity(account=origin.copied_by, contact=None).name if origin.copied_by else ""


# ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────


def not_copied(person: Person) -> QuerySet[Origin]:
    """The reports whose answers wait to be copied, of those that a person sees, the oldest answer first."""
    waiting = Origin.objects.filter(waiting_since__isnull=False).order_by("waiting_since", "pk")
    subjects = [f"reports.report:{pk}" for pk in waiting.values_list("pk", flat=True)]
    seen = casework.access.visible(person).filter(subject__in=subjects).values_list("subject", flat=True)
    reports = [int(subject.partition(":")[2]) for subject in seen]
    return waiting.filter(pk__in=reports).select_related("report__category", "report__place")


def count_not_copied(person: Person) -> int:
    """For the desk's menu: two queries, and one where nothing waits."""
    if not (person.can(roles.COORDINATE) or person.can(roles.OVERSIGHT)):
        return 0
    return not_copied(person).count() if _any_waiting.rows() else 0


_any_waiting: Compiled[int] = Compiled(
    lambda: Origin.objects.filter(waiting_since__isnull=False).values_list("pk", flat=True)[:1]
)


def newest_entered(person: Person, *, limit: int) -> list[Origin]:
    """What was entered last, of what a person sees."""
    rows = list(Origin.objects.filter(channel=LAPOR).order_by("-entered_at")[: limit * 2])
    subjects = [f"reports.report:{row.pk}" for row in rows]
    seen = set(casework.access.visible(person).filter(subject__in=subjects).values_list("subject", flat=True))
    ids = [row.pk for row in rows if f"reports.report:{row.pk}" in seen][:limit]
    found = Origin.objects.filter(pk__in=ids).select_related("report__category", "report__place")
    return list(found.order_by("-entered_at", "-pk"))
