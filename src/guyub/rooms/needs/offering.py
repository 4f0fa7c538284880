"""An offer is made, changed, rests, is renewed and ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from guyub.events import needs as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.rooms.needs import reference
from guyub.rooms.needs.acting import Refused, acts_for_partner, keep_words, record_offer, tell_one
from guyub.rooms.needs.models import Ask, Offer
from guyub.rooms.needs.rules import OF_RESIDENTS, OPEN_OFFERS, Answer, Every, Standing, unit_for
from guyub.rooms.partners import api as partners


@dataclass(frozen=True, slots=True)
class Gift:
    """What somebody says of an offer."""

    resource: str
    what: str
    amount: int
    unit: str
    every: str = Every.ONCE
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    conditions: str = ""


@transaction.atomic
def offer(*, gift: Gift, by: Person, at: datetime, partner: int | None = None) -> Offer:
    """A partner's people offer something in its name; or a resident time and what they can do.

    Raises `NotAllowed`, `Refused`.
    """
    if partner is not None and not acts_for_partner(by, partner):
        raise NotAllowed("This person does not act for this partner.")
    if partner is None and gift.resource not in OF_RESIDENTS:
        raise Refused(_("Atas nama sendiri hanya tenaga dan keahlian."), field="resource")
    _hold_back(by.acting, partner, at=at)
    row = Offer(partner_id=partner, account_id=None if partner else by.acting, made_at=at)
    row.valid_until = reference.day_after("offer_lasts", at=at)
    _write(row, gift, at=at)
    fact = events.OfferMade(
        offer=row.pk, partner=partner, resource=row.resource, valid_until=row.valid_until.isoformat()
    )
    record_offer(fact, offer=row, by=by.acting, at=at)
    return row


def _hold_back(account: int, partner: int | None, *, at: datetime) -> None:
    # The row of whose limit it is is held, so that two forms sent at once do not both count as the last.
    if partner is not None:
        partners.Partner.objects.select_for_update().get(pk=partner)
        most, made = reference.amount("offers_of_partner", at=at), Offer.objects.filter(partner_id=partner)
    else:
        get_user_model().objects.select_for_update().get(pk=account)
        most, made = reference.amount("offers_of_resident", at=at), Offer.objects.filter(account_id=account)
    if made.filter(state__in=OPEN_OFFERS).count() >= most:
        raise Refused(
            ngettext(
                "Sudah ada %(n)d tawaran. Ubah atau akhiri dahulu salah satunya.",
                "Sudah ada %(n)d tawaran. Ubah atau akhiri dahulu salah satunya.",
                most,
            )
            % {"n": most}
        )


def _write(row: Offer, gift: Gift, *, at: datetime) -> None:
    row.resource, row.what, row.amount, row.every = gift.resource, gift.what, gift.amount, gift.every
    row.unit, row.conditions = unit_for(gift.resource, gift.unit), gift.conditions
    row.themes, row.places = list(dict.fromkeys(gift.themes)), list(dict.fromkeys(gift.places))
    row.changed_at = at
    row.save()


def owns_offer(person: Person, row: Offer) -> bool:
    """Whether a person acts for whoever made an offer."""
    if person.account is None:
        return False
    return row.account_id == person.account or acts_for_partner(person, row.partner_id)


def _locked(offer: int, by: Person, *states: Standing) -> Offer:
    row = Offer.objects.select_for_update(of=("self",)).get(pk=offer)
    if not owns_offer(by, row):
        raise NotAllowed("This person does not act for who made this offer.")
    if row.state not in states:
        raise NotAllowed("This offer is not in a state for that.")
    return row


@transaction.atomic
def change(*, offer: int, gift: Gift, by: Person, at: datetime) -> None:
    """Whoever made an offer writes it anew. What was promised of it stands. Raises `NotAllowed`, `Refused`."""
    row = _locked(offer, by, *OPEN_OFFERS)
    if row.partner_id is None and gift.resource not in OF_RESIDENTS:
        raise Refused(_("Atas nama sendiri hanya tenaga dan keahlian."), field="resource")
    _write(row, gift, at=at)
    record_offer(events.OfferChanged(offer=row.pk), offer=row, by=by.acting, at=at)


@transaction.atomic
def pause(*, offer: int, by: Person, at: datetime) -> None:
    """Not shown and not suggested until it is taken up again. Raises `NotAllowed`."""
    row = _locked(offer, by, Standing.ACTIVE)
    _set(row, Standing.PAUSED)
    record_offer(events.OfferPaused(offer=row.pk), offer=row, by=by.acting, at=at)


@transaction.atomic
def resume(*, offer: int, by: Person, at: datetime) -> None:
    """Shown again; what has run out meanwhile is renewed with it. Raises `NotAllowed`."""
    row = _locked(offer, by, Standing.PAUSED)
    if row.valid_until < reference.today(at):
        _renew(row, by, at=at)
    _set(row, Standing.ACTIVE)
    record_offer(events.OfferResumed(offer=row.pk), offer=row, by=by.acting, at=at)


@transaction.atomic
def renew(*, offer: int, by: Person, at: datetime) -> None:
    """Whoever made it says that it still stands, from today for as long as offers last. Raises `NotAllowed`."""
    row = _locked(offer, by, Standing.ACTIVE, Standing.EXPIRED)
    _renew(row, by, at=at)
    _set(row, Standing.ACTIVE)


def _renew(row: Offer, by: Person, *, at: datetime) -> None:
    row.valid_until, row.reminded_on = reference.day_after("offer_lasts", at=at), None
    row.changed_at = at
    row.save(update_fields=["valid_until", "reminded_on", "changed_at"])
    fact = events.OfferRenewed(offer=row.pk, valid_until=row.valid_until.isoformat())
    record_offer(fact, offer=row, by=by.acting, at=at)


def _set(row: Offer, state: Standing) -> None:
    row.state = state
    row.save(update_fields=["state"])


@transaction.atomic
def end(*, offer: int, by: Person, at: datetime) -> None:
    """Whoever made it takes it back for good. What was promised of it stands. Raises `NotAllowed`."""
    row = _locked(offer, by, *OPEN_OFFERS)
    _end(row, "OWNER", note=None, by=by.acting, at=at)


@transaction.atomic
def end_for_city(*, offer: int, words: str, by: Person, at: datetime) -> None:
    """The city ends an offer that does not belong there; who made it reads why. Raises `NotAllowed`."""
    if not by.can(roles.PARTNERS):
        raise NotAllowed("This person does not look after offers.")
    row = Offer.objects.select_for_update(of=("self",)).get(pk=offer)
    if row.state == Standing.ENDED or owns_offer(by, row):
        raise NotAllowed("This offer is over, or one's own.")
    note = keep_words("ended", words, by=by.acting, at=at, offer=row)
    office = min(by.offices(roles.PARTNERS), default=None)
    _end(row, "CITY", note=note, by=by.acting, at=at, office=office)
    with override("id"):
        tell_owners(row, "ended", _("Tawaran Anda diakhiri pemerintah daerah"), words, at=at)


def _end(
    row: Offer, cause: str, *, note: int | None, by: int | None, at: datetime, office: int | None = None
) -> None:
    row.state, row.ended_at, row.changed_at = Standing.ENDED, at, at
    row.save(update_fields=["state", "ended_at", "changed_at"])
    Ask.objects.filter(offer=row, answer=Answer.OPEN).update(answer=Answer.LAPSED, answered_at=at)
    fact = events.OfferEnded(offer=row.pk, cause=cause, note=note)
    record_offer(fact, offer=row, by=by, at=at, office=office)


@transaction.atomic
def end_of_partner(*, partner: int, at: datetime) -> None:
    """A partner is no more, and so is what it offered."""
    rows = Offer.objects.select_for_update(of=("self",)).filter(partner_id=partner, state__in=OPEN_OFFERS)
    for row in rows.order_by("pk"):
        _end(row, "PARTNER_CLOSED", note=None, by=None, at=at)


@transaction.atomic
def end_of_account(*, account: int, at: datetime) -> None:
    """A closed account offers nothing, and what it wrote is not kept."""
    rows = Offer.objects.select_for_update(of=("self",)).filter(account_id=account)
    for row in rows.order_by("pk"):
        if row.state != Standing.ENDED:
            _end(row, "OWNER", note=None, by=None, at=at)
        row.what = row.conditions = ""
        row.save(update_fields=["what", "conditions"])
    Ask.objects.filter(account_id=account).update(answer_words="")


def tell_owners(row: Offer, key: str, subject: str, body: str, *, at: datetime) -> None:
    """Write to whoever made an offer, once each."""
    told = [row.account_id] if row.account_id else partners.representatives(partner=_now(row))
    for account in told:
        if account is not None:
            tell_one(account, f"offer:{row.pk}:{key}", subject, body, link="/tawaran/saya/", at=at)


def _now(row: Offer) -> int:
    return partners.get(id=row.partner_id or 0).pk


@transaction.atomic
def expire_due(*, at: datetime, most: int = 50) -> int:
    """Hide the offers that nobody renewed; how many."""
    day = reference.today(at)
    rows = Offer.objects.select_for_update(skip_locked=True, of=("self",))
    due = list(rows.filter(state=Standing.ACTIVE, valid_until__lt=day).order_by("valid_until", "pk")[:most])
    for row in due:
        _set(row, Standing.EXPIRED)
        record_offer(events.OfferExpired(offer=row.pk), offer=row, by=None, at=at)
        with override("id"):
            words = _("%(what)s. Perbarui dengan satu tombol bila masih berlaku.") % {"what": row.what}
            tell_owners(row, f"expired:{row.valid_until}", _("Tawaran Anda tidak lagi tampil"), words, at=at)
    return len(due)


@transaction.atomic
def remind_due(*, at: datetime, most: int = 50) -> int:
    """Ask whoever made an offer, once, whether it still stands, before it is hidden; how many offers."""
    day, last = reference.today(at), reference.day_after("remind_before", at=at)
    rows = Offer.objects.select_for_update(skip_locked=True, of=("self",))
    due = rows.filter(state=Standing.ACTIVE, valid_until__range=(day, last), reminded_on__isnull=True)
    found = list(due.order_by("valid_until", "pk")[:most])
    for row in found:
        row.reminded_on = day
        row.save(update_fields=["reminded_on"])
        with override("id"):
            said = {"what": row.what, "day": date_format(row.valid_until, "j F Y")}
            words = _("%(what)s. Tampil sampai %(day)s; perbarui bila masih berlaku.") % said
            tell_owners(row, f"ends:{row.valid_until}", _("Apakah tawaran Anda masih berlaku?"), words, at=at)
    return len(found)


def gift_of(row: Offer) -> Gift:
    """What an offer says now."""
    return Gift(
        row.resource,
        row.what,
        row.amount,
        row.unit,
        row.every,
        tuple(row.themes),
        tuple(row.places),
        row.conditions,
    )
