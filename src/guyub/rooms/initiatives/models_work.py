"""What is done: tasks with their proof, and the cases that an initiative answers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from guyub.rooms.initiatives.rules import Joined
from guyub.rooms.initiatives.rules import Task as Stage

_SOMEBODY = {"on_delete": models.SET_NULL, "null": True, "related_name": "+"}


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]  # type: ignore[attr-defined]


class Task(models.Model):
    """Something to be done by a day, by a partner or an office; proved, and found done by somebody else."""

    initiative = models.ForeignKey("Initiative", on_delete=models.CASCADE, related_name="+")
    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    position = models.SmallIntegerField(default=0)
    title = models.CharField(max_length=160)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=_choices(Stage), default=Stage.TODO)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    verified_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_task"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=True) | Q(office__isnull=True), name="initiatives_task_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(state="VERIFIED", verified_at__isnull=False)
                | (~Q(state="VERIFIED") & Q(verified_at__isnull=True)),
                name="initiatives_task_verified_at",
            ),
        ]
        indexes = [models.Index(fields=["initiative", "position"], name="initiatives_tasks")]

    def __str__(self) -> str:
        return f"task {self.pk}"


class Proof(models.Model):
    """Proof of a finished task or of something brought, and what the computer found about its photos.

    A task's photos lie under `initiatives.proof:<id>`, those of a delivery under the delivery's own subject.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, related_name="+")
    delivery = models.OneToOneField("Delivery", on_delete=models.CASCADE, null=True, related_name="+")
    words = models.TextField(blank=True)
    public_words = models.TextField(blank=True, help_text="As everyone may read them: masked.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()
    flagged = models.BooleanField(
        null=True, help_text="Whether a finding asks a person to look; none until it was checked."
    )
    findings = models.JSONField(default=list, help_text="Codes with numbers; sentences are made when shown.")
    sent_back = models.TextField(blank=True, help_text="Why it was not enough.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_proof"
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, delivery__isnull=True)
                | Q(task__isnull=True, delivery__isnull=False),
                name="initiatives_proof_of_one_thing",
            )
        ]
        indexes = [
            models.Index(fields=["task"], name="initiatives_proofs"),
            models.Index(fields=["id"], name="initiatives_proof_unseen", condition=Q(flagged__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"proof {self.pk}"

    @property
    def subject(self) -> str:
        """Where its photos lie."""
        return (
            f"initiatives.delivery:{self.delivery_id}" if self.delivery_id else f"initiatives.proof:{self.pk}"
        )


class JoinedCase(models.Model):
    """A case that an office answered by joining it: it waits for a task, and is completed with the task's proof."""

    initiative = models.ForeignKey("Initiative", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=_choices(Joined), default=Joined.JOINED)
    joined_by = models.BigIntegerField()
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_joinedcase"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="JOINED"), name="initiatives_case_joined_once"
            ),
            models.CheckConstraint(
                condition=Q(state="JOINED", ended_at__isnull=True)
                | (~Q(state="JOINED") & Q(ended_at__isnull=False)),
                name="initiatives_case_ended_at",
            ),
        ]
        indexes = [
            models.Index(fields=["task", "state"], name="initiatives_cases_of_task"),
            models.Index(fields=["initiative", "state"], name="initiatives_cases"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id}"
