"""How the application lets go of a month: the owner's function again, and of this very table only."""

from django.db import migrations

MAKE = """
CREATE FUNCTION sensing_drop_month(wanted date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    city text := pg_catalog.current_schema();
    name text := 'sensing_observation_' || pg_catalog.to_char(pg_catalog.date_trunc('month', wanted::timestamp), 'YYYYMM');
BEGIN
    EXECUTE pg_catalog.format('ALTER TABLE %1$I.sensing_observation DETACH PARTITION %1$I.%2$I', city, name);
    EXECUTE pg_catalog.format('DROP TABLE %I.%I', city, name);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sensing", "0003_letters_and_checks")]
    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION sensing_drop_month(date);")]
