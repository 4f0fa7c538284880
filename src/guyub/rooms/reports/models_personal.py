"""What is masked of a report by an officer's choice, and what people ask about their own data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guyub.kernel.cities.fields import EncryptedTextField


class Masking(models.Model):
    """An officer's choices for one report: false alarms that may be read, words that are hidden by hand."""

    report = models.OneToOneField(
        "reports.Report", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    choices = EncryptedTextField(help_text="JSON: shown, hidden. It repeats what is hidden, so encrypted.")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "reports_masking"

    def __str__(self) -> str:
        return f"masking of {self.report_id}"


class DataRequest(models.Model):
    """What the reporter asks and an officer must decide within 3 × 24 hours (UU 27/2022)."""

    class Kind(models.TextChoices):
        WITHDRAW = "WITHDRAW", "Menarik laporan"
        ERASE = "ERASE", "Menghapus kata dan foto"
        OTHER = "OTHER", "Lainnya"

    class Decision(models.TextChoices):
        GRANTED = "GRANTED", "Dikabulkan"
        REFUSED = "REFUSED", "Ditolak"

    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = EncryptedTextField(blank=True, help_text="Why, in the reporter's words.")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    reason = EncryptedTextField(blank=True, help_text="What the reporter is told.")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    is_forgotten = models.BooleanField(default=False, help_text="Its words were kept long enough.")
    office = models.BigIntegerField(null=True, help_text="In whose name it was decided.")

    class Meta:
        db_table = "reports_datarequest"
        indexes = [
            models.Index(
                fields=["due_at"], name="reports_datarequest_open", condition=Q(decided_at__isnull=True)
            ),
            models.Index(fields=["report"], name="reports_datarequest_report"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind"],
                condition=Q(decided_at__isnull=True),
                name="reports_datarequest_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="")
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="reports_datarequest_decided_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.report_id}"
