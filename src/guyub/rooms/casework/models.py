"""The case: which office must act, in which state, by when."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from guyub.rooms.casework.rules import ENDED, OPEN, Classification, Mode, State


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]  # type: ignore[attr-defined]


class Case(models.Model):
    """One office's duty towards one subject. The inbox is one query over this table."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20, help_text="Which room owns the content: 'report'.")
    subject = models.CharField(max_length=60)
    number = models.CharField(max_length=20)
    label = models.CharField(max_length=160, help_text="What the inbox shows; never a person's name.")
    classification = models.CharField(max_length=40, choices=_choices(Classification))
    category = models.CharField(max_length=40)
    place_code = models.CharField(max_length=13)
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=8, choices=_choices(Mode), default=Mode.ORDER)
    accepted_at = models.DateTimeField(null=True, help_text="When a desa took the request on.")
    state = models.CharField(max_length=20, choices=_choices(State), default=State.RECEIVED)
    asked_in = models.CharField(max_length=20, blank=True, help_text="The state to return to after a reply.")
    is_open = models.BooleanField(default=True)
    is_restricted = models.BooleanField(
        default=False, help_text="About officials' conduct: the Inspektorat's alone."
    )
    is_hazard = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    forwarded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    verify_due_at = models.DateTimeField()
    respond_due_at = models.DateTimeField(null=True)
    resolve_due_at = models.DateTimeField()
    reporter_due_at = models.DateTimeField(null=True, help_text="When the reporter's time to answer ends.")
    due_at = models.DateTimeField(null=True, help_text="The nearest deadline of the office, for the inbox.")
    due_is_provisional = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=40, blank=True)
    paused_days = models.SmallIntegerField(default=0, help_text="Working days of pauses since receipt.")
    paused_days_since_forwarding = models.SmallIntegerField(default=0)
    terms = models.JSONField(
        help_text="The rulebook's working days, with the rows they came from, kept for good."
    )
    hand_overs = models.SmallIntegerField(default=0)
    reopened = models.SmallIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "casework_case"
        indexes = [
            models.Index(
                fields=["office", "due_at", "id"],
                include=["state", "is_hazard", "is_restricted"],  # the inbox is counted without its rows
                name="casework_inbox",
                condition=Q(is_open=True),
            ),
            models.Index(fields=["due_at", "id"], name="casework_due", condition=Q(is_open=True)),
            models.Index(
                fields=["reporter_due_at"], name="casework_expiry", condition=Q(reporter_due_at__isnull=False)
            ),
            models.Index(fields=["subject"], name="casework_subject"),
            models.Index(fields=["number"], name="casework_number"),
            models.Index(fields=["-updated_at", "-id"], name="casework_recent"),
            models.Index(fields=["office", "-updated_at"], name="casework_office_recent"),
            models.Index(fields=["place_code", "due_at"], name="casework_place", condition=Q(is_open=True)),
            models.Index(fields=["id"], name="casework_provisional", condition=Q(due_is_provisional=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=True, ended_at__isnull=True, state__in=sorted([*OPEN, State.WORK_DONE]))
                | Q(is_open=False, state__in=sorted(ENDED), ended_at__isnull=False),
                name="casework_case_open_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
                name="casework_case_pauses_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class HandOver(models.Model):
    """A disposisi: from one office to another, with its reason."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    from_office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_handover"
        indexes = [models.Index(fields=["from_office", "case"], name="casework_handed_by")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_office_id} to {self.to_office_id}"


class Schedule(models.Model):
    """*Dijadwalkan*: work that waits for budget, with reason, target month and the head who decided."""

    class Decision(models.TextChoices):
        PROPOSED = "PROPOSED"
        APPROVED = "APPROVED"
        DECLINED = "DECLINED"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    target_month = models.DateField(help_text="The first day of the month.")
    proposed_by = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.PROPOSED)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_schedule"
        indexes = [models.Index(fields=["case"], name="casework_schedule_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(decision="PROPOSED"), name="casework_one_proposal"
            ),
            models.CheckConstraint(
                condition=Q(decision="PROPOSED", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="PROPOSED") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="casework_schedule_decided_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.target_month:%Y-%m}"


class Evidence(models.Model):
    """Proof of finished work: words and at least one photo (kept under `casework.evidence:<id>`)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    words = models.TextField()
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_evidence"
        indexes = [models.Index(fields=["case"], name="casework_evidence_case")]

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class Route(models.Model):
    """The routing table: which level handles a category, "kelurahan first".

    Dated; each row cites its basis.
    """

    class Level(models.TextChoices):
        WARD = "KELURAHAN"
        DISTRICT = "KECAMATAN"
        AGENCY = "AGENCY"

    kind = models.CharField(max_length=20, default="report")
    category = models.CharField(max_length=40, help_text="A category's code, or '*' for any.")
    classification = models.CharField(max_length=40, blank=True, help_text="Empty for any class.")
    level = models.CharField(max_length=10, choices=Level.choices)
    organisation_key = models.CharField(max_length=60, blank=True, help_text="The agency, for level AGENCY.")
    effective_from = models.DateField()
    effective_until = models.DateField(null=True)
    legal_basis = models.CharField(max_length=200)

    class Meta:
        db_table = "casework_route"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "category", "classification", "effective_from"], name="casework_route_once"
            ),
            models.CheckConstraint(
                condition=Q(level="AGENCY") ^ Q(organisation_key=""), name="casework_route_names_its_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.level}"
