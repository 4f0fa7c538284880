from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("reports", "0001_initial"), ("casework", "0001_initial"), ("people", "0001_initial")]
    operations = [
        migrations.RunSQL(f"ALTER TABLE {table} ADD COLUMN newer integer NOT NULL DEFAULT 0")
        for table in ("reports_report", "casework_case", "people_account", "ledger_fact")
    ]
