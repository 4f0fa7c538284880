"""Counters that all processes of a city share and that survive their restarts.

UNLOGGED: a count costs no journal and no waiting for the disk. After a crash of the database the tables are empty,
which costs nobody anything but a flooder's ten minutes; no backup carries them.
"""

from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE limits_count (
    key varchar(120) PRIMARY KEY,
    n integer NOT NULL,
    until bigint NOT NULL  -- seconds since 1970
);
CREATE UNLOGGED TABLE limits_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(MAKE, "DROP TABLE limits_count; DROP TABLE limits_cache;")]
