"""Following a report or a place: who asks to be told, who is, and how somebody ends it.

A person is one `Follower`, found by the fingerprint of their address, so whatever they are beside that
(reporter, supporter, follower of the place too) they are told once of one fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import fingerprint, get_city, signature
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.reports.merged import merged_into
from guyub.rooms.reports.models import Follow, Follower, Frequency, Report

FOLLOWER, CONFIRM = "follower", "confirm"
FOLLOWS_AT_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What can be followed: a report, or a place (by code) with perhaps one category (by code)."""

    report: int | None = None
    place: str = ""
    category: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        return {"report_id": self.report, "place_code": self.place, "category_code": self.category}


class TooMany(ValueError):
    """Somebody follows more than anyone can read."""


def mark_of(email: str) -> str:
    """By which an address is found again without being readable."""
    return fingerprint("address", email.strip().lower())


def recipient_of(follower: Follower) -> str:
    return f"follower:{follower.pk}"


def key_of(purpose: str, uuid: UUID) -> str:
    return f"{uuid.hex}-{signature(purpose, uuid.hex)}"


def find_address(recipient: str) -> str | None:
    """Where the mail of `follower:12` goes."""
    row = Follower.objects.filter(pk=recipient.partition(":")[2]).first()
    if row is None:
        return None
    return notices.address_of(f"account:{row.account_id}") if row.account_id else row.email or None


def _prefix(language: str) -> str:
    """What addresses begin with in a language other than Indonesian."""
    return "" if language == "id" else f"/{language}"


def _amount(key: str, at: datetime) -> int:
    return rulebook.rule(f"notices.{key}", on=local_date(at, get_city().tz)).value["amount"]


# ── Beginning ──────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def ask_to_follow(*, thing: Thing, email: str, frequency: str, language: str, at: datetime) -> None:
    """Somebody types an address: its owner gets a mail and decides. A stranger learns nothing from the answer.

    Not more mails a day to one address than the rulebook allows, whoever asks.
    """
    values = {"email": email.strip(), "frequency": frequency, "language": language, "created_at": at}
    row, _new = Follower.objects.get_or_create(mark=mark_of(email), defaults=values)
    row = Follower.objects.select_for_update().get(pk=row.pk)
    sent = notices.count_notices(recipient=recipient_of(row), key="confirm:", since=at - timedelta(days=1))
    if sent >= _amount("confirmations_a_day", at):
        return
    follow, _new = Follow.objects.get_or_create(follower=row, **thing.fields, defaults={"asked_at": at})
    if follow.confirmed_at:
        return
    if not row.account_id and not Follow.objects.filter(follower=row, confirmed_at__isnull=False).exists():
        Follower.objects.filter(pk=row.pk).update(frequency=frequency, language=language)
    with override(language):
        notices.notify(
            key=f"confirm:{uuid4().hex}",
            recipient=recipient_of(row),
            subject=_("Konfirmasi: Anda ingin mengikuti kabar?"),
            body=_(
                "Seseorang meminta kabar laporan dikirim ke alamat ini. Bila itu Anda, buka tautan berikut dan "
                "tekan tombolnya. Bila bukan, abaikan surat ini; alamat Anda akan dihapus."
            ),
            link=f"{_prefix(language)}/mengikuti/ya/{notices.to_be_signed(CONFIRM, follow.uuid.hex)}/",
            language=language,
            at=at,
        )


@transaction.atomic
def confirm(*, follow: UUID, at: datetime) -> Follower:
    """The owner of the address says yes. The caller has checked the link. Raises `Follow.DoesNotExist`."""
    row = Follow.objects.select_for_update(of=("self",)).select_related("follower").get(uuid=follow)
    if row.confirmed_at is None:
        row.confirmed_at = at
        row.save(update_fields=["confirmed_at"])
    return row.follower


def find_follower(account: int) -> Follower | None:
    return Follower.objects.filter(account_id=account).first()


@transaction.atomic
def follower_of_account(*, account: int, language: str, at: datetime) -> Follower:
    """The follower that an account is; one who followed by the same address before becomes it."""
    found = find_follower(account)
    if found:
        return found
    address = notices.address_of(f"account:{account}")
    mark = mark_of(address) if address else fingerprint("account", str(account))
    values = {"account_id": account, "language": language, "created_at": at}
    row, new = Follower.objects.get_or_create(mark=mark, defaults=values)
    if not new:
        row.account_id, row.email = account, ""
        row.save(update_fields=["account", "email"])
    return row


def follower_of_device(*, mark: str, language: str, at: datetime) -> Follower:
    """A device without address or account is a follower of its own."""
    values = {"language": language, "created_at": at}
    return Follower.objects.get_or_create(mark=mark, defaults=values)[0]


@transaction.atomic
def follow(*, follower: Follower, thing: Thing, at: datetime) -> None:
    """Somebody known follows a thing from now on. Raises `TooMany`."""
    Follower.objects.select_for_update().get(pk=follower.pk)
    mine = Follow.objects.filter(follower=follower)
    if mine.count() >= FOLLOWS_AT_MOST:
        raise TooMany
    row, new = mine.get_or_create(
        follower=follower, **thing.fields, defaults={"asked_at": at, "confirmed_at": at}
    )
    if not new and row.confirmed_at is None:
        Follow.objects.filter(pk=row.pk).update(confirmed_at=at)
    if follower.frequency == Frequency.NEVER:
        Follower.objects.filter(pk=follower.pk).update(frequency=Frequency.NOW)


