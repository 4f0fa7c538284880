"""Put the rulebook's clocks on a case."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from guyub.kernel.calendar import deadline, end_of_local_day, local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.clock import Clock
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import Classification, State, Terms

_FAMILY = "complaint_clocks"


def terms_on(*, at: datetime, classification: Classification) -> Terms:
    """The clocks for a case of a class received at a moment. Raises `rulebook.NoRule` if one is missing."""
    rules = rulebook.family(_FAMILY, on=local_date(at, get_city().tz))
    wanted = (
        "verify",
        "respond",
        f"resolve.{classification}",
        "reporter_reply_window",
        "hazard_first_action",
    )
    missing = [key for key in wanted if key not in rules]
    if missing:
        raise rulebook.NoRule(f"The rulebook lacks {', '.join(missing)} on {at:%Y-%m-%d}.")
    verify, respond, resolve, reporter, hazard = (rules[key].value["amount"] for key in wanted)
    return Terms(
        verify=verify,
        respond=respond,
        resolve=resolve,
        reporter=reporter,
        hazard_hours=hazard,
        versions=tuple(rules[key].version for key in wanted),
    )


def set_deadlines(case: Case, terms: Terms) -> None:
    """Compute all deadlines from their beginnings: receipt, and forwarding if it has happened."""
    tz, calendar = get_city().tz, rulebook.calendar()
    verify = deadline(case.received_at, terms.verify + case.paused_days, tz, calendar)
    resolve = deadline(case.received_at, terms.resolve + case.paused_days, tz, calendar)
    case.verify_due_at, case.resolve_due_at = verify.due_at, resolve.due_at
    case.due_is_provisional = verify.provisional or resolve.provisional
    if case.forwarded_at:
        respond = deadline(case.forwarded_at, terms.respond + case.paused_days_since_forwarding, tz, calendar)
        case.respond_due_at = respond.due_at
        case.due_is_provisional = case.due_is_provisional or respond.provisional


def set_respond_deadline(case: Case, *, at: datetime) -> None:
    """The first answer is due from (each) forwarding to an office."""
    terms = Terms.from_json(case.terms)
    due = deadline(at, terms.respond, get_city().tz, rulebook.calendar())
    case.respond_due_at = due.due_at
    case.due_is_provisional = case.due_is_provisional or due.provisional
    case.paused_days_since_forwarding = 0


def set_reporter_deadline(case: Case, *, at: datetime) -> None:
    """The reporter has so many working days to answer, from the city's next end of day."""
    terms = Terms.from_json(case.terms)
    due = deadline(at, terms.reporter, get_city().tz, rulebook.calendar())
    case.reporter_due_at = due.due_at


def resume_clocks(case: Case, *, at: datetime) -> None:
    """End a pause: what had not run out before it moves by the working days that the pause covered."""
    assert case.paused_at is not None
    tz, calendar = get_city().tz, rulebook.calendar()
    covered = calendar.working_days_between_provisional(
        local_date(case.paused_at, tz), local_date(at, tz)
    ).days
    for name in ("verify_due_at", "respond_due_at", "resolve_due_at"):
        due = getattr(case, name)
        if due is not None:
            clock = Clock(due, case.due_is_provisional, case.paused_at, case.pause_reason).resume(
                at, calendar, tz
            )
            setattr(case, name, clock.due_at)
            case.due_is_provisional = case.due_is_provisional or clock.provisional
    case.paused_days += covered
    case.paused_days_since_forwarding += covered
    case.paused_at, case.pause_reason = None, ""


def body_deadline(key: str, *, at: datetime) -> datetime:
    """Until when a body outside the city should have answered a letter; its own days before the general ones."""
    tz = get_city().tz
    days = body_days(key, on=local_date(at, tz)).value["amount"]
    return deadline(at, days, tz, rulebook.calendar()).due_at


def body_days(key: str, *, on: date) -> rulebook.RuleInForce:
    """The rule that says how long a reply of a body is waited for. Raises `rulebook.NoRule`."""
    days = rulebook.family("external", on=on)
    found = days.get(f"days.{key}") or days.get("days")
    if found is None:
        raise rulebook.NoRule(f"The rulebook lacks external.days on {on:%Y-%m-%d}.")
    return found


def set_next_due(
    case: Case, *, target_month: date | None = None, body_due_at: datetime | None = None
) -> None:
    """The nearest deadline of the office: what the inbox is ordered by. Nothing while others must act."""
    state = State(case.state)
    if state is State.RECEIVED:
        hours = timedelta(hours=Terms.from_json(case.terms).hazard_hours)
        case.due_at = (
            min(case.verify_due_at, case.received_at + hours) if case.is_hazard else case.verify_due_at
        )
    elif state is State.FORWARDED and case.respond_due_at:
        case.due_at = min(case.respond_due_at, case.resolve_due_at)
    elif state is State.IN_PROGRESS:
        case.due_at = case.resolve_due_at
    elif state is State.SCHEDULED:
        if target_month is not None:
            last = target_month.replace(day=monthrange(target_month.year, target_month.month)[1])
            case.due_at = end_of_local_day(last, get_city().tz)
    elif state is State.EXTERNAL:
        case.due_at = body_due_at or case.due_at
    else:
        case.due_at = None
