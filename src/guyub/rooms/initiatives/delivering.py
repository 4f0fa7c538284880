"""What was promised is brought, signed for by who received it, found to be there by somebody else, and spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.cities.api import signature, signature_fits
from guyub.kernel.files import api as files
from guyub.rooms.initiatives import papers, rules
from guyub.rooms.initiatives.acting import (
    Photos,
    Refused,
    as_organiser,
    guard,
    keep_photos,
    manage_address,
    organisers,
    record,
    tell,
    today_of,
)
from guyub.rooms.initiatives.lines import held as held_line
from guyub.rooms.initiatives.models import (
    BudgetItem,
    Delivery,
    HandOver,
    Initiative,
    MatchPart,
    Pledge,
    Proof,
    Spending,
)
from guyub.rooms.initiatives.pledging import (
    as_giver,
    belongs_to_giver,
    givers_of,
    held,
    keep_words,
    shift,
    tell_giver,
)
from guyub.rooms.initiatives.rules import Brought, NoVerify, Pledged
from guyub.rooms.needs.api import Resource
from guyub.ui.figures import rupiah

PURPOSE = "initiative-receipt"


@dataclass(frozen=True, slots=True)
class Brings:
    """What is said of a delivery; the receiver is named for the organiser only."""

    amount: int
    on: date
    receiver_name: str
    receipt_number: str = ""
    words: str = ""


@transaction.atomic
def deliver(
    *, pledge: int, said: Brings, photos: Photos, by: Person, at: datetime, receipt: Photos = ()
) -> Delivery:
    """The giver brought part or all of it, with photos. Raises `NotAllowed`, `Refused`, `files.NotAPhoto`."""
    row, found = held(pledge)
    account = as_giver(by, found)
    guard(row, said.words)
    if found.state != Pledged.ACCEPTED:
        raise NotAllowed("Nothing is to be brought now.")
    if said.on > today_of(at):
        raise Refused(_("Hari penyerahan belum tiba."), field="on")
    try:
        change = rules.deliver(found.sums, said.amount)
    except rules.Wrong:
        left = found.accepted - found.delivered
        raise Refused(_("Yang masih ditunggu %(n)d.") % {"n": left}, field="amount") from None
    made = Delivery.objects.create(
        pledge=found,
        amount=said.amount,
        on=said.on,
        receipt_number=said.receipt_number,
        receiver_name=said.receiver_name,
        by_id=account,
        at=at,
    )
    if not keep_photos(photos, made.subject, at=at, public=False):
        raise files.NotAPhoto(_("Sertakan foto yang menunjukkan penyerahannya."))
    keep_photos(receipt, f"initiatives.receipt:{made.pk}", at=at, public=False)
    proof = Proof.objects.create(delivery=made, words=said.words, by_id=account, at=at)
    _shift(found, change, at=at)
    fact = events.DeliveryMade(
        initiative=row.pk, pledge=found.pk, delivery=made.pk, proof=proof.pk, amount=said.amount
    )
    record(fact, initiative=row, by=account, at=at)
    with override("id"):
        tell(
            organisers(row, at=at),
            key=f"{row.pk}:delivery:{made.pk}",
            subject=_("Ada penyerahan untuk diperiksa"),
            body=f"{row.title}: {found.line.what}",
            link=manage_address(row),
            at=at,
            besides=account,
        )
    return made


def _shift(found: Pledge, change: rules.Sums, *, at: datetime) -> None:
    """Change the sums; where a promise stands follows from what was brought and found."""
    found.state, found.changed_at = rules.state_of(found.sums + change), at
    shift(found, change)


def key_of(delivery: UUID) -> str:
    """The secret part of the address by which somebody without an account signs for what they received."""
    return f"{delivery.hex}-{signature(PURPOSE, delivery.hex)}"


def delivery_of(key: str) -> Delivery | None:
    """The delivery behind a key; None for a key that is not of this city."""
    hex_id, _sep, proof = key.partition("-")
    if len(hex_id) != 32 or not signature_fits(PURPOSE, hex_id, proof):
        return None
    try:
        return Delivery.objects.filter(uuid=UUID(hex_id)).first()
    except ValueError:
        return None


@transaction.atomic
def receive(*, delivery: int, at: datetime, by: Person | None = None) -> None:
    """Whoever received it signs: by the secret link (the caller has checked the key), or with their account, which is
    none of the giver's people. Raises `NotAllowed`, `Refused`."""
    row, found, made = _held(delivery)
    if made.state != Brought.SENT:
        return
    account = by.account if by else None
    if account is not None and (belongs_to_giver(account, found) or account == made.by_id):
        raise Refused(_("Tanda terima diberikan oleh penerima, bukan oleh pihak yang memberi."))
    made.state, made.received_at, made.received_by_id = Brought.RECEIVED, at, account
    made.save(update_fields=["state", "received_at", "received_by"])
    fact = events.DeliveryReceived(
        initiative=row.pk, pledge=found.pk, delivery=made.pk, by_link=account is None
    )
    record(fact, initiative=row, by=account, at=at)


