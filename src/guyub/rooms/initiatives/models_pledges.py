"""What is needed, who promised it, what was brought, and what was spent. Amounts are whole; money in rupiah.

A line's sums are those of its promises. They are changed together, under the lock of the initiative's row, and the
constraints refuse what the rule forbids, whoever writes.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from guyub.kernel.cities.fields import EncryptedTextField
from guyub.rooms.initiatives.rules import BROKEN, Basis, Brought, Pledged, Sums

_SOMEBODY = {"on_delete": models.SET_NULL, "null": True, "related_name": "+"}
_BROKEN = [one.value for one in BROKEN]
_SUMS = ("pledged", "accepted", "delivered", "verified")


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]  # type: ignore[attr-defined]


class Appeal(models.Model):
    """By what right an initiative asks the public for money or goods: a permit with its days, or an exemption."""

    initiative = models.OneToOneField("Initiative", on_delete=models.CASCADE, related_name="+")
    basis = models.CharField(max_length=12, choices=_choices(Basis))
    permit_number = models.CharField(max_length=80, blank=True)
    issued_by = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True, help_text="The last day on which it holds.")
    exemption = models.CharField(max_length=40, blank=True, help_text="A key of `appeal_exemptions`.")
    exemption_rule = models.BigIntegerField(null=True, help_text="The version of the rule that was stated.")
    is_narrow = models.BooleanField(default=False, help_text="The exemption is for one neighbourhood only.")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    stated_at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_appeal"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(basis="IZIN", exemption="", valid_from__isnull=False, valid_until__gte=F("valid_from"))
                    & ~Q(permit_number="")
                )
                | (Q(basis="DIKECUALIKAN", permit_number="") & ~Q(exemption="")),
                name="initiatives_appeal_has_a_basis",
            )
        ]

    def __str__(self) -> str:
        return f"appeal of {self.initiative_id}"


class Line(models.Model):
    """Something that is needed: how much of it, by when, and how far it has come."""

    initiative = models.ForeignKey("Initiative", on_delete=models.CASCADE, related_name="+")
    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    position = models.SmallIntegerField(default=0)
    resource = models.CharField(max_length=12)
    what = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    needed_on = models.DateField(null=True, help_text="The last day on which it still helps.")
    for_government = models.BooleanField(
        default=False, help_text="It becomes the government's: closed by a BAST or hibah and an asset entry."
    )
    pledged = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    delivered = models.BigIntegerField(default=0)
    verified = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0, help_text="Of money that was found to be there.")

    class Meta:
        db_table = "initiatives_line"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="initiatives_line_of_something"),
            models.CheckConstraint(
                condition=Q(pledged__gte=F("accepted"))
                & Q(accepted__gte=F("delivered"))
                & Q(delivered__gte=F("verified"))
                & Q(verified__gte=F("spent"))
                & Q(spent__gte=0),
                name="initiatives_line_sums_hold",
            ),
            models.CheckConstraint(
                condition=Q(accepted__lte=F("amount")), name="initiatives_line_no_more_than_needed"
            ),
            models.CheckConstraint(
                condition=Q(spent=0) | Q(resource="MONEY"), name="initiatives_line_only_money_is_spent"
            ),
        ]
        indexes = [models.Index(fields=["initiative", "position"], name="initiatives_lines")]

    def __str__(self) -> str:
        return f"line {self.pk}"

    @property
    def sums(self) -> Sums:
        return Sums(self.pledged, self.accepted, self.delivered, self.verified)


class Pledge(models.Model):
    """A promise on a line, by a partner or by a resident, who is nobody's business unless they want to be named.

    `pledged` is what stands of it, `promised` what was said at first.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Who promised, for themselves or for the partner.",
    )
    is_named = models.BooleanField(default=False, help_text="A resident who wants to be named in public.")
    promised = models.BigIntegerField()
    pledged = models.BigIntegerField()
    accepted = models.BigIntegerField(default=0)
    delivered = models.BigIntegerField(default=0)
    verified = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=_choices(Pledged), default=Pledged.PROMISED)
    due_on = models.DateField(help_text="By when it is brought, as last said.")
    first_due_on = models.DateField(help_text="By when it was to be brought, as first said.")
    words = models.TextField(blank=True, help_text="For the organiser.")
    has_conflict = models.BooleanField(help_text="It waits for a permit or bids in a tender of the city's.")
    conflict_words = models.TextField(blank=True)
    made_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Refused, withdrawn, or thanked for.")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_pledge"
        constraints = [
            models.CheckConstraint(
                condition=Q(promised__gte=F("pledged"))
                & Q(pledged__gte=F("accepted"))
                & Q(accepted__gte=F("delivered"))
                & Q(delivered__gte=F("verified"))
                & Q(verified__gte=0),
                name="initiatives_pledge_sums_hold",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_BROKEN, pledged=0) | (~Q(state__in=_BROKEN) & Q(pledged__gt=0)),
                name="initiatives_pledge_broken_is_nothing",
            ),
            models.CheckConstraint(
                condition=Q(state="PROMISED", accepted=0)
                | Q(state__in=_BROKEN)
                | Q(state="ACCEPTED", accepted=F("pledged"))
                | Q(state="DELIVERED", delivered=F("pledged"))
                | Q(state__in=["VERIFIED", "THANKED"], verified=F("pledged")),
                name="initiatives_pledge_state_fits",
            ),
            models.CheckConstraint(
                condition=Q(has_conflict=False, conflict_words="")
                | (Q(has_conflict=True) & ~Q(conflict_words="")),
                name="initiatives_pledge_conflict_is_said",
            ),
        ]
        indexes = [
            models.Index(fields=["line", "state"], name="initiatives_pledges"),
            models.Index(fields=["partner", "-made_at"], name="initiatives_pledges_of"),
            models.Index(fields=["account", "-made_at"], name="initiatives_pledges_by"),
            models.Index(fields=["due_on"], name="initiatives_pledges_due", condition=Q(state="ACCEPTED")),
        ]

    def __str__(self) -> str:
        return f"pledge {self.pk}"

    @property
    def sums(self) -> Sums:
        return Sums(self.pledged, self.accepted, self.delivered, self.verified)

    @property
    def subject(self) -> str:
        return f"initiatives.pledge:{self.pk}"


