"""Conversations by messenger: who is at the other end, how far they are, and which reports came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guyub.kernel.cities.fields import EncryptedTextField


def nothing_said() -> str:
    return "{}"


class Chat(models.Model):
    """One person's conversation on one messenger. Their number is encrypted, and found again by its fingerprint."""

    channel = models.CharField(max_length=10, help_text="As in `Origin.Channel`.")
    mark = models.CharField(max_length=64)
    address = EncryptedTextField(help_text="The telephone number or the messenger's own number for a chat.")
    language = models.CharField(max_length=5, default="id")
    values = EncryptedTextField(
        default=nothing_said, help_text="JSON of what was said of a report that is not sent yet."
    )
    expires_at = models.DateTimeField(null=True, help_text="Then those values are forgotten.")
    heard_at = models.DateTimeField(help_text="When they wrote last.")
    stopped_at = models.DateTimeField(null=True, help_text="They want to hear nothing here.")

    class Meta:
        db_table = "reports_chat"
        constraints = [models.UniqueConstraint(fields=["channel", "mark"], name="reports_chat_once")]
        indexes = [
            models.Index(
                fields=["expires_at"], name="reports_chat_expiry", condition=Q(expires_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class ChatMessage(models.Model):
    """A message as it came, once; its words are forgotten as soon as they were dealt with."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+")
    external_mark = models.CharField(
        max_length=64, unique=True, help_text="The messenger's own number for it, as a fingerprint."
    )
    said = EncryptedTextField(help_text="JSON; empty once it was dealt with.")
    reply = EncryptedTextField(default=str, help_text="What is answered; empty once it was sent.")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reports_chatmessage"
        indexes = [
            models.Index(
                fields=["chat", "id"], name="reports_chat_waiting", condition=Q(done_at__isnull=True)
            ),
            models.Index(fields=["at"], name="reports_chat_at"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class ChatReport(models.Model):
    """A report that was sent in a conversation: there its reporter hears how it goes."""

    report = models.OneToOneField(
        "reports.Report", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "reports_chatreport"

    def __str__(self) -> str:
        return f"report {self.report_id} in chat {self.chat_id}"
