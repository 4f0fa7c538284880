"""The observations: a table in months, and the one function by which the application makes a month.

The application's role may not create tables. `sensing_make_month` belongs to the schema's owner and runs as it does
(SECURITY DEFINER); all it can do is make one month of this very table. It names everything with its schema, which is
the first one in sight and thus the city's: so it bears a dump, a restore and a renamed schema, for which a fixed
search path would have to be rewritten. Bounds are written in UTC, else they would be those of the session's zone.

A month is made aside and then attached: `PARTITION OF` would lock out all readers of the table, attaching does not.
There is no foreign key to the datastream: `ingest` locks its row, which holds the same and costs a tenth.
"""

from django.db import migrations

MAKE = """
CREATE SEQUENCE sensing_observation_id_seq AS bigint CACHE 100;
CREATE TABLE sensing_observation (
    id bigint NOT NULL DEFAULT nextval('sensing_observation_id_seq'),
    datastream_id bigint NOT NULL,
    phenomenon_time timestamptz NOT NULL,
    phenomenon_end timestamptz,
    result_num double precision,
    result_text text,
    result_json jsonb,
    result_time timestamptz,
    valid_from timestamptz,
    valid_until timestamptz,
    result_quality jsonb,
    parameters jsonb,
    foi_id bigint NOT NULL,
    received_at timestamptz NOT NULL,
    quality smallint NOT NULL DEFAULT 1,
    flags integer NOT NULL DEFAULT 0,
    PRIMARY KEY (datastream_id, phenomenon_time),
    CONSTRAINT sensing_one_result CHECK (num_nonnulls(result_num, result_text, result_json) = 1),
    CONSTRAINT sensing_end_after_start CHECK (phenomenon_end >= phenomenon_time),
    CONSTRAINT sensing_valid_in_order CHECK (valid_until >= valid_from)
) PARTITION BY RANGE (phenomenon_time);
CREATE INDEX sensing_observation_id ON sensing_observation (id);
CREATE INDEX sensing_observation_time ON sensing_observation (phenomenon_time);
ALTER SEQUENCE sensing_observation_id_seq OWNED BY sensing_observation.id;
ALTER TABLE sensing_latest SET (fillfactor = 50);

CREATE FUNCTION sensing_make_month(wanted date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    city text := pg_catalog.current_schema();
    first date := pg_catalog.date_trunc('month', wanted::timestamp)::date;
    name text := 'sensing_observation_' || pg_catalog.to_char(first, 'YYYYMM');
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext(city), pg_catalog.hashtext('sensing_make_month'));
    IF pg_catalog.to_regclass(pg_catalog.format('%I.%I', city, name)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE pg_catalog.format(
        'CREATE TABLE %1$I.%2$I (LIKE %1$I.sensing_observation INCLUDING ALL)', city, name);
    EXECUTE pg_catalog.format(
        'ALTER TABLE %1$I.sensing_observation ATTACH PARTITION %1$I.%2$I FOR VALUES FROM (%3$L) TO (%4$L)',
        city, name, first || ' 00:00:00+00', (first + interval '1 month')::date || ' 00:00:00+00');
    EXECUTE pg_catalog.format('GRANT SELECT ON %I.%I TO %I', city, name, session_user);
    RETURN true;
END $$;
"""
UNMAKE = """
DROP FUNCTION sensing_make_month(date);
DROP TABLE sensing_observation;
"""


class Migration(migrations.Migration):
    dependencies = [("sensing", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
