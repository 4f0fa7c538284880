"""Rows of stored photos; the bytes lie on disk below the city's own folder."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


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
    is_marked = models.BooleanField(default=False, help_text="Whether its fingerprint was made.")
    blurred_from = models.UUIDField(
        null=True, help_text="The photo of which this is the copy for everyone, parts made unreadable."
    )

    copy_of = models.UUIDField(
        null=True,
        help_text="The photo that it is given on from, where one work answers for several subjects.",
    )

    class Meta:
        db_table = "files_photo"
        indexes = [
            models.Index(fields=["subject", "position"], name="files_photo_subject"),
            models.Index(fields=["draft"], name="files_photo_draft", condition=Q(draft__isnull=False)),
            models.Index(fields=["sha256"], name="files_photo_sha256"),
            models.Index(fields=["copy_of"], name="files_photo_copies", condition=Q(copy_of__isnull=False)),
            models.Index(
                fields=["id"], name="files_photo_unmarked", condition=Q(is_marked=False) & ~Q(subject="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(subject="") | Q(draft__isnull=False),
                name="files_photo_belongs_somewhere",
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Fingerprint(models.Model):
    """By what a photo is found again when it is sent another time. Made by a job; says nothing of what it shows."""

    photo = models.OneToOneField(Photo, on_delete=models.CASCADE, primary_key=True, related_name="+")
    version = models.SmallIntegerField(help_text="Of the way in which the marks were made.")
    face = models.BigIntegerField(
        null=True, help_text="64 bits of the whole; none of a picture without contrast."
    )
    bands = ArrayField(models.IntegerField(), default=list, help_text="The face in four pieces.")
    patches = ArrayField(
        models.IntegerField(), default=list, help_text="Numbers of what lies around its striking points."
    )

    class Meta:
        db_table = "files_fingerprint"
        indexes = [
            GinIndex(fields=["bands"], name="files_finger_bands"),
            GinIndex(fields=["patches"], name="files_finger_patches"),
        ]

    def __str__(self) -> str:
        return f"marks of {self.photo_id}"
