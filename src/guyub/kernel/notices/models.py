from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from guyub.kernel.cities.fields import EncryptedTextField


class Digest(models.Model):
    """One mail that gathers what one person had been spared until the hour of their choice."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    recipient = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(help_text="When its delivery was last asked for.")
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "notices_digest"
        indexes = [
            models.Index(fields=["asked_at"], name="notices_digest_unsent", condition=Q(sent_at__isnull=True))
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class Notice(models.Model):
    """A message to one person. `key` makes it once: the same cause tells the same person one time only."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    key = models.CharField(max_length=120, unique=True)
    recipient = models.CharField(
        max_length=40, help_text="account:12, contact:7, follower:3; addresses stay with their rooms."
    )
    subject = models.CharField(max_length=160)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    leave = models.CharField(
        max_length=300, blank=True, help_text="Where whoever wants no more of these goes."
    )
    push = models.JSONField(null=True, help_text="What a device shows: a number and a state, nothing else.")
    language = models.CharField(max_length=5, default="id")
    created_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, help_text="Then it goes out in a digest.")
    digest = models.ForeignKey(Digest, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "notices_notice"
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notices_of_recipient"),
            models.Index(fields=["created_at"], name="notices_unsent", condition=Q(sent_at__isnull=True)),
            models.Index(
                fields=["held_until"],
                name="notices_held",
                condition=Q(held_until__isnull=False, digest__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Silence(models.Model):
    """Somebody chose not to be told of a topic."""

    recipient = models.CharField(max_length=40)
    topic = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "notices_silence"
        constraints = [models.UniqueConstraint(fields=["recipient", "topic"], name="notices_silence_once")]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.topic}"


class PushKey(models.Model):
    """The city's own pair of keys (VAPID, RFC 8292), made when the first device asks."""

    only = models.BooleanField(primary_key=True, default=True)
    private = EncryptedTextField(help_text="PEM, under the city's data key.")
    public = models.CharField(max_length=120, help_text="Uncompressed point, base64url: browsers ask for it.")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "notices_pushkey"

    def __str__(self) -> str:
        return self.public


class PushDevice(models.Model):
    """A browser that asked to be told. Its address is a secret of its owner: encrypted, found by fingerprint."""

    recipient = models.CharField(max_length=40)
    endpoint = EncryptedTextField()
    endpoint_mark = models.CharField(max_length=64, unique=True)
    p256dh = EncryptedTextField()
    auth = EncryptedTextField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "notices_pushdevice"
        indexes = [models.Index(fields=["recipient"], name="notices_devices_of")]

    def __str__(self) -> str:
        return f"device of {self.recipient}"
