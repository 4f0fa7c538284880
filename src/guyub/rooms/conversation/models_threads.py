"""Threads on any subject: who said what in which role, what was decided of it, and what was hidden and why."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Thread(models.Model):
    """A conversation about a subject such as `forums.forum:3`. Its first post opens it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    subject = models.CharField(max_length=60)
    title = models.CharField(max_length=160, help_text="As everyone may read it: masked.")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "conversation_thread"
        indexes = [
            models.Index(fields=["subject", "-last_at"], name="conversation_threads_of"),
            models.Index(fields=["-last_at"], name="conversation_newest"),
        ]

    def __str__(self) -> str:
        return f"thread {self.pk} on {self.subject}"


class Post(models.Model):
    """What one person said. `party` is in whose name (an office or a partner), empty for a resident.

    `role` is the role of an office in which it was said, `named` that a resident chose to be named. The name itself
    stays with the account and goes with it.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    body = models.TextField()
    public_body = models.TextField(help_text="As everyone may read it: masked.")
    party = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=20, blank=True)
    actor = models.CharField(max_length=20)
    named = models.BooleanField(default=False)
    by = models.BigIntegerField(null=True, help_text="The account; empty once it was erased.")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.BigIntegerField(null=True)
    hidden_reason = models.CharField(max_length=20, blank=True, help_text="A code of the rulebook's list.")
    hidden_words = models.CharField(max_length=400, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    task = models.CharField(max_length=60, blank=True, help_text="What it was turned into, as a subject.")
    task_address = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "conversation_post"
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason="")),
                name="conversation_hidden_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="conversation_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True) | Q(edited_at__gte=F("at")),
                name="conversation_edited_afterwards",
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "at"], name="conversation_posts_of"),
            models.Index(fields=["by"], name="conversation_posts_by"),
            models.Index(
                fields=["thread", "decided_at"],
                name="conversation_decisions",
                condition=Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"


class Flag(models.Model):
    """Somebody says that a post breaks the rules; those who moderate its subject look at it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=20)
    by = models.BigIntegerField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(default=False)

    class Meta:
        db_table = "conversation_flag"
        constraints = [models.UniqueConstraint(fields=["post", "by"], name="conversation_flag_once")]
        indexes = [
            models.Index(fields=["at"], name="conversation_flags_open", condition=Q(settled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"flag on {self.post_id}"


class Pace(models.TextChoices):
    DAILY = "DAILY", _("Sekali sehari")
    WEEKLY = "WEEKLY", _("Sekali seminggu")


class ThreadFollow(models.Model):
    """Somebody asked to be told of a thread in a digest."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="follows")
    account = models.BigIntegerField()
    pace = models.CharField(max_length=6, choices=Pace.choices)
    language = models.CharField(max_length=5, default="id")
    since = models.DateTimeField()

    class Meta:
        db_table = "conversation_follow"
        constraints = [models.UniqueConstraint(fields=["thread", "account"], name="conversation_follow_once")]

    def __str__(self) -> str:
        return f"follow of {self.thread_id}"
