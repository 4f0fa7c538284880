"""Versioned reference data: every scale, deadline and code list with its dates and its legal basis."""

from __future__ import annotations

from django.db import models


class Rule(models.Model):
    """One version of one rule. `effective_until` is exclusive; an open end is null."""

    key = models.CharField(max_length=80)
    value = models.JSONField()
    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    legal_basis = models.TextField()
    confidence = models.CharField(max_length=4, help_text="C, C2, M, V or U: how sure the figures are.")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "rulebook_rule"
        constraints = [
            models.UniqueConstraint(fields=["key", "effective_from"], name="rulebook_rule_once"),
            models.CheckConstraint(
                condition=models.Q(effective_until__isnull=True)
                | models.Q(effective_until__gt=models.F("effective_from")),
                name="rulebook_rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} from {self.effective_from}"
