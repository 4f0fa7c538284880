"""Words to find a category by, and the starter categories sorted into groups that hold twenty more."""

from __future__ import annotations

from django.db import migrations, models

GROUPS = {
    "lampu": ("Lampu, listrik dan kabel", "Lights, electricity and cables"),
    "ruang": ("Taman, pohon dan fasilitas umum", "Parks, trees and public facilities"),
    "bangunan": ("Rumah dan bangunan", "Houses and buildings"),
    "hewan": ("Hewan", "Animals"),
    "usaha": ("Pasar, usaha dan perizinan", "Markets, business and permits"),
    "kesehatan": ("Kesehatan", "Health"),
    "pendidikan": ("Pendidikan", "Education"),
    "sosial": ("Bantuan dan perlindungan sosial", "Social assistance and protection"),
    "layanan": ("Pelayanan kantor dan kependudukan", "Office services and civil registration"),
    "petugas": ("Perilaku petugas", "Officials' conduct"),
}
# (the group it was seeded in, its group now): a category that a city has put elsewhere stays there.
MOVES = {
    ("jalan", "lampu"): ["lampu-jalan"],
    ("bahaya", "lampu"): ["kabel-telekomunikasi"],
    ("ruang", "ruang"): ["taman", "fasilitas-umum"],
    ("ruang", "usaha"): ["pasar"],
    ("ketertiban", "bangunan"): ["bangunan-liar"],
    ("ketertiban", "hewan"): ["anjing-liar", "ternak"],
    ("layanan", "layanan"): ["pelayanan-kelurahan", "ktp-kk"],
    ("layanan", "petugas"): ["pungutan-liar"],
    ("sosial", "layanan"): ["data-warga"],
    ("sosial", "sosial"): ["bantuan-sosial"],
    ("sosial", "kesehatan"): ["puskesmas", "jentik-dbd"],
    ("sosial", "pendidikan"): ["sekolah"],
}


def regroup(apps, schema_editor):
    rows = apps.get_model("reports", "Category").objects.using(schema_editor.connection.alias)
    for (was, now), codes in MOVES.items():
        name_id, name_en = GROUPS[now]
        rows.filter(code__in=codes, group=was).update(group=now, group_id=name_id, group_en=name_en)


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_daily_figures")]

    operations = [
        migrations.AlterModelOptions(name="category", options={"ordering": ["position", "id"]}),
        migrations.AddField(
            model_name="category",
            name="words_id",
            field=models.CharField(
                blank=True,
                help_text="What people call it, parted by '; ': for finding it.",
                max_length=200,
                default="",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="category",
            name="words_en",
            field=models.CharField(blank=True, max_length=200, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(regroup, migrations.RunPython.noop, elidable=True),
    ]
