"""The second look: which proofs of work were drawn or flagged, and what a second person found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Draw(models.Model):
    """The draw over the completions under one seal. `entries` is kept for good: whoever likes computes it again."""

    seal = models.IntegerField(unique=True, help_text="The seal's number in the ledger.")
    seal_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    entries = models.JSONField(
        help_text="Each completion: [number, part, evidence, percent, first 16 digits, drawn]."
    )

    class Meta:
        db_table = "casework_draw"

    def __str__(self) -> str:
        return f"draw of seal {self.seal}"


class SecondLook(models.Model):
    """One proof that a second person is asked to look at. Neither a draw nor a flag decides anything."""

    class Verdict(models.TextChoices):
        NONE = "", "Not yet"
        FITS = "FITS", "As it should be"
        FITS_NOT = "FITS_NOT", "Not as it should be"

    evidence = models.OneToOneField("casework.Evidence", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    is_drawn = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, blank=True, choices=Verdict.choices, default=Verdict.NONE)
    message = models.BigIntegerField(null=True, help_text="The words, kept by the conversation.")
    by = models.BigIntegerField(null=True)
    office = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_secondlook"
        indexes = [
            models.Index(fields=["asked_at"], name="casework_look_open", condition=Q(decided_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", by__isnull=True, decided_at__isnull=True)
                | (~Q(verdict="") & Q(by__isnull=False, decided_at__isnull=False)),
                name="casework_look_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"look at {self.evidence_id}"
