"""Becoming known: the city examines, or people of verified partners stand for it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import partners as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.partners import queries, reference
from guyub.rooms.partners.acting import (
    Refused,
    acts_for,
    as_city,
    keep_words,
    locked,
    office_of,
    record,
    tell,
)
from guyub.rooms.partners.models import Examination, Member, Partner, Vouch
from guyub.rooms.partners.rules import (
    OPEN_REVIEWS,
    How,
    NoVouch,
    Review,
    Standing,
    Status,
    Word,
    is_vouched,
    may_vouch,
)


def working_day(key: str, *, at: datetime) -> date:
    """The last day of a clock that begins now, on the city's working calendar."""
    today = local_date(at, get_city().tz)
    return rulebook.calendar().add_working_days_provisional(today, reference.amount(key, at=at)).date


def open_examination(partner: int) -> Examination | None:
    states = [one.value for one in OPEN_REVIEWS]
    return Examination.objects.filter(partner_id=partner, state__in=states).first()


@transaction.atomic
def ask(*, partner: int, by: Person, at: datetime) -> None:
    """Its people ask to be verified, or say that they completed what was missing. Raises `Refused`."""
    account, row = acts_for(by, partner), locked(partner)
    if row.is_verified:
        raise Refused(_("Mitra ini sudah diverifikasi."))
    due, found = working_day("examine", at=at), open_examination(partner)
    if found is not None and found.state == Review.ASKED:
        raise Refused(_("Permintaan verifikasi sedang diperiksa."))
    if found is None:
        found = Examination(partner=row, asked_by_id=account, asked_at=at)
    found.state, found.due_on = Review.ASKED, due
    found.save()
    fact = events.VerificationAsked(partner=row.pk, examination=found.pk, due_on=due.isoformat())
    record(fact, partner=row, by=account, at=at)


@transaction.atomic
def ask_completion(*, partner: int, words: str, by: Person, at: datetime) -> None:
    """The city says what is missing; from now the partner's clock runs. Raises `NotAllowed`."""
    officer, row = as_city(by, about=partner), locked(partner)
    found = _waiting(partner)
    due = working_day("complete", at=at)
    found.state, found.due_on = Review.LACKING, due
    found.save(update_fields=["state", "due_on"])
    note = keep_words(row, "lacking", words, by=officer, at=at)
    record(
        events.CompletionAsked(partner=row.pk, examination=found.pk, note=note, due_on=due.isoformat()),
        partner=row,
        by=officer,
        at=at,
        office=office_of(by),
    )
    with override("id"):
        body = _("%(words)s\n\nMohon dilengkapi paling lambat %(day)s.")
        said = {"words": words, "day": date_format(due, "j F Y")}
        tell(
            row,
            f"lacking:{note}",
            _("Yang perlu dilengkapi: %(name)s") % {"name": row.name},
            body % said,
            at=at,
        )


def _waiting(partner: int) -> Examination:
    found = open_examination(partner)
    if found is None or found.state != Review.ASKED:
        raise NotAllowed("Nothing waits for the city here.")
    return found


@transaction.atomic
def verify(*, partner: int, by: Person, at: datetime) -> None:
    """The city verifies a partner; one that was vouched for is now verified by the city. Raises `NotAllowed`."""
    officer, row = as_city(by, about=partner), locked(partner)
    if row.is_verified and row.verified_how == How.CITY:
        raise NotAllowed("This partner is verified by the city.")
    _decide(partner, Review.VERIFIED, by=officer, at=at)
    _mark_verified(row, How.CITY, by=officer, at=at, office=office_of(by))


def _decide(partner: int, state: Review, *, by: int | None, at: datetime) -> Examination | None:
    found = open_examination(partner)
    if found is not None:
        found.state, found.decided_by_id, found.decided_at = state, by, at
        found.save(update_fields=["state", "decided_by", "decided_at"])
    return found


