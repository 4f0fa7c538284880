"""Partners of the five helices: who they are, who belongs to them, who stands for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from guyub.kernel.cities.fields import EncryptedTextField
from guyub.rooms.partners.rules import (
    BY_DECREE,
    OPEN_REVIEWS,
    OPEN_STANDINGS,
    Review,
    Role,
    Standing,
    Status,
)

_OPEN = [one.value for one in OPEN_STANDINGS]
_OPEN_REVIEWS = [one.value for one in OPEN_REVIEWS]


class PartnerQuerySet(models.QuerySet["Partner"]):
    def without_contacts(self) -> PartnerQuerySet:
        """For lists: each contact that is read is decrypted, which takes longer than the row."""
        return self.defer("contact_name", "contact_email", "contact_phone")

    def active(self) -> PartnerQuerySet:
        return self.filter(status=Status.ACTIVE)

    def verified(self) -> PartnerQuerySet:
        return self.filter(status=Status.ACTIVE, is_verified=True)

    def in_places(self, codes: Iterable[str]) -> PartnerQuerySet:
        """Those that said of one of the codes that they are active there."""
        return self.filter(places__overlap=list(codes))

    def on_theme(self, theme: str) -> PartnerQuerySet:
        return self.filter(themes__contains=[theme])


class Partner(models.Model):
    """An organisation that works for the city: a community, a company, a university, a medium, an agency, or a body
    of a kelurahan. Of its people the public sees none; its contact only if it chose to show one.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20)
    is_by_decree = models.GeneratedField(
        expression=Q(kind__in=[kind.value for kind in BY_DECREE]),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    status = models.CharField(max_length=12, default=Status.ACTIVE.value)
    is_verified = models.BooleanField(default=False)
    verified_how = models.CharField(max_length=10, blank=True, help_text="CITY or VOUCHED.")
    verified_at = models.DateTimeField(null=True)
    office = models.OneToOneField(
        "people.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The office or neighbourhood body that it is, where there is one.",
    )
    description = models.TextField(blank=True, help_text="What it does, in its own words.")
    routine = models.CharField(max_length=400, blank=True, help_text="What it does again and again.")
    founded_year = models.SmallIntegerField(null=True)
    active_members = models.IntegerField(null=True, help_text="How many it says it has; nobody is named.")
    website = models.URLField(max_length=200, blank=True)
    themes = ArrayField(models.CharField(max_length=40), default=list)
    places = ArrayField(
        models.CharField(max_length=13), default=list, help_text="Codes; the city's own for all."
    )
    legal_form = models.CharField(max_length=12, default="NONE")
    legal_number = models.CharField(max_length=80, blank=True)
    legal_until = models.DateField(null=True, help_text="The last day on which the paper holds.")
    contact_name = EncryptedTextField(blank=True)
    contact_email = EncryptedTextField(blank=True)
    contact_phone = EncryptedTextField(blank=True)
    contact_is_public = models.BooleanField(default=False)
    contact_marks = ArrayField(
        models.CharField(max_length=64),
        default=list,
        help_text="Fingerprints by which a contact is found again.",
    )
    contact_erased = models.BooleanField(default=False, help_text="Its time was over.")
    name_key = models.CharField(max_length=160, help_text="The name as doubles are found by it.")
    search_words = models.CharField(max_length=240, help_text="The names, folded.")
    origin = models.CharField(max_length=10)
    founded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Closed or merged at this moment.")

    objects = PartnerQuerySet.as_manager()

    class Meta:
        db_table = "partners_partner"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_verified=False, verified_at__isnull=True, verified_how="")
                | (Q(is_verified=True, verified_at__isnull=False) & ~Q(verified_how="")),
                name="partners_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED.value, merged_into__isnull=False)
                | (~Q(status=Status.MERGED.value) & Q(merged_into__isnull=True)),
                name="partners_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["CLOSED", "MERGED"], ended_at__isnull=False)
                | Q(status__in=["ACTIVE", "SUSPENDED"], ended_at__isnull=True),
                name="partners_ended_when_over",
            ),
        ]
        indexes = [
            GinIndex(fields=["places"], name="partners_places"),
            GinIndex(fields=["themes"], name="partners_themes"),
            models.Index(fields=["status", "name"], name="partners_listed"),
            models.Index(
                fields=["status", "is_by_decree", "-is_verified", "name", "id"], name="partners_in_order"
            ),
            models.Index(fields=["name_key"], name="partners_name_key"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def subject(self) -> str:
        """As the ledger and other rooms name it."""
        return f"partners.partner:{self.pk}"

    @property
    def counts_as_verified(self) -> bool:
        return self.is_verified and self.status == Status.ACTIVE


class Member(models.Model):
    """A person's tie to a partner, from the request or invitation to the end. Shown to the partner's own people."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, default=Role.MEMBER.value)
    state = models.CharField(max_length=10, default=Standing.ASKED.value)
    words = models.CharField(max_length=300, blank=True, help_text="What the person said when asking.")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partners_member"
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "account"], condition=Q(state__in=_OPEN), name="partners_member_once"
            ),
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(state=Standing.ACTIVE.value, role=Role.LEAD.value),
                name="partners_one_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Invitation(models.Model):
    """Somebody was asked by mail to join. The address lies with `people` and leaves with the invitation."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    contact = models.BigIntegerField(null=True, help_text="Where the mail went; none once it is over.")
    mark = models.CharField(
        max_length=64, help_text="Fingerprint of the address, so that nobody is asked twice."
    )
    role = models.CharField(max_length=20)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invited_at = models.DateTimeField()
    until_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, help_text="Accepted, taken back or expired.")

    class Meta:
        db_table = "partners_invitation"
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "mark"], condition=Q(over_at__isnull=True), name="partners_invited_once"
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Document(models.Model):
    """A paper of the partner: pictures of it lie with `kernel.files` under this row's subject, never public."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=24)
    number = models.CharField(max_length=80, blank=True)
    valid_until = models.DateField(null=True, help_text="The last day on which it holds.")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partners_document"
        indexes = [models.Index(fields=["valid_until"], name="partners_document_until")]

    def __str__(self) -> str:
        return f"document {self.pk}"

    @property
    def subject(self) -> str:
        return f"partners.document:{self.pk}"


class Examination(models.Model):
    """A request to be verified by the city, with its clock, up to the decision."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, default=Review.ASKED.value)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_on = models.DateField(
        help_text="By when the city looks, or the partner completes; the city's calendar."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partners_examination"
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=Q(state__in=_OPEN_REVIEWS), name="partners_examined_once"
            )
        ]

    def __str__(self) -> str:
        return f"examination {self.pk}"


class Vouch(models.Model):
    """A person of a verified partner stands for another partner."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    speaks_for = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partners_vouch"
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "speaks_for"],
                condition=Q(withdrawn_at__isnull=True),
                name="partners_vouch_once_a_partner",
            ),
            models.UniqueConstraint(
                fields=["partner", "account"],
                condition=Q(withdrawn_at__isnull=True),
                name="partners_vouch_once_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(partner=models.F("speaks_for")), name="partners_vouch_for_another"
            ),
        ]

    def __str__(self) -> str:
        return f"vouch {self.pk}"


class Note(models.Model):
    """Why something was decided: the words beside the ledger's fact, read by the partner's people and the city."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "partners_note"

    def __str__(self) -> str:
        return f"{self.kind} of partner {self.partner_id}"


class Merge(models.Model):
    """Two entries turned out to be one: what went over is written down, so that it can go back."""

    kept = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    gone = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    moved = models.JSONField(default=dict, help_text="Table → ids of rows that were the other's.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partners_merge"
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="partners_merged_once"
            )
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"


class ImportDraft(models.Model):
    """A list that was read and waits for somebody to say which rows are new; encrypted, because it names people."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    rows = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "partners_import"

    def __str__(self) -> str:
        return f"import {self.uuid}"
