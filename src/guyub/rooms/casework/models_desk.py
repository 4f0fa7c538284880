"""What an office keeps for its own work: prepared answers, views, and what was done to many at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AnswerTemplate(models.Model):
    """Words prepared for an act, with fields that a case fills. Without an office they serve the whole city."""

    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=12, help_text="For which act: jawab, tanya, tolak, jadwalkan …")
    title = models.CharField(max_length=80)
    body = models.TextField()
    is_active = models.BooleanField(default=True)
    changed_by = models.BigIntegerField(null=True, help_text="Empty for the set that a city begins with.")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "casework_answertemplate"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "verb", "title"],
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="casework_template_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


class SavedView(models.Model):
    """A list with its filters, kept under a name: a person's own, or shared with the office that they head."""

    class List(models.TextChoices):
        INBOX = "masuk"
        ALL = "semua"

    account = models.BigIntegerField()
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=40)
    list = models.CharField(max_length=8, choices=List.choices)
    query = models.CharField(max_length=200, help_text="The filters as the address says them.")
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "casework_savedview"
        indexes = [
            models.Index(fields=["office"], name="casework_view_shared", condition=Q(office__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="casework_view_once"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(is_default=True), name="casework_one_default_view"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """One act that an officer did to many cases; its id was given to the form, so that it counts once."""

    uuid = models.UUIDField(unique=True)
    verb = models.CharField(max_length=12)
    account = models.BigIntegerField()
    started_at = models.DateTimeField()

    class Meta:
        db_table = "casework_batch"

    def __str__(self) -> str:
        return f"{self.verb} {self.uuid}"


class BatchItem(models.Model):
    """What a batch did to a case. `before` is the case as it was, for putting it back."""

    class Outcome(models.TextChoices):
        DONE = "DONE"
        CHANGED = "CHANGED"
        REFUSED = "REFUSED"
        UNDONE = "UNDONE"
        MOVED_ON = "MOVED_ON"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    before = models.TextField(blank=True)
    left_at = models.DateTimeField(
        null=True, help_text="The case's moment after the act: the same if nobody acted since."
    )

    class Meta:
        db_table = "casework_batchitem"
        constraints = [models.UniqueConstraint(fields=["batch", "case"], name="casework_once_a_batch")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.outcome}"
