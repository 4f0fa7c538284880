"""Rows of stored photos; the bytes lie on disk below the city's own folder."""

from __future__ import annotations

import uuid

from django.db import models


class Photo(models.Model):
    """A re-encoded photo. What the camera wrote into it was read into columns and left out of the file."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    subject = models.CharField(
        max_length=60, blank=True, help_text="What it belongs to; empty while in a draft."
    )
    draft = models.UUIDField(null=True, help_text="The draft it waits in.")
    position = models.SmallIntegerField(default=0)
    is_public = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as they were sent.")
    size = models.IntegerField(help_text="Bytes on disk.")
    width = models.SmallIntegerField()
    height = models.SmallIntegerField()
    captured_at = models.DateTimeField(null=True)
    captured_lat = models.FloatField(null=True)
    captured_lon = models.FloatField(null=True)
    uploaded_at = models.DateTimeField()
    blurred_from = models.UUIDField(
        null=True, help_text="The photo of which this is the copy for everyone, parts made unreadable."
    )

    class Meta:
        db_table = "files_photo"
        indexes = [
            models.Index(fields=["subject", "position"], name="files_photo_subject"),
            models.Index(fields=["draft"], name="files_photo_draft", condition=models.Q(draft__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(subject="") | models.Q(draft__isnull=False),
                name="files_photo_belongs_somewhere",
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)
