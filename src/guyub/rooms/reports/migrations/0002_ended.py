from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                fields=["state", "-ended_at"],
                name="reports_ended",
                condition=models.Q(("ended_at__isnull", False)),
            ),
        ),
    ]
