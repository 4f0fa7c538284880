"""What is masked of a report, what is asked about personal data; and what was published before is masked now.

The words that stand in place of what is masked ("[nomor telepon disamarkan]") are left out of the public search, or
whoever looks for telephones would find them.
"""

import django.db.models.deletion
import guyub.kernel.cities.fields
from django.db import migrations, models

from guyub.kernel import masking

CREATE = r"""
DROP INDEX reports_public_words;
ALTER TABLE reports_report DROP COLUMN public_words;
ALTER TABLE reports_report ADD COLUMN public_words tsvector GENERATED ALWAYS AS (
    CASE WHEN published_at IS NOT NULL AND NOT is_confidential AND NOT about_conduct
    THEN reports_lexemes(regexp_replace(
        public_body || ' ' || public_landmark, '\[[^][]*disamarkan\]', ' ', 'g')) END) STORED;
CREATE INDEX reports_public_words ON reports_report USING gin (public_words) WHERE public_words IS NOT NULL;
"""
DROP = """
DROP INDEX reports_public_words;
ALTER TABLE reports_report DROP COLUMN public_words;
ALTER TABLE reports_report ADD COLUMN public_words tsvector GENERATED ALWAYS AS (
    CASE WHEN published_at IS NOT NULL AND NOT is_confidential AND NOT about_conduct
    THEN reports_lexemes(public_body || ' ' || public_landmark) END) STORED;
CREATE INDEX reports_public_words ON reports_report USING gin (public_words) WHERE public_words IS NOT NULL;
"""


def mask_what_is_published(apps, schema_editor):
    """Only rows that hold a digit or an address: the others cannot change."""
    report = apps.get_model("reports", "Report")
    rows = report.objects.using(schema_editor.connection.alias).filter(published_at__isnull=False)
    rows = rows.filter(models.Q(public_body__regex="[0-9@]") | models.Q(public_landmark__regex="[0-9@]"))
    changed = []
    for row in rows.only("public_body", "public_landmark", "body", "landmark").iterator(chunk_size=1000):
        body, landmark = masking.mask(row.public_body), masking.mask(row.public_landmark)[:160]
        if (body, landmark) != (row.public_body, row.public_landmark):
            row.edited_body = None if row.public_body == row.body else row.public_body
            row.edited_landmark = None if row.public_landmark == row.landmark else row.public_landmark
            row.public_body, row.public_landmark = body, landmark
            changed.append(row)
    fields = ["public_body", "public_landmark", "edited_body", "edited_landmark"]
    report.objects.using(schema_editor.connection.alias).bulk_update(changed, fields, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0009_open311"),
    ]

    operations = [
        migrations.CreateModel(
            name="Masking",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="reports.report",
                    ),
                ),
                (
                    "choices",
                    guyub.kernel.cities.fields.EncryptedTextField(
                        help_text="JSON: shown, hidden. It repeats what is hidden, so encrypted."
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "reports_masking",
            },
        ),
        migrations.AddField(
            model_name="report",
            name="edited_body",
            field=models.TextField(
                help_text="What the officer let stand, before it was masked; empty where the reporter's own.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="edited_landmark",
            field=models.CharField(max_length=160, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="hidden_at",
            field=models.DateTimeField(
                help_text="Hidden from everyone by its reporter, for good.", null=True
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="person_erased_at",
            field=models.DateTimeField(help_text="Who reported was erased on request.", null=True),
        ),
        migrations.AlterField(
            model_name="report",
            name="public_body",
            field=models.TextField(
                blank=True, help_text="The words that everyone may read, once verified: masked."
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="public_landmark",
            field=models.CharField(blank=True, help_text="As everyone may read it: masked.", max_length=160),
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("WITHDRAW", "Menarik laporan"),
                            ("ERASE", "Menghapus kata dan foto"),
                            ("OTHER", "Lainnya"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "words",
                    guyub.kernel.cities.fields.EncryptedTextField(
                        blank=True, help_text="Why, in the reporter's words."
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        blank=True, choices=[("GRANTED", "Dikabulkan"), ("REFUSED", "Ditolak")], max_length=8
                    ),
                ),
                (
                    "reason",
                    guyub.kernel.cities.fields.EncryptedTextField(
                        blank=True, help_text="What the reporter is told."
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                (
                    "is_forgotten",
                    models.BooleanField(default=False, help_text="Its words were kept long enough."),
                ),
                ("office", models.BigIntegerField(help_text="In whose name it was decided.", null=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.report"
                    ),
                ),
            ],
            options={
                "db_table": "reports_datarequest",
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=["due_at"],
                        name="reports_datarequest_open",
                    ),
                    models.Index(fields=["report"], name="reports_datarequest_report"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("report", "kind"),
                        name="reports_datarequest_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "")),
                            models.Q(
                                models.Q(("decision", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reports_datarequest_decided_by_someone",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunPython(mask_what_is_published, migrations.RunPython.noop, elidable=True),
    ]
