"""A city is backed up, comes back, moves and is drilled; nothing half is left and no event is lost on the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone
from tests.factories import picture, send

from guyub.events.reports import MaskingChanged, PhotoBlurred
from guyub.kernel import erasures
from guyub.kernel.cities import api as cities
from guyub.kernel.cities import backups, current, registry
from guyub.kernel.cities.models import Backup
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger import pump
from guyub.kernel.ledger.models import Era, Fact
from guyub.kernel.notices.models import Notice
from guyub.launch import city as city_command
from guyub.launch import postgres
from guyub.launch.backup import BackupProblem, archive, back_up, drill, move, programs, restore
from guyub.launch.backup.making import files_of, owner_settings
from guyub.launch.backup.moving import talking_to
from guyub.launch.backup.restoring import connect
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account, Contact
from guyub.rooms.places import api as places
from guyub.rooms.reports import (
    actions,
    own_data,
    redacting,
    subscribers,  # noqa: F401
)
from guyub.rooms.reports.models import PlaceFigures, Report
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing.models import Datastream, Latest
from guyub.rooms.sensing.tests.factories import a_datastream

PG15 = Path("/usr/lib/postgresql/15/bin")


def report(n: int = 0):
    place = places.gazetteer().settlements[n].code
    return send(at=timezone.now() - timedelta(hours=1), place=place, email="warga@contoh.test")


def a_value_comes(*, days_ago: int) -> None:
    """A sensor's value of a month that may have no partition yet: the city's own function makes it."""
    stream = Datastream.objects.first() or a_datastream()
    at = timezone.now() - timedelta(days=days_ago)
    (outcome,) = sensing.ingest([sensing.Row(stream.pk, at, 1.5)], at=timezone.now())
    assert outcome.state == "stored"
    before = sensing.series(stream.pk, start=at - timedelta(days=400), until=at + timedelta(seconds=1))
    assert before[-1] == (at, 1.5)


@pytest.fixture
def full(committing_city, tmp_path, settings):
    """A city with reports, a photo, seals and a pump that has read everything."""
    settings.GUYUB_DATA = str(tmp_path / "data")
    for n in range(3):
        row, _ = report(n)
    a_value_comes(days_ago=400)
    files.store_photo(picture(), at=timezone.now(), subject=actions.subject_of(row))
    ledger.drain()
    while ledger.seal(at=timezone.now()):
        pass
    return committing_city


@pytest.fixture
def empty_again(full):
    """After the test nothing of the city stays, wherever it went."""
    yield full
    connections.close_all()
    with connect(owner_settings()) as here:
        for (name,) in here.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pindah%'"
        ).fetchall():
            here.execute(f'DROP SCHEMA "{name}" CASCADE')


def take_away(city) -> None:
    """As after a lost database: neither schema nor photos."""
    connections.close_all()
    cities.drop_city(city)
    shutil.rmtree(files_of(city.schema))


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_a_city_comes_back_whole_and_its_next_event_is_delivered(full, tmp_path):
    file, before = tmp_path / "city.guyub", files_below(files_of(full.schema))
    facts, era = Fact.objects.count(), Era.objects.get().era
    made = back_up(full, file, at=timezone.now())
    assert (made["facts"], made["photos"]) == (facts, 2)
    assert backups.newest(full).facts == facts
    assert file.stat().st_mode & 0o777 == 0o600
    take_away(full)

    done = restore(file)
    back = cities.get_city_by_slug(full.slug)
    assert done.warnings == ()
    assert back.hosts == full.hosts
    with cities.inside(back):
        assert Fact.objects.count() == facts
        assert Era.objects.get().era == era + 1
        assert Contact.objects.first().email == "warga@contoh.test"  # its key came along
        assert ledger.verify().broken is None
        assert files_below(files_of(back.schema)) == before
        a_value_comes(days_ago=400)
        a_value_comes(days_ago=100)
        assert Latest.objects.get().count == 3
        row, _ = report(5)
        assert ledger.drain() == 2  # only what is new: the cursor stands where it stood
        assert PlaceFigures.objects.filter(place_code=row.place.code).exists()
        with pytest.raises(Exception, match="permission denied"):  # rights came back as narrow as they were
            Fact.objects.update(version=2)


def test_what_was_erased_after_a_backup_is_erased_again_when_it_comes_back(full, tmp_path, capsys):
    """Words, people, accounts, hidden and masked reports and photos; and nobody who came later under the same id."""
    file = tmp_path / "city.guyub"
    resident = people.add_account(email="pergi@contoh.test", name="Warga Pergi")
    stays = people.add_account(email="tinggal@contoh.test", name="Warga Tinggal")
    at = timezone.now()
    words, person, hidden, masked, blurred, own, kept = (report(n)[0] for n in range(7))
    Report.objects.update(published_at=at, public_body=F("body"), submitted_at=at - timedelta(minutes=5))
    photos = {
        row.pk: files.store_photo(picture(), at=at, subject=actions.subject_of(row)) for row in (blurred, own)
    }
    Photo.objects.update(is_public=True)
    back_up(full, file, at=at)

    Report.objects.filter(pk=words.pk).update(ended_at=at)
    own_data.erase_words(report=words, at=at)
    own_data.erase_person(report=person, at=at)
    own_data.hide(report=hidden, at=at)
    with transaction.atomic():
        redacting.keep(masked.pk, redacting.Choices(hidden=("rahasia",)), at=at)
        record = partial(ledger.record, at=at, place=masked.place.code)
        record(MaskingChanged(report=masked.pk, shown=0, hidden=1), subject=actions.subject_of(masked))
        for row, is_kept in ((blurred, True), (own, False)):
            photo = str(photos[row.pk].uuid)
            record(
                PhotoBlurred(report=row.pk, is_original_kept=is_kept, photo=photo),
                subject=actions.subject_of(row),
            )
    people.erase_account(resident, at=at)
    ledger.drain()
    for job in react_jobs():
        ledger.react(**job)
    with cities.inside(full):
        exported = list(erasures.export())
    noted = erasures.read(erasures.list_of(full))
    assert sorted(line.written() for line in noted) == sorted(exported)
    assert len(noted) == 7
    assert "contoh.test" not in erasures.list_of(full).read_text()

    take_away(full)
    assert city_command.run(["restore", str(file)]) == 0
    said = capsys.readouterr().out
    assert "7 erasures" in said
    assert "people.account_erased 1" in said
    with cities.inside(cities.get_city_by_slug(full.slug)):
        for row in (words, person, hidden, masked, blurred, own, kept):
            row.refresh_from_db()
        assert (words.body, words.public_body) == (own_data.ERASED, own_data.ERASED)
        assert (person.contact_id, person.person_erased_at is not None) == (None, True)
        assert (hidden.is_confidential, hidden.public_body) == (True, "")
        assert masked.public_body == "[disamarkan]"
        assert not Photo.objects.get(uuid=photos[blurred.pk].uuid).is_public
        assert not Photo.objects.filter(uuid=photos[own.pk].uuid).exists()
        assert not files.path_of(photos[own.pk].uuid).exists()
        assert (kept.public_body, kept.contact_id is not None) == (kept.body, True)
        assert list(Account.objects.values_list("pk", flat=True)) == [stays]
        assert erasures.repeat(noted, at=timezone.now()) == {}  # once is enough
        # Whoever gets a number again that was erased is somebody else.
        Report.objects.filter(pk=words.pk).update(body="Laporan lain.", submitted_at=timezone.now())
        Account.objects.filter(pk=stays).update(joined_at=timezone.now())
        moved = [replace(one, payload={"account": stays}) for one in noted if "account" in one.payload]
        assert erasures.repeat([*noted, *moved], at=timezone.now()) == {}


def react_jobs() -> list[dict]:
    """What the pump has asked the worker to do about erasures."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'guyub.run' ORDER BY id")
        rows = [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]
    return [
        row["values"] for row in rows if row["name"] == "ledger.react" and "erasures." in str(row["values"])
    ]


