"""What offices said to everyone gets its public form: masked."""

from django.db import migrations, models

from guyub.kernel import masking


def mask_public_words(apps, schema_editor):
    message = apps.get_model("conversation", "Message")
    rows = message.objects.using(schema_editor.connection.alias).filter(audience="PUBLIC")
    rows.update(public_body=models.F("body"))
    changed = []
    for row in rows.filter(body__regex="[0-9@]").only("body").iterator(chunk_size=1000):
        row.public_body = masking.mask(row.body)
        if row.public_body != row.body:
            changed.append(row)
    message.objects.using(schema_editor.connection.alias).bulk_update(
        changed, ["public_body"], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [
        ("conversation", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="public_body",
            field=models.TextField(
                blank=True, help_text="As everyone may read it: masked. Empty for another audience."
            ),
        ),
        migrations.RunPython(mask_public_words, migrations.RunPython.noop, elidable=True),
    ]
