"""A place's money of a year: books, ceilings by body, activities, and the steps in which they were realised.

`planned` and `spent` are running sums, so that the database itself refuses what goes over a ceiling or a plan.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from guyub.rooms.areafunds.rules import State


class Book(models.Model):
    """A scheme in a place in a year. Whatever changes below it takes this row's lock first."""

    place = models.CharField(max_length=13, help_text="Code of the kelurahan or desa.")
    scheme = models.CharField(max_length=24)
    year = models.SmallIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        db_table = "areafunds_book"
        constraints = [
            models.UniqueConstraint(fields=["place", "year", "scheme"], name="areafunds_book_once"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2200), name="areafunds_book_year"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year} {self.place}"

    @property
    def subject(self) -> str:
        return f"areafunds.book:{self.pk}"


class Ceiling(models.Model):
    """How much a body may plan; of bodies of which a place has many (RW), each unit has its own."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="+")
    body = models.CharField(max_length=24)
    unit = models.CharField(max_length=8, blank=True, help_text="Which RW, as '003'; empty for the others.")
    amount = models.BigIntegerField()
    planned = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    basis = models.CharField(max_length=160, help_text="The decree or regulation that sets it.")
    set_at = models.DateTimeField()

    class Meta:
        db_table = "areafunds_ceiling"
        constraints = [
            models.UniqueConstraint(fields=["book", "body", "unit"], name="areafunds_ceiling_once"),
            models.CheckConstraint(
                condition=Q(spent__gte=0, planned__gte=F("spent"), amount__gte=F("planned")),
                name="areafunds_sums_never_lie",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.unit}".strip()


class Activity(models.Model):
    """What a body does with a part of its ceiling."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    ceiling = models.ForeignKey(Ceiling, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    what = models.TextField(blank=True)
    where = models.CharField(max_length=160, blank=True, help_text="A spot in words, no home address.")
    volume = models.DecimalField(max_digits=12, decimal_places=2)
    unit_word = models.CharField(max_length=30)
    amount = models.BigIntegerField(help_text="Planned, whole rupiah.")
    spent = models.BigIntegerField(default=0)
    begins_on = models.DateField()
    ends_on = models.DateField(help_text="The last day.")
    state = models.CharField(max_length=10, default=State.PLANNED.value)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was stopped.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        db_table = "areafunds_activity"
        constraints = [
            models.CheckConstraint(
                condition=Q(spent__gte=0, amount__gt=0, amount__gte=F("spent")), name="areafunds_within_plan"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="areafunds_ends_after"),
            models.CheckConstraint(
                condition=Q(state="STOPPED") & ~Q(reason="") | ~Q(state="STOPPED") & Q(reason=""),
                name="areafunds_stopped_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"areafunds.activity:{self.pk}"


class Step(models.Model):
    """How far an activity came, shown by photos, and what was spent since the step before, shown by receipts."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    percent = models.SmallIntegerField()
    amount = models.BigIntegerField()
    on = models.DateField()
    receipt = models.CharField(max_length=80, blank=True, help_text="Number of the receipt.")
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    compared_at = models.DateTimeField(null=True, help_text="When its photos were compared with all others.")

    class Meta:
        db_table = "areafunds_step"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "percent"],
                condition=Q(withdrawn_at__isnull=True),
                name="areafunds_step_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="areafunds_step_amount"),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="areafunds_step_uncompared", condition=Q(compared_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.percent} % of activity {self.activity_id}"

    @property
    def photos(self) -> str:
        """The subject of the photos, which everyone may see."""
        return f"areafunds.step:{self.pk}"

    @property
    def receipts(self) -> str:
        """The subject of the receipts, which name shops and people: only for who manages or oversees the fund."""
        return f"areafunds.receipt:{self.pk}"


class Repeat(models.Model):
    """A photo of a step that was sent before. A flag for people; it proves nothing."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="+")
    photo = models.BigIntegerField()
    subject = models.CharField(max_length=60, help_text="To what the earlier photo belongs.")
    alike = models.SmallIntegerField(help_text="Percent.")

    class Meta:
        db_table = "areafunds_repeat"
        constraints = [models.UniqueConstraint(fields=["photo"], name="areafunds_repeat_once")]

    def __str__(self) -> str:
        return f"photo {self.photo} again"


class Revision(models.Model):
    """Money that went over from one body's ceiling to another's, by a decision that has a number."""

    source = models.ForeignKey(Ceiling, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Ceiling, on_delete=models.CASCADE, related_name="+")
    amount = models.BigIntegerField()
    basis = models.CharField(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "areafunds_revision"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(source=F("target")), name="areafunds_revision_moves"
            )
        ]

    def __str__(self) -> str:
        return f"revision {self.pk}"


class ImportDraft(models.Model):
    """A list of ceilings that was read and waits to be applied."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    rows = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "areafunds_import"

    def __str__(self) -> str:
        return f"import {self.uuid}"
