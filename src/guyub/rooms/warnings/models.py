"""A warning as a chain of messages, the words of each, who was asked to approve, and what came of it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from guyub.rooms.warnings.rules import PENDING, Kind, Mode, State, number_of

_LEVELS = ["WASPADA", "SIAGA", "AWAS"]
_PENDING = [state.value for state in PENDING]


class Chain(models.Model):
    """One warning from its first draft to its end: an alert, its updates, perhaps its cancellation."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    year = models.SmallIntegerField(help_text="The year of its number, by the city's calendar.")
    source = models.CharField(max_length=120, help_text="What led to it: the subject of a forecast or rule.")
    hazard = models.CharField(max_length=20, help_text="Code of the rulebook's warning_hazards.")
    mode = models.CharField(max_length=8, default=Mode.ACTUAL.value)
    tell_public = models.BooleanField(
        default=True, help_text="Whether followers are told; an exercise only if somebody chose so."
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warnings_chain"
        constraints = [
            # Two programs that see the same thing at the same moment open one warning.
            models.UniqueConstraint(
                fields=["source"], condition=Q(closed_at__isnull=True), name="warnings_one_open_of_source"
            ),
            models.CheckConstraint(condition=Q(mode__in=["ACTUAL", "EXERCISE"]), name="warnings_mode_known"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people say it and as its page is found."""
        return number_of(self.year, self.pk)

    @property
    def subject(self) -> str:
        """As the ledger and other rooms name it."""
        return f"warnings.warning:{self.pk}"

    @property
    def is_exercise(self) -> bool:
        return self.mode == Mode.EXERCISE


class Message(models.Model):
    """One message of a warning: what it says of level, area and time, and how far it came."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="messages")
    serial = models.PositiveSmallIntegerField(help_text="1 is the alert.")
    kind = models.CharField(max_length=6, default=Kind.ALERT.value)
    state = models.CharField(max_length=10, default=State.DRAFT.value)
    level = models.CharField(max_length=7)
    areas = ArrayField(models.CharField(max_length=13), help_text="Codes of kelurahan and desa.")
    onset = models.DateTimeField()
    expires = models.DateTimeField()
    facts = models.JSONField(default=dict, help_text="What it rests on, as plain values.")
    probability = models.FloatField(null=True, help_text="Internal, unless BMKG has agreed to more.")
    is_observed = models.BooleanField(default=False, help_text="Seen to happen, not forecast.")
    author = models.BigIntegerField(null=True, help_text="Null: a program.")
    drafted_at = models.DateTimeField()
    touched_by = models.BigIntegerField(null=True, help_text="Who last changed it by hand.")
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.BigIntegerField(null=True)
    alone = models.BooleanField(default=False, help_text="Issued by one person; a review is owed.")
    text_version = models.PositiveSmallIntegerField(default=1)
    cap = models.TextField(blank=True, help_text="The CAP document as it was issued; it never changes.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warnings_message"
        constraints = [
            models.UniqueConstraint(fields=["chain", "serial"], name="warnings_serial_once"),
            models.UniqueConstraint(
                fields=["chain"], condition=Q(state__in=_PENDING), name="warnings_one_pending"
            ),
            models.UniqueConstraint(
                fields=["chain"], condition=Q(state="ISSUED"), name="warnings_one_in_force"
            ),
            models.CheckConstraint(condition=Q(level__in=_LEVELS), name="warnings_level_known"),
            models.CheckConstraint(condition=Q(expires__gt=F("onset")), name="warnings_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(areas__len__gt=0), name="warnings_somewhere"),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_by__isnull=True)
                | Q(issued_at__isnull=False, issued_by__isnull=False),
                name="warnings_issued_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ISSUED", "SUPERSEDED", "CANCELLED"]) | Q(issued_at__isnull=False),
                name="warnings_in_force_was_issued",
            ),
            # Who wrote it does not approve it; alone only at an observed AWAS.
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True)
                | Q(alone=True, level="AWAS", is_observed=True)
                | (
                    Q(alone=False)
                    & (Q(author__isnull=True) | ~Q(issued_by=F("author")))
                    & (Q(touched_by__isnull=True) | ~Q(issued_by=F("touched_by")))
                    & ~Q(issued_by=F("asked_by"))
                ),
                name="warnings_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["expires"], name="warnings_to_expire", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["-issued_at"], name="warnings_issued", condition=Q(issued_at__isnull=False)),
            GinIndex(fields=["areas"], name="warnings_areas", condition=Q(state="ISSUED")),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}.{self.serial}"


class Text(models.Model):
    """The words of a message for one channel in one language. Versions stay: who said what is part of the record."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="texts")
    version = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8)
    language = models.CharField(max_length=2)
    body = models.TextField()
    by = models.BigIntegerField(null=True, help_text="Null: made from the rulebook's template.")
    at = models.DateTimeField()

    class Meta:
        db_table = "warnings_text"
        constraints = [
            models.UniqueConstraint(
                fields=["message", "version", "channel", "language"], name="warnings_text_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel}/{self.language} of {self.message_id}"


class Approver(models.Model):
    """A place on the roster: who is asked as how manieth, and in which hours of the city's day."""

    position = models.PositiveSmallIntegerField()
    account = models.BigIntegerField()
    from_hour = models.PositiveSmallIntegerField(default=0)
    until_hour = models.PositiveSmallIntegerField(
        default=24, help_text="Exclusive; before from_hour it is of the next day."
    )
    added_at = models.DateTimeField()
    added_by = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "warnings_approver"
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(removed_at__isnull=True), name="warnings_approver_once"
            ),
            models.CheckConstraint(
                condition=Q(from_hour__lte=23, until_hour__lte=24) & ~Q(from_hour=F("until_hour")),
                name="warnings_approver_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"approver {self.pk}"


class Ask(models.Model):
    """One person was asked to approve one version of one message. Their link is signed and not stored."""

    class Answer(models.TextChoices):
        OPEN = ""
        APPROVED = "APPROVED"
        SENT_BACK = "SENT_BACK"
        LAPSED = "LAPSED"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="asks")
    text_version = models.PositiveSmallIntegerField()
    account = models.BigIntegerField()
    position = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer.choices, default=Answer.OPEN, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warnings_ask"
        constraints = [
            models.UniqueConstraint(
                fields=["message", "account"], condition=Q(answer=""), name="warnings_asked_once"
            ),
            models.UniqueConstraint(
                fields=["message"], condition=Q(answer="APPROVED"), name="warnings_approved_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="warnings_answered_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class Note(models.Model):
    """Why something was decided: the words beside the ledger's fact."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=12)
    words = models.TextField()
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "warnings_note"

    def __str__(self) -> str:
        return f"note {self.pk}"


class Review(models.Model):
    """What one person sent alone is looked at by another within a day; that it is late is a fact of its own."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="review")
    due_at = models.DateTimeField()
    late_at = models.DateTimeField(null=True, help_text="When it was noted that the review is late.")
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)
    was_right = models.BooleanField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        db_table = "warnings_review"
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, was_right__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False, was_right__isnull=False),
                name="warnings_reviewed_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="warnings_review_due", condition=Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"review of {self.message_id}"


