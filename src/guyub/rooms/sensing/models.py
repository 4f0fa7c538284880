"""What measures what and where, as OGC SensorThings 1.1 names it; ids are numbers, as its test suite demands.

The observations themselves stand in `sensing_observation`, made by hand in a migration: partitions by month are not
Django's. What is asked of them is in `observations.py` and `ingesting.py`.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guyub.rooms.sensing.rules import Verdict

GEOJSON = "application/vnd.geo+json"


class Named(models.Model):
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    properties = models.JSONField(null=True)
    owner = models.ForeignKey(
        "people.Organisation",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The office whose programs may change it; empty: the platform's own.",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Location(Named):
    encoding_type = models.CharField(max_length=100, default=GEOJSON)
    location = models.JSONField()

    class Meta:
        db_table = "sensing_location"


class Thing(Named):
    place = models.CharField(
        max_length=13,
        blank=True,
        help_text="The kelurahan or desa in which its location lies; '' if in none.",
    )
    locations = models.ManyToManyField(Location, related_name="things", db_table="sensing_thing_location")

    class Meta:
        db_table = "sensing_thing"
        indexes = [models.Index(fields=["place"], name="sensing_thing_place")]


class HistoricalLocation(models.Model):
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="historical_locations")
    time = models.DateTimeField()
    locations = models.ManyToManyField(
        Location, related_name="historical_locations", db_table="sensing_historical_location_location"
    )

    class Meta:
        db_table = "sensing_historical_location"

    def __str__(self) -> str:
        return f"{self.thing_id} at {self.time:%Y-%m-%d %H:%M}"


class Sensor(Named):
    encoding_type = models.CharField(max_length=100)
    metadata = models.JSONField()

    class Meta:
        db_table = "sensing_sensor"


class ObservedProperty(Named):
    definition = models.TextField()
    code = models.CharField(
        max_length=40,
        blank=True,
        db_index=True,
        help_text="The kind as the city's rules know it: `sea_level`.",
    )

    class Meta:
        db_table = "sensing_observed_property"


class FeatureOfInterest(Named):
    encoding_type = models.CharField(max_length=100, default=GEOJSON)
    feature = models.JSONField()
    location = models.OneToOneField(
        Location,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The location of which it was made; empty for one that somebody described.",
    )

    class Meta:
        db_table = "sensing_feature"


class Datastream(Named):
    """One property of one thing by one sensor, in one unit.

    `phenomenonTime` and `resultTime`, which the standard shows here, are read from its `Latest`.
    """

    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, related_name="datastreams")
    sensor = models.ForeignKey(Sensor, on_delete=models.CASCADE, related_name="datastreams")
    observed_property = models.ForeignKey(
        ObservedProperty, on_delete=models.CASCADE, related_name="datastreams"
    )
    observation_type = models.CharField(max_length=200)
    unit_of_measurement = models.JSONField()
    observed_area = models.JSONField(null=True)
    feature = models.ForeignKey(
        FeatureOfInterest,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="What an observation that names none is of; made from the thing's location when first needed.",
    )
    datum = models.CharField(max_length=80, blank=True, help_text="What a height is measured from.")
    cadence = models.IntegerField(
        null=True, help_text="Seconds between two values; empty if none are promised."
    )
    quality_rules = models.JSONField(
        default=dict, help_text="What differs from the rulebook's `sensing_quality`."
    )
    retention_days = models.IntegerField(null=True, help_text="Empty: as the rulebook says.")
    is_public = models.BooleanField(default=False)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        db_table = "sensing_datastream"
        constraints = [
            models.CheckConstraint(
                condition=Q(cadence__isnull=True) | Q(cadence__gt=0), name="sensing_cadence_positive"
            ),
            models.CheckConstraint(
                condition=Q(retention_days__isnull=True) | Q(retention_days__gt=0),
                name="sensing_retention_positive",
            ),
        ]

    @property
    def subject(self) -> str:
        return f"sensing.datastream:{self.pk}"


class FeatureUse(models.Model):
    """Which datastreams have values of a feature: kept by `ingest`, since values have no index on their feature."""

    pk = models.CompositePrimaryKey("feature_id", "datastream_id")
    feature = models.ForeignKey(FeatureOfInterest, on_delete=models.CASCADE, related_name="+", db_index=False)
    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "sensing_feature_use"

    def __str__(self) -> str:
        return f"{self.datastream_id} of {self.feature_id}"


class Latest(models.Model):
    """One row a datastream, kept by `ingest`: its newest value, and what is counted of all of them."""

    datastream = models.OneToOneField(
        Datastream, on_delete=models.CASCADE, primary_key=True, related_name="latest"
    )
    observation = models.BigIntegerField()
    phenomenon_time = models.DateTimeField()
    phenomenon_end = models.DateTimeField(null=True)
    result_num = models.FloatField(null=True)
    result_text = models.TextField(null=True)
    result_json = models.JSONField(null=True)
    quality = models.SmallIntegerField()
    received_at = models.DateTimeField(help_text="When the newest arrived, by whichever time it bears.")
    checked_at = models.DateTimeField(
        null=True, help_text="When its values were last held against their neighbours."
    )
    count = models.BigIntegerField()
    first_time = models.DateTimeField()
    last_time = models.DateTimeField(help_text="The latest end, if values are of intervals.")
    first_result_time = models.DateTimeField(null=True)
    last_result_time = models.DateTimeField(null=True)

    class Meta:
        db_table = "sensing_latest"

    def __str__(self) -> str:
        return f"newest of {self.datastream_id}"


class Hour(models.Model):
    """The roll-up of an hour, in UTC: of all numbers, and of those that are good. Kept when the values themselves go."""

    pk = models.CompositePrimaryKey("datastream_id", "hour")
    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="+", db_index=False)
    hour = models.DateTimeField()
    count = models.IntegerField(help_text="Of all results, also those that are not numbers.")
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    total = models.FloatField(default=0)
    good_count = models.IntegerField(help_text="Of numbers that are good.")
    good_low = models.FloatField(null=True)
    good_high = models.FloatField(null=True)
    good_total = models.FloatField(default=0)

    class Meta:
        db_table = "sensing_hour"

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.hour:%Y-%m-%d %H}"


class Writer(models.Model):
    """A program that may send: of one thing, or of all."""

    client = models.ForeignKey("people.ApiClient", on_delete=models.CASCADE, related_name="+")
    thing = models.ForeignKey(Thing, on_delete=models.CASCADE, null=True, related_name="writers")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        db_table = "sensing_writer"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "thing"], nulls_distinct=False, name="sensing_writer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} for {self.thing_id or 'all'}"


class Silence(models.Model):
    """An alarm: a datastream that should speak and does not. The database itself holds the second one off."""

    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="silences")
    since = models.DateTimeField(help_text="The time of the last value before it.")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sensing_silence"
        constraints = [
            models.UniqueConstraint(
                fields=["datastream"], condition=Q(closed_at__isnull=True), name="sensing_one_open_silence"
            )
        ]

    def __str__(self) -> str:
        return f"{self.datastream_id} silent since {self.since:%Y-%m-%d %H:%M}"


class DeadLetter(models.Model):
    """A message that could not be stored, kept with the reason until somebody looks at it."""

    received_at = models.DateTimeField()
    topic = models.CharField(max_length=300)
    payload = models.TextField(help_text="As it came, at most 64 kB; bytes that are no text are escaped.")
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=400)
    digest = models.CharField(
        max_length=64, default="", help_text="Of topic and message: the same one again is only counted."
    )
    times = models.IntegerField(default=1)
    tried = models.SmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, choices=[("stored", "stored"), ("aside", "aside")])
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        db_table = "sensing_dead_letter"
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=Q(settled_at__isnull=True), name="sensing_one_open_letter"
            )
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(settled_at__isnull=True), name="sensing_open_letters"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.code}"


class Archive(models.Model):
    """A month whose values were written to a file and dropped; its hourly roll-ups stay. It takes no values any more."""

    month = models.DateField(primary_key=True)
    rows = models.BigIntegerField()
    file = models.CharField(
        max_length=200, blank=True, help_text="Empty: the month held nothing, or was not exported."
    )
    sha256 = models.CharField(max_length=64, blank=True)
    dropped_at = models.DateTimeField()

    class Meta:
        db_table = "sensing_archive"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Judgement(models.Model):
    """What an officer said of a value, and why. It stands above every test until somebody takes it back."""

    datastream = models.ForeignKey(Datastream, on_delete=models.CASCADE, related_name="+")
    time = models.DateTimeField(help_text="The value's time.")
    verdict = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Verdict])
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "sensing_judgement"
        indexes = [models.Index(fields=["datastream", "-at"], name="sensing_judged")]

    def __str__(self) -> str:
        return f"{self.datastream_id} {self.time:%Y-%m-%d %H:%M}: {self.verdict}"


class Outlet(models.Model):
    """Whoever passes new values on. While there is one, `ingest` keeps for it what it stored; it takes that away."""

    name = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When it last came for values.")

    class Meta:
        db_table = "sensing_outlet"

    def __str__(self) -> str:
        return self.name


class Untold(models.Model):
    """New values that are not passed on yet, named by datastream and time. It commits with the values themselves."""

    at = models.DateTimeField(help_text="When they came.")
    datastreams = ArrayField(models.BigIntegerField())
    times = ArrayField(models.DateTimeField())

    class Meta:
        db_table = "sensing_untold"

    def __str__(self) -> str:
        return f"{len(self.times)} of {self.at:%Y-%m-%d %H:%M}"