def _held(delivery: int) -> tuple[Initiative, Pledge, Delivery]:
    row, found = held(Delivery.objects.values_list("pledge_id", flat=True).get(pk=delivery))
    return row, found, Delivery.objects.select_for_update(no_key=True).get(pk=delivery)


@transaction.atomic
def verify(*, delivery: int, found: int, by: Person, at: datetime, words: str = "") -> None:
    """Somebody of the organiser who neither gave nor brought it finds so much of it there.

    What is missing was not brought, and the giver still owes it. Raises `NotAllowed`, `Refused`.
    """
    row, pledge, made = _held(delivery)
    account = as_organiser(by, row)
    if made.state not in rules.UNDECIDED:
        raise NotAllowed("This delivery was decided on.")
    _may_verify(account, pledge, made)
    if found != made.amount:
        _refuse_matched(made)
    try:
        change = rules.find(pledge.sums, made.amount, found)
    except rules.Wrong:
        raise Refused(_("Yang ada tidak dapat lebih dari yang diserahkan."), field="found") from None
    if found == 0:
        raise Refused(_("Bila tidak ada sama sekali, kembalikan dengan alasan."), field="found")
    made.state, made.found, made.decided_by_id, made.decided_at = Brought.VERIFIED, found, account, at
    made.save(update_fields=["state", "found", "decided_by", "decided_at"])
    _shift(pledge, change, at=at)
    files.publish(made.subject)
    if words.strip():
        keep_words(pledge, "verified", words.strip(), by=account, at=at)
    fact = events.DeliveryVerified(initiative=row.pk, pledge=pledge.pk, delivery=made.pk, found=found)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    with override("id"):
        tell_giver(
            row,
            pledge,
            f"verified:{made.pk}",
            _("Penyerahan Anda sudah diperiksa"),
            _("Terbukti ada di tempat."),
            at=at,
        )


def _may_verify(account: int, pledge: Pledge, made: Delivery) -> None:
    givers = set(givers_of(pledge)) | ({account} if belongs_to_giver(account, pledge) else set())
    handed = not pledge.line.for_government or HandOver.objects.filter(pledge=pledge).exists()
    why_not = rules.why_not_verify(
        account=account,
        givers=givers,
        brought_by=made.by_id,
        is_received=made.received_at is not None,
        is_handed_over=handed,
    )
    said = {
        NoVerify.GAVE: _("Yang memberi tidak memeriksa pemberiannya sendiri. Mintalah pengurus lain."),
        NoVerify.BROUGHT: _(
            "Yang menyerahkan tidak memeriksa penyerahannya sendiri. Mintalah pengurus lain."
        ),
        NoVerify.NOT_RECEIVED: _(
            "Penerima belum memberi tanda terima. Kirim tautannya, atau mintalah ia masuk."
        ),
        NoVerify.NOT_HANDED_OVER: _(
            "Barang untuk pemerintah: catat dahulu BAST atau hibah dan nomor asetnya."
        ),
    }
    if why_not:
        raise Refused(said[why_not])


@transaction.atomic
def send_back(*, delivery: int, words: str, by: Person, at: datetime) -> None:
    """It is not there, or not what was promised: the giver reads why, and still owes it."""
    row, pledge, made = _held(delivery)
    account = as_organiser(by, row)
    if made.state not in rules.UNDECIDED:
        raise NotAllowed("This delivery was decided on.")
    if not words.strip():
        raise Refused(_("Tulis alasannya."), field="words")
    _refuse_matched(made)
    made.state, made.decided_by_id, made.decided_at = Brought.REFUSED, account, at
    made.save(update_fields=["state", "decided_by", "decided_at"])
    _shift(pledge, rules.find(pledge.sums, made.amount, 0), at=at)
    note = keep_words(pledge, "sent-back", words.strip(), by=account, at=at)
    fact = events.DeliveryRefused(initiative=row.pk, pledge=pledge.pk, delivery=made.pk, note=note)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    with override("id"):
        tell_giver(row, pledge, f"back:{made.pk}", _("Penyerahan Anda dikembalikan"), words, at=at)


