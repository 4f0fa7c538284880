"""Screens of the command centre: each has an address of its own instead of a sign-in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from guyub.rooms.command.rules import Look


class Screen(models.Model):
    """A wall, a hall or a phone that looks on. What it may show is said here and by the server alone."""

    class Shows(models.TextChoices):
        SCREEN = "layar", "layar"
        VISITORS = "tamu", "tamu"

    name = models.CharField(max_length=60)
    shows = models.CharField(max_length=10, choices=Shows.choices)
    look = models.CharField(max_length=10, choices=[(look.value, look.value) for look in Look])
    fingerprint = models.CharField(max_length=64, unique=True, help_text="Of the key in its address.")
    ends_on = models.DateField(help_text="The first day on which its address opens nothing.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        db_table = "command_screen"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False),
                name="command_ended_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"screen {self.pk}"

    @property
    def subject(self) -> str:
        return f"command.screen:{self.pk}"
