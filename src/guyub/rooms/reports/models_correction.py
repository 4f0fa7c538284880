"""Where an officer said that a report is about something else than its reporter chose."""

from __future__ import annotations

from django.db import models


class Correction(models.Model):
    """From which category to which, and the words that say why. The newest is what training goes by."""

    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="+")
    from_category = models.ForeignKey("reports.Category", on_delete=models.PROTECT, related_name="+")
    to_category = models.ForeignKey("reports.Category", on_delete=models.PROTECT, related_name="+")
    message = models.BigIntegerField()
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_correction"

    def __str__(self) -> str:
        return f"correction of {self.report_id}"
