from __future__ import annotations

import uuid

from django.db import models


class Notice(models.Model):
    """A message to one person. `key` makes it once: the same cause tells the same person one time only."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    key = models.CharField(max_length=120, unique=True)
    recipient = models.CharField(
        max_length=40, help_text="account:12 or contact:7; addresses stay with people."
    )
    subject = models.CharField(max_length=160)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "notices_notice"
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notices_of_recipient"),
            models.Index(
                fields=["created_at"], name="notices_unsent", condition=models.Q(sent_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.subject
