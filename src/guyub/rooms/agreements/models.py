"""Cooperations of the city, their documents with versions, parties, duties and evaluations."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from guyub.kernel.cities.fields import EncryptedTextField
from guyub.rooms.agreements.rules import Authority, State


class Cooperation(models.Model):
    """What the city wants to do together with others, from the preparation to the yearly report."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, help_text="A key of the rulebook's agreement_types.")
    purpose = models.TextField(help_text="What it is for; shown to everyone once something is signed.")
    framework = models.TextField(
        blank=True, help_text="Kerangka acuan: why, where, what it brings, who pays."
    )
    office = models.ForeignKey(
        "people.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who carries it.",
    )
    stage = models.CharField(max_length=12)
    council_number = models.CharField(
        max_length=80, blank=True, help_text="The council's letter of approval."
    )
    council_on = models.DateField(null=True)
    ministry_number = models.CharField(max_length=80, blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "agreements_cooperation"
        constraints = [
            models.CheckConstraint(
                condition=Q(council_number="", council_on__isnull=True)
                | ~Q(council_number="") & Q(council_on__isnull=False),
                name="agreements_council_whole",
            )
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def subject(self) -> str:
        return f"agreements.cooperation:{self.pk}"


class Document(models.Model):
    """An offer letter, a KB, a PKS, an addendum: its newest words stand in its newest version."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    cooperation = models.ForeignKey(Cooperation, on_delete=models.CASCADE, related_name="+")
    under = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, help_text="A key of the rulebook's agreement_documents.")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default=State.DRAFT.value)
    scope = ArrayField(models.CharField(max_length=200), default=list, help_text="Line by line.")
    cost = models.BigIntegerField(default=0, help_text="What it costs the region, whole rupiah.")
    in_budget = models.BooleanField(default=True, help_text="Whether the current APBD has it.")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True, help_text="The last day; an addendum that is signed moves it.")
    signed_on = models.DateField(null=True)
    signed_at_place = models.CharField(max_length=80, blank=True)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=12, blank=True)
    ended_words = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "agreements_document"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="DRAFT", signed_on__isnull=True)
                | Q(state__in=["SIGNED", "ENDED"], signed_on__isnull=False, starts_on__isnull=False)
                & Q(ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="agreements_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="ENDED", ended_on__isnull=False) & ~Q(ended_why="")
                | ~Q(state="ENDED") & Q(ended_on__isnull=True, ended_why=""),
                name="agreements_ended_with_reason",
            ),
            models.CheckConstraint(condition=Q(cost__gte=0), name="agreements_cost"),
        ]
        indexes = [models.Index(fields=["state", "ends_on"], name="agreements_running_out")]

    def __str__(self) -> str:
        return self.title

    @property
    def scan(self) -> str:
        """The subject of the pictures of the signed paper: for its parties and the city."""
        return f"agreements.document:{self.pk}"


class Version(models.Model):
    """The words of a document, clause by clause, as somebody left them. Never changed; the next one follows."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    number = models.SmallIntegerField()
    clauses = models.JSONField(help_text="Clause → its words.")
    words = models.CharField(max_length=200, blank=True, help_text="What was changed and why.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "agreements_version"
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="agreements_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of document {self.document_id}"


class Party(models.Model):
    """A side of a document with its own number: the city's office, a partner, or another in words."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    position = models.SmallIntegerField()
    is_city = models.BooleanField(default=False)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=160)
    number = models.CharField(max_length=80, blank=True, help_text="The document's number at this side.")
    signatory = EncryptedTextField(blank=True, help_text="Who signs; shown to the parties only.")
    signatory_erased = models.BooleanField(default=False, help_text="Its time was over.")
    post = models.CharField(max_length=120, blank=True, help_text="As what: Wali Kota, Direktur.")
    authority = models.CharField(max_length=6, default=Authority.HEAD.value)
    proxy = models.CharField(max_length=80, blank=True, help_text="Number of the power of attorney.")

    class Meta:
        db_table = "agreements_party"
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="agreements_party_place"),
            models.CheckConstraint(
                condition=~Q(is_city=True, partner__isnull=False), name="agreements_city_or_partner"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """What a party is to deliver, by when, and that it did."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=240)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    words = models.CharField(max_length=300, blank=True, help_text="What was delivered.")

    class Meta:
        db_table = "agreements_duty"

    def __str__(self) -> str:
        return self.what


class Evaluation(models.Model):
    """A yearly look at a document that is in force."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    result = models.CharField(max_length=8)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "agreements_evaluation"

    def __str__(self) -> str:
        return f"evaluation {self.pk}"
