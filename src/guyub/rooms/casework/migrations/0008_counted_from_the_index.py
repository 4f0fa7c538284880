"""The numbers above an inbox are counted from its index alone: an agency of a large city has ten thousand open cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_external_bodies")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="casework_inbox"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["office", "due_at", "id"],
                include=("state", "is_hazard", "is_restricted"),
                name="casework_inbox",
            ),
        ),
    ]
