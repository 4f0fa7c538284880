"""Words between an office and people about a subject."""

from __future__ import annotations

from django.db import models


class Audience(models.TextChoices):
    PUBLIC = "PUBLIC", "Publik"
    REPORTER = "REPORTER", "Pelapor"
    OFFICE = "OFFICE", "Internal"


class Message(models.Model):
    """Something said. `office` speaks for an organisation; a message without one is the reporter's."""

    subject = models.CharField(max_length=60)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    kind = models.CharField(max_length=20, help_text="answer, question, reply, note, dispute, completion …")
    body = models.TextField()
    public_body = models.TextField(
        blank=True, help_text="As everyone may read it: masked. Empty for another audience."
    )
    office = models.BigIntegerField(null=True)
    by = models.BigIntegerField(null=True, help_text="The account, for the audit; never shown in public.")
    at = models.DateTimeField()

    class Meta:
        db_table = "conversation_message"
        indexes = [models.Index(fields=["subject", "at"], name="conversation_subject")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.subject}"


from guyub.rooms.conversation.models_threads import Flag, Post, Thread, ThreadFollow  # noqa: E402, F401
