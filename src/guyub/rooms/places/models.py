"""The administrative places of the city: kecamatan, kelurahan, desa (Permendagri 58/2021 codes)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q


class Kind(models.TextChoices):
    REGENCY = "REGENCY", "Kota/Kabupaten"
    DISTRICT = "DISTRICT", "Kecamatan"
    WARD = "WARD", "Kelurahan"
    VILLAGE = "VILLAGE", "Desa"


class Place(models.Model):
    """A place by its official code. `lat`/`lon` (WGS 84) are an approximate middle, null where unknown.

    A code holds from `valid_from` until before `valid_until`; null is "always" and "still". Rows stay for ever,
    because old reports keep their code.
    """

    code = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "places_place"
        indexes = [models.Index(fields=["parent", "name"], name="places_children")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(lat__range=(-11.5, 6.5), lon__range=(94.5, 141.5)),
                name="places_place_in_indonesia",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="places_place_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name by which people and files know a place. `folded` is how names are compared."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=80)
    folded = models.CharField(max_length=80)

    class Meta:
        db_table = "places_alias"
        constraints = [models.UniqueConstraint(fields=["place", "folded"], name="places_alias_once")]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """Where `old_code` stood, `new_code` stands from a day on: alone, or beside others after a split.

    Codes, not rows: the old one may have ended long before this installation began.
    """

    old_code = models.CharField(max_length=13)
    new_code = models.CharField(max_length=13)
    effective_on = models.DateField()
    legal_basis = models.CharField(max_length=200)

    class Meta:
        db_table = "places_succession"
        constraints = [
            models.UniqueConstraint(fields=["old_code", "new_code"], name="places_succession_once")
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"


class BoundaryImport(models.Model):
    """A file of boundaries that was taken in: whose it is, on which terms, and what had to be repaired."""

    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    imported_at = models.DateTimeField()
    valid_from = models.DateField()
    findings = models.JSONField(default=list)

    class Meta:
        db_table = "places_boundaryimport"

    def __str__(self) -> str:
        return self.source


class BoundaryQuerySet(models.QuerySet["Boundary"]):
    def in_force(self, on: date) -> BoundaryQuerySet:
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on), valid_from__lte=on)


class Boundary(models.Model):
    """One version of a place's area. What pages draw is made once, when the file is taken in."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    taken_from = models.ForeignKey(BoundaryImport, on_delete=models.PROTECT, related_name="+")
    is_derived = models.BooleanField(
        default=False, help_text="A kecamatan joined from its kelurahan and desa."
    )
    area = models.BinaryField(help_text="WKB, WGS 84, longitude first.")
    square_metres = models.FloatField()
    drawing = models.TextField(
        blank=True, help_text="GeoJSON geometry, simplified together with its neighbours."
    )
    label_lat = models.FloatField(null=True)
    label_lon = models.FloatField(null=True)
    neighbours = models.JSONField(default=list, help_text="Codes of the places of its level that touch it.")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    objects = BoundaryQuerySet.as_manager()

    class Meta:
        db_table = "places_boundary"
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(valid_until__isnull=True), name="places_boundary_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="places_boundary_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"boundary of {self.place_id} since {self.valid_from}"


from guyub.rooms.places.models_assets import Asset, AssetImport  # noqa: E402, F401
