"""Room on the pages of the hours.

The hour that is running is changed with each value. Where its page has room, PostgreSQL writes the new version beside
the old one and leaves the index alone; on a full page each value left an entry in the index, and a hole.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sensing", "0007_telling")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE sensing_hour SET (fillfactor = 70)", "ALTER TABLE sensing_hour RESET (fillfactor)"
        )
    ]
