"""Somebody is asked to help with a need, and says yes or no. The platform carries both; nobody's address is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import needs as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.needs import reference
from guyub.rooms.needs.acting import Refused, acts_for_partner, as_owner, locked, record, tell, tell_one
from guyub.rooms.needs.models import Ask, Line, Need, Offer
from guyub.rooms.needs.rules import LARGEST, WANTED, Answer, Move, left_of
from guyub.rooms.needs.suggesting import promised
from guyub.rooms.needs.wording import amount_said
from guyub.rooms.partners import api as partners


@transaction.atomic
def ask(
    *,
    need: int,
    by: Person,
    at: datetime,
    offer: int | None = None,
    partner: int | None = None,
    line: int | None = None,
    words: str = "",
) -> Ask:
    """Whoever stands behind a need asks for an offer, or asks a partner that made none. They are told at once.

    Raises `NotAllowed`, `Refused`.
    """
    row = locked(need, Move.ASK)
    account = as_owner(by, row)
    asked = Ask(need=row, words=words, asked_by_id=account, asked_at=at)
    _name(asked, row, offer=offer, partner=partner)
    if line is not None:
        asked.line = Line.objects.filter(need=row, pk=line).first()
    _hold_back(asked, at=at)
    asked.save(force_insert=True)
    fact = events.HelpAsked(need=row.pk, ask=asked.pk, offer=asked.offer_id, partner=asked.partner_id)
    record(fact, need=row, by=account, at=at, office=row.office_id)
    _tell_asked(asked, row, at=at)
    return asked


def _name(asked: Ask, row: Need, *, offer: int | None, partner: int | None) -> None:
    """Whom the question goes to: who made the offer, or the partner; never oneself."""
    if offer is not None:
        found = Offer.objects.shown().select_for_update(of=("self",)).filter(pk=offer).first()
        if found is None:
            raise Refused(_("Tawaran ini tidak berlaku lagi."))
        asked.offer, asked.account_id, partner = found, found.account_id, found.partner_id
    if partner is not None:
        known = partners.get(id=partner)
        if not known.counts_as_verified or known.pk == row.partner_id:
            raise NotAllowed("Only other, verified partners are asked.")
        asked.partner = known
    elif asked.offer is None:
        raise NotAllowed("Somebody is asked.")


def _hold_back(asked: Ask, *, at: datetime) -> None:
    """Nobody is asked twice for the same, or soon after a no; and not everybody at once."""
    same = Ask.objects.filter(need=asked.need)
    if same.filter(answer=Answer.OPEN).count() >= reference.amount("asks_open", at=at):
        raise Refused(_("Tunggu dahulu jawaban atas ajakan yang sudah dikirim."))
    whom = same.filter(partner=asked.partner) if asked.partner_id else same.filter(account=asked.account_id)
    since = at - timedelta(days=reference.amount("ask_again", at=at))
    if whom.filter(answer__in=[Answer.OPEN, Answer.YES]).exists():
        raise Refused(_("Sudah diajak."))
    if whom.filter(answer=Answer.NO, answered_at__gt=since).exists():
        raise Refused(_("Belum lama ini ia menjawab belum bisa. Coba lagi nanti."))


def _tell_asked(asked: Ask, row: Need, *, at: datetime) -> None:
    told = partners.representatives(partner=asked.partner_id) if asked.partner_id else [asked.account_id]
    with override("id"):
        subject = _("Anda diajak membantu: %(title)s") % {"title": row.title}
        words = asked.words or _("Buka untuk membaca apa yang dibutuhkan dan menjawab.")
        for account in told:
            if account is not None:
                link = f"/kebutuhan/ajakan/{asked.uuid}/"
                tell_one(account, f"ask:{asked.pk}", subject, words, link=link, at=at)


def is_asked(person: Person, asked: Ask) -> bool:
    """Whether a question was put to this person, or to a partner that they act for."""
    if person.account is None:
        return False
    return asked.account_id == person.account or acts_for_partner(person, asked.partner_id)


@transaction.atomic
def answer(
    *, ask: int, yes: bool, by: Person, at: datetime, amount: int | None = None, words: str = ""
) -> None:
    """Whoever was asked says yes, with how much, or no. Raises `NotAllowed`, `Refused`."""
    found = Ask.objects.select_for_update(of=("self",)).get(pk=ask)
    if not is_asked(by, found) or found.answer != Answer.OPEN:
        raise NotAllowed("This question is somebody else's, or answered.")
    row = Need.objects.select_for_update(of=("self",)).get(pk=found.need_id)
    if row.state not in WANTED:
        raise NotAllowed("This need is over.")
    found.answer = Answer.YES if yes else Answer.NO
    found.amount = _within(found, amount, at=at) if yes else None
    found.answer_words, found.answered_by_id, found.answered_at = words, by.acting, at
    found.save()
    fact = events.HelpAnswered(need=row.pk, ask=found.pk, answer=found.answer, amount=found.amount)
    record(fact, need=row, by=by.acting, at=at)
    _tell_answer(found, row, at=at)


def _within(found: Ask, amount: int | None, *, at: datetime) -> int | None:
    """How much is said yes to: of an offer no more than is left of it now."""
    if amount is None:
        return None
    if not 0 < amount <= LARGEST:
        raise Refused(_("Tulis jumlah yang lebih dari nol."), field="amount")
    if found.offer_id is None:
        return amount
    # The offer is held until this is written: two yeses at once do not promise the same hours.
    offer = Offer.objects.select_for_update(of=("self",)).get(pk=found.offer_id)
    left = left_of(offer.amount, offer.every, promised([offer.pk]).get(offer.pk, ()), on=reference.today(at))
    if amount > left:
        raise Refused(
            _("Dari tawaran ini tersisa %(left)s.") % {"left": amount_said(left, offer.unit)}, field="amount"
        )
    return amount


def _tell_answer(found: Ask, row: Need, *, at: datetime) -> None:
    with override("id"):
        who = partners.get(id=found.partner_id).name if found.partner_id else _("Seorang warga")
        said = _("%(who)s menyanggupi") if found.answer == Answer.YES else _("%(who)s belum bisa membantu")
        tell(row, f"answer:{found.pk}", said % {"who": who}, found.answer_words or row.title, at=at)
