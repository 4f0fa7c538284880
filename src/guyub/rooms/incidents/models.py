"""An incident: what it rests on, who leads, what must be done, what was written, counted, given out and decreed.

Offices and partners are held by their codes (`kernel.parties`), accounts by their ids. Of people in shelters there are
numbers only, never names.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from guyub.rooms.incidents.rules import LIVE, Mode, Post, State, StepState, TaskState, number_of

_LEVELS = ["WASPADA", "SIAGA", "AWAS"]
_LIVE = [state.value for state in LIVE]
GONE = "–"
"""What stands where words were whose time is over: a line stays a line. The database knows it too."""


class Incident(models.Model):
    """Something that people answer together, in earnest or as an exercise."""

    year = models.SmallIntegerField(help_text="The year of its number, by the city's calendar.")
    kind = models.CharField(max_length=20, help_text="Code of the rulebook's incident_kinds.")
    title = models.CharField(max_length=120)
    places = ArrayField(models.CharField(max_length=13), help_text="Codes of kecamatan, kelurahan and desa.")
    level = models.CharField(max_length=7, help_text="The highest level for which steps were laid out.")
    mode = models.CharField(max_length=8, default=Mode.ACTUAL.value)
    state = models.CharField(max_length=9, default=State.OPEN.value)
    is_public = models.BooleanField(default=False)
    public_words = models.TextField(blank=True, help_text="What everyone reads of it.")
    contact = models.CharField(max_length=200, blank=True)
    token = models.UUIDField(unique=True, default=uuid.uuid4, help_text="The same form sent twice is one.")
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    contained_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(
        null=True, help_text="When words were taken out, their time being over."
    )

    class Meta:
        db_table = "incidents_incident"
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=["ACTUAL", "LATIHAN"]), name="incidents_mode_known"),
            models.CheckConstraint(condition=Q(level__in=_LEVELS), name="incidents_level_known"),
            models.CheckConstraint(condition=Q(places__len__gt=0), name="incidents_somewhere"),
            models.CheckConstraint(
                condition=Q(state__in=_LIVE, closed_at__isnull=True)
                | Q(state="CLOSED", closed_at__isnull=False),
                name="incidents_closed_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at"], name="incidents_live", condition=Q(closed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return number_of(self.year, self.pk)

    @property
    def subject(self) -> str:
        """As the ledger and other rooms name it."""
        return f"incidents.incident:{self.pk}"

    @property
    def is_exercise(self) -> bool:
        return self.mode == Mode.EXERCISE

    @property
    def is_live(self) -> bool:
        return self.closed_at is None

    @property
    def is_forgotten(self) -> bool:
        """Whether its words are out; what is written after it was opened again is not."""
        return (
            self.forgotten_at is not None
            and self.closed_at is not None
            and self.forgotten_at >= self.closed_at
        )


class Source(models.Model):
    """What an incident rests on, as the ledger names it: a warning, a case, a cluster of reports on a flood."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="sources")
    subject = models.CharField(max_length=120)
    is_open = models.BooleanField(
        default=True, help_text="While its incident goes on, no other is opened of it."
    )

    class Meta:
        db_table = "incidents_source"
        constraints = [
            models.UniqueConstraint(fields=["incident", "subject"], name="incidents_source_once"),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(is_open=True), name="incidents_one_open_of_source"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Proposal(models.Model):
    """A warning was issued at a level: shall an incident be opened, or its steps of that level laid out?"""

    warning = models.BigIntegerField()
    number = models.CharField(max_length=20, help_text="The warning's own number.")
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=7)
    mode = models.CharField(max_length=8)
    places = ArrayField(models.CharField(max_length=13))
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, help_text="Why nothing was opened.")

    class Meta:
        db_table = "incidents_proposal"
        constraints = [
            models.UniqueConstraint(fields=["warning", "level"], name="incidents_proposed_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, incident__isnull=True) | Q(decided_at__isnull=False),
                name="incidents_decided_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], name="incidents_undecided", condition=Q(decided_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def subject(self) -> str:
        return f"incidents.proposal:{self.pk}"


class Holder(models.Model):
    """Who holds a post, from when until when."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="holders")
    post = models.CharField(max_length=10, choices=[(post.value, post.value) for post in Post])
    account = models.BigIntegerField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "incidents_holder"
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "post"],
                condition=Q(until_at__isnull=True),
                name="incidents_post_held_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} of {self.incident_id}"


class HandOver(models.Model):
    """The outgoing holder writes, the incoming accepts; what was open and unread then is kept with it."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="hand_overs")
    post = models.CharField(max_length=10)
    outgoing = models.BigIntegerField()
    incoming = models.BigIntegerField()
    words = models.TextField()
    written_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    open_tasks = ArrayField(models.BigIntegerField(), default=list)
    unread = ArrayField(models.BigIntegerField(), default=list, help_text="Facts of the log, oldest first.")

    class Meta:
        db_table = "incidents_hand_over"
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "post"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="incidents_one_hand_over",
            ),
            models.CheckConstraint(condition=~Q(outgoing=F("incoming")), name="incidents_two_people"),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class ReadMark(models.Model):
    """Up to which fact a person has read an incident's log."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    account = models.BigIntegerField()
    fact = models.BigIntegerField()

    class Meta:
        db_table = "incidents_read_mark"
        constraints = [models.UniqueConstraint(fields=["incident", "account"], name="incidents_mark_once")]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class Line(models.Model):
    """Words of the log. Only ever added: a correction is a line of its own. The database holds that, until their time is over."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="lines")
    words = models.TextField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField(help_text="When it happened; written is when it was put down.")
    at = models.DateTimeField()
    by = models.BigIntegerField()
    token = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        db_table = "incidents_line"

    def __str__(self) -> str:
        return f"line {self.pk}"


class Task(models.Model):
    """What an office or a partner shall do until a moment, and how it shows that it was done."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks")
    party = models.CharField(max_length=40)
    what = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, default=TaskState.OPEN.value)
    proof = models.TextField(blank=True)
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "incidents_task"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_at__isnull=True)
                | (~Q(state="OPEN") & Q(ended_at__isnull=False)),
                name="incidents_task_ends_at_a_moment",
            ),
            models.CheckConstraint(condition=~Q(state="DONE", proof=""), name="incidents_done_with_proof"),
        ]
        indexes = [models.Index(fields=["party"], name="incidents_tasks_of", condition=Q(state="OPEN"))]

    def __str__(self) -> str:
        return f"task {self.pk}"

    @property
    def photos(self) -> str:
        """The subject of the photos that prove it."""
        return f"incidents.task:{self.pk}"


class Assessment(models.Model):
    """A version of the quick assessment: what was counted by when and by whom. What is not in it is not known."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="assessments")
    version = models.PositiveSmallIntegerField()
    counted_at = models.DateTimeField()
    source = models.CharField(max_length=160)
    figures = models.JSONField(
        default=dict, help_text="Whole numbers by code of the rulebook's incident_figures."
    )
    unknown = models.TextField(blank=True, help_text="What nobody knows yet.")
    at = models.DateTimeField()
    by = models.BigIntegerField()

    class Meta:
        db_table = "incidents_assessment"
        constraints = [models.UniqueConstraint(fields=["incident", "version"], name="incidents_version_once")]

    def __str__(self) -> str:
        return f"assessment {self.incident_id}.{self.version}"


class Shelter(models.Model):
    """A place where people stay while they cannot be at home."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="shelters")
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=13)
    address = models.CharField(max_length=200)
    capacity = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "incidents_shelter"
        constraints = [
            models.UniqueConstraint(fields=["incident", "name"], name="incidents_shelter_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Count(models.Model):
    """Who was in a shelter at a moment, as numbers. The newest counts, the earlier ones stay."""

    shelter = models.ForeignKey(Shelter, on_delete=models.CASCADE, related_name="counts")
    counted_at = models.DateTimeField()
    families = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    babies = models.PositiveIntegerField(default=0)
    toddlers = models.PositiveIntegerField(default=0)
    pregnant = models.PositiveIntegerField(default=0, help_text="Pregnant or nursing.")
    elderly = models.PositiveIntegerField(default=0)
    disabled = models.PositiveIntegerField(default=0)
    needs = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField()

    class Meta:
        db_table = "incidents_count"
        indexes = [models.Index(fields=["shelter", "-counted_at"], name="incidents_newest_count")]
        constraints = [
            models.CheckConstraint(
                condition=Q(families__lte=F("people"))
                & Q(babies__lte=F("people"))
                & Q(toddlers__lte=F("people"))
                & Q(pregnant__lte=F("people"))
                & Q(elderly__lte=F("people"))
                & Q(disabled__lte=F("people")),
                name="incidents_groups_are_among_people",
            )
        ]

    def __str__(self) -> str:
        return f"count {self.pk}"


class Item(models.Model):
    """A good with its unit: how much is there and how much is needed in all."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="items")
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=20)
    stock = models.IntegerField(default=0)
    needed = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "incidents_item"
        constraints = [
            models.UniqueConstraint(fields=["incident", "name", "unit"], name="incidents_item_once"),
            models.CheckConstraint(condition=Q(stock__gte=0), name="incidents_stock_not_below_zero"),
        ]

    def __str__(self) -> str:
        return self.name


