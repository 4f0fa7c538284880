"""Open311: questions of categories, who sent a report, when a report and the services changed last.

The moment at which the services changed is kept by the database itself, so that no way of changing them can forget
it. Processes of the release before go on during the upgrade: a report of theirs gets its moment from the database.
"""

import django.db.models.deletion
import django.db.models.functions
from django.conf import settings
from django.db import migrations, models


FILL = """
UPDATE reports_report AS r SET changed_at = greatest(
    submitted_at, published_at, ended_at,
    (SELECT max(occurred_at) FROM ledger_fact f
     WHERE f.subject = 'reports.report:' || r.id AND f.name = 'reports.report_state_changed'))
"""
KEPT = """
INSERT INTO reports_changeset ("only", at) VALUES (true, now());
CREATE FUNCTION reports_services_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Never the same moment twice, also within one transaction: programs keep what they read under it.
    UPDATE reports_changeset SET at = greatest(clock_timestamp(), at + interval '1 second');
    RETURN NULL;
END $$;
CREATE TRIGGER reports_category_changed AFTER INSERT OR UPDATE OR DELETE ON reports_category
    FOR EACH STATEMENT EXECUTE FUNCTION reports_services_changed();
CREATE TRIGGER reports_attribute_changed AFTER INSERT OR UPDATE OR DELETE ON reports_attribute
    FOR EACH STATEMENT EXECUTE FUNCTION reports_services_changed();
"""
NOT_KEPT = """
DROP TRIGGER reports_category_changed ON reports_category;
DROP TRIGGER reports_attribute_changed ON reports_attribute;
DROP FUNCTION reports_services_changed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_clients"),
        ("ledger", "0001_initial"),
        ("places", "0002_boundaries_and_successions"),
        ("reports", "0008_merged"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.CharField(max_length=400)),
            ],
            options={
                "db_table": "reports_answer",
            },
        ),
        migrations.CreateModel(
            name="Attribute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                (
                    "datatype",
                    models.CharField(
                        choices=[
                            ("string", "string"),
                            ("number", "number"),
                            ("datetime", "datetime"),
                            ("text", "text"),
                            ("singlevaluelist", "singlevaluelist"),
                            ("multivaluelist", "multivaluelist"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_required", models.BooleanField(default=False)),
                ("name_id", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("hint_id", models.CharField(blank=True, max_length=200)),
                ("hint_en", models.CharField(blank=True, max_length=200)),
                (
                    "values",
                    models.JSONField(
                        default=list, help_text="Of a list: key, name_id and name_en of each choice."
                    ),
                ),
                ("position", models.SmallIntegerField(default=1)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "db_table": "reports_attribute",
            },
        ),
        migrations.CreateModel(
            name="Changeset",
            fields=[
                ("only", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "reports_changeset",
            },
        ),
        migrations.CreateModel(
            name="ClientUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("external_id", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "reports_client_update",
            },
        ),
        migrations.CreateModel(
            name="Sent",
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
            ],
            options={
                "db_table": "reports_sent",
            },
        ),
        migrations.AddField(
            model_name="report",
            name="changed_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.Now(),
                help_text="When its state or its public words changed last.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(
                    ("about_conduct", False), ("is_confidential", False), ("published_at__isnull", False)
                ),
                fields=["-changed_at", "-id"],
                name="reports_changed",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.report"
            ),
        ),
        migrations.AddField(
            model_name="attribute",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.category"
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="attribute",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reports.attribute"
            ),
        ),
        migrations.AddField(
            model_name="clientupdate",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.apiclient"
            ),
        ),
        migrations.AddField(
            model_name="clientupdate",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.report"
            ),
        ),
        migrations.AddField(
            model_name="sent",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.apiclient"
            ),
        ),
        migrations.AddConstraint(
            model_name="attribute",
            constraint=models.UniqueConstraint(fields=("category", "code"), name="reports_attribute_once"),
        ),
        migrations.AddConstraint(
            model_name="attribute",
            constraint=models.UniqueConstraint(
                fields=("category", "position"), name="reports_attribute_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("report", "attribute", "value"), name="reports_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="clientupdate",
            constraint=models.UniqueConstraint(
                fields=("client", "external_id"), name="reports_client_update_once"
            ),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
