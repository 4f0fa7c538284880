"""What Open311 needs beside a report: questions of a category with their answers, and which program sent it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Attribute(models.Model):
    """A question that is asked for a category, in one version. Words in both languages are data of the city."""

    class Datatype(models.TextChoices):
        """The specification's own words."""

        STRING = "string", "string"
        NUMBER = "number", "number"
        DATETIME = "datetime", "datetime"
        TEXT = "text", "text"
        ONE = "singlevaluelist", "singlevaluelist"
        SEVERAL = "multivaluelist", "multivaluelist"

    category = models.ForeignKey("reports.Category", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    datatype = models.CharField(max_length=16, choices=Datatype.choices)
    is_required = models.BooleanField(default=False)
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    hint_id = models.CharField(max_length=200, blank=True)
    hint_en = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=list, help_text="Of a list: key, name_id and name_en of each choice.")
    position = models.SmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    is_public = models.BooleanField(default=False, help_text="Strangers read what was chosen; of lists only.")
    version = models.SmallIntegerField(default=1)
    made_at = models.DateTimeField(null=True)
    made_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(
        null=True, help_text="Then another version, or nothing, was asked instead."
    )

    class Meta:
        db_table = "reports_attribute"
        constraints = [
            models.UniqueConstraint(fields=["category", "code", "version"], name="reports_attribute_version"),
            models.UniqueConstraint(
                fields=["category", "code"], condition=Q(is_active=True), name="reports_attribute_once"
            ),
            models.UniqueConstraint(
                fields=["category", "position"], condition=Q(is_active=True), name="reports_attribute_order"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Answer(models.Model):
    """What a report answers to a question; a row for each of several choices.

    What a program sent stands in the words of the report, too; what the form asked stands here alone.
    """

    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="+")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=400)

    class Meta:
        db_table = "reports_answer"
        constraints = [
            models.UniqueConstraint(fields=["report", "attribute", "value"], name="reports_answer_once")
        ]

    def __str__(self) -> str:
        return f"answer of {self.report_id}"


class Sent(models.Model):
    """The program that sent a report."""

    report = models.OneToOneField(
        "reports.Report", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    client = models.ForeignKey("people.ApiClient", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "reports_sent"

    def __str__(self) -> str:
        return f"report {self.report_id} by client {self.client_id}"


class ClientUpdate(models.Model):
    """What a program said of a report later, by its own number: said again it is done once."""

    client = models.ForeignKey("people.ApiClient", on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=80)
    report = models.ForeignKey("reports.Report", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_client_update"
        constraints = [
            models.UniqueConstraint(fields=["client", "external_id"], name="reports_client_update_once")
        ]

    def __str__(self) -> str:
        return self.external_id


class Changeset(models.Model):
    """When categories or their questions changed last: one row, which the database itself keeps."""

    only = models.BooleanField(primary_key=True, default=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_changeset"

    def __str__(self) -> str:
        return self.at.isoformat()
