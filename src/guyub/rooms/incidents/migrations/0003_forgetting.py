"""Words of the log whose time is over may be taken out, and nothing else: of an incident that is closed and marked for it."""

from django.db import migrations, models

REFUSE = """
CREATE OR REPLACE FUNCTION incidents_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ('incidents_line', 'incidents_movement') THEN
        IF TG_TABLE_NAME = 'incidents_line' THEN
            about := OLD.incident_id;
        ELSE
            SELECT incident_id INTO about FROM incidents_item WHERE id = OLD.item_id;
        END IF;
        IF NEW.words = '–' AND to_jsonb(NEW) - 'words' = to_jsonb(OLD) - 'words'
            AND EXISTS (SELECT FROM incidents_incident WHERE id = about AND forgotten_at >= closed_at) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'lines are only added: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

AS_BEFORE = """
CREATE OR REPLACE FUNCTION incidents_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lines are only added: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_log_only_added")]
    operations = [
        migrations.AddField(
            model_name="incident",
            name="forgotten_at",
            field=models.DateTimeField(
                help_text="When words were taken out, their time being over.", null=True
            ),
        ),
        migrations.RunSQL(REFUSE, AS_BEFORE),
    ]
