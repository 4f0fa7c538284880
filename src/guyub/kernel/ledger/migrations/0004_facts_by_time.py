from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_facts_by_actor")]

    operations = [
        migrations.AddIndex(
            model_name="fact",
            index=BrinIndex(autosummarize=True, fields=["occurred_at"], name="ledger_fact_time"),
        ),
    ]
