"""The operator's commands: clear words, right exit codes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from guyub import cli
from guyub.kernel.cities import api as cities
from guyub.launch import city as city_command
from guyub.launch import ledger, rulebook


def test_help_lists_every_command(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in cli.COMMANDS)


def test_what_is_not_set_is_said_in_a_line(tmp_path):
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "src"}
    done = subprocess.run(
        [sys.executable, "-m", "guyub", "check"], env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "GUYUB_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_exists():
    from importlib.util import find_spec

    assert [module for _, module in cli.COMMANDS.values() if find_spec(module) is None] == []


@pytest.mark.django_db
def test_an_unknown_city_or_code_is_said_in_words(bandung, capsys):
    assert ledger.run(["verify", "atlantis"]) == 1
    assert city_command.run(["create", "--code", "99.99"]) == 1
    printed = capsys.readouterr().out
    assert "bandung" in printed
    assert "33.73" in printed


def test_a_ledger_is_sealed_and_verified(committing_city, capsys):
    assert ledger.run(["seal", committing_city.slug]) == 0
    assert ledger.run(["verify", committing_city.slug]) == 0
    assert ledger.run(["rebuild", committing_city.slug]) == 0
    assert "history stands" in capsys.readouterr().out


def test_publishing_holidays(committing_city, tmp_path, capsys):
    file = tmp_path / "2028.json"
    file.write_text(json.dumps([{"date": "2028-01-03", "name": "Contoh", "kind": "libur_nasional"}]))
    words = ["--key", "holidays.2028", "--file", str(file), "--since", "2027-09-01", "--basis", "SKB contoh"]
    assert rulebook.run(["publish", committing_city.slug, *words]) == 0
    assert rulebook.run(["publish", committing_city.slug, *words[:2], "--file", "/nowhere", *words[4:]]) == 1
    with cities.inside(committing_city):
        from guyub.kernel.rulebook import api

        assert api.calendar().is_published(2028)


def test_any_regency_can_be_added_by_its_code(django_db_setup, django_db_blocker):
    from guyub.rooms.people import api as people
    from guyub.rooms.places import api as places

    with django_db_blocker.unblock():
        assert city_command.run(["create", "--code", "33.73", "--host", "salatiga.test"]) == 0
        made = cities.get_city_by_slug("kota-salatiga")
        try:
            with cities.inside(made):
                assert len(places.gazetteer().districts) == 4
                assert len(places.gazetteer().settlements) == 23
                assert people.directory().of_kind("COORDINATOR")
        finally:
            cities.drop_city(made)
            from django.db import connections

            connections.close_all()


HEAD = "Nama;Surel;Peran;Kantor;Nomor SK;Mulai\n"


def test_the_command_line_names_an_admin_and_imports(committing_city, tmp_path, capsys):
    from guyub.kernel.cities import current
    from guyub.launch import city as city_command
    from guyub.launch import people as people_command
    from guyub.rooms.people import api as people
    from guyub.rooms.people.models import Grant

    slug, office = committing_city.slug, people.directory().of_kind("WARD")[0].name
    assert city_command.run(["admin", slug, "--email", "bukan"]) == 1
    assert city_command.run(["admin", slug, "--email", "pertama@uji.test"]) == 0
    assert city_command.run(["admin", slug, "--email", "pertama@uji.test"]) == 0
    file = tmp_path / "petugas.csv"
    file.write_text(HEAD + f"Nama Uji;nama@uji.test;lurah;{office};SK 1;2026-01-02\n")
    said = ["import", str(file), "--city", slug, "--table", "petugas"]
    assert people_command.run([*said, "--dry-run"]) == 0
    assert people_command.run(said) == 0
    current.enter(committing_city)
    assert Grant.objects.filter(account__email="pertama@uji.test", role="admin_kota").count() == 1
    assert Grant.objects.filter(account__email="nama@uji.test", role="lurah").count() == 1
    file.write_text(HEAD + f"Nama Uji;nama@uji.test;raja;{office};SK 1;2026-01-02\n")
    assert people_command.run(said) == 1
    assert "baris 2, Peran" in capsys.readouterr().out
    assert people_command.run([*said[:1], str(tmp_path / "tidak-ada"), *said[2:]]) == 1


def test_a_demo_whose_key_is_gone_says_what_to_do(monkeypatch):
    """The folder of its keys was removed and its database was not: no traceback."""
    from guyub.kernel.cities.secrets import CannotDecrypt
    from guyub.launch import prepare

    def other_key(**_given):
        raise CannotDecrypt

    monkeypatch.setattr(prepare, "_prepare", other_key)
    with pytest.raises(prepare.OtherKey, match="make clean"):
        prepare.prepare(reports=1)