class Movement(models.Model):
    """What came in or went out; below zero is out. Lines stay, a mistake is moved back by another."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="movements")
    amount = models.IntegerField()
    words = models.CharField(max_length=200, help_text="From whom, or to where.")
    at = models.DateTimeField()
    by = models.BigIntegerField()
    token = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        db_table = "incidents_movement"
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="incidents_moves_something")]

    def __str__(self) -> str:
        return f"movement {self.pk}"


class Decree(models.Model):
    """The emergency status of the law by its decree. It unlocks money and says nothing of the water."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="decrees")
    status = models.CharField(max_length=15)
    number = models.CharField(max_length=80)
    signed_on = models.DateField()
    first = models.DateField()
    last = models.DateField(help_text="Inclusive.")
    is_extension = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.BigIntegerField()

    class Meta:
        db_table = "incidents_decree"
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="incidents_decree_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="incidents_decree_lasts"),
        ]

    def __str__(self) -> str:
        return self.number


class SituationReport(models.Model):
    """A numbered report: what was known at a moment. Its content never changes; the ledger has its digest."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="reports")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    known_at = models.DateTimeField()
    by = models.BigIntegerField()

    class Meta:
        db_table = "incidents_situation_report"
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="incidents_report_once")]

    def __str__(self) -> str:
        return f"report {self.incident_id}.{self.number}"


class OwnStep(models.Model):
    """A step that the city added to the playbook of a kind."""

    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=7)
    step = models.CharField(max_length=10)
    what = models.CharField(max_length=200)
    party = models.CharField(max_length=40, blank=True)
    template = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "incidents_own_step"

    def __str__(self) -> str:
        return f"own step {self.pk}"


class RunStep(models.Model):
    """A step of a playbook as it was laid out for an incident: done, or skipped with a reason."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="steps")
    code = models.CharField(max_length=60)
    level = models.CharField(max_length=7)
    step = models.CharField(max_length=10)
    what = models.CharField(max_length=200)
    party = models.CharField(max_length=40, blank=True)
    theme = models.CharField(max_length=40, blank=True)
    template = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, default=StepState.OPEN.value)
    reason = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, related_name="+")
    initiative = models.BigIntegerField(null=True)

    class Meta:
        db_table = "incidents_run_step"
        constraints = [
            models.UniqueConstraint(fields=["incident", "code"], name="incidents_step_once"),
            models.CheckConstraint(
                condition=~Q(state="SKIPPED", reason=""), name="incidents_skipped_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.pk}"