@transaction.atomic
def take_back(*, delivery: int, words: str, by: Person, at: datetime) -> None:
    """What was found to be there is not after all: the giver reads why and owes it again, and papers about it are no
    longer valid. Money that was spent cannot be taken back. Raises `NotAllowed`, `Refused`."""
    row, pledge, made = _held(delivery)
    account = as_organiser(by, row)
    if made.state != Brought.VERIFIED:
        raise NotAllowed("This was not found to be there.")
    if not words.strip():
        raise Refused(_("Tulis alasannya."), field="words")
    _refuse_matched(made)
    if pledge.line.verified - made.found < pledge.line.spent:
        raise Refused(_("Uang ini sudah dibelanjakan, jadi pemeriksaannya tidak dapat dibatalkan."))
    amount, made.found = made.found, 0
    made.state, made.decided_by_id, made.decided_at = Brought.REFUSED, account, at
    made.save(update_fields=["state", "found", "decided_by", "decided_at"])
    pledge.ended_at = None
    _shift(pledge, rules.take_back(pledge.sums, amount), at=at)
    files.publish(made.subject, public=False)
    note = keep_words(pledge, "taken-back", words.strip(), by=account, at=at)
    fact = events.VerificationTakenBack(
        initiative=row.pk, pledge=pledge.pk, delivery=made.pk, amount=amount, note=note
    )
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    papers.withdraw_hours(pledge=pledge.pk, by=account, at=at)
    with override("id"):
        tell_giver(row, pledge, f"taken-back:{made.pk}", _("Pemeriksaan penyerahan dibatalkan"), words, at=at)


def _refuse_matched(made: Delivery) -> None:
    """What a bank confirms is no other amount: that it is the same money is taken back first."""
    if MatchPart.objects.filter(delivery=made, is_ended=False).exists():
        raise Refused(
            _("Penyerahan ini cocok dengan rekening bank. Batalkan dahulu pencocokannya, dengan alasan.")
        )


@dataclass(frozen=True, slots=True)
class Record:
    """By which record goods became the government's, and their number in its register of assets."""

    kind: str
    number: str
    dated: date
    asset_entry: str
    asset_name: str


@transaction.atomic
def hand_over(*, pledge: int, said: Record, by: Person, at: datetime) -> None:
    """Goods for the government are recorded as such, once. Raises `NotAllowed`."""
    row, found = held(pledge)
    account = as_organiser(by, row)
    if not found.line.for_government or found.state in (Pledged.PROMISED, *rules.BROKEN):
        raise NotAllowed("Nothing of this becomes the government's.")
    if HandOver.objects.filter(pledge=found).exists():
        raise NotAllowed("This was recorded.")
    HandOver.objects.create(
        pledge=found,
        kind=HandOver.Kind(said.kind),
        number=said.number,
        dated=said.dated,
        asset_entry=said.asset_entry,
        asset_name=said.asset_name,
        by_id=account,
        at=at,
    )
    fact = events.GoodsHandedOver(initiative=row.pk, pledge=found.pk, kind=said.kind)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)


@transaction.atomic
def spend(
    *,
    line: int,
    amount: int,
    what: str,
    on: date,
    by: Person,
    at: datetime,
    item: int | None = None,
    receipt: Photos = (),
) -> Spending:
    """Money that was found to be there is spent: never more than there is. Whole rupiah. Raises `Refused`."""
    row, found, account = held_line(line, by=by)
    guard(row, what)
    if found.resource != Resource.MONEY:
        raise NotAllowed("Only money is spent.")
    if not 1 <= amount <= found.verified - found.spent:
        left = found.verified - found.spent
        raise Refused(
            _("Uang yang terbukti ada dan belum dipakai: %(left)s.") % {"left": rupiah(left)}, field="amount"
        )
    if on > today_of(at):
        raise Refused(_("Hari belanja belum tiba."), field="on")
    if item is not None and not BudgetItem.objects.filter(pk=item, initiative=row).exists():
        raise NotAllowed("This is no item of this budget.")
    made = Spending.objects.create(
        line=found, item_id=item, amount=amount, on=on, what=what, by_id=account, at=at
    )
    keep_photos(receipt, made.subject, at=at, public=False)
    found.spent += amount
    found.save(update_fields=["spent"])
    fact = events.MoneySpent(initiative=row.pk, line=found.pk, spending=made.pk, amount=amount)
    record(fact, initiative=row, by=account, at=at, office=row.office_id)
    return made