class Delivery(models.Model):
    """Part of a promise was brought. Photos lie under `initiatives.delivery:<id>`, the receipt, which is never
    public, under `initiatives.receipt:<id>`."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    found = models.BigIntegerField(default=0, help_text="How much of it was there.")
    on = models.DateField()
    receipt_number = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, choices=_choices(Brought), default=Brought.SENT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()
    receiver_name = EncryptedTextField(blank=True)
    receiver_erased = models.BooleanField(default=False, help_text="Its time was over.")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    received_at = models.DateTimeField(null=True, help_text="When the receiver signed for it.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_delivery"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, found__gte=0, found__lte=F("amount")),
                name="initiatives_delivery_of_something",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["SENT", "RECEIVED"], found=0, decided_at__isnull=True)
                | Q(state="VERIFIED", found__gt=0, decided_at__isnull=False, received_at__isnull=False)
                | Q(state="REFUSED", found=0, decided_at__isnull=False),
                name="initiatives_delivery_decided",
            ),
        ]
        indexes = [models.Index(fields=["pledge"], name="initiatives_deliveries")]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    @property
    def subject(self) -> str:
        return f"initiatives.delivery:{self.pk}"


class HandOver(models.Model):
    """Goods became the government's: by a record (BAST) or a grant (hibah), and as an entry in its assets."""

    class Kind(models.TextChoices):
        BAST = "BAST"
        HIBAH = "HIBAH"

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    number = models.CharField(max_length=80)
    dated = models.DateField()
    asset_entry = models.CharField(max_length=80, help_text="Its number in the register of assets (KIB).")
    asset_name = models.CharField(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_handover"
        constraints = [
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(asset_entry=""), name="initiatives_handover_is_numbered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.pledge_id}"


class Spending(models.Model):
    """Money that was there was spent: on what, with the receipt under `initiatives.spending:<id>`."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("BudgetItem", on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    on = models.DateField()
    what = models.CharField(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_spending"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="initiatives_spent_something")]
        indexes = [models.Index(fields=["line"], name="initiatives_spendings")]

    def __str__(self) -> str:
        return f"spending {self.pk}"

    @property
    def subject(self) -> str:
        return f"initiatives.spending:{self.pk}"


class Note(models.Model):
    """Why something was decided about a promise: the words beside the ledger's fact, for giver and organiser."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_note"

    def __str__(self) -> str:
        return f"{self.kind} of pledge {self.pledge_id}"
