"""What an organiser sees of their initiative, and what a giver sees of their promises: plain values for pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel.access.api import Person
from guyub.kernel.files import api as files
from guyub.rooms.initiatives import ending, lines, rules, showing, working
from guyub.rooms.initiatives.acting import address_of, today_of
from guyub.rooms.initiatives.bank_rules import code_of
from guyub.rooms.initiatives.delivering import key_of
from guyub.rooms.initiatives.drafting import wants_consent
from guyub.rooms.initiatives.models import (
    Delivery,
    HandOver,
    Initiative,
    JoinedCase,
    Line,
    MatchPart,
    Note,
    Participant,
    Pledge,
    Proof,
    Task,
)
from guyub.rooms.initiatives.owning import books_address
from guyub.rooms.initiatives.rules import LIVE, Brought, Consent, Joined, Part, Pledged, Role, State
from guyub.rooms.initiatives.rules import Task as Stage
from guyub.rooms.initiatives.wording import (
    CONSENTS,
    DELIVERIES,
    FINDINGS,
    PARTS,
    PLEDGE_TONES,
    PLEDGES,
    ROLES,
    STATE_TONES,
    STATES,
    TASK_TONES,
    TASKS,
)
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.ui.rows import day_in_words

MOST_FOUND = 100


def page(row: Initiative, *, at: datetime) -> dict[str, Any]:
    """The organiser's page. A fixed number of queries."""
    today = today_of(at)
    pledges = list(
        Pledge.objects.filter(line__initiative=row)
        .select_related("line", "account")
        .order_by("-made_at", "-pk")
    )
    deliveries = list(
        Delivery.objects.filter(
            pledge__line__initiative=row, state__in=[one.value for one in rules.UNDECIDED]
        )
        .select_related("pledge__line")
        .order_by("pk")
    )
    tasks = list(Task.objects.filter(initiative=row).exclude(state=Stage.DROPPED))
    parts = list(Participant.objects.filter(initiative=row))
    cards = partners.by_ids(
        ids=[
            one
            for one in (
                *(pledge.partner_id for pledge in pledges),
                *(part.partner_id for part in parts),
                *(task.partner_id for task in tasks),
            )
            if one is not None
        ]
    )
    names = {pledge.pk: giver_in_words(pledge, cards) for pledge in pledges}
    conflicted = [pledge for pledge in pledges if pledge.state == Pledged.PROMISED]
    return {
        "row": row,
        "public": address_of(row),
        "state": STATES[State(row.state)],
        "tone": STATE_TONES[State(row.state)],
        "consent": CONSENTS[Consent(row.consent)] if wants_consent(row) else "",
        "consent_words": row.consent_words,
        "steps": _steps(row),
        "is_live": row.state in LIVE,
        "is_open_end": row.state in (State.DRAFT, *LIVE),
        "lines": [_line(one) for one in Line.objects.filter(initiative=row)],
        "promised": [_pledge(one, names, today) for one in conflicted],
        "standing": [_pledge(one, names, today) for one in pledges if one not in conflicted],
        "deliveries": _deliveries(deliveries, names),
        "tasks": _tasks(tasks, cards, today),
        "parts": [
            (cards[p.partner_id].name, ROLES[Role(p.role)], PARTS[Part(p.state)])
            for p in parts
            if p.partner_id in cards
        ],
        "cases": list(
            JoinedCase.objects.filter(initiative=row, state=Joined.JOINED)
            .order_by("case__number")
            .values_list("pk", "case__number", "task__title")
        ),
        "asks": lines.may_ask_public(row, at=at),
        "books": books_address(row),
        "found": _found(row, names),
    }


