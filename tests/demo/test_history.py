"""History by COPY obeys the same rules as life: replay the same plans through the actions and compare."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from guyub.demo import filling, history
from guyub.demo.people import add_demo_people, demo_officers
from guyub.demo.plan import plan
from guyub.demo.simulator import officer_of
from guyub.kernel.files import api as files
from guyub.kernel.ledger.models import Fact
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Report

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
COUNT = 200

CASE_FIELDS = [
    "label",
    "classification",
    "category",
    "place_code",
    "office_id",
    "route_id",
    "mode",
    "accepted_at",
    "state",
    "asked_in",
    "is_open",
    "is_restricted",
    "is_hazard",
    "received_at",
    "forwarded_at",
    "answered_at",
    "completed_at",
    "ended_at",
    "verify_due_at",
    "respond_due_at",
    "resolve_due_at",
    "reporter_due_at",
    "due_at",
    "due_is_provisional",
    "paused_at",
    "pause_reason",
    "paused_days",
    "paused_days_since_forwarding",
    "terms",
    "hand_overs",
    "reopened",
    "updated_at",
]
REPORT_FIELDS = [
    "report_class",
    "about_conduct",
    "category_id",
    "body",
    "public_body",
    "public_landmark",
    "place_id",
    "rw",
    "rt",
    "landmark",
    "lat",
    "lon",
    "h3_9",
    "is_anonymous",
    "is_confidential",
    "state",
    "submitted_at",
    "published_at",
    "ended_at",
]


@pytest.fixture
def plans(city):
    add_demo_people()
    return list(plan("bandung", 5, NOW, COUNT))


def a_photo() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (64, 64), "white").save(out, "JPEG")
    out.seek(0)
    return out


def replay(one) -> str:
    """Do what a plan says through the actions, as people would."""
    receipt = actions.submit_report(
        what=actions.Submission(
            submission=uuid.uuid4(),
            report_class=one.report_class,
            category=one.category,
            body=one.text,
            place=one.place_code,
            about_conduct=one.conduct,
            rw=one.rw,
            rt=one.rt,
            landmark=one.landmark,
            lat=one.lat,
            lon=one.lon,
            is_anonymous=one.anonymous,
            is_confidential=one.confidential,
        ),
        at=one.submitted_at,
    )
    for step in one.steps:
        do(step, receipt.number, one)
    return receipt.number


def do(step, number: str, one) -> None:
    case = Case.objects.get(number=number)
    report = Report.objects.get(number=number)
    by, at, words = officer_of(case), step.at, step.data.get("text", "")
    match step.kind:
        case "verify":
            actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=by, at=at)
        case "answer":
            actions.answer_report(case=case.uuid, words=words, by=by, at=at)
        case "ask_reporter":
            actions.ask_reporter(case=case.uuid, words=words, by=by, at=at)
        case "reply_reporter":
            actions.reply(report=report, words=words, at=at)
        case "hand_over":
            offices = people.directory()
            target = {
                "KELURAHAN": offices.of_settlement(one.place_code),
                "KECAMATAN": offices.of_district(one.place_code),
            }.get(step.data["level"]) or offices.find_key(step.data["agency"])
            if target.id == case.office_id or case.is_restricted or target.kind == "INSPECTORATE":
                return
            casework.actions.hand_over(
                case=case.uuid,
                to_office=target.id,
                code=casework.HandOverReason.NOT_OURS,
                reason=words,
                by=by,
                at=at,
            )
        case "schedule":
            month = datetime.strptime(step.data["target_month"], "%Y-%m").date()
            first_of_this = at.astimezone(UTC).date().replace(day=1)
            casework.actions.propose_schedule(
                case=case.uuid, reason=words, target_month=max(month, first_of_this), by=by, at=at
            )
        case "complete":
            draft = uuid.uuid4()
            files.store_photo(a_photo(), at=at, draft=draft)
            actions.complete_report(case=case.uuid, words=words, photos=draft, by=by, at=at)
        case "confirm":
            actions.confirm(report=report, at=at)
        case "dispute":
            actions.dispute(report=report, words=words, at=at)
        case "no_response":
            from guyub.rooms.casework.actions import expire_due

            Case.objects.filter(pk=case.pk).update(reporter_due_at=at.replace(year=2000))
            assert expire_due(at=at) == 1
        case "reject":
            reason = step.data["reason_code"]
            known = casework.wording.REJECT_REASONS
            actions.reject_report(
                case=case.uuid, reason=reason if reason in known else "tidak-jelas", words=words, by=by, at=at
            )


def shape(number: str) -> dict:
    case, report = Case.objects.get(number=number), Report.objects.get(number=number)
    facts = Fact.objects.filter(subject=case.subject).order_by("id")
    return {
        **{name: getattr(case, name) for name in CASE_FIELDS if name != "terms"},
        "days": {k: v for k, v in case.terms.items() if k != "versions"},
        **{f"report.{name}": getattr(report, name) for name in REPORT_FIELDS},
        "facts": [
            (f.name, f.version, f.occurred_at, f.actor is None, f.on_behalf_of, f.place, sorted(f.payload))
            for f in facts
        ],
    }


def test_history_is_what_the_actions_would_have_made(plans):
    officer, head = demo_officers()
    numbers = [f"LAP-1999-{n:06d}" for n in range(COUNT)]
    history.Historian(officer=officer, head=head).write(zip(plans, numbers, strict=True))
    differing = []
    for one, number in zip(plans, numbers, strict=True):
        told, done = shape(number), shape(replay(one))
        differing += [(number, key, told[key], done[key]) for key in told if told[key] != done[key]]
    assert differing == []


def test_history_is_never_reacted_to(plans):
    from guyub.kernel.ledger import api as ledger
    from guyub.kernel.notices.models import Notice
    from guyub.rooms.reports.models import PlaceFigures

    officer, head = demo_officers()
    history.Historian(officer=officer, head=head).write((p, f"LAP-1999-{n:06d}") for n, p in enumerate(plans))
    assert ledger.drain(settled_only=False) > COUNT
    assert Notice.objects.count() == 0
    assert (
        sum(PlaceFigures.objects.values_list("count", flat=True))
        == Report.objects.filter(about_conduct=False).count()
    )


def test_a_year_is_numbered_in_the_order_in_which_it_was_sent(city):
    state = {"now": NOW.isoformat(), "total": 60, "first": 20, "done": 0}
    both = [*filling._numbered(city, state, 1), *filling._numbered(city, state, 2)]
    both.sort(key=lambda pair: pair[0].submitted_at)
    numbers = [number for _, number in both]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 60
