"""The sea at the city's gauges: what its tide is made of, what is expected of it, and how high it may come where.

A gauge's numbers stay with `sensing`; here stands only which datastream is a station. Heights are metres. Thresholds,
datums and fits are never edited: a new one takes over from its day.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

LEVELS = (1, 2, 3)


class Station(models.Model):
    """A tide gauge. `datastream` is the id in sensing; what is measured there counts from the gauge's own zero."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    port = models.CharField(max_length=80, help_text="The port whose constants would hold here.")
    datastream = models.BigIntegerField(unique=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    is_simulated = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tides_station"

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"tides.station:{self.pk}"


class Datum(models.Model):
    """How high a datum's zero lies above the gauge's own, by a levelling on a day."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    zero = models.FloatField(help_text="Metres above the gauge's zero.")
    surveyed_on = models.DateField()
    basis = models.CharField(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "tides_datum"
        constraints = [
            models.UniqueConstraint(fields=["station", "name", "surveyed_on"], name="tides_datum_once"),
            models.CheckConstraint(condition=Q(zero__gte=-30, zero__lte=30), name="tides_datum_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.zero:+.3f} m"


class Threshold(models.Model):
    """From how high on the sea means a level in a kelurahan. The newest that has begun holds."""

    place = models.CharField(max_length=13, help_text="Code of the kelurahan or desa.")
    level = models.SmallIntegerField(help_text="1 Waspada, 2 Siaga, 3 Awas.")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    metres = models.FloatField(help_text="Above the datum.")
    datum = models.CharField(max_length=40)
    surveyed_on = models.DateField()
    valid_until = models.DateField(help_text="The first day on which it must have been surveyed again.")
    basis = models.CharField(max_length=160, help_text="The decree or survey that it rests on.")
    effective_from = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "tides_threshold"
        constraints = [
            models.UniqueConstraint(
                fields=["place", "level", "effective_from"], name="tides_threshold_once_a_day"
            ),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="tides_threshold_level"),
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("surveyed_on")),
                name="tides_threshold_valid_after_survey",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.level}: {self.metres:.2f} m {self.datum}"

    @property
    def subject(self) -> str:
        return place_subject(self.place)


def place_subject(place: str) -> str:
    """As the ledger names the sea at a kelurahan."""
    return f"tides.place:{place}"


class ImportDraft(models.Model):
    """A list of thresholds that was read and waits to be applied."""

    uuid = models.UUIDField(unique=True)
    rows = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "tides_import"

    def __str__(self) -> str:
        return f"import {self.uuid}"


class Fit(models.Model):
    """A version of a station's constants, with how good they are. The newest version is in use."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField()
    kind = models.CharField(max_length=10, choices=[("FITTED", "FITTED"), ("PUBLISHED", "PUBLISHED")])
    night = models.DateField(help_text="The city's day it was made for: one a night.")
    constants = models.JSONField()
    spread = models.JSONField()
    skill = models.JSONField(default=dict)
    from_time = models.DateTimeField(null=True)
    until_time = models.DateTimeField(null=True)
    good = models.IntegerField(default=0, help_text="Hours that it rests on.")
    rejected = models.IntegerField(default=0)
    rmse = models.FloatField(null=True)
    source = models.CharField(
        max_length=200, blank=True, help_text="Who published the constants, and licence."
    )
    made_at = models.DateTimeField()

    class Meta:
        db_table = "tides_fit"
        constraints = [
            models.UniqueConstraint(fields=["station", "version"], name="tides_fit_version_once"),
            models.UniqueConstraint(
                fields=["station", "night"], condition=Q(kind="FITTED"), name="tides_one_fit_a_night"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} v{self.version}"


class Forecast(models.Model):
    """Seven days by the hour, made after an hour was over. `heights[0]` is one hour after `made_for`."""

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, related_name="+")
    made_for = models.DateTimeField()
    residual = models.FloatField(null=True, help_text="Null: too little was measured, the tide stands alone.")
    tide = ArrayField(models.FloatField())
    heights = ArrayField(models.FloatField())
    made_at = models.DateTimeField()

    class Meta:
        db_table = "tides_forecast"
        constraints = [models.UniqueConstraint(fields=["station", "made_for"], name="tides_forecast_once")]

    def __str__(self) -> str:
        return f"{self.station_id} at {self.made_for:%Y-%m-%d %H}"


class Chance(models.Model):
    """How likely a level is on a day in a kelurahan, as it was seen so many days before (`lead`). The last word of
    each lead stays: that is what the outlook is scored by."""

    place = models.CharField(max_length=13)
    day = models.DateField()
    level = models.SmallIntegerField()
    lead = models.SmallIntegerField(help_text="0 is the day itself.")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    threshold = models.ForeignKey(Threshold, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    expected = models.FloatField(help_text="The day's highest water, metres above the gauge's zero.")
    sigma = models.FloatField()
    limit = models.FloatField(help_text="The threshold above the gauge's zero, lowered by what aggravates.")
    residual = models.FloatField(null=True)
    peak_at = models.DateTimeField(null=True)
    raises = models.SmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        db_table = "tides_chance"
        constraints = [
            models.UniqueConstraint(fields=["day", "place", "level", "lead"], name="tides_chance_once"),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="tides_chance_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.day} {self.level}: {self.probability:.2f}"


class Standing(models.Model):
    """At which level a kelurahan stands now, and since when."""

    place = models.CharField(max_length=13, primary_key=True)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    level = models.SmallIntegerField(default=0)
    source = models.CharField(max_length=8)
    since = models.DateTimeField()
    calm_since = models.DateTimeField(null=True)
    water = models.FloatField(null=True, help_text="What the gauge said, above its zero.")
    drafted_at = models.DateTimeField(null=True, help_text="When a warning was last proposed for it.")
    at = models.DateTimeField()

    class Meta:
        db_table = "tides_standing"
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=3), name="tides_standing_level")
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.level}"


class Score(models.Model):
    """What came of a day's outlook in a kelurahan at a level: seen by the gauge. `probability` is that of the eve."""

    place = models.CharField(max_length=13)
    day = models.DateField()
    level = models.SmallIntegerField()
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    limit = models.FloatField(help_text="The threshold above the gauge's zero, as it was.")
    peak = models.FloatField()
    probability = models.FloatField()
    warned = models.BooleanField()
    happened = models.BooleanField()
    is_simulated = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "tides_score"
        constraints = [models.UniqueConstraint(fields=["day", "place", "level"], name="tides_score_once")]

    def __str__(self) -> str:
        return f"{self.place} {self.day} {self.level}"
