"""The first page behind a number is read newest first, and not sorted out of all that it counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("performance", "0001_duties")]
    operations = [
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("is_held", True), ("is_shown", True)),
                fields=["-report", "-case"],
                include=("state", "received_on"),
                name="performance_newest",
            ),
        ),
    ]
