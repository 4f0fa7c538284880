"""Water that residents saw, the clusters that their reports make, and thresholds that these put in doubt."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guyub.rooms.floods.rules import (
    DEEPEST,
    MOST_PEOPLE,
    Sighting,
    State,
    Trust,
    cluster_number,
    report_number,
)


class Cluster(models.Model):
    """Reports of the same water. What it says of itself is worked out anew whenever one of its reports changes."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    year = models.SmallIntegerField()
    place_code = models.CharField(max_length=13)
    state = models.CharField(max_length=10, default=State.OPEN.value)
    lat = models.FloatField(
        null=True, help_text="Middle of the cell around its reports' mean: no household's point is kept here."
    )
    lon = models.FloatField(null=True)
    h3_9 = models.BigIntegerField(null=True)
    depth_cm = models.SmallIntegerField(default=0, help_text="Median of what is said while water stands.")
    low_cm = models.SmallIntegerField(default=0)
    high_cm = models.SmallIntegerField(default=0)
    reports = models.IntegerField(default=0, help_text="Those that are not hidden.")
    voices = models.IntegerField(default=0, help_text="Independent ones among them.")
    in_need = models.IntegerField(default=0, help_text="People who need help, as far as water stands.")
    trust = models.CharField(max_length=12, blank=True)
    began_at = models.DateTimeField()
    heard_at = models.DateTimeField(help_text="When its newest report came.")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_officer = models.BooleanField(default=False)
    dried_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    work_number = models.CharField(max_length=20, blank=True, help_text="The report for the office's work.")
    work_subject = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "floods_cluster"
        indexes = [
            models.Index(fields=["-heard_at"], name="floods_cluster_newest"),
            models.Index(
                fields=["heard_at"], name="floods_cluster_open", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["work_subject"], name="floods_cluster_work", condition=~Q(work_subject="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True, h3_9__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False, h3_9__isnull=False),
                name="floods_cluster_point_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False)
                | (~Q(state=State.CLOSED) & Q(closed_at__isnull=True)),
                name="floods_cluster_closed_when",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return cluster_number(self.year, self.pk)

    @property
    def subject(self) -> str:
        return f"floods.cluster:{self.pk}"


class ReportQuerySet(models.QuerySet["FloodReport"]):
    def shown(self) -> ReportQuerySet:
        """What everyone may see."""
        return self.filter(hidden_at__isnull=True, erased_at__isnull=True)

    def since(self, moment: datetime) -> ReportQuerySet:
        return self.filter(said_at__gte=moment)


class FloodReport(models.Model):
    """ "There is water here": how deep, who gets through, who needs help."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    submission = models.UUIDField(unique=True, help_text="Made by the form; makes sending again harmless.")
    year = models.SmallIntegerField()
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, null=True, related_name="members")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    h3_9 = models.BigIntegerField(null=True)
    depth_cm = models.SmallIntegerField(
        help_text="As it counts; what was said unless an officer corrected it."
    )
    said_cm = models.SmallIntegerField()
    step = models.CharField(max_length=10, blank=True, help_text="The picture that was chosen.")
    road = models.CharField(max_length=6, blank=True)
    in_need = models.SmallIntegerField(default=0)
    needs = ArrayField(models.CharField(max_length=10), default=list)
    since_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    public_words = models.TextField(blank=True, help_text="As everyone may read them: masked.")
    device = models.CharField(max_length=80, blank=True, help_text="Fingerprints; erased in time.")
    address = models.CharField(max_length=80, blank=True)
    network = models.CharField(max_length=80, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    first_said_at = models.DateTimeField()
    said_at = models.DateTimeField(help_text="Told again by the same device, it is of now.")
    dry_at = models.DateTimeField(null=True, help_text="Its reporter says that the water is gone.")
    trust = models.CharField(max_length=12, blank=True)
    trust_stream = models.BigIntegerField(null=True, help_text="The nearest gauge that was asked.")
    judged_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=14, blank=True)
    erased_at = models.DateTimeField(null=True, help_text="Erased at the wish of who sent it.")
    forgotten_at = models.DateTimeField(
        null=True, help_text="Who sent it, words and point are over their time."
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        db_table = "floods_report"
        indexes = [
            models.Index(fields=["-said_at", "-id"], name="floods_report_newest"),
            models.Index(fields=["cluster"], name="floods_report_cluster"),
            models.Index(fields=["place", "-said_at"], name="floods_report_place"),
            models.Index(
                fields=["said_at"], name="floods_report_unjudged", condition=Q(judged_at__isnull=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(depth_cm__gte=0, depth_cm__lte=DEEPEST, said_cm__gte=0, said_cm__lte=DEEPEST),
                name="floods_report_depth",
            ),
            models.CheckConstraint(
                condition=Q(in_need__gte=0, in_need__lte=MOST_PEOPLE), name="floods_report_people"
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True) | Q(lat__isnull=False, lon__isnull=False),
                name="floods_report_point_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return report_number(self.year, self.pk)

    @property
    def subject(self) -> str:
        return f"floods.report:{self.pk}"

    @property
    def is_supported(self) -> bool:
        return self.trust == Trust.SUPPORTED

    def sighting(self, place: str) -> Sighting:
        return Sighting(
            key=self.pk,
            at=self.said_at,
            place=place,
            depth=self.depth_cm,
            lat=self.lat,
            lon=self.lon,
            device=self.device,
            address=self.address,
            network=self.network,
            is_dry=self.dry_at is not None,
            dried_at=self.dry_at,
        )


class ThresholdDoubt(models.Model):
    """People saw water again and again while a gauge stood below its threshold. A proposal, never more."""

    datastream = models.BigIntegerField()
    place_code = models.CharField(max_length=13, blank=True)
    threshold = models.FloatField()
    proposed = models.FloatField()
    unit = models.CharField(max_length=20, blank=True)
    clusters = ArrayField(models.BigIntegerField())
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_taken = models.BooleanField(default=False)

    class Meta:
        db_table = "floods_threshold_doubt"
        constraints = [
            models.UniqueConstraint(
                fields=["datastream"], condition=Q(settled_at__isnull=True), name="floods_doubt_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.datastream}: {self.threshold} > {self.proposed}"

    @property
    def subject(self) -> str:
        return f"floods.threshold_doubt:{self.pk}"