@transaction.atomic
def follow_on_device(
    *, account: int | None, thing: Thing, device: dict[str, str], language: str, at: datetime
) -> Follower:
    """A browser is told from now on. Raises `TooMany`, `notices.push.RefusedDevice`."""
    endpoint = device["endpoint"]
    notices.push.check_endpoint(endpoint)
    if account is not None:
        row = follower_of_account(account=account, language=language, at=at)
    else:
        row = follower_of_device(mark=notices.push.mark_of(endpoint), language=language, at=at)
    notices.push.add_device(recipient=recipient_of(row), at=at, **device)
    follow(follower=row, thing=thing, at=at)
    return row


# ── Changing and ending ────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def set_frequency(*, follower: Follower, frequency: str) -> None:
    """At once, in digests, or not at all; then what waits for a digest is dropped too."""
    Follower.objects.filter(pk=follower.pk).update(frequency=Frequency(frequency))
    if frequency == Frequency.NEVER:
        notices.forget_recipient(recipient_of(follower), only_held=True)


def stop(*, follower: Follower, follow: UUID) -> None:
    """No longer follow one thing."""
    Follow.objects.filter(follower=follower, uuid=follow).delete()


@transaction.atomic
def erase(*, follower: Follower) -> None:
    """Forget address, devices, choices and all that was written to this person, at once and for good."""
    notices.forget_recipient(recipient_of(follower))
    follower.delete()


def drop_unconfirmed(*, at: datetime) -> int:
    """Forget what nobody confirmed in time, and followers whom nothing can reach or who follow nothing."""
    old = at - timedelta(days=_amount("confirm_days", at))
    gone, _kinds = Follow.objects.filter(confirmed_at__isnull=True, asked_at__lte=old).delete()
    idle = Follower.objects.filter(account__isnull=True, created_at__lte=old)
    for row in idle.exclude(Exists(Follow.objects.filter(follower=OuterRef("pk"))))[:500]:
        erase(follower=row)
    return gone


# ── Telling ────────────────────────────────────────────────────────────────────────────────────────────────


def tell_followers(
    *, fact: int, report: Report, with_place: bool, words: str | Promise, state: str | Promise, at: datetime
) -> int:
    """Tell each follower of a report (and of its place) once of one fact; its reporter is told by another way.

    `words` and `state` are said in each follower's language by the caller's `gettext_lazy`. Returns how many were told.
    """
    told = 0
    for row in followers_of(report, with_place=with_place):
        with override(row.language):
            told += _tell(row, fact, report, str(words), str(state), at)
    return told


def _tell(row: Follower, fact: int, report: Report, words: str, state: str, at: datetime) -> bool:
    category = report.category.name_en if row.language == "en" else report.category.name_id
    return notices.notify(
        key=f"follow:{fact}:{row.pk}",
        recipient=recipient_of(row),
        subject=f"{report.number} ({category}): {words}",
        body=_("Kabar dari laporan yang Anda ikuti, atau dari tempatnya:"),
        link=f"{_prefix(row.language)}/laporan/{report.number}/",
        leave=f"{_prefix(row.language)}/mengikuti/berhenti/{notices.to_be_signed(FOLLOWER, row.uuid.hex)}/",
        push={"number": report.number, "state": state},
        language=row.language,
        held_until=_held_until(row, at),
        at=at,
    )


def _held_until(row: Follower, at: datetime) -> datetime | None:
    """A device without an address has no mailbox for a digest: it is told at once."""
    if row.frequency == Frequency.NOW or not (row.email or row.account_id):
        return None
    weekday = _amount("digest_weekday", at) if row.frequency == Frequency.WEEKLY else None
    return notices.next_digest(at=at, tz=get_city().tz, hour=_amount("digest_hour", at), weekday=weekday)


def followers_of(report: Report, *, with_place: bool) -> Iterable[Follower]:
    """Whoever follows a report (or its place, or what was merged into it), each once.

    Without its reporters, who are told as such, and without those who want nothing. Who follows what is *rahasia*
    never hears into what it was merged.
    """
    merged = merged_into(report)
    wanted = Q(report__in=[report, *(one for one in merged if not one.is_confidential)])
    if with_place:
        parts = report.place.code.split(".")
        codes = [".".join(parts[:n]) for n in range(2, len(parts) + 1)]
        wanted |= Q(report__isnull=True, place_code__in=codes, category_code__in=["", report.category.code])
    rows = Follow.objects.filter(wanted, confirmed_at__isnull=False).values("follower")
    people = Follower.objects.filter(pk__in=rows).exclude(frequency=Frequency.NEVER)
    told = [mark for one in (report, *merged) for mark in marks_of_reporter(one)]
    return people.exclude(mark__in=told).order_by("pk").iterator()


def marks_of_reporter(report: Report) -> list[str]:
    known = [f"account:{report.account_id}" if report.account_id else ""]
    known.append(f"contact:{report.contact_id}" if report.contact_id else "")
    addresses = [notices.address_of(one) for one in known if one]
    return [mark_of(address) for address in addresses if address]
