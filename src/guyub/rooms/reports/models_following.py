"""Who follows what: people without an account by their address or device, people with one by it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guyub.kernel.cities.fields import EncryptedTextField


class Frequency(models.TextChoices):
    NOW = "NOW", _("Segera")
    DAILY = "DAILY", _("Sekali sehari")
    WEEKLY = "WEEKLY", _("Sekali seminggu")
    NEVER = "NEVER", _("Tidak dikirimi apa pun")


class Follower(models.Model):
    """One person, once: `mark` is the fingerprint of their address (or of a device that has none beside it)."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    mark = models.CharField(max_length=64, unique=True)
    email = EncryptedTextField(blank=True, help_text="Empty for whoever has an account, or a device only.")
    account = models.OneToOneField("people.Account", on_delete=models.CASCADE, null=True, related_name="+")
    frequency = models.CharField(max_length=6, choices=Frequency.choices, default=Frequency.NOW)
    language = models.CharField(max_length=5, default="id")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "reports_follower"

    def __str__(self) -> str:
        return f"follower {self.pk}"


class Follow(models.Model):
    """A report, or a place with perhaps one category. It counts once the owner of the address has confirmed it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="follows")
    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, null=True, related_name="+")
    place_code = models.CharField(max_length=13, blank=True)
    category_code = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reports_follow"
        indexes = [
            models.Index(
                fields=["place_code", "category_code"],
                name="reports_follow_place",
                condition=Q(confirmed_at__isnull=False, report__isnull=True),
            ),
            models.Index(
                fields=["asked_at"], name="reports_follow_pending", condition=Q(confirmed_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "report", "place_code", "category_code"],
                name="reports_follow_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(report__isnull=False, place_code="", category_code="")
                | (Q(report__isnull=True) & ~Q(place_code="")),
                name="reports_follow_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"follow {self.pk}"