def _mark_verified(
    row: Partner, how: How, *, by: int | None, at: datetime, office: int | None = None
) -> None:
    row.is_verified, row.verified_how, row.verified_at = True, how, at
    row.save(update_fields=["is_verified", "verified_how", "verified_at"])
    fact = record(events.PartnerVerified(partner=row.pk, how=how), partner=row, by=by, at=at, office=office)
    with override("id"):
        body = _("Profil lengkapnya kini dapat dibaca umum, dan mitra ini dapat menjamin mitra lain.")
        tell(row, f"verified:{fact}", _("%(name)s sudah diverifikasi") % {"name": row.name}, body, at=at)


@transaction.atomic
def refuse(*, partner: int, words: str, by: Person, at: datetime) -> None:
    """The city does not verify a partner, and says why. It may ask again."""
    officer, row = as_city(by, about=partner), locked(partner)
    found = _waiting(partner)
    _decide(partner, Review.REFUSED, by=officer, at=at)
    note = keep_words(row, "refused", words, by=officer, at=at)
    record(
        events.VerificationRefused(partner=row.pk, examination=found.pk, note=note),
        partner=row,
        by=officer,
        at=at,
        office=office_of(by),
    )
    with override("id"):
        tell(row, f"refused:{note}", _("Verifikasi %(name)s ditolak") % {"name": row.name}, words, at=at)


@transaction.atomic
def end_verification(*, partner: int, words: str, by: Person, at: datetime) -> None:
    """The city takes a verification back, also one by vouching, and says why."""
    officer, row = as_city(by, about=partner), locked(partner, status=(Status.ACTIVE, Status.SUSPENDED))
    if not row.is_verified:
        raise NotAllowed("This partner is not verified.")
    note = keep_words(row, "unverified", words, by=officer, at=at)
    _unmark(row)
    # The words that stood for it are spent: else the next one would bring back what the city ended.
    Vouch.objects.filter(partner=row, withdrawn_at__isnull=True).update(withdrawn_at=at)
    record(
        events.VerificationEnded(partner=row.pk, cause="city", note=note),
        partner=row,
        by=officer,
        at=at,
        office=office_of(by),
    )
    with override("id"):
        tell(row, f"unverified:{note}", _("Verifikasi %(name)s diakhiri") % {"name": row.name}, words, at=at)


def _unmark(row: Partner) -> None:
    row.is_verified, row.verified_how, row.verified_at = False, "", None
    row.save(update_fields=["is_verified", "verified_how", "verified_at"])


def lapse(*, at: datetime, limit: int = 100) -> int:
    """Requests whose missing papers did not come in time are over; returns how many."""
    today = local_date(at, get_city().tz)
    with transaction.atomic():
        rows = Examination.objects.filter(state=Review.LACKING, due_on__lt=today).select_related("partner")
        found = list(rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit])
        for one in found:
            one.state, one.decided_at = Review.LAPSED, at
            one.save(update_fields=["state", "decided_at"])
            row = one.partner
            fact = events.VerificationLapsed(partner=row.pk, examination=one.pk)
            record(fact, partner=row, by=None, at=at)
            with override("id"):
                body = _("Yang diminta belum dilengkapi sampai batasnya. Anda dapat meminta verifikasi lagi.")
                tell(
                    row,
                    f"lapsed:{one.pk}",
                    _("Permintaan verifikasi berakhir: %(name)s") % {"name": row.name},
                    body,
                    at=at,
                )
    return len(found)


# ── Vouching ───────────────────────────────────────────────────────────────────────────────────────────────
def standing_words(partner: int) -> list[Word]:
    """The vouches that stand for a partner."""
    rows = Vouch.objects.filter(partner_id=partner, withdrawn_at__isnull=True)
    return [Word(*row) for row in rows.values_list("speaks_for_id", "account_id")]


