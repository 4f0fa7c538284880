"""Reports, their categories, drafts and supporters."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from guyub.kernel.cities.fields import EncryptedTextField


class Category(models.Model):
    """A kind of report that residents choose. Words in both languages are data of the city."""

    code = models.CharField(max_length=40, unique=True)
    group = models.CharField(max_length=30)
    group_id = models.CharField(max_length=60)
    group_en = models.CharField(max_length=60)
    name_id = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    hint_id = models.CharField(max_length=200, blank=True)
    hint_en = models.CharField(max_length=200, blank=True)
    words_id = models.CharField(
        max_length=200, blank=True, help_text="What people call it, parted by '; ': for finding it."
    )
    words_en = models.CharField(max_length=200, blank=True)
    is_hazard = models.BooleanField(default=False)
    is_conduct = models.BooleanField(default=False, help_text="Always about officials' conduct.")
    emergency = models.JSONField(
        default=list, help_text="Keys of the rulebook's emergency numbers, first first."
    )
    external = models.JSONField(
        default=list, help_text="Codes of bodies outside the city that it is often a matter of, first first."
    )
    position = models.SmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "reports_category"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name_id


class ReportClass(models.TextChoices):
    COMPLAINT = "PENGADUAN", "Pengaduan"
    ASPIRATION = "ASPIRASI", "Aspirasi"
    INFO_REQUEST = "PERMINTAAN_INFORMASI", "Permintaan informasi"


class Report(models.Model):
    """What a resident said, where, and what of it may be seen."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    submission = models.UUIDField(
        unique=True, help_text="Made by the sender; makes sending again harmless. Secret."
    )
    number = models.CharField(max_length=20, unique=True)
    report_class = models.CharField(max_length=24, choices=ReportClass.choices)
    about_conduct = models.BooleanField(
        default=False, help_text="Behaviour or levies of officials: Inspektorat only."
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    public_body = models.TextField(
        blank=True, help_text="The words that everyone may read, once verified: masked."
    )
    edited_body = models.TextField(
        null=True,
        help_text="What the officer let stand, before it was masked; empty where the reporter's own.",
    )
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    rw = models.CharField(max_length=3, blank=True)
    rt = models.CharField(max_length=3, blank=True)
    landmark = models.CharField(max_length=160, blank=True)
    public_landmark = models.CharField(
        max_length=160, blank=True, help_text="As everyone may read it: masked."
    )
    edited_landmark = models.CharField(max_length=160, null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    h3_9 = models.BigIntegerField(null=True)
    is_anonymous = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)
    for_neighbour = models.BooleanField(
        default=False, help_text="Sent by a Ketua RT/RW on a neighbour's behalf."
    )
    account = models.ForeignKey("people.Account", on_delete=models.SET_NULL, null=True, related_name="+")
    contact = models.ForeignKey("people.Contact", on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=20, default="RECEIVED")
    submitted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(
        db_default=Now(), help_text="When its state or its public words changed last."
    )
    supporters = models.IntegerField(default=0)
    has_answers = models.BooleanField(
        default=False, db_default=False, help_text="To its category's questions."
    )
    hidden_at = models.DateTimeField(null=True, help_text="Hidden from everyone by its reporter, for good.")
    person_erased_at = models.DateTimeField(null=True, help_text="Who reported was erased on request.")
    said_fixed = models.SmallIntegerField(
        default=0, help_text="How many who have it too say of the newest completion that it is fixed."
    )
    said_same = models.SmallIntegerField(default=0, help_text="… and how many that nothing has changed.")
    link_issue = models.SmallIntegerField(
        default=0, help_text="How often the reporter has changed their link; older ones open nothing."
    )
    link_request = models.UUIDField(
        null=True, help_text="Which page asked for the newest link, so that asking twice is once."
    )

    class Meta:
        db_table = "reports_report"
        indexes = [
            models.Index(
                fields=["-submitted_at", "-id"], name="reports_newest", condition=Q(about_conduct=False)
            ),
            models.Index(
                fields=["category", "h3_9", "submitted_at"],
                name="reports_near",
                condition=Q(h3_9__isnull=False),
            ),
            models.Index(fields=["place", "-submitted_at"], name="reports_place"),
            models.Index(fields=["state", "-submitted_at"], name="reports_state"),
            models.Index(
                fields=["state", "-ended_at"], name="reports_ended", condition=Q(ended_at__isnull=False)
            ),
            models.Index(
                fields=["category", "place", "-submitted_at"],
                name="reports_unread",
                condition=Q(about_conduct=False) & (Q(published_at__isnull=True) | Q(is_confidential=True)),
            ),
            models.Index(fields=["account"], name="reports_account", condition=Q(account__isnull=False)),
            models.Index(
                fields=["-changed_at", "-id"],
                name="reports_changed",
                condition=Q(published_at__isnull=False, is_confidential=False, about_conduct=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lon__isnull=True, h3_9__isnull=True)
                | Q(lat__isnull=False, lon__isnull=False, h3_9__isnull=False),
                name="reports_report_point_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(about_conduct=True, published_at__isnull=False),
                name="reports_conduct_is_never_published",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Draft(models.Model):
    """What was filled in so far, kept for a few days for phones without JavaScript."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    values = EncryptedTextField(
        help_text="JSON of the form's fields; may hold a name or number, so encrypted."
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "reports_draft"
        indexes = [models.Index(fields=["expires_at"], name="reports_draft_expiry")]

    def __str__(self) -> str:
        return str(self.uuid)


class Support(models.Model):
    """ "Saya juga mengalami": one per person or device."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    supporter = models.CharField(
        max_length=60, help_text="account:12, or a signature of the device's own cookie."
    )
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_support"
        constraints = [models.UniqueConstraint(fields=["report", "supporter"], name="reports_support_once")]

    def __str__(self) -> str:
        return f"support of {self.report_id}"


class Witness(models.Model):
    """What somebody besides the reporter says of a completion: the Ketua RT of the place, or who has it too.

    One voice a completion. Witnesses are counted and shown; they close and open nothing by themselves.
    """

    class Kind(models.TextChoices):
        NEIGHBOURHOOD = "KETUA_RT"
        SUPPORTER = "WARGA"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    evidence = models.BigIntegerField(help_text="The proof of work that was looked at.")
    voice = models.CharField(max_length=60, help_text="As a supporter's.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    is_fixed = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_witness"
        constraints = [
            models.UniqueConstraint(fields=["report", "evidence", "voice"], name="reports_witness_once")
        ]

    def __str__(self) -> str:
        return f"witness of {self.report_id}"


class Numbering(models.Model):
    """The last number given in a year."""

    year = models.SmallIntegerField(primary_key=True)
    last = models.IntegerField(default=0)

    class Meta:
        db_table = "reports_numbering"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class PlaceFigures(models.Model):
    """A projection: how many reports of a place are in each state. Rebuilt from the ledger at will."""

    place_code = models.CharField(max_length=13)
    state = models.CharField(max_length=20)
    count = models.IntegerField(default=0)

    class Meta:
        db_table = "reports_placefigures"
        constraints = [
            models.UniqueConstraint(fields=["place_code", "state"], name="reports_placefigures_once")
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.state}"


SUBMITTED = "SUBMITTED"
"""Stands beside the states in `DailyFigures`: a report may be asked back into *diterima*, but it is sent once."""


class DailyFigures(models.Model):
    """A projection: how many reports of a place came into a state on a day of the city's calendar.

    Counted for the kelurahan, for its kecamatan and, under '', for the whole city. Rebuilt from the ledger at will.
    """

    day = models.DateField()
    place_code = models.CharField(max_length=13, blank=True)
    state = models.CharField(max_length=20)
    count = models.IntegerField(default=0)

    class Meta:
        db_table = "reports_dailyfigures"
        constraints = [
            models.UniqueConstraint(fields=["place_code", "day", "state"], name="reports_dailyfigures_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.place_code} {self.state}"


from guyub.rooms.reports.models_chat import Chat, ChatMessage, ChatReport  # noqa: E402, F401
from guyub.rooms.reports.models_correction import Correction  # noqa: E402, F401
from guyub.rooms.reports.models_following import Follow, Follower, Frequency  # noqa: E402, F401
from guyub.rooms.reports.models_guess import CategoryModel  # noqa: E402, F401
from guyub.rooms.reports.models_lapor import Columns, Origin  # noqa: E402, F401
from guyub.rooms.reports.models_merge import Merge  # noqa: E402, F401
from guyub.rooms.reports.models_open311 import (  # noqa: E402, F401
    Answer,
    Attribute,
    Changeset,
    ClientUpdate,
    Sent,
)
from guyub.rooms.reports.models_personal import DataRequest, Masking  # noqa: E402, F401


class MapCell(models.Model):
    """A projection: how many published reports lie in an H3 cell and are not over. Rebuilt from the ledger at will."""

    resolution = models.SmallIntegerField()
    cell = models.BigIntegerField()
    lat = models.FloatField(help_text="The cell's middle, WGS 84.")
    lon = models.FloatField()
    open = models.IntegerField(default=0)

    class Meta:
        db_table = "reports_mapcell"
        constraints = [models.UniqueConstraint(fields=["resolution", "cell"], name="reports_mapcell_once")]
        indexes = [models.Index(fields=["resolution", "lat", "lon"], name="reports_mapcell_box")]

    def __str__(self) -> str:
        return f"{self.resolution}: {self.cell}"
