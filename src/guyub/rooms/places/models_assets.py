"""Things on the ground that somebody owns: roads, drains, lamps, rivers, schools."""

from __future__ import annotations

from django.db import models


class AssetImport(models.Model):
    """A file of a layer that was taken in: whose it is, on which terms, of which day."""

    layer = models.CharField(max_length=40)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    dated = models.DateField(help_text="The day of which the data speaks.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    imported_at = models.DateTimeField()
    findings = models.JSONField(default=list)

    class Meta:
        db_table = "places_assetimport"

    def __str__(self) -> str:
        return f"{self.layer}: {self.source}"


class Asset(models.Model):
    """One of a layer. The same `source_id` brought in again replaces it. Its box has a GiST index (migration 0003)."""

    layer = models.CharField(max_length=40)
    source_id = models.CharField(max_length=80)
    name = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=60, help_text="As the source says it: 'provinsi', 'kota'.")
    parts = models.JSONField(help_text="As `distances.Part`; WGS 84, longitude first.")
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()
    taken_from = models.ForeignKey(AssetImport, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "places_asset"
        constraints = [models.UniqueConstraint(fields=["layer", "source_id"], name="places_asset_once")]

    def __str__(self) -> str:
        return f"{self.layer} {self.source_id}"
