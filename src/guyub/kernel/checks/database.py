"""Checks of the database server, the two roles and the tables."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.checks.api import Result, check, fault, ok, warning
from guyub.kernel.cities import current, registry
from guyub.kernel.ledger import api as ledger

OLDEST = 150000
HORIZON_WARNING, HORIZON_FAULT = 5.0, 60.0  # seconds; a write here ends within five


def _one(sql: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


@check("database.reachable", scope="installation", title=gettext_lazy("Basis data"))
def reachable(*, at: datetime) -> Result:
    """The database answers the application; without it there is nothing else to look at."""
    return ok(_("Basis data %(name)s menjawab.") % {"name": _one("SELECT current_database()")[0]})


@check("database.server", scope="installation", title=gettext_lazy("PostgreSQL"))
def server(*, at: datetime) -> Result:
    """The server answers, is PostgreSQL 15 or newer, and keeps what it has confirmed."""
    version, words, encoding, fsync, commit, pages = _one(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version'), "
        "current_setting('server_encoding'), current_setting('fsync'), current_setting('synchronous_commit'), "
        "current_setting('full_page_writes')"
    )
    if version < OLDEST:
        return fault(
            _("PostgreSQL %(version)s terlalu tua.") % {"version": words},
            _("Pindah ke PostgreSQL 15 atau yang lebih baru (docs/run/backup-and-restore.md)."),
        )
    if encoding != "UTF8":
        return fault(
            _("Basis data memakai pengodean %(encoding)s.") % {"encoding": encoding},
            _("Buat basis data baru dengan ENCODING 'UTF8' dan pindahkan kota-kotanya."),
        )
    careless = [
        name
        for name, value in (("fsync", fsync), ("synchronous_commit", commit), ("full_page_writes", pages))
        if value == "off"
    ]
    if careless and not settings.DEMO:
        return fault(
            _("Yang sudah diterima dapat hilang bila listrik padam: %(names)s = off.")
            % {"names": ", ".join(careless)},
            _("Nyalakan di postgresql.conf dan muat ulang server."),
        )
    return ok(_("PostgreSQL %(version)s, UTF-8.") % {"version": words})


@check("database.roles", scope="installation", title=gettext_lazy("Dua peran basis data"))
def roles(*, at: datetime) -> Result:
    """The application's role is no superuser, owns nothing and cannot change or remove facts."""
    name, powerful = _one(
        "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    advice = _("Buat dua peran seperti di docs/run/deploy.md dan jalankan `guyub migrate`.")
    if powerful:
        return fault(_("Aplikasi berjalan sebagai superuser %(role)s.") % {"role": name}, advice)
    if settings.DATABASES["default"].get("USER") == settings.DATABASES["owner"].get("USER"):
        return fault(_("Aplikasi memakai peran pemilik: ia dapat mengubah buku catatan."), advice)
    (loose,) = _one(
        "SELECT string_agg(DISTINCT n.nspname, ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN commons.cities_city k ON k.schema = n.nspname WHERE c.relname IN ('ledger_fact', 'ledger_seal') "
        "AND (has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE') "
        "OR has_table_privilege(c.oid, 'TRUNCATE') OR pg_has_role(c.relowner, 'USAGE'))"
    )
    if loose:
        return fault(_("Aplikasi dapat mengubah buku catatan di: %(schemas)s.") % {"schemas": loose}, advice)
    return ok(_("Aplikasi (%(role)s) hanya dapat menambah ke buku catatan.") % {"role": name})


@check("database.migrations", scope="installation", title=gettext_lazy("Susunan tabel"))
def migrations(*, at: datetime) -> Result:
    """Every city has the tables that this version of the program expects."""
    lagging = registry.lagging()
    if lagging:
        return fault(
            _("Belum dimutakhirkan: %(schemas)s.") % {"schemas": ", ".join(lagging)},
            _("Jalankan `guyub migrate`."),
        )
    return ok(_("Semua kota memakai susunan terbaru."))


@check("database.left_behind", scope="installation", title=gettext_lazy("Salinan yang tertinggal"))
def left_behind(*, at: datetime) -> Result:
    """Schemas of cities that moved away, of a drill or a removal that was cut short: they still hold personal data."""
    names, leaving = _one(
        "SELECT (SELECT string_agg(nspname, ', ' ORDER BY nspname) FROM pg_namespace WHERE nspname LIKE 'pindah\\_%' "
        "OR nspname LIKE 'latihan\\_%' OR (nspname LIKE 'kota\\_%' AND nspname NOT IN "
        "(SELECT schema FROM commons.cities_city))), "
        "(SELECT string_agg(name, ', ' ORDER BY name) FROM commons.cities_city WHERE leaving_since IS NOT NULL)"
    )
    if leaving:
        return warning(
            _("Penghapusan kota ini belum selesai: %(names)s.") % {"names": leaving},
            _("Jalankan `guyub migrate`: sisanya ikut dihapus."),
        )
    if names:
        return warning(
            _("Masih ada salinan data pribadi: %(names)s.") % {"names": names},
            _("Bila tidak diperlukan lagi, hapus sebagai peran pemilik: DROP SCHEMA … CASCADE."),
        )
    return ok(_("Tidak ada salinan yang tertinggal."))


@check("database.clock", scope="installation", title=gettext_lazy("Jam"))
def clock(*, at: datetime) -> Result:
    """This machine's clock and the database's agree; deadlines are counted by the one and kept by the other."""
    (theirs,) = _one("SELECT clock_timestamp()")
    apart = abs((theirs - timezone.now()).total_seconds())
    if apart > 5:
        return fault(
            _("Jam mesin ini dan jam basis data berselisih %(seconds)d detik.") % {"seconds": apart},
            _("Nyalakan penyelarasan waktu (NTP) pada kedua mesin."),
        )
    return ok(_("Selisih dengan jam basis data di bawah lima detik."))


@check("database.horizon", scope="installation", title=gettext_lazy("Cakrawala buku catatan"))
def horizon(*, at: datetime) -> Result:
    """The age of the oldest open writing transaction of the server: until it ends, no reader passes it."""
    (sees_all,) = _one("SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')")
    if not sees_all:
        return warning(
            _("Aplikasi tidak melihat sesi peran lain, jadi cakrawala ini hanya sebagian."),
            _("Sebagai superuser: GRANT pg_read_all_stats TO peran aplikasi."),
        )
    guilty = ledger.horizon_holder()
    if guilty is None or guilty.seconds < HORIZON_WARNING:
        return ok(_("Tidak ada transaksi lama yang menahan pembaca."))
    said = _("Sesi %(pid)d (%(who)s, basis data %(database)s) menahan pembaca sejak %(seconds)d detik.") % {
        "pid": guilty.pid,
        "who": guilty.application or guilty.role,
        "database": guilty.database,
        "seconds": guilty.seconds,
    }
    advice = _("Bila sesi itu tidak berguna: SELECT pg_terminate_backend(%(pid)d).") % {"pid": guilty.pid}
    return fault(said, advice) if guilty.seconds > HORIZON_FAULT else warning(said, advice)


@check("database.disk", scope="installation", title=gettext_lazy("Ukuran basis data"))
def size(*, at: datetime) -> Result:
    """How large the database is, and how many of its connections are in use."""
    size, used, most = _one(
        "SELECT pg_size_pretty(pg_database_size(current_database())), "
        "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
        "current_setting('max_connections')::int"
    )
    said = _("Besarnya %(size)s; %(used)d dari %(most)d sambungan dipakai.") % {
        "size": size,
        "used": used,
        "most": most,
    }
    if used > most * 0.8:
        return warning(said, _("Kurangi GUYUB_THREADS atau jumlah proses, atau naikkan max_connections."))
    return ok(said)


@check("database.owner", scope="installation", title=gettext_lazy("Peran pemilik"))
def owner(*, at: datetime) -> Result:
    """The owner's connection, which migrates, backs up and restores, can be used from here."""
    with current.only_schema(current.COMMONS), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(current_database(), 'CREATE')")
        if not cursor.fetchone()[0]:
            return fault(
                _("Peran pemilik tidak boleh membuat skema."),
                _("GRANT CREATE ON DATABASE … TO peran itu, atau jadikan ia pemilik basis data."),
            )
    return ok(_("Peran pemilik dapat dipakai."))
