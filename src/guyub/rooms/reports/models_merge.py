"""Which report stands for which."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Merge(models.Model):
    """One report stands for another, until it is taken back. Rows are never deleted: each is a decision."""

    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="+")
    into = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20)
    kept = models.JSONField(help_text="What its cases were like, by their uuid, to put them back.")
    by = models.BigIntegerField()
    at = models.DateTimeField()
    undone_by = models.BigIntegerField(null=True, help_text="None with a moment: the reporter said so.")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reports_merge"
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(undone_at=None), name="reports_merged_into_one"
            ),
            models.CheckConstraint(condition=~Q(report=F("into")), name="reports_merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} into {self.into_id}"
