"""The registry of cities, in the shared schema. A city's own rows never point here by key."""

from __future__ import annotations

from django.db import models

from guyub.kernel.cities.current import City


class CityRecord(models.Model):
    """One city or regency served by this installation."""

    code = models.CharField(
        max_length=5, unique=True, help_text="Region code, e.g. 32.73 (Permendagri 58/2021)."
    )
    slug = models.SlugField(max_length=40, unique=True)
    schema = models.CharField(max_length=63, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=[("KOTA", "Kota"), ("KABUPATEN", "Kabupaten")])
    government_name = models.CharField(max_length=160)
    head_title = models.CharField(max_length=20)
    time_zone = models.CharField(max_length=40)
    profile = models.JSONField(
        default=dict, help_text="Colours, map centre, texts: what a city may word itself."
    )
    wrapped_key = models.BinaryField(help_text="The city's data key, encrypted under the master key.")
    created_at = models.DateTimeField()
    leaving_since = models.DateTimeField(
        null=True, help_text="Its removal has begun: nobody enters it any more; its record goes last."
    )

    class Meta:
        db_table = "cities_city"

    def __str__(self) -> str:
        return self.name

    def as_city(self) -> City:
        return City(
            code=self.code,
            slug=self.slug,
            schema=self.schema,
            name=self.name,
            kind=self.kind,
            government_name=self.government_name,
            head_title=self.head_title,
            time_zone=self.time_zone,
            hosts=tuple(h.host for h in self.hosts.all()),
            profile=self.profile,
        )


class CityHost(models.Model):
    """A host name (lower case, without port) and the city that answers there."""

    host = models.CharField(max_length=253, unique=True)
    city = models.ForeignKey(CityRecord, on_delete=models.CASCADE, related_name="hosts")

    class Meta:
        db_table = "cities_host"

    def __str__(self) -> str:
        return self.host


class Backup(models.Model):
    """A backup that `guyub city backup` finished, and when a drill last restored it. Outlives its city's record."""

    code = models.CharField(max_length=5)
    file = models.CharField(max_length=400)
    size = models.BigIntegerField(help_text="Bytes.")
    facts = models.BigIntegerField()
    made_at = models.DateTimeField()
    drilled_at = models.DateTimeField(null=True)
    drill_seconds = models.FloatField(null=True)

    class Meta:
        db_table = "cities_backup"
        indexes = [models.Index(fields=["code", "-made_at"], name="cities_backup_newest")]

    def __str__(self) -> str:
        return f"{self.code} {self.made_at:%Y-%m-%d %H:%M}"


class Pulse(models.Model):
    """When a background process last did its round: whoever watches sees that one is alive."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
    count = models.BigIntegerField(default=1)
    seconds = models.FloatField(help_text="How long the last round took.")

    class Meta:
        db_table = "cities_pulse"

    def __str__(self) -> str:
        return self.name
