"""A meeting about a subject: its agenda, who came, what was said and decided, and who must do what until when."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guyub.kernel.cities.fields import EncryptedTextField


class Kind(models.TextChoices):
    MEETING = "MEETING", _("Rapat")
    WORK_DAY = "WORK_DAY", _("Kerja bersama")


class State(models.TextChoices):
    PLANNED = "PLANNED", _("Direncanakan")
    HELD = "HELD", _("Sudah berlangsung")
    CANCELLED = "CANCELLED", _("Dibatalkan")


class Meeting(models.Model):
    """`subject` is whose meeting it is, such as `forums.forum:3`. Minutes that were approved are only added to."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    subject = models.CharField(max_length=60)
    number = models.PositiveIntegerField(help_text="The how manieth of its subject.")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MEETING)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    title = models.CharField(max_length=160)
    venue = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sequence = models.PositiveSmallIntegerField(
        default=0, help_text="Counts its changes for calendars (RFC 5545)."
    )
    quorum_percent = models.PositiveSmallIntegerField(
        null=True, help_text="More than this share of the members must come, by the rule of its day."
    )
    others = EncryptedTextField(blank=True, help_text="Who came besides, in words; never public.")
    planned_at = models.DateTimeField()
    planned_by = models.BigIntegerField()
    changed_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True, help_text="When the attendance was written down.")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.BigIntegerField(null=True)
    cancel_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "meetings_meeting"
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="meetings_number_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meetings_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False, held_at__isnull=False),
                name="meetings_approved_when_held",
            ),
            models.CheckConstraint(
                condition=Q(state=State.HELD, held_at__isnull=False)
                | (~Q(state=State.HELD) & Q(held_at__isnull=True)),
                name="meetings_held_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["subject", "-starts_at"], name="meetings_of_subject")]

    def __str__(self) -> str:
        return f"meeting {self.number} of {self.subject}"


class AgendaItem(models.Model):
    """The first item of a forum's meeting is what earlier ones left undone (`is_follow_up`)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    is_follow_up = models.BooleanField(default=False)

    class Meta:
        db_table = "meetings_agenda_item"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="meetings_item_position_once")
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """One of the members on the day: a party's code, and whether it came. Who stood for it is kept by its room."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    party = models.CharField(max_length=40)
    actor = models.CharField(max_length=20, blank=True)
    came = models.BooleanField()

    class Meta:
        db_table = "meetings_attendance"
        constraints = [models.UniqueConstraint(fields=["meeting", "party"], name="meetings_party_once")]

    def __str__(self) -> str:
        return self.party


class Minutes(models.Model):
    """What was said on an item. The first version is written until it is approved, later ones say why they came."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="minutes")
    version = models.PositiveSmallIntegerField(default=1)
    body = models.TextField()
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField()

    class Meta:
        db_table = "meetings_minutes"
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="meetings_minutes_version_once"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="meetings_minutes_correction_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"minutes {self.item_id}.{self.version}"


class How(models.TextChoices):
    CONSENSUS = "CONSENSUS", _("Musyawarah mufakat")
    VOTE = "VOTE", _("Pemungutan suara")


class Decision(models.Model):
    """What was decided, by number within its meeting; corrected like the minutes."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    body = models.TextField()
    how = models.CharField(max_length=9, choices=How.choices)
    in_favour = models.PositiveIntegerField(null=True)
    against = models.PositiveIntegerField(null=True)
    abstain = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField()

    class Meta:
        db_table = "meetings_decision"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number", "version"], name="meetings_decision_once"),
            models.CheckConstraint(
                condition=Q(
                    how=How.CONSENSUS, in_favour__isnull=True, against__isnull=True, abstain__isnull=True
                )
                | Q(how=How.VOTE, in_favour__gt=F("against"), abstain__isnull=False),
                name="meetings_vote_has_counts",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="meetings_decision_correction_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.number} of meeting {self.meeting_id}"


class FollowUp(models.Model):
    """Who must do what until when. It belongs to the subject, not to the meeting, so no meeting can lose it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    subject = models.CharField(max_length=60)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=40, help_text="The code of an office or a partner.")
    due_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "meetings_follow_up"
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="meetings_done_by_somebody",
            )
        ]
        indexes = [
            models.Index(
                fields=["subject", "due_on"], name="meetings_undone", condition=Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class StepKind(models.TextChoices):
    CARRIED = "CARRIED", _("Dibahas lagi, belum selesai")
    MOVED = "MOVED", _("Tenggat diubah")
    DONE = "DONE", _("Dinyatakan selesai")
    REOPENED = "REOPENED", _("Dibuka kembali")


class Step(models.Model):
    """What became of a follow-up, one after another; nothing of it is overwritten."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(help_text="The due day that held when it happened.")
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField()

    class Meta:
        db_table = "meetings_step"
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "meeting"],
                condition=Q(kind=StepKind.CARRIED),
                name="meetings_carried_once_a_meeting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.follow_up_id}"
