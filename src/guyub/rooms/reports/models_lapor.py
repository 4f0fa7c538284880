"""Reports that came by another door than the form; items of SP4N-LAPOR! keep their number there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class Origin(models.Model):
    """Where a report came from, and how far its answers were carried back there."""

    class Channel(models.TextChoices):
        LAPOR = "LAPOR", "SP4N-LAPOR!"
        COUNTER = "LOKET", gettext_lazy("Loket")
        PHONE = "TELEPON", gettext_lazy("Telepon")
        LETTER = "SURAT", gettext_lazy("Surat")
        SOCIAL = "MEDSOS", gettext_lazy("Media sosial")
        MAIL = "SUREL", gettext_lazy("Surel")
        WHATSAPP = "WHATSAPP", "WhatsApp"
        TELEGRAM = "TELEGRAM", "Telegram"

    report = models.OneToOneField(
        "reports.Report", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    external_id = models.CharField(max_length=40)
    entered_by = models.BigIntegerField(null=True, help_text="The officer; nobody where it came by itself.")
    entered_at = models.DateTimeField()
    answered_fact = models.BigIntegerField(
        default=0, help_text="The newest fact that the reporter should read."
    )
    answered_at = models.DateTimeField(null=True)
    copied_fact = models.BigIntegerField(default=0, help_text="The newest fact of what was copied there.")
    copied_by = models.BigIntegerField(null=True)
    copied_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True, help_text="The oldest answer that was not copied yet.")

    class Meta:
        db_table = "reports_origin"
        indexes = [
            models.Index(
                fields=["waiting_since"],
                name="reports_not_copied",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(fields=["-entered_at"], name="reports_entered"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="reports_origin_once"),
            models.CheckConstraint(
                condition=Q(copied_at__isnull=True, copied_by__isnull=True)
                | Q(copied_at__isnull=False, copied_by__isnull=False),
                name="reports_copied_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.external_id}"


class Columns(models.Model):
    """Which column of a file is which field, remembered by the file's heading."""

    heading = models.CharField(max_length=64, primary_key=True, help_text="A hash of the column names.")
    mapping = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "reports_columns"

    def __str__(self) -> str:
        return self.heading
