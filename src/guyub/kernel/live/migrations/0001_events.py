"""What screens were told, kept for some hours: a screen whose connection dropped goes on where it was."""

from django.db import migrations

MAKE = """
CREATE TABLE live_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel varchar(20) NOT NULL,
    kind varchar(40) NOT NULL,
    payload text NOT NULL,  -- JSON, sent as it is
    at timestamptz NOT NULL
);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(MAKE, "DROP TABLE live_event;")]
