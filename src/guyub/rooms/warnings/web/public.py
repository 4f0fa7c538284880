"""What everyone may read: warnings in force and past, each with its chain and what came of it, and how often we were right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.cities.api import absolute
from guyub.kernel.ledger import api as ledger
from guyub.rooms.warnings import access, queries, reference, rules, showing, words
from guyub.rooms.warnings.bmkg import asking
from guyub.rooms.warnings.cap import making
from guyub.rooms.warnings.models import Chain, Message, Note, Review
from guyub.rooms.warnings.models import Score as ScoreRow
from guyub.rooms.warnings.rules import Kind, Level, Outcome
from guyub.rooms.warnings.wording import KINDS, LANGUAGES, LEVELS, OUTCOMES, STATES
from guyub.ui.figures import percent
from guyub.ui.rows import day_in_words

PAST = 30
COUNTED = 100


@gate.public
@require_safe
def warning_list(request: HttpRequest) -> HttpResponse:
    """What is in force, what BMKG says, what is over and how it came out."""
    at = timezone.now()
    held = queries.in_force(at=at, with_exercises=True)
    past = queries.issued_page(limit=PAST)
    context = {
        "held": showing.rows([one for one in held if one.mode == "ACTUAL"], at=at),
        "exercises": showing.rows([one for one in held if one.mode == "EXERCISE"], at=at),
        "past": showing.rows(past, at=at, scores=queries.scores_of([one.id for one in past])),
        "nowcasts": [(one, showing.moment(one.expires)) for one in asking.nowcasts(place=None, at=at)],
        "quakes": [(one, showing.moment(one.at)) for one in asking.quakes(at=at)],
        "attribution": asking.ATTRIBUTION,
        "canonical": absolute(reverse("warning_list")),
        "works_here": person_of(request).can(roles.WARN),
    }
    return render(request, "warnings/list.html", context)


@gate.public
@require_safe
def warning_page(request: HttpRequest, number: str) -> HttpResponse:
    """One warning: what it says now, how it came about, and what happened afterwards."""
    chain, rows = access.public_chain(number)
    last, at = rows[-1], timezone.now()
    texts = words.texts_of(last)
    level, tone = LEVELS[Level(last.level)]
    in_force = last.state == "ISSUED" and last.expires > at
    shown = showing.language()
    context = {
        "chain": chain,
        "title": f"{level}: {showing.hazard_label(chain.hazard, at=at)}",
        "tone": tone if in_force else "info",
        "in_force": in_force,
        "is_simulated": rules.is_simulated(last.facts),
        "state": STATES[rules.State(last.state if in_force or last.state != "ISSUED" else "EXPIRED")][0],
        "where": showing.where(last.areas, most=400),
        "when": showing.when(last),
        "areas": queries.area_names(last.areas),
        "text": texts.get(("WEB", shown)) or texts.get(("WEB", "id"), ""),
        "others": [
            (code, LANGUAGES[code], texts["WEB", code])
            for code in ("id", "jv")
            if code != shown and ("WEB", code) in texts
        ],
        "probability": _probability(last, at),
        "sent": [_message(chain, row) for row in rows[::-1]],
        "entries": showing.timeline(ledger.facts_about(chain.subject)),
        "score": _score(chain),
        "review": _review(rows),
        "authority": reference.authority(at=last.issued_at or at),
        "canonical": absolute(reverse("warning_page", args=[chain.number])),
        "desk": reverse("desk_warning", args=[chain.number])
        if person_of(request).can(roles.WARN) or person_of(request).can(roles.APPROVE_WARNING)
        else "",
    }
    return render(request, "warnings/page.html", context)


def _probability(row: Message, at: Any) -> str:
    """Only where an agreement with BMKG is recorded; otherwise it stays with officers."""
    if row.probability is None or not reference.may_tell_probability(at=at):
        return ""
    return percent(row.probability * 100)


def _message(chain: Chain, row: Message) -> dict[str, Any]:
    level, tone = LEVELS[Level(row.level)]
    name = making.identifier_of(chain, row.serial)
    return {
        "kind": KINDS[Kind(row.kind)],
        "level": level,
        "tone": tone if row.kind != Kind.CANCEL else "info",
        "at": showing.moment(row.issued_at) if row.issued_at else "",
        "when": showing.when(row),
        "where": showing.where(row.areas),
        "reason": Note.objects.filter(message=row, kind="CANCEL").values_list("words", flat=True).first()
        if row.kind == Kind.CANCEL
        else "",
        "cap": reverse("cap_document", args=[name]) if row.cap else "",
        "alone": row.alone,
    }


def _score(chain: Chain) -> dict[str, Any] | None:
    found = queries.scores_of([chain.pk]).get(chain.pk)
    if found is None:
        return None
    label, tone = OUTCOMES[Outcome(found.outcome)]
    return {
        "label": label,
        "tone": tone,
        "words": found.words,
        "evidence": showing.evidence(found.evidence),
        "at": showing.moment(found.at),
    }


def _review(rows: list[Message]) -> dict[str, Any] | None:
    found = (
        Review.objects.filter(message__in=rows).order_by("-pk").first()
        if any(r.alone for r in rows)
        else None
    )
    if found is None:
        return None
    return {
        "done": found.done_at is not None,
        "late": found.late_at is not None and found.done_at is None,
        "was_right": found.was_right,
        "due": showing.moment(found.due_at),
    }


@gate.public
@require_safe
def accuracy(request: HttpRequest) -> HttpResponse:
    """How many floods were warned of, and how many warnings were for nothing; exercises are not counted."""
    at = timezone.now()
    least = reference.amount("least_cases", at=at)
    found = queries.outcomes()
    hazards = sorted({hazard for hazard, _outcome in found})
    context = {
        "all": _skill([outcome for _hazard, outcome in found], least),
        "rows": [
            (showing.hazard_label(code, at=at), _skill([o for h, o in found if h == code], least))
            for code in hazards
        ],
        "least": least,
        "cases": [_case(row, at=at) for row in queries.counted(limit=COUNTED)],
        "more": max(0, len(found) - COUNTED),
        "canonical": absolute(reverse("warning_accuracy")),
    }
    return render(request, "warnings/accuracy.html", context)


def _case(row: ScoreRow, *, at: datetime) -> dict[str, Any]:
    """A warning, or an event without one, as it was counted."""
    label, tone = OUTCOMES[Outcome(row.outcome)]
    return {
        "day": day_in_words(row.happened_on),
        "what": f"{LEVELS[Level(row.level)][0]}: {showing.hazard_label(row.hazard, at=at)}",
        "where": showing.where(row.areas),
        "number": row.chain.number if row.chain else "",
        "label": label,
        "tone": tone,
        "evidence": [] if row.chain else showing.evidence(row.evidence),
    }


def _skill(outcomes: list[str], least: int) -> dict[str, Any]:
    found = rules.skill(outcomes, least=least)
    return {
        "hits": found.hits,
        "near": found.near,
        "false_alarms": found.false_alarms,
        "misses": found.misses,
        "came": found.hits + found.misses,
        "given": found.hits + found.false_alarms,
        "pod": _percent(found.pod),
        "far": _percent(found.far),
    }


def _percent(share: float | None) -> str:
    return _("belum cukup") if share is None else percent(share * 100)
