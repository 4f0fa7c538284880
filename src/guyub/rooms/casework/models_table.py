"""The decision table and the changes that bring its rows in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from guyub.rooms.casework.decision_table import Level


class Route(models.Model):
    """The decision table: which level handles a category, "kelurahan first".

    Dated; each row cites its basis. A row is never edited: it ends, and another begins.
    """

    Level = Level

    kind = models.CharField(max_length=20, default="report")
    category = models.CharField(max_length=40, help_text="A category's code, or '*' for any.")
    classification = models.CharField(max_length=40, blank=True, help_text="Empty for any class.")
    place_code = models.CharField(
        max_length=13, blank=True, help_text="A kecamatan or kelurahan with its own arrangement."
    )
    level = models.CharField(max_length=10, choices=[(level.value, level.value) for level in Level])
    organisation_key = models.CharField(max_length=60, blank=True, help_text="The agency, for level AGENCY.")
    backing_key = models.CharField(
        max_length=60, blank=True, help_text="The agency to which kelurahan and kecamatan escalate."
    )
    effective_from = models.DateField()
    effective_until = models.DateField(null=True)
    legal_basis = models.CharField(max_length=200)
    change = models.ForeignKey(
        "RouteChange", on_delete=models.PROTECT, null=True, related_name="+", help_text="What brought it in."
    )

    class Meta:
        db_table = "casework_route"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "category", "classification", "place_code", "effective_from"],
                name="casework_route_once",
            ),
            models.CheckConstraint(
                condition=Q(level="AGENCY") ^ Q(organisation_key=""), name="casework_route_names_its_agency"
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=F("effective_from")),
                name="casework_route_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.level}"


class RouteChange(models.Model):
    """A change of the decision table: drafted, tried, submitted, and approved by somebody else."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT"
        SUBMITTED = "SUBMITTED"
        APPROVED = "APPROVED"
        DECLINED = "DECLINED"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20, default="report")
    title = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=120, help_text="Number of the SK or Perwal.")
    legal_date = models.DateField(help_text="When it was signed.")
    effective_from = models.DateField()
    rows = models.JSONField(default=list, help_text="The new rows; one without a level ends what was there.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    drafted_by = models.BigIntegerField()
    drafted_at = models.DateTimeField()
    authors = models.JSONField(default=list, help_text="Everybody who wrote in it: none of them approves it.")
    submitted_by = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "casework_routechange"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("drafted_by")) & ~Q(decided_by=F("submitted_by"))),
                name="casework_change_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="APPROVED") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="casework_change_approved_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.title
