"""The case: which office must act, in which state, by when."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from guyub.rooms.casework.rules import (
    ENDED,
    OPEN,
    Classification,
    DelayReason,
    HandOverReason,
    Mode,
    Rung,
    State,
)


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]  # type: ignore[attr-defined]


class Case(models.Model):
    """One office's duty towards one subject. The inbox is one query over this table."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20, help_text="Which room owns the content: 'report'.")
    subject = models.CharField(max_length=60)
    number = models.CharField(max_length=20)
    part = models.SmallIntegerField(
        default=1, help_text="Which part of a subject that several offices share."
    )
    label = models.CharField(max_length=160, help_text="What the inbox shows; never a person's name.")
    classification = models.CharField(max_length=40, choices=_choices(Classification))
    category = models.CharField(max_length=40)
    place_code = models.CharField(max_length=13)
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    route = models.ForeignKey(
        "Route",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="The row of the decision table that sent it here first.",
    )
    ground = models.JSONField(
        null=True,
        help_text="What lies near its point and whose that is, when it was opened; as `ground.Ground`.",
    )
    mode = models.CharField(max_length=8, choices=_choices(Mode), default=Mode.ORDER)
    accepted_at = models.DateTimeField(null=True, help_text="When a desa took the request on.")
    assignee = models.BigIntegerField(null=True, help_text="The officer to whom the head gave it.")
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
    escalate_at = models.DateTimeField(null=True, help_text="When it rises next if its office stays late.")
    escalated_at = models.DateTimeField(null=True)
    escalated_rung = models.CharField(max_length=10, blank=True, choices=_choices(Rung))
    escalated_to = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    delay_explained_at = models.DateTimeField(null=True)
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
            models.Index(
                fields=["assignee", "due_at"],
                name="casework_mine",
                condition=Q(is_open=True, assignee__isnull=False),
            ),
            models.Index(
                fields=["escalate_at"], name="casework_rising", condition=Q(escalate_at__isnull=False)
            ),
            models.Index(
                fields=["escalated_to", "due_at"],
                name="casework_risen",
                condition=Q(is_open=True, escalated_to__isnull=False),
            ),
            models.Index(fields=["subject"], name="casework_subject"),
            models.Index(fields=["number"], name="casework_number"),
            models.Index(fields=["-updated_at", "-id"], name="casework_recent"),
            models.Index(fields=["office", "-updated_at"], name="casework_office_recent"),
            models.Index(fields=["place_code", "due_at"], name="casework_place", condition=Q(is_open=True)),
            models.Index(fields=["id"], name="casework_provisional", condition=Q(due_is_provisional=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "part"], condition=Q(part__gt=1), name="casework_part_once"
            ),
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
    code = models.CharField(
        max_length=20, choices=_choices(HandOverReason), default=HandOverReason.OTHER, help_text="Why."
    )
    reason = models.TextField()
    wanted_office = models.BigIntegerField(
        null=True, help_text="The office that was chosen, where the rule sent the case to the coordinator."
    )
    by = models.BigIntegerField(null=True, help_text="Empty where a change of places moved it.")
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_handover"
        indexes = [models.Index(fields=["from_office", "case"], name="casework_handed_by")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_office_id} to {self.to_office_id}"


class StandingDisposition(models.Model):
    """A head's disposisi beforehand: cases of a category go to an officer upon arrival, until a day."""

    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=40, help_text="A category's code, or '*' for any.")
    officer = models.BigIntegerField()
    nota = models.CharField(max_length=120, help_text="Number of the nota dinas.")
    until = models.DateField(help_text="The first day on which it no longer holds.")
    set_by = models.BigIntegerField()
    set_at = models.DateTimeField()
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_standing"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "category"], condition=Q(ended_at=None), name="casework_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} at {self.office_id}"


class Assignment(models.Model):
    """A disposisi inside an office: which officer, with what instruction, by whose word."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    officer = models.BigIntegerField()
    instruction = models.TextField(blank=True)
    standing = models.ForeignKey(StandingDisposition, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_assignment"

    def __str__(self) -> str:
        return f"{self.case_id} at {self.office_id}"


class Escalation(models.Model):
    """A case rose to an office: by the clock (then nobody did it), or because its own office asked."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    rung = models.CharField(max_length=10, choices=_choices(Rung))
    from_office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    to_office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_escalation"

    def __str__(self) -> str:
        return f"{self.case_id}: {self.rung}"


