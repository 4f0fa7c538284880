"""What the pages of an incident print, as plain values, by section."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from guyub.events import incidents as events
from guyub.kernel import parties
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.incidents import caring, queries, reference, tasking
from guyub.rooms.incidents.models import Incident, Line, RunStep, Task
from guyub.rooms.incidents.rules import VULNERABLE, Legal, Post, State, StepKind, StepState, TaskState
from guyub.rooms.incidents.wording import GROUPS, LEVELS, POSTS, STATES, STATUSES, STEP_KINDS
from guyub.rooms.initiatives import api as initiatives
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.warnings import api as warnings
from guyub.ui.rows import day_in_words

AT_ONCE = 100
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_WITH_WORDS = {
    events.LineWritten.name,
    events.IncidentContained.name,
    events.IncidentWorsened.name,
    events.IncidentClosed.name,
    events.IncidentReopened.name,
    events.TaskDropped.name,
    events.PartyCalled.name,
    events.StepSkipped.name,
}


def moment(at: datetime) -> str:
    """ "20 November 2026 13.05 WIB", by the city's clock."""
    local = at.astimezone(get_city().tz)
    offset = local.utcoffset()
    zone = _ZONES.get(int(offset.total_seconds() // 3600) if offset else 0, "")
    return f"{date_format(local, 'j F Y')} {local:%H.%M} {zone}".strip()


def place_names(codes: Iterable[str]) -> str:
    known = places.gazetteer().by_code
    return ", ".join(known[code].label if code in known else code for code in codes)


def card(row: queries.Incident, at: datetime) -> dict[str, Any]:
    """An incident in a list."""
    state, tone = STATES[State(row.state)]
    return {
        "number": row.number,
        "url": row.address,
        "title": row.title,
        "kind": reference.label_of(row.kind, at=at),
        "where": place_names(row.places),
        "when": moment(row.opened_at),
        "state": state,
        "tone": tone,
        "level": LEVELS[row.level][0],
        "level_tone": LEVELS[row.level][1],
        "is_exercise": row.mode == "LATIHAN",
        "open_tasks": row.open_tasks,
        "late_tasks": row.late_tasks,
    }


def head(row: Incident, at: datetime) -> dict[str, Any]:
    """What stands above every page of an incident."""
    state, tone = STATES[State(row.state)]
    return {
        "incident": row,
        "kind": reference.label_of(row.kind, at=at),
        "state": state,
        "tone": tone,
        "level": LEVELS[row.level][0],
        "level_tone": LEVELS[row.level][1],
        "status": status(row, at),
        "where": place_names(row.places),
        "opened": moment(row.opened_at),
    }


def status(row: Incident, at: datetime) -> str:
    """The status of the law in words."""
    held = caring.status_on(row, reference.today(at))
    if held is None:
        return _("tidak ada yang berlaku")
    return _("%(status)s sampai %(last)s (SK %(number)s)") % {
        "status": STATUSES[Legal(held.status)],
        "last": day_in_words(held.last),
        "number": held.number,
    }


# ── Sections ───────────────────────────────────────────────────────────────────────────────────────────────


def overview(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    counts = queries.newest_counts(row)
    sums = queries.totals(counts.values())
    tasks = list(row.tasks.filter(state=TaskState.OPEN))
    return {
        "facts": [
            (_("Tugas terbuka"), len(tasks), "tugas"),
            (_("Tugas terlambat"), sum(one.due_at < at for one in tasks), "tugas"),
            (_("Orang di pengungsian"), number_format(sums["people"]) if counts else "–", "pengungsian"),
            (_("Langkah belum dijawab"), row.steps.filter(state=StepState.OPEN).count(), "langkah"),
        ],
        "posts": posts(row),
        "sources": [source(one.subject) for one in row.sources.order_by("pk")],
        "entries": log(row)[:8],
        "unread": len(tasking.unread(row, person.acting)),
    }


def posts(row: Incident) -> list[tuple[Any, str, str]]:
    """Each post with who holds it since when; a vacant one says so."""
    held = {one.post: one for one in row.holders.filter(until_at__isnull=True)}
    names = people.names_of(one.account for one in held.values())
    return [
        (
            POSTS[post],
            names.get(held[post].account, _("akun yang sudah ditutup")) if post in held else "",
            moment(held[post].from_at) if post in held else "",
        )
        for post in Post
    ]


def source(subject: str) -> tuple[str, str]:
    """What an incident rests on, in words, with its page where this room knows one."""
    kind, _colon, key = subject.partition(":")
    if kind == "warnings.warning" and key.isdecimal():
        try:
            found = warnings.get_warning(id=int(key))
        except LookupError:
            return subject, ""
        except Exception as problem:  # the door raises its model's own DoesNotExist
            if type(problem).__name__ != "DoesNotExist":
                raise
            return subject, ""
        return _("Peringatan %(number)s") % {"number": found.number}, found.address
    return subject, ""


def log(row: Incident, *, only: set[int] | None = None) -> list[dict[str, Any]]:
    """What happened, the newest first: told from the ledger, with the words that were written beside it."""
    facts = ledger.facts_about(row.subject)
    lines = {one.pk: one for one in Line.objects.filter(incident=row)}
    names = people.names_of({fact.actor for fact in facts if fact.actor})
    about = _abouts(row)
    found = []
    for fact in facts:
        said = ledger.tell(fact)
        if said is None or (only is not None and fact.id not in only):
            continue
        line = lines.get(fact.payload.get("line") or 0) if fact.name in _WITH_WORDS else None
        words = line.words if line else ""
        found.append(
            {
                "id": fact.id,
                "title": said.text,
                "tone": said.tone,
                "about": " · ".join(one for one in about(fact) if not words.startswith(one)),
                "words": words,
                "line": line.pk if line else None,
                "corrects": line.corrects_id if line else None,
                "happened": _earlier(line),
                "when": moment(fact.occurred_at),
                "datetime": fact.occurred_at.isoformat(),
                "by": names.get(fact.actor or 0)
                or (_("sistem") if fact.actor is None else _("akun yang sudah ditutup")),
            }
        )
    return found[::-1]


def _earlier(line: Line | None) -> str:
    """When something happened, if that is not the minute in which it was written down."""
    happened = moment(line.happened_at) if line else ""
    return happened if line and happened != moment(line.at) else ""


def _abouts(row: Incident) -> Callable[[Any], list[str]]:
    """How a fact's ids are said: the task, shelter, good, step or party that it is about."""
    tasks = dict(row.tasks.values_list("pk", "what"))
    shelters = dict(row.shelters.values_list("pk", "name"))
    items = {one.pk: f"{one.name} ({one.unit})" for one in row.items.all()}
    steps = dict(row.steps.values_list("pk", "what"))
    facts = ledger.facts_about(row.subject)
    cards = parties.cards({fact.payload["party"] for fact in facts if "party" in fact.payload})
    accounts = people.names_of(
        {fact.payload["account"] for fact in facts if isinstance(fact.payload.get("account"), int)}
    )
    known = (("task", tasks), ("step", steps), ("shelter", shelters), ("item", items), ("account", accounts))

    def about(fact: Any) -> list[str]:
        found = [str(names[fact.payload[key]]) for key, names in known if fact.payload.get(key) in names]
        if "party" in fact.payload:
            found.append(parties.card_of(cards, fact.payload["party"]).name)
        return list(dict.fromkeys(found[-2:]))

    return about


def log_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    unread = set(tasking.unread(row, person.acting))
    return {"entries": log(row), "unread": unread, "older": 0}


def page_of(entries: list[dict[str, Any]], before: str) -> dict[str, Any]:
    """A page of the log: the newest, or those older than a fact."""
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    left = [one for one in entries if start is None or one["id"] < start]
    shown = left[:AT_ONCE]
    return {"entries": shown, "older": shown[-1]["id"] if len(left) > AT_ONCE else 0}


def steps_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    found = list(row.steps.order_by("pk"))
    cards = parties.cards({one.party for one in found})
    names = people.names_of({one.settled_by for one in found if one.settled_by})
    opened = initiatives.by_ids(ids={one.initiative for one in found if one.initiative})
    shown = [_step(one, cards, names, opened, at) for one in found]
    return {
        "steps": [one for one in shown if one["is_open"]],
        "settled": [one for one in shown if not one["is_open"]],
    }


def _step(row: RunStep, cards: Any, names: dict[int, str], opened: Any, at: datetime) -> dict[str, Any]:
    is_open = row.state == StepState.OPEN
    initiative = opened.get(row.initiative) if row.initiative else None
    return {
        "id": row.pk,
        "what": row.what,
        "level": LEVELS[row.level][0],
        "kind": STEP_KINDS[StepKind(row.step)],
        "party": parties.card_of(cards, row.party).name if row.party else "",
        "due": moment(row.due_at) if row.due_at else "",
        "is_late": bool(is_open and row.due_at and row.due_at < at),
        "is_open": is_open,
        "skipped": row.state == StepState.SKIPPED,
        "reason": row.reason,
        "by": names.get(row.settled_by or 0, ""),
        "when": moment(row.settled_at) if row.settled_at else "",
        "url": initiative.address if initiative else "",
    }


def task(row: Task, cards: Any, at: datetime) -> dict[str, Any]:
    return {
        "url": reverse("incident_task", args=[row.uuid]),
        "what": row.what,
        "party": parties.card_of(cards, row.party).name,
        "due": moment(row.due_at),
        "is_open": row.state == TaskState.OPEN,
        "is_done": row.state == TaskState.DONE,
        "is_late": row.state == TaskState.OPEN and row.due_at < at,
        "proof": row.proof,
        "ended": moment(row.ended_at) if row.ended_at else "",
        "incident": row.incident.title,
        "is_exercise": row.incident.is_exercise,
    }


def tasks_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    found = list(row.tasks.select_related("incident").order_by("due_at", "pk"))
    cards = parties.cards({one.party for one in found})
    shown = [task(one, cards, at) for one in found]
    return {
        "tasks": [one for one in shown if one["is_open"]],
        "ended_tasks": [one for one in shown if not one["is_open"]],
    }


def assessment_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    versions = list(row.assessments.order_by("-version"))
    figures = reference.figures(at=at)
    return {
        "versions": [
            {
                "version": one.version,
                "when": moment(one.counted_at),
                "source": one.source,
                "unknown": one.unknown,
                "figures": [
                    (
                        fig.label,
                        number_format(one.figures[fig.code]) if fig.code in one.figures else "",
                        fig.unit,
                    )
                    for fig in figures
                ],
            }
            for one in versions
        ]
    }


def shelters_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    newest = queries.newest_counts(row)
    sums = queries.totals(newest.values())
    found = row.shelters.order_by("closed_at", "name")
    return {
        "shelters": [_shelter(one, newest.get(one.pk)) for one in found],
        "sums": [(label, number_format(sums[name])) for name, label in _sum_labels()],
        "counts": [
            {
                "shelter": one.shelter.name,
                "when": moment(one.counted_at),
                "people": number_format(one.people),
                "families": number_format(one.families),
                "needs": one.needs,
            }
            for one in queries.over_time(row)[:60]
        ],
    }


def _sum_labels() -> list[tuple[str, Any]]:
    return [
        ("people", _("Orang")),
        ("families", _("Keluarga")),
        *((name, GROUPS[name]) for name in VULNERABLE),
    ]


def _shelter(row: Any, newest: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "where": f"{row.address}, {place_names([row.place])}",
        "capacity": number_format(row.capacity),
        "is_open": row.closed_at is None,
        "people": number_format(newest.people) if newest else "",
        "families": number_format(newest.families) if newest else "",
        "when": moment(newest.counted_at) if newest else "",
        "groups": _groups(newest) if newest else "",
        "needs": newest.needs if newest else "",
        "is_full": bool(newest and newest.people > row.capacity),
    }


def _groups(newest: Any) -> str:
    """Those who need care first, as far as there are any: `bayi 3, lansia 11`."""
    many = [(str(GROUPS[name]).lower(), getattr(newest, name)) for name in VULNERABLE]
    return ", ".join(f"{label} {number_format(count)}" for label, count in many if count)


def stock_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    items = list(row.items.order_by("name", "pk"))
    moves = [(item, one) for item in items for one in item.movements.all()]
    names = people.names_of({one.by for _item, one in moves})
    moves.sort(key=lambda pair: (pair[1].at, pair[1].pk), reverse=True)
    return {
        "items": [
            {
                "name": one.name,
                "unit": one.unit,
                "stock": number_format(one.stock),
                "needed": number_format(one.needed),
                "lack": number_format(max(one.needed - one.stock, 0)),
                "is_short": one.needed > one.stock,
            }
            for one in items
        ],
        "moves": [
            {
                "item": item.name,
                "amount": f"{'+' if one.amount > 0 else '−'}{number_format(abs(one.amount))} {item.unit}",
                "words": one.words,
                "when": moment(one.at),
                "by": names.get(one.by, ""),
            }
            for item, one in moves[:60]
        ],
    }


def status_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    return {
        "decrees": [
            {
                "status": STATUSES[Legal(one.status)],
                "number": one.number,
                "signed": day_in_words(one.signed_on),
                "first": day_in_words(one.first),
                "last": day_in_words(one.last),
                "is_extension": one.is_extension,
            }
            for one in row.decrees.order_by("-first", "-pk")
        ],
        "days": reference.amount("response_days", at=at),
    }


def reports_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    return {
        "reports": [
            {
                "number": one.number,
                "when": moment(one.known_at),
                "url": reverse("desk_incident_report", args=[row.number, one.number]),
                "unknown": one.content["unknown"],
            }
            for one in row.reports.order_by("-number")
        ]
    }


def hand_over_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    found = list(row.hand_overs.order_by("-written_at", "-pk"))
    names = people.names_of({key for one in found for key in (one.outgoing, one.incoming)})
    tasks = {one.pk: one for one in row.tasks.all()}
    shown = []
    for one in found:
        waiting = one.accepted_at is None and one.withdrawn_at is None
        shown.append(
            {
                "id": one.pk,
                "post": POSTS[Post(one.post)],
                "outgoing": names.get(one.outgoing, ""),
                "incoming": names.get(one.incoming, ""),
                "words": one.words,
                "written": moment(one.written_at),
                "accepted": moment(one.accepted_at) if one.accepted_at else "",
                "is_waiting": waiting,
                "is_withdrawn": one.withdrawn_at is not None,
                "mine_to_accept": waiting and one.incoming == person.account,
                "mine_to_withdraw": waiting and one.outgoing == person.account,
                "tasks": [
                    (tasks[key].what, moment(tasks[key].due_at)) for key in one.open_tasks if key in tasks
                ],
                "unread": log(row, only=set(one.unread)) if one.unread else [],
            }
        )
    return {"hand_overs": shown, "posts": posts(row)}


def public_section(row: Incident, person: Person, at: datetime) -> dict[str, Any]:
    return {"public_url": reverse("incident_page", args=[row.number]) if row.is_public else ""}
