"""What was learnt of the city's own decided cases."""

from __future__ import annotations

from django.db import models


class CategoryModel(models.Model):
    """A trained model; the newest one is used. One row is written at once, so nobody reads half of one."""

    packed = models.BinaryField(help_text="`guessing.Model.pack`.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of it.")
    signed = models.CharField(max_length=24, help_text="That this installation made it, for this city.")
    cases = models.IntegerField()
    figures = models.JSONField(help_text="What the newest cases said of a model that had not seen them.")
    trained_at = models.DateTimeField()

    class Meta:
        db_table = "reports_categorymodel"

    def __str__(self) -> str:
        return self.digest[:12]
