"""The words of finished and of postponed work get their public form: masked."""

from django.db import migrations, models

from guyub.kernel import masking


def mask_public_words(apps, schema_editor):
    alias = schema_editor.connection.alias
    for name, said, shown in (("Evidence", "words", "public_words"), ("Schedule", "reason", "public_reason")):
        table = apps.get_model("casework", name).objects.using(alias)
        table.update(**{shown: models.F(said)})
        changed = []
        for row in table.filter(**{f"{said}__regex": "[0-9@]"}).only(said).iterator(chunk_size=1000):
            setattr(row, shown, masking.mask(getattr(row, said)))
            if getattr(row, shown) != getattr(row, said):
                changed.append(row)
        table.bulk_update(changed, [shown], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0014_evidence_findings"),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="public_words",
            field=models.TextField(blank=True, help_text="As everyone may read them: masked."),
        ),
        migrations.AddField(
            model_name="schedule",
            name="public_reason",
            field=models.TextField(blank=True, help_text="As everyone may read it: masked."),
        ),
        migrations.RunPython(mask_public_words, migrations.RunPython.noop, elidable=True),
    ]
