"""The guides name what is there: buttons as they are called, deadlines as the rulebook has them, all roles."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation

from guyub.kernel.access.api import ROLES
from guyub.kernel.rulebook import api as rulebook
from guyub.launch import messages
from guyub.sites.portal import guides
from guyub.sites.portal.about import CLOCKS, DUTIES

LANGUAGES = ("id", "en")
WHO = list(guides.texts("id"))
FEW = {
    "warga",
    "ketua-rt",
    "lurah",
    "kasi",
    "camat",
    "koordinator",
    "penghubung",
    "kepala-opd",
    "inspektorat",
}
FEW |= {
    "kepala-daerah",
    "anggota-dprd",
    "kemitraan",
    "regu",
    "sekda",
    "pusdalops",
    "darurat",
    "peringatan",
    "tata-pemerintahan",
    "admin-kota",
    "pengendali-data",
}


@pytest.fixture(autouse=True)
def in_indonesian():
    with translation.override("id"):
        yield


def said(language, role):
    text = guides.texts(language)[role]
    pairs = [*text["does"], *text["unseen"]]
    return "\n".join([text["opens"], text["ask"], *(part for pair in pairs for part in pair)])


@cache
def labels():
    """Every text of the interface, by language."""
    found = {"id": set(), "en": set()}
    for folder in [*messages.apps(), messages.SOURCE / "sites"]:
        found["id"] |= {text for text, _ in messages.texts_of(folder)}
    for po in messages.SOURCE.rglob("locale/en/LC_MESSAGES/django.po"):
        with po.open("rb") as source:
            found["en"] |= {one.string for one in read_po(source) if one.id and isinstance(one.string, str)}
    return found


def test_every_role_has_its_guide_in_both_languages():
    assert set(WHO) == FEW
    for language in LANGUAGES:
        covered = {role for text in guides.texts(language).values() for role in text.get("roles", ())}
        assert covered == set(ROLES)
        assert list(guides.texts(language)) == WHO


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guide_calls_buttons_by_their_names(language, role):
    named = set(re.findall(r"\[\[([^\]]+)\]\]", said(language, role)))
    assert named <= labels()[language]
    assert named


@pytest.mark.parametrize("role", WHO)
def test_a_guide_is_whole_and_short(role):
    indonesian, english = (guides.texts(language)[role] for language in LANGUAGES)
    assert set(indonesian) == set(english)
    assert indonesian["clocks"] == english["clocks"]
    assert set(indonesian["clocks"]) <= {*CLOCKS, *DUTIES}
    for text in (indonesian, english):
        assert len(text["does"]) == 5
        assert 2 <= len(text["unseen"]) <= 3
    for language in LANGUAGES:
        assert len(said(language, role).split()) < 330  # one sheet of A4


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guide_types_no_deadline_itself(language, role):
    text = said(language, role)
    assert not re.search(r"\d+\s*(×|x|hari|jam|days?|hours?|working)", text)
    assert set(re.findall(r"\{([^}]*)\}", text)) <= {*CLOCKS, *DUTIES}


@pytest.mark.django_db
def test_the_pages_show_the_rule_of_today(city, now):
    client = Client(headers={"host": "bandung.localhost"})
    page = client.get("/panduan/warga/").content.decode()
    assert "Tanpa jawaban dalam 10 hari kerja" in page
    assert "<strong>Kirim laporan</strong>" in page
    assert "[[" not in page
    rulebook.publish(
        key="complaint_clocks.reporter_reply_window",
        value={"amount": 7, "unit": "working_day"},
        effective_from=now.date(),
        legal_basis="Perwal contoh",
        confidence="V",
        at=now,
    )
    assert "Tanpa jawaban dalam 7 hari kerja" in client.get("/panduan/warga/").content.decode()
    assert "72 jam" in client.get("/panduan/pengendali-data/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_guide_is_found_from_the_foot_of_a_page(city, prefix):
    client = Client(headers={"host": "bandung.localhost"})
    assert f'href="{prefix}/panduan/"' in client.get(f"{prefix}/").content.decode()
    listed = client.get(f"{prefix}/panduan/").content.decode()
    for role in WHO:
        assert f'href="{prefix}/panduan/{role}/"' in listed
        assert client.get(f"{prefix}/panduan/{role}/").status_code == 200
    assert client.get(f"{prefix}/panduan/wali-kota/").status_code == 404