def why_not_vouch(*, partner: Partner, speaks_for: Partner, account: int) -> NoVouch | None:
    members = Member.objects.filter(partner=partner, state=Standing.ACTIVE)
    return may_vouch(
        account=account,
        speaks_for=speaks_for.pk,
        speaks_for_verified=speaks_for.counts_as_verified,
        about=partner.pk,
        about_verified=partner.is_verified,
        members_of_about=set(members.values_list("account_id", flat=True)),
        standing=standing_words(partner.pk),
    )


@transaction.atomic
def vouch(*, partner: int, speaks_for: int, by: Person, at: datetime) -> bool:
    """Somebody of a verified partner stands for another; whether that was enough. Raises `Refused`."""
    account, row = acts_for(by, speaks_for), locked(partner)
    why = why_not_vouch(partner=row, speaks_for=Partner.objects.get(pk=speaks_for), account=account)
    if why is not None:
        raise Refused(NO_VOUCH[why]())
    Vouch.objects.create(partner=row, speaks_for_id=speaks_for, account_id=account, at=at)
    record(events.VouchGiven(partner=row.pk, speaks_for=speaks_for), partner=row, by=account, at=at)
    if not is_vouched(standing_words(row.pk), needed=reference.amount("vouchers_needed", at=at)):
        return False
    _decide(row.pk, Review.VERIFIED, by=None, at=at)
    _mark_verified(row, How.VOUCHED, by=None, at=at)
    return True


NO_VOUCH = {
    NoVouch.NOT_NEEDED: lambda: _("Mitra ini sudah diverifikasi; jaminan tidak diperlukan lagi."),
    NoVouch.OWN: lambda: _("Anda termasuk anggotanya. Yang menjamin orang dari mitra lain."),
    NoVouch.NOT_VERIFIED: lambda: _("Hanya pengurus mitra yang sudah diverifikasi dapat menjamin."),
    NoVouch.ALREADY: lambda: _("Anda atau mitra Anda sudah menjamin. Satu mitra dan satu orang, satu kali."),
}


@transaction.atomic
def withdraw_vouch(*, partner: int, by: Person, at: datetime) -> None:
    """Whoever stood for a partner takes their word back; what rested on it ends. Raises `NotAllowed`."""
    row = locked(partner, status=(Status.ACTIVE, Status.SUSPENDED))
    found = Vouch.objects.filter(partner=row, account_id=by.acting, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotAllowed("This person does not stand for this partner.")
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    fact = events.VouchWithdrawn(partner=row.pk, speaks_for=found.speaks_for_id)
    record(fact, partner=row, by=by.acting, at=at)
    needed = reference.amount("vouchers_needed", at=at)
    if row.verified_how == How.VOUCHED and not is_vouched(standing_words(row.pk), needed=needed):
        _unmark(row)
        record(events.VerificationEnded(partner=row.pk, cause="vouch-withdrawn"), partner=row, by=None, at=at)
        with override("id"):
            body = _(
                "Seorang penjamin menarik jaminannya. Mintalah jaminan lain, atau verifikasi oleh pemerintah daerah."
            )
            tell(
                row,
                f"unvouched:{found.pk}",
                _("Verifikasi %(name)s berakhir") % {"name": row.name},
                body,
                at=at,
            )


def may_speak_for(account: int, partner: Partner) -> list[queries.PartnerCard]:
    """The partners in whose name a person may vouch for this one now."""
    own = [one.partner for one in queries.of_account(account=account) if one.partner.is_verified]
    cards = [card for card in own if queries.may_act(account=account, partner=card.id)]
    rows = Partner.objects.without_contacts().in_bulk([card.id for card in cards])
    return [
        card
        for card in cards
        if why_not_vouch(partner=partner, speaks_for=rows[card.id], account=account) is None
    ]


def stands_for(partner: int, account: int) -> bool:
    return Vouch.objects.filter(partner_id=partner, account_id=account, withdrawn_at__isnull=True).exists()
