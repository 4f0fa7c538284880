"""How a cooperation and its documents stand, from their rows: what the stages and checks ask for."""

from __future__ import annotations

from datetime import date, datetime

from guyub.kernel.files.api import Photo
from guyub.rooms.agreements import reference, rules
from guyub.rooms.agreements.models import Cooperation, Document, Evaluation, Party, Version
from guyub.rooms.agreements.rules import Check, Parent, Reached, Side, State, Text


def stages_of(row: Cooperation) -> tuple[str, ...]:
    """The stages of its type as they were when it began."""
    return reference.types(on=reference.today_of(row.begun_at))[row.kind].stages


def newest(row: Document) -> Version:
    return Version.objects.filter(document=row).order_by("-number")[0]


def in_order(row: Document, version: Version, *, on: date) -> dict[str, str]:
    """The clauses of a version in the order of its kind: the database keeps none."""
    known = reference.kinds(on=on)[row.kind].clauses
    codes = [*known, *(code for code in version.clauses if code not in known)]
    return {code: version.clauses[code] for code in codes if code in version.clauses}


def text_of(row: Document, *, on: date) -> Text:
    """A document as the checks read it. Two queries."""
    kind = reference.kinds(on=on)[row.kind]
    sides = [
        Side(party.number, party.signatory, party.authority, party.proxy)
        for party in Party.objects.filter(document=row).order_by("position")
    ]
    return Text(
        kind=row.kind,
        clauses=newest(row).clauses,
        required=kind.clauses,
        sides=sides,
        scope=row.scope,
        cost=row.cost,
        in_budget=row.in_budget,
        council=bool(row.cooperation.council_number),
        signed_on=row.signed_on or on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def parent_of(row: Document) -> Parent | None:
    above = row.under
    if above is None:
        return None
    return Parent(
        is_signed=above.state == State.SIGNED,
        signed_on=above.signed_on,
        ends_on=above.ends_on,
        scope=above.scope,
        may_extend=row.kind == "ADDENDUM",
    )


def findings(row: Document, *, on: date) -> list[Check]:
    """What stands against signing a document on a day."""
    kind = reference.kinds(on=on)[row.kind]
    found = rules.findings(
        text_of(row, on=on),
        parent_of(row),
        needs_parent=bool(kind.under),
        longest=reference.amount("longest", on=on),
        follow_within=reference.amount("follow_within", on=on),
    )
    # An offer letter is the head's own: it has one side and holds for no time.
    alone = (Check.PARTIES, Check.DATES) if row.kind == "SURAT_PENAWARAN" else ()
    return [check for check in found if check not in alone]


def blocking(row: Document, *, on: date) -> list[Check]:
    return [check for check in findings(row, on=on) if reference.basis_of(check, on=on).blocks]


def reached(row: Cooperation, *, at: datetime) -> Reached:
    """What the cooperation has, as its stages ask."""
    today = reference.today_of(at)
    documents = list(Document.objects.filter(cooperation=row).select_related("cooperation", "under"))
    signed = [one for one in documents if one.state != State.DRAFT]
    drafts = [one for one in documents if one.state == State.DRAFT]
    whole = {one.kind for one in drafts if not rules.missing(text_of(one, on=today))}
    scanned = set(
        Photo.objects.filter(subject__in=[one.scan for one in signed]).values_list("subject", flat=True)
    )
    costs = any(rules.needs_council(cost=one.cost, in_budget=one.in_budget) for one in documents)
    return Reached(
        framework=bool(row.framework.strip()),
        whole=frozenset(whole),
        signed=frozenset(one.kind for one in signed),
        unscanned=sum(one.scan not in scanned for one in signed),
        costs=costs or row.kind == "KSDLL",
        council=bool(row.council_number),
        ministry=bool(row.ministry_number),
        evaluated=Evaluation.objects.filter(document__in=signed).exists(),
    )