class DelayNote(models.Model):
    """*Catatan keterlambatan*: why an office is late, by code and in words for officers."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, choices=_choices(DelayReason))
    words = models.TextField()
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_delaynote"

    def __str__(self) -> str:
        return f"{self.case_id}: {self.code}"


class Split(models.Model):
    """A case of its own for another office about the same subject, with what that office is to do."""

    origin = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    made = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    instruction = models.TextField()
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_split"

    def __str__(self) -> str:
        return f"{self.origin_id} and {self.made_id}"


class ExternalBody(models.Model):
    """What the city knows of a body that it cannot order about: PLN, the river authority, the railways."""

    office = models.OneToOneField("people.Organisation", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    channel = models.CharField(max_length=120, blank=True, help_text="How it takes complaints.")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "casework_externalbody"

    def __str__(self) -> str:
        return f"external body {self.office_id}"


class Letter(models.Model):
    """A letter to a body outside the city: prepared, then sent under its number, then answered."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    words = models.TextField(help_text="What the city asks for.")
    prepared_by = models.BigIntegerField()
    prepared_at = models.DateTimeField()
    number = models.CharField(max_length=60, blank=True)
    dated = models.DateField(null=True)
    sent_by = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    reply_dated = models.DateField(null=True)
    reply_words = models.TextField(blank=True)
    replied_by = models.BigIntegerField(null=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_letter"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(sent_at__isnull=True), name="casework_one_letter_prepared"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True)
                | (~Q(number="") & Q(dated__isnull=False, sent_by__isnull=False)),
                name="casework_letter_sent_under_its_number",
            ),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"


class Schedule(models.Model):
    """*Dijadwalkan*: work that waits for budget, with reason, target month and the head who decided."""

    class Decision(models.TextChoices):
        PROPOSED = "PROPOSED"
        APPROVED = "APPROVED"
        DECLINED = "DECLINED"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    public_reason = models.TextField(blank=True, help_text="As everyone may read it: masked.")
    target_month = models.DateField(help_text="The first day of the month.")
    because = models.CharField(
        max_length=60, blank=True, help_text="The subject that the work waits for, where there is one."
    )
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
    """Proof of finished work: words and at least one photo (kept under `casework.evidence:<id>`).

    Where and when the page itself took the photo is kept apart from what the photo's own metadata say (those are on
    the photo): a picture from the gallery proves neither.
    """

    class Source(models.TextChoices):
        CAMERA = "CAMERA", "Taken in the page"
        GALLERY = "GALLERY", "Chosen from the gallery"
        UNKNOWN = "UNKNOWN", "Not said"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    words = models.TextField()
    public_words = models.TextField(blank=True, help_text="As everyone may read them: masked.")
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.UNKNOWN)
    taken_at = models.DateTimeField(
        null=True, help_text="By the device's clock, when the page took the photo."
    )
    taken_lat = models.FloatField(
        null=True, help_text="WGS 84, from the device, when the page took the photo."
    )
    taken_lon = models.FloatField(null=True)
    taken_accuracy = models.FloatField(null=True, help_text="Metres, as the device says (68 %).")
    flagged = models.BooleanField(
        null=True, help_text="Whether a finding asks a person to look; none until it was checked."
    )
    submission = models.UUIDField(
        null=True, unique=True, help_text="Made from the sender's id: a proof that is sent again is one."
    )

    class Meta:
        db_table = "casework_evidence"
        indexes = [
            models.Index(fields=["case"], name="casework_evidence_case"),
            models.Index(fields=["id"], name="casework_evidence_unseen", condition=Q(flagged__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"evidence {self.pk}"


from guyub.rooms.casework.models_appeal import Appeal  # noqa: E402, F401
from guyub.rooms.casework.models_crew import CrewLink, CrewProof  # noqa: E402, F401
from guyub.rooms.casework.models_desk import AnswerTemplate, Batch, BatchItem, SavedView  # noqa: E402, F401
from guyub.rooms.casework.models_look import Draw, SecondLook  # noqa: E402, F401
from guyub.rooms.casework.models_proof import EvidenceFinding  # noqa: E402, F401
from guyub.rooms.casework.models_table import Route, RouteChange  # noqa: E402, F401
