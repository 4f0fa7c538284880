"""Crews without accounts: the link that an officer gave them, and the proof that they sent by it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class CrewLink(models.Model):
    """One case, one crew, some days. The key in the address is signed and not stored (docs/decisions/0003)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    crew = models.CharField(max_length=80, help_text="Who it was given to, in words; never in the ledger.")
    instruction = models.TextField()
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_crewlink"
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="casework_crewlink_revoked_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"crew link {self.pk}"


class CrewProof(models.Model):
    """What a crew sent: no completion yet, until an officer accepts it. Photos: `casework.crew:<id>`."""

    class Outcome(models.TextChoices):
        WAITING = "WAITING"
        ACCEPTED = "ACCEPTED"
        RETURNED = "RETURNED"

    uuid = models.UUIDField(
        unique=True, help_text="From the link's id and the sender's: sent again it is one."
    )
    link = models.ForeignKey(CrewLink, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()
    source = models.CharField(max_length=10, default="UNKNOWN")
    taken_at = models.DateTimeField(null=True)
    taken_lat = models.FloatField(null=True)
    taken_lon = models.FloatField(null=True)
    taken_accuracy = models.FloatField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.TextField(blank=True, help_text="Why it was sent back, for the crew.")
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    evidence = models.OneToOneField(
        "casework.Evidence", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        db_table = "casework_crewproof"
        indexes = [
            models.Index(fields=["case"], name="casework_crew_waiting", condition=Q(outcome="WAITING"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="WAITING", decided_at__isnull=True)
                | (~Q(outcome="WAITING") & Q(decided_at__isnull=False)),
                name="casework_crewproof_decided_or_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"crew proof {self.pk}"
