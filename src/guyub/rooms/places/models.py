"""The administrative places of the city: kecamatan, kelurahan, desa (Permendagri 58/2021 codes)."""

from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    REGENCY = "REGENCY", "Kota/Kabupaten"
    DISTRICT = "DISTRICT", "Kecamatan"
    WARD = "WARD", "Kelurahan"
    VILLAGE = "VILLAGE", "Desa"


class Place(models.Model):
    """A place by its official code. `lat`/`lon` (WGS 84) are an approximate middle, null where unknown."""

    code = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    class Meta:
        db_table = "places_place"
        indexes = [models.Index(fields=["parent", "name"], name="places_children")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True)
                | models.Q(lat__range=(-11.5, 6.5), lon__range=(94.5, 141.5)),
                name="places_place_in_indonesia",
            )
        ]

    def __str__(self) -> str:
        return self.name