def _found(row: Initiative, names: dict[int, str]) -> list[dict[str, Any]]:
    """What was found to be there, the newest first, each with whether a bank confirms it. One query."""
    confirmed = MatchPart.objects.filter(delivery=OuterRef("pk"), is_ended=False)
    rows = Delivery.objects.filter(pledge__line__initiative=row, state=Brought.VERIFIED)
    rows = rows.select_related("pledge__line").annotate(is_confirmed=Exists(confirmed))
    return [
        {
            "uuid": str(one.uuid),
            "giver": names[one.pledge_id],
            "what": one.pledge.line.what,
            "amount": needs.amount_said(one.found, one.pledge.line.unit),
            "day": day_in_words(one.on, "j M Y"),
            "is_confirmed": one.is_confirmed,
        }
        for one in rows.order_by("-on", "-pk")[:MOST_FOUND]
    ]


def _steps(row: Initiative) -> list[str]:
    """The acts that bring it further now, the first of them the next."""
    if row.state == State.DRAFT:
        needs_yes = wants_consent(row) and row.consent != Consent.GIVEN
        return (
            ["minta-persetujuan"]
            if needs_yes and row.consent != Consent.ASKED
            else []
            if needs_yes
            else ["buka"]
        )
    if row.state == State.OPEN:
        return ["mulai"]
    if row.state == State.RUNNING:
        return [] if ending.undone_of(row) else ["selesai"]
    return []


def _line(line: Line) -> dict[str, Any]:
    said = {
        name: needs.amount_said(getattr(line, name), line.unit)
        for name in ("amount", "pledged", "accepted", "delivered", "verified", "spent")
    }
    return {
        "uuid": str(line.uuid),
        "what": line.what,
        "needed": said["amount"],
        "said": _(
            "Dijanjikan %(pledged)s, diterima %(accepted)s, diserahkan %(delivered)s, terbukti %(verified)s."
        )
        % said
        if line.pledged
        else _("Belum ada yang berjanji."),
        "spent": said["spent"] if line.resource == rules.MONEY else "",
        "can_spend": line.resource == rules.MONEY and line.verified > line.spent,
        "is_free": not line.pledged and not line.verified,
    }


def giver_in_words(pledge: Pledge, cards: dict[int, partners.PartnerCard]) -> str:
    """Who promised, for the organiser: a resident's name is theirs to know, because they work together."""
    if pledge.partner_id is not None:
        card = cards.get(pledge.partner_id)
        return card.name if card else "–"
    return pledge.account.name if pledge.account else _("Warga")


def _pledge(pledge: Pledge, names: dict[int, str], today: date) -> dict[str, Any]:
    is_late = rules.is_late(pledge.state, due_on=pledge.due_on, today=today, now=pledge.sums)
    return {
        "uuid": str(pledge.uuid),
        "giver": names[pledge.pk],
        "what": pledge.line.what,
        "amount": needs.amount_said(pledge.promised, pledge.line.unit),
        "said": _sums_said(pledge),
        "due": day_in_words(pledge.due_on, "j M Y"),
        "first_due": day_in_words(pledge.first_due_on, "j M Y")
        if pledge.first_due_on != pledge.due_on
        else "",
        "state": _("Terlambat") if is_late else str(PLEDGES[Pledged(pledge.state)]),
        "tone": "overdue" if is_late else PLEDGE_TONES[Pledged(pledge.state)],
        "words": pledge.words,
        "conflict": pledge.conflict_words,
        "for_government": pledge.line.for_government,
        "is_verified": pledge.state == Pledged.VERIFIED,
        "is_waiting": pledge.state == Pledged.PROMISED,
        "is_standing": pledge.state in (Pledged.ACCEPTED, Pledged.DELIVERED),
    }


def _sums_said(pledge: Pledge) -> str:
    if not pledge.delivered:
        return ""
    said = {
        name: needs.amount_said(getattr(pledge, name), pledge.line.unit) for name in ("delivered", "verified")
    }
    return _("Diserahkan %(delivered)s, terbukti %(verified)s.") % said


