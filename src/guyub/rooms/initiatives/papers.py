"""Papers that can be checked: what a partner did in a year, and the hours of a volunteer.

A paper keeps what it says, and the ledger its digest: whoever holds one reads the same on a public page, with the seal
under which its giving out lies, and whether the records of today still say so.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.cities.api import signature, signature_fits
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.api import RecordedFact
from guyub.rooms.initiatives import partner_year
from guyub.rooms.initiatives.acting import Refused, today_of
from guyub.rooms.initiatives.models import Delivery, Initiative, Paper, Pledge
from guyub.rooms.initiatives.rules import HOURS, Brought
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people

PURPOSE = "initiative-paper"
FIRST_YEAR = 2020


def key_of(paper: Paper) -> str:
    """The part of its address that a paper is found by, and that nobody makes up."""
    return f"{paper.uuid.hex}-{signature(PURPOSE, paper.uuid.hex)}"


def find(key: str) -> Paper | None:
    """The paper behind a key; None for a key that is not of this city."""
    hex_id, _sep, proof = key.partition("-")
    if len(hex_id) != 32 or not signature_fits(PURPOSE, hex_id, proof):
        return None
    try:
        uuid = UUID(hex_id)
    except ValueError:
        return None
    return Paper.objects.select_related("partner", "pledge__line__initiative").filter(uuid=uuid).first()


def digest_of(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def issue_year(*, partner: int, year: int, by: Person, at: datetime) -> Paper:
    """What a partner promised, brought and what was found there in a year; the same as before is the same paper.

    Raises `NotAllowed`, `Refused`.
    """
    if not partners.may_act(account=by.acting, partner=partner):
        raise NotAllowed("This person does not act for this partner.")
    if not FIRST_YEAR <= year <= today_of(at).year:
        raise NotAllowed("This is no year of which anything is known.")
    _one_at_a_time()
    content = partner_year.content(partner, year)
    if not content["items"]:
        raise Refused(_("Tidak ada janji atau penyerahan yang tercatat di tahun ini."))
    digest = digest_of(content)
    known = Paper.objects.filter(partner_id=partner, year=year, digest=digest).first()
    if known is not None:
        return known
    made = Paper(kind=Paper.Kind.YEAR, partner_id=partner, year=year, content=content, digest=digest)
    return _issued(made, by=by.acting, at=at, partner=partner)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':initiatives.papers'))")


def _issued(made: Paper, *, by: int, at: datetime, partner: int | None = None) -> Paper:
    made.by_id, made.at = by, at
    made.save(force_insert=True)
    fact = events.PaperIssued(
        paper=made.pk, kind=made.kind, digest=made.digest, partner=partner, pledge=made.pledge_id
    )
    ledger.record(fact, subject=subject_of(made), at=at, by=by)
    return made


def subject_of(paper: Paper) -> str:
    return f"initiatives.paper:{paper.pk}"


# ── Hours of volunteers ────────────────────────────────────────────────────────────────────────────────────
def hours_of(account: int) -> list[Pledge]:
    """A person's own promises of time of which something was found to be done, the newest first."""
    rows = Pledge.objects.filter(
        account_id=account, partner__isnull=True, line__resource=HOURS, verified__gt=0
    )
    return list(rows.select_related("line__initiative__partner").order_by("-made_at"))


@transaction.atomic
def issue_hours(*, pledge: int, is_named: bool, by: Person, at: datetime) -> Paper:
    """A certificate of the hours that the organiser found to be done; another one takes the place of the first.

    Raises `NotAllowed`.
    """
    initiative = Pledge.objects.values_list("line__initiative_id", flat=True).get(pk=pledge)
    # Before the papers: whoever takes a verification back locks in this order too.
    Initiative.objects.select_for_update(of=("self",), no_key=True).get(pk=initiative)
    found = Pledge.objects.select_related("line__initiative__partner").get(pk=pledge)
    if found.account_id != by.acting or found.partner_id is not None or found.line.resource != HOURS:
        raise NotAllowed("These are not this person's hours.")
    if not found.verified:
        raise NotAllowed("Nothing was found to be done.")
    _one_at_a_time()
    known = Paper.objects.filter(pledge=found, withdrawn_at__isnull=True).first()
    said = _hours(found)
    if known and known.is_named == is_named and _without_number(known.content) == said:
        return known
    if known:
        _withdraw(known, by=by.acting, at=at)
    content = {**said, "number": _next_number()}
    made = Paper(
        kind=Paper.Kind.HOURS, pledge=found, is_named=is_named, content=content, digest=digest_of(content)
    )
    return _issued(made, by=by.acting, at=at)


def _hours(found: Pledge) -> dict[str, Any]:
    row = found.line.initiative
    rows = Delivery.objects.filter(pledge=found, state=Brought.VERIFIED).order_by("on", "pk")
    days = list(rows.values_list("on", flat=True))
    office = people.directory().by_id.get(row.office_id or 0)
    return {
        "hours": int(rows.aggregate(all=Sum("found", default=0))["all"]),
        "what": found.line.what,
        "initiative": row.title,
        "slug": row.slug,
        "organiser": row.partner.name if row.partner else office.name if office else "",
        "first_on": days[0].isoformat(),
        "last_on": days[-1].isoformat(),
    }


def _without_number(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "number"}


def _next_number() -> int:
    """Papers are never deleted, so their number is the number of those before; the caller holds the papers."""
    return Paper.objects.filter(kind=Paper.Kind.HOURS).count() + 1


def withdraw_hours(*, pledge: int, by: int, at: datetime) -> None:
    """What a certificate says was taken back; the caller holds the initiative."""
    for known in Paper.objects.filter(pledge_id=pledge, withdrawn_at__isnull=True):
        _withdraw(known, by=by, at=at)


def _withdraw(known: Paper, *, by: int, at: datetime) -> None:
    known.withdrawn_at = at
    known.save(update_fields=["withdrawn_at"])
    ledger.record(
        events.PaperWithdrawn(paper=known.pk, kind=known.kind), subject=subject_of(known), at=at, by=by
    )


# ── Checking ───────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a paper stands: its fact, the number of the seal over it, and whether today's records say the same."""

    is_recorded: bool
    seal: int | None
    is_same: bool
    is_valid: bool


def check(paper: Paper) -> Checked:
    """A paper is valid while it was not withdrawn and says what the ledger has of it. Four queries."""
    facts = [one for one in ledger.facts_about(subject_of(paper)) if one.name == events.PaperIssued.name]
    is_recorded = any(_says(one, paper) for one in facts)
    seals = ledger.seals_over(facts) if facts else {}
    seal = next((one.number for one in seals.values()), None)
    is_valid = is_recorded and paper.withdrawn_at is None
    return Checked(is_recorded, seal, _is_same(paper), is_valid)


def _says(fact: RecordedFact, paper: Paper) -> bool:
    return bool(fact.payload["digest"] == paper.digest == digest_of(paper.content))


def _is_same(paper: Paper) -> bool:
    if paper.kind == Paper.Kind.YEAR:
        today = partner_year.content(paper.partner_id or 0, paper.year or 0)
        return bool(today["totals"] == paper.content["totals"])
    return paper.pledge is not None and paper.pledge.verified == paper.content["hours"]
