"""A year of a city's life, by the same rules as the actions, straight into COPY.

A plan says who did what when; the transitions of casework turn it into cases, clocks and facts in memory; the
rows go into the tables in batches. `tests/demo` replays plans through the actions themselves and compares.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from guyub.demo import pictures, proofs
from guyub.demo.plan import ReportPlan, Step
from guyub.events import Event
from guyub.events import reports as report_events
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger.models import Fact
from guyub.kernel.ledger.recording import plain_payload
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.casework.models import Evidence, EvidenceFinding, HandOver, Schedule
from guyub.rooms.conversation.models import Audience, Message
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports.actions import cell, label_for
from guyub.rooms.reports.models import Category, Report
from guyub.rooms.reports.rules import classification_of

WITH_PHOTO = 0.7  # of what a picture can show


@dataclass
class Rows:
    """What a batch will write, by table."""

    reports: list[Report] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    findings: list[EvidenceFinding] = field(default_factory=list)
    facts: list[tuple[Any, ...]] = field(default_factory=list)

    def tables(self) -> list[Sequence[models.Model]]:
        """In the order in which keys allow them to be written."""
        return [
            self.reports,
            self.cases,
            self.hand_overs,
            self.schedules,
            self.evidence,
            self.messages,
            self.photos,
            self.findings,
        ]


class Ids:
    """Ids taken from a table's own sequence in blocks, so that rows made elsewhere never clash."""

    def __init__(self, block: int = 2000) -> None:
        self.block = block
        self.left: dict[str, list[int]] = {}

    def next(self, model: type[models.Model]) -> int:
        table = model._meta.db_table
        if not self.left.get(table):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    [table, self.block],
                )
                self.left[table] = [row[0] for row in cursor.fetchall()][::-1]
        return self.left[table].pop()


class Historian:
    """Writes plans into the entered city. `officer` is the account that acted for all offices."""

    def __init__(self, *, officer: int, head: int, ids: Ids | None = None) -> None:
        self.officer, self.head = officer, head
        self.now = timezone.now()
        self.ids = ids or Ids()
        self.categories = {row.code: row for row in Category.objects.all()}
        self.places = places.gazetteer()
        self.offices = people.directory()
        self.pool = pictures.pool()
        self.limits = casework.proving.limits_on(self.now)
        self.marked: set[str] = set()
        self.routes: dict[tuple[object, ...], people.Office] = {}

    def office_for(self, plan: ReportPlan, classification: casework.Classification) -> people.Office:
        """Where a report of this kind, place and year goes; the table is asked once for each."""
        on = local_date(plan.submitted_at, get_city().tz)
        key = plan.category, classification, plan.place_code, on.year
        if key not in self.routes:
            self.routes[key] = casework.routing.route(
                kind="report",
                category=plan.category,
                classification=classification,
                place=plan.place_code,
                on=on,
            )
        return self.routes[key]

    def write(self, plans: Iterable[tuple[ReportPlan, str]]) -> int:
        """Write plans with their numbers, in one transaction; returns how many facts they made."""
        rows = Rows()
        for plan, number in plans:
            _Telling(self, rows, plan, number).tell()
        with transaction.atomic():
            for table in rows.tables():
                copy_rows(table)
            copy_facts(rows.facts)
        return len(rows.facts)


