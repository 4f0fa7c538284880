"""The database itself refuses to change or remove lines of the log, movements of goods and reports of the situation, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION incidents_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lines are only added: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER incidents_line_refuse BEFORE UPDATE OR DELETE ON incidents_line
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse();
CREATE TRIGGER incidents_movement_refuse BEFORE UPDATE OR DELETE ON incidents_movement
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse();
CREATE TRIGGER incidents_report_refuse BEFORE UPDATE OR DELETE ON incidents_situation_report
    FOR EACH ROW EXECUTE FUNCTION incidents_refuse();
"""

ALLOW = """
DROP TRIGGER incidents_line_refuse ON incidents_line;
DROP TRIGGER incidents_movement_refuse ON incidents_movement;
DROP TRIGGER incidents_report_refuse ON incidents_situation_report;
DROP FUNCTION incidents_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
