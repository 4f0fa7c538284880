"""The rows that figures are counted from, and the rules they go by."""

import json
from datetime import date
from importlib import resources

from django.db import migrations, models
from django.utils import timezone


def add_rules(apps, schema_editor):
    """A city that is there already gets the rules of its figures with them."""
    text = resources.files("guyub.kernel.rulebook").joinpath("seeds", "performance.json").read_text("utf-8")
    rows = apps.get_model("rulebook", "Rule").objects.using(schema_editor.connection.alias)
    for entry in json.loads(text):
        rows.get_or_create(
            key=f"performance.{entry['key']}",
            effective_from=date.fromisoformat(entry["effective_from"]),
            defaults={
                "value": entry["value"],
                "legal_basis": entry["legal_basis"],
                "confidence": entry["confidence"],
                "added_at": timezone.now(),
            },
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = [("rulebook", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case", models.BigIntegerField()),
                ("office", models.BigIntegerField()),
                (
                    "is_held",
                    models.BooleanField(
                        help_text="The office has the case now; so it is one row of each case."
                    ),
                ),
                ("report", models.BigIntegerField()),
                ("is_shown", models.BooleanField(help_text="Verified: everyone may read the report.")),
                ("place_code", models.CharField(max_length=13)),
                ("category", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=20)),
                ("received_on", models.DateField()),
                (
                    "until_on",
                    models.DateField(
                        help_text="The day of the finished work, or of an end without any. Empty while it runs.",
                        null=True,
                    ),
                ),
                ("paused_days", models.SmallIntegerField(help_text="Working days of pauses that are over.")),
                (
                    "paused_on",
                    models.DateField(help_text="The day since which the clock stands still.", null=True),
                ),
                ("was_reopened", models.BooleanField(help_text="The reporter said: belum selesai.")),
                ("late_from", models.DateTimeField(help_text="The moment from which it is late.", null=True)),
            ],
            options={
                "db_table": "performance_duty",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_held", True)),
                        fields=["received_on"],
                        include=("state", "is_held", "until_on", "paused_days", "paused_on", "was_reopened"),
                        name="performance_city",
                    ),
                    models.Index(
                        fields=["office", "received_on"],
                        include=("state", "is_held", "until_on", "paused_days", "paused_on", "was_reopened"),
                        name="performance_office",
                    ),
                    models.Index(
                        condition=models.Q(("is_held", True)),
                        fields=["place_code", "received_on"],
                        include=("state", "is_held", "until_on", "paused_days", "paused_on", "was_reopened"),
                        name="performance_place",
                    ),
                    models.Index(
                        condition=models.Q(("is_held", True)),
                        fields=["category", "received_on"],
                        include=("state", "is_held", "until_on", "paused_days", "paused_on", "was_reopened"),
                        name="performance_category",
                    ),
                    models.Index(
                        condition=models.Q(("until_on", None)),
                        fields=["office"],
                        include=("state", "late_from", "is_held"),
                        name="performance_office_now",
                    ),
                    models.Index(
                        condition=models.Q(("is_held", True), ("until_on", None)),
                        fields=["place_code"],
                        include=("state", "late_from"),
                        name="performance_place_now",
                    ),
                    models.Index(
                        condition=models.Q(("is_held", True), ("until_on", None)),
                        fields=["category"],
                        include=("state", "late_from"),
                        name="performance_category_now",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "office"), name="performance_duty_once")
                ],
            },
        ),
        migrations.RunPython(add_rules, migrations.RunPython.noop),
    ]
