"""What the map is drawn from: counts by cell (a projection), and the newest of each cell by an index.

In a city that has reports already the pump fills the counts before it goes on.
"""

from django.db import migrations, models

# An H3 cell's parent: the resolution stands in bits 52 to 55, and each finer step's three bits are all ones.
SHOWN = """
CREATE FUNCTION reports_cell_8(cell bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (cell & ~(15::bigint << 52)) | (8::bigint << 52) | ((1::bigint << 21) - 1)
$$;
CREATE INDEX reports_shown ON reports_report (reports_cell_8(h3_9), submitted_at DESC, id DESC)
    INCLUDE (h3_9, lat, lon)
    WHERE published_at IS NOT NULL AND NOT is_confidential AND NOT about_conduct AND h3_9 IS NOT NULL
    AND state IN ('RECEIVED', 'FORWARDED', 'IN_PROGRESS', 'WAITING_REPORTER', 'SCHEDULED', 'EXTERNAL', 'WORK_DONE');
"""
NOT_SHOWN = "DROP INDEX reports_shown; DROP FUNCTION reports_cell_8(bigint);"


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_words_to_search")]
    operations = [
        migrations.CreateModel(
            name="MapCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("resolution", models.SmallIntegerField()),
                ("cell", models.BigIntegerField()),
                ("lat", models.FloatField(help_text="The cell's middle, WGS 84.")),
                ("lon", models.FloatField()),
                ("open", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "reports_mapcell",
                "indexes": [models.Index(fields=["resolution", "lat", "lon"], name="reports_mapcell_box")],
                "constraints": [
                    models.UniqueConstraint(fields=("resolution", "cell"), name="reports_mapcell_once")
                ],
            },
        ),
        migrations.RunSQL(SHOWN, NOT_SHOWN),
    ]
