"""Lines of a statement are laid beside deliveries of money: by code, amount and days with reasons, the rest by hand.

A match changes no sum of a promise: it says that a bank confirms it. So what is matched cannot be found to be another
amount, and what is taken back is told to everyone whom it concerns.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.initiatives import reference
from guyub.rooms.initiatives.acting import Refused, address_of, locked, organisers, record, tell
from guyub.rooms.initiatives.bank_rules import (
    Came,
    NoMatch,
    Pair,
    Sent,
    Why,
    codes_in,
    pairs,
    reasons,
    why_not_match,
)
from guyub.rooms.initiatives.models import BankLine, Delivery, Initiative, Match, MatchPart
from guyub.rooms.initiatives.owning import Owner, as_owner
from guyub.rooms.initiatives.pledging import givers_of
from guyub.rooms.initiatives.rules import LIVE, OVER, Brought
from guyub.rooms.needs import api as needs
from guyub.rooms.needs.api import Resource
from guyub.rooms.partners import api as partners

MOST = 300


def open_lines(owner: Owner) -> list[BankLine]:
    """Money that came in and belongs to no delivery yet, the newest first."""
    taken = MatchPart.objects.filter(is_ended=False, line__isnull=False).values("line")
    rows = BankLine.objects.filter(owner.of()).exclude(pk__in=taken)
    return list(rows.order_by("-on", "-pk")[:MOST])


def open_deliveries(owner: Owner) -> list[Delivery]:
    """What givers say they transferred and no statement shows yet, the newest first."""
    taken = MatchPart.objects.filter(is_ended=False, delivery__isnull=False).values("delivery")
    rows = _of_money().filter(owner.of("pledge__line__initiative__")).exclude(pk__in=taken)
    return list(rows.order_by("-on", "-pk")[:MOST])


def _of_money() -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(pledge__line__resource=Resource.MONEY).exclude(state=Brought.REFUSED)
    return rows.select_related("pledge__line__initiative", "pledge__partner")


def standing(row: Delivery) -> int:
    """How much of a delivery stands: what was found, or what was said while nobody looked."""
    return row.found if row.state == Brought.VERIFIED else row.amount


def _came(row: BankLine) -> Came:
    said = f"{row.remark} {row.reference} {row.name}"
    return Came(row.pk, row.on, row.amount, codes_in(said), f"{row.name} {row.remark}")


def _sent(row: Delivery) -> Sent:
    giver = row.pledge.partner.name if row.pledge.partner else ""
    return Sent(row.pk, row.pledge_id, row.on, standing(row), giver)


def suggested(lines: list[BankLine], deliveries: list[Delivery], *, at: datetime) -> list[Pair]:
    days = reference.amount("match_days", at=at)
    return pairs([_came(one) for one in lines], [_sent(one) for one in deliveries], days=days)


@transaction.atomic
def match(
    *, owner: Owner, lines: Collection[int], deliveries: Collection[int], by: Person, at: datetime
) -> Match:
    """These lines are these deliveries. Raises `NotAllowed`, `Refused`."""
    account = as_owner(by, owner)
    touched = _locked_initiatives(owner, deliveries)
    came = list(
        BankLine.objects.select_for_update(no_key=True).filter(owner.of(), pk__in=lines).order_by("pk")
    )
    sent = list(
        _of_money().select_for_update(of=("self",), no_key=True).filter(pk__in=deliveries).order_by("pk")
    )
    if len(came) != len(set(lines)) or len(sent) != len(set(deliveries)):
        raise NotAllowed("Not all of these are here.")
    if MatchPart.objects.filter(Q(line__in=came) | Q(delivery__in=sent), is_ended=False).exists():
        raise Refused(_("Salah satunya sudah dicocokkan. Muat ulang halaman ini."))
    _refuse_unequal([one.amount for one in came], [standing(one) for one in sent])
    made = Match.objects.create(
        **owner.columns,
        amount=sum(one.amount for one in came),
        why=_why(came, sent, at=at),
        by_id=account,
        at=at,
    )
    MatchPart.objects.bulk_create(
        [MatchPart(match=made, line=one, amount=one.amount) for one in came]
        + [MatchPart(match=made, delivery=one, amount=standing(one)) for one in sent]
    )
    for row in touched:
        fact = events.MoneyMatched(initiative=row.pk, match=made.pk, amount=_part_of(row, sent))
        record(fact, initiative=row, by=account, at=at, office=owner.office)
    return made


def _locked_initiatives(owner: Owner, deliveries: Collection[int]) -> list[Initiative]:
    """The initiatives of some deliveries, locked in the order of their ids, so that no two wait for each other."""
    keys = Delivery.objects.filter(pk__in=deliveries).values_list("pledge__line__initiative_id", flat=True)
    rows = [locked(key, states=(*LIVE, *OVER)) for key in sorted(set(keys))]
    if not all(owner.runs(row) for row in rows):
        raise NotAllowed("Some of these are not of these books.")
    return rows


def _refuse_unequal(came: list[int], sent: list[int]) -> None:
    why_not = why_not_match(came, sent)
    if why_not is NoMatch.NOTHING:
        raise Refused(_("Pilih baris rekening dan penyerahan yang dicocokkan."))
    if why_not is NoMatch.MANY_TO_MANY:
        raise Refused(
            _("Pilih satu baris untuk beberapa penyerahan, atau beberapa baris untuk satu penyerahan.")
        )
    if why_not is NoMatch.SUMS:
        said = {
            "bank": needs.amount_said(sum(came), "rupiah"),
            "given": needs.amount_said(sum(sent), "rupiah"),
        }
        raise Refused(_("Jumlahnya tidak sama: di rekening %(bank)s, diserahkan %(given)s.") % said)


def _why(came: list[BankLine], sent: list[Delivery], *, at: datetime) -> list[str]:
    if len(came) == len(sent) == 1:
        days = reference.amount("match_days", at=at)
        return [one.value for one in reasons(_came(came[0]), _sent(sent[0]), days=days)]
    return [Why.HAND.value]


def _part_of(row: Initiative, sent: list[Delivery]) -> int:
    return sum(standing(one) for one in sent if one.pledge.line.initiative_id == row.pk)


def match_certain(*, owner: Owner, by: Person, at: datetime) -> int:
    """Take all pairs that are certain, each by itself; how many. What somebody else was faster with is passed over."""
    as_owner(by, owner)
    done = 0
    for pair in suggested(open_lines(owner), open_deliveries(owner), at=at):
        if pair.is_certain:
            try:
                match(owner=owner, lines=[pair.line], deliveries=[pair.delivery], by=by, at=at)
                done += 1
            except (Refused, NotAllowed):
                continue
    return done


@transaction.atomic
def undo(*, owner: Owner, match: UUID, words: str, by: Person, at: datetime) -> None:
    """They do not belong together after all: givers and organisers are told why. Raises `NotAllowed`, `Refused`."""
    account = as_owner(by, owner)
    keys = MatchPart.objects.filter(match__uuid=match, delivery__isnull=False).values_list(
        "delivery", flat=True
    )
    touched = _locked_initiatives(owner, list(keys))
    found = Match.objects.select_for_update(no_key=True).filter(owner.of(), uuid=match).first()
    if found is None or found.undone_at is not None:
        raise NotAllowed("There is no such match now.")
    if not words.strip():
        raise Refused(_("Tulis alasannya."), field="words")
    sent = list(_of_money().filter(pk__in=keys))
    MatchPart.objects.filter(match=found).update(is_ended=True)
    found.undone_by_id, found.undone_at, found.undone_words = account, at, words.strip()
    found.save(update_fields=["undone_by", "undone_at", "undone_words"])
    for row in touched:
        fact = events.MatchUndone(initiative=row.pk, match=found.pk, amount=_part_of(row, sent))
        record(fact, initiative=row, by=account, at=at, office=owner.office)
        _announce(
            row, [one for one in sent if one.pledge.line.initiative_id == row.pk], found, by=account, at=at
        )


def _announce(row: Initiative, sent: list[Delivery], found: Match, *, by: int, at: datetime) -> None:
    told = {account for one in sent for account in givers_of(one.pledge)} | set(organisers(row, at=at))
    with override("id"):
        tell(
            told,
            key=f"{row.pk}:unmatched:{found.pk}",
            subject=_("Pencocokan dengan rekening dibatalkan"),
            body=f"{row.title}: {needs.amount_said(found.amount, 'rupiah')}\n\n{found.undone_words}",
            link=address_of(row),
            at=at,
            besides=by,
        )


def matches(owner: Owner, *, limit: int = 50) -> list[Match]:
    """The newest matches, with their parts. Two queries."""
    rows = (
        Match.objects.filter(owner.of())
        .order_by("-at", "-pk")
        .prefetch_related(
            "parts__line", "parts__delivery__pledge__line__initiative", "parts__delivery__pledge__partner"
        )
    )
    return list(rows[:limit])


def matched_of(initiatives: Collection[int]) -> int:
    """How many rupiah of these initiatives a bank confirms. One query."""
    rows = MatchPart.objects.filter(is_ended=False, delivery__pledge__line__initiative__in=list(initiatives))
    return int(rows.aggregate(all=Sum("amount", default=0))["all"])


def giver_names(rows: Collection[Delivery]) -> dict[int, str]:
    """By partner: its name, of one that was merged what it became. One query."""
    keys = [one.pledge.partner_id for one in rows if one.pledge.partner_id is not None]
    return {key: card.name for key, card in partners.by_ids(ids=keys).items()}