def test_a_backup_replaces_nothing_and_neither_does_a_restore(full, tmp_path):
    file = tmp_path / "city.guyub"
    back_up(full, file, at=timezone.now())
    with pytest.raises(BackupProblem, match="there already"):
        back_up(full, file, at=timezone.now())
    with pytest.raises(BackupProblem, match="there already"):
        restore(file)
    with pytest.raises(BackupProblem, match="there already"):
        restore(file, slug="lain", hosts=["lain.test"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "city.guyub",
        "data",
    ]  # no part is left behind


def test_a_sealed_backup_opens_with_its_passphrase_alone(full, tmp_path):
    file, other = tmp_path / "city.guyub", b"kata sandi lain"
    back_up(full, file, at=timezone.now(), passphrase=b"kata sandi cadangan")
    raw = file.read_bytes()
    for word in (b"warga@contoh", b"kota_18_72", b"manifest", b"CREATE TABLE"):
        assert word not in raw
    for wrong in (None, other):
        with pytest.raises(BackupProblem):
            archive.inspect(file, passphrase=wrong)
    for broken in (raw[:-40], raw[:2000] + b"x" + raw[2001:], raw[: len(raw) // 2]):
        file.write_bytes(broken)
        with pytest.raises(BackupProblem):
            archive.inspect(file, passphrase=b"kata sandi cadangan")
    file.write_bytes(raw)
    take_away(full)
    restore(file, passphrase=b"kata sandi cadangan", slug="kembali", hosts=["kembali.test"])
    back = cities.get_city_by_slug("kembali")
    assert back.hosts == ("kembali.test",)
    connections.close_all()
    cities.drop_city(back)


def test_a_plain_backup_that_was_damaged_is_refused(full, tmp_path):
    file = tmp_path / "city.guyub"
    back_up(full, file, at=timezone.now())
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    take_away(full)
    with pytest.raises(BackupProblem):
        restore(file)
    file.write_bytes(raw[: len(raw) // 3])
    with pytest.raises(BackupProblem):
        restore(file)
    assert full.slug not in {city.slug for city in cities.cities()}


def test_another_master_key_is_told_before_anything_is_written(full, tmp_path, monkeypatch):
    file = tmp_path / "city.guyub"
    back_up(full, file, at=timezone.now())
    take_away(full)
    monkeypatch.setattr(settings, "GUYUB_MASTER_KEY", "another one")
    with pytest.raises(BackupProblem, match="GUYUB_MASTER_KEY"):
        restore(file)
    assert not files_of(full.schema).exists()


def schemas(name: str) -> list[str]:
    with connect(owner_settings()) as here:
        return [row[0] for row in here.execute("SELECT nspname FROM pg_namespace WHERE nspname = %s", [name])]


def test_an_interrupted_restore_leaves_nothing_half(full, tmp_path, monkeypatch):
    """Cut off in the middle of the rows, and at the very end before the commit."""
    file = tmp_path / "city.guyub"
    back_up(full, file, at=timezone.now())
    take_away(full)
    whole = programs.adapted

    def cut(lines, **names):
        for n, line in enumerate(whole(lines, **names)):
            if n == 1500:
                raise KeyboardInterrupt
            yield line

    monkeypatch.setattr(programs, "adapted", cut)
    with pytest.raises(KeyboardInterrupt):
        restore(file)
    monkeypatch.setattr(programs, "adapted", whole)
    registration = "guyub.launch.backup.restoring._registration"
    monkeypatch.setattr(registration, lambda record: [current_broken()])
    with pytest.raises(BackupProblem, match="Restoring failed"):
        restore(file)
    monkeypatch.undo()
    assert schemas(full.schema) == []
    settings.GUYUB_DATA = str(tmp_path / "data")
    assert files_below(files_of(full.schema)) == []
    restore(file)
    with cities.inside(cities.get_city_by_slug(full.slug)):
        assert Report.objects.count() == 3


def current_broken():
    from psycopg import sql

    return sql.SQL("SELECT 1 / 0").format()


def test_a_restore_killed_without_last_words_can_simply_be_repeated(full, tmp_path, cluster):
    file = tmp_path / "city.guyub"
    back_up(full, file, at=timezone.now())
    take_away(full)
    env = {
        **os.environ,
        "PYTHONPATH": "src",
        "DATABASE_URL": cluster.app_url,
        "DATABASE_OWNER_URL": cluster.owner_url,
        "DJANGO_SETTINGS_MODULE": "guyub.settings.test",
    }
    slow = (
        "import sys, time, django; django.setup()\n"
        "from guyub.launch.backup import programs; whole = programs.adapted\n"
        "def cut(lines, **names):\n"
        "    for n, line in enumerate(whole(lines, **names)):\n"
        "        if n == 1500: print('now', flush=True); time.sleep(60)\n"
        "        yield line\n"
        "programs.adapted = cut\n"
        "from guyub.launch import city; city.run(sys.argv[1:])"
    )
    words = [sys.executable, "-c", slow, "restore", str(file)]
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "now\n"
        process.kill()
    deadline = time.monotonic() + 10  # psql notices that its input ended
    while schemas(full.schema) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert schemas(full.schema) == []
    restore(file)
    with cities.inside(cities.get_city_by_slug(full.slug)):
        assert Report.objects.count() == 3


def test_a_drill_restores_verifies_times_and_tidies_up(full, tmp_path):
    file = tmp_path / "city.guyub"
    with current.only_schema(current.COMMONS):
        Backup.objects.all().delete()
    with pytest.raises(BackupProblem, match="no backup"):
        drill(full, at=timezone.now())
    back_up(full, file, at=timezone.now())
    figures = drill(full, at=timezone.now())
    assert (figures.facts, figures.seals, figures.photos) == (Fact.objects.count(), 1, 2)
    assert figures.seconds < 60
    assert schemas("latihan_18_72") == []
    assert backups.newest_drill(full)
    assert backups.newest(full).drill_seconds == pytest.approx(figures.seconds)


@pytest.mark.skipif(not PG15.is_dir(), reason="PostgreSQL 15 is not installed here")
def test_a_city_moves_to_postgresql_15_and_back_and_loses_no_event(empty_again, tmp_path, monkeypatch):
    city, total = empty_again, Report.objects.count()
    monkeypatch.setenv("GUYUB_PG_BIN", str(PG15))
    with postgres.throwaway() as other:
        monkeypatch.delenv("GUYUB_PG_BIN")
        there, here = programs.settings_of(other.owner_url), dict(owner_settings())
        with talking_to(there):
            registry.migrate_commons()
        move_now(city, there, tmp_path)
        assert city.slug not in {one.slug for one in cities.cities()}
        with talking_to(there), cities.inside(city):
            assert cities.get_city_by_slug(city.slug).hosts == city.hosts
            next_event_is_delivered(total + 1)
            assert Era.objects.get().era == 2
        with talking_to(there):
            moved = move_now(city, here, tmp_path)
        assert moved.left.startswith("pindah_18_72_")
    with cities.inside(cities.get_city_by_slug(city.slug)):
        next_event_is_delivered(total + 2)
        assert Era.objects.get().era == 3
        while ledger.seal(at=timezone.now()):
            pass
        assert ledger.verify().broken is None


def move_now(city, to, tmp_path):
    return move(city, to=to, at=timezone.now(), work=tmp_path, forget_after=0)


def next_event_is_delivered(total: int) -> None:
    """A report comes in: the pump reads exactly its facts, counts it, and its reporter's notice is asked for."""
    a_value_comes(days_ago=30 * total)
    row, _ = report(total)
    assert ledger.drain() == 2
    assert PlaceFigures.objects.filter(place_code=row.place.code).exists()
    fact = Fact.objects.get(subject=f"reports.report:{row.pk}", name="reports.report_submitted")
    before = Notice.objects.count()
    for consumer in sorted(c.name for c in pump._reactions[fact.name]):
        ledger.react(consumer, [fact.pk])
    assert Notice.objects.count() > before
    assert Report.objects.count() == total


def test_a_move_waits_for_whoever_is_writing_and_turns_away_whoever_comes_later(
    empty_again, tmp_path, cluster
):
    """The row of a transaction that began before and commits meanwhile is carried along."""
    city = empty_again
    from guyub.kernel.rulebook.models import Rule

    rule = Rule.objects.first()
    with psycopg.connect(cluster.app_url) as writer, postgres.throwaway() as other:
        writer.execute(
            "INSERT INTO kota_18_72.rulebook_rule (key, value, effective_from, legal_basis, confidence, added_at) "
            "VALUES ('uji.penulis', '1', '2026-01-01', 'uji', 'V', now())"
        )
        there = programs.settings_of(other.owner_url)
        with talking_to(there):
            registry.migrate_commons()
        later: list[Exception] = []

        def go_on() -> None:
            time.sleep(1)
            try:
                with psycopg.connect(cluster.app_url, autocommit=True) as late:
                    late.execute("DELETE FROM kota_18_72.rulebook_rule WHERE key = 'uji.penulis'")
            except psycopg.Error as problem:
                later.append(problem)
            writer.commit()

        thread = threading.Thread(target=go_on)
        thread.start()
        moved = move_now(city, there, tmp_path)
        thread.join()
        assert [problem.sqlstate for problem in later] == ["42501"]
        assert moved.closed_seconds > 0.9
        with talking_to(there), cities.inside(city):
            assert Rule.objects.filter(key="uji.penulis").exists()
            assert Rule.objects.filter(pk=rule.pk).exists()


def test_a_move_that_fails_opens_the_city_again(empty_again, tmp_path):
    nowhere = {**owner_settings(), "NAME": "nowhere"}
    with pytest.raises(BackupProblem, match="cannot be reached"):
        move_now(empty_again, nowhere, tmp_path)
    assert report(7)  # it can be written to
    assert registry.lagging() == []
