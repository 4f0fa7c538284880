"""An initiative's page: what was promised beside what is there, who takes part, what was done. A fixed number of queries.

Residents who promised are counted; only those who said so are named. Names of officers and of receivers are nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel import masking
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.conversation import api as conversation
from guyub.rooms.initiatives import lines as lines_module
from guyub.rooms.initiatives import listing, matching, queries, reference, rules
from guyub.rooms.initiatives.acting import today_of
from guyub.rooms.initiatives.models import (
    Appeal,
    BudgetItem,
    Figure,
    Initiative,
    JoinedCase,
    Line,
    Participant,
    Pledge,
    Proof,
    Risk,
    Spending,
    Task,
    Update,
)
from guyub.rooms.initiatives.rules import LIVE, OVER, Joined, Likelihood, Part, Pledged, Role, State
from guyub.rooms.initiatives.rules import Task as Stage
from guyub.rooms.initiatives.wording import (
    LIKELIHOODS,
    ROLES,
    SOURCES,
    STATE_TONES,
    STATES,
    TASK_TONES,
    TASKS,
)
from guyub.rooms.meetings import api as meetings
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui import charts
from guyub.ui.rows import Printed, day_in_words

MOST_UPDATES = 12
MOST_CASES = 60
MOST_SPENT = 40
MOST_MEETINGS, MOST_THREADS = 5, 5


@dataclass(frozen=True, slots=True)
class ShownLine(Printed):
    """What is needed, promised and there, in words and as bars of the same length for the same amount."""

    uuid: str
    what: str
    resource: str
    needed: str
    by_day: str
    bars: list[Any]
    said: str
    givers: list[tuple[str, str]]
    residents: int
    takes: str
    is_for_residents: bool
    late: int
    withdrawn: int
    spent: str


@dataclass(frozen=True, slots=True)
class ShownTask(Printed):
    title: str
    owner: str
    due: str
    state: str
    tone: str
    words: str
    photos: list[dict[str, str]] = field(default_factory=list)


def page(row: Initiative, *, at: datetime) -> dict[str, Any]:
    """Everything that everyone may read, as plain values."""
    found, today = _lines_of.rows(of=row.pk), today_of(at)
    pledges = _standing(row)
    parts, tasks, updates = _parts.rows(of=row.pk), _tasks.rows(of=row.pk), _updates.rows(of=row.pk)
    proofs = {proof.task_id: proof for proof in _proofs.rows(tasks=[t.pk for t in tasks])} if tasks else {}
    wanted = (
        [partner for partner, _role in parts]
        + [one.partner_id for one in pledges]
        + [t.partner_id for t in tasks]
    )
    cards = partners.by_ids(ids=[one for one in [*wanted, row.partner_id] if one is not None])
    shown = files.pictures_of(
        [
            *(f"initiatives.{when}:{row.pk}" for when in ("before", "after")),
            *(f"initiatives.update:{one.pk}" for one in updates),
            *(one.subject for one in proofs.values()),
        ],
        may_see=False,
    )
    appeal = next(iter(_appeals.rows(of=row.pk)), None)
    asks = lines_module.appeal_holds(appeal, row, on=today)
    return {
        "slug": row.slug,
        "title": row.title,
        "purpose": masking.mask(row.purpose),
        "state": STATES[State(row.state)],
        "tone": STATE_TONES[State(row.state)],
        "is_over": row.state in OVER,
        "is_live": row.state in LIVE,
        "closing": masking.mask(row.closing_words),
        "organiser": _organiser(row, cards),
        "places": [
            (code, places.gazetteer().by_code[code].label)
            for code in row.places
            if code in places.gazetteer().by_code
        ],
        "where": listing.places_in_words(row.places),
        "days": listing.days_in_words(row.starts_on, row.ends_on),
        "theme": next((one.label for one in partners.themes() if one.code == row.theme), ""),
        "lines": [_line(one, pledges, cards, row, asks=asks, today=today) for one in found],
        "progress": listing.progress_in_words(sum(one.verified >= one.amount for one in found), len(found)),
        "partners": [(cards[p].name, cards[p].address, ROLES[Role(role)]) for p, role in parts if p in cards],
        "tasks": [_task(one, proofs.get(one.pk), cards, shown, today) for one in tasks],
        "updates": [_update(one, shown) for one in updates],
        "pair": _pair(row, shown),
        "risks": [
            (one.what, LIKELIHOODS[Likelihood(one.likelihood)], one.response)
            for one in _risks.rows(of=row.pk)
        ],
        "budget": [
            (one.what, needs.amount_said(one.amount, "rupiah"), SOURCES[BudgetItem.Source(one.source)])
            for one in _budget.rows(of=row.pk)
        ],
        "bank": _bank(row, found),
        "spending": _spending(row) if any(one.spent for one in found) else [],
        "appeal": _appeal(appeal, at=at) if appeal else "",
        "asks": asks,
        "cases": _cases(row),
        "figures": _figures(row, at=at) if row.figures_only else [],
        "meetings": meetings.of_subject(subject=row.subject)[:MOST_MEETINGS] if row.opened_at else [],
        "threads": conversation.threads_about(subject=row.subject, limit=MOST_THREADS)
        if row.opened_at
        else [],
        "subject": row.subject if row.opened_at else "",
    }


_lines_of: Compiled[Line] = Compiled(lambda of: Line.objects.filter(initiative_id=of))
_parts: Compiled[tuple[int, str]] = Compiled(
    lambda of: Participant.objects.filter(initiative_id=of, state=Part.ACCEPTED).values_list(
        "partner_id", "role"
    )
)
_tasks: Compiled[Task] = Compiled(
    lambda of: Task.objects.filter(initiative_id=of).exclude(state=Stage.DROPPED)
)
_updates: Compiled[Update] = Compiled(
    lambda of: Update.objects.filter(initiative_id=of).order_by("-at")[:MOST_UPDATES]
)
_proofs: Compiled[Proof] = Compiled(lambda tasks: Proof.objects.filter(task__any=tasks).order_by("pk"))
_appeals: Compiled[Appeal] = Compiled(lambda of: Appeal.objects.filter(initiative_id=of))
_risks: Compiled[Risk] = Compiled(lambda of: Risk.objects.filter(initiative_id=of))
_budget: Compiled[BudgetItem] = Compiled(lambda of: BudgetItem.objects.filter(initiative_id=of))


def _standing(row: Initiative) -> list[Pledge]:
    """Promises that were taken on, also those that were withdrawn since, the largest first. One query."""
    return _taken_on.rows(of=row.pk)


_taken_on: Compiled[Pledge] = Compiled(
    lambda of: (
        Pledge.objects.filter(line__initiative_id=of)
        .exclude(state__in=[Pledged.PROMISED.value, Pledged.REFUSED.value])
        .select_related("account")
        .order_by("-pledged", "pk")
    )
)


def _organiser(row: Initiative, cards: dict[int, partners.PartnerCard]) -> dict[str, str]:
    if row.partner_id is not None:
        card = cards.get(row.partner_id)
        return {"name": card.name if card else "–", "url": card.address if card else ""}
    office = people.directory().by_id.get(row.office_id or 0)
    return {"name": office.name if office else "–", "url": ""}


def _line(
    line: Line,
    pledges: list[Pledge],
    cards: dict[int, partners.PartnerCard],
    row: Initiative,
    *,
    asks: bool,
    today: date,
) -> ShownLine:
    taken = [one for one in pledges if one.line_id == line.pk]
    own = [one for one in taken if one.state != Pledged.WITHDRAWN]
    named = [
        (
            _("%(name)s: %(amount)s")
            % {"name": cards[one.partner_id].name, "amount": needs.amount_said(one.pledged, line.unit)},
            cards[one.partner_id].address,
        )
        for one in own
        if one.partner_id in cards
    ]
    named += [
        (one.account.name, "") for one in own if one.partner_id is None and one.is_named and one.account
    ]
    said = {
        "delivered": needs.amount_said(line.delivered, line.unit),
        "verified": needs.amount_said(line.verified, line.unit),
        "pledged": needs.amount_said(line.accepted, line.unit),
    }
    return ShownLine(
        uuid=str(line.uuid),
        what=line.what,
        resource=queries.resource_label(line.resource),
        needed=needs.amount_said(line.amount, line.unit),
        by_day=day_in_words(line.needed_on, "j M Y") if line.needed_on else "",
        bars=_bars(line) if line.accepted else [],
        said=_said(line, said),
        givers=named,
        residents=sum(one.partner_id is None and not one.is_named for one in own),
        takes=_takes(line, row, asks=asks),
        is_for_residents=line.resource in rules.OF_RESIDENTS,
        late=sum(rules.is_late(one.state, due_on=one.due_on, today=today, now=one.sums) for one in own),
        withdrawn=len(taken) - len(own),
        spent=needs.amount_said(line.spent, line.unit) if line.spent else "",
    )


def _bank(row: Initiative, lines: list[Line]) -> str:
    """How much of the money that was brought a bank confirms; one query, and only where money is asked for."""
    there = sum(line.delivered for line in lines if line.resource == rules.MONEY)
    if not there:
        return ""
    said = {
        "matched": needs.amount_said(matching.matched_of([row.pk]), "rupiah"),
        "delivered": needs.amount_said(there, "rupiah"),
    }
    return _("Dari %(delivered)s yang diserahkan, %(matched)s cocok dengan rekening bank.") % said


def _spending(row: Initiative) -> list[tuple[str, str, str]]:
    """What money went to; receipts are for the organiser. One query."""
    rows = Spending.objects.filter(line__initiative=row).order_by("-on", "-pk")[:MOST_SPENT]
    return [
        (day_in_words(one.on, "j M Y"), needs.amount_said(one.amount, "rupiah"), masking.mask(one.what))
        for one in rows
    ]


def _bars(line: Line) -> list[charts.Bar]:
    """What was promised and what is there, against what is needed. More than these two made the page too long to read."""
    rows = [(_("Dijanjikan"), line.accepted), (_("Terbukti ada"), line.verified)]
    return [charts.Bar(label, value, f"{100 * value / line.amount:.1f}%", "") for label, value in rows]


def _said(line: Line, said: dict[str, str]) -> str:
    if not line.accepted:
        return _("Belum ada yang berjanji.")
    return _("Dijanjikan %(pledged)s, diserahkan %(delivered)s, terbukti ada %(verified)s.") % said


def _takes(line: Line, row: Initiative, *, asks: bool) -> str:
    """Who may promise something on a line now, in words; empty where nobody is asked any more."""
    if row.state not in LIVE or line.accepted >= line.amount:
        return ""
    if line.resource in rules.OF_RESIDENTS:
        return _("Terbuka bagi warga dan mitra.")
    if line.resource in rules.COLLECTED and not asks:
        return _("Hanya dari mitra yang ikut dalam prakarsa ini.")
    return _("Terbuka bagi mitra.")


def _task(
    task: Task,
    proof: Proof | None,
    cards: dict[int, partners.PartnerCard],
    shown: dict[str, list[files.Picture]],
    today: date,
) -> ShownTask:
    office = people.directory().by_id.get(task.office_id or 0)
    owner = cards[task.partner_id].name if task.partner_id in cards else office.name if office else ""
    is_late = task.due_on is not None and task.due_on < today and task.state in (Stage.TODO, Stage.PROVED)
    verified = task.state == Stage.VERIFIED and proof is not None
    return ShownTask(
        title=task.title,
        owner=owner,
        due=day_in_words(task.due_on, "j M Y") if task.due_on else "",
        state=_("Lewat harinya") if is_late and task.state == Stage.TODO else str(TASKS[Stage(task.state)]),
        tone="overdue" if is_late and task.state == Stage.TODO else TASK_TONES[Stage(task.state)],
        words=proof.public_words if verified and proof else "",
        photos=grid(shown.get(proof.subject, []), _("Bukti: %(title)s") % {"title": task.title})
        if verified and proof
        else [],
    )


def grid(found: list[files.Picture], name: str) -> list[dict[str, str]]:
    """Photos for the photo grid."""
    return [
        {"url": one.url, "thumb": one.thumb_url, "alt": f"{name} {n}", "caption": ""}
        for n, one in enumerate(found, 1)
    ]


def _update(one: Update, shown: dict[str, list[files.Picture]]) -> dict[str, Any]:
    return {
        "when": day_in_words(local_date(one.at, get_city().tz)),
        "words": one.public_words,
        "photos": grid(shown.get(f"initiatives.update:{one.pk}", []), _("Foto kabar")),
    }


def _pair(row: Initiative, shown: dict[str, list[files.Picture]]) -> tuple[dict[str, str], ...]:
    before = grid(shown.get(f"initiatives.before:{row.pk}", []), _("Sebelum"))
    after = grid(shown.get(f"initiatives.after:{row.pk}", []), _("Sesudah"))
    return (before[0], after[0]) if before and after else ()


def _appeal(appeal: Appeal, *, at: datetime) -> str:
    if appeal.basis == rules.Basis.PERMIT and appeal.valid_until:
        said = {
            "number": appeal.permit_number,
            "by": appeal.issued_by,
            "day": day_in_words(appeal.valid_until),
        }
        return _("Izin PUB nomor %(number)s dari %(by)s, berlaku sampai %(day)s.") % said
    labels = {one.code: one.label for one in reference.exemptions(at=at)}
    return _("Tanpa izin PUB: %(why)s.") % {"why": labels.get(appeal.exemption, appeal.exemption)}


def _cases(row: Initiative) -> dict[str, Any]:
    """How many residents' reports it answers, and links to those that everyone may read. Two queries."""
    rows = _joined.rows(of=row.pk)
    if not rows:
        return {}
    shown = casework.published([subject for subject, _number, _state in rows])
    done = sum(state == Joined.COMPLETED for _subject, _number, state in rows)
    return {
        "words": ngettext(
            "%(n)d laporan warga dijawab lewat prakarsa ini, %(done)d sudah selesai dikerjakan.",
            "%(n)d laporan warga dijawab lewat prakarsa ini, %(done)d sudah selesai dikerjakan.",
            len(rows),
        )
        % {"n": len(rows), "done": done},
        "links": [(number, f"/laporan/{number}/") for subject, number, _state in rows if subject in shown],
    }


_joined: Compiled[tuple[str, str, str]] = Compiled(
    lambda of: (
        JoinedCase.objects.filter(initiative_id=of, state__in=[Joined.JOINED.value, Joined.COMPLETED.value])
        .order_by("case__number")
        .values_list("case__subject", "case__number", "state")[:MOST_CASES]
    )
)


def _figures(row: Initiative, *, at: datetime) -> list[tuple[str, str, str]]:
    """The newest month of each figure; of few people only that they are few."""
    template = reference.find_template(row.template, at=at)
    labels = dict(template.figures) if template else {}
    least = reference.amount("figures_least", at=at)
    newest = Figure.objects.filter(initiative=row).order_by("code", "-month").distinct("code")
    return [
        (labels.get(one.code, one.code), day_in_words(one.month, "F Y"), _count_in_words(one.count, least))
        for one in newest
    ]


def _count_in_words(count: int, least: int) -> str:
    shown = rules.shown_count(count, least=least)
    return str(shown) if shown is not None else _("kurang dari %(n)d") % {"n": least}