def _deliveries(rows: list[Delivery], names: dict[int, str]) -> list[dict[str, Any]]:
    """What waits to be looked at, with its photos and what the computer found. Three queries."""
    shown = files.pictures_of(
        [subject for one in rows for subject in (one.subject, f"initiatives.receipt:{one.pk}")], may_see=True
    )
    proofs = {
        proof.delivery_id: proof for proof in Proof.objects.filter(delivery__in=[one.pk for one in rows])
    }
    handed = set(
        HandOver.objects.filter(pledge__in=[one.pledge_id for one in rows]).values_list(
            "pledge_id", flat=True
        )
    )
    return [
        {
            "uuid": str(one.uuid),
            "pledge": str(one.pledge.uuid),
            "giver": names[one.pledge_id],
            "what": one.pledge.line.what,
            "amount": needs.amount_said(one.amount, one.pledge.line.unit),
            "day": day_in_words(one.on, "j M Y"),
            "receiver": one.receiver_name,
            "state": DELIVERIES[Brought(one.state)],
            "is_received": one.state == Brought.RECEIVED,
            "needs_record": one.pledge.line.for_government and one.pledge_id not in handed,
            "link": f"/prakarsa/terima/{key_of(one.uuid)}/" if one.state == Brought.SENT else "",
            "words": proofs[one.pk].words if one.pk in proofs else "",
            "photos": showing.grid(shown.get(one.subject, []), _("Foto penyerahan")),
            "receipt": showing.grid(shown.get(f"initiatives.receipt:{one.pk}", []), _("Tanda terima")),
            "findings": findings_in_words(proofs.get(one.pk)),
        }
        for one in rows
    ]


def findings_in_words(proof: Proof | None) -> list[tuple[str, bool]]:
    """What the computer found about the photos, and whether it asks somebody to look."""
    if proof is None or proof.flagged is None:
        return [(_("Foto sedang diperiksa komputer."), False)]
    told = {one["code"]: bool(one.get("is_flag")) for one in proof.findings}
    return [(str(FINDINGS[code]), is_flag) for code, is_flag in told.items() if code in FINDINGS]


def _tasks(rows: list[Task], cards: dict[int, partners.PartnerCard], today: date) -> list[dict[str, Any]]:
    proofs = {
        proof.task_id: proof
        for proof in Proof.objects.filter(task__in=[one.pk for one in rows]).order_by("pk")
    }
    shown = files.pictures_of([proof.subject for proof in proofs.values()], may_see=True)
    made = []
    for one in rows:
        proof, office = proofs.get(one.pk), people.directory().by_id.get(one.office_id or 0)
        waits = one.state == Stage.PROVED
        made.append(
            {
                "uuid": str(one.uuid),
                "title": one.title,
                "owner": cards[one.partner_id].name
                if one.partner_id in cards
                else office.name
                if office
                else "",
                "due": day_in_words(one.due_on, "j M Y") if one.due_on else "",
                "state": TASKS[Stage(one.state)],
                "tone": "overdue"
                if one.state == Stage.TODO and one.due_on and one.due_on < today
                else TASK_TONES[Stage(one.state)],
                "is_open": one.state in (Stage.TODO, Stage.PROVED),
                "waits": waits,
                "words": proof.words if proof and waits else "",
                "photos": showing.grid(shown.get(proof.subject, []), _("Bukti pekerjaan"))
                if proof and waits
                else [],
                "findings": findings_in_words(proof) if waits else [],
                "sent_back": proof.sent_back if proof and one.state == Stage.TODO else "",
            }
        )
    return made