class Score(models.Model):
    """What came of a warning, or an event that nobody warned of. The newest counts; earlier ones stay."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, null=True, related_name="scores")
    event = models.CharField(max_length=120, help_text="Subject of what happened; of a warning its own.")
    hazard = models.CharField(max_length=20)
    level = models.CharField(max_length=7)
    areas = ArrayField(models.CharField(max_length=13), default=list)
    happened_on = models.DateField(help_text="The city's day that was warned of, or of the event.")
    outcome = models.CharField(max_length=11)
    evidence = models.JSONField(default=dict, help_text="Plain values: peaks, thresholds, counts of reports.")
    words = models.TextField(blank=True)
    is_exercise = models.BooleanField(default=False)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "warnings_score"
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(replaced_at__isnull=True), name="warnings_one_score"
            ),
            models.CheckConstraint(
                condition=Q(outcome="MISS", chain__isnull=True)
                | (~Q(outcome="MISS") & Q(chain__isnull=False)),
                name="warnings_miss_without_warning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} of {self.event}"


class Bulletin(models.Model):
    """What BMKG said, as it came, and what was read of it. One row for each address."""

    kind = models.CharField(max_length=10, help_text="FORECAST, FEED, NOWCAST or QUAKE.")
    address = models.CharField(max_length=300, unique=True)
    place_code = models.CharField(max_length=13, blank=True)
    raw = models.BinaryField(null=True)
    read = models.JSONField(null=True, help_text="What the parser understood; null if nothing.")
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(null=True, help_text="When it was last asked for.")
    fetched_at = models.DateTimeField(null=True, help_text="When it last came anew.")
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "warnings_bulletin"
        indexes = [models.Index(fields=["kind", "asked_at"], name="warnings_to_fetch")]

    def __str__(self) -> str:
        return self.address
