"""The council becomes an organisation; cities that are there already get theirs, named as their secretariat is."""

from django.db import migrations, models

SECRETARIAT, COUNCIL = "Sekretariat Daerah", "Dewan Perwakilan Rakyat Daerah"


def add_council(apps, schema_editor):
    rows = apps.get_model("people", "Organisation").objects.using(schema_editor.connection.alias)
    office = rows.filter(kind="SECRETARIAT").order_by("pk").first()
    if office is None or rows.filter(key="dprd").exists():
        return
    region = office.name.removeprefix(SECRETARIAT).strip()
    rows.create(
        key="dprd",
        kind="COUNCIL",
        name=f"{COUNCIL} {region}".strip(),
        short_name="DPRD",
        place_code=office.place_code,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_clients"),
    ]

    operations = [
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("AGENCY", "Perangkat daerah"),
                    ("DISTRICT", "Kecamatan"),
                    ("WARD", "Kelurahan"),
                    ("VILLAGE", "Pemerintah desa"),
                    ("RW", "RW"),
                    ("RT", "RT"),
                    ("INSPECTORATE", "Inspektorat"),
                    ("COORDINATOR", "Koordinator pengaduan"),
                    ("SECRETARIAT", "Sekretariat Daerah"),
                    ("COMMAND_CENTRE", "Pusdalops"),
                    ("EXTERNAL", "Instansi luar"),
                    ("COUNCIL", "DPRD"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(add_council, migrations.RunPython.noop),
    ]
