"""`guyub places`: what an operator reads when boundaries, splits and names are taken in, and when they are not."""

from __future__ import annotations

import json

import pytest

from guyub.kernel.cities import api as cities
from guyub.launch import places as command
from guyub.rooms.places import api as places
from guyub.rooms.places.models import Boundary
from guyub.rooms.places.tests.boundaries import cells, collection

WHOSE = ["--source", "Bappeda (uji)", "--licence", "CC0"]


def test_a_city_s_boundaries_are_taken_in_told_and_listed(committing_city, tmp_path, capsys):
    file = tmp_path / "metro.geojson"
    with cities.inside(committing_city):
        features = cells()
    file.write_bytes(collection([*features, {"type": "Feature", "properties": {"nama": "Atlantis"}}]))
    here = ["--city", committing_city.slug]
    assert command.run(["import", str(file), *here]) == 1
    assert "--source" in capsys.readouterr().out
    assert command.run(["import", str(file), *here, "--dry-run"]) == 0
    assert "A trial: 27 boundaries would be new" in capsys.readouterr().out
    assert command.run(["import", str(file), *here, *WHOSE]) == 0
    printed = capsys.readouterr().out
    assert "22 places matched." in printed
    assert "feature 23: no place here is called 'Atlantis'" in printed
    assert "27 boundaries hold in a new version" in printed
    assert command.run(["import", str(file), *here, *WHOSE]) == 0
    assert "here already" in capsys.readouterr().out
    assert command.run(["list", "yosorejo", *here]) == 0
    assert "18.72.04.1004  Kelurahan Yosorejo" in capsys.readouterr().out
    with cities.inside(committing_city):
        assert Boundary.objects.count() == 27


@pytest.mark.parametrize("content", [b"", b"[", b"PK\x03\x04", json.dumps({"type": "Topology"}).encode()])
@pytest.mark.django_db
def test_a_broken_file_is_refused_in_words(bandung, tmp_path, capsys, content):
    file = tmp_path / "rusak.geojson"
    file.write_bytes(content)
    assert command.run(["import", str(file), "--city", "bandung", *WHOSE]) == 1
    assert "Nothing was changed." in capsys.readouterr().out


@pytest.mark.django_db
def test_what_is_missing_is_said(bandung, pekalongan, tmp_path, capsys):
    assert command.run(["import", "/nowhere.geojson", "--city", "bandung", *WHOSE]) == 1
    assert command.run(["list", "--city", "atlantis"]) == 1
    assert command.run(["list"]) == 1
    printed = capsys.readouterr().out
    assert "/nowhere.geojson" in printed
    assert "--city" in printed
    file = tmp_path / "nama.csv"
    file.write_text("kode;nama\n")
    assert command.run(["alias", str(file), "--city", "bandung"]) == 1
    assert "columns code,name" in capsys.readouterr().out


def test_splits_and_names_come_from_lists(committing_city, tmp_path, capsys):
    from guyub.rooms.people import api as people

    here = ["--city", committing_city.slug]
    names = tmp_path / "nama.csv"
    names.write_text("code,name\n18.72.04.1004,Josoredjo\n18.72.99,Lain\n,\n", encoding="utf-8-sig")
    assert command.run(["alias", str(names), *here]) == 1
    printed = capsys.readouterr().out
    assert "row 3: there is no place" in printed
    assert "row 4: there is no place" in printed
    names.write_text("code,name\n18.72.04.1004,Josoredjo\n")
    assert command.run(["alias", str(names), *here]) == 0
    splits = tmp_path / "pemekaran.csv"
    splits.write_text(
        "old_code,new_code,new_name,on,basis\n"
        "18.72.04.1004,18.72.04.1006,Yosorejo Timur,2026-01-01,Perda 1/2026\n"
        "18.72.04.1004,18.72.04.1007,Yosorejo Barat,2026-01-01,Perda 1/2026\n"
    )
    assert command.run(["succeed", str(splits), *here]) == 0
    assert command.run(["list", "josoredjo", *here]) == 0
    assert "also Josoredjo; ended; now 18.72.04.1006, 18.72.04.1007" in capsys.readouterr().out
    with cities.inside(committing_city):
        places.forget()
        assert people.directory().of_settlement("18.72.04.1006").name == "Kelurahan Yosorejo Timur"
