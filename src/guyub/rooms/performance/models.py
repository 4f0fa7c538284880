"""One row for each office that had a duty towards a public report."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

_COUNTED = [
    "state",
    "is_held",
    "until_on",
    "paused_days",
    "paused_on",
    "was_reopened",
]  # so that a year is counted from the index alone


class Duty(models.Model):
    """A projection: what figures need of a case, for the office that has it and each that handed it over.

    Kept by the ledger's pump, rebuilt at will. Reports on conduct and *rahasia* have no row.
    """

    case = models.BigIntegerField()
    office = models.BigIntegerField()
    is_held = models.BooleanField(help_text="The office has the case now; so it is one row of each case.")
    report = models.BigIntegerField()
    is_shown = models.BooleanField(help_text="Verified: everyone may read the report.")
    place_code = models.CharField(max_length=13)
    category = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    received_on = models.DateField()
    until_on = models.DateField(
        null=True, help_text="The day of the finished work, or of an end without any. Empty while it runs."
    )
    paused_days = models.SmallIntegerField(help_text="Working days of pauses that are over.")
    paused_on = models.DateField(null=True, help_text="The day since which the clock stands still.")
    was_reopened = models.BooleanField(help_text="The reporter said: belum selesai.")
    late_from = models.DateTimeField(null=True, help_text="The moment from which it is late.")

    class Meta:
        db_table = "performance_duty"
        constraints = [models.UniqueConstraint(fields=["case", "office"], name="performance_duty_once")]
        indexes = [
            models.Index(  # the first page behind a number
                fields=["-report", "-case"],
                include=["state", "received_on"],
                condition=Q(is_held=True, is_shown=True),
                name="performance_newest",
            ),
            models.Index(
                fields=["received_on"],
                include=_COUNTED,
                condition=Q(is_held=True),
                name="performance_city",
            ),
            models.Index(fields=["office", "received_on"], include=_COUNTED, name="performance_office"),
            models.Index(
                fields=["place_code", "received_on"],
                include=_COUNTED,
                condition=Q(is_held=True),
                name="performance_place",
            ),
            models.Index(
                fields=["category", "received_on"],
                include=_COUNTED,
                condition=Q(is_held=True),
                name="performance_category",
            ),
            models.Index(
                fields=["office"],
                include=["state", "late_from", "is_held"],
                condition=Q(until_on=None),
                name="performance_office_now",
            ),
            models.Index(
                fields=["place_code"],
                include=["state", "late_from"],
                condition=Q(until_on=None, is_held=True),
                name="performance_place_now",
            ),
            models.Index(
                fields=["category"],
                include=["state", "late_from"],
                condition=Q(until_on=None, is_held=True),
                name="performance_category_now",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} at {self.office}"
