"""Bank statements beside what givers say they transferred, and papers that can be checked by everyone.

A statement belongs to whoever runs initiatives: an office or a partner. Names and remarks in it are other people's:
encrypted, read by that office or partner alone, erased when their time is over.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from guyub.kernel.cities.fields import EncryptedTextField

_SOMEBODY = {"on_delete": models.SET_NULL, "null": True, "related_name": "+"}
_ONE_OWNER = Q(office__isnull=False, partner__isnull=True) | Q(office__isnull=True, partner__isnull=False)


class StatementLayout(models.Model):
    """How the statements of an office or partner are written: which heading holds what."""

    class Decimal(models.TextChoices):
        COMMA = ","
        POINT = "."

    office = models.OneToOneField(
        "people.Organisation", on_delete=models.CASCADE, null=True, related_name="+"
    )
    partner = models.OneToOneField("partners.Partner", on_delete=models.CASCADE, null=True, related_name="+")
    on = models.CharField(max_length=60)
    amount = models.CharField(max_length=60)
    kind = models.CharField(max_length=60, blank=True, help_text="The heading of a column of CR/DB, if any.")
    remark = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    decimal = models.CharField(max_length=1, choices=Decimal.choices, default=Decimal.COMMA)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_statementlayout"
        constraints = [models.CheckConstraint(condition=_ONE_OWNER, name="initiatives_layout_one_owner")]

    def __str__(self) -> str:
        return f"layout {self.pk}"


class StatementDraft(models.Model):
    """A statement that was read and waits to be taken over; encrypted, because it names people."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    office = models.ForeignKey("people.Organisation", on_delete=models.CASCADE, null=True, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, null=True, related_name="+")
    rows = EncryptedTextField()
    decimal = models.CharField(max_length=1, choices=StatementLayout.Decimal.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_statementdraft"
        constraints = [models.CheckConstraint(condition=_ONE_OWNER, name="initiatives_draft_one_owner")]

    def __str__(self) -> str:
        return f"statement draft {self.uuid}"


class Statement(models.Model):
    """A statement that was taken over; only what it had new stands under it."""

    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    lines = models.IntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_statement"
        constraints = [
            models.CheckConstraint(condition=_ONE_OWNER, name="initiatives_statement_one_owner"),
            models.CheckConstraint(
                condition=Q(lines__gt=0, last_on__gte=F("first_on")),
                name="initiatives_statement_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"statement {self.pk}"


class BankLine(models.Model):
    """Money that came in, as a statement says it. `mark` knows a line again, however often it is sent."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    mark = models.CharField(max_length=64, unique=True)
    on = models.DateField()
    amount = models.BigIntegerField()
    remark = EncryptedTextField(blank=True)
    name = EncryptedTextField(blank=True)
    reference = EncryptedTextField(blank=True)
    is_erased = models.BooleanField(default=False, help_text="Whose it was is no longer kept.")

    class Meta:
        db_table = "initiatives_bankline"
        constraints = [
            models.CheckConstraint(condition=_ONE_OWNER, name="initiatives_bankline_one_owner"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="initiatives_bankline_of_something"),
        ]
        indexes = [
            models.Index(fields=["office", "-on"], name="initiatives_banklines_office"),
            models.Index(fields=["partner", "-on"], name="initiatives_banklines_partner"),
        ]

    def __str__(self) -> str:
        return f"bank line {self.pk}"


class Match(models.Model):
    """These lines are these deliveries: one to one, one to several or several to one, with sums that agree."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    why = models.JSONField(default=list, help_text="Codes; sentences are made when shown.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    undone_at = models.DateTimeField(null=True)
    undone_words = models.TextField(blank=True)

    class Meta:
        db_table = "initiatives_match"
        constraints = [
            models.CheckConstraint(condition=_ONE_OWNER, name="initiatives_match_one_owner"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="initiatives_match_of_something"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_words="")
                | (Q(undone_at__isnull=False) & ~Q(undone_words="")),
                name="initiatives_match_undone_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"match {self.pk}"


class MatchPart(models.Model):
    """One side of a match; a line or a delivery stands in one match at a time."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="parts")
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, null=True, related_name="+")
    delivery = models.ForeignKey("Delivery", on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.BigIntegerField()
    is_ended = models.BooleanField(default=False)

    class Meta:
        db_table = "initiatives_matchpart"
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, delivery__isnull=True)
                | Q(line__isnull=True, delivery__isnull=False),
                name="initiatives_matchpart_one_side",
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(is_ended=False), name="initiatives_line_matched_once"
            ),
            models.UniqueConstraint(
                fields=["delivery"], condition=Q(is_ended=False), name="initiatives_delivery_matched_once"
            ),
        ]

    def __str__(self) -> str:
        return f"part {self.pk} of match {self.match_id}"


class Paper(models.Model):
    """A paper that was given out: what it says, so that everyone who holds one can see that it says the same.

    `content` has no personal data: a volunteer's name, where they wanted it, is set when the paper is printed.
    """

    class Kind(models.TextChoices):
        YEAR = "TAHUN"
        HOURS = "JAM"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    year = models.SmallIntegerField(null=True)
    pledge = models.ForeignKey("Pledge", on_delete=models.PROTECT, null=True, related_name="+")
    is_named = models.BooleanField(default=False, help_text="The volunteer wants their name on it.")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_paper"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="TAHUN", partner__isnull=False, year__isnull=False, pledge__isnull=True)
                | Q(kind="JAM", partner__isnull=True, year__isnull=True, pledge__isnull=False),
                name="initiatives_paper_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["partner", "year", "digest"], name="initiatives_paper_of_year_once"
            ),
            models.UniqueConstraint(
                fields=["pledge"],
                condition=Q(withdrawn_at__isnull=True),
                name="initiatives_paper_of_hours_once",
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.uuid}"
