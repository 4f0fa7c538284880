"""The bodies outside the city that a category is often a matter of; starter categories know theirs."""

from __future__ import annotations

import json
from importlib import resources

from django.db import migrations, models


def add_bodies(apps, schema_editor):
    text = (resources.files("guyub.rooms.reports") / "data" / "categories.json").read_text("utf-8")
    rows = apps.get_model("reports", "Category").objects.using(schema_editor.connection.alias)
    for entry in json.loads(text)["categories"]:
        if entry.get("external"):
            rows.filter(code=entry["code"]).update(external=entry["external"])


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_map_cells")]

    operations = [
        migrations.AddField(
            model_name="category",
            name="external",
            field=models.JSONField(
                default=list,
                help_text="Codes of bodies outside the city that it is often a matter of, first first.",
            ),
        ),
        migrations.RunPython(add_bodies, migrations.RunPython.noop),
    ]
