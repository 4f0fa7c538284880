"""What the city's computer found about proofs of finished work."""

from __future__ import annotations

from django.db import models

from guyub.rooms.casework.proof_rules import Code, Level


class EvidenceFinding(models.Model):
    """One thing that can be said about a proof, as a code with its numbers; the sentence is made when it is shown."""

    evidence = models.ForeignKey("Evidence", on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Code])
    level = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Level])
    values = models.JSONField(default=dict, help_text="Metres, minutes, percent: numbers only.")
    photo = models.BigIntegerField(null=True, help_text="Which photo of the proof; none for all of them.")
    other = models.BigIntegerField(null=True, help_text="The earlier photo that it resembles.")
    other_subject = models.CharField(max_length=60, blank=True, help_text="What that photo belongs to.")

    class Meta:
        db_table = "casework_evidencefinding"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "code", "photo"], nulls_distinct=False, name="casework_finding_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.code}"