class _Telling:
    """One report's history."""

    def __init__(self, historian: Historian, rows: Rows, plan: ReportPlan, number: str) -> None:
        self.by, self.rows, self.plan, self.number = historian, rows, plan, number
        self.rng = random.Random(f"{plan.submitted_at.isoformat()}{plan.lat}")  # noqa: S311
        category = historian.categories[plan.category]
        self.about_conduct = plan.conduct or category.is_conduct
        at = plan.submitted_at
        self.report = Report(
            pk=historian.ids.next(Report),
            uuid=self._uuid(),
            submission=self._uuid(),
            number=number,
            report_class=plan.report_class,
            about_conduct=self.about_conduct,
            category=category,
            body=plan.text,
            place_id=historian.places.get(plan.place_code).id,
            rw=plan.rw,
            rt=plan.rt,
            landmark=plan.landmark,
            lat=plan.lat,
            lon=plan.lon,
            h3_9=cell(plan.lat, plan.lon),
            is_anonymous=plan.anonymous,
            is_confidential=plan.confidential,
            submitted_at=at,
            changed_at=max([at, *(step.at for step in plan.steps)]),
            state="RECEIVED",
        )
        self.subject = f"reports.report:{self.report.pk}"
        classification = classification_of(report_class=plan.report_class, about_conduct=self.about_conduct)
        decided = casework.routing.decide(
            kind="report",
            category=plan.category,
            classification=classification,
            place=plan.place_code,
            on=local_date(at, get_city().tz),
        )
        self.case = casework.transitions.new_case(
            kind="report",
            subject=self.subject,
            number=number,
            label=label_for(category.name_id, plan.landmark, plan.text),
            classification=classification,
            category=plan.category,
            place=plan.place_code,
            office=decided.office,
            is_hazard=category.is_hazard,
            at=at,
            route=decided.route,
        )
        self.case.pk, self.case.uuid = historian.ids.next(Case), self._uuid()

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def tell(self) -> None:
        plan = self.plan
        submitted = report_events.ReportSubmitted(
            report=self.report.pk,
            number=self.number,
            report_class=plan.report_class,
            category=plan.category,
            about_conduct=self.about_conduct,
            is_hazard=self.report.category.is_hazard,
        )
        self._fact(submitted, plan.submitted_at)
        self._fact(casework.transitions.opened(self.case), plan.submitted_at)
        if self.rng.random() < WITH_PHOTO and plan.category in pictures.SCENES:
            self._photo(self.subject, plan.submitted_at, "before")
        for step in plan.steps:
            getattr(self, f"_{step.kind}")(step)
        casework.ladder.begin(self.case, since=self.by.now)  # nobody hears of what was due last year
        self.rows.reports.append(self.report)
        self.rows.cases.append(self.case)

    # ── the steps of a plan ────────────────────────────────────────────────────────────────────────────
    def _accept_if_asked(self, at: datetime) -> None:
        """A desa takes a request on before it does anything else with it."""
        if self.case.mode == casework.Mode.REQUEST and self.case.accepted_at is None:
            self._moved(casework.transitions.accept(self.case, at=at), at)

    def _verify(self, step: Step) -> None:
        self._accept_if_asked(step.at)
        self._moved(casework.transitions.verify(self.case, at=step.at), step.at)
        if self.about_conduct or self.report.is_confidential:
            return
        self.report.public_body, self.report.published_at = self.report.body, step.at
        self.report.public_landmark = self.report.landmark
        for photo in self.rows.photos[::-1]:
            if photo.subject != self.subject:
                break
            photo.is_public = True
        published = report_events.ReportPublished(report=self.report.pk, is_redacted=False)
        self._fact(published, step.at, by=self.by.officer, office=self.case.office_id)

    def _answer(self, step: Step) -> None:
        self._accept_if_asked(step.at)
        said = self._say(step, Audience.PUBLIC, "answer")
        self._moved(casework.transitions.answer(self.case, message=said, at=step.at), step.at)

    def _ask_reporter(self, step: Step) -> None:
        self._accept_if_asked(step.at)
        said = self._say(step, Audience.REPORTER, "question")
        self._moved(casework.transitions.ask(self.case, message=said, at=step.at), step.at)

    def _reply_reporter(self, step: Step) -> None:
        said = self._say(step, Audience.REPORTER, "reply", by_reporter=True)
        self._moved(
            casework.transitions.reply(self.case, message=said, at=step.at), step.at, by_reporter=True
        )

    def _hand_over(self, step: Step) -> None:
        """A plan may hand a case to where it already is, or a report on conduct away: then nothing happens."""
        target = self._target(step.data["level"], step.data["agency"])
        if target is None or target.id == self.case.office_id or self.case.is_restricted:
            return
        given = HandOver(
            pk=self.by.ids.next(HandOver),
            case_id=self.case.pk,
            from_office_id=self.case.office_id,
            to_office_id=target.id,
            code=casework.HandOverReason.NOT_OURS,
            reason=step.data["text"],
            by=self.by.officer,
            at=step.at,
        )
        self.rows.hand_overs.append(given)
        acting_for = self.case.office_id
        fact = casework.transitions.hand_over(
            self.case, to=target, hand_over=given.pk, at=step.at, reason=casework.HandOverReason.NOT_OURS
        )
        self._moved(fact, step.at, office=acting_for)

    def _target(self, level: str, agency: str) -> people.Office | None:
        offices = self.by.offices
        if level == "KELURAHAN":
            return offices.of_settlement(self.plan.place_code)
        if level == "KECAMATAN":
            return offices.of_district(self.plan.place_code)
        found = offices.find_key(agency)
        return None if found and found.kind == people.OrganisationKind.INSPECTORATE else found

    def _schedule(self, step: Step) -> None:
        self._accept_if_asked(step.at)
        year, month = map(int, step.data["target_month"].split("-"))
        target = max(date(year, month, 1), local_date(step.at, get_city().tz).replace(day=1))
        plan = Schedule(
            pk=self.by.ids.next(Schedule),
            case_id=self.case.pk,
            office_id=self.case.office_id,
            reason=step.data["text"],
            public_reason=step.data["text"],
            target_month=target,
            proposed_by=self.by.officer,
            proposed_at=step.at,
            decision=Schedule.Decision.APPROVED,
            decided_by=self.by.head,
            decided_at=step.at,
        )
        self.rows.schedules.append(plan)
        proposed = casework.transitions.propose_schedule(self.case, schedule=plan.pk, at=step.at)
        self._fact(proposed, step.at, by=self.by.officer, office=self.case.office_id)
        decided = casework.transitions.decide_schedule(
            self.case, schedule=plan.pk, target_month=target, approve=True, at=step.at
        )
        self._moved(decided, step.at, by=self.by.head)

    def _complete(self, step: Step) -> None:
        self._accept_if_asked(step.at)
        proof = Evidence(
            pk=self.by.ids.next(Evidence),
            case_id=self.case.pk,
            words=step.data["text"],
            public_words=step.data["text"],
            by=self.by.officer,
            at=step.at,
        )
        self.rows.evidence.append(proof)
        public = bool(self.report.published_at) and not self.report.is_confidential
        earlier = self.rows.photos[-200:]
        self._photo(f"casework.evidence:{proof.pk}", step.at, "after", public=public)
        self.rows.findings += proofs.told(
            proof,
            self.rows.photos[-1],
            case=self.case,
            report=self.report,
            earlier=earlier,
            limits=self.by.limits,
            rng=self.rng,
            next_id=lambda: self.by.ids.next(EvidenceFinding),
        )
        self._moved(casework.transitions.complete(self.case, evidence=proof.pk, at=step.at), step.at)

    def _confirm(self, step: Step) -> None:
        self._moved(casework.transitions.confirm(self.case, at=step.at), step.at, by_reporter=True)

    def _dispute(self, step: Step) -> None:
        said = self._say(step, Audience.REPORTER, "dispute", by_reporter=True)
        self._moved(
            casework.transitions.dispute(self.case, message=said, at=step.at), step.at, by_reporter=True
        )

    def _no_response(self, step: Step) -> None:
        self._moved(casework.transitions.expire(self.case, at=step.at), step.at, by_reporter=True)

    def _reject(self, step: Step) -> None:
        self._accept_if_asked(step.at)
        said = self._say(step, Audience.REPORTER, "rejection")
        reason = (
            step.data["reason_code"]
            if step.data["reason_code"] in casework.wording.REJECT_REASONS
            else "tidak-jelas"
        )
        self._moved(casework.transitions.reject(self.case, reason=reason, message=said, at=step.at), step.at)

    # ── rows ───────────────────────────────────────────────────────────────────────────────────────────
    def _say(self, step: Step, audience: Audience, kind: str, *, by_reporter: bool = False) -> int:
        row = Message(
            pk=self.by.ids.next(Message),
            subject=self.subject,
            audience=audience,
            kind=kind,
            body=step.data["text"],
            public_body=step.data["text"] if audience == Audience.PUBLIC else "",
            office=None if by_reporter else self.case.office_id,
            by=None if by_reporter else self.by.officer,
            at=step.at,
        )
        self.rows.messages.append(row)
        return row.pk

    def _photo(self, subject: str, at: datetime, moment: str, *, public: bool = False) -> None:
        scene = pictures.SCENES.get(self.plan.category, pictures.PLAIN)
        made = self.by.pool[scene, moment][self.report.pk % pictures.VARIANTS]  # the same place each time
        row = Photo(
            pk=self.by.ids.next(Photo),
            uuid=self._uuid(),
            subject=subject,
            is_public=public,
            sha256=made.sha256,
            size=made.size,
            width=made.width,
            height=made.height,
            uploaded_at=at,
            position=0,
            is_marked=made.sha256 in self.by.marked,  # the same bytes need one fingerprint
        )
        self.by.marked.add(made.sha256)
        pictures.link(made, row.uuid)
        self.rows.photos.append(row)

    def _moved(
        self,
        fact: Event,
        at: datetime,
        *,
        by_reporter: bool = False,
        office: int | None = None,
        by: int | None = None,
    ) -> None:
        """Record a move of the case, and of the report's public state if that changed."""
        actor = None if by_reporter else by or self.by.officer
        self._fact(fact, at, by=actor, office=None if by_reporter else office or self.case.office_id)
        state = casework.derive([casework.State(self.case.state)])
        if state == self.report.state:
            return
        changed = report_events.ReportStateChanged(
            report=self.report.pk,
            from_state=self.report.state,
            to_state=state,
            about_conduct=self.about_conduct,
        )
        self.report.state = state
        self.report.ended_at = self.case.ended_at
        self._fact(changed, at)

    def _fact(self, event: Event, at: datetime, *, by: int | None = None, office: int | None = None) -> None:
        self.rows.facts.append(
            (
                self.by.ids.next(Fact),
                1,
                event.name,
                event.version,
                at,
                by,
                office,
                self.subject,
                self.plan.place_code,
                True,
                Jsonb(plain_payload(event)),
            )
        )


def copy_rows(rows: Sequence[models.Model]) -> None:
    """Write rows of one table by COPY."""
    if not rows:
        return
    meta = rows[0]._meta
    columns = ", ".join(f'"{f.column}"' for f in meta.concrete_fields)
    fields = [(f.attname, Jsonb if isinstance(f, models.JSONField) else None) for f in meta.concrete_fields]
    with connection.cursor() as cursor, cursor.copy(f"COPY {meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(
                [wrap(getattr(row, name)) if wrap else getattr(row, name) for name, wrap in fields]
            )


# Half of all rows are facts, so they are no model objects; what is not named here the database fills itself.
_FACT_COLUMNS = "id, era, name, version, occurred_at, actor, on_behalf_of, subject, place, imported, payload"


def copy_facts(facts: Iterable[tuple[Any, ...]]) -> None:
    """Write facts, each a tuple in the order of the columns, by COPY."""
    statement = f"COPY ledger_fact ({_FACT_COLUMNS}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for fact in facts:
            copy.write_row(fact)
