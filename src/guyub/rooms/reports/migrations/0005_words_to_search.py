"""Words by which reports are found: one column for strangers, one for officers, kept by the database itself.

What a stranger may not read never enters `public_words`, so no query can find it by mistake. PostgreSQL has an
Indonesian stemmer but no list of stop words; a file of one would need the server's disk, so they are taken out here.
"""

from django.db import migrations

STOP_WORDS = """
ada adalah agar akan akibat aku anda antara apa atas atau bagi bahwa bapak banyak baru beberapa belum bila bisa buat
cuma dalam dan dapat dari demi dengan depan di dia di hal hanya harap hari harus hingga ia ibu ini itu jadi jangan
jika juga kalau kami karena kata ke kepada ketika kita lagi lah lain lalu lebih maka masih mau mereka mohon namun nya
oleh pada paling para pernah pun saat saja saling sampai sangat saya se sebab sebagai secara sedang sehingga sejak
selalu selama seluruh semua seperti serta sering setelah setiap suatu sudah supaya tapi telah tentang terhadap terima
terus tetapi tiap tidak tolong untuk ya yaitu yang
"""

CREATE = f"""
CREATE FUNCTION reports_lexemes(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ts_delete(to_tsvector('pg_catalog.indonesian', said),
        tsvector_to_array(to_tsvector('pg_catalog.indonesian', '{" ".join(STOP_WORDS.split())}')))
$$;
ALTER TABLE reports_report
    ADD COLUMN public_words tsvector GENERATED ALWAYS AS (
        CASE WHEN published_at IS NOT NULL AND NOT is_confidential AND NOT about_conduct
        THEN reports_lexemes(public_body || ' ' || public_landmark) END) STORED,
    ADD COLUMN all_words tsvector GENERATED ALWAYS AS (reports_lexemes(body || ' ' || landmark)) STORED;
CREATE INDEX reports_public_words ON reports_report USING gin (public_words) WHERE public_words IS NOT NULL;
CREATE INDEX reports_all_words ON reports_report USING gin (all_words);
"""

DROP = """
ALTER TABLE reports_report DROP COLUMN public_words, DROP COLUMN all_words;
DROP FUNCTION reports_lexemes(text);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_following_and_lapor")]
    operations = [migrations.RunSQL(CREATE, DROP)]
