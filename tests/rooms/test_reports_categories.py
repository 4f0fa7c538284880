"""The starter categories reach a city that lives already, and the form stays light with all of them."""

from __future__ import annotations

import gzip
import importlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.utils import translation

from guyub import founding
from guyub.rooms.casework.models import Route
from guyub.rooms.reports.models import Category

pytestmark = pytest.mark.django_db
FIRST_VISIT = 40 * 1024
HOST = {"host": "bandung.test"}


@pytest.fixture(autouse=True)
def in_indonesian():
    with translation.override("id"):
        yield


def test_a_city_that_lives_gets_what_is_new_and_keeps_what_it_changed(city, now):
    Category.objects.filter(code="makam").delete()
    Route.objects.filter(category="makam").delete()
    Category.objects.filter(code="sampah").update(name_id="Sampah kota", is_active=False, words_id="resik")
    Category.objects.filter(code="rob").update(words_id="", words_en="")
    Route.objects.filter(category="sampah").update(level="KECAMATAN", legal_basis="Perwal contoh")
    before = Category.objects.count()

    founding.seed(city, at=now)

    assert Category.objects.count() == before + 1
    assert Route.objects.get(category="makam").organisation_key == "perkim"
    kept = Category.objects.get(code="sampah")
    assert (kept.name_id, kept.is_active, kept.words_id) == ("Sampah kota", False, "resik")
    assert Route.objects.get(category="sampah").legal_basis == "Perwal contoh"
    assert "air laut" in Category.objects.get(code="rob").words_id


def test_the_first_categories_move_to_the_wider_groups_unless_a_city_has_moved_them(city):
    Category.objects.filter(code="sekolah").update(
        group="sosial", group_id="Pendidikan, kesehatan dan sosial"
    )
    Category.objects.filter(code="puskesmas").update(group="warga", group_id="Warga sehat")
    migration = importlib.import_module("guyub.rooms.reports.migrations.0003_category_words")
    migration.regroup(apps, SimpleNamespace(connection=connection))
    groups = dict(Category.objects.values_list("code", "group_id"))
    assert (groups["sekolah"], groups["puskesmas"]) == ("Pendidikan", "Warga sehat")


def test_every_category_is_routed_to_an_office_of_the_city(city):
    assert set(Route.objects.values_list("category", flat=True)) == set(
        Category.objects.values_list("code", flat=True)
    )


@pytest.mark.parametrize("address", ["/laporan/baru/", "/en/laporan/baru/"])
def test_the_first_visit_of_the_form_stays_light(city, client, address):
    page = client.get(address, headers=HOST)
    text = page.content.decode()
    found = re.findall(rf'(?:href|src)="{re.escape(settings.STATIC_URL)}([^"#?]+\.(?:css|js|svg))', text)
    styles = client.get("/ui/kota.css", headers=HOST).content
    found.append("ui/icons.svg")
    parts = [page.content, styles, *(Path(finders.find(name)).read_bytes() for name in sorted(set(found)))]
    assert len(found) >= 4
    assert sum(len(gzip.compress(part)) for part in parts) < FIRST_VISIT, [
        len(gzip.compress(part)) for part in parts
    ]


@pytest.mark.parametrize("address", ["/laporan/baru/", "/laporan/"])
def test_a_group_is_shown_once(city, client, address):
    """Rows of a group need not follow one another once a city has been added to."""
    Category.objects.filter(code="jalan-berlubang").update(position=900)
    groups = re.findall(r'<optgroup label="([^"]+)"', client.get(address, headers=HOST).content.decode())
    assert groups.count("Jalan dan jembatan") == 1
