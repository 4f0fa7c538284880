"""Whose programs may change what, which datastreams measure a feature, and values by time without a tie.

Many sensors speak at the same minute. With the id behind the time the newest hundred are the index's first hundred,
and a page that ends among equals goes on where it ended.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_council"),
        ("sensing", "0005_judgements"),
    ]

    operations = [
        migrations.AddField(
            model_name="featureofinterest",
            name="owner",
            field=models.ForeignKey(
                help_text="The office whose programs may change it; empty: the platform's own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="location",
            name="owner",
            field=models.ForeignKey(
                help_text="The office whose programs may change it; empty: the platform's own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="observedproperty",
            name="owner",
            field=models.ForeignKey(
                help_text="The office whose programs may change it; empty: the platform's own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="sensor",
            name="owner",
            field=models.ForeignKey(
                help_text="The office whose programs may change it; empty: the platform's own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.organisation",
            ),
        ),
        migrations.AddField(
            model_name="thing",
            name="owner",
            field=models.ForeignKey(
                help_text="The office whose programs may change it; empty: the platform's own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="datastream",
            name="owner",
            field=models.ForeignKey(
                help_text="The office whose programs may change it; empty: the platform's own.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.organisation",
            ),
        ),
        migrations.CreateModel(
            name="FeatureUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "feature_id",
                        "datastream_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "datastream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sensing.datastream"
                    ),
                ),
                (
                    "feature",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sensing.featureofinterest",
                    ),
                ),
            ],
            options={
                "db_table": "sensing_feature_use",
            },
        ),
        migrations.RunSQL(
            "DROP INDEX sensing_observation_time; "
            "CREATE INDEX sensing_observation_time ON sensing_observation (phenomenon_time, id)",
            "DROP INDEX sensing_observation_time; "
            "CREATE INDEX sensing_observation_time ON sensing_observation (phenomenon_time)",
        ),
    ]
