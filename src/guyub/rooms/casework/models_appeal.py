"""The reporter's appeal: once a case, to the office above the one that says that the work is done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Appeal(models.Model):
    """*Keberatan*. Its words, and those of the answer, are kept by the conversation."""

    class Decision(models.TextChoices):
        NONE = "", "Not yet"
        REDO = "REDO", "The work is done again"
        REFUSED = "REFUSED", "The completion stands"

    case = models.OneToOneField("casework.Case", on_delete=models.CASCADE, related_name="+")
    evidence = models.ForeignKey("casework.Evidence", on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    message = models.BigIntegerField()
    at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="By when the office above should have decided.")
    decision = models.CharField(max_length=8, blank=True, choices=Decision.choices, default=Decision.NONE)
    answer = models.BigIntegerField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_appeal"
        indexes = [
            models.Index(
                fields=["to_office", "due_at"],
                name="casework_appeal_open",
                condition=Q(decided_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="casework_appeal_decided_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"appeal of {self.case_id}"