def own_page(person: Person, *, at: datetime) -> dict[str, Any]:
    """A person's own promises, those of their partners, what they were called to and what they run."""
    today, account = today_of(at), person.acting
    acting = partners.acting_for(account=account)
    ids = [card.id for card in acting]
    rows = list(
        (
            Pledge.objects.filter(account_id=account, partner__isnull=True)
            | Pledge.objects.filter(partner__in=ids)
        )
        .select_related("line__initiative", "account")
        .order_by("-made_at", "-pk")[:200]
    )
    cards = {card.id: card for card in acting}
    names = {one.pk: giver_in_words(one, cards) for one in rows}
    invited = Participant.objects.filter(partner__in=ids, state=Part.INVITED).select_related("initiative")
    run = Initiative.objects.filter(partner__in=ids).order_by("ended_at", "-pk")[:50]
    return {
        "pledges": [
            {
                **_pledge(one, names, today),
                "title": one.line.initiative.title,
                "slug": one.line.initiative.slug,
            }
            for one in rows
        ],
        "invited": [
            {
                "title": one.initiative.title,
                "slug": one.initiative.slug,
                "partner": one.partner_id,
                "name": cards[one.partner_id].name,
                "role": ROLES[Role(one.role)],
            }
            for one in invited
        ],
        "run": [
            (
                one.title,
                f"/prakarsa/{one.slug}/kelola/",
                STATES[State(one.state)],
                STATE_TONES[State(one.state)],
            )
            for one in run
        ],
        "tasks": _own_tasks(ids, today),
        "books": [
            (
                card.name,
                reverse("partner_years", args=[card.slug]),
                reverse("partner_books", args=[card.slug]),
            )
            for card in acting
        ],
        "may_begin": any(card.is_verified for card in acting),
    }


def _own_tasks(ids: Iterable[int], today: date) -> list[dict[str, Any]]:
    rows = Task.objects.filter(
        partner__in=list(ids), state__in=[Stage.TODO, Stage.PROVED], initiative__state__in=LIVE
    )
    return [
        {
            "uuid": str(one.uuid),
            "title": one.title,
            "initiative": one.initiative.title,
            "due": day_in_words(one.due_on, "j M Y") if one.due_on else "",
            "state": TASKS[Stage(one.state)],
            "tone": "overdue" if one.due_on and one.due_on < today else TASK_TONES[Stage(one.state)],
        }
        for one in rows.select_related("initiative").order_by("due_on", "pk")
    ]


def pledge_page(pledge: Pledge, *, at: datetime) -> dict[str, Any]:
    """One promise for who made it: its deliveries, what was said about it, and what can be done."""
    cards = partners.by_ids(ids=[pledge.partner_id] if pledge.partner_id is not None else [])
    shown = _pledge(pledge, {pledge.pk: giver_in_words(pledge, cards)}, today_of(at))
    rows = list(Delivery.objects.filter(pledge=pledge).order_by("pk"))
    is_live = pledge.line.initiative.state in LIVE
    can = [
        name
        for name, holds in (
            ("serahkan", pledge.state == Pledged.ACCEPTED),
            ("undur", pledge.state in (Pledged.PROMISED, Pledged.ACCEPTED)),
            ("tarik", pledge.state in (Pledged.PROMISED, Pledged.ACCEPTED)),
        )
        if holds and is_live
    ]
    return {
        "pledge": shown,
        "title": pledge.line.initiative.title,
        "public": address_of(pledge.line.initiative),
        "code": code_of(pledge.pk)
        if pledge.line.resource == rules.MONEY and pledge.state == Pledged.ACCEPTED
        else "",
        "can": can,
        "deliveries": [
            {
                "amount": needs.amount_said(one.amount, pledge.line.unit),
                "day": day_in_words(one.on, "j M Y"),
                "state": DELIVERIES[Brought(one.state)],
                "link": f"/prakarsa/terima/{key_of(one.uuid)}/" if one.state == Brought.SENT else "",
            }
            for one in rows
        ],
        "notes": [
            (day_in_words(one.at.date(), "j M Y"), one.words)
            for one in Note.objects.filter(pledge=pledge).order_by("pk")
        ],
    }


def owns_task(person: Person, task: Task) -> bool:
    """Whether a person may prove a task now."""
    is_open = task.state in (Stage.TODO, Stage.PROVED) and task.initiative.state in LIVE
    return is_open and working.is_owner(person, task.initiative, task)
